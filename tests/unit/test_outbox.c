/* Behaviour of kiosk/sync/outbox.h and sent.h. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/outfile.h"
#include "kiosk/sync/sent.h"

#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

static void knows_what_a_name_is(void **state)
{
    static const struct {
        const char *name;
        enum outbox_kind kind; /* OUTBOX_KINDS: none of ours */
    } cases[] = {
        {A "-1.result", OUTBOX_RESULT},
        {A "-1.journal", OUTBOX_JOURNAL},
        {A "-7.status", OUTBOX_STATUS},
        {A "-0.result", OUTBOX_KINDS},
        {A "-1.result.Xy12z9", OUTBOX_KINDS}, /* being written */
        {A "-1.receipt", OUTBOX_KINDS},
        {A "-1", OUTBOX_KINDS},
        {A "-01.result", OUTBOX_KINDS},
        {A ".result", OUTBOX_KINDS},
        {"A" A "-1.result", OUTBOX_KINDS},
        {".result", OUTBOX_KINDS},
        {"..", OUTBOX_KINDS},
        {"", OUTBOX_KINDS},
        {"../" A "-1.result", OUTBOX_KINDS},
        {A "-99999999999999999999999999999999999999.result", OUTBOX_KINDS},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct outbox_file file = {.kind = OUTBOX_KINDS};
        bool is_ours = outbox_parse_name(cases[i].name, &file);
        if (is_ours != (cases[i].kind != OUTBOX_KINDS) || file.kind != cases[i].kind)
            fail_msg("%s", cases[i].name);
    }
}

static struct seat_folder make_folder(const char *const *names)
{
    struct seat_folder folder = {.path = "seat"};
    char path[FILE_PATH_SIZE];

    assert_true(folder_make("seat/" FOLDER_OUT, 0755, NULL));
    for (; *names != NULL; names++) {
        assert_true(seat_folder_path(&folder, path, FOLDER_OUT, *names, NULL));
        assert_true(outfile_save(path, 0644, bytes_of_text("x"), NULL));
    }
    return folder;
}

static void remove_all(const char *const *names)
{
    char path[FILE_PATH_SIZE];

    for (; *names != NULL; names++) {
        assert_true(path_join(path, "seat/" FOLDER_OUT, *names, NULL));
        assert_int_equal(unlink(path), 0);
    }
}

static void lists_results_first_and_leaves_out_journals_that_a_result_outdoes(void **state)
{
    static const char *const names[] = {A "-1.status", B "-1.journal", A "-1.journal", A "-1.result",
        B "-2.result", "notes.txt", A "-1.result.Xy12z9", NULL};
    static const char *const expected[] = {A "-1.result", B "-2.result", B "-1.journal", A "-1.status"};
    const struct seat_folder folder = make_folder(names);
    struct outbox outbox = {NULL, 0};
    struct error err = {0};

    (void)state;
    assert_int_equal(symlink("/etc/passwd", "seat/" FOLDER_OUT "/" B "-3.result"), 0);
    assert_true(outbox_list(&folder, &outbox, &err));
    assert_int_equal(unlink("seat/" FOLDER_OUT "/" B "-3.result"), 0);
    assert_int_equal(outbox.count, 4);
    for (size_t i = 0; i < outbox.count; i++)
        assert_string_equal(outbox.files[i].name, expected[i]);
    outbox_release(&outbox);
    remove_all(names);
}

static void remembers_a_file_until_it_is_another_one(void **state)
{
    static const char *const names[] = {A "-1.result", B "-1.result", NULL};
    const struct seat_folder folder = make_folder(names);
    struct outbox outbox = {NULL, 0};
    struct sent_list list = {NULL, 0};

    (void)state;
    assert_true(outbox_list(&folder, &outbox, NULL));
    assert_true(sent_list_fit(&list, &outbox, NULL));
    list.items[0].is_done = list.items[1].is_done = true;
    outbox_release(&outbox);
    remove_all(names);
    assert_true(outfile_save("seat/" FOLDER_OUT "/" B "-1.result", 0644, bytes_of_text("other"), NULL));
    assert_true(outbox_list(&folder, &outbox, NULL));
    assert_true(sent_list_fit(&list, &outbox, NULL));
    assert_int_equal(list.count, 1);
    assert_string_equal(list.items[0].name, B "-1.result");
    assert_false(list.items[0].is_done);
    list.items[0].is_done = true;
    assert_true(sent_list_fit(&list, &outbox, NULL));
    assert_true(list.items[0].is_done);
    outbox_release(&outbox);
    sent_list_release(&list);
    remove_all(names + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_what_a_name_is),
        cmocka_unit_test(lists_results_first_and_leaves_out_journals_that_a_result_outdoes),
        cmocka_unit_test(remembers_a_file_until_it_is_another_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
