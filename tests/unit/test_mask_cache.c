/* Pictures of text within a bound of memory. */
#include "kiosk/ui/mask_cache.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#define SIDE 100

static void put(struct mask_cache *cache, const char *letter)
{
    const struct mask_key key = {.face = FACE_TEXT, .pixels = 20, .text = letter, .length = 1};
    const struct mask mask = {.coverage = calloc(SIDE, SIDE), .width = SIDE, .height = SIDE, .pitch = SIDE};

    assert_non_null(mask_cache_put_take(cache, &key, &mask));
}

static bool has(struct mask_cache *cache, const char *letter)
{
    const struct mask_key key = {.face = FACE_TEXT, .pixels = 20, .text = letter, .length = 1};

    return mask_cache_find(cache, &key) != NULL;
}

static void least_recently_used_goes_first(void **state)
{
    struct mask_cache *cache = mask_cache_new(3 * SIDE * SIDE);

    (void)state;
    put(cache, "a");
    put(cache, "b");
    assert_true(has(cache, "a"));
    put(cache, "c"); /* with what the entries take beside the pictures there is room for two */
    assert_false(has(cache, "b"));
    assert_true(has(cache, "a") && has(cache, "c"));
    assert_in_range(mask_cache_bytes(cache), 2 * SIDE * SIDE, 3 * SIDE * SIDE);
    mask_cache_free(cache);
}

static void less_room_drops_at_once_all_but_the_newest(void **state)
{
    struct mask_cache *cache = mask_cache_new(10 * SIDE * SIDE);

    (void)state;
    mask_cache_keep(cache, 0); /* empty already */
    mask_cache_keep(cache, 10 * SIDE * SIDE);
    put(cache, "a");
    put(cache, "b");
    put(cache, "c");
    mask_cache_keep(cache, 3 * SIDE * SIDE);
    assert_false(has(cache, "a"));
    mask_cache_keep(cache, 0);
    assert_false(has(cache, "b"));
    assert_true(has(cache, "c"));
    mask_cache_free(cache);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(least_recently_used_goes_first),
        cmocka_unit_test(less_room_drops_at_once_all_but_the_newest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
