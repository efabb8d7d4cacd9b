/* server-routes: the server's table of routes as JSON on standard output, for the tests that hold it against
 * docs/openapi.yaml and against every role. */
#include <stdio.h>

#include "server/routes.h"

static const enum role roles[] = {ROLE_SEAT_TLS, ROLE_STAFF, ROLE_BOARD};

static struct json *route_json(const struct route *route)
{
    struct json *json = json_new_object(), *allowed = json_new_array();
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++)
        if ((route->roles & ROLE_BIT(roles[i])) != 0)
            json_add(allowed, json_text(role_name(roles[i])));
    json_set(json, "door", json_text(door_name(route->door)));
    json_set(json, "method", json_text(method_name(route->method)));
    json_set(json, "pattern", json_text(route->pattern));
    json_set(json, "roles", allowed);
    json_set(json, "max_body", json_int((int64_t)route->max_body));
    json_set(json, "query", json_text(route->query == NULL ? "" : route->query));
    return json;
}

int main(void)
{
    struct buffer text = {.max = 1u << 20};
    struct json *list = json_new_array();
    for (size_t i = 0; i < route_count; i++)
        json_add(list, route_json(&routes[i]));
    bool ok = json_write(list, &text, NULL);
    (void)printf("%s\n", buffer_text(&text));
    json_free(list);
    buffer_release(&text);
    return ok ? 0 : 1;
}
