#include "server/routes.h"

#include "server/handlers/handlers.h"

#define SEAT ROLE_BIT(ROLE_SEAT_TLS)
#define STAFF ROLE_BIT(ROLE_STAFF)
#define BOARD ROLE_BIT(ROLE_BOARD)

#define PART_BYTES (1u << 20)
#define JSON_BYTES (64u << 10)

/* door, method, pattern, roles, body, lane, query, who answers */
const struct route routes[] = {
    {DOOR_SEATS, METHOD_GET, "/v1/catalog", SEAT | STAFF, 0, LANE_FAST, NULL, catalog_get},
    {DOOR_SEATS, METHOD_GET, "/v1/crl", SEAT | STAFF, 0, LANE_FAST, "issuer", crl_get},
    {DOOR_SEATS, METHOD_GET, "/v1/certificates", SEAT | STAFF, 0, LANE_FAST, NULL, certificates_get},
    {DOOR_SEATS, METHOD_GET, "/v1/packages/{id}", SEAT | STAFF | BOARD, 0, LANE_FAST, NULL, packages_get},
    {DOOR_SEATS, METHOD_GET, "/v1/tickets/{ID}", SEAT | STAFF, 0, LANE_FAST, NULL, tickets_get},
    {DOOR_SEATS, METHOD_PUT, "/v1/results/{ID}", SEAT | STAFF, RESULT_MAX_BYTES, LANE_FAST, NULL,
        results_put},
    {DOOR_SEATS, METHOD_GET, "/v1/results/{ID}", STAFF | BOARD, 0, LANE_FAST, NULL, results_get},
    {DOOR_SEATS, METHOD_PUT, "/v1/journals/{ID}", SEAT | STAFF, RESULT_MAX_BYTES, LANE_FAST, NULL,
        journals_put},
    {DOOR_SEATS, METHOD_GET, "/v1/receipts/{ID}", SEAT | STAFF, 0, LANE_FAST, NULL, receipts_get},
    {DOOR_SEATS, METHOD_GET, "/v1/scores/{ID}", STAFF | BOARD, 0, LANE_FAST, NULL, scores_get},
    {DOOR_SEATS, METHOD_PUT, "/v1/status/{ID}", SEAT, TICKET_MAX_BYTES, LANE_FAST, NULL, statuses_put},
    {DOOR_SEATS, METHOD_GET, "/v1/orders", SEAT, 0, LANE_FAST, "after", orders_get},

    {DOOR_SEATS, METHOD_GET, "/v1/exams", STAFF | BOARD, 0, LANE_FAST, NULL, exams_list},
    {DOOR_SEATS, METHOD_PUT, "/v1/exams/{id}/{exam|open|key}", BOARD, PART_BYTES, LANE_FAST, NULL,
        exam_part_put},
    {DOOR_SEATS, METHOD_GET, "/v1/exams/{id}/{exam|open|key}", BOARD, 0, LANE_FAST, NULL, exam_part_get},
    {DOOR_SEATS, METHOD_POST, "/v1/exams/{id}", BOARD, JSON_BYTES, LANE_SLOW, NULL, exams_publish},

    {DOOR_SEATS, METHOD_POST, "/v1/sittings", STAFF, JSON_BYTES, LANE_SLOW, NULL, sittings_create},
    {DOOR_SEATS, METHOD_GET, "/v1/sittings", STAFF, 0, LANE_FAST, NULL, sittings_list},
    {DOOR_SEATS, METHOD_GET, "/v1/sittings/{id}", STAFF, 0, LANE_FAST, NULL, sittings_get},
    {DOOR_SEATS, METHOD_GET, "/v1/sittings/{id}/codes", STAFF, 0, LANE_FAST, NULL, sitting_codes_get},
    {DOOR_SEATS, METHOD_POST, "/v1/sittings/{id}/admissions", STAFF, JSON_BYTES, LANE_SLOW, NULL,
        admissions_create},
    {DOOR_SEATS, METHOD_POST, "/v1/admissions/{number}/readmit", STAFF, JSON_BYTES, LANE_SLOW, NULL,
        admissions_readmit},
    {DOOR_SEATS, METHOD_GET, "/v1/sessions", STAFF | BOARD, 0, LANE_FAST, "sitting", sessions_list},

    {DOOR_SEATS, METHOD_POST, "/v1/programmes", BOARD, PROGRAMME_MAX_BYTES, LANE_SLOW, NULL,
        programmes_publish},
    {DOOR_SEATS, METHOD_GET, "/v1/candidates", STAFF | BOARD, 0, LANE_FAST, "id", candidates_get},
    {DOOR_SEATS, METHOD_POST, "/v1/titles/{review|revoke|restore}", BOARD, JSON_BYTES, LANE_FAST, NULL,
        titles_decide_post},

    {DOOR_SEATS, METHOD_POST, "/v1/seats/invite", STAFF, JSON_BYTES, LANE_FAST, NULL, seats_invite},
    {DOOR_SEATS, METHOD_GET, "/v1/seats", STAFF, 0, LANE_FAST, NULL, seats_list},
    {DOOR_SEATS, METHOD_POST, "/v1/seats/{name}/revoke", STAFF, JSON_BYTES, LANE_SLOW, NULL, seats_revoke},

    {DOOR_PUBLIC, METHOD_GET, "/v1/root", 0, 0, LANE_FAST, NULL, root_get},
    {DOOR_PUBLIC, METHOD_POST, "/v1/enrol", 0, JSON_BYTES, LANE_SLOW, NULL, enrol_post},

    {DOOR_LOCAL, METHOD_GET, "/healthz", 0, 0, LANE_FAST, NULL, health_get},
    {DOOR_LOCAL, METHOD_GET, "/metrics", 0, 0, LANE_FAST, NULL, metrics_get_text},
};
const size_t route_count = sizeof routes / sizeof routes[0];

/* The methods in the order they are named in an Allow field. */
static const char *allow_of(unsigned methods)
{
    static const char *const names[] = {
        "", "GET", "PUT", "GET, PUT", "POST", "GET, POST", "PUT, POST", "GET, PUT, POST"};
    unsigned index = ((methods >> METHOD_GET) & 1u) | ((methods >> METHOD_PUT) & 1u) << 1 |
                     ((methods >> METHOD_POST) & 1u) << 2;
    return names[index];
}

static bool may(const struct route *route, enum role role)
{
    return route->roles == 0 || (route->roles & ROLE_BIT(role)) != 0;
}

enum route_found route_find(enum door door, enum method method, const char *path, const char *query,
    enum role role, struct route_match *match)
{
    unsigned methods = 0;
    for (size_t i = 0; i < route_count; i++) {
        const struct route *route = &routes[i];
        if (route->door != door || !target_match(route->pattern, path, &match->parameters))
            continue;
        methods |= 1u << route->method;
        if (route->method != method)
            continue;
        match->route = route;
        if (!may(route, role))
            return ROUTE_NO_ROLE;
        match->query[0] = '\0';
        bool is_good =
            route->query == NULL ? *query == '\0' : target_query(query, route->query, match->query);
        return is_good ? ROUTE_FOUND : ROUTE_BAD_QUERY;
    }
    match->allow = allow_of(methods);
    return methods == 0 ? ROUTE_NO_PATH : ROUTE_NO_METHOD;
}
