/* call.h: one request as a handler sees it, on a worker's thread.
 *
 * A handler reads from the store it is given and sets the reply. What it wants written it leaves in
 * call->state and names a write function, which runs on the writer's thread, in a transaction shared with
 * others, and sets the reply that is sent if that is committed:
 *
 *     static enum write_end sitting_write(struct call *call, struct store *writer) { … call_json(call, 201,
 * …); return WRITE_KEEP; } void sittings_create(struct call *call, struct store *reader) { …; call->write =
 * sitting_write; }
 *
 * WRITE_AGAIN calls the handler again from its beginning: state is released first. */
#ifndef CARREL_SERVER_CALL_H
#define CARREL_SERVER_CALL_H

#include "server/http/target.h"
#include "server/routes.h"
#include "server/server.h"

struct call {
    struct job job;
    struct server *server;
    struct exchange *exchange;
    const struct route *route;
    struct target_parameters parameters;
    char query[TARGET_TEXT_SIZE]; /* of the one the route takes; "" without */
    int64_t now_ms;               /* wall time at the beginning of the work */
    void *state;                  /* the handler's own, freed by release */
    void (*release)(void *state);
    enum write_end (*write)(struct call *call, struct store *writer);
    /* On the loop's thread, after the commit and before the reply: what must be true when it is read. Ends in
     * call_send. */
    void (*committed)(struct call *call);
};

/* The call as a job of its route's lane; ends in exchange_send. */
void call_start(struct server *server, struct exchange *exchange, const struct route *route,
    const struct target_parameters *parameters, const char *query);

/* Sends the reply; the call is gone after it. For committed alone. */
void call_send(void *call);

static inline const struct peer *call_peer(const struct call *call)
{
    return &call->exchange->peer;
}
static inline struct bytes call_body(const struct call *call)
{
    return buffer_bytes(&call->exchange->body);
}
static inline const char *call_parameter(const struct call *call, size_t index)
{
    return call->parameters.values[index];
}
static inline struct reply *call_reply(struct call *call)
{
    return &call->exchange->reply;
}

/* Zeroed state that is freed with the call; release may be NULL for plain memory. NULL: the reply is set. */
void *call_state(struct call *call, size_t size, void (*release)(void *state));
/* The body as one JSON object. NULL: the reply is set. */
struct json *call_read_json(struct call *call);
/* Parameter 0 as SESSION-EPOCH. False: the reply is set. */
bool call_object_id(struct call *call, char session[SESSION_ID_SIZE], unsigned *epoch);

/* Whoever decides something that is kept: name and serial of the certificate. */
void call_who(const struct call *call, char who[WHO_SIZE]);

void call_json(struct call *call, int status, struct json *value_take);
void call_fail(struct call *call, const struct error *err);
/* The reply of a write that failed, and how it ends. */
enum write_end call_fail_write(struct call *call, const struct error *err);

#endif
