#include "provisioning/progress.h"

#include <stdio.h>
#include <unistd.h>

static void show(const struct progress *progress)
{
    if (!isatty(STDERR_FILENO))
        return;
    if (progress->total > 0)
        (void)fprintf(stderr, "\r%s: %zu of %zu\x1b[K", progress->what, progress->done, progress->total);
    else
        (void)fprintf(stderr, "\r%s: %zu\x1b[K", progress->what, progress->done);
    (void)fflush(stderr); /* for the eye only */
}

struct progress progress_start(const char *what, size_t total)
{
    const struct progress progress = {.what = what, .total = total};

    show(&progress);
    return progress;
}

void progress_to(struct progress *progress, size_t done)
{
    if (done == progress->done)
        return;
    progress->done = done;
    show(progress);
}

void progress_end(struct progress *progress)
{
    (void)progress; /* the same line is cleared whatever it said */
    if (isatty(STDERR_FILENO))
        (void)fputs("\r\x1b[K", stderr);
}
