/* progress.h: one line on standard error that says how far long work is; only where that is a terminal. */
#ifndef CARREL_PROVISIONING_PROGRESS_H
#define CARREL_PROVISIONING_PROGRESS_H

#include <stddef.h>

struct progress {
    const char *what; /* "running listings" */
    size_t total;     /* 0: unknown */
    size_t done;
};

struct progress progress_start(const char *what, size_t total);
void progress_to(struct progress *progress, size_t done);
void progress_end(struct progress *progress); /* clears the line */

#endif
