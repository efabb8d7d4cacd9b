/* judge.h: what a result is worth, and what it changes. Pure: no clock, no store, no crypto.
 *
 * Receiving never asks here whether to keep a result; it is kept. Judging says scored, or held with the
 * reason for a person. A held result is never scored by a program. */
#ifndef CARREL_SERVER_JUDGE_H
#define CARREL_SERVER_JUDGE_H

#include "core/attempt.h"
#include "server/store/store.h"

/* What is known about one thing handed in. */
struct evidence {
    const struct session_row *session; /* as the store has it */
    const struct exam_row *exam;
    unsigned epoch;
    bool is_journal;
    const struct attempt *attempt; /* NULL: its records don't follow each other; why is unreadable */
    const char *unreadable;
    const char *certificate_fault; /* of the seat that signed: why it does not count now. NULL: it does */
    const struct scoring_key *key; /* NULL: key_fault says why, or this machine does not score */
    const char *key_fault;
};

struct judgement {
    enum standing standing;   /* received, scored, held */
    char reason[REASON_SIZE]; /* held */
    struct score score;       /* scored */
};

void judge(const struct evidence *evidence, struct judgement *judgement);

/* What arrived, judged by itself. */
struct arrival {
    unsigned epoch;
    bool is_journal;
    struct digest transcript;
    char receipt_code[RECEIPT_CODE_SIZE];
    int64_t taken_ms; /* when its exam was over */
    const struct judgement *judgement;
};

/* What that makes of the session and of the arrival. */
struct decision {
    struct session_row session; /* as it becomes */
    enum standing standing;     /* the arrival's own */
    char reason[REASON_SIZE];
    bool holds_others; /* the earlier results of this epoch become held too, for the session's reason */
};

void decide(const struct session_row *before, const struct arrival *arrival, struct decision *decision);

#endif
