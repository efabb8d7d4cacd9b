#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kiosk/guard/exam_clock.h"

static struct message_clock anchor(int64_t exam_ms, int64_t boot_ms, bool is_running)
{
    return (struct message_clock){
        .exam_ms = exam_ms, .boot_ms = boot_ms, .is_running = is_running ? 1 : 0, .is_set = 1};
}

static bool set(struct exam_clock *clock, int64_t exam_ms, int64_t boot_ms, bool is_running, int64_t now_ms)
{
    const struct message_clock told = anchor(exam_ms, boot_ms, is_running);

    return exam_clock_set(clock, &told, now_ms);
}

static bool saved(struct exam_clock *clock, int64_t exam_ms, int64_t boot_ms, int64_t now_ms)
{
    return exam_clock_saved(clock, &(struct message_saved){exam_ms, boot_ms}, now_ms);
}

static void exam_time_runs_with_boot_time_to_the_millisecond(void **state)
{
    struct exam_clock clock = {0};

    (void)state;
    assert_int_equal(exam_clock_at(&clock, 123456), 0);
    assert_true(set(&clock, 5000, 100000, true, 100010));
    assert_int_equal(exam_clock_at(&clock, 100000), 5000);
    assert_int_equal(exam_clock_at(&clock, 100001), 5001);
    assert_int_equal(exam_clock_at(&clock, 100000 + 3600000), 5000 + 3600000);
    assert_int_equal(exam_clock_at(&clock, 90000), 5000);
}

static void a_stopped_clock_stands(void **state)
{
    struct exam_clock clock = {0};

    (void)state;
    assert_true(set(&clock, 5000, 100000, true, 100000));
    assert_true(set(&clock, 7000, 102000, false, 102000));
    assert_int_equal(exam_clock_at(&clock, 999999), 7000);
    assert_true(set(&clock, 7000, 200000, true, 200000));
    assert_int_equal(exam_clock_at(&clock, 200500), 7500);
}

static void exam_time_is_never_set_back(void **state)
{
    struct exam_clock clock = {0};

    (void)state;
    assert_true(set(&clock, 5000, 100000, true, 100000));
    assert_false(set(&clock, 5999, 101000, false, 101000)); /* a millisecond less than it is */
    assert_false(set(&clock, 5999, 101000, true, 101500));
    assert_int_equal(exam_clock_at(&clock, 101000), 6000);
    assert_true(set(&clock, 6000, 101000, false, 101500)); /* told half a second late */
    assert_int_equal(exam_clock_at(&clock, 101500), 6000);
    assert_true(set(&clock, 6500, 101000, false, 101500)); /* staff charge it */
}

static void a_stop_is_told_three_seconds_late_at_most(void **state)
{
    struct exam_clock clock = {0};

    (void)state;
    assert_true(set(&clock, 0, 100000, true, 100000));
    assert_false(set(&clock, 5000, 105000, false, 108001));
    assert_true(set(&clock, 5000, 105000, false, 108000));
}

static void an_old_anchor_that_says_the_same_is_taken(void **state)
{
    struct exam_clock clock = {0};

    (void)state;
    assert_true(set(&clock, 5000, 100000, true, 100000));
    assert_true(
        set(&clock, 5800, 100800, true, 500000)); /* as the next screen process reads it from its journal */
    assert_int_equal(exam_clock_at(&clock, 500000), 405000);
    assert_true(set(&clock, 405000, 500000, false, 500000));
    assert_true(set(&clock, 405000, 500000, false, 900000));
}

static void a_stop_that_died_untold_is_taken_from_the_next_screen_process(void **state)
{
    struct exam_clock clock = {0};

    (void)state;
    assert_true(set(&clock, 0, 100000, true, 100000));
    assert_true(saved(&clock, 800, 100800, 100810));
    assert_false(set(&clock, 1000, 109000, false, 109000)); /* as a lie of the same process */
    exam_clock_replay(&clock);
    assert_false(set(&clock, 799, 109000, false, 109000)); /* less than was told as saved */
    assert_true(set(&clock, 1000, 109000, false, 109000)); /* it stood from 101000 on */
    assert_int_equal(exam_clock_at(&clock, 200000), 1000);
    assert_false(set(&clock, 999, 109500, false, 109500)); /* and only the first of them */
}

static void a_pause_that_died_untold_goes_on_running_from_where_it_stood(void **state)
{
    struct exam_clock clock = {0};

    (void)state;
    assert_true(set(&clock, 0, 100000, true, 100000));
    assert_true(saved(&clock, 800, 100800, 100810));
    exam_clock_replay(&clock);
    assert_true(set(&clock, 1000, 109000, true, 109010));
    assert_int_equal(exam_clock_at(&clock, 110000), 2000);
}

