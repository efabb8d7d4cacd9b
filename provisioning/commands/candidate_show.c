#include "provisioning/candidate.h"
#include "provisioning/commands.h"

static bool run(const struct call *call, struct error *err)
{
    char path[CANDIDATE_PATH_SIZE];

    return candidate_path(call->arguments->operands[0], path, err) &&
           client_run(call, "GET", path, NULL, candidate_print, err);
}

const struct command command_candidate_show = {
    .name = "candidate show",
    .operands = "ID",
    .summary = "Show a person's attempts and titles, and what the next steps need",
    .min_operands = 1,
    .max_operands = 1,
    .options = (const struct option[]){PROFILE_OPTIONS, {0}},
    .has_json = true,
    .run = run,
};
