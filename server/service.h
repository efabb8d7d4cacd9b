/* service.h: from a request at a door to its handler, and the line in the log when it is answered. */
#ifndef CARREL_SERVER_SERVICE_H
#define CARREL_SERVER_SERVICE_H

#include "server/server.h"

struct service; /* one for each door */

struct service *service_new(struct server *server, enum door door, struct error *err);
const struct http_service *service_http(const struct service *service);
void service_free(struct service *service); /* NULL is fine */

#endif
