#include "provisioning/board_folder.h"
#include "provisioning/commands.h"

static const struct option options[] = {
    {.name = "board", .value = "DIR", .is_required = true, .help = "the board's folder"},
    {.name = "center", .value = "CENTER", .is_required = true, .help = "the center, whose ca.key signs"},
    {.name = "name", .value = "TEXT", .help = "the person's name"},
    {0},
};

static bool run(const struct call *call, struct error *err)
{
    const char *staff = call->arguments->operands[0];
    const char *name = arguments_value(call->arguments, "name");

    return board_folder_add_staff(arguments_value(call->arguments, "board"),
        arguments_value(call->arguments, "center"), staff, name == NULL ? staff : name,
        clock_wall_ms(call->clock), err);
}

const struct command command_staff_add = {
    .name = "staff add",
    .operands = "NAME",
    .summary = "Make keys and a certificate for a member of a center's staff",
    .min_operands = 1,
    .max_operands = 1,
    .options = options,
    .run = run,
};
