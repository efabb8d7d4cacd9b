/* reseal.h: seals a center's open tickets again, in the background, until none is stale. On the loop's
 * thread. */
#ifndef CARREL_SERVER_RESEAL_H
#define CARREL_SERVER_RESEAL_H

#include "server/server.h"

struct reseals; /* which centers are being worked on */

struct reseals *reseals_new(const struct board *board, struct error *err);
void reseals_free(struct reseals *reseals); /* NULL is fine; when nothing runs any more */

/* then (may be NULL) is called when no ticket is stale any more, or after RESEAL_PATIENCE_MS if that takes
 * longer: who was just enrolled then usually finds all tickets ready, and nobody waits for a whole center. */
#define RESEAL_PATIENCE_MS 5000
void reseal_start(struct server *server, const char *center, loop_call *then, void *context);
/* Every center: after a start, what was left undone. */
void reseal_start_all(struct server *server);

#endif
