#include "provisioning/arguments.h"

#include <string.h>

#include "core/encoding.h"

/* Where the parser stands. */
struct cursor {
    const char *const *words;
    size_t next, count;
};

static const struct option *option_named(const struct option *options, const char *name, size_t len)
{
    for (const struct option *option = options; option->name != NULL; option++)
        if (strlen(option->name) == len && memcmp(option->name, name, len) == 0)
            return option;
    return NULL;
}

static const struct option *option_lettered(const struct option *options, char letter)
{
    for (const struct option *option = options; option->name != NULL; option++)
        if (option->letter != '\0' && option->letter == letter)
            return option;
    return NULL;
}

/* attached is the value that came with the option, or NULL where the next word is it. */
static bool option_take(struct arguments *arguments, const struct option *option, const char *attached,
    struct cursor *cursor, struct error *err)
{
    const char *value = attached;

    if (option->value == NULL && attached != NULL)
        return error_set(err, ERROR_USAGE, "--%s takes no value", option->name);
    if (option->value != NULL && value == NULL) {
        if (cursor->next == cursor->count)
            return error_set(err, ERROR_USAGE, "--%s needs a value: %s", option->name, option->value);
        value = cursor->words[cursor->next++];
    }
    if (!option->repeats && arguments_has(arguments, option->name))
        return error_set(err, ERROR_USAGE, "--%s was given twice", option->name);
    if (arguments->given_count == ARGUMENTS_MAX)
        return error_set(err, ERROR_USAGE, "more than %d options", ARGUMENTS_MAX);
    arguments->given[arguments->given_count].option = option;
    arguments->given[arguments->given_count++].value = value == NULL ? "" : value;
    return true;
}

static bool take_long(struct arguments *arguments, const struct option *options, const char *word,
    struct cursor *cursor, struct error *err)
{
    const char *name = word + 2;
    const size_t len = strcspn(name, "=");
    const struct option *option = option_named(options, name, len);

    if (option == NULL)
        return error_set(err, ERROR_USAGE, "there is no option --%.*s", (int)len, name);
    return option_take(arguments, option, name[len] == '=' ? name + len + 1 : NULL, cursor, err);
}

static bool take_short(struct arguments *arguments, const struct option *options, const char *word,
    struct cursor *cursor, struct error *err)
{
    const struct option *option = option_lettered(options, word[1]);

    if (option == NULL)
        return error_set(err, ERROR_USAGE, "there is no option -%c", word[1]);
    return option_take(arguments, option, word[2] != '\0' ? word + 2 : NULL, cursor, err);
}

static bool take_operand(struct arguments *arguments, const char *word, struct error *err)
{
    if (arguments->operand_count == ARGUMENTS_MAX)
        return error_set(err, ERROR_USAGE, "more than %d operands", ARGUMENTS_MAX);
    arguments->operands[arguments->operand_count++] = word;
    return true;
}

static bool required_are_there(
    const struct arguments *arguments, const struct option *options, struct error *err)
{
    for (const struct option *option = options; option->name != NULL; option++)
        if (option->is_required && !arguments_has(arguments, option->name))
            return error_set(err, ERROR_USAGE, "--%s %s is missing", option->name, option->value);
    return true;
}

bool arguments_parse(struct arguments *arguments, const struct option *options, const char *const *words,
    size_t count, struct error *err)
{
    struct cursor cursor = {.words = words, .count = count};
    bool options_ended = false;

    *arguments = (struct arguments){0};
    while (cursor.next < cursor.count) {
        const char *word = words[cursor.next++];
        bool taken;
        if (options_ended || word[0] != '-' || word[1] == '\0')
            taken = take_operand(arguments, word, err);
        else if (strcmp(word, "--") == 0)
            taken = options_ended = true;
        else if (word[1] == '-')
            taken = take_long(arguments, options, word, &cursor, err);
        else
            taken = take_short(arguments, options, word, &cursor, err);
        if (!taken)
            return false;
    }
    return required_are_there(arguments, options, err);
}

const char *arguments_at(const struct arguments *arguments, const char *name, size_t index)
{
    for (size_t i = 0; i < arguments->given_count; i++)
        if (strcmp(arguments->given[i].option->name, name) == 0 && index-- == 0)
            return arguments->given[i].value;
    return NULL;
}

bool arguments_has(const struct arguments *arguments, const char *name)
{
    return arguments_at(arguments, name, 0) != NULL;
}

const char *arguments_value(const struct arguments *arguments, const char *name)
{
    return arguments_at(arguments, name, 0);
}

size_t arguments_count(const struct arguments *arguments, const char *name)
{
    size_t count = 0;

    while (arguments_at(arguments, name, count) != NULL)
        count++;
    return count;
}

bool arguments_number(const struct arguments *arguments, const char *name, long min, long max, long fallback,
    long *number, struct error *err)
{
    const char *value = arguments_value(arguments, name);
    int64_t parsed = fallback;

    if (value != NULL && !number_parse(value, min, max, &parsed))
        return error_set(
            err, ERROR_USAGE, "--%s %s: it takes a whole number from %ld to %ld", name, value, min, max);
    *number = (long)parsed;
    return true;
}
