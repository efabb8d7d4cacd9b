/* workers.h: the threads behind the loop, and the one that writes.
 *
 *     loop ── workers_submit ──► lane: work(job, reader) ──► writer: write(job, writer) in a group ──► loop:
 * done(job)
 *
 * LANE_FAST has a thread for each processor: reading, opening and judging results. LANE_SLOW has one, for
 * what takes long or much memory (scrypt, packages, sealing all tickets of a center), so that it delays
 * nobody. The writer takes all that waits for it into one transaction; done is called only after its commit.
 * If a commit's fate is unknown (ERROR_IO) the program ends at once, so that nothing is answered which may
 * not be stored. */
#ifndef CARREL_SERVER_WORKERS_H
#define CARREL_SERVER_WORKERS_H

#include "server/http/loop.h"
#include "server/store/store.h"

enum lane { LANE_FAST, LANE_SLOW, LANES };

enum write_end {
    WRITE_KEEP,   /* commit it */
    WRITE_UNDO,   /* take back what it wrote; the job has its reason */
    WRITE_AGAIN,  /* take it back, and work again: the store has changed since */
    WRITE_BROKEN, /* the disk failed: stop the program */
};

/* The end of a write that failed: ERROR_IO is the disk's, ERROR_BUSY a race, everything else the job's own.
 */
enum write_end write_failed(const struct error *err);

/* Embedded in what it is about. Set lane, work, done; work may set write. */
struct job {
    enum lane lane;
    void (*work)(struct job *job, struct store *reader);
    enum write_end (*write)(struct job *job, struct store *writer); /* NULL: nothing to write */
    void (*done)(struct job *job);                                  /* on the loop's thread */
    bool is_lost; /* it wanted to write, and the store could not take it: nothing of it is stored */
    unsigned tries;
    struct loop_message message;
    struct job *next;
};

struct workers;

typedef struct store *store_opener(void *context, bool is_reader, struct error *err);

struct workers_settings {
    struct loop *loop;
    store_opener *open_store;
    void *context;
    unsigned fast_threads;
};

struct workers_counts {
    uint64_t groups, written; /* commits, and jobs in them */
    uint64_t waiting[LANES], waiting_writes;
};

struct workers *workers_new(const struct workers_settings *settings, struct error *err);
void workers_submit(struct workers *workers, struct job *job); /* any thread */
void workers_count(struct workers *workers, struct workers_counts *counts);
/* Finishes all that was submitted, ends the threads, closes the stores. What is done is delivered by the
 * loop. NULL is fine. */
void workers_free(struct workers *workers);

#endif
