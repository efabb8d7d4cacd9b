#include "server/workers.h"

#include <pthread.h>
#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

#define GROUP_MAX 64u
#define TRIES_MAX 8u
#define THREADS_MAX 64u

struct queue {
    struct job *first, **last;
    uint64_t length;
};

struct worker {
    struct workers *workers;
    enum lane lane;
    struct store *store;
    pthread_t thread;
    bool is_started;
};

struct workers {
    struct workers_settings settings;
    pthread_mutex_t lock; /* everything up to the threads */
    pthread_cond_t came[LANES], write_came, idle;
    struct queue lanes[LANES], writes;
    uint64_t unfinished; /* submitted and not handed to the loop yet */
    uint64_t groups, written;
    bool is_ending;
    struct worker threads[THREADS_MAX];
    size_t thread_count;
    struct worker writer;
};

enum write_end write_failed(const struct error *err)
{
    switch (err->code) {
    case ERROR_IO: return WRITE_BROKEN;
    case ERROR_BUSY: return WRITE_AGAIN;
    case ERROR_NONE:
    case ERROR_NOMEM:
    case ERROR_FULL:
    case ERROR_FORMAT:
    case ERROR_UNTRUSTED:
    case ERROR_LIMIT:
    case ERROR_NOT_FOUND:
    case ERROR_REFUSED:
    case ERROR_USAGE: break;
    }
    return WRITE_UNDO;
}

/* --- queues, under the lock ------------------------------------------------------------------- */

static void queue_init(struct queue *queue)
{
    *queue = (struct queue){.last = &queue->first};
}

static void queue_put(struct queue *queue, struct job *job)
{
    job->next = NULL;
    *queue->last = job;
    queue->last = &job->next;
    queue->length++;
}

static struct job *queue_take(struct queue *queue)
{
    struct job *job = queue->first;
    if (job == NULL)
        return NULL;
    queue->first = job->next;
    if (queue->first == NULL)
        queue->last = &queue->first;
    queue->length--;
    return job;
}

/* --- handing on ------------------------------------------------------------------------------- */

static void deliver(void *context)
{
    struct job *job = context;
    job->done(job);
}

static void hand_to_loop(struct workers *workers, struct job *job)
{
    job->message = (struct loop_message){.deliver = deliver, .context = job};
    loop_post(workers->settings.loop, &job->message);
    pthread_mutex_lock(&workers->lock);
    if (--workers->unfinished == 0)
        pthread_cond_broadcast(&workers->idle);
    pthread_mutex_unlock(&workers->lock);
}

static void put_in_lane(struct workers *workers, struct job *job)
{
    pthread_mutex_lock(&workers->lock);
    queue_put(&workers->lanes[job->lane], job);
    pthread_cond_signal(&workers->came[job->lane]);
    pthread_mutex_unlock(&workers->lock);
}

void workers_submit(struct workers *workers, struct job *job)
{
    job->tries = 0;
    job->is_lost = false;
    pthread_mutex_lock(&workers->lock);
    workers->unfinished++;
    pthread_mutex_unlock(&workers->lock);
    put_in_lane(workers, job);
}

static void put_in_writes(struct workers *workers, struct job *job)
{
    pthread_mutex_lock(&workers->lock);
    queue_put(&workers->writes, job);
    pthread_cond_signal(&workers->write_came);
    pthread_mutex_unlock(&workers->lock);
}

/* --- a worker --------------------------------------------------------------------------------- */

static struct job *next_job(struct workers *workers, enum lane lane)
{
    struct job *job;
    pthread_mutex_lock(&workers->lock);
    while ((job = queue_take(&workers->lanes[lane])) == NULL && !workers->is_ending)
        pthread_cond_wait(&workers->came[lane], &workers->lock);
    pthread_mutex_unlock(&workers->lock);
    return job;
}

static void *work(void *context)
{
    struct worker *worker = context;
    struct job *job;
    while ((job = next_job(worker->workers, worker->lane)) != NULL) {
        job->write = NULL;
        job->work(job, worker->store);
        if (job->write != NULL)
            put_in_writes(worker->workers, job);
        else
            hand_to_loop(worker->workers, job);
    }
    return NULL;
}

/* --- the writer ------------------------------------------------------------------------------- */

/* What the disk really holds is not known any more: no answer may leave this program. */
static _Noreturn void stop_now(const struct error *err)
{
    fprintf(stderr, "carrel-server: %s: stopping at once, nothing more is answered\n", err->text);
    _exit(EX_IOERR);
}

static size_t take_group(struct workers *workers, struct job *group[GROUP_MAX])
{
    size_t count = 0;
    pthread_mutex_lock(&workers->lock);
    while (workers->writes.first == NULL && !workers->is_ending)
        pthread_cond_wait(&workers->write_came, &workers->lock);
    while (count < GROUP_MAX && (group[count] = queue_take(&workers->writes)) != NULL)
        count++;
    pthread_mutex_unlock(&workers->lock);
    return count;
}

/* One job's writes within the group. False: the whole group is lost. */
static bool write_one(struct store *store, struct job *job, enum write_end *end, struct error *err)
{
    if (!store->mark(store, err))
        return false;
    *end = job->write(job, store);
    if (*end == WRITE_BROKEN) {
        error_set(err, ERROR_IO, "the store can't be written");
        return false;
    }
    return *end == WRITE_KEEP ? store->keep(store, err) : store->undo(store, err);
}

