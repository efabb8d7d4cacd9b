/* mistakes.h: everything that is wrong with an exam folder, each as file:line: reason.
 *
 * An author wants all of them at once, so what finds a mistake notes it and goes on. */
#ifndef CARREL_PROVISIONING_AUTHORING_MISTAKES_H
#define CARREL_PROVISIONING_AUTHORING_MISTAKES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "core/arena.h"
#include "core/error.h"
#include "core/json.h"

struct mistake {
    const char *file;
    unsigned line; /* from 1 */
    const char *reason;
};

struct mistakes {
    struct arena arena;
    struct mistake *items;
    size_t count, capacity;
    bool failed; /* memory ran out: some are missing */
};

/* Copies file and reason. Always returns false, so that a check can end with it. */
bool mistakes_add(struct mistakes *mistakes, const char *file, unsigned line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* By file, then line, then as they were found. */
void mistakes_sort(struct mistakes *mistakes);
/* One a line. */
void mistakes_print(const struct mistakes *mistakes, FILE *to);
struct json *mistakes_json(const struct mistakes *mistakes);
void mistakes_release(struct mistakes *mistakes);

#endif
