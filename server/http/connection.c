/* One state, changed by enter() alone. What a state waits for, and what ends it:
 *
 *   HANDSHAKE ─ TLS done ─► IDLE ─ first byte ─► HEAD ─ whole ─► BODY ─ whole ─► ANSWERING
 *                            ▲                     │ refused       │                 │ exchange_send
 *                            └──── keep alive ──── REPLYING ◄──────┴─────────────────┘
 *                                                  │ last one, and bytes may still be coming: LINGERING, then
 * CLOSED
 *
 * ANSWERING has no limit of its own: the answer is being made, and what was stored is worth telling. */
#include "server/http/connection.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <event2/event.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#define PIECE_BYTES (256u << 10)
#define READ_AHEAD_BYTES (64u << 10)
#define GRACE_MS 15000 /* for a short reply that was made when the total time was over */

enum connection_state {
    CONNECTION_HANDSHAKE,
    CONNECTION_IDLE,
    CONNECTION_HEAD,
    CONNECTION_BODY,
    CONNECTION_ANSWERING,
    CONNECTION_REPLYING,
    CONNECTION_LINGERING,
    CONNECTION_CLOSED,
    CONNECTION_STATES
};

/* 0: only the total time counts. IDLE is a setting. */
static const int64_t limit_ms[CONNECTION_STATES] = {
    [CONNECTION_HANDSHAKE] = 15000,
    [CONNECTION_HEAD] = 15000,
    [CONNECTION_BODY] = 60000,
    [CONNECTION_REPLYING] = 120000,
    [CONNECTION_LINGERING] = 2000,
};

struct connection {
    struct connection_list *list;
    struct connection *next, **link;
    struct bufferevent *events;
    struct event *timer;
    enum connection_state state;
    int64_t accepted_ms;
    struct peer peer;
    struct error why; /* of a failed handshake */
    char address[ADDRESS_SIZE], holder[PLACES_HOLDER_SIZE];
    bool is_over_share, may_have_unread;
    struct exchange *exchange; /* the present one */
    int64_t file_sent;
};

static void enter(struct connection *connection, enum connection_state state);
static void connection_free(struct connection *connection);

/* --- time ------------------------------------------------------------------------------------- */

static int64_t now_ms(const struct connection *connection)
{
    return clock_awake_ms(connection->list->settings->clock);
}

static int64_t total_left_ms(const struct connection *connection)
{
    return connection->accepted_ms + connection->list->settings->total_ms - now_ms(connection);
}

/* Called on entering a state, and on progress in BODY and REPLYING. */
static void set_timer(struct connection *connection)
{
    bool is_idle = connection->state == CONNECTION_IDLE;
    int64_t limit = is_idle ? connection->list->settings->idle_ms : limit_ms[connection->state];
    int64_t total = total_left_ms(connection);
    if (connection->state == CONNECTION_REPLYING && connection->exchange->reply.file < 0 && total < GRACE_MS)
        total = GRACE_MS;
    evtimer_del(connection->timer);
    if (connection->state == CONNECTION_ANSWERING || connection->state == CONNECTION_CLOSED)
        return;
    if (limit == 0 || limit > total)
        limit = total > 0 ? total : 0;
    struct timeval wait = {limit / 1000, limit % 1000 * 1000};
    evtimer_add(connection->timer, &wait);
}

/* Also how a closed connection is freed: after dispatch, with nothing to allocate. */
static void time_is_up(evutil_socket_t fd, short what, void *context)
{
    struct connection *connection = context;
    (void)fd;
    (void)what;
    if (connection->state == CONNECTION_CLOSED)
        connection_free(connection);
    else
        enter(connection, CONNECTION_CLOSED);
}

/* --- the exchange ----------------------------------------------------------------------------- */

