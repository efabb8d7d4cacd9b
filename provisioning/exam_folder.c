#include "provisioning/exam_folder.h"

#include "provisioning/authoring/verify.h"
#include "provisioning/cancel.h"
#include "provisioning/progress.h"

static bool tell(void *context, size_t done, size_t total)
{
    struct progress *progress = context;

    progress->total = total;
    progress_to(progress, done);
    return cancel_signal() == 0;
}

static bool run_listings(struct exam_folder *folder, struct error *err)
{
    struct progress progress = progress_start("running listings", 0);
    const struct verify_progress told = {tell, &progress};
    const bool ok = verify_bank(&folder->bank, &told, &folder->mistakes, &folder->listings_run, err);

    progress_end(&progress);
    return ok;
}

/* What is left to go wrong once everything by itself is right: enemies that leave no form. And what only
 * forms show. */
static void try_to_build(struct exam_folder *folder)
{
    struct exam *exam = NULL;
    struct scoring_key *key = NULL;
    struct error err = {0};

    if (!bank_build(&folder->bank, false, &exam, &key, &err) ||
        !exposure_measure(exam, &folder->exposure, &err))
        mistakes_add(&folder->mistakes, folder->bank.file, folder->bank.objectives_line, "%s", err.text);
    exam_free(exam);
    scoring_key_free(key);
}

bool exam_folder_read(struct exam_folder *folder, const char *dir, struct error *err)
{
    *folder = (struct exam_folder){.listings_run = 0};
    if (!bank_load(dir, &folder->bank, &folder->mistakes, err))
        return false;
    bank_check(&folder->bank, &folder->mistakes);
    lint_guesses(&folder->bank, &folder->guesses);
    if (folder->mistakes.count == 0) {
        try_to_build(folder);
        lint_statistics(&folder->bank, &folder->mistakes);
    }
    lint_items(&folder->bank, &folder->mistakes);
    mistakes_sort(&folder->mistakes);
    return !folder->mistakes.failed || error_set(err, ERROR_NOMEM, "out of memory");
}

bool exam_folder_check(struct exam_folder *folder, const char *dir, struct error *err)
{
    if (!exam_folder_read(folder, dir, err) || !run_listings(folder, err))
        return false;
    mistakes_sort(&folder->mistakes);
    return !folder->mistakes.failed || error_set(err, ERROR_NOMEM, "out of memory");
}

void exam_folder_release(struct exam_folder *folder)
{
    mistakes_release(&folder->mistakes);
    bank_release(&folder->bank);
}

bool exam_folder_is_sound(const struct exam_folder *folder, struct error *err)
{
    return folder->mistakes.count == 0 || error_set(err, ERROR_FORMAT, "%s: %zu mistake%s", folder->bank.dir,
                                              folder->mistakes.count, folder->mistakes.count == 1 ? "" : "s");
}
