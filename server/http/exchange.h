/* exchange.h: one request and the reply to it, and who answers.
 *
 *     begin   the head is there; nothing of the body was read yet: refuse here what can be refused
 *     answer  the body is there; ends, now or later, in exchange_send
 *     end     the reply is gone to the kernel, or the connection was lost: the exchange goes with this call
 *
 * All three are called on the loop's thread. Between answer and exchange_send the exchange may be handed to
 * another thread; the connection leaves it alone, and if the client goes away meanwhile the exchange stays
 * until exchange_send. */
#ifndef CARREL_SERVER_HTTP_EXCHANGE_H
#define CARREL_SERVER_HTTP_EXCHANGE_H

#include "server/http/head.h"
#include "server/http/reply.h"
#include "server/peer.h"

#define ADDRESS_SIZE 64

struct connection;
struct http_service;

struct exchange {
    const struct http_service *service;
    struct head head;
    struct buffer body; /* begin sets its max */
    struct reply reply;
    struct peer peer; /* shares its certificate; ROLE_NONE on a listener that asks for none */
    char address[ADDRESS_SIZE];
    int64_t began_ms;              /* on the clock that stands still in suspend */
    uint64_t sent_bytes;           /* of the reply's body */
    bool is_sent;                  /* all of the reply was given to the kernel */
    void *user;                    /* the service's own */
    struct connection *connection; /* NULL once the client is gone */
};

struct http_service {
    void *context;
    /* True: exchange->body.max is set, read the body. False: the reply is set. */
    bool (*begin)(void *context, struct exchange *exchange);
    void (*answer)(void *context, struct exchange *exchange);
    void (*end)(void *context, struct exchange *exchange);
    /* A connection that never came to a request: an address and why. */
    void (*turned_away)(void *context, const char *address, const char *why);
};

/* Sends exchange->reply. On the loop's thread, once. */
void exchange_send(struct exchange *exchange);

#endif
