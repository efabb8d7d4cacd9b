#include <stdlib.h>

#include "provisioning/client.h"
#include "provisioning/commands.h"
#include "provisioning/programme_file.h"

static bool show(const struct call *call, const struct json *answer, struct arena *arena, struct error *err)
{
    (void)call;
    (void)err; /* main looks at standard output */
    (void)printf("%s is published: in force from %s on\n", answer_text(answer, "title", arena),
        answer_time(answer, "in_force", NULL, arena));
    return true;
}

static bool run(const struct call *call, struct error *err)
{
    struct programme *programme = programme_file_load(call->arguments->operands[0], err);
    const bool ok =
        programme != NULL && client_run(call, "POST", "/v1/programmes", programme_json(programme), show, err);

    free(programme);
    return ok;
}

const struct command command_programme_publish = {
    .name = "programme publish",
    .operands = "FILE",
    .summary = "Give the rules of a programme to the server",
    .min_operands = 1,
    .max_operands = 1,
    .options = (const struct option[]){PROFILE_OPTIONS, {0}},
    .has_json = true,
    .run = run,
};
