/* tls.h: TLS 1.3 for a listener, and who may come in. OpenSSL's SSL enters the server here.
 *
 * No tickets, no session cache, no early data: a resumed connection would go round certificate and CRL. */
#ifndef CARREL_SERVER_HTTP_TLS_H
#define CARREL_SERVER_HTTP_TLS_H

#include "core/buffer.h"
#include "core/error.h"
#include "server/peer.h"

struct tls;
struct ssl_st;

/* Asked in each handshake: the client's certificate and what came along, in DER, nearest first. Fills peer
 * and returns true, or says why not. */
#define TLS_CHAIN_MAX CHAIN_MAX
typedef bool tls_admit(
    void *context, const struct bytes *chain, size_t count, struct peer *peer, struct error *err);

/* key and chain are PEM files. Without admit no client certificate is asked for. */
struct tls *tls_new(
    const char *key_path, const char *chain_path, tls_admit *admit, void *context, struct error *err);
void tls_free(struct tls *tls); /* NULL is fine */

/* One connection's side, waiting for a ClientHello. During the handshake peer is filled, or why says why it
 * failed. Both must outlive it. */
struct ssl_st *tls_accept(struct tls *tls, struct peer *peer, struct error *why);

/* An OpenSSL error in words; 0 is a connection that broke off. */
const char *tls_reason(unsigned long code);

#endif
