/* programme check: the rules as they were understood, for the author to read. */
#include <stdlib.h>

#include "core/json.h"
#include "provisioning/commands.h"
#include "provisioning/moment.h"
#include "provisioning/programme_file.h"
#include "provisioning/report.h"
#include "provisioning/table.h"

static const char *needs_of(
    const struct programme *programme, const struct programme_title *title, struct buffer *text)
{
    buffer_clear(text);
    for (size_t i = 0; i < title->need_count; i++)
        (void)buffer_addf(text, "%s%s", i == 0 ? "" : ", ", programme->titles[title->needs[i]].name);
    return title->need_count == 0 ? "" : buffer_text(text);
}

static void add_row(
    struct table *table, const struct programme *programme, const struct programme_title *title)
{
    const struct programme_exam *exam = &title->exam;
    struct buffer needs = {.max = PROGRAMME_MAX_BYTES};
    const char *empty = "";

    table_row(table, title->name, title->has_exam ? title->id : "awarded",
        title->has_exam ? table_cell(table, "%u", exam->items) : empty,
        title->has_exam ? table_cell(table, "%u", exam->minutes) : empty,
        title->has_exam ? table_cell(table, "%u", exam->pass_mark) : empty,
        title->has_exam ? table_cell(table, "%u %s", exam->fee, programme->currency) : empty,
        title->valid_months == 0 ? empty : table_cell(table, "%u months", title->valid_months),
        needs_of(programme, title, &needs), NULL);
    buffer_release(&needs);
}

static bool print_rules(const struct programme *programme, struct error *err)
{
    struct table *table =
        table_new("title", "exam", ">items", ">minutes", ">pass mark", ">fee", "valid", "needs", NULL);
    char moment[MOMENT_TEXT_SIZE];
    bool ok;

    for (size_t i = 0; i < programme->title_count; i++)
        add_row(table, programme, &programme->titles[i]);
    ok = table_print(table, stdout, err);
    table_free(table);
    moment_format(programme->in_force_ms, NULL, moment);
    if (ok)
        (void)printf("\nIn force from %s on. An exam is repeated after %u days, with another form.\n", moment,
            programme->retake_after_days);
    return ok; /* main looks at what stdout says */
}

static bool run(const struct call *call, struct error *err)
{
    struct programme *programme = programme_file_load(call->arguments->operands[0], err);
    struct json *json = NULL;
    bool ok = programme != NULL;

    if (ok && call->as_json) {
        json = programme_json(programme);
        ok = report_json(json, err);
    } else if (ok) {
        ok = print_rules(programme, err);
    }
    json_free(json);
    free(programme);
    return ok;
}

const struct command command_programme_check = {
    .name = "programme check",
    .operands = "FILE",
    .summary = "Say everything that is wrong with a programme, or what its rules are",
    .min_operands = 1,
    .max_operands = 1,
    .has_json = true,
    .run = run,
};
