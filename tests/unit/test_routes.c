/* The table of routes by itself: every role at every route, and what is not there. */
#include "server/routes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* A path that the pattern matches. */
static void example_of(const char *pattern, char *path, size_t size)
{
    size_t filled = 0;
    for (const char *at = pattern; *at != '\0' && filled + 5 < size; at++) {
        if (*at != '{') {
            path[filled++] = *at;
            continue;
        }
        const size_t word = strcspn(at + 1, "|}");
        const bool is_word = at[1 + word] == '|'; /* the first of several; else any name */
        filled += (size_t)snprintf(
            path + filled, size - filled, "%.*s", is_word ? (int)word : 3, is_word ? at + 1 : "a-1");
        at = strchr(at, '}');
    }
    path[filled] = '\0';
}

static void routes_let_in_who_they_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < route_count; i++) {
        char path[200];
        example_of(routes[i].pattern, path, sizeof path);
        for (int role = ROLE_NONE; role < ROLES; role++) {
            struct route_match match;
            enum route_found found =
                route_find(routes[i].door, routes[i].method, path, "", (enum role)role, &match);
            bool may = routes[i].roles == 0 || (routes[i].roles & ROLE_BIT(role)) != 0;
            if (found != (may ? ROUTE_FOUND : ROUTE_NO_ROLE))
                fail_msg("%s %s for %s: %d", method_name(routes[i].method), path, role_name((enum role)role),
                    (int)found);
            if (may)
                assert_ptr_equal(match.route, &routes[i]);
        }
    }
}

static void routes_are_for_clients_only(void **state)
{
    const unsigned clients = ROLE_BIT(ROLE_SEAT_TLS) | ROLE_BIT(ROLE_STAFF) | ROLE_BIT(ROLE_BOARD);
    (void)state;
    for (size_t i = 0; i < route_count; i++) {
        assert_int_equal(routes[i].roles & ~clients, 0);
        if (routes[i].door == DOOR_SEATS)
            assert_int_not_equal(routes[i].roles, 0); /* never without asking who it is */
        assert_int_equal(routes[i].max_body != 0, routes[i].method != METHOD_GET);
    }
}

/* What a seat's network program may write is its results, journals and status, and nothing else. */
static void routes_let_a_seat_write_what_is_signed_inside_only(void **state)
{
    unsigned count = 0;
    (void)state;
    for (size_t i = 0; i < route_count; i++) {
        if (routes[i].method == METHOD_GET || (routes[i].roles & ROLE_BIT(ROLE_SEAT_TLS)) == 0)
            continue;
        count++;
        assert_int_equal(routes[i].method, METHOD_PUT);
        assert_true(strncmp(routes[i].pattern, "/v1/results/", 12) == 0 ||
                    strncmp(routes[i].pattern, "/v1/journals/", 13) == 0 ||
                    strncmp(routes[i].pattern, "/v1/status/", 11) == 0);
    }
    assert_int_equal(count, 3);
}

static const struct {
    enum method method;
    const char *path, *query;
    enum route_found found;
    const char *allow;
} cases[] = {
    {METHOD_GET, "/v1/catalog", "", ROUTE_FOUND, NULL},
    {METHOD_PUT, "/v1/catalog", "", ROUTE_NO_METHOD, "GET"},
    {METHOD_OTHER, "/v1/results/a", "", ROUTE_NO_METHOD, "GET, PUT"},
    {METHOD_GET, "/v1/exams/a", "", ROUTE_NO_METHOD, "POST"},
    {METHOD_PUT, "/v1/sittings", "", ROUTE_NO_METHOD, "GET, POST"},
    {METHOD_GET, "/v1/catalog/", "", ROUTE_NO_PATH, NULL},
    {METHOD_GET, "/healthz", "", ROUTE_NO_PATH, NULL},
    {METHOD_GET, "/v1/root", "", ROUTE_NO_PATH, NULL},
    {METHOD_GET, "/v1/catalog", "a=1", ROUTE_BAD_QUERY, NULL},
    {METHOD_GET, "/v1/crl", "issuer=root", ROUTE_FOUND, NULL},
    {METHOD_GET, "/v1/crl", "other=root", ROUTE_BAD_QUERY, NULL},
};

static void routes_say_what_is_not_there(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct route_match match = {.route = NULL};
        enum route_found found =
            route_find(DOOR_SEATS, cases[i].method, cases[i].path, cases[i].query, ROLE_STAFF, &match);
        if (found != cases[i].found)
            fail_msg("%s?%s: %d", cases[i].path, cases[i].query, (int)found);
        if (cases[i].allow != NULL)
            assert_string_equal(match.allow, cases[i].allow);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(routes_let_in_who_they_name),
        cmocka_unit_test(routes_are_for_clients_only),
        cmocka_unit_test(routes_let_a_seat_write_what_is_signed_inside_only),
        cmocka_unit_test(routes_say_what_is_not_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
