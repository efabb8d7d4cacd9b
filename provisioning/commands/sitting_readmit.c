#include "core/field.h"
#include "provisioning/client.h"
#include "provisioning/commands.h"

static bool show(const struct call *call, const struct json *answer, struct arena *arena, struct error *err)
{
    (void)err; /* main looks at standard output */
    (void)printf("%s (%s) is admitted again as %s: another form, without what was shown before\n",
        answer_text(answer, "name", arena), call->arguments->operands[0],
        answer_text(answer, "admission", arena));
    return true;
}

static bool run(const struct call *call, struct error *err)
{
    const char *number = call->arguments->operands[0];
    char path[NUMBER_SIZE + 32];
    struct json *body;

    if (!field_is_number(number) || strlen(number) >= NUMBER_SIZE)
        return error_set(err, ERROR_USAGE, "“%s” is not an admission number", number);
    (void)snprintf(path, sizeof path, "/v1/admissions/%s/readmit", number);
    body = json_new_object();
    json_set(body, "reason", json_text(arguments_value(call->arguments, "reason")));
    return client_run(call, "POST", path, body, show, err);
}

const struct command command_sitting_readmit = {
    .name = "sitting readmit",
    .operands = "ADMISSION",
    .summary = "Give a candidate a new session with another form",
    .min_operands = 1,
    .max_operands = 1,
    .options = (const struct option[]){PROFILE_OPTIONS,
        {.name = "reason", .value = "TEXT", .is_required = true, .help = "Why; it is kept"}, {0}},
    .has_json = true,
    .run = run,
};
