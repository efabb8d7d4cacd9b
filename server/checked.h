/* checked.h: certificates that were found good a moment ago, so that a seat that comes every second isn't
 * asked for its chain of signatures each time. Any thread.
 *
 * What is remembered holds for one generation of the trust (a new revocation list is a new one), for a
 * minute, and no longer than the certificate. Only good ones are remembered. */
#ifndef CARREL_SERVER_CHECKED_H
#define CARREL_SERVER_CHECKED_H

#include "core/crypto/digest.h"
#include "server/peer.h"

#define CHECKED_FOR_MS 60000

struct checked;

struct checked *checked_new(struct error *err);
void checked_free(struct checked *checked); /* NULL is fine */

/* True: it was added under this key. peer is filled where it is not NULL; release it. */
bool checked_find(struct checked *checked, const struct digest *key, uint64_t generation, int64_t now_ms,
    struct peer *peer);
/* A newer one may take the place of an older. */
void checked_add(struct checked *checked, const struct digest *key, const struct peer *peer, int64_t now_ms);

#endif
