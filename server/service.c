#include "server/service.h"

#include "server/call.h"
#include "server/certificates.h"
#include "server/log.h"
#include "server/routes.h"

struct service {
    struct http_service http;
    struct server *server;
    enum door door;
};

/* --- refusing --------------------------------------------------------------------------------- */

/* Nothing is served to a certificate that has expired or been revoked since the handshake. */
static bool peer_counts(struct service *service, struct exchange *exchange)
{
    struct server *server = service->server;
    struct error err = {ERROR_NONE, ""};
    if (service->door != DOOR_SEATS)
        return true;
    if (exchange->peer.certificate != NULL &&
        trust_keeper_readmit(server->trust, &exchange->peer, clock_wall_ms(server->clock), &err))
        return true;
    reply_error(
        &exchange->reply, 401, "certificate", "%s", err.code == ERROR_NONE ? "no certificate" : err.text);
    exchange->reply.closes = true;
    return false;
}

static void refuse(struct exchange *exchange, enum route_found found, const struct route_match *match)
{
    struct reply *reply = &exchange->reply;
    switch (found) {
    case ROUTE_NO_ROLE:
        reply_error(reply, 403, "role", "a certificate of the role %s may not do this",
            role_name(exchange->peer.role));
        return;
    case ROUTE_NO_METHOD:
        reply_error(reply, 405, "method", "%s is not for this", method_name(exchange->head.method));
        reply->allow = match->allow;
        return;
    case ROUTE_BAD_QUERY: reply_error(reply, 400, "format", "a query that this route doesn't take"); return;
    case ROUTE_NO_PATH:
    case ROUTE_FOUND: break;
    }
    reply_error(reply, 404, "not-found", "there is nothing at this path");
}

/* --- the three calls of exchange.h ------------------------------------------------------------ */

static bool begin(void *context, struct exchange *exchange)
{
    struct service *service = context;
    struct route_match *match = calloc(1, sizeof *match);
    if (match == NULL) {
        reply_retry(&exchange->reply, 503, 10, "the server can't do this now");
        return false;
    }
    exchange->user = match;
    if (!peer_counts(service, exchange))
        return false;
    enum route_found found = route_find(service->door, exchange->head.method, exchange->head.path,
        exchange->head.query, exchange->peer.role, match);
    if (found != ROUTE_FOUND) {
        refuse(exchange, found, match);
        return false;
    }
    exchange->body.max = match->route->max_body;
    certificates_meet(service->server, &exchange->peer);
    return true;
}

static void answer(void *context, struct exchange *exchange)
{
    struct service *service = context;
    const struct route_match *match = exchange->user;
    call_start(service->server, exchange, match->route, &match->parameters, match->query);
}

static void count(const struct exchange *exchange)
{
    int class = exchange->reply.status / 100;
    if (!exchange->is_sent || class < 1 || class > 5)
        metrics_add(METRIC_CLIENT_GONE, 1);
    else
        metrics_add((enum metric)(METRIC_REQUESTS_1XX + class - 1), 1);
    metrics_add(METRIC_SENT_BYTES, exchange->sent_bytes);
}

/* Who asked what, how it ended, how long it took. Paths hold identifiers only. */
static void log_line(const struct service *service, const struct exchange *exchange)
{
    const struct peer *peer = &exchange->peer;
    const struct clock *clock = service->server->clock;
    log_write(clock, "%s %s %s/%s/\"%s\" %s %s %d in=%zu out=%llu %lldms", door_name(service->door),
        exchange->address, role_name(peer->role), peer->center, peer->name,
        method_name(exchange->head.method), exchange->head.path == NULL ? "-" : exchange->head.path,
        exchange->reply.status, exchange->body.len, (unsigned long long)exchange->sent_bytes,
        (long long)(clock_awake_ms(clock) - exchange->began_ms));
}

static void end(void *context, struct exchange *exchange)
{
    const struct service *service = context;
    count(exchange);
    if (service->door != DOOR_LOCAL)
        log_line(service, exchange);
    free(exchange->user);
}

static void turned_away(void *context, const char *address, const char *why)
{
    const struct service *service = context;
    metrics_add(METRIC_TURNED_AWAY, 1);
    log_write(service->server->clock, "%s %s turned away: %s", door_name(service->door), address, why);
}

/* --- birth ------------------------------------------------------------------------------------ */

struct service *service_new(struct server *server, enum door door, struct error *err)
{
    struct service *service = calloc(1, sizeof *service);
    if (service == NULL) {
        error_set(err, ERROR_NOMEM, "out of memory");
        return NULL;
    }
    service->server = server;
    service->door = door;
    service->http = (struct http_service){service, begin, answer, end, turned_away};
    return service;
}

const struct http_service *service_http(const struct service *service)
{
    return &service->http;
}

void service_free(struct service *service)
{
    free(service);
}
