/* listener.h: a port, its connections, and the bounds on them.
 *
 * Every connection has a place in a counted table and a total time, whatever it does; besides that each state
 * has its own limit: 15 s for the handshake and for a head, 60 s without a byte of a body, 120 s for a piece
 * of a reply to drain. Files go out in pieces of 256 KiB, each when the last has drained, so that a download
 * doesn't delay others. */
#ifndef CARREL_SERVER_HTTP_LISTENER_H
#define CARREL_SERVER_HTTP_LISTENER_H

#include "core/clock.h"
#include "server/http/exchange.h"
#include "server/http/loop.h"
#include "server/http/places.h"
#include "server/http/tls.h"

struct listener;

struct listener_settings {
    const char *address; /* numeric */
    unsigned port;       /* 0: a free one */
    struct tls *tls;     /* NULL: plain, for loopback only */
    struct places *places;
    const struct http_service *service;
    const struct clock *clock;
    int64_t total_ms, idle_ms; /* of a connection; of one between two requests */
};

/* The settings are copied; what they point to must outlive the listener. */
struct listener *listener_new(struct loop *loop, const struct listener_settings *settings, struct error *err);
unsigned listener_port(const struct listener *listener);

/* No new connections; those between requests are closed, the others after their reply. drained is called,
 * perhaps at once, when the last one is gone. */
void listener_stop(struct listener *listener, loop_call *drained, void *context);
/* Closes what is left. NULL is fine. */
void listener_free(struct listener *listener);

#endif
