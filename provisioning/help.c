#include "provisioning/help.h"

#include <string.h>

static void print_option(const struct option *option, FILE *to)
{
    char left[60];
    const char *value = option->value == NULL ? "" : option->value;

    if (option->letter != '\0')
        (void)snprintf(left, sizeof left, "-%c, --%s %s", option->letter, option->name, value);
    else
        (void)snprintf(left, sizeof left, "    --%s %s", option->name, value);
    (void)fprintf(to, "  %-28s %s%s%s\n", left, option->help, option->is_required ? " (required)" : "",
        option->repeats ? " (may be repeated)" : "");
}

void help_command(const struct command *command, FILE *to)
{
    static const struct option json = {.name = "json", .help = "print the result as JSON, for programs"};
    static const struct option help = {.name = "help", .letter = 'h', .help = "print this"};

    (void)fprintf(to, "usage: carrel %s%s%s [options]\n\n%s.\n\n", command->name,
        command->operands[0] == '\0' ? "" : " ", command->operands, command->summary);
    for (const struct option *option = command->options; option != NULL && option->name != NULL; option++)
        print_option(option, to);
    if (command->has_json)
        print_option(&json, to);
    print_option(&help, to);
}

static bool begins_with_word(const char *name, const char *word)
{
    const size_t len = strlen(word);

    return strncmp(name, word, len) == 0 && (name[len] == ' ' || name[len] == '\0');
}

void help_list(const char *word, FILE *to)
{
    bool is_group = false;

    for (const struct command *const *command = commands; word != NULL && *command != NULL; command++)
        is_group = is_group || begins_with_word((*command)->name, word);
    (void)fputs("usage: carrel COMMAND [options]\n\n", to);
    for (const struct command *const *command = commands; *command != NULL; command++)
        if (!is_group || begins_with_word((*command)->name, word))
            (void)fprintf(to, "  %-18s %s\n", (*command)->name, (*command)->summary);
    (void)fputs("\n`carrel COMMAND --help` says what a command takes; carrel(1) says the rest.\n", to);
}
