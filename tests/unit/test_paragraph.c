/* Where lines break, and what is drawn of them. */
#include "kiosk/ui/paragraph.h"
#include "kiosk/ui/utf8.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static struct fonts *fonts;
static struct display_list *list;

static int set_up(void **state)
{
    struct error err;

    (void)state;
    fonts = fonts_new(FONTS_FOLDER, &err);
    list = display_new();
    return fonts != NULL && list != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    display_free(list);
    fonts_free(fonts);
    return 0;
}

static struct paragraph *make(const struct run *runs, size_t count, int width, enum align align)
{
    struct paragraph_style style = {.size = SIZE_TEXT, .scale = 1, .width = width, .align = align};
    struct paragraph *paragraph = paragraph_new(fonts, &style, runs, count);

    assert_non_null(paragraph);
    return paragraph;
}

static struct paragraph *make_text(const char *text, int width)
{
    return make(&(struct run){.text = text}, 1, width, ALIGN_LEADING);
}

/* The drawn text, a | between lines, a · between pieces of a line. */
static const char *drawn(const struct paragraph *paragraph)
{
    static char out[4096];
    size_t length = 0;
    int baseline = 0;

    display_clear(list, 4000, 4000);
    paragraph_draw(paragraph, list, theme_get(THEME_LIGHT), ROLE_INK, 0, 0);
    for (size_t i = 0; i < display_count(list); i++) {
        const struct display_command *command = display_get(list, i);
        const char *mark = i == 0 ? "" : command->baseline != baseline ? "|" : "\u00b7";
        int written = snprintf(out + length, sizeof out - length, "%s%.*s", mark, (int)command->length,
            display_get_text(list, command));
        length += (size_t)written;
        baseline = command->baseline;
    }
    out[length] = '\0';
    return out;
}

