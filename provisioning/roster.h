/* roster.h: who sits an exam: a CSV file with a header line, or a JSON array of objects (the file's name ends
 * in .json).
 *
 * Columns or members, in any order: name and candidate_id (needed); admission (else the server makes one),
 * time_factor (1.25, or 1250 per mille), theme (light, dark, contrast), zoom (150 or 150%). Others are a
 * mistake: a column that is misspelt must not be dropped in silence. */
#ifndef CARREL_PROVISIONING_ROSTER_H
#define CARREL_PROVISIONING_ROSTER_H

#include "core/buffer.h"
#include "core/error.h"
#include "core/limits.h"

#define ROSTER_MAX 20000u
#define ROSTER_MAX_BYTES (16u << 20)

struct roster_entry {
    size_t place; /* its line; in JSON its number from 1 */
    char name[NAME_SIZE];
    char candidate_id[IDENTIFIER_SIZE];
    char admission[NUMBER_SIZE]; /* "" where not given */
    unsigned time_factor;        /* per mille; 0 where not given */
    char theme[IDENTIFIER_SIZE]; /* "" where not given */
    unsigned zoom;               /* percent; 0 where not given */
};

struct roster {
    struct roster_entry *entries;
    size_t count;
};

/* Every mistake goes to mistakes as a line "path:place: reason" (give it its max); then false, with their
 * number in err. */
bool roster_parse(
    struct roster *roster, const char *path, struct bytes text, struct buffer *mistakes, struct error *err);
/* The same from a file. */
bool roster_load(struct roster *roster, const char *path, struct buffer *mistakes, struct error *err);
void roster_release(struct roster *roster);

#endif
