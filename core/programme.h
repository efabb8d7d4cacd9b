/* programme.h: the rules of a certification programme, as a board publishes them (docs/formats/programme.md).
 *
 * A programme is a ladder of titles. A title with an exam is earned by passing the exam whose identifier is
 * the title's id; a title without one is awarded by itself to whoever holds all it needs. What a title needs
 * stands above it in the list, so that no title can need itself. A programme is a plain value: no pointers,
 * nothing to free, but large (tens of kilobytes): keep it on the heap. */
#ifndef CARREL_PROGRAMME_H
#define CARREL_PROGRAMME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/buffer.h"
#include "core/error.h"
#include "core/limits.h"

#define PROGRAMME_FORMAT 1
#define PROGRAMME_FEE_MAX 1000000
#define PROGRAMME_MINUTES_MAX (24 * 60)
#define PROGRAMME_DAYS_MAX 366
#define PROGRAMME_MONTHS_MAX 1200
#define CURRENCY_SIZE 4 /* three capitals, ISO 4217 */

struct json;

struct programme_exam {
    unsigned fee; /* whole units of the programme's currency */
    unsigned items, minutes, pass_mark;
};

struct programme_title {
    char id[IDENTIFIER_SIZE];   /* "pcpp1"; with an exam: the exam's identifier */
    char name[IDENTIFIER_SIZE]; /* "PCPP 32-1" */
    char title[NAME_SIZE];
    size_t needs[PROGRAMME_TITLES_MAX]; /* indices of titles above, each once */
    size_t need_count;
    bool has_exam;
    struct programme_exam exam;
    unsigned valid_months; /* 0: for good. A title without an exam ends with the first of those it needs. */
};

struct programme {
    char id[IDENTIFIER_SIZE], title[NAME_SIZE], currency[CURRENCY_SIZE];
    int64_t in_force_ms;        /* these rules hold from this moment on, until the next ones */
    unsigned retake_after_days; /* of 24 hours, since the last attempt at the same exam */
    struct programme_title titles[PROGRAMME_TITLES_MAX];
    size_t title_count;
};

bool currency_valid(const char *text);
/* Index of the title among the first count. */
bool programme_find(const struct programme *programme, const char *id, size_t count, size_t *index);
/* The title that passing this exam earns. */
bool programme_find_exam(const struct programme *programme, const char *exam, size_t *index);
/* Whether this title may stand behind those above it: ERROR_FORMAT with the reason. The readers of both forms
 * (YAML, JSON) ask it for one title after the other. */
bool programme_title_check(const struct programme *programme, size_t index, struct error *err);

/* As it goes to the server; NULL without memory. */
struct json *programme_json(const struct programme *programme);
/* False on anything that is not exactly of the form. */
bool programme_decode(const struct json *value, struct programme *programme, struct error *err);
/* The same from its text, at most PROGRAMME_MAX_BYTES. */
bool programme_parse(struct bytes text, struct programme *programme, struct error *err);

#endif
