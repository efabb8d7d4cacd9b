/* The numbers of docs/formats/form.md, made by docs/formats/examples/form.py for the seed 00 01 … 1f. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/random_source.h"

static struct random_source begin(void)
{
    uint8_t seed[RANDOM_SEED_BYTES];

    for (size_t i = 0; i < sizeof seed; i++)
        seed[i] = (uint8_t)i;
    return random_source(seed);
}

static void numbers_come_from_one_digest_after_the_other(void **state)
{
    static const uint32_t expected[] = {849432832, 691701949, 952885779, 1497703199, 360485253, 1376201217,
        1186738187, 1844601040, 1617019960, 1836717960};
    struct random_source source = begin();

    (void)state;
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) /* 8 in a digest */
        assert_int_equal(random_below(&source, 2000000000), expected[i] % 2000000000);
}

static void numbers_that_would_favour_the_small_are_thrown_away(void **state)
{
    static const uint32_t expected[] = {
        691701949, 952885779, 1376201217, 1617019960, 1836717960, 326517996, 1973881847, 70057319};
    struct random_source source = begin();

    (void)state;
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++)
        assert_int_equal(random_below(&source, 0x80000001), expected[i]);
}

static void a_choice_of_one_takes_no_number(void **state)
{
    struct random_source source = begin(), untouched = begin();

    (void)state;
    assert_int_equal(random_below(&source, 1), 0);
    assert_int_equal(random_below(&source, 1000), random_below(&untouched, 1000));
}

static void a_shuffle_is_that_of_the_page(void **state)
{
    static const size_t expected[] = {8, 6, 0, 7, 9, 5, 4, 3, 1, 2};
    size_t values[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    struct random_source source = begin();

    (void)state;
    random_shuffle(&source, values, 10);
    assert_memory_equal(values, expected, sizeof values);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_come_from_one_digest_after_the_other),
        cmocka_unit_test(numbers_that_would_favour_the_small_are_thrown_away),
        cmocka_unit_test(a_choice_of_one_takes_no_number),
        cmocka_unit_test(a_shuffle_is_that_of_the_page),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
