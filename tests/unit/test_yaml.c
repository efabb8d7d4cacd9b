#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "provisioning/authoring/yaml.h"

/* A text as the file x.yaml from line 1. */
struct fixture {
    struct arena arena;
    struct mistakes mistakes;
    struct yaml_file file;
    struct yaml *root;
};

static void fixture_parse(struct fixture *fixture, const char *text)
{
    *fixture = (struct fixture){.file = {.path = "x.yaml", .first_line = 1}};
    fixture->file.arena = &fixture->arena;
    fixture->file.mistakes = &fixture->mistakes;
    fixture->root = yaml_parse(bytes_of_text(text), &fixture->file);
}

static void fixture_release(struct fixture *fixture)
{
    arena_release(&fixture->arena);
    mistakes_release(&fixture->mistakes);
}

static char *noted(const struct fixture *fixture)
{
    char *text = NULL;
    size_t len;
    FILE *to = open_memstream(&text, &len);

    mistakes_print(&fixture->mistakes, to);
    (void)fclose(to);
    return text;
}

static void yaml_knows_its_lines(void **state)
{
    struct fixture fixture;
    struct yaml *list, *text;

    (void)state;
    fixture_parse(&fixture, "# comment\nid: x\nlist:\n  - {count: 3, d: easy}\n  - 4\ntext: |\n  one\n  "
                            "two\nflag: yes\nfolded: >\n  one\n  two\nplain: x\n");
    assert_non_null(fixture.root);
    assert_string_equal(yaml_need_text(&fixture.file, fixture.root, "id"), "x");
    list = yaml_need(&fixture.file, fixture.root, "list", YAML_LIST);
    assert_int_equal(list->children->line, 4);
    assert_int_equal(yaml_need_number(&fixture.file, list->children, "count", 1, 9), 3);
    assert_int_equal(list->children->next->line, 5);
    assert_null(list->children->next->next);
    text = yaml_need(&fixture.file, fixture.root, "text", YAML_TEXT);
    assert_string_equal(text->text, "one\ntwo\n");
    assert_int_equal(text->text_line, 7);
    assert_int_equal(yaml_member(fixture.root, "folded")->text_line, 11);
    assert_int_equal(yaml_member(fixture.root, "plain")->text_line, 13);
    assert_true(yaml_flag(&fixture.file, fixture.root, "flag", false));
    assert_true(yaml_flag(&fixture.file, fixture.root, "absent", true));
    assert_int_equal(fixture.mistakes.count, 0);
    fixture_release(&fixture);
}

static void yaml_notes_what_it_does_not_take(void **state)
{
    static const struct {
        const char *text, *expected;
    } cases[] = {
        {"", "x.yaml:1: it should be names and values, one a line\n"},
        {"- a\n", "x.yaml:1: it should be names and values, one a line\n"},
        {"a: 1\nb: 2\na: 3\n", "x.yaml:3: a is there twice, first in line 1\n"},
        {"a: &x 1\n", "x.yaml:1: anchors, aliases and tags are not known here\n"},
        {"a: 1\nb: *x\n", "x.yaml:2: anchors, aliases and tags are not known here\n"},
        {"a: !!int 1\n", "x.yaml:1: anchors, aliases and tags are not known here\n"},
        {"a: 1\n---\nb: 1\n", "x.yaml:2: a second document begins here\n"},
        {"a: 1\n? [b]\n: c\n", "x.yaml:2: a name is expected here\n"},
        {"a: [[[[[[[[1]]]]]]]]\n", "x.yaml:1: nested too deep\n"},
        {"a: 1\nb: [1,\n",
            "x.yaml:3: not YAML: while parsing a flow node, did not find expected node content\n"},
        {"a: 1\n\tb: 2\n", "x.yaml:2: not YAML: while scanning a plain scalar, found a tab character that "
                           "violates indentation\n"},
        {"a: \"x\n", "x.yaml:2: not YAML: while scanning a quoted scalar, found unexpected end of stream\n"},
        {"a: \xff\n", "x.yaml:1: not UTF-8\n"},
        {"a: \"\\0\"\n", "x.yaml:1: a text has a NUL\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct fixture fixture;
        char *text;
        fixture_parse(&fixture, cases[i].text);
        text = noted(&fixture);
        assert_null(fixture.root);
        assert_string_equal(text, cases[i].expected);
        free(text);
        fixture_release(&fixture);
    }
}

static void yaml_members_note_what_is_wrong_with_them(void **state)
{
    static const char *const colours[] = {"red", "green", "blue"};
    struct fixture fixture;
    char *text;

    (void)state;
    fixture_parse(
        &fixture, "empty: \"\"\nnumber: 07\nlarge: 10\ncolour: pink\nflag: maybe\nlist: 1\nother: 1\n");
    assert_non_null(fixture.root);
    (void)yaml_need_text(&fixture.file, fixture.root, "absent");
    (void)yaml_need_text(&fixture.file, fixture.root, "empty");
    (void)yaml_need_number(&fixture.file, fixture.root, "number", 1, 9);
    (void)yaml_need_number(&fixture.file, fixture.root, "large", 1, 9);
    (void)yaml_need_enum(&fixture.file, fixture.root, "colour", colours, 3);
    (void)yaml_flag(&fixture.file, fixture.root, "flag", false);
    (void)yaml_need(&fixture.file, fixture.root, "list", YAML_LIST);
    yaml_no_others(&fixture.file, fixture.root);
    text = noted(&fixture);
    assert_string_equal(text, "x.yaml:1: absent is missing\n"
                              "x.yaml:1: empty is empty\n"
                              "x.yaml:2: number should be a whole number from 1 to 9\n"
                              "x.yaml:3: large should be a whole number from 1 to 9\n"
                              "x.yaml:4: colour should be red, green or blue\n"
                              "x.yaml:5: flag should be yes or no\n"
                              "x.yaml:6: list should be a list\n"
                              "x.yaml:7: other is not a name known here\n");
    free(text);
    fixture_release(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(yaml_knows_its_lines),
        cmocka_unit_test(yaml_notes_what_it_does_not_take),
        cmocka_unit_test(yaml_members_note_what_is_wrong_with_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