static struct exchange *exchange_new(struct connection *connection)
{
    struct exchange *exchange = calloc(1, sizeof *exchange);
    if (exchange == NULL)
        return NULL;
    reply_init(&exchange->reply);
    exchange->connection = connection;
    exchange->service = connection->list->settings->service;
    exchange->began_ms = now_ms(connection);
    exchange->peer = connection->peer;
    if (connection->peer.certificate != NULL)
        exchange->peer.certificate = certificate_copy(connection->peer.certificate);
    snprintf(exchange->address, sizeof exchange->address, "%s", connection->address);
    return exchange;
}

static void exchange_end(struct exchange *exchange)
{
    exchange->service->end(exchange->service->context, exchange);
    head_release(&exchange->head);
    buffer_release(&exchange->body);
    reply_release(&exchange->reply);
    peer_release(&exchange->peer);
    free(exchange);
}

/* The connection is done with its exchange. One that is being answered ends in exchange_send instead. */
static void drop_exchange(struct connection *connection)
{
    struct exchange *exchange = connection->exchange;
    connection->exchange = NULL;
    if (exchange == NULL)
        return;
    exchange->connection = NULL;
    if (connection->state != CONNECTION_ANSWERING)
        exchange_end(exchange);
}

/* --- sending ---------------------------------------------------------------------------------- */

static struct evbuffer *output_of(const struct connection *connection)
{
    return bufferevent_get_output(connection->events);
}

/* The next piece of the reply's file. False if it can't be read: the client must see that it is cut. */
static bool send_piece(struct connection *connection)
{
    struct reply *reply = &connection->exchange->reply;
    int64_t left = reply->part.length - connection->file_sent;
    size_t wanted = left > PIECE_BYTES ? PIECE_BYTES : (size_t)left;
    struct evbuffer_iovec room;
    if (evbuffer_reserve_space(output_of(connection), (ev_ssize_t)wanted, &room, 1) != 1)
        return false;
    ssize_t got = pread(reply->file, room.iov_base, wanted, reply->part.first + connection->file_sent);
    if (got <= 0)
        return false;
    room.iov_len = (size_t)got;
    connection->file_sent += got;
    connection->exchange->sent_bytes += (uint64_t)got;
    return evbuffer_commit_space(output_of(connection), &room, 1) == 0;
}

static bool file_is_left(const struct connection *connection)
{
    const struct reply *reply = &connection->exchange->reply;
    return reply->file >= 0 && connection->file_sent < reply->part.length;
}

static void begin_reply(struct connection *connection)
{
    struct reply *reply = &connection->exchange->reply;
    struct buffer head = {.max = HEAD_MAX_BYTES};
    if (connection->exchange->head.wants_close || connection->list->is_stopping ||
        total_left_ms(connection) <= 0)
        reply->closes = true;
    connection->file_sent = 0;
    enter(connection, CONNECTION_REPLYING);
    bool ok = reply_head(reply, clock_wall_ms(connection->list->settings->clock), &head) &&
              evbuffer_add(output_of(connection), head.data, head.len) == 0;
    if (ok && reply->file < 0 && reply->body.len > 0) {
        ok = evbuffer_add(output_of(connection), reply->body.data, reply->body.len) == 0;
        connection->exchange->sent_bytes = reply->body.len;
    }
    buffer_release(&head);
    if (!ok)
        enter(connection, CONNECTION_CLOSED);
}

/* All that was given to the socket has left: the file's next piece, the next request, or the end. */
static void reply_drained(struct connection *connection)
{
    if (file_is_left(connection)) {
        if (send_piece(connection))
            set_timer(connection);
        else
            enter(connection, CONNECTION_CLOSED);
        return;
    }
    bool closes = connection->exchange->reply.closes;
    connection->exchange->is_sent = true;
    drop_exchange(connection);
    if (!closes)
        enter(connection, CONNECTION_IDLE);
    else
        enter(connection, connection->may_have_unread ? CONNECTION_LINGERING : CONNECTION_CLOSED);
}

void exchange_send(struct exchange *exchange)
{
    struct connection *connection = exchange->connection;
    if (exchange->reply.status == 0)
        reply_error(&exchange->reply, 500, "internal", "no answer was made");
    if (connection != NULL)
        begin_reply(connection);
    else
        exchange_end(exchange);
}

