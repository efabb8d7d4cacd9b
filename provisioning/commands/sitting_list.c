/* sitting list: the sittings of the center, or one with its candidates. */
#include <string.h>

#include "provisioning/client.h"
#include "provisioning/commands.h"
#include "provisioning/sitting.h"
#include "provisioning/table.h"

static bool show_all(
    const struct call *call, const struct json *answer, struct arena *arena, struct error *err)
{
    const struct json *sittings = NULL;
    struct table *table = NULL;
    bool ok;

    (void)call;
    if (!answer_list(answer, "sittings", &sittings, err))
        return false;
    table = table_new("sitting", "title", "exam", "opens", "closes", "zone", ">candidates", NULL);
    for (size_t i = 0; i < json_count(sittings); i++) {
        const struct json *sitting = json_at(sittings, i);
        const char *zone = answer_text(sitting, "time_zone", arena);
        table_row(table, answer_text(sitting, "id", arena), answer_text(sitting, "title", arena),
            answer_text(sitting, "exam_title", arena), answer_time(sitting, "opens", zone, arena),
            answer_time(sitting, "closes", zone, arena), zone, answer_text(sitting, "sessions", arena), NULL);
    }
    ok = table_print(table, stdout, err);
    table_free(table);
    return ok;
}

static bool show_one(
    const struct call *call, const struct json *answer, struct arena *arena, struct error *err)
{
    const struct json *admissions = NULL;
    const char *zone = answer_text(answer, "time_zone", arena);
    struct table *table = NULL;
    bool ok;

    (void)call;
    if (!answer_list(answer, "admissions", &admissions, err))
        return false;
    (void)printf("%s, %s to %s (%s)\n\n", answer_text(answer, "title", arena),
        answer_time(answer, "opens", zone, arena), answer_time(answer, "closes", zone, arena), zone);
    table = table_new("admission", "name", "candidate", "state", "receipt", "reason", NULL);
    for (size_t i = 0; i < json_count(admissions); i++) {
        const struct json *session = json_at(admissions, i);
        table_row(table, answer_text(session, "admission", arena), answer_text(session, "name", arena),
            answer_text(session, "candidate_id", arena), answer_text(session, "state", arena),
            answer_text(session, "receipt", arena), answer_text(session, "reason", arena), NULL);
    }
    ok = table_print(table, stdout, err);
    table_free(table);
    return ok;
}

static bool run(const struct call *call, struct error *err)
{
    char path[SITTING_PATH_SIZE];

    if (call->arguments->operand_count == 0)
        return client_run(call, "GET", "/v1/sittings", NULL, show_all, err);
    return sitting_path(call->arguments->operands[0], "", path, err) &&
           client_run(call, "GET", path, NULL, show_one, err);
}

const struct command command_sitting_list = {
    .name = "sitting list",
    .operands = "[SITTING]",
    .summary = "List the sittings of the center, or one with its candidates",
    .max_operands = 1,
    .options = (const struct option[]){PROFILE_OPTIONS, {0}},
    .has_json = true,
    .run = run,
};
