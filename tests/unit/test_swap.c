/* Swap that a person with the disk could read makes a seat not ready. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "kiosk/seat/swap.h"

#define HEAD "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"

static char folder[] = "/tmp/carrel-swap.XXXXXX";

static const char *put(const char *name, const char *text)
{
    static char path[256];
    FILE *file;

    assert_true(snprintf(path, sizeof path, "%s/%s", folder, name) < (int)sizeof path);
    file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0 && fclose(file) == 0);
    return path;
}

static void make(const char *name)
{
    char path[256];

    assert_true(snprintf(path, sizeof path, "%s/%s", folder, name) < (int)sizeof path);
    assert_int_equal(mkdir(path, 0700), 0);
}

static int set_up(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(folder));
    make("dm-0");
    make("dm-0/dm");
    (void)put("dm-0/dm/uuid", "CRYPT-PLAIN-swap\n");
    make("dm-1");
    make("dm-1/dm");
    (void)put("dm-1/dm/uuid", "LVM-abcdef\n");
    return 0;
}

static int tear_down(void **state)
{
    static const char *const names[] = {"dm-0/dm/uuid", "dm-0/dm", "dm-0", "dm-1/dm/uuid", "dm-1/dm", "dm-1", "swaps", ""};
    char path[256];

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (snprintf(path, sizeof path, "%s/%s", folder, names[i]) < (int)sizeof path)
            (void)remove(path); /* what is left lies in /tmp */
    return 0;
}

static void swap_in_the_clear_is_told(void **state)
{
    static const struct {
        const char *name, *list;
        bool is_readable;
    } cases[] = {
        {"none", HEAD, false},
        {"an empty list", "", false},
        {"a partition", HEAD "/dev/sda2    partition\t1048576\t0\t-2\n", true},
        {"a file", HEAD "/swapfile    file\t1048576\t0\t-2\n", true},
        {"dm-crypt", HEAD "/dev/dm-0    partition\t1048576\t0\t-2\n", false},
        {"LVM", HEAD "/dev/dm-1    partition\t1048576\t0\t-2\n", true},
        {"one that is gone", HEAD "/dev/dm-7    partition\t1048576\t0\t-2\n", true},
        {"zram", HEAD "/dev/zram0   partition\t1048576\t0\t100\n", false},
        {"the second of two", HEAD "/dev/dm-0 partition\t1\t0\t-2\n/dev/sda2 partition\t1\t0\t-3\n", true},
        {"a way out", HEAD "/dev/../dm-0 partition\t1\t0\t-2\n", true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (swap_is_readable(put("swaps", cases[i].list), folder) != cases[i].is_readable)
            fail_msg("%s", cases[i].name);
}

static void kernel_without_swap_is_fine(void **state)
{
    (void)state;
    assert_false(swap_is_readable("/nonexistent/swaps", folder));
    assert_true(swap_is_readable(folder, folder)); /* a folder: it can't be told */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(swap_in_the_clear_is_told),
        cmocka_unit_test(kernel_without_swap_is_fine),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
