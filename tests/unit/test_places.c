#include "server/http/places.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void places_are_counted_in_all_and_by_holder(void **state)
{
    (void)state;
    struct places *places = places_new(5, 3, NULL);
    for (int i = 0; i < 3; i++)
        assert_true(places_take(places, "a"));
    assert_false(places_take(places, "a")); /* its share */
    assert_true(places_take(places, "b"));
    assert_true(places_take(places, "c"));
    assert_false(places_take(places, "d")); /* all are taken */
    places_give(places, "a");
    assert_true(places_take(places, "d"));
    assert_int_equal(places_taken(places), 5);
    places_free(places);
}

static void places_move_even_when_all_are_taken(void **state)
{
    (void)state;
    struct places *places = places_new(3, 2, NULL);
    assert_true(places_take(places, "address 1"));
    assert_true(places_take(places, "address 2"));
    assert_true(places_take(places, "address 3"));
    assert_true(places_move(places, "address 1", "center a"));
    assert_true(places_move(places, "address 2", "center a"));
    assert_false(places_move(places, "address 3", "center a")); /* its share: keeps the first place */
    assert_int_equal(places_taken(places), 3);
    places_give(places, "address 3");
    places_give(places, "center a");
    places_give(places, "center a");
    assert_int_equal(places_taken(places), 0);
    places_free(places);
}

static void places_of_many_holders_come_back(void **state)
{
    (void)state;
    struct places *places = places_new(50, 1, NULL);
    for (int round = 0; round < 3; round++) {
        char name[20];
        for (int i = 0; i < 50; i++) {
            snprintf(name, sizeof name, "%d-%d", round, i);
            assert_true(places_take(places, name));
        }
        assert_false(places_take(places, "one more"));
        for (int i = 0; i < 50; i++) {
            snprintf(name, sizeof name, "%d-%d", round, i);
            places_give(places, name);
        }
    }
    places_free(places);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_are_counted_in_all_and_by_holder),
        cmocka_unit_test(places_move_even_when_all_are_taken),
        cmocka_unit_test(places_of_many_holders_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
