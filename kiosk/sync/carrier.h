/* carrier.h: what both lanes of carrel-sync work with: the seat, its server, the clock. Nothing here changes
 * once it is made, so the lanes share it. */
#ifndef CARREL_SYNC_CARRIER_H
#define CARREL_SYNC_CARRIER_H

#include "core/clock.h"
#include "core/seat_folder.h"
#include "core/transport.h"

#define CARRIER_LATEST                                                                                       \
    FOLDER_SYNC "/catalog" /* the newest authentic catalog, also one that spool/in refused as older */

struct carrier {
    struct seat_folder folder;
    char identity_dir[FILE_PATH_SIZE];
    struct buffer root; /* root.pem */
    const struct clock *clock;
    int64_t certificate_ends_ms; /* of the seat's TLS certificate */
};

/* Reads seat.json, root.pem and the TLS certificate. */
struct carrier *carrier_new(const char *seat_folder, const struct clock *clock, struct error *err);
void carrier_free(struct carrier *carrier); /* NULL is fine */

/* A connection to the seat's server, cancelled by stop.h. */
struct transport *carrier_connect(const struct carrier *carrier, struct error *err);
/* After a failed request: where our certificate has ended, says so, and what to do. The server's own words
 * for that are often lost with the connection. */
void carrier_explain(const struct carrier *carrier, struct error *err);

#endif
