#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "provisioning/arguments.h"
#include "provisioning/commands.h"

static const struct option options[] = {
    {.name = "output", .letter = 'o', .value = "FILE", .is_required = true},
    {.name = "center", .value = "NAME", .repeats = true},
    {.name = "practice"},
    {.name = "days", .value = "N"},
    {0},
};

#define WORDS_MAX 8

static bool parse(struct arguments *arguments, const char *const *words, struct error *err)
{
    size_t count = 0;

    while (words[count] != NULL)
        count++;
    return arguments_parse(arguments, options, words, count, err);
}

static void arguments_take_every_way_to_write_a_value(void **state)
{
    static const char *const ways[][WORDS_MAX] = {{"--output", "x", "dir"}, {"--output=x", "dir"},
        {"-o", "x", "dir"}, {"-ox", "dir"}, {"dir", "-o", "x"}, {"-o", "x", "--", "dir"}};
    struct arguments arguments;
    struct error err;

    (void)state;
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        assert_true(parse(&arguments, ways[i], &err));
        assert_string_equal(arguments_value(&arguments, "output"), "x");
        assert_int_equal(arguments.operand_count, 1);
        assert_string_equal(arguments.operands[0], "dir");
        assert_false(arguments_has(&arguments, "practice"));
    }
}

static void arguments_say_what_is_wrong(void **state)
{
    static const struct {
        const char *words[WORDS_MAX];
        const char *text;
    } cases[] = {
        {{"dir"}, "--output FILE is missing"},
        {{"--output"}, "--output needs a value: FILE"},
        {{"-o"}, "--output needs a value: FILE"},
        {{"--outp", "x"}, "there is no option --outp"},
        {{"--outputs=x"}, "there is no option --outputs"},
        {{"-x"}, "there is no option -x"},
        {{"-o", "x", "-o", "y"}, "--output was given twice"},
        {{"-o", "x", "--practice=yes"}, "--practice takes no value"},
    };
    struct arguments arguments;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error err = {0};
        assert_false(parse(&arguments, cases[i].words, &err));
        assert_int_equal(err.code, ERROR_USAGE);
        assert_string_equal(err.text, cases[i].text);
    }
}

static void arguments_repeat_where_the_table_says_so(void **state)
{
    static const char *const words[] = {"--center", "a", "-o", "x", "--center=b", "--", "--center", NULL};
    struct arguments arguments;
    struct error err;

    (void)state;
    assert_true(parse(&arguments, words, &err));
    assert_int_equal(arguments_count(&arguments, "center"), 2);
    assert_string_equal(arguments_at(&arguments, "center", 0), "a");
    assert_string_equal(arguments_at(&arguments, "center", 1), "b");
    assert_null(arguments_at(&arguments, "center", 2));
    assert_string_equal(arguments.operands[0], "--center");
}

static void arguments_number_is_strict(void **state)
{
    static const struct {
        const char *value;
        long expected; /* 0: refused */
    } cases[] = {{"30", 30}, {"1", 1}, {"366", 0}, {"0", 0}, {"-1", 0}, {"3d", 0}, {"", 0}, {" 3", 0}};
    struct arguments arguments;
    struct error err = {0};
    long number = 0;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *const words[] = {"-o", "x", "--days", cases[i].value, NULL};
        assert_true(parse(&arguments, words, &err));
        assert_int_equal(
            arguments_number(&arguments, "days", 1, 365, 7, &number, &err), cases[i].expected != 0);
        if (cases[i].expected != 0)
            assert_int_equal(number, cases[i].expected);
    }
    assert_true(parse(&arguments, (const char *const[]){"-o", "x", NULL}, &err));
    assert_true(arguments_number(&arguments, "days", 1, 365, 7, &number, &err));
    assert_int_equal(number, 7);
}

static void arguments_stop_at_their_maximum(void **state)
{
    const char *words[ARGUMENTS_MAX + 4] = {"-o", "x"};
    struct arguments arguments;
    struct error err = {0};

    (void)state;
    for (size_t i = 2; i < ARGUMENTS_MAX + 3; i++)
        words[i] = "dir";
    assert_false(parse(&arguments, words, &err));
    assert_int_equal(err.code, ERROR_USAGE);
}

static void every_command_can_be_found_and_says_what_it_is(void **state)
{
    (void)state;
    for (const struct command *const *command = commands; *command != NULL; command++) {
        char name[64];
        const char *words[4];
        size_t count = 0, taken;
        char *rest = NULL;
        assert_true(strlen((*command)->name) < sizeof name);
        memcpy(name, (*command)->name, strlen((*command)->name) + 1);
        for (char *word = strtok_r(name, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest))
            words[count++] = word;
        assert_ptr_equal(command_find(words, count, &taken), *command);
        assert_int_equal(taken, count);
        assert_non_null((*command)->run);
        assert_non_null((*command)->operands);
        assert_true(strlen((*command)->summary) > 5);
        for (const struct option *option = (*command)->options; option != NULL && option->name != NULL;
             option++)
            assert_non_null(option->help);
    }
}

static void command_find_wants_whole_words(void **state)
{
    size_t taken;

    (void)state;
    assert_null(command_find((const char *const[]){"hel"}, 1, &taken));
    assert_null(command_find((const char *const[]){"helpme"}, 1, &taken));
    assert_null(command_find(NULL, 0, &taken));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arguments_take_every_way_to_write_a_value),
        cmocka_unit_test(arguments_say_what_is_wrong),
        cmocka_unit_test(arguments_repeat_where_the_table_says_so),
        cmocka_unit_test(arguments_number_is_strict),
        cmocka_unit_test(arguments_stop_at_their_maximum),
        cmocka_unit_test(every_command_can_be_found_and_says_what_it_is),
        cmocka_unit_test(command_find_wants_whole_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
