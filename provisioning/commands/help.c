#include "provisioning/help.h"
#include "provisioning/commands.h"

static bool run(const struct call *call, struct error *err)
{
    size_t taken;
    const char *const *words = call->arguments->operands;
    const struct command *command = command_find(words, call->arguments->operand_count, &taken);

    (void)err; /* it cannot fail */
    if (command != NULL)
        help_command(command, stdout);
    else
        help_list(words[0], stdout);
    return true;
}

const struct command command_help = {
    .name = "help",
    .operands = "[COMMAND]",
    .summary = "Say what there is",
    .max_operands = 2,
    .run = run,
};
