#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/identifier.h"

static void identifier_is_safe_everywhere(void **state)
{
    static const struct {
        const char *text;
        bool valid, valid_qti;
    } cases[] = {
        {"flow-07", true, true},
        {"a", true, true},
        {"2026.1", true, true},
        {"a_b:c", true, true},
        {"A", false, true},
        {"RESPONSE", false, true},
        {"", false, false},
        {"..", false, false},
        {".hidden", false, false},
        {"-o", false, false},
        {"a/b", false, false},
        {"a b", false, false},
        {"ä", false, false},
        {"a\n", false, false},
        {"0123456789012345678901234567890123456789012345678901234567890123", true, true},
        {"01234567890123456789012345678901234567890123456789012345678901234", false, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(identifier_valid(cases[i].text), cases[i].valid);
        assert_int_equal(identifier_valid_qti(cases[i].text), cases[i].valid_qti);
    }
}

static void versions_are_compared_number_by_number(void **state)
{
    static const struct {
        const char *have, *needed;
        bool reaches;
    } cases[] = {
        {"0.1.0", "0.1.0", true},
        {"0.10.0", "0.9.9", true},
        {"0.9.9", "0.10.0", false},
        {"1.0.0", "0.99.99", true},
        {"1.2.3", "1.2.4", false},
        {"1.2", "1.2.0", false},
        {"1.2.0", "1.2", false},
        {"1.2.3.4", "1.0.0", false},
        {"01.2.3", "1.0.0", false},
        {"1.2.3", "1..3", false},
        {"", "", false},
        {"1.2.x", "1.0.0", false},
        {"11111.11111.11111", "1.0.0", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(version_reaches(cases[i].have, cases[i].needed), cases[i].reaches);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(identifier_is_safe_everywhere),
        cmocka_unit_test(versions_are_compared_number_by_number),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
