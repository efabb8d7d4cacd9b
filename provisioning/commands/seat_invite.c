#include "core/identifier.h"
#include "provisioning/client.h"
#include "provisioning/commands.h"

static bool show(const struct call *call, const struct json *answer, struct arena *arena, struct error *err)
{
    const char *code = answer_text(answer, "code", arena);

    (void)call;
    (void)err; /* main looks at standard output */
    (void)printf("code     %s\nseat     %s\nexpires  %s\n\nOn that seat:\n"
                 "    carrel seat enrol --server https://HOST:8444 --code %s --seat DIR\n",
        code, answer_text(answer, "seat", arena), answer_time(answer, "expires", NULL, arena), code);
    return true;
}

static bool run(const struct call *call, struct error *err)
{
    const char *name = call->arguments->operands[0];
    struct json *body;

    if (!identifier_valid(name))
        return error_set(err, ERROR_USAGE, "“%s” is not a seat's name: a-z, 0-9 and - _ . only", name);
    body = json_new_object();
    json_set(body, "seat", json_text(name));
    return client_run(call, "POST", "/v1/seats/invite", body, show, err);
}

const struct command command_seat_invite = {
    .name = "seat invite",
    .operands = "NAME",
    .summary = "Make a one-time code with which a seat enrols itself",
    .min_operands = 1,
    .max_operands = 1,
    .options = (const struct option[]){PROFILE_OPTIONS, {0}},
    .has_json = true,
    .run = run,
};
