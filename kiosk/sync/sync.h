/* sync.h: the whole of carrel-sync: two lanes over one seat folder, inside the sandbox. */
#ifndef CARREL_SYNC_SYNC_H
#define CARREL_SYNC_SYNC_H

#include "kiosk/sync/options.h"

struct sync;

/* Reads the seat, takes its lock (ERROR_BUSY: another one runs), enters the sandbox. */
struct sync *sync_new(const struct options *options, struct error *err);
/* Until a signal comes; with --once for one round each way, and false with the trouble it met. */
bool sync_run(struct sync *sync, struct error *err);
void sync_free(struct sync *sync); /* NULL is fine */

#endif
