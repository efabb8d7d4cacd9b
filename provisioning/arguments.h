/* arguments.h: options and operands of one command, parsed against its table.
 *
 * --name VALUE, --name=VALUE, -n VALUE, -nVALUE; `--` ends the options; options and operands may be mixed.
 * Names are not abbreviated, so that a new option never changes the meaning of an old script. Values and
 * operands point into the words. Never a secret: argv can be read by every process of the machine. */
#ifndef CARREL_PROVISIONING_ARGUMENTS_H
#define CARREL_PROVISIONING_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/error.h"

struct option {
    const char *name;  /* without the dashes */
    char letter;       /* short form, or 0 */
    const char *value; /* what its value is called in the help; NULL for a switch */
    bool repeats;      /* may be given more than once */
    bool is_required;
    const char *help;
};

enum { ARGUMENTS_MAX = 256 };

struct arguments {
    struct {
        const struct option *option;
        const char *value; /* "" for a switch */
    } given[ARGUMENTS_MAX];
    size_t given_count;
    const char *operands[ARGUMENTS_MAX];
    size_t operand_count;
};

/* options ends with an entry whose name is NULL. ERROR_USAGE with the reason. */
bool arguments_parse(struct arguments *arguments, const struct option *options, const char *const *words,
    size_t count, struct error *err);
bool arguments_has(const struct arguments *arguments, const char *name);
/* The option's value, the first one if it repeats; NULL if it was not given. */
const char *arguments_value(const struct arguments *arguments, const char *name);
size_t arguments_count(const struct arguments *arguments, const char *name);
/* The index-th value of an option that repeats; NULL past the last. */
const char *arguments_at(const struct arguments *arguments, const char *name, size_t index);
/* A decimal whole number, or fallback where the option was not given. */
bool arguments_number(const struct arguments *arguments, const char *name, long min, long max, long fallback,
    long *number, struct error *err);

#endif