/* SQLite takes a whole transaction back by itself when its disk is full: then mark or undo fails, and all of
 * the group are told that nothing was stored. */
static bool write_group(struct store *store, struct job **group, size_t count, enum write_end *ends)
{
    struct error err = {ERROR_NONE, ""};
    bool ok = store->begin(store, &err);
    for (size_t i = 0; ok && i < count; i++)
        ok = write_one(store, group[i], &ends[i], &err);
    if (ok) {
        enum store_commit fate = store->commit(store, &err);
        if (fate == STORE_UNKNOWN)
            stop_now(&err);
        ok = fate == STORE_COMMITTED;
    }
    if (!ok && err.code == ERROR_IO)
        stop_now(&err);
    if (!ok)
        store->rollback(store);
    return ok;
}

static void finish(struct workers *workers, struct job *job, enum write_end end, bool is_committed)
{
    if (end == WRITE_AGAIN && ++job->tries < TRIES_MAX) {
        put_in_lane(workers, job);
        return;
    }
    job->is_lost = !is_committed || end == WRITE_AGAIN;
    hand_to_loop(workers, job);
}

static void *write_groups(void *context)
{
    struct worker *writer = context;
    struct workers *workers = writer->workers;
    struct job *group[GROUP_MAX];
    enum write_end ends[GROUP_MAX];
    size_t count;
    while ((count = take_group(workers, group)) != 0) {
        for (size_t i = 0; i < count; i++)
            ends[i] = WRITE_KEEP;
        bool is_committed = write_group(writer->store, group, count, ends);
        pthread_mutex_lock(&workers->lock);
        workers->groups++;
        workers->written += count;
        pthread_mutex_unlock(&workers->lock);
        for (size_t i = 0; i < count; i++)
            finish(workers, group[i], ends[i], is_committed);
    }
    return NULL;
}

/* --- birth and end ---------------------------------------------------------------------------- */

static bool start(
    struct workers *workers, struct worker *worker, enum lane lane, bool is_writer, struct error *err)
{
    worker->workers = workers;
    worker->lane = lane;
    worker->store = workers->settings.open_store(workers->settings.context, !is_writer, err);
    if (worker->store == NULL)
        return false;
    worker->is_started = pthread_create(&worker->thread, NULL, is_writer ? write_groups : work, worker) == 0;
    return worker->is_started || error_set(err, ERROR_NOMEM, "a thread can't be started");
}

struct workers *workers_new(const struct workers_settings *settings, struct error *err)
{
    struct workers *workers = calloc(1, sizeof *workers);
    if (workers == NULL) {
        error_set(err, ERROR_NOMEM, "out of memory");
        return NULL;
    }
    workers->settings = *settings;
    pthread_mutex_init(&workers->lock, NULL);
    pthread_cond_init(&workers->write_came, NULL);
    pthread_cond_init(&workers->idle, NULL);
    queue_init(&workers->writes);
    for (int lane = 0; lane < LANES; lane++) {
        pthread_cond_init(&workers->came[lane], NULL);
        queue_init(&workers->lanes[lane]);
    }
    bool ok = start(workers, &workers->writer, LANE_FAST, true, err); /* first: it makes the store */
    for (unsigned i = 0; ok && i <= settings->fast_threads && i < THREADS_MAX; i++) {
        ok = start(workers, &workers->threads[i], i == 0 ? LANE_SLOW : LANE_FAST, false, err);
        workers->thread_count++;
    }
    if (!ok) {
        workers_free(workers);
        return NULL;
    }
    return workers;
}

void workers_count(struct workers *workers, struct workers_counts *counts)
{
    pthread_mutex_lock(&workers->lock);
    counts->groups = workers->groups;
    counts->written = workers->written;
    counts->waiting_writes = workers->writes.length;
    for (int lane = 0; lane < LANES; lane++)
        counts->waiting[lane] = workers->lanes[lane].length;
    pthread_mutex_unlock(&workers->lock);
}

static void end_worker(struct worker *worker)
{
    if (worker->is_started)
        pthread_join(worker->thread, NULL);
    if (worker->store != NULL)
        worker->store->close(worker->store);
}

void workers_free(struct workers *workers)
{
    if (workers == NULL)
        return;
    pthread_mutex_lock(&workers->lock);
    while (workers->unfinished != 0)
        pthread_cond_wait(&workers->idle, &workers->lock);
    workers->is_ending = true;
    for (int lane = 0; lane < LANES; lane++)
        pthread_cond_broadcast(&workers->came[lane]);
    pthread_cond_broadcast(&workers->write_came);
    pthread_mutex_unlock(&workers->lock);
    for (size_t i = 0; i < workers->thread_count; i++)
        end_worker(&workers->threads[i]);
    end_worker(&workers->writer);
    pthread_cond_destroy(&workers->write_came);
    pthread_cond_destroy(&workers->idle);
    for (int lane = 0; lane < LANES; lane++)
        pthread_cond_destroy(&workers->came[lane]);
    pthread_mutex_destroy(&workers->lock);
    free(workers);
}
