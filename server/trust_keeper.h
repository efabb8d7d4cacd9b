/* trust_keeper.h: whom the server trusts now: root, center CAs and the newest revocation lists, replaced as a
 * whole when a list changes. Any thread may hold one while it checks something; what is held stays as it is.
 */
#ifndef CARREL_SERVER_TRUST_KEEPER_H
#define CARREL_SERVER_TRUST_KEEPER_H

#include "server/board.h"
#include "server/peer.h"

struct trust_keeper;
struct held_trust;

/* Without center lists yet. The board must outlive it. */
struct trust_keeper *trust_keeper_new(const struct board *board, struct error *err);
void trust_keeper_free(struct trust_keeper *keeper); /* NULL is fine */

/* The center's list from now on. */
bool trust_keeper_put_crl(
    struct trust_keeper *keeper, const char *center, struct bytes crl, struct error *err);

const struct held_trust *trust_hold(struct trust_keeper *keeper);
const struct trust *held_trust(const struct held_trust *held);
void trust_release(const struct held_trust *held);

/* A client's certificates, its own first: fills peer if it is a seat's sync, staff or board, and counts now.
 */
bool trust_keeper_admit(struct trust_keeper *keeper, const struct bytes *chain, size_t count, int64_t now_ms,
    struct peer *peer, struct error *err);
/* Whether a certificate counts now in that role. */
bool trust_keeper_counts(struct trust_keeper *keeper, const struct certificate *certificate, enum role role,
    int64_t now_ms, struct error *err);
/* Whether a peer that was admitted earlier still counts. */
bool trust_keeper_readmit(struct trust_keeper *keeper, struct peer *peer, int64_t now_ms, struct error *err);

#endif
