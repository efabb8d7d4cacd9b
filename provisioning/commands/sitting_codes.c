/* sitting codes: the sheet for staff. It goes to standard output alone: nothing keeps it. */
#include "provisioning/client.h"
#include "provisioning/commands.h"
#include "provisioning/sitting.h"
#include "provisioning/table.h"

enum { SHOWN_MAX = 8 };

/* The codes of a list in one cell, in the order in which they are to be used. */
static const char *joined(const struct json *object, const char *name, struct arena *arena)
{
    struct buffer text = {.max = 1024};
    const struct json *list = NULL;
    const char *cell;

    if (!answer_list(object, name, &list, NULL))
        return "";
    for (size_t i = 0; i < json_count(list) && i < SHOWN_MAX; i++) {
        const char *code = json_text_value(json_at(list, i));
        (void)buffer_addf(&text, "%s%s", i == 0 ? "" : "  ", code == NULL ? "" : code); /* full: shown cut */
    }
    cell = arena_text(arena, buffer_text(&text), text.len);
    buffer_release(&text);
    return cell == NULL ? "" : cell;
}

static bool show(const struct call *call, const struct json *answer, struct arena *arena, struct error *err)
{
    const struct json *sessions = NULL;
    struct table *table = NULL;
    bool ok;

    (void)call;
    if (!answer_list(answer, "sessions", &sessions, err))
        return false;
    (void)printf("Start code   %s\nRoom codes   %s   (a room that lost power; in this order)\n\n",
        answer_text(answer, "start", arena), joined(answer, "room", arena));
    table = table_new("admission", "name", "resume codes, in this order", NULL);
    for (size_t i = 0; i < json_count(sessions); i++) {
        const struct json *session = json_at(sessions, i);
        table_row(table, answer_text(session, "admission", arena), answer_text(session, "name", arena),
            joined(session, "resume", arena), NULL);
    }
    ok = table_print(table, stdout, err);
    table_free(table);
    return ok;
}

static bool run(const struct call *call, struct error *err)
{
    char path[SITTING_PATH_SIZE];

    return sitting_path(call->arguments->operands[0], "/codes", path, err) &&
           client_run(call, "GET", path, NULL, show, err);
}

const struct command command_sitting_codes = {
    .name = "sitting codes",
    .operands = "SITTING",
    .summary = "Show the start, room and resume codes of a sitting that is open",
    .min_operands = 1,
    .max_operands = 1,
    .options = (const struct option[]){PROFILE_OPTIONS, {0}},
    .has_json = true,
    .run = run,
};
