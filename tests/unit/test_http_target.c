#include "server/http/target.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct match {
    const char *pattern, *path;
    const char *first, *second; /* first NULL: no match */
};

static const struct match matches[] = {
    {"/v1/catalog", "/v1/catalog", "", ""},
    {"/v1/catalog", "/v1/catalog/", NULL, NULL},
    {"/v1/catalog", "/v1", NULL, NULL},
    {"/v1/catalog", "/v1/catalogs", NULL, NULL},
    {"/v1/catalog", "/V1/catalog", NULL, NULL},
    {"/v1/catalog", "//v1/catalog", NULL, NULL},
    {"/v1/tickets/{ID}", "/v1/tickets/ab-1", "ab-1", ""},
    {"/v1/tickets/{ID}", "/v1/tickets/", NULL, NULL},
    {"/v1/tickets/{ID}", "/v1/tickets/a/b", NULL, NULL},
    {"/v1/tickets/{ID}", "/v1/tickets/..", NULL, NULL},
    {"/v1/tickets/{ID}", "/v1/tickets/%2e%2E", NULL, NULL},
    {"/v1/tickets/{ID}", "/v1/tickets/a%2Fb", NULL, NULL},
    {"/v1/tickets/{ID}", "/v1/tickets/a%00", NULL, NULL},
    {"/v1/tickets/{ID}", "/v1/tickets/a%0a", NULL, NULL},
    {"/v1/tickets/{ID}", "/v1/tickets/a%c3%a4", NULL, NULL},
    {"/v1/tickets/{ID}", "/v1/tickets/a%4", NULL, NULL},
    {"/v1/tickets/{ID}", "/v1/tickets/a%", NULL, NULL},
    {"/v1/tickets/{ID}", "/v1/tickets/a%zz", NULL, NULL},
    {"/v1/seats/{name}/revoke", "/v1/seats/room%3A4/revoke", "room:4", ""},
    {"/v1/exams/{id}/{exam|open|key}", "/v1/exams/12/open", "12", "open"},
    {"/v1/exams/{id}/{exam|open|key}", "/v1/exams/12/ope", NULL, NULL},
    {"/v1/exams/{id}/{exam|open|key}", "/v1/exams/12/exam|open", NULL, NULL},
    {"/v1/exams/{id}/{exam|open|key}", "/v1/exams/12/keys", NULL, NULL},
};

static void target_matches_whole_segments(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof matches / sizeof matches[0]; i++) {
        struct target_parameters found = {.count = 0};
        bool ok = target_match(matches[i].pattern, matches[i].path, &found);
        if (ok != (matches[i].first != NULL))
            fail_msg("%s and %s", matches[i].pattern, matches[i].path);
        if (!ok)
            continue;
        assert_string_equal(found.count > 0 ? found.values[0] : "", matches[i].first);
        assert_string_equal(found.count > 1 ? found.values[1] : "", matches[i].second);
    }
}

static void target_bounds_a_parameter(void **state)
{
    (void)state;
    struct target_parameters found = {.count = 0};
    char path[3 * TARGET_TEXT_SIZE + 2] = "/";
    memset(path + 1, 'a', TARGET_TEXT_SIZE - 1);
    assert_true(target_match("/{id}", path, &found));
    assert_int_equal(strlen(found.values[0]), TARGET_TEXT_SIZE - 1);
    path[TARGET_TEXT_SIZE] = 'a';
    assert_false(target_match("/{id}", path, &found));
}

static void target_takes_one_known_query(void **state)
{
    (void)state;
    char value[TARGET_TEXT_SIZE];
    assert_true(target_query("", "after", value));
    assert_string_equal(value, "");
    assert_true(target_query("after=12", "after", value));
    assert_string_equal(value, "12");
    assert_true(target_query("id=a/b%2Fc%26", "id", value));
    assert_string_equal(value, "a/b/c&");
    static const char *const bad[] = {"after", "after=", "before=1", "after=1&after=2", "after=1;b",
        "AFTER=1", "after=%0a", "after=1=2", "&after=1"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (target_query(bad[i], "after", value))
            fail_msg("%s: taken", bad[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(target_matches_whole_segments),
        cmocka_unit_test(target_bounds_a_parameter),
        cmocka_unit_test(target_takes_one_known_query),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