static void exam_time_ends_at_its_limit(void **state)
{
    struct exam_clock clock = {0};
    struct message_clock told = anchor(0, 100000, true);

    (void)state;
    told.limit_ms = 60000;
    assert_true(exam_clock_set(&clock, &told, 100000));
    assert_int_equal(exam_clock_at(&clock, 159999), 59999);
    assert_int_equal(exam_clock_at(&clock, 160000), 60000);
    assert_int_equal(exam_clock_at(&clock, 900000), 60000);

    /* The end, told some milliseconds or a long suspend after it: at the limit, not past it. */
    told = anchor(60000, 900000, false);
    told.limit_ms = 60000;
    assert_true(exam_clock_set(&clock, &told, 900004));

    /* Staff give time: the limit rises, and what was used stays used. */
    told = anchor(60000, 950000, true);
    told.limit_ms = 120000;
    assert_true(exam_clock_set(&clock, &told, 950000));
    told = anchor(59999, 950001, true);
    told.limit_ms = 120000;
    assert_false(exam_clock_set(&clock, &told, 950001));
}

static void an_anchor_from_the_future_is_refused(void **state)
{
    struct exam_clock clock = {0};

    (void)state;
    assert_false(set(&clock, 0, 100001, true, 100000));
    assert_int_equal(clock.anchor.is_set, 0);
    assert_true(set(&clock, 0, 100000, true, 100000));
}

static void a_heartbeat_is_due_every_second_while_it_runs(void **state)
{
    struct exam_clock clock = {0};

    (void)state;
    assert_int_equal(exam_clock_unsaved_at(&clock), INT64_MAX);
    assert_true(set(&clock, 0, 100000, true, 100000));
    assert_int_equal(exam_clock_unsaved_at(&clock), 101000);
    assert_true(saved(&clock, 800, 100800, 100830));
    assert_int_equal(exam_clock_unsaved_at(&clock), 101800);
    assert_true(saved(&clock, 700, 100700, 100830)); /* an older one changes nothing */
    assert_int_equal(exam_clock_unsaved_at(&clock), 101800);
    assert_true(set(&clock, 900, 100900, false, 100900));
    assert_int_equal(exam_clock_unsaved_at(&clock), INT64_MAX);
}

static void an_anchor_sent_again_is_no_heartbeat(void **state)
{
    struct exam_clock clock = {0};

    (void)state;
    assert_true(set(&clock, 0, 100000, true, 100000));
    assert_true(set(&clock, 900, 100900, true, 100900));
    assert_int_equal(exam_clock_unsaved_at(&clock), 101000);
}

static void a_heartbeat_from_the_future_is_refused(void **state)
{
    struct exam_clock clock = {0};

    (void)state;
    assert_true(set(&clock, 0, 100000, true, 100000));
    assert_false(saved(&clock, 0, 100501, 100500));
    assert_false(saved(&clock, 501, 100500, 100500)); /* exam time is at 500 */
    assert_int_equal(exam_clock_unsaved_at(&clock), 101000);
}

static void after_the_session_any_first_anchor_is_taken(void **state)
{
    struct exam_clock clock = {0};

    (void)state;
    assert_true(set(&clock, 50000, 100000, true, 100000));
    exam_clock_forget(&clock);
    assert_int_equal(exam_clock_at(&clock, 200000), 0);
    assert_true(set(&clock, 0, 100000, false, 100000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exam_time_runs_with_boot_time_to_the_millisecond),
        cmocka_unit_test(a_stopped_clock_stands),
        cmocka_unit_test(exam_time_is_never_set_back),
        cmocka_unit_test(a_stop_is_told_three_seconds_late_at_most),
        cmocka_unit_test(an_old_anchor_that_says_the_same_is_taken),
        cmocka_unit_test(a_stop_that_died_untold_is_taken_from_the_next_screen_process),
        cmocka_unit_test(a_pause_that_died_untold_goes_on_running_from_where_it_stood),
        cmocka_unit_test(exam_time_ends_at_its_limit),
        cmocka_unit_test(an_anchor_from_the_future_is_refused),
        cmocka_unit_test(a_heartbeat_is_due_every_second_while_it_runs),
        cmocka_unit_test(an_anchor_sent_again_is_no_heartbeat),
        cmocka_unit_test(a_heartbeat_from_the_future_is_refused),
        cmocka_unit_test(after_the_session_any_first_anchor_is_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