/* --- receiving -------------------------------------------------------------------------------- */

/* Answers without having read all the client may be sending. */
static void refuse(struct connection *connection)
{
    connection->may_have_unread = true;
    connection->exchange->reply.closes = true;
    begin_reply(connection);
}

static void refuse_head(struct connection *connection, int status, const struct error *err)
{
    reply_error(&connection->exchange->reply, status, "format", "%s", err->text);
    refuse(connection);
}

/* What the service finds out about the peer lasts as long as the connection. */
static bool service_begin(struct connection *connection)
{
    struct exchange *exchange = connection->exchange;
    bool goes_on = exchange->service->begin(exchange->service->context, exchange);
    connection->peer.trust_generation = exchange->peer.trust_generation;
    connection->peer.is_met = exchange->peer.is_met;
    return goes_on;
}

static void begin_body(struct connection *connection)
{
    struct exchange *exchange = connection->exchange;
    if (connection->is_over_share) {
        reply_retry(&exchange->reply, 429, 10, "this center has too many connections open");
        refuse(connection);
    } else if (!service_begin(connection)) {
        if (exchange->head.body_bytes != 0)
            refuse(connection);
        else
            begin_reply(connection);
    } else if ((uint64_t)exchange->head.body_bytes > exchange->body.max) {
        reply_error(&exchange->reply, 413, "limit", "at most %zu bytes are taken here", exchange->body.max);
        refuse(connection);
    } else {
        if (exchange->head.expects_continue)
            evbuffer_add_printf(output_of(connection), "HTTP/1.1 100 Continue\r\n\r\n");
        enter(connection, CONNECTION_BODY);
    }
}

/* True: there may be more to do with what is there. */
static bool receive_head(struct connection *connection, struct evbuffer *input)
{
    struct error err = {0};
    int status = 0;
    size_t received = evbuffer_get_length(input);
    if (received == 0)
        return false;
    if (connection->state == CONNECTION_IDLE)
        enter(connection, CONNECTION_HEAD);
    size_t seen = received > HEAD_MAX_BYTES ? HEAD_MAX_BYTES : received;
    struct bytes block = bytes_of(evbuffer_pullup(input, (ev_ssize_t)seen), seen);
    size_t length = block.data == NULL ? 0 : head_length(block);
    if (length == 0 && seen < HEAD_MAX_BYTES)
        return false;
    connection->exchange = exchange_new(connection);
    if (connection->exchange == NULL) {
        enter(connection, CONNECTION_CLOSED);
    } else if (length == 0) {
        error_set(&err, ERROR_FORMAT, "the header is too large");
        refuse_head(connection, 431, &err);
    } else if (!head_parse(bytes_of(block.data, length), &connection->exchange->head, &status, &err)) {
        refuse_head(connection, status, &err);
    } else {
        evbuffer_drain(input, length);
        begin_body(connection);
    }
    return true;
}

static void answer(struct connection *connection)
{
    struct exchange *exchange = connection->exchange;
    enter(connection, CONNECTION_ANSWERING);
    exchange->service->answer(exchange->service->context, exchange);
}

static bool receive_body(struct connection *connection, struct evbuffer *input)
{
    struct exchange *exchange = connection->exchange;
    size_t missing = (size_t)exchange->head.body_bytes - exchange->body.len;
    size_t received = evbuffer_get_length(input);
    size_t taken = received < missing ? received : missing;
    if (taken > 0) {
        uint8_t *room = buffer_extend(&exchange->body, taken);
        if (room == NULL || evbuffer_remove(input, room, taken) != (int)taken) {
            enter(connection, CONNECTION_CLOSED);
            return false;
        }
        set_timer(connection);
    }
    if (taken < missing)
        return false;
    answer(connection);
    return true;
}

