#include "provisioning/board_folder.h"
#include "provisioning/commands.h"

static const struct option options[] = {
    {.name = "board", .value = "DIR", .is_required = true, .help = "the board's folder, with root.key"},
    {.name = "title", .value = "TEXT", .help = "what people call the center"},
    {0},
};

static bool run(const struct call *call, struct error *err)
{
    const char *center = call->arguments->operands[0];
    const char *title = arguments_value(call->arguments, "title");

    return board_folder_add_center(arguments_value(call->arguments, "board"), center,
        title == NULL ? center : title, clock_wall_ms(call->clock), err);
}

const struct command command_center_add = {
    .name = "center add",
    .operands = "NAME",
    .summary = "Make a center with its certificate authority",
    .min_operands = 1,
    .max_operands = 1,
    .options = options,
    .run = run,
};
