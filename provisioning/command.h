/* command.h: what a command of `carrel` is.
 *
 * Each command is one file in provisioning/commands/ that exports one `const struct command`;
 * provisioning/commands.c lists them all. A command says in tables what it takes, so that --help, the parser
 * and the tests that hold the man pages to the code read the same words.
 *
 * run returns false with the reason in *err; main reports it once and ends with error_exit_code. It prints
 * its result for people as a table (table.h), or with --json for programs (report.h), on standard output;
 * progress goes to standard error (progress.h). Files are written with core/outfile.h, so that there is never
 * half of one. */
#ifndef CARREL_PROVISIONING_COMMAND_H
#define CARREL_PROVISIONING_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "core/clock.h"
#include "core/error.h"
#include "provisioning/arguments.h"

struct call {
    const struct command *command;
    const struct arguments *arguments;
    const struct clock *clock;
    bool as_json; /* --json was given */
};

struct command {
    const char *name;     /* as typed, with single spaces: "exam check" */
    const char *operands; /* in the usage line: "DIR", "FILE...", "" */
    const char *summary;  /* one line, for the list of commands */
    size_t min_operands, max_operands;
    const struct option *options; /* ends with an entry whose name is NULL; may be NULL */
    bool has_json;                /* takes --json */
    bool (*run)(const struct call *call, struct error *err);
};

extern const struct command *const commands[]; /* ends with NULL */

/* The command whose name is the first of these words, and how many of them it takes. NULL if there is none.
 */
const struct command *command_find(const char *const *words, size_t count, size_t *taken);

#endif
