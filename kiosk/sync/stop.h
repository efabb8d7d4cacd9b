/* stop.h: SIGTERM, SIGINT and SIGHUP ask carrel-sync to end; what is being written is finished or left out
 * whole. */
#ifndef CARREL_SYNC_STOP_H
#define CARREL_SYNC_STOP_H

#include <stdbool.h>

#include "core/error.h"

bool stop_install(struct error *err);
/* Fits struct transport_peer: the context is not used. */
bool stop_is_asked(void *context);
/* Becomes readable, and stays so, when it is asked: for poll. */
int stop_descriptor(void);

#endif