static void lines_break_where_they_may(void **state)
{
    static const struct {
        const char *name, *text;
        int width;
        const char *expected;
    } cases[] = {
        {"one line", "What does this print?", 400, "What does this print?"},
        {"at a space", "What does this print?", 100, "What does|this print?"},
        {"no width", "What does this print?", 0, "What does this print?"},
        {"at a newline", "one\ntwo", 400, "one|two"},
        {"an empty line between", "one\n\ntwo", 400, "one|two"},
        {"spaces at the end hang over", "What      does", 60, "What|does"},
        {"inner spaces are kept", "a   b", 400, "a   b"},
        {"leading spaces are kept", "   b", 400, "   b"},
        {"behind a hyphen", "well-known-word", 100, "well-|known-|word"},
        {"not before a digit", "value -2 here", 62, "value|-2 here"},
        {"a long word", "Donaudampfschiff", 80, "Donauda|mpfschiff"},
        {"a long word among others", "of Donaudampfschiff x", 80, "of|Donauda|mpfschiff|x"},
        {"not inside a character", "\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4", 22,
            "\u00e4\u00e4|\u00e4\u00e4|\u00e4\u00e4"},
        {"narrower than a letter", "WW", 3, "W|W"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct paragraph *paragraph = make_text(cases[i].text, cases[i].width);
        const char *found = drawn(paragraph);
        if (strcmp(found, cases[i].expected) != 0)
            fail_msg("%s: %s, not %s", cases[i].name, found, cases[i].expected);
        paragraph_free(paragraph);
    }
}

static void no_line_is_wider_than_asked(void **state)
{
    static const char *const texts[] = {"Nothing: a TypeError is raised in line 5, because the list that was "
                                        "given has no such attribute; AVATAR, To, We, 'quoted' (and so on).",
        "it is as if it is on us to do it or so as of an ox is to us it is in it if it is as is to it"};

    (void)state;
    for (int width = 120; width < 600; width++)
        for (size_t i = 0; i < 2; i++) {
            struct paragraph *paragraph = make_text(texts[i], width);
            assert_true(paragraph_width(paragraph) <= width);
            assert_int_equal(paragraph_height(paragraph), paragraph_lines(paragraph) * 28);
            paragraph_free(paragraph);
        }
}

static void words_of_several_styles_stay_together(void **state)
{
    const struct run runs[] = {
        {.text = "Which module holds "}, {.text = "sqrt", .style = RUN_CODE}, {.text = "?"}};
    struct paragraph *paragraph;

    (void)state;
    paragraph = make(runs, 3, 4000, ALIGN_LEADING);
    assert_string_equal(drawn(paragraph), "Which module holds \u00b7sqrt\u00b7?");
    int width = paragraph_width(paragraph);
    paragraph_free(paragraph);
    paragraph = make(runs, 3, width - 2, ALIGN_LEADING); /* the ? does not fit: it takes sqrt along */
    assert_string_equal(drawn(paragraph), "Which module holds|sqrt\u00b7?");
    paragraph_free(paragraph);
}

static void runs_have_their_face_and_colour(void **state)
{
    const struct run runs[] = {{.text = "a "}, {.text = "b ", .style = RUN_STRONG},
        {.text = "c ", .style = RUN_EMPHASIS}, {.text = "d", .style = RUN_CODE, .role = ROLE_DANGER}};
    static const enum font_face faces[] = {FACE_TEXT, FACE_STRONG, FACE_EMPHASIS, FACE_CODE};
    struct paragraph *paragraph = make(runs, 4, 4000, ALIGN_LEADING);

    (void)state;
    drawn(paragraph);
    assert_int_equal(display_count(list), 4);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(display_get(list, i)->face, faces[i]);
    assert_int_equal(display_get(list, 0)->fill, theme_color(theme_get(THEME_LIGHT), ROLE_INK));
    assert_int_equal(display_get(list, 3)->fill, theme_color(theme_get(THEME_LIGHT), ROLE_DANGER));
    paragraph_free(paragraph);
}

static void alignment_moves_lines(void **state)
{
    struct paragraph *paragraph = make(&(struct run){.text = "abc"}, 1, 300, ALIGN_TRAILING);

    (void)state;
    drawn(paragraph);
    assert_int_equal(display_get(list, 0)->x + paragraph_width(paragraph), 300);
    paragraph_free(paragraph);
    paragraph = make(&(struct run){.text = "abc"}, 1, 300, ALIGN_MIDDLE);
    drawn(paragraph);
    assert_int_equal(display_get(list, 0)->x, (300 - paragraph_width(paragraph)) / 2);
    paragraph_free(paragraph);
}

static void other_scripts_come_from_other_fonts(void **state)
{
    struct paragraph *paragraph = make_text("x \u21d2 y", 4000);

    (void)state;
    drawn(paragraph);
    assert_true(display_count(list) >= 2);
    assert_true(display_get(list, 1)->face >= FACE_FALLBACK);
    paragraph_free(paragraph);
}

/* A folder with the three needed fonts only, which is gone before anything is drawn. */
static void missing_faces_are_made_of_others(void **state)
{
    static const char *const names[] = {
        "NotoSans-Regular.ttf", "NotoSans-Bold.ttf", "NotoSansMono-Regular.ttf"};
    static const enum font_face faces[] = {
        FACE_EMPHASIS, FACE_CODE_STRONG, FACE_CODE_EMPHASIS, FACE_FALLBACK};
    struct fonts *few;
    struct error err;
    char path[256];

    (void)state;
    assert_true(mkdir("fonts", 0700) == 0 || errno == EEXIST);
    few = fonts_new("fonts", &err);
    assert_null(few);
    assert_int_equal(err.code, ERROR_NOT_FOUND);
    for (int i = 0; i < 3; i++) {
        char target[256];
        snprintf(target, sizeof target, FONTS_FOLDER "/%s", names[i]);
        snprintf(path, sizeof path, "fonts/%s", names[i]);
        assert_int_equal(symlink(target, path), 0);
    }
    few = fonts_new("fonts", &err);
    for (int i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "fonts/%s", names[i]);
        assert_int_equal(unlink(path), 0);
    }
    assert_non_null(few);
    for (int i = 0; i < 3; i++)
        assert_non_null(fonts_mask(few, faces[i], 20, "abc", 3).coverage);
    assert_null(fonts_mask(few, FACE_FALLBACK, 20, "abc", 3).coverage);
    fonts_free(few);
}

