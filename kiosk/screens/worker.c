#include "kiosk/screens/worker.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct worker {
    pthread_t thread;
    int done; /* eventfd */
    bool is_running;
    void (*job)(void *);
    void *context;
};

struct worker *worker_new(struct error *err)
{
    struct worker *worker = calloc(1, sizeof *worker);

    if (worker != NULL)
        worker->done = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (worker == NULL || worker->done < 0) {
        free(worker);
        error_set_errno(err, "cannot make a worker");
        return NULL;
    }
    return worker;
}

void worker_free(struct worker *worker)
{
    if (worker == NULL)
        return;
    if (worker->is_running)
        (void)pthread_join(worker->thread, NULL); /* fails only for a thread that isn't ours */
    (void)close(worker->done);                    /* an eventfd keeps nothing */
    free(worker);
}

int worker_descriptor(const struct worker *worker)
{
    return worker->done;
}

static void *run(void *context)
{
    struct worker *worker = context;
    const uint64_t one = 1;

    worker->job(worker->context);
    while (write(worker->done, &one, sizeof one) < 0 && errno == EINTR)
        continue;
    return NULL;
}

bool worker_start(struct worker *worker, void (*job)(void *context), void *context)
{
    if (worker->is_running)
        return false;
    worker->job = job;
    worker->context = context;
    worker->is_running = pthread_create(&worker->thread, NULL, run, worker) == 0;
    return worker->is_running;
}

bool worker_done(struct worker *worker)
{
    uint64_t count;

    if (!worker->is_running || read(worker->done, &count, sizeof count) != (ssize_t)sizeof count)
        return false;
    (void)pthread_join(worker->thread, NULL);
    worker->is_running = false;
    return true;
}
