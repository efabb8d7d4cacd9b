#include "server/reseal.h"

#include "server/log.h"
#include "server/tickets.h"

#define BATCH 16u

struct waiter {
    loop_call *then;
    void *context;
    int64_t until_ms;
    struct waiter *next;
};

/* One center's work: a batch at a time, so that other slow work comes in between. */
struct reseal {
    struct job job;
    struct server *server;
    const char *center;
    bool is_running, is_asked_again;
    struct waiter *waiters;
    struct resealed made[BATCH];
    size_t count;
    struct error err;
};

struct reseals {
    const struct board *board;
    struct reseal centers[];
};

struct reseals *reseals_new(const struct board *board, struct error *err)
{
    struct reseals *reseals = calloc(1, sizeof *reseals + board->center_count * sizeof reseals->centers[0]);
    if (reseals == NULL) {
        error_set(err, ERROR_NOMEM, "out of memory");
        return NULL;
    }
    reseals->board = board;
    for (size_t i = 0; i < board->center_count; i++)
        reseals->centers[i].center = board->centers[i].name;
    return reseals;
}

static void call_waiters(struct reseal *reseal, bool all)
{
    int64_t now_ms = clock_awake_ms(reseal->server->clock);
    struct waiter **link = &reseal->waiters;
    while (*link != NULL) {
        struct waiter *waiter = *link;
        if (!all && now_ms < waiter->until_ms) {
            link = &waiter->next;
            continue;
        }
        *link = waiter->next;
        waiter->then(waiter->context);
        free(waiter);
    }
}

void reseals_free(struct reseals *reseals)
{
    free(reseals);
}

static struct reseal *reseal_of(struct job *job)
{
    return (struct reseal *)((char *)job - offsetof(struct reseal, job));
}

static enum write_end write_batch(struct job *job, struct store *writer)
{
    struct reseal *reseal = reseal_of(job);
    for (size_t i = 0; i < reseal->count; i++)
        if (!writer->ticket_put(
                writer, &reseal->made[i].row, buffer_bytes(&reseal->made[i].file), &reseal->err))
            return write_failed(&reseal->err);
    return WRITE_KEEP;
}

static void work_batch(struct job *job, struct store *reader)
{
    struct reseal *reseal = reseal_of(job);
    resealed_release(reseal->made, reseal->count); /* of a try that came to nothing */
    reseal->count = 0;
    reseal->err = (struct error){ERROR_NONE, ""};
    if (tickets_reseal(reseal->server->board, reader, reseal->center, clock_wall_ms(reseal->server->clock),
            reseal->made, BATCH, &reseal->count, &reseal->err) &&
        reseal->count > 0)
        job->write = write_batch;
}

static void end_batch(struct job *job)
{
    struct reseal *reseal = reseal_of(job);
    bool has_failed = job->is_lost || reseal->err.code != ERROR_NONE;
    bool may_be_more = reseal->count == BATCH || reseal->is_asked_again;
    if (has_failed)
        log_write(reseal->server->clock, "tickets of %s can't be sealed again: %s", reseal->center,
            reseal->err.code == ERROR_NONE ? "the store did not take them" : reseal->err.text);
    else
        metrics_add(METRIC_TICKETS_RESEALED, reseal->count);
    resealed_release(reseal->made, reseal->count);
    reseal->count = 0;
    reseal->is_asked_again = false;
    reseal->is_running =
        may_be_more && !has_failed &&
        !reseal->server->is_stopping; /* what failed is tried again at the next change, and every hour */
    call_waiters(reseal, !reseal->is_running);
    if (reseal->is_running)
        workers_submit(reseal->server->workers, &reseal->job);
}

static void start(struct server *server, struct reseal *reseal)
{
    reseal->server = server;
    if (server->is_stopping)
        return;
    if (reseal->is_running) {
        reseal->is_asked_again = true;
        return;
    }
    reseal->is_running = true;
    reseal->job = (struct job){.lane = LANE_SLOW, .work = work_batch, .done = end_batch};
    workers_submit(server->workers, &reseal->job);
}

void reseal_start(struct server *server, const char *center, loop_call *then, void *context)
{
    const struct center *found = board_center(server->board, center);
    struct waiter *waiter = then == NULL ? NULL : calloc(1, sizeof *waiter);
    if (then != NULL && (waiter == NULL || found == NULL)) {
        free(waiter);
        then(context);
        then = NULL;
    }
    if (found == NULL)
        return; /* enrolled and revoked elsewhere: sealed again there */
    struct reseal *reseal = &server->reseals->centers[found - server->board->centers];
    start(server, reseal);
    if (then != NULL && !reseal->is_running) { /* the server is stopping */
        free(waiter);
        then(context);
        then = NULL;
    }
    if (then == NULL)
        return;
    *waiter =
        (struct waiter){then, context, clock_awake_ms(server->clock) + RESEAL_PATIENCE_MS, reseal->waiters};
    reseal->waiters = waiter;
}

void reseal_start_all(struct server *server)
{
    for (size_t i = 0; i < server->board->center_count; i++)
        start(server, &server->reseals->centers[i]);
}