static void bytes_that_are_no_text_are_survived(void **state)
{
    static const char *const texts[] = {
        "\xff\xfe", "a\xc3", "\xe2\x82", "\xf0\x9f\x98", "\xed\xa0\x80 b", ""};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct paragraph *paragraph = make_text(texts[i], 50);
        assert_true(paragraph_lines(paragraph) >= 1);
        drawn(paragraph);
        paragraph_free(paragraph);
    }
}

static void figures_are_of_equal_width(void **state)
{
    int width = fonts_advance(fonts, FACE_STRONG, 20, "0:00:00", 7);
    char time[8];

    (void)state;
    for (int digit = 1; digit < 10; digit++) {
        snprintf(time, sizeof time, "%d:%d%d:%d%d", digit, digit, digit, digit, digit);
        assert_int_equal(fonts_advance(fonts, FACE_STRONG, 20, time, 7), width);
    }
}

static struct mask mask_of(struct fonts *of, enum font_face face, int pixels)
{
    fonts_keep(of, 0); /* none from before */
    return fonts_mask(of, face, pixels, "Office", 6);
}

/* A face is open once, in the size that was asked for last. */
static void sizes_of_a_face_leave_each_other_alone(void **state)
{
    static const enum font_face faces[] = {FACE_TEXT, FACE_CODE, FACE_CODE_EMPHASIS};
    static const int sizes[] = {20, 33, 20, 14, 33};
    struct error err;
    struct fonts *used = fonts_new(FONTS_FOLDER, &err);

    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        for (size_t f = 0; f < sizeof faces / sizeof faces[0]; f++) {
            struct fonts *fresh = fonts_new(FONTS_FOLDER, &err);
            struct mask mask = mask_of(used, faces[f], sizes[i]), same = mask_of(fresh, faces[f], sizes[i]);
            assert_int_equal(mask.pitch * mask.height, same.pitch * same.height);
            assert_int_equal(mask.offset_y, same.offset_y);
            assert_memory_equal(mask.coverage, same.coverage, (size_t)(mask.pitch * mask.height));
            assert_int_equal(fonts_advance(used, faces[f], sizes[i], "Office", 6),
                fonts_advance(fresh, faces[f], sizes[i], "Office", 6));
            assert_true(fonts_cell(used, faces[f], sizes[i]) == fonts_cell(fresh, faces[f], sizes[i]));
            fonts_free(fresh);
        }
    fonts_free(used);
}

static void utf8_steps_forwards_and_backwards_alike(void **state)
{
    static const char text[] = "a\u00e4\u20ac\U0001f600\xff"
                               "b\xe2\x82";
    size_t steps[16], count = 0, at, length = sizeof text - 1;

    (void)state;
    for (at = 0; at < length; at += steps[count - 1])
        steps[count++] = utf8_next(text + at, length - at, NULL);
    assert_int_equal(at, length);
    assert_int_equal(count, utf8_count(text, length));
    while (count > 0) {
        size_t back = utf8_last(text, length);
        assert_int_equal(back, steps[--count]);
        length -= back;
    }
    assert_int_equal(length, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_break_where_they_may),
        cmocka_unit_test(sizes_of_a_face_leave_each_other_alone),
        cmocka_unit_test(no_line_is_wider_than_asked),
        cmocka_unit_test(words_of_several_styles_stay_together),
        cmocka_unit_test(runs_have_their_face_and_colour),
        cmocka_unit_test(alignment_moves_lines),
        cmocka_unit_test(other_scripts_come_from_other_fonts),
        cmocka_unit_test(missing_faces_are_made_of_others),
        cmocka_unit_test(bytes_that_are_no_text_are_survived),
        cmocka_unit_test(figures_are_of_equal_width),
        cmocka_unit_test(utf8_steps_forwards_and_backwards_alike),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
