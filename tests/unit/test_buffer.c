/* Buffers and arenas: what knows its maximum. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdalign.h>
#include <string.h>

#include "core/arena.h"
#include "core/buffer.h"

static void bytes_are_equal_by_content(void **state)
{
    (void)state;
    assert_true(bytes_equal(bytes_of_text("ab"), bytes_of("abc", 2)));
    assert_false(bytes_equal(bytes_of_text("ab"), bytes_of_text("abc")));
    assert_false(bytes_equal(bytes_of_text("ab"), bytes_of_text("ac")));
    assert_true(bytes_equal(bytes_of(NULL, 0), bytes_of_text("")));
}

static void buffer_grows_to_its_maximum_and_not_past_it(void **state)
{
    struct buffer buffer = {.max = 5000};

    (void)state;
    for (size_t i = 0; i < 5000; i++) {
        const uint8_t byte = (uint8_t)i;
        assert_true(buffer_add(&buffer, &byte, 1));
        assert_int_equal(buffer.data[buffer.len], 0);
    }
    assert_false(buffer_add(&buffer, "x", 1));
    assert_true(buffer.failed);
    assert_int_equal(buffer.len, 5000);
    for (size_t i = 0; i < 5000; i++)
        assert_int_equal(buffer.data[i], (uint8_t)i);
    buffer_release(&buffer);
    assert_int_equal(buffer.max, 5000);
}

static void buffer_that_failed_stays_failed_until_cleared(void **state)
{
    struct buffer buffer = {.max = 4};

    (void)state;
    assert_true(buffer_add_text(&buffer, "abc"));
    assert_false(buffer_add_text(&buffer, "de"));
    assert_false(buffer_add_text(&buffer, "d")); /* would fit, but a run of adds is checked once at its end */
    assert_string_equal(buffer_text(&buffer), "abc");
    buffer_clear(&buffer);
    assert_true(buffer_add_text(&buffer, "abcd"));
    buffer_release(&buffer);
}

static void buffer_refuses_lengths_that_overflow(void **state)
{
    struct buffer buffer = {.max = SIZE_MAX};

    (void)state;
    assert_true(buffer_add_text(&buffer, "abc"));
    assert_null(buffer_extend(&buffer, SIZE_MAX - 2));
    assert_true(buffer.failed);
    assert_int_equal(buffer.len, 3);
    buffer_release(&buffer);
}

static void buffer_extends_with_zeros(void **state)
{
    struct buffer buffer = {.max = 600};
    uint8_t *room = buffer_extend(&buffer, 300);

    (void)state;
    memset(room, 'x', 300);
    buffer_clear(&buffer);
    room = buffer_extend(&buffer, 600);
    for (size_t i = 0; i < 600; i++)
        assert_int_equal(room[i], 0);
    buffer_release(&buffer);
}

static void buffer_prints(void **state)
{
    struct buffer buffer = {.max = 8};

    (void)state;
    assert_true(buffer_addf(&buffer, "%d-%s", 12, "ab"));
    assert_string_equal(buffer_text(&buffer), "12-ab");
    assert_false(buffer_addf(&buffer, "%d", 1234));
    assert_string_equal(buffer_text(&buffer), "12-ab");
    buffer_release(&buffer);
}

static void buffer_is_a_text_even_when_empty(void **state)
{
    struct buffer buffer = {.max = 8};

    (void)state;
    assert_string_equal(buffer_text(&buffer), "");
    assert_int_equal(buffer_bytes(&buffer).len, 0);
    assert_true(buffer_add(&buffer, NULL, 0));
    assert_string_equal(buffer_text(&buffer), "");
    buffer_release(&buffer);
    buffer_release(&buffer);
}

static void buffer_cut_wipes_what_is_behind(void **state)
{
    struct buffer buffer = {.max = 100};

    (void)state;
    buffer_cut(&buffer, 0);
    assert_true(buffer_add_text(&buffer, "before secret"));
    buffer_cut(&buffer, 20); /* nothing is behind that */
    assert_int_equal(buffer.len, 13);
    buffer_cut(&buffer, 6);
    assert_string_equal(buffer_text(&buffer), "before");
    for (size_t i = 6; i < 13; i++)
        assert_int_equal(buffer.data[i], 0);
    buffer_release(&buffer);
}

static void arena_gives_zeroed_aligned_memory(void **state)
{
    struct arena arena = {0};

    (void)state;
    for (size_t size = 1; size < 300; size += 7) {
        uint8_t *memory = arena_alloc(&arena, size);
        assert_non_null(memory);
        assert_int_equal((uintptr_t)memory % alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(memory[i], 0);
        memset(memory, 0xff, size);
    }
    arena_release(&arena);
}

static void arena_has_room_for_more_than_a_chunk(void **state)
{
    struct arena arena = {0};
    char *small = arena_text(&arena, "small", 5);
    uint8_t *large = arena_array(&arena, 1000, 1000);

    (void)state;
    assert_non_null(large);
    large[999999] = 1;
    assert_string_equal(small, "small");
    assert_string_equal(arena_text(&arena, "cut", 2), "cu");
    arena_release(&arena);
}

static void arena_keeps_to_its_maximum_and_stays_failed(void **state)
{
    struct arena arena = {.max = 100};

    (void)state;
    assert_non_null(arena_alloc(&arena, 90));
    assert_null(arena_alloc(&arena, 20));
    assert_true(arena.failed);
    assert_null(arena_alloc(&arena, 1));
    arena_release(&arena);
    assert_non_null(arena_alloc(&arena, 90));
    arena_release(&arena);
}

static void arena_refuses_products_that_overflow(void **state)
{
    struct arena arena = {0};

    (void)state;
    assert_null(arena_array(&arena, SIZE_MAX / 2, 3));
    arena_release(&arena);
    assert_null(arena_alloc(&arena, SIZE_MAX));
    arena_release(&arena);
    assert_non_null(arena_array(&arena, 0, 8));
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_are_equal_by_content),
        cmocka_unit_test(buffer_grows_to_its_maximum_and_not_past_it),
        cmocka_unit_test(buffer_that_failed_stays_failed_until_cleared),
        cmocka_unit_test(buffer_refuses_lengths_that_overflow),
        cmocka_unit_test(buffer_extends_with_zeros),
        cmocka_unit_test(buffer_prints),
        cmocka_unit_test(buffer_is_a_text_even_when_empty),
        cmocka_unit_test(buffer_cut_wipes_what_is_behind),
        cmocka_unit_test(arena_gives_zeroed_aligned_memory),
        cmocka_unit_test(arena_has_room_for_more_than_a_chunk),
        cmocka_unit_test(arena_keeps_to_its_maximum_and_stays_failed),
        cmocka_unit_test(arena_refuses_products_that_overflow),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
