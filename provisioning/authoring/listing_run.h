/* listing_run.h: what a Python listing prints, for `verify: run`.
 *
 * It runs what an author wrote, with the author's rights: python3 -I (-sP where it needs a database, whose
 * file in PYTHONPATH must be read) in a fresh folder, without input, with a short environment, bounded in
 * processor time (10 s), elapsed time (60 s, so that a busy machine does not fail a good listing), memory,
 * file size and output (64 KiB), in a process group of its own that is ended as a whole. That is care for
 * mistakes, not a wall against malice: check banks of people you trust.
 *
 * What listings need beyond Python is there before the time of any begins. */
#ifndef CARREL_PROVISIONING_AUTHORING_LISTING_RUN_H
#define CARREL_PROVISIONING_AUTHORING_LISTING_RUN_H

#include "core/buffer.h"
#include "core/error.h"
#include "provisioning/authoring/stage.h"

enum {
    LISTING_RUN_S = 10,
    LISTING_RUN_ELAPSED = 6, /* times as much may pass on the clock */
    LISTING_RUN_OUTPUT_MAX = 64 * 1024,
    LISTING_RUN_AT_ONCE = 2,
};

enum listing_end { LISTING_EXITED, LISTING_TOO_LONG, LISTING_TOO_MUCH, LISTING_KILLED };

struct listing_run {
    char *program;             /* the listing */
    unsigned needs;            /* a set of enum need */
    bool has_begun;            /* set by listing_run_all */
    struct buffer out, errors; /* what it printed, never without a NUL behind it */
    enum listing_end end;
    int exit_code; /* LISTING_EXITED */
};

/* Told again and again how many have ended; false ends the others (ERROR_BUSY). */
struct listing_watch {
    bool (*tell)(void *context, size_t ended);
    void *context;
};

/* Runs them all on an open stage, a few at once, those with the same words among their needs one after
 * another, each for limit_s at most. The buffers are the caller's to release. */
bool listing_run_all(struct stage *stage, struct listing_run *runs, size_t count, unsigned limit_s,
    const struct listing_watch *watch, struct error *err);

#endif
