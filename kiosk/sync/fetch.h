/* fetch.h: one package, downloaded in pieces that survive: sync/ID.part grows until it is whole, then its
 * digest is checked and it is moved into spool/in. */
#ifndef CARREL_SYNC_FETCH_H
#define CARREL_SYNC_FETCH_H

#include "core/clock.h"
#include "core/inbox.h"
#include "core/transport.h"

enum fetch_end {
    FETCH_DONE,
    FETCH_PAUSED, /* the time was up; the part stays, the next call goes on behind it */
    FETCH_FAILED, /* likewise, unless the part is what was wrong */
};

struct fetch {
    struct transport *transport;
    struct inbox *inbox;
    const struct seat_folder *folder;
    const struct clock *clock;
    int64_t slice_ms; /* how long one call may take, so that tickets get their turn */
};

enum fetch_end fetch_package(
    const struct fetch *fetch, const struct catalog_object *package, struct reply *reply, struct error *err);
/* Removes the parts of packages that the catalog no longer lists. */
bool fetch_prune(const struct seat_folder *folder, const struct catalog *catalog, struct error *err);

#endif
