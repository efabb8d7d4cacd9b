#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "provisioning/table.h"

static char *printed(const struct table *table)
{
    char *text = NULL;
    size_t len;
    struct error err;
    FILE *to = open_memstream(&text, &len);

    assert_non_null(to);
    assert_true(table_print(table, to, &err));
    (void)fclose(to);
    return text;
}

static void table_lines_columns_up_by_what_is_seen(void **state)
{
    struct table *table = table_new("item", ">points", "title", NULL);
    char *text;

    (void)state;
    table_row(table, "flow-07", "1", "Übung", NULL);
    table_row(table, "ż", table_cell(table, "%d", 1000), "漢字", NULL);
    table_row(table, "short", NULL);
    text = printed(table);
    assert_string_equal(text, "item     points  title\n"
                              "flow-07       1  Übung\n"
                              "ż          1000  漢字\n"
                              "short\n");
    free(text);
    table_free(table);
}

static void table_shows_no_control_characters(void **state)
{
    struct table *table = table_new("a\x1b[31m", NULL);
    char *text;

    (void)state;
    table_row(table, "b\n\xff\xc2\x9b", NULL);
    text = printed(table);
    assert_string_equal(text, "a?[31m\nb?\?\?\?\n");
    free(text);
    table_free(table);
}

static void table_survives_no_memory(void **state)
{
    struct error err = {0};

    (void)state;
    table_row(NULL, "x", NULL);
    assert_string_equal(table_cell(NULL, "%d", 1), "");
    assert_false(table_print(NULL, stdout, &err));
    assert_int_equal(err.code, ERROR_NOMEM);
    table_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_lines_columns_up_by_what_is_seen),
        cmocka_unit_test(table_shows_no_control_characters),
        cmocka_unit_test(table_survives_no_memory),
    };

    (void)setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