/* One step with what was received; true while another may follow. */
static bool receive(struct connection *connection)
{
    struct evbuffer *input = bufferevent_get_input(connection->events);
    switch (connection->state) {
    case CONNECTION_IDLE:
    case CONNECTION_HEAD: return receive_head(connection, input);
    case CONNECTION_BODY: return receive_body(connection, input);
    case CONNECTION_LINGERING: evbuffer_drain(input, evbuffer_get_length(input)); return false;
    case CONNECTION_HANDSHAKE:
    case CONNECTION_ANSWERING:
    case CONNECTION_REPLYING:
    case CONNECTION_CLOSED:
    case CONNECTION_STATES: break;
    }
    return false; /* what comes meanwhile waits in the buffer, which is bounded */
}

static void receive_all(struct connection *connection)
{
    while (receive(connection))
        ;
}

/* --- events ----------------------------------------------------------------------------------- */

static void on_read(struct bufferevent *events, void *context)
{
    (void)events;
    receive_all(context);
}

static void on_written(struct bufferevent *events, void *context)
{
    struct connection *connection = context;
    if (connection->state != CONNECTION_REPLYING || evbuffer_get_length(bufferevent_get_output(events)) != 0)
        return;
    reply_drained(connection);
    receive_all(connection); /* the next request may be waiting already */
}

static void turn_away(struct connection *connection, const char *why)
{
    const struct http_service *service = connection->list->settings->service;
    service->turned_away(service->context, connection->address, why);
}

/* The place is the center's from now on. Board and public keep it by address. */
static void settle(struct connection *connection)
{
    char holder[PLACES_HOLDER_SIZE];
    if (connection->peer.center[0] == '\0')
        return;
    snprintf(holder, sizeof holder, "center %s", connection->peer.center);
    connection->is_over_share = !places_move(connection->list->settings->places, connection->holder, holder);
    if (!connection->is_over_share)
        memcpy(connection->holder, holder, sizeof holder);
}

static void on_event(struct bufferevent *events, short what, void *context)
{
    struct connection *connection = context;
    if ((what & BEV_EVENT_CONNECTED) != 0 && connection->state == CONNECTION_HANDSHAKE) {
        settle(connection);
        enter(connection, CONNECTION_IDLE);
        receive_all(connection);
        return;
    }
    if ((what & (BEV_EVENT_EOF | BEV_EVENT_ERROR | BEV_EVENT_TIMEOUT)) == 0)
        return;
    if (connection->state == CONNECTION_HANDSHAKE) {
        const char *reason = tls_reason(bufferevent_get_openssl_error(events));
        turn_away(connection, connection->why.code != ERROR_NONE ? connection->why.text : reason);
    }
    enter(connection, CONNECTION_CLOSED);
}

/* --- birth, states and death ------------------------------------------------------------------ */

static void connection_free(struct connection *connection)
{
    if (connection->events != NULL)
        bufferevent_free(connection->events); /* says goodbye in TLS, closes the socket */
    if (connection->timer != NULL)
        event_free(connection->timer);
    peer_release(&connection->peer);
    free(connection);
}

static void unlink_connection(struct connection *connection)
{
    struct connection_list *list = connection->list;
    *connection->link = connection->next;
    if (connection->next != NULL)
        connection->next->link = connection->link;
    places_give(list->settings->places, connection->holder);
}

static void tell_emptied(struct connection_list *list)
{
    loop_call *emptied = list->emptied;
    if (list->first != NULL || !list->is_stopping || emptied == NULL)
        return;
    list->emptied = NULL; /* once */
    loop_later(list->loop, emptied, list->emptied_context);
}

static void close_connection(struct connection *connection)
{
    static const struct timeval now = {0, 0};
    unlink_connection(connection);
    bufferevent_disable(connection->events, EV_READ | EV_WRITE);
    bufferevent_setcb(connection->events, NULL, NULL, NULL, NULL);
    evtimer_add(connection->timer, &now);
    tell_emptied(connection->list);
}

/* Says that nothing more will come and takes in what is still coming: closing with unread bytes would reset
 * the connection and could destroy the reply on its way. */
