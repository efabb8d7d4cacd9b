/* Exam time on a seat: shown, warned of, saved in time, and up at its limit. */
#include "kiosk/session/exam_time.h"

#include "tests/unit/example.h"

enum { MINUTE = 60000, LIMIT = 40 * MINUTE };

/* Running since boot_ms 1000, when nothing was used. */
static const struct exam_time running = {
    .exam_ms = 0, .boot_ms = 1000, .is_running = true, .limit_ms = LIMIT};

static void exam_time_runs_and_stops_at_its_limit(void **state)
{
    static const struct {
        int64_t now, used, shown;
        enum exam_time_warning warning;
    } table[] = {
        {0, 0, 2400, WARNING_NONE}, /* a clock that seems to run backwards gives nothing */
        {1000, 0, 2400, WARNING_NONE},
        {1001, 1, 2400, WARNING_NONE},
        {2000, 1000, 2399, WARNING_NONE},
        {1000 + 35 * MINUTE - 1, 35 * MINUTE - 1, 301, WARNING_NONE},
        {1000 + 35 * MINUTE, 35 * MINUTE, 300, WARNING_FIVE_MINUTES},
        {1000 + 39 * MINUTE - 1, 39 * MINUTE - 1, 61, WARNING_FIVE_MINUTES},
        {1000 + 39 * MINUTE, 39 * MINUTE, 60, WARNING_ONE_MINUTE},
        {1000 + LIMIT - 1, LIMIT - 1, 1, WARNING_ONE_MINUTE},
        {1000 + LIMIT, LIMIT, 0, WARNING_UP},
        {1000 + 100 * LIMIT, LIMIT, 0, WARNING_UP},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        assert_int_equal(exam_time_used(&running, table[i].now), table[i].used);
        assert_int_equal(exam_time_left(&running, table[i].now), LIMIT - table[i].used);
        assert_int_equal(exam_time_shown_s(&running, table[i].now), table[i].shown);
        assert_int_equal(exam_time_warning(&running, table[i].now), table[i].warning);
        assert_int_equal(exam_time_is_up(&running, table[i].now), table[i].used == LIMIT);
    }
}

static void exam_time_stands_where_it_is_stopped(void **state)
{
    const struct exam_time standing = {
        .exam_ms = 700, .boot_ms = 1000, .is_running = false, .limit_ms = LIMIT};

    (void)state;
    assert_int_equal(exam_time_used(&standing, 9000000), 700);
    assert_int_equal(exam_time_next_ms(&standing, 2000, 1500), 1500 + EXAM_TIME_IDLE_BEAT_MS);
}

/* An exam of five minutes doesn't begin with the warning that five are left. */
static void exam_time_warns_of_what_is_shorter_than_the_exam(void **state)
{
    static const struct {
        int64_t limit;
        enum exam_time_warning first;
    } table[] = {{5 * MINUTE + 1, WARNING_NONE}, {5 * MINUTE, WARNING_NONE}, {MINUTE + 1, WARNING_NONE},
        {MINUTE, WARNING_NONE}, {1000, WARNING_NONE}};

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const struct exam_time time = {.boot_ms = 0, .is_running = true, .limit_ms = table[i].limit};
        assert_int_equal(exam_time_warning(&time, 0), table[i].first);
        assert_int_equal(exam_time_warning(&time, table[i].limit), WARNING_UP);
    }
}

/* Going to sleep until "next" each time, nothing comes late: no beat, no second shown, no warning, not the
 * end. */
static void exam_time_next_misses_nothing(void **state)
{
    const struct exam_time time = {.exam_ms = 123, .boot_ms = 77, .is_running = true, .limit_ms = 6 * MINUTE};
    int64_t now = 77, saved = 77, shown = exam_time_shown_s(&time, now);
    enum exam_time_warning warning = WARNING_NONE;

    (void)state;
    while (!exam_time_is_up(&time, now)) {
        const int64_t next = exam_time_next_ms(&time, now, saved);
        const int64_t before = next - 1;
        assert_true(next > now);
        assert_true(before - saved < EXAM_TIME_BEAT_MS);
        assert_int_equal(exam_time_shown_s(&time, before), shown); /* nothing changed before it */
        assert_int_equal(exam_time_warning(&time, before), warning);
        assert_false(exam_time_is_up(&time, before));
        now = next;
        shown = exam_time_shown_s(&time, now);
        warning = exam_time_warning(&time, now);
        if (exam_time_beat_ms(&time, saved) <= now)
            saved = now;
    }
    assert_int_equal(now, 77 + 6 * MINUTE - 123);
    assert_int_equal(exam_time_next_ms(&time, now + 5000, now + 5000), now + 5000); /* up: at once */
}

static void exam_time_is_the_attempt_s(void **state)
{
    const struct attempt attempt = {.records = 9,
        .has_phase = true,
        .phase = PHASE_EXAM,
        .exam_ms = 500,
        .last_boot_ms = 3000,
        .max_time_ms = LIMIT};
    const struct exam_time time = exam_time_of(&attempt);

    (void)state;
    for (int64_t now = 2900; now < 2 * LIMIT; now += 99991)
        assert_int_equal(exam_time_used(&time, now), attempt_exam_ms(&attempt, now));
}

/* --- pace -------------------------------------------------------------------------------------------------
 */

/* A key that is stuck: how many acts it writes in so much time. */
static int64_t acts_in(int64_t ms)
{
    struct pace pace = pace_begin(0);
    int64_t acts = 0, saved = 0;

    for (int64_t now = 0; now <= ms; now += 30) {
        if (pace_wait_ms(&pace, now, saved) > 0)
            continue;
        pace_spend(&pace, now);
        saved = now;
        acts++;
    }
    return acts;
}

static void pace_lets_people_act_and_holds_a_stuck_key(void **state)
{
    struct pace pace = pace_begin(0);

    (void)state;
    for (int i = 0; i < PACE_BURST; i++) { /* at once: more clicks than any candidate makes in a row */
        assert_int_equal(pace_wait_ms(&pace, 10, 10), 0);
        pace_spend(&pace, 10);
    }
    assert_int_equal(pace_wait_ms(&pace, 10, 10), EXAM_TIME_BEAT_MS);
    assert_int_equal(pace_wait_ms(&pace, 500, 10), EXAM_TIME_BEAT_MS - 490);
    assert_int_equal(pace_wait_ms(&pace, 10 + EXAM_TIME_BEAT_MS, 10), 0); /* in place of the beat */
    assert_int_equal(pace_wait_ms(&pace, 10 + PACE_REFILL_MS, 10 + PACE_REFILL_MS), 0);
}

/* What journal_room and SESSION_TIME_MAX_MS are reckoned with. */
static void pace_bounds_what_a_session_writes(void **state)
{
    static const int64_t lengths[] = {MINUTE, 40 * MINUTE, SESSION_TIME_MAX_MS};

    (void)state;
    for (size_t i = 0; i < 3; i++)
        assert_true(acts_in(lengths[i]) <=
                    lengths[i] / EXAM_TIME_BEAT_MS + lengths[i] / PACE_REFILL_MS + PACE_BURST + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exam_time_runs_and_stops_at_its_limit),
        cmocka_unit_test(exam_time_stands_where_it_is_stopped),
        cmocka_unit_test(exam_time_warns_of_what_is_shorter_than_the_exam),
        cmocka_unit_test(exam_time_next_misses_nothing),
        cmocka_unit_test(exam_time_is_the_attempt_s),
        cmocka_unit_test(pace_lets_people_act_and_holds_a_stuck_key),
        cmocka_unit_test(pace_bounds_what_a_session_writes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
