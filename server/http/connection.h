/* connection.h: one client from accept to close. Used by listener.c alone. */
#ifndef CARREL_SERVER_HTTP_CONNECTION_H
#define CARREL_SERVER_HTTP_CONNECTION_H

#include "server/http/listener.h"

struct connection_list {
    struct connection *first;
    const struct listener_settings *settings;
    struct loop *loop;
    bool is_stopping;
    loop_call *emptied; /* NULL or called when is_stopping and the last one is gone */
    void *emptied_context;
};

/* Takes the socket over, whatever comes of it. */
void connection_accept(struct connection_list *list, int socket, const char *address);
/* Ends those between two requests now, the others after their reply. */
void connections_stop(struct connection_list *list);
void connections_close(struct connection_list *list);

#endif
