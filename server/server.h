/* server.h: the parts of the running server, as its handlers see them.
 *
 * Everything but the listeners may be used from any thread: the board never changes, the others guard
 * themselves. */
#ifndef CARREL_SERVER_SERVER_H
#define CARREL_SERVER_SERVER_H

#include "core/clock.h"
#include "server/board.h"
#include "server/http/listener.h"
#include "server/intake.h"
#include "server/metrics.h"
#include "server/options.h"
#include "server/scoring_keys.h"
#include "server/trust_keeper.h"
#include "server/workers.h"

struct reseals;
struct service;

/* Where clients come in. */
enum door { DOOR_SEATS, DOOR_PUBLIC, DOOR_LOCAL, DOORS };
const char *door_name(enum door door); /* "seats", … as in logs and the ready line */

struct server {
    const struct options *options;
    const struct clock *clock;
    struct board *board;
    struct trust_keeper *trust;
    struct scoring_keys *keys;                              /* NULL: no scoring identity here */
    char packages[FILE_PATH_SIZE], uploads[FILE_PATH_SIZE]; /* folders */
    char store[FILE_PATH_SIZE];
    int lock; /* on the data folder */
    struct loop *loop;
    struct workers *workers;
    struct tls *tls[DOORS];
    struct places *places[DOORS];
    struct listener *listeners[DOORS];
    struct service *services[DOORS];
    struct reseals *reseals;
    unsigned ports[DOORS];
    unsigned doors_open;
    bool is_stopping; /* set and read on the loop's thread */
};

/* Loads, opens, listens. NULL with the reason. */
struct server *server_new(const struct options *options, const struct clock *clock, struct error *err);
/* Prints the ready line, then serves until SIGTERM: what is answered for is finished. */
bool server_run(struct server *server, struct error *err);
void server_free(struct server *server); /* NULL is fine */

#endif
