/* attempt.h: the state of a session, as the fold of its records: the same on the seat after a crash, on the
 * server before scoring, and in a third party's check.
 *
 * The one rule of exam time lives here, so that seat and server can't differ: it runs while the exam is open and its
 * screen isn't covered by staff or the lock; within a boot it adds up to the millisecond; after the guard was gone it
 * goes on at the last record plus ATTEMPT_RESUME_MS; only a credit lowers it; it stands at the limit. The seat writes
 * records that fit by construction:
 *
 *     attempt_stamp(attempt, boot_ms, wall_ms, &record);      // sequence and times, by the rule
 *     attempt_check(attempt, &record, err) && …journal_append… && attempt_apply(attempt, &record, err)
 *
 * A record that can't follow is refused: ERROR_FORMAT for a gap in the sequence, exam time or a resume's gap_ms that
 * differs from the rule, a code used twice or out of order, a response to an item that is not on screen or with a
 * choice that was not shown, anything behind the end; ERROR_LIMIT for exam time past the limit, for what a candidate
 * does after it, and for more time given than one member of staff may give without a second. So a transcript that folds
 * is consistent. Only the form of what staff and survey said is checked. */
#ifndef CARREL_ATTEMPT_H
#define CARREL_ATTEMPT_H

#include "core/record.h"
#include "core/score.h"

#define ATTEMPT_RESUME_MS 1000              /* charged when the guard was gone: more can't have been seen */
#define ATTEMPT_CREDIT_MAX_MS (15 * 60000) /* in all, on the word of one member of staff */

/* How long nobody was there when a code resumes the session: since its last record. Within a boot its clock says so, to
 * the millisecond; over a restart of the machine wall clocks do, an estimate that changes no exam time. */
struct attempt_gap {
    int64_t ms;       /* 0 where it is not known */
    bool is_estimate; /* by wall clocks … */
    bool is_unknown;  /* … that ran backwards */
    int64_t charged_ms;  /* what it costs: ATTEMPT_RESUME_MS while exam time ran, at most what is left; else 0 */
    int64_t credited_ms; /* the rest of it, while exam time ran */
    bool needs_second;   /* more than one member of staff can give, or nobody knows how much */
};

struct attempt_item {
    const char *item, *version;
    const char *const *choices; /* as shown */
    size_t choice_count;
    const char *response;       /* the response variable; NULL before the first response */
    const char *const *values;  /* the response now */
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
    bool has_phase; /* false: no phase was entered yet, phase says agreement */
    enum phase phase;
    int64_t phase_boot_ms; /* CLOCK_BOOTTIME of its record: the agreement has a clock of its own */
    size_t position;     /* item on screen; item_count: the review; 0 before the first visit */
    enum cover_reason cover;
    int64_t exam_ms;     /* of the last record */
    int64_t credit_ms;   /* given back so far: the limit is max_time_ms; credit lowers exam_ms */
    int64_t last_boot_ms, last_wall_ms, first_wall_ms;
    char boot_id[BOOT_ID_SIZE];
    unsigned runs, codes_used[CODE_KINDS]; /* bit n−1: number n was used */
    unsigned gaps;       /* how often the session was resumed by a code */
    int64_t gap_ms;      /* their length in all */
    int64_t given_ms;    /* by staff, in all: credit_ms and what was credited of gaps */
    bool has_ended;
    enum end_reason end;
};

struct attempt *attempt_new(struct error *err);
void attempt_free(struct attempt *attempt); /* NULL is fine; wipes */

/* Whether exam time runs, and how much is used at boot_ms of this boot. At most max_time_ms. */
bool attempt_is_running(const struct attempt *attempt);
int64_t attempt_exam_ms(const struct attempt *attempt, int64_t boot_ms);
struct attempt_gap attempt_gap(
    const struct attempt *attempt, const char *boot_id, int64_t boot_ms, int64_t wall_ms);
/* Gives the record, whose kind and content are set, the sequence and the times it has when it is written now; a resume
 * its gap too. */
void attempt_stamp(const struct attempt *attempt, int64_t boot_ms, int64_t wall_ms, struct record *record);
/* Whether it may come next. The seat asks before it writes: what is in the journal must fold. */
bool attempt_check(const struct attempt *attempt, const struct record *record, struct error *err);
/* Checks, then folds it in: all of it or, on failure, nothing. The record's text may go afterwards. */
bool attempt_apply(struct attempt *attempt, const struct record *record, struct error *err);

/* The whole transcript: one JSON object a line, each ended by a newline. On failure the text begins with the number of
 * the record that doesn't follow and says why: good enough to hold the result with. */
struct attempt *attempt_replay(struct bytes transcript, struct error *err);
/* Only its first line: which session, epoch, ticket and package it is, also of a transcript that doesn't fold. Text
 * lives in the arena. */
bool transcript_start(struct bytes transcript, struct arena *arena, struct record *start, struct error *err);

size_t attempt_answered(const struct attempt *attempt);
/* What score_compute takes. responses has room for item_count. */
void attempt_responses(const struct attempt *attempt, struct item_response *responses);

#endif
