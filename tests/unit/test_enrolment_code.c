#include "server/enrolment_code.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/code.h"

static const struct digest root = {{0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf0, 0x11, 0x22}};

static void code_is_known_again_however_it_is_typed(void **state)
{
    char code[ENROLMENT_CODE_SIZE], typed[80] = "";
    struct digest made, read;
    struct error err = {ERROR_NONE, ""};
    (void)state;
    enrolment_code_make(&root, code, &made);
    assert_int_equal(strlen(code), 31);
    assert_true(enrolment_code_parse(code, &root, &read, &err));
    assert_true(digest_equal(&made, &read));
    for (size_t i = 0; code[i] != '\0'; i++) {
        char letter = code[i] >= 'A' && code[i] <= 'Z' ? (char)(code[i] - 'A' + 'a') : code[i];
        snprintf(typed + strlen(typed), sizeof typed - strlen(typed), "%c ", letter == '-' ? ' ' : letter);
    }
    memset(&read, 0, sizeof read);
    assert_true(enrolment_code_parse(typed, &root, &read, &err));
    assert_true(digest_equal(&made, &read));
}

static void code_ends_in_the_root_s_digest(void **state)
{
    char code[ENROLMENT_CODE_SIZE], tail[17];
    struct digest made;
    (void)state;
    enrolment_code_make(&root, code, &made);
    code_letters(root.bytes, 16, tail);
    assert_string_equal(code + 15, tail);
}

static void codes_differ(void **state)
{
    char first[ENROLMENT_CODE_SIZE], second[ENROLMENT_CODE_SIZE];
    struct digest a, b;
    (void)state;
    enrolment_code_make(&root, first, &a);
    enrolment_code_make(&root, second, &b);
    assert_string_not_equal(first, second);
    assert_false(digest_equal(&a, &b));
}

static void code_of_another_root_or_shape_is_refused(void **state)
{
    char code[ENROLMENT_CODE_SIZE], longer[ENROLMENT_CODE_SIZE + 1];
    struct digest other = root, made, read = {{0}}, untouched = {{0}};
    struct error err = {ERROR_NONE, ""};
    (void)state;
    enrolment_code_make(&root, code, &made);
    other.bytes[9] ^= 1;
    assert_false(enrolment_code_parse(code, &other, &read, &err));
    assert_int_equal(err.code, ERROR_REFUSED);
    snprintf(longer, sizeof longer, "%s2", code);
    assert_false(enrolment_code_parse(longer, &root, &read, &err));
    assert_int_equal(err.code, ERROR_FORMAT);
    code[30] = '\0';
    assert_false(enrolment_code_parse(code, &root, &read, &err));
    code[0] = '0'; /* no letter of the alphabet */
    assert_false(enrolment_code_parse(code, &root, &read, &err));
    assert_false(enrolment_code_parse("", &root, &read, &err));
    assert_true(digest_equal(&read, &untouched));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(code_is_known_again_however_it_is_typed),
        cmocka_unit_test(code_ends_in_the_root_s_digest),
        cmocka_unit_test(codes_differ),
        cmocka_unit_test(code_of_another_root_or_shape_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
