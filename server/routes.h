/* routes.h: every route of the server, in one table: which door, whose, how large, who answers.
 *
 * docs/openapi.yaml describes the same table and a test holds the two together. */
#ifndef CARREL_SERVER_ROUTES_H
#define CARREL_SERVER_ROUTES_H

#include "server/http/target.h"
#include "server/server.h"

struct call;

struct route {
    enum door door;
    enum method method;
    const char *pattern;
    unsigned roles; /* ROLE_BIT of each role that may; 0 on doors without certificates */
    size_t max_body;
    enum lane lane;
    const char *query; /* the one it takes; NULL: none */
    void (*handle)(struct call *call, struct store *reader);
};

#define ROLE_BIT(role) (1u << (role))

extern const struct route routes[];
extern const size_t route_count;

enum route_found { ROUTE_FOUND, ROUTE_NO_PATH, ROUTE_NO_METHOD, ROUTE_NO_ROLE, ROUTE_BAD_QUERY };

struct route_match {
    const struct route *route;
    struct target_parameters parameters;
    char query[TARGET_TEXT_SIZE];
    const char *allow; /* ROUTE_NO_METHOD: what would do */
};

/* Which route a request of this role is for. A role that may not use a path is told so whether the object
 * exists or not. */
enum route_found route_find(enum door door, enum method method, const char *path, const char *query,
    enum role role, struct route_match *match);

#endif
