#include <string.h>

#include "core/file.h"
#include "core/outfile.h"
#include "core/package.h"
#include "provisioning/commands.h"
#include "provisioning/exam_folder.h"
#include "provisioning/report.h"

static const struct option options[] = {
    {.name = "output",
        .letter = 'o',
        .value = "FILE",
        .is_required = true,
        .help = "NAME.exam, with NAME.open and NAME.key beside it; or NAME.practice"},
    {.name = "board", .value = "DIR", .help = "the board's folder: its exam signer signs"},
    {.name = "practice", .help = "one file with keys and rationales, for everyone; the bank must be public"},
    {0},
};

/* --- where to ------------------------------------------------------------------------------------------- */

/* path without the ending, which it must have. */
static bool stem_of(const char *path, const char *ending, char stem[FILE_PATH_SIZE], struct error *err)
{
    const size_t len = strlen(path), ending_len = strlen(ending);

    if (len <= ending_len || strcmp(path + len - ending_len, ending) != 0 ||
        path[len - ending_len - 1] == '/')
        return error_set(err, ERROR_USAGE, "--output should end in %s: %s", ending, path);
    if (len >= FILE_PATH_SIZE)
        return error_set(err, ERROR_LIMIT, "the path %.60s… is too long", path);
    (void)snprintf(stem, FILE_PATH_SIZE, "%.*s", (int)(len - ending_len), path);
    return true;
}

/* A file that is written and synced with the others before any of them is put in place. */
static struct outfile *write_beside(
    const char *stem, const char *ending, mode_t mode, struct bytes content, struct error *err)
{
    char path[FILE_PATH_SIZE];
    struct outfile *file = NULL;

    if (snprintf(path, sizeof path, "%s%s", stem, ending) >= (int)sizeof path)
        error_set(err, ERROR_LIMIT, "the path %.60s… is too long", stem);
    else if ((file = outfile_create(path, mode, err)) != NULL &&
             outfile_write(file, content.data, content.len, err))
        return file;
    outfile_free(file);
    return NULL;
}

/* The package comes last: whoever sees it finds the other two. */
static bool save_files(const char *stem, const struct package_files *files, struct error *err)
{
    struct outfile *key = write_beside(stem, ".key", 0600, buffer_bytes(&files->key), err);
    struct outfile *open =
        key == NULL ? NULL : write_beside(stem, ".open", 0600, buffer_bytes(&files->open), err);
    struct outfile *exam =
        open == NULL ? NULL : write_beside(stem, ".exam", 0644, buffer_bytes(&files->exam), err);
    const bool ok =
        exam != NULL && outfile_commit(key, err) && outfile_commit(open, err) && outfile_commit(exam, err);

    outfile_free(exam);
    outfile_free(open);
    outfile_free(key);
    return ok;
}

/* --- telling -------------------------------------------------------------------------------------------- */

static bool tell(const struct call *call, const struct exam *exam, const char *package_id, struct bytes file,
    const char *path, struct error *err)
{
    struct json *object;
    char digest_hex[DIGEST_TEXT_SIZE];
    struct digest digest;
    bool ok;

    digest_of(file, &digest);
    digest_text(&digest, digest_hex);
    if (!call->as_json)
        return printf("%s: %s %s, %zu items, %zu in a form, %zu bytes\n", path, exam->identifier,
                   exam->version, exam->item_count, exam_form_length(exam), file.len) > 0 ||
               error_set(err, ERROR_IO, "cannot write the result");
    object = json_new_object();
    json_set(object, "file", json_text(path));
    json_set(object, "exam", json_text(exam->identifier));
    json_set(object, "version", json_text(exam->version));
    if (package_id != NULL)
        json_set(object, "package", json_text(package_id));
    json_set(object, "digest", json_text(digest_hex));
    json_set(object, "bytes", json_int((int64_t)file.len));
    json_set(object, "items", json_int((int64_t)exam->item_count));
    json_set(object, "form_items", json_int((int64_t)exam_form_length(exam)));
    ok = report_json(object, err);
    json_free(object);
    return ok;
}

/* --- the two ways --------------------------------------------------------------------------------------- */

