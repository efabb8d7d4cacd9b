/* The command line, the file, and the man page that describes both. */
#include "server/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/outfile.h"

static struct error err;

static bool parse(
    struct options *options, const char *a, const char *b, const char *c, const char *d, const char *e)
{
    const char *words[] = {"carrel-server", a, b, c, d, e, NULL};
    char *argv[8];
    int argc = 0;
    for (; words[argc] != NULL; argc++)
        argv[argc] = (char *)(uintptr_t)words[argc];
    argv[argc] = NULL;
    err = (struct error){ERROR_NONE, ""};
    return options_parse(options, argc, argv, &err);
}

static void options_have_defaults(void **state)
{
    struct options options;
    (void)state;
    assert_true(parse(&options, "--board", "b", "--data", "d", NULL));
    assert_string_equal(options.board, "b");
    assert_string_equal(options.listen, "127.0.0.1");
    assert_int_equal(options.seats_port, 8443);
    assert_int_equal(options.public_port, 8444);
    assert_int_equal(options.metrics_port, 9464);
    assert_int_equal(options.wish, OPTIONS_SERVE);
    assert_false(options.is_developer);
}

static void options_that_are_wrong_are_named(void **state)
{
    static const struct {
        const char *words[3];
        const char *said;
    } bad[] = {
        {{"--seats-port", "65536", NULL}, "--seats-port"},
        {{"--seats-port", "-1", NULL}, "--seats-port"},
        {{"--seats-port", "x", NULL}, "--seats-port"},
        {{"--board", "", NULL}, "--board"},
        {{"--nonsense", NULL, NULL}, "--nonsense"},
        {{"word", NULL, NULL}, "word"},
        {{"--board", NULL, NULL}, "--board"},
        {{"--board", "b", NULL}, "--data"},
        {{"--connections", "0", NULL}, "--connections"},
    };
    struct options options;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (parse(&options, bad[i].words[0], bad[i].words[1], NULL, NULL, NULL))
            fail_msg("%s: taken", bad[i].said);
        assert_int_equal(err.code, ERROR_USAGE);
        if (strstr(err.text, bad[i].said) == NULL)
            fail_msg("%s: %s", bad[i].said, err.text);
    }
}

static void write_config(const char *text)
{
    assert_true(outfile_save("config.json", 0600, bytes_of_text(text), &err));
}

static void command_line_goes_before_the_file(void **state)
{
    struct options options;
    (void)state;
    write_config("{\"board\":\"b\",\"data\":\"d\",\"seats_port\":1,\"public_port\":2,\"developer\":true}");
    assert_true(parse(&options, "--seats-port", "9", "--config", "config.json", NULL));
    assert_int_equal(options.seats_port, 9);
    assert_int_equal(options.public_port, 2);
    assert_true(options.is_developer);
    assert_string_equal(options.data, "d");
}

static void file_that_is_wrong_is_refused(void **state)
{
#define LONG_ADDRESS "0123456789012345678901234567890123456789012345678901234567890123"
    static const char *const bad[] = {"", "{}x", "[]", "{\"bord\":\"b\"}",
        "{\"board\":\"b\",\"data\":\"d\",\"seats_port\":70000}", "{\"board\":5}", "{\"help\":true}",
        "{\"config\":\"x\"}",
        "{\"board\":\"b\",\"data\":\"d\",\"listen\":\"" LONG_ADDRESS "\"}"};
    struct options options;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        write_config(bad[i]);
        if (parse(&options, "--config", "config.json", NULL, NULL, NULL))
            fail_msg("%s: taken", bad[i]);
        if (strstr(err.text, "config.json") == NULL)
            fail_msg("%s: %s", bad[i], err.text);
    }
    assert_false(parse(&options, "--config", "nowhere.json", NULL, NULL, NULL));
}

static void man_page_names_every_option(void **state)
{
    struct buffer page = {.max = 1u << 20};
    (void)state;
    assert_true(file_read(CARREL_SOURCE_DIR "/docs/man/carrel-server.1.scd", &page, &err));
    unsigned count = 0;
    for (const char *name; (name = options_name(count)) != NULL; count++) {
        char marked[64];
        snprintf(marked, sizeof marked, "*--%s*", name);
        if (strstr(buffer_text(&page), marked) == NULL)
            fail_msg("%s is not in the man page", marked);
    }
    unsigned told = 0;
    for (const char *at = buffer_text(&page); (at = strstr(at, "\n*--")) != NULL; at++)
        told++;
    assert_int_equal(told, count); /* and no other */
    buffer_release(&page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_have_defaults),
        cmocka_unit_test(options_that_are_wrong_are_named),
        cmocka_unit_test(command_line_goes_before_the_file),
        cmocka_unit_test(file_that_is_wrong_is_refused),
        cmocka_unit_test(man_page_names_every_option),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
