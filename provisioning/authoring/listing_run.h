/* listing_run.h: what a Python listing prints, for `verify: run`.
 *
 * It runs what an author wrote, with the author's rights: python3 -I in a fresh folder, without input, with a
 * short environment, bounded in time (10 s), memory, file size and output (64 KiB), in a process group of its
 * own that is ended as a whole. That is care for mistakes, not a wall against malice: check banks of people
 * you trust. */
#ifndef CARREL_PROVISIONING_AUTHORING_LISTING_RUN_H
#define CARREL_PROVISIONING_AUTHORING_LISTING_RUN_H

#include "core/buffer.h"
#include "core/error.h"

enum {
    LISTING_RUN_MS = 10000,
    LISTING_RUN_OUTPUT_MAX = 64 * 1024,
    LISTING_RUN_AT_ONCE = 2,
};

enum listing_end { LISTING_EXITED, LISTING_TOO_LONG, LISTING_TOO_MUCH, LISTING_KILLED };

struct listing_run {
    char *program;             /* the listing */
    struct buffer out, errors; /* what it printed, never without a NUL behind it */
    enum listing_end end;
    int exit_code; /* LISTING_EXITED */
};

/* Runs them all, a few at once, each for limit_ms at most. done is called after each, with how many are done;
 * returning false ends them all (ERROR_BUSY). The buffers are the caller's to release. */
bool listing_run_all(struct listing_run *runs, size_t count, int64_t limit_ms,
    bool (*done)(void *context, size_t done), void *context, struct error *err);

#endif
