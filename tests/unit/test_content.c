/* Stems, as they are read: what belongs together stays together, and code is not scrolled for where there is
 * room. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "kiosk/items/content.h"
#include "kiosk/ui/ui_private.h"
#include "kiosk/ui/window.h"

enum { ID_CODE = 0x0300 };

#define TEXT(words)                                                                                          \
    {                                                                                                        \
        .kind = BLOCK_PARAGRAPH, .runs = &(const struct inline_run){.text = words}, .run_count = 1           \
    }
#define CODE(of, words)                                                                                      \
    {                                                                                                        \
        .kind = BLOCK_LISTING, .language = of,                                                               \
        .lines = &(const struct code_line){&(const struct span){.text = words}, 1}, .line_count = 1          \
    }

static const struct block one[] = {
    TEXT("This is given."), CODE("python", "first()"), TEXT("What does it do?")};
static const struct block two[] = {TEXT("In a.py stands this."), CODE("python", "first()"),
    TEXT("In b.py stands that."), CODE("python", "second()"), TEXT("What happens?")};
static const struct block side_by_side[] = {
    TEXT("Compare."), CODE("python", "first()"), CODE("python", "second()")};

static const struct block around[] = {
    CODE("python", "first()"), TEXT("Or, in b.py:"), {.kind = BLOCK_INTERACTION}, CODE("python", "second()")};

static const struct block tree[] = {CODE("text", "shop/")}, call[] = {CODE("python", "shop()")};
static const struct block words[] = {TEXT("What is this?")};
static const struct block longest[] = {
    CODE("python", "print(10000000000000000000, 20000000000000000000, 30000000000000000,# 72")};

#define BLOCKS(of) (&(const struct blocks){of, sizeof(of) / sizeof *(of)})

static struct fonts *fonts;
static struct ui *ui;
static struct arena frame;

static int start(void **state)
{
    struct error err;

    (void)state;
    fonts = fonts_new(FONTS_FOLDER, &err);
    ui = fonts == NULL ? NULL : ui_new(fonts, &err);
    if (ui == NULL)
        return -1;
    ui_set_size(ui, 1920, 1080, 1.35);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    arena_release(&frame);
    ui_free(ui);
    fonts_free(fonts);
    return 0;
}

/* Draws a stem in a body of that width; how many widgets can be moved to: listings that have to be scrolled.
 */
static size_t draw(const struct blocks *blocks, unsigned parts, double width_u)
{
    do {
        ui_begin(ui, 1);
        ui_body_begin(ui, &(struct body){.width_u = width_u});
        content_stem(ui, &frame, blocks, parts, ID_CODE);
        ui_body_end(ui);
    } while (ui_end(ui));
    return ui->last->count;
}

/* The height at which this is drawn; −1: it is not. */
static int height_of(const char *text)
{
    const struct display_list *list = ui_list(ui);

    for (size_t i = 0; i < display_count(list); i++) {
        const struct display_command *command = display_get(list, i);
        if (command->kind == DISPLAY_TEXT && command->length == strlen(text) &&
            memcmp(display_get_text(list, command), text, command->length) == 0)
            return command->baseline;
    }
    return -1;
}

static void text_between_two_listings_binds_them(void **state)
{
    (void)state;
    assert_false(content_is_interleaved(BLOCKS(one)));
    assert_false(content_is_interleaved(BLOCKS(side_by_side)));
    assert_true(content_is_interleaved(BLOCKS(two)));
    assert_true(content_is_interleaved(BLOCKS(around)));
}

static void stem_is_drawn_in_its_order(void **state)
{
    static const char *const order[] = {
        "In a.py stands this.", "first()", "In b.py stands that.", "second()", "What happens?"};

    (void)state;
    draw(BLOCKS(two), CONTENT_TEXT | CONTENT_LISTINGS, 760);
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        assert_true(height_of(order[i]) > 0);
        if (i > 0)
            assert_true(height_of(order[i]) > height_of(order[i - 1]));
    }
}

static void lines_of_a_text_have_no_numbers(void **state)
{
    (void)state;
    draw(BLOCKS(tree), CONTENT_LISTINGS, 600);
    assert_int_equal(height_of("1"), -1);
    draw(BLOCKS(call), CONTENT_LISTINGS, 600);
    assert_true(height_of("1") > 0);
}

static void longest_line_that_an_author_may_write_need_not_be_scrolled(void **state)
{
    double wanted_u;

    (void)state;
    assert_int_equal(strlen(longest[0].lines[0].spans[0].text), 72);
    wanted_u = content_listing_width_u(ui, &frame, BLOCKS(longest));
    assert_int_equal(draw(BLOCKS(longest), CONTENT_LISTINGS, wanted_u), 0);
    assert_true(draw(BLOCKS(longest), CONTENT_LISTINGS, 600) > 0);
}

/* Beside the responses, as item_draw() lays it out; 0 also where the window has no room for it. */
static size_t draw_beside(const struct blocks *blocks)
{
    const double listing_u = fmax(content_listing_width_u(ui, &frame, blocks), 600);
    const double width_u = UI_SPLIT_U + listing_u - 600;

    if (width_u + 2 * 24 > ui_width_u(ui))
        return 0;
    do {
        ui_begin(ui, 1);
        ui_body_begin(ui, &(struct body){.width_u = width_u});
        ui_split_begin(ui, 560);
        content_stem(ui, &frame, blocks, CONTENT_LISTINGS, ID_CODE);
        ui_split_next(ui);
        ui_split_end(ui);
        ui_body_end(ui);
    } while (ui_end(ui));
    return ui->last->count;
}

static void no_line_scrolls_by_a_pixel_on_a_usual_display(void **state)
{
    static const int sizes[][2] = {{1440, 900}, {1366, 768}, {1600, 900}, {1680, 1050}, {1920, 1080},
        {1920, 1200}, {2560, 1440}, {3840, 2160}};
    const char *text = longest[0].lines[0].spans[0].text;

    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (size_t skipped = 0; skipped < 60; skipped++) {
            const struct span span = {.text = text + skipped};
            const struct code_line line = {&span, 1};
            const struct block block = {
                .kind = BLOCK_LISTING, .language = "python", .lines = &line, .line_count = 1};
            const struct blocks blocks = {&block, 1};
            ui_set_size(ui, sizes[i][0], sizes[i][1], window_scale(sizes[i][0], sizes[i][1]));
            arena_release(&frame);
            if (draw_beside(&blocks) != 0)
                fail_msg("%zu characters at %d by %d", strlen(text) - skipped, sizes[i][0], sizes[i][1]);
        }
    ui_set_size(ui, 1920, 1080, 1.35);
}

static void stem_without_listing_wants_no_room_for_one(void **state)
{
    (void)state;
    assert_true(content_listing_width_u(ui, &frame, BLOCKS(words)) == 0);
    assert_true(content_listing_width_u(ui, &frame, BLOCKS(one)) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_between_two_listings_binds_them),
        cmocka_unit_test(stem_is_drawn_in_its_order),
        cmocka_unit_test(lines_of_a_text_have_no_numbers),
        cmocka_unit_test(longest_line_that_an_author_may_write_need_not_be_scrolled),
        cmocka_unit_test(no_line_scrolls_by_a_pixel_on_a_usual_display),
        cmocka_unit_test(stem_without_listing_wants_no_room_for_one),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
