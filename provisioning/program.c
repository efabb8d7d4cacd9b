#include "provisioning/program.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "provisioning/commands.h"
#include "provisioning/help.h"

enum { OPTIONS_MAX = 32 };

/* The command's own options and those that every command takes. */
static void options_of(const struct command *command, struct option options[OPTIONS_MAX])
{
    size_t count = 0;

    for (const struct option *option = command->options; option != NULL && option->name != NULL; option++)
        if (count < OPTIONS_MAX - 3)
            options[count++] = *option;
    if (command->has_json)
        options[count++] = (struct option){.name = "json"};
    options[count++] = (struct option){.name = "help", .letter = 'h'};
    options[count] = (struct option){0};
}

static bool wants_help(const char *const *words, size_t count)
{
    for (size_t i = 0; i < count && strcmp(words[i], "--") != 0; i++)
        if (strcmp(words[i], "--help") == 0 || strcmp(words[i], "-h") == 0)
            return true;
    return false;
}

static bool operands_fit(const struct command *command, const struct arguments *arguments, struct error *err)
{
    if (arguments->operand_count < command->min_operands)
        return error_set(err, ERROR_USAGE, "something is missing: %s", command->operands);
    if (arguments->operand_count > command->max_operands)
        return error_set(
            err, ERROR_USAGE, "one word too many: %s", arguments->operands[command->max_operands]);
    return true;
}

static int report(const struct command *command, const struct error *err)
{
    (void)fprintf(stderr, "carrel %s: %s\n", command->name, err->text);
    if (err->code == ERROR_USAGE)
        (void)fprintf(stderr, "`carrel %s --help` says what it takes\n", command->name);
    return error_exit_code(err->code);
}

static int run_command(
    const struct command *command, const char *const *words, size_t count, const struct clock *clock)
{
    struct option options[OPTIONS_MAX];
    struct arguments arguments;
    struct error err = {0};
    struct call call = {.command = command, .arguments = &arguments, .clock = clock};

    options_of(command, options);
    if (wants_help(words, count)) {
        help_command(command, stdout);
        return EX_OK;
    }
    if (!arguments_parse(&arguments, options, words, count, &err) || !operands_fit(command, &arguments, &err))
        return report(command, &err);
    call.as_json = arguments_has(&arguments, "json");
    return command->run(&call, &err) ? EX_OK : report(command, &err);
}

int program_run(const char *const *words, size_t count, const struct clock *clock)
{
    size_t taken;
    const struct command *command = command_find(words, count, &taken);

    if (command != NULL)
        return run_command(command, words + taken, count - taken, clock);
    if (count == 1 && strcmp(words[0], "--version") == 0)
        return printf("carrel %s\n", CARREL_VERSION) < 0 ? EX_IOERR : EX_OK;
    if (wants_help(words, count)) {
        help_list(count > 1 ? words[0] : NULL, stdout);
        return EX_OK;
    }
    help_list(count > 0 ? words[0] : NULL, stderr);
    return EX_USAGE;
}
