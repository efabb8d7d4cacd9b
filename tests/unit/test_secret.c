#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/secret.h"

static void secret_has_1_to_4096_bytes(void **state)
{
    struct error err = {0};

    (void)state;
    assert_null(secret_new(0, &err));
    assert_int_equal(err.code, ERROR_LIMIT);
    assert_null(secret_new(4097, &err));
    for (size_t len = 1; len <= 4096; len += 455) {
        struct secret *secret = secret_new(len, &err);
        assert_non_null(secret);
        assert_int_equal(secret_bytes(secret).len, len);
        for (size_t i = 0; i < len; i++)
            assert_int_equal(secret_data(secret)[i], 0);
        secret_free(secret);
    }
    secret_free(NULL);
}

static void secret_equal_compares_every_byte(void **state)
{
    uint8_t bytes[32];
    struct secret *secret = secret_random(32, NULL);

    (void)state;
    memcpy(bytes, secret_data(secret), 32);
    assert_true(secret_equal(secret, bytes_of(bytes, 32)));
    assert_false(secret_equal(secret, bytes_of(bytes, 31)));
    for (size_t i = 0; i < 32; i++) {
        bytes[i] ^= 1;
        assert_false(secret_equal(secret, bytes_of(bytes, 32)));
        bytes[i] ^= 1;
    }
    secret_free(secret);
}

/* The exit status or signal of a child that does it. */
static int in_child(void (*act)(struct secret *), struct secret *secret)
{
    int status;
    pid_t child = fork();

    if (child == 0) {
        (void)signal(SIGSEGV, SIG_DFL); /* not cmocka's, nor a sanitizer's */
        act(secret);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
}

static void read_one_too_many(struct secret *secret)
{
    volatile uint8_t *data = secret_data(secret);

    _exit(data[secret_bytes(secret).len] == 0 ? 1 : 2);
}

static void exit_with_first_byte(struct secret *secret)
{
    _exit(secret_data(secret)[0]);
}

static void secret_ends_at_an_unreadable_page(void **state)
{
    struct secret *secret = secret_random(37, NULL);

    (void)state;
    assert_int_equal(in_child(read_one_too_many, secret), SIGSEGV);
    secret_free(secret);
}

static void secret_is_zero_in_a_forked_child(void **state)
{
    struct secret *secret = secret_copy(bytes_of("\x2a", 1), NULL);

    (void)state;
    assert_int_equal(in_child(exit_with_first_byte, secret), 0);
    assert_int_equal(secret_data(secret)[0], 0x2a);
    secret_free(secret);
}

/* The VmFlags line of the mapping that holds the address, from /proc/self/smaps. */
static void flags_of(const void *address, char *flags, size_t size)
{
    FILE *file = fopen("/proc/self/smaps", "r");
    unsigned long low, high;
    bool is_here = false;
    char line[512];

    flags[0] = '\0';
    while (fgets(line, sizeof line, file) != NULL) {
        if (sscanf(line, "%lx-%lx ", &low, &high) == 2)
            is_here = (unsigned long)address >= low && (unsigned long)address < high;
        else if (is_here && strncmp(line, "VmFlags:", 8) == 0)
            (void)snprintf(flags, size, "%s", line);
    }
    assert_int_equal(fclose(file), 0);
}

static void secret_is_locked_and_not_dumped(void **state)
{
    struct secret *secret = secret_random(37, NULL);
    char flags[512];

    (void)state;
    flags_of(secret_data(secret), flags, sizeof flags);
    assert_non_null(strstr(flags, " dd")); /* do not dump */
    assert_non_null(strstr(flags, " wf")); /* wipe on fork */
#ifndef __SANITIZE_ADDRESS__               /* which makes mlock do nothing */
    assert_non_null(strstr(flags, " lo"));
#endif
    secret_free(secret);
}

static void secret_goes_on_where_nothing_may_be_locked(void **state)
{
    enum { MORE_THAN_ARE_KEPT = 40 };
    struct rlimit before, none;
    struct secret *secrets[MORE_THAN_ARE_KEPT];

    (void)state;
    assert_int_equal(getrlimit(RLIMIT_MEMLOCK, &before), 0);
    none = (struct rlimit){0, before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_MEMLOCK, &none), 0);
    for (size_t i = 0; i < MORE_THAN_ARE_KEPT; i++)
        assert_non_null(secrets[i] = secret_random(32, NULL));
    for (size_t i = 0; i < MORE_THAN_ARE_KEPT; i++)
        secret_free(secrets[i]);
    assert_int_equal(setrlimit(RLIMIT_MEMLOCK, &before), 0);
}

/* Its page is used again for the next one, of any length. */
static void freed_secret_is_wiped(void **state)
{
    struct secret *secret = secret_new(4096, NULL);
    uint8_t *page = secret_data(secret);

    (void)state;
    memset(page, 0xaa, 4096);
    secret_free(secret);
    secret = secret_new(1, NULL);
#ifndef __SANITIZE_ADDRESS__ /* keeps none */
    assert_ptr_equal(secret_data(secret), page + 4095);
    for (size_t i = 0; i < 4096; i++)
        assert_int_equal(page[i], 0);
#endif
    secret_free(secret);
}

static void random_id_is_hex_and_new(void **state)
{
    char a[33], b[33];

    (void)state;
    random_id(a);
    random_id(b);
    assert_int_equal(strspn(a, "0123456789abcdef"), 32);
    assert_string_not_equal(a, b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(secret_has_1_to_4096_bytes),
        cmocka_unit_test(secret_equal_compares_every_byte),
        cmocka_unit_test(secret_ends_at_an_unreadable_page),
        cmocka_unit_test(secret_is_zero_in_a_forked_child),
        cmocka_unit_test(secret_is_locked_and_not_dumped),
        cmocka_unit_test(secret_goes_on_where_nothing_may_be_locked),
        cmocka_unit_test(freed_secret_is_wiped),
        cmocka_unit_test(random_id_is_hex_and_new),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
