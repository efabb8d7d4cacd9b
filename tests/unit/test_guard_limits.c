#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kiosk/guard/codes.h"
#include "kiosk/guard/restarts.h"

static void try_wrong(struct codes *codes, int64_t now_ms)
{
    assert_true(codes_try(codes, now_ms));
    assert_true(codes_report(codes, false, now_ms));
}

static void five_wrong_codes_begin_a_pause_that_doubles(void **state)
{
    static const int64_t pauses[] = {60000, 120000, 240000, 480000, 480000, 480000};
    struct codes codes = {0};
    int64_t now = 1000;

    (void)state;
    for (size_t i = 0; i < sizeof pauses / sizeof pauses[0]; i++) {
        for (int tries = 0; tries < CODES_TRIES; tries++) {
            assert_int_equal(codes_wait(&codes, now), 0);
            try_wrong(&codes, now);
        }
        assert_int_equal(codes_wait(&codes, now), pauses[i]);
        assert_false(codes_try(&codes, now + pauses[i] - 1));
        now += pauses[i];
    }
}

static void a_right_code_starts_afresh(void **state)
{
    struct codes codes = {0};

    (void)state;
    for (int i = 0; i < 9; i++)
        try_wrong(&codes, i < 5 ? 0 : 60000);
    assert_true(codes_try(&codes, 60000));
    assert_true(codes_report(&codes, true, 60000));
    for (int i = 0; i < CODES_TRIES; i++)
        try_wrong(&codes, 60000);
    assert_int_equal(codes_wait(&codes, 60000), CODES_PAUSE_MS);
}

static void an_abandoned_try_counts_as_wrong(void **state)
{
    struct codes codes = {0};

    (void)state;
    for (int i = 0; i < CODES_TRIES; i++) {
        assert_true(codes_try(&codes, 0));
        codes_abandon(&codes, 0);
    }
    assert_int_equal(codes_wait(&codes, 0), CODES_PAUSE_MS);
}

static void asking_again_without_a_report_counts_as_wrong(void **state)
{
    struct codes codes = {0};

    (void)state;
    for (int i = 0; i < CODES_TRIES; i++)
        assert_true(codes_try(&codes, 0));
    assert_false(codes_try(&codes, 0));
}

static void a_report_without_a_try_is_refused(void **state)
{
    struct codes codes = {0};

    (void)state;
    assert_false(codes_report(&codes, true, 0));
    try_wrong(&codes, 0);
    assert_false(codes_report(&codes, true, 0));
    codes_abandon(&codes, 0);
    assert_int_equal(codes.wrong, 1);
}

static void a_fifth_failure_within_a_minute_is_too_often(void **state)
{
    struct restarts restarts = {0};

    (void)state;
    for (int64_t i = 0; i < 4; i++)
        assert_false(restarts_add(&restarts, 5000 + i));
    assert_true(restarts_add(&restarts, 5000 + RESTARTS_WINDOW_MS - 1));
    assert_int_equal(restarts.total, 5);
}

static void rare_failures_are_never_too_often(void **state)
{
    struct restarts restarts = {0};

    (void)state;
    for (int64_t i = 0; i < 100; i++)
        assert_false(restarts_add(&restarts, i * RESTARTS_WINDOW_MS / 4));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(five_wrong_codes_begin_a_pause_that_doubles),
        cmocka_unit_test(a_right_code_starts_afresh),
        cmocka_unit_test(an_abandoned_try_counts_as_wrong),
        cmocka_unit_test(asking_again_without_a_report_counts_as_wrong),
        cmocka_unit_test(a_report_without_a_try_is_refused),
        cmocka_unit_test(a_fifth_failure_within_a_minute_is_too_often),
        cmocka_unit_test(rare_failures_are_never_too_often),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
