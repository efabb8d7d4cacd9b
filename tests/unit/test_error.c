#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>
#include <sysexits.h>

#include "core/error.h"

static void error_says_code_and_text(void **state)
{
    struct error err = {0};

    (void)state;
    assert_false(error_set(&err, ERROR_LIMIT, "%d are more than %s", 3, "two"));
    assert_int_equal(err.code, ERROR_LIMIT);
    assert_string_equal(err.text, "3 are more than two");
}

static void error_may_go_nowhere(void **state)
{
    (void)state;
    errno = ENOENT;
    assert_false(error_set(NULL, ERROR_IO, "x"));
    assert_false(error_set_errno(NULL, "x"));
    assert_false(error_prefix(NULL, "x"));
}

static void error_cuts_what_is_too_long(void **state)
{
    struct error err = {0};
    char text[600];

    (void)state;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    error_set(&err, ERROR_IO, "%s", text);
    assert_int_equal(strlen(err.text), sizeof err.text - 1);
    error_prefix(&err, "%s", text);
    assert_int_equal(strlen(err.text), sizeof err.text - 1);
    errno = EIO;
    error_set_errno(&err, "%s", text);
    assert_int_equal(strlen(err.text), sizeof err.text - 1);
}

static void error_prefix_keeps_code_and_reason(void **state)
{
    struct error err = {0};

    (void)state;
    error_set(&err, ERROR_FORMAT, "no name");
    assert_false(error_prefix(&err, "ticket %d", 7));
    assert_int_equal(err.code, ERROR_FORMAT);
    assert_string_equal(err.text, "ticket 7: no name");
}

static void error_of_a_system_call_has_its_reason(void **state)
{
    static const struct {
        int number;
        enum error_code code;
        const char *text;
    } cases[] = {
        {ENOSPC, ERROR_FULL, "cannot write x: No space left on device"},
        {EDQUOT, ERROR_FULL, "cannot write x: Disk quota exceeded"},
        {ENOENT, ERROR_NOT_FOUND, "cannot write x: No such file or directory"},
        {ENOMEM, ERROR_NOMEM, "cannot write x: Cannot allocate memory"},
        {EACCES, ERROR_REFUSED, "cannot write x: Permission denied"},
        {EPERM, ERROR_REFUSED, "cannot write x: Operation not permitted"},
        {EIO, ERROR_IO, "cannot write x: Input/output error"},
        {99999, ERROR_IO, "cannot write x: Unknown error 99999"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error err = {0};
        errno = cases[i].number;
        assert_false(error_set_errno(&err, "cannot write %s", "x"));
        assert_int_equal(err.code, cases[i].code);
        assert_string_equal(err.text, cases[i].text);
    }
}

static void exit_codes_are_those_of_sysexits(void **state)
{
    static const int codes[] = {EX_OK, EX_OSERR, EX_IOERR, EX_CANTCREAT, EX_DATAERR, EX_DATAERR, EX_DATAERR,
        EX_NOINPUT, EX_NOPERM, EX_TEMPFAIL, EX_USAGE};

    (void)state;
    for (enum error_code code = ERROR_NONE; code <= ERROR_USAGE; code++)
        assert_int_equal(error_exit_code(code), codes[code]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(error_says_code_and_text),
        cmocka_unit_test(error_may_go_nowhere),
        cmocka_unit_test(error_cuts_what_is_too_long),
        cmocka_unit_test(error_prefix_keeps_code_and_reason),
        cmocka_unit_test(error_of_a_system_call_has_its_reason),
        cmocka_unit_test(exit_codes_are_those_of_sysexits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
