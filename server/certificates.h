/* certificates.h: the certificates of the centers' seats and staff: known ones, new ones, revoked ones, and
 * the lists that say which. A center's tickets are sealed to what is known here. */
#ifndef CARREL_SERVER_CERTIFICATES_H
#define CARREL_SERVER_CERTIFICATES_H

#include "server/server.h"

#define CRL_LIFE_MS (7LL * 24 * 3600 * 1000) /* until it asks to be renewed */
#define CRL_RENEW_MS (24LL * 3600 * 1000)    /* after which it is made anew */

/* At the start, before anybody comes in: the board's staff into the store, a list for each center, the trust
 * told. */
bool certificates_prepare(struct server *server, struct store *writer, struct error *err);

/* A client that came in: a member of staff whom the store does not know yet becomes a reader of the center's
 * tickets. On the loop's thread; the rest happens by itself. */
void certificates_meet(struct server *server, struct peer *peer);

/* The row a certificate makes. ERROR_REFUSED if the store has it. */
bool certificates_add(
    struct store *writer, const struct certificate *certificate, int64_t now_ms, struct error *err);

/* A new list of all that is revoked in the center, into the store and der. The trust is told after the
 * commit. */
bool certificates_make_crl(struct server *server, struct store *writer, const char *center, int64_t now_ms,
    struct buffer *der, struct error *err);

/* Every hour: lists that are a day old are made anew, and what ran out is removed. On the loop's thread. */
void certificates_tidy(struct server *server);

#endif
