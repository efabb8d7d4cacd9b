/* worker.h: one thread for what takes long (scrypt, opening a package), so that the screen never stands
 * still.
 *
 * One job at a time. The job runs in the worker with its own memory; the owner of the loop looks at it again
 * only after worker_done(). */
#ifndef CARREL_SCREENS_WORKER_H
#define CARREL_SCREENS_WORKER_H

#include "core/error.h"

struct worker;

struct worker *worker_new(struct error *err);
void worker_free(struct worker *worker); /* waits for a job that runs; NULL is fine */

/* Readable when a job is done. */
int worker_descriptor(const struct worker *worker);
/* False if a job runs already. */
bool worker_start(struct worker *worker, void (*job)(void *context), void *context);
/* True once after a job ended: call it when the descriptor is readable. */
bool worker_done(struct worker *worker);

#endif
