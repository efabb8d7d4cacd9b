#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "provisioning/authoring/lint.h"
#include "provisioning/authoring/listing.h"
#include "provisioning/authoring/verify.h"

static const char *const texts[] = {"aa", "bb", "cc", "dd", "ee", "ff", "gg", "hh"};

/* An item with that many choices, all alike; keys: the letters. */
static struct source_item item_of(size_t choices, const char *keys)
{
    struct source_item item = {
        .file = "x.md", .identifier = "x", .choice_count = choices, .key_count = strlen(keys)};

    for (size_t i = 0; i < choices; i++)
        item.choices[i].text = texts[i];
    for (; *keys != '\0'; keys++)
        item.choices[*keys - 'A'].is_key = true;
    return item;
}

static void guess_is_found_by_value_and_by_luck_among_equals(void **state)
{
    static const struct {
        const char *keys;
        double values[SOURCE_CHOICES_MAX];
        int percent;
    } cases[] = {
        {"A", {4, 3, 2, 1}, 100},
        {"B", {4, 3, 2, 1}, 0},
        {"A", {4, 4, 2, 1}, 50},
        {"C", {1, 1, 1, 1}, 25},
        {"AB", {4, 3, 2, 1}, 100},
        {"AC", {4, 3, 2, 1}, 0},
        {"AB", {4, 3, 3, 1}, 50},
        {"AB", {1, 1, 1, 1}, 16},
        {"CD", {1, 1, 3, 3}, 100},
        {"ABC", {2, 1, 1, 1}, 33},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct source_item item = item_of(4, cases[i].keys);
        assert_int_equal((int)(100 * lint_found(&item, cases[i].values)), cases[i].percent);
    }
}

