#include "core/identifier.h"
#include "provisioning/client.h"
#include "provisioning/commands.h"

static bool show(const struct call *call, const struct json *answer, struct arena *arena, struct error *err)
{
    (void)answer;
    (void)arena;
    (void)err; /* main looks at standard output */
    (void)printf("%s is revoked: it gets no more tickets, and what it still hands in is held\n",
        call->arguments->operands[0]);
    return true;
}

static bool run(const struct call *call, struct error *err)
{
    const char *name = call->arguments->operands[0];
    char path[IDENTIFIER_SIZE + 32];
    struct json *body;

    if (!identifier_valid(name))
        return error_set(err, ERROR_USAGE, "“%s” is not a seat's name", name);
    (void)snprintf(path, sizeof path, "/v1/seats/%s/revoke", name);
    body = json_new_object();
    json_set(body, "reason", json_text(arguments_value(call->arguments, "reason")));
    return client_run(call, "POST", path, body, show, err);
}

const struct command command_seat_revoke = {
    .name = "seat revoke",
    .operands = "NAME",
    .summary = "Take a seat's certificates back",
    .min_operands = 1,
    .max_operands = 1,
    .options = (const struct option[]){PROFILE_OPTIONS,
        {.name = "reason", .value = "TEXT", .is_required = true, .help = "Why; it is kept"}, {0}},
    .has_json = true,
    .run = run,
};