static void linger(struct connection *connection)
{
    SSL *ssl =
        connection->list->settings->tls == NULL ? NULL : bufferevent_openssl_get_ssl(connection->events);
    if (ssl != NULL)
        (void)SSL_shutdown(ssl); /* the client's answer to it is not waited for */
    (void)shutdown(bufferevent_getfd(connection->events), SHUT_WR); /* it may be gone already */
}

static void enter(struct connection *connection, enum connection_state state)
{
    if (connection->state == CONNECTION_CLOSED)
        return;
    if (state == CONNECTION_IDLE && connection->list->is_stopping)
        state = CONNECTION_CLOSED;
    if (state == CONNECTION_CLOSED)
        drop_exchange(connection); /* looks at the state that was */
    connection->state = state;
    if (state == CONNECTION_CLOSED) {
        close_connection(connection);
        return;
    }
    if (state == CONNECTION_LINGERING)
        linger(connection);
    set_timer(connection);
}

static struct bufferevent *events_new(struct connection *connection, int socket)
{
    struct tls *tls = connection->list->settings->tls;
    struct event_base *base = loop_base(connection->list->loop);
    if (tls == NULL)
        return bufferevent_socket_new(base, socket, BEV_OPT_CLOSE_ON_FREE);
    struct ssl_st *ssl = tls_accept(tls, &connection->peer, &connection->why);
    if (ssl == NULL)
        return NULL; /* never without TLS instead */
    struct bufferevent *events =
        bufferevent_openssl_socket_new(base, socket, ssl, BUFFEREVENT_SSL_ACCEPTING, BEV_OPT_CLOSE_ON_FREE);
    if (events != NULL) /* lengths are always told, so nothing can be cut unseen */
        bufferevent_openssl_set_allow_dirty_shutdown(events, 1);
    return events;
}

static bool prepare(struct connection *connection, int socket)
{
    connection->timer = evtimer_new(loop_base(connection->list->loop), time_is_up, connection);
    connection->events = events_new(connection, socket);
    if (connection->timer == NULL || connection->events == NULL)
        return false;
    bufferevent_setcb(connection->events, on_read, on_written, on_event, connection);
    bufferevent_setwatermark(connection->events, EV_READ, 0, READ_AHEAD_BYTES);
    return bufferevent_enable(connection->events, EV_READ | EV_WRITE) == 0;
}

static void link_connection(struct connection *connection)
{
    struct connection_list *list = connection->list;
    connection->next = list->first;
    connection->link = &list->first;
    if (list->first != NULL)
        list->first->link = &connection->next;
    list->first = connection;
}

void connection_accept(struct connection_list *list, int socket, const char *address)
{
    const struct listener_settings *settings = list->settings;
    struct connection *connection = calloc(1, sizeof *connection);
    if (connection == NULL) {
        close(socket);
        return;
    }
    connection->list = list;
    connection->accepted_ms = clock_awake_ms(settings->clock);
    snprintf(connection->address, sizeof connection->address, "%s", address);
    snprintf(connection->holder, sizeof connection->holder, "address %s", address);
    if (!places_take(settings->places, connection->holder)) {
        turn_away(connection, "too many connections");
        close(socket);
        free(connection);
        return;
    }
    link_connection(connection);
    if (!prepare(connection, socket)) {
        if (connection->events == NULL)
            close(socket);
        unlink_connection(connection);
        connection_free(connection);
        return;
    }
    enter(connection, settings->tls == NULL ? CONNECTION_IDLE : CONNECTION_HANDSHAKE);
}

void connections_stop(struct connection_list *list)
{
    list->is_stopping = true;
    for (struct connection *connection = list->first, *next; connection != NULL; connection = next) {
        next = connection->next;
        if (connection->state == CONNECTION_IDLE || connection->state == CONNECTION_HANDSHAKE)
            enter(connection, CONNECTION_CLOSED);
    }
    tell_emptied(list);
}

void connections_close(struct connection_list *list)
{
    list->emptied = NULL;
    while (list->first != NULL)
        enter(list->first, CONNECTION_CLOSED);
}
