/* What was found good is remembered for as long as it may be, and not a moment longer. */
#include "server/checked.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define NOW 1790000000000

static const struct digest key = {{1, 2, 3}}, other = {{9, 9, 9}}, same_slot = {{1, 2, 4}};

static struct peer a_peer(void)
{
    struct peer peer = {
        .role = ROLE_STAFF, .center = "c", .trust_generation = 5, .not_after_ms = NOW + 30000};
    return peer;
}

static void checked_is_found_while_it_holds(void **state)
{
    struct checked *checked = checked_new(NULL);
    struct peer peer = a_peer(), found = {.role = ROLE_NONE};
    (void)state;
    assert_false(checked_find(checked, &key, 5, NOW, &found));
    checked_add(checked, &key, &peer, NOW);
    assert_true(checked_find(checked, &key, 5, NOW, &found));
    assert_int_equal(found.role, ROLE_STAFF);
    assert_string_equal(found.center, "c");
    assert_true(checked_find(checked, &key, 5, NOW + 30000, NULL));
    checked_free(checked);
}

static void checked_is_forgotten(void **state)
{
    static const struct {
        const char *why;
        const struct digest *key;
        uint64_t generation;
        int64_t now_ms;
    } cases[] = {
        {"another certificate", &other, 5, NOW},
        {"another in the same slot", &same_slot, 5, NOW},
        {"another trust", &key, 6, NOW},
        {"past its end", &key, 5, NOW + 30001},
        {"a clock that was set back", &key, 5, NOW - 1},
    };
    struct checked *checked = checked_new(NULL);
    struct peer peer = a_peer();
    (void)state;
    checked_add(checked, &key, &peer, NOW);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (checked_find(checked, cases[i].key, cases[i].generation, cases[i].now_ms, NULL))
            fail_msg("%s: found", cases[i].why);
    peer.not_after_ms = NOW * 2;
    checked_add(checked, &key, &peer, NOW);
    assert_true(checked_find(checked, &key, 5, NOW + CHECKED_FOR_MS, NULL));
    assert_false(checked_find(checked, &key, 5, NOW + CHECKED_FOR_MS + 1, NULL));
    checked_add(checked, &same_slot, &peer, NOW); /* takes the place */
    assert_false(checked_find(checked, &key, 5, NOW, NULL));
    checked_free(checked);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checked_is_found_while_it_holds),
        cmocka_unit_test(checked_is_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
