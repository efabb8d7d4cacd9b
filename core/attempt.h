/* attempt.h: the state of a session, as the fold of its records: the same on the seat after a crash, on the
 * server before scoring, and in a third party's check.
 *
 * attempt_apply refuses (ERROR_FORMAT) a record that can't follow: a gap in the sequence, exam time that runs
 * backwards or past the limit, a response to an item that is not in the form or with a choice that was not shown,
 * anything behind the end. So a transcript that folds is consistent. */
#ifndef CARREL_ATTEMPT_H
#define CARREL_ATTEMPT_H

#include "core/record.h"
#include "core/score.h"

struct attempt_item {
    const char *item, *version;
    const char *const *choices; /* as shown */
    size_t choice_count;
    const char *const *values; /* the response now */
    size_t value_count;
    bool is_flagged, was_visited;
    int64_t exam_ms; /* exam time spent with it on screen */
};

struct attempt {
    struct arena arena;
    uint64_t records; /* applied so far: the next sequence */
    char session[SESSION_ID_SIZE], admission[NUMBER_SIZE], candidate_id[IDENTIFIER_SIZE];
    char center[IDENTIFIER_SIZE], seat[IDENTIFIER_SIZE], software[VERSION_SIZE], package_id[SESSION_ID_SIZE];
    unsigned epoch;
    struct digest ticket, package;
    enum lock_kind lock;
    enum exam_content content;
    int64_t max_time_ms;
    struct attempt_item *items;
    size_t item_count;
    enum phase phase;
    int64_t phase_boot_ms; /* CLOCK_BOOTTIME of its record: the agreement has a clock of its own */
    size_t position;     /* item on screen; item_count: the review */
    int64_t exam_ms;     /* of the last record */
    int64_t credit_ms;   /* given back so far: the limit is max_time_ms; credit lowers exam_ms */
    int64_t last_boot_ms, last_wall_ms, first_wall_ms;
    char boot_id[BOOT_ID_SIZE];
    unsigned runs, codes_used[CODE_KINDS]; /* bit n−1: number n was used */
    bool has_ended;
    enum end_reason end;
};

struct attempt *attempt_new(struct error *err);
bool attempt_apply(struct attempt *attempt, const struct record *record, struct error *err);
/* The whole transcript: one JSON object a line, each ended by a newline. */
struct attempt *attempt_replay(struct bytes transcript, struct error *err);
void attempt_free(struct attempt *attempt); /* NULL is fine; wipes */

size_t attempt_answered(const struct attempt *attempt);
/* What score_compute takes. responses has room for item_count. */
void attempt_responses(const struct attempt *attempt, struct item_response *responses);

#endif