static bool build_practice(
    const struct call *call, const struct bank *bank, const char *stem, struct error *err)
{
    const char *path = arguments_value(call->arguments, "output");
    struct buffer file = {.max = PACKAGE_MAX_BYTES};
    struct exam *exam = NULL;
    struct scoring_key *key = NULL;
    bool ok = false;

    (void)stem; /* one file, named as it was given */
    if (!bank->is_public)
        return error_set(
            err, ERROR_REFUSED, "%s is not public: a practice package would give its keys away", bank->dir);
    if (bank_build(bank, true, &exam, &key, err))
        ok = package_build_practice(exam, key, &file, err) &&
             outfile_save(path, 0644, buffer_bytes(&file), err) &&
             tell(call, exam, NULL, buffer_bytes(&file), path, err);
    scoring_key_free(key);
    exam_free(exam);
    buffer_release(&file);
    return ok;
}

struct signing {
    struct identity *signer;
    struct certificate *ticket, *scoring;
};

/* A certificate of the board, trusted for its role now: a package sealed to another would be lost. */
static struct certificate *load_certificate(
    const char *board, const char *name, enum role role, int64_t now_ms, struct error *err)
{
    char path[FILE_PATH_SIZE];
    struct certificate *certificate = NULL;
    struct trust *trust = NULL;
    bool ok = path_join(path, board, "root.pem", err) && (trust = trust_load(path, err)) != NULL &&
              path_join(path, board, name, err) && (certificate = certificate_load(path, err)) != NULL &&
              (trust_check(trust, certificate, NULL, 0, role, now_ms, err) || error_prefix(err, "%s", path));

    trust_free(trust);
    if (ok)
        return certificate;
    certificate_free(certificate);
    return NULL;
}

static bool load_signing(struct signing *signing, const char *board, int64_t now_ms, struct error *err)
{
    struct certificate *signer = load_certificate(board, "exam-signer.pem", ROLE_EXAM_SIGNER, now_ms, err);
    const bool ok = signer != NULL;

    certificate_free(signer);
    return ok && (signing->signer = identity_load(board, "exam-signer", err)) != NULL &&
           (signing->ticket = load_certificate(board, "ticket.pem", ROLE_TICKET, now_ms, err)) != NULL &&
           (signing->scoring = load_certificate(board, "scoring.pem", ROLE_SCORING, now_ms, err)) != NULL;
}

static bool build_package(
    const struct call *call, const struct bank *bank, const char *stem, struct error *err)
{
    const char *path = arguments_value(call->arguments, "output");
    const int64_t now_ms = clock_wall_ms(call->clock);
    struct package_files files = {.exam = {.max = PACKAGE_MAX_BYTES},
        .open = {.max = EXAM_KEY_MAX_BYTES},
        .key = {.max = SCORING_KEY_MAX_BYTES}};
    struct signing signing = {NULL, NULL, NULL};
    struct exam *exam = NULL;
    struct scoring_key *key = NULL;
    bool ok = false;

    if (load_signing(&signing, arguments_value(call->arguments, "board"), now_ms, err) &&
        bank_build(bank, false, &exam, &key, err))
        ok = package_build(exam, key, signing.signer, signing.ticket, signing.scoring, now_ms, &files, err) &&
             save_files(stem, &files, err) &&
             tell(call, exam, files.id, buffer_bytes(&files.exam), path, err);
    scoring_key_free(key);
    exam_free(exam);
    certificate_free(signing.scoring);
    certificate_free(signing.ticket);
    identity_free(signing.signer);
    buffer_release(&files.key);
    buffer_release(&files.open);
    buffer_release(&files.exam);
    return ok;
}

/* --- the command ---------------------------------------------------------------------------------------- */

static bool run(const struct call *call, struct error *err)
{
    const bool for_practice = arguments_has(call->arguments, "practice");
    char stem[FILE_PATH_SIZE];
    struct exam_folder folder;
    bool ok;

    if (for_practice == arguments_has(call->arguments, "board"))
        return error_set(err, ERROR_USAGE, "either --board DIR or --practice");
    if (!stem_of(arguments_value(call->arguments, "output"), for_practice ? ".practice" : ".exam", stem, err))
        return false;
    ok = exam_folder_check(&folder, call->arguments->operands[0], err);
    if (ok) {
        mistakes_print(&folder.mistakes, stderr);
        ok = exam_folder_is_sound(&folder, err) &&
             (for_practice ? build_practice : build_package)(call, &folder.bank, stem, err);
    }
    exam_folder_release(&folder);
    return ok;
}

const struct command command_exam_build = {
    .name = "exam build",
    .operands = "DIR",
    .summary = "Check an exam folder and make its package, exam key and scoring key",
    .min_operands = 1,
    .max_operands = 1,
    .options = options,
    .has_json = true,
    .run = run,
};
