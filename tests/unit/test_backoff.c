/* Behaviour of kiosk/sync/backoff.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kiosk/sync/backoff.h"

static void waits_between_nothing_and_the_window(void **state)
{
    static const struct {
        unsigned failures;
        int64_t window_ms;
    } cases[] = {{1, 1000}, {2, 2000}, {3, 4000}, {6, 32000}, {7, 60000}, {8, 60000}, {64, 60000},
        {4000000000u, 60000}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(backoff_delay_ms(cases[i].failures, 0, 0), 0);
        assert_int_equal(
            backoff_delay_ms(cases[i].failures, 0, (uint64_t)cases[i].window_ms), cases[i].window_ms);
        assert_int_equal(backoff_delay_ms(cases[i].failures, 0, (uint64_t)cases[i].window_ms + 1), 0);
        assert_in_range(backoff_delay_ms(cases[i].failures, 0, UINT64_MAX), 0, cases[i].window_ms);
    }
}

static void waits_what_the_server_asked_for_and_jitter_on_top(void **state)
{
    (void)state;
    assert_int_equal(backoff_delay_ms(1, 30, 0), 30000);
    assert_int_equal(backoff_delay_ms(1, 30, 700), 30700);
    assert_int_equal(backoff_delay_ms(9, 3600, 60000), 3660000);
}

/* Full jitter means that two seats rarely come back in the same moment: every tenth of the window is used. */
static void spreads_over_the_whole_window(void **state)
{
    unsigned tenths[10] = {0};

    (void)state;
    for (uint64_t i = 0; i < 10000; i++) {
        int64_t delay = backoff_delay_ms(10, 0, i * UINT64_C(0x9e3779b97f4a7c15));
        tenths[delay == BACKOFF_CAP_MS ? 9 : delay / (BACKOFF_CAP_MS / 10)]++;
    }
    for (int i = 0; i < 10; i++)
        assert_in_range(tenths[i], 800, 1200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waits_between_nothing_and_the_window),
        cmocka_unit_test(waits_what_the_server_asked_for_and_jitter_on_top),
        cmocka_unit_test(spreads_over_the_whole_window),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
