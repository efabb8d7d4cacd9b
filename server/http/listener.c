#include "server/http/listener.h"

#include <arpa/inet.h>
#include <event2/listener.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "server/http/connection.h"

#define BACKLOG 512

struct listener {
    struct listener_settings settings;
    struct evconnlistener *port;
    struct connection_list connections;
};

union any_address {
    struct sockaddr any;
    struct sockaddr_in ip4;
    struct sockaddr_in6 ip6;
};

static socklen_t parse_address(const char *text, unsigned port, union any_address *address)
{
    *address = (union any_address){.ip4 = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)}};
    if (inet_pton(AF_INET, text, &address->ip4.sin_addr) == 1)
        return sizeof address->ip4;
    *address = (union any_address){.ip6 = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)}};
    if (inet_pton(AF_INET6, text, &address->ip6.sin6_addr) == 1)
        return sizeof address->ip6;
    return 0;
}

static void address_text(const struct sockaddr *from, char text[ADDRESS_SIZE])
{
    union any_address address = {.any = *from};
    snprintf(text, ADDRESS_SIZE, "-");
    if (from->sa_family == AF_INET) {
        memcpy(&address.ip4, from, sizeof address.ip4);
        (void)inet_ntop(AF_INET, &address.ip4.sin_addr, text, ADDRESS_SIZE); /* "-" then */
    } else if (from->sa_family == AF_INET6) {
        memcpy(&address.ip6, from, sizeof address.ip6);
        (void)inet_ntop(AF_INET6, &address.ip6.sin6_addr, text, ADDRESS_SIZE);
    }
}

static void accepted(
    struct evconnlistener *port, evutil_socket_t socket, struct sockaddr *from, int from_len, void *context)
{
    static const int on = 1;
    struct listener *listener = context;
    char address[ADDRESS_SIZE];
    (void)port;
    (void)from_len;
    address_text(from, address);
    /* A head and its body are two records: waiting for the first's acknowledgement costs 40 ms. */
    (void)setsockopt((int)socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    connection_accept(&listener->connections, (int)socket, address);
}

struct listener *listener_new(struct loop *loop, const struct listener_settings *settings, struct error *err)
{
    union any_address address;
    socklen_t len = parse_address(settings->address, settings->port, &address);
    if (len == 0) {
        error_set(err, ERROR_USAGE, "%s is no numeric address", settings->address);
        return NULL;
    }
    struct listener *listener = calloc(1, sizeof *listener);
    if (listener == NULL) {
        error_set(err, ERROR_NOMEM, "out of memory");
        return NULL;
    }
    listener->settings = *settings;
    listener->connections = (struct connection_list){.settings = &listener->settings, .loop = loop};
    listener->port = evconnlistener_new_bind(loop_base(loop), accepted, listener,
        LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_REUSEABLE, BACKLOG, &address.any, (int)len);
    if (listener->port == NULL) {
        error_set_errno(err, "%s port %u", settings->address, settings->port);
        listener_free(listener);
        return NULL;
    }
    return listener;
}

unsigned listener_port(const struct listener *listener)
{
    union any_address address;
    socklen_t len = sizeof address;
    if (getsockname(evconnlistener_get_fd(listener->port), &address.any, &len) != 0)
        return 0;
    return ntohs(address.any.sa_family == AF_INET6 ? address.ip6.sin6_port : address.ip4.sin_port);
}

static void close_port(struct listener *listener)
{
    if (listener->port != NULL)
        evconnlistener_free(listener->port);
    listener->port = NULL;
}

void listener_stop(struct listener *listener, loop_call *drained, void *context)
{
    close_port(listener);
    listener->connections.emptied = drained;
    listener->connections.emptied_context = context;
    connections_stop(&listener->connections);
}

void listener_free(struct listener *listener)
{
    if (listener == NULL)
        return;
    close_port(listener);
    connections_close(&listener->connections);
    loop_settle(listener->connections.loop);
    free(listener);
}