static void choices_about_choices_are_seen(void **state)
{
    static const struct {
        const char *text;
        bool speaks;
    } cases[] = {
        {"All of the above", true},
        {"None of the above.", true},
        {"all the above answers", true},
        {"Any of these", true},
        {"Both of the options above are right", true},
        {"Neither of these", true},
        {"More than one of the above", true},
        {"None of the other choices", false},
        {"All of these answers", true},
        {"Both A and B", true},
        {"A and C", true},
        {"Only A, B and D", true},
        {"Neither A nor B", true},
        {"Everything above", true},
        {"two of these", true},
        {"It prints all of its lines", false},
        {"a and b", false},
        {"both lists are changed", false},
        {"A list of these values", false},
        {"`x` or `y`", false},
        {"A + B", false},
        {"A", false},
        {"", false},
        {"None", false},
        {"all", false},
        {"The line above raises the error", false},
        {"None of the lines is printed", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (lint_speaks_of_choices(cases[i].text) != cases[i].speaks)
            fail_msg("“%s” should %sbe seen", cases[i].text, cases[i].speaks ? "" : "not ");
}

static void stated_number_is_read(void **state)
{
    static const struct {
        const char *text;
        unsigned number;
    } cases[] = {
        {"Choose two.", 2},
        {"Which? (Choose three)", 3},
        {"choose 2", 2},
        {"CHOOSE TWO:", 2},
        {"Choose the best.", 0},
        {"Which do you choose?", 0},
        {"", 0},
        {"Choose  two.", 2},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct inline_run text = {INLINE_TEXT, cases[i].text};
        const struct block block = {.kind = BLOCK_PARAGRAPH, .runs = &text, .run_count = 1};
        const struct blocks stem = {&block, 1};
        assert_int_equal(lint_stated_number(&stem), cases[i].number);
    }
}

static char *renamed(const char *program)
{
    struct arena arena = {0};
    struct block block;
    struct buffer text = {.max = 10000};
    char *copy;

    assert_true(listing_make("python", program, &arena, &block));
    assert_true(lint_renamed(&block, &text));
    copy = strdup(buffer_text(&text));
    arena_release(&arena);
    buffer_release(&text);
    return copy;
}

static void listings_are_compared_without_their_names(void **state)
{
    static const struct {
        const char *a, *b;
        bool same;
    } cases[] = {
        {"x = 1\nprint(x)", "count = 1\nprint(count)", true},
        {"x = 1  # one\n\nprint( x )", "y = 1\nprint(y)", true},
        {"x = y", "y = x", true},
        {"x = x", "x = y", false},
        {"x = 1", "x = 2", false},
        {"print(x)", "len(x)", false},
        {"a.append(1)", "b.append(1)", true},
        {"a.append(1)", "a.remove(1)", false},
        {"if x:\n    y()", "if x:\n  y()", false},
        {"s = 'a'", "s = 'b'", false},
        {"def f(a):\n    return a", "def g(b):\n    return b", true},
        {"raise ValueError(x)", "raise TypeError(x)", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *a = renamed(cases[i].a), *b = renamed(cases[i].b);
        if ((strcmp(a, b) == 0) != cases[i].same)
            fail_msg("%s\n%s\n%s\n%s", cases[i].a, a, cases[i].b, b);
        free(a);
        free(b);
    }
}

/* A bank of n items with four choices and these keys. */
static size_t mistakes_of(const char *keys, char *first, size_t size)
{
    struct source_item items[64];
    struct bank bank = {.file = "exam.yaml", .items = items, .item_count = strlen(keys)};
    struct mistakes mistakes = {.count = 0};
    size_t count;

    for (size_t i = 0; i < bank.item_count; i++) {
        const char key[] = {keys[i], '\0'};
        items[i] = item_of(4, key);
    }
    lint_statistics(&bank, &mistakes);
    count = mistakes.count;
    (void)snprintf(first, size, "%s", count == 0 ? "" : mistakes.items[0].reason);
    mistakes_release(&mistakes);
    return count;
}

static void keys_stand_evenly(void **state)
{
    static const struct {
        const char *keys, *first;
    } cases[] = {
        {"ABCD", ""},
        {"A", ""},
        {"AB", ""},
        {"AAB", "of 3 single response items with 4 choices A is the key of 2, at most 1 are fair"},
        {"ABCDABCDBBBB", "of 12 single response items with 4 choices B is the key of 6, at most 4 are fair"},
        {"AAABBBBCCCDD", ""},            /* 4 of 12 are 33 percent, 35 are fair */
        {"ABCDABCDABCDABCDABCDBBB", ""}, /* 8 of 23 are 34.8 percent */
        {"DDDDDDABCABCABCABCABCABC", ""},
    };
    char first[200];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        (void)mistakes_of(cases[i].keys, first, sizeof first);
        if (strncmp(first, cases[i].first, strlen(first)) != 0 || strlen(first) != strlen(cases[i].first))
            fail_msg("%s: expected “%s”, got “%s”", cases[i].keys, cases[i].first, first);
    }
}

static void a_telling_first_place_is_seen(void **state)
{
    char first[200];

    (void)state;
    assert_int_equal(mistakes_of("AAAAAAABBBBBCCCCCDDDDD", first, sizeof first), 1); /* 31.8 percent of 22 */
    assert_non_null(strstr(
        first, "the first choice is the key of 31.8% of the items, at most 30.0% is fair (chance 25.0%)"));
}

static void printed_text_is_trimmed(void **state)
{
    static const struct {
        const char *text, *trimmed;
    } cases[] = {
        {"", ""},
        {"a", "a"},
        {"a\n", "a"},
        {"a \n b\t\n\n\n", "a\n b"},
        {"\n\na", "\n\na"},
        {"  a", "  a"},
        {" \n \n", ""},
        {"a\r\nb\r\n", "a\nb"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[40];
        (void)snprintf(text, sizeof text, "%s", cases[i].text);
        verify_trim(text);
        assert_string_equal(text, cases[i].trimmed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(guess_is_found_by_value_and_by_luck_among_equals),
        cmocka_unit_test(choices_about_choices_are_seen),
        cmocka_unit_test(stated_number_is_read),
        cmocka_unit_test(listings_are_compared_without_their_names),
        cmocka_unit_test(keys_stand_evenly),
        cmocka_unit_test(a_telling_first_place_is_seen),
        cmocka_unit_test(printed_text_is_trimmed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
