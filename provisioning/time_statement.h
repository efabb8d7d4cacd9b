/* time_statement.h: where the time of a session went, out of its transcript: begun, resumed, covered,
 * credited, ended, by whom and why. What staff confirm, and what a candidate may ask for. */
#ifndef CARREL_PROVISIONING_TIME_STATEMENT_H
#define CARREL_PROVISIONING_TIME_STATEMENT_H

#include "core/arena.h"
#include "core/buffer.h"
#include "core/error.h"

struct time_entry {
    int64_t wall_ms, exam_ms; /* exam time used at that moment */
    const char *what;         /* in the arena */
};

struct time_statement {
    struct arena arena;
    struct time_entry *entries;
    size_t count;
};

/* Reads as far as records can be read, so that a transcript that does not fold can be looked at too. */
bool time_statement_make(struct time_statement *statement, struct bytes transcript, struct error *err);
void time_statement_release(struct time_statement *statement);

/* "1:04:59" */
#define DURATION_TEXT_SIZE 24
void duration_format(int64_t ms, char text[DURATION_TEXT_SIZE]);

#endif
