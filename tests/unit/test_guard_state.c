#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kiosk/guard/guard_state.h"

/* The whole table, told apart from the code: one letter for each state, in the order of the events.
 * E ending, L locking, S starting, C covered, V shown (visible), W waiting, U unlocking, u unlocked, Q
 * quitting, q quit. locked ready cover clear misbehaved gone gone-often left retry unlock stopped */
static const struct {
    enum guard_state state;
    const char *row;
} expected[] = {
    {GUARD_ENDING, "EEEEELWLEEQ"},
    {GUARD_LOCKING, "SELLEEEEEEQ"},
    {GUARD_STARTING, "SCSSELWQEUQ"},
    {GUARD_COVERED, "CECVELWQEUQ"},
    {GUARD_SHOWN, "VECVELWQEUQ"},
    {GUARD_WAITING, "WEWWEEEELUQ"},
    {GUARD_UNLOCKING, "UUUUUuuuUUU"},
    {GUARD_UNLOCKED, "uuuuuuuuuuu"},
    {GUARD_QUITTING, "QQQQQqqqQQQ"},
    {GUARD_QUIT, "qqqqqqqqqqq"},
};

static const char letters[GUARD_STATES] = {'E', 'L', 'S', 'C', 'V', 'W', 'U', 'u', 'Q', 'q'};

static void every_cell_is_as_expected(void **state)
{
    (void)state;
    assert_int_equal(sizeof expected / sizeof expected[0], GUARD_STATES);
    for (size_t i = 0; i < GUARD_STATES; i++)
        for (enum guard_event event = 0; event < GUARD_EVENTS; event++)
            assert_int_equal(letters[guard_state_next(expected[i].state, event)], expected[i].row[event]);
}

static void only_clear_shows_and_only_what_is_drawn(void **state)
{
    (void)state;
    for (enum guard_state from = 0; from < GUARD_STATES; from++)
        for (enum guard_event event = 0; event < GUARD_EVENTS; event++)
            if (from != GUARD_SHOWN && guard_state_next(from, event) == GUARD_SHOWN) {
                assert_int_equal(from, GUARD_COVERED);
                assert_int_equal(event, GUARD_CLEAR);
            }
}

static bool reaches(enum guard_state from, enum guard_state to, enum guard_event without)
{
    bool seen[GUARD_STATES] = {[0] = false};

    seen[from] = true;
    for (int round = 0; round < GUARD_STATES; round++)
        for (enum guard_state at = 0; at < GUARD_STATES; at++)
            for (enum guard_event event = 0; seen[at] && event < GUARD_EVENTS; event++)
                if (event != without)
                    seen[guard_state_next(at, event)] = true;
    return seen[to];
}

static void nothing_but_the_right_code_unlocks(void **state)
{
    (void)state;
    assert_true(reaches(GUARD_LOCKING, GUARD_UNLOCKED, GUARD_EVENTS));
    assert_false(reaches(GUARD_LOCKING, GUARD_UNLOCKED, GUARD_UNLOCK));
}

static void the_end_is_for_good(void **state)
{
    (void)state;
    for (enum guard_state from = 0; from < GUARD_STATES; from++) {
        assert_int_equal(guard_state_is_over(from), from == GUARD_UNLOCKED || from == GUARD_QUIT);
        assert_non_null(guard_state_name(from));
    }
    for (enum guard_event event = 0; event < GUARD_EVENTS; event++)
        assert_non_null(guard_event_name(event));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cell_is_as_expected),
        cmocka_unit_test(only_clear_shows_and_only_what_is_drawn),
        cmocka_unit_test(nothing_but_the_right_code_unlocks),
        cmocka_unit_test(the_end_is_for_good),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
