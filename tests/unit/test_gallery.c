/* The gallery's screens under random hands: what is on the canvas is always what painting anew gives, nothing
 * leaves the window sideways, and every frame settles. */
#include "kiosk/ui/paint.h"
#include "kiosk/ui/ui_private.h"
#include "kiosk/ui/window.h"
#include "tests/gallery/pages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define WIDTH 500
#define HEIGHT 380

static struct fonts *fonts;
static struct ui *ui;
static struct model model;
static uint32_t seed;

static int set_up(void **state)
{
    struct error err;

    (void)state;
    fonts = fonts_new(FONTS_FOLDER, &err);
    ui = fonts != NULL ? ui_new(fonts, &err) : NULL;
    model_init(&model);
    seed = 11;
    return ui != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    ui_free(ui);
    fonts_free(fonts);
    return 0;
}

static uint32_t draw(uint32_t below)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % below;
}

static void build(size_t page)
{
    int builds = 0;

    do {
        ui_begin(ui, (uint32_t)page + 1);
        pages[page].build(ui, &model);
        builds++;
    } while (ui_end(ui));
    assert_true(ui_is_complete(ui));
    assert_true(builds < 6);
}

static struct ui_event random_event(void)
{
    static const enum ui_key keys[] = {UI_KEY_TAB, UI_KEY_TAB, UI_KEY_TAB, UI_KEY_DOWN, UI_KEY_UP,
        UI_KEY_LEFT, UI_KEY_RIGHT, UI_KEY_PAGE_DOWN, UI_KEY_PAGE_UP, UI_KEY_HOME, UI_KEY_END, UI_KEY_ENTER,
        UI_KEY_BACKSPACE, UI_KEY_DELETE};
    struct ui_event event = {.x = (int)draw(WIDTH), .y = (int)draw(HEIGHT)};

    switch (draw(7)) {
    case 0: event.kind = UI_EVENT_POINTER_DOWN; break;
    case 1: event.kind = UI_EVENT_POINTER_UP; break;
    case 2: event.kind = UI_EVENT_POINTER_MOVE; break;
    case 3:
        event.kind = UI_EVENT_WHEEL;
        event.wheel_y = (double)draw(5) - 2;
        event.wheel_x = (double)draw(3) - 1;
        break;
    case 4:
        event.kind = UI_EVENT_TEXT;
        event.text[0] = (char)('2' + draw(70));
        break;
    default:
        event.kind = UI_EVENT_KEY;
        event.key = keys[draw(sizeof keys / sizeof keys[0])];
        event.modifiers = draw(4) == 0 ? UI_SHIFT : 0;
        break;
    }
    return event;
}

static void random_hands_never_leave_old_pixels(void **state)
{
    static uint32_t kept[WIDTH * HEIGHT], fresh[WIDTH * HEIGHT];
    struct painter *painter = painter_new(fonts);
    struct rect changed[PAINT_MAX_RECTS];
    size_t page = 0;

    (void)state;
    ui_set_size(ui, WIDTH, HEIGHT, 0.75);
    for (int step = 0; step < 600; step++) {
        struct ui_event event = random_event();
        struct painter *other = painter_new(fonts);
        if (step % 60 == 0)
            page = draw((uint32_t)page_count);
        if (step % 97 == 0)
            ui_set_theme(ui, (enum theme_id)draw(THEMES));
        ui_event(ui, &event);
        build(page);
        painter_paint(painter, ui_list(ui), (struct canvas){kept, WIDTH, HEIGHT, WIDTH}, changed);
        painter_paint(other, ui_list(ui), (struct canvas){fresh, WIDTH, HEIGHT, WIDTH}, changed);
        assert_memory_equal(kept, fresh, sizeof kept);
        painter_free(other);
    }
    painter_free(painter);
}

/* Text may be cut by a clip only where something scrolls: in the body up and down, in a listing sideways. */
static void assert_nothing_is_cut(void)
{
    const struct display_list *list = ui_list(ui);

    for (size_t i = 0; i < display_count(list); i++) {
        const struct display_command *command = display_get(list, i);
        if (command->kind == DISPLAY_TEXT)
            assert_true(command->x >= 0 || command->rect.y < 0);
        if (command->kind == DISPLAY_BOX && command->fill != COLOR_NONE)
            assert_true(command->rect.x >= 0 && command->rect.x + command->rect.width <= ui->width);
    }
    for (size_t i = 0; i < ui->last->count; i++) {
        struct rect rect = ui->last->items[i].rect;
        assert_true(rect.x >= 0 && rect.x + rect.width <= ui->width);
    }
}

static void every_page_holds_at_every_size(void **state)
{
    static const int sizes[][2] = {
        {1024, 768}, {1280, 1024}, {1366, 768}, {1920, 1080}, {3840, 2160}, {768, 1024}};
    static const double zooms[] = {1, 1.25, 1.5, 2};

    (void)state;
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++)
        for (size_t z = 0; z < sizeof zooms / sizeof zooms[0]; z++)
            for (size_t page = 0; page < page_count; page++) {
                ui_set_zoom(ui, zooms[z]);
                ui_set_size(ui, sizes[s][0], sizes[s][1], window_scale(sizes[s][0], sizes[s][1]));
                build(page);
                assert_nothing_is_cut();
            }
}

/* Else scrolling would make every word of it anew for each frame. */
static void assert_text_fits(int width, int height)
{
    struct canvas canvas = {calloc((size_t)width * (size_t)height, 4), width, height, width};
    struct painter *painter = painter_new(fonts);
    struct rect changed[PAINT_MAX_RECTS];

    fonts_keep(fonts, 0);
    fonts_keep(fonts, SIZE_MAX);
    painter_paint(painter, ui_list(ui), canvas, changed);
    assert_in_range(fonts_kept(fonts), 1, private_text_room(width, height));
    painter_free(painter);
    free(canvas.pixels);
}

static void text_of_every_page_fits_in_what_is_kept(void **state)
{
    static const int sizes[][2] = {{1024, 768}, {1920, 1080}, {768, 1024}};

    (void)state;
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++)
        for (double zoom = 1; zoom <= 2; zoom++)
            for (size_t page = 0; page < page_count; page++) {
                ui_set_zoom(ui, zoom);
                ui_set_size(ui, sizes[s][0], sizes[s][1], window_scale(sizes[s][0], sizes[s][1]));
                build(page);
                assert_text_fits(sizes[s][0], sizes[s][1]);
            }
}

/* By Tab alone one comes to every control of a page, and each is in view when one is there. */
static void tab_reaches_everything_in_view(void **state)
{
    (void)state;
    ui_set_size(ui, 1024, 768, 0.96);
    ui_set_zoom(ui, 2);
    for (size_t page = 0; page < page_count; page++) {
        size_t stops = 0, reached = 0;
        build(page);
        ui_focus(ui, 0);
        for (size_t i = 0; i < ui->last->count; i++)
            stops += (ui->last->items[i].flags & WIDGET_FOCUS) != 0;
        for (size_t i = 0; i < stops; i++) {
            ui_id before = ui_focused(ui);
            ui_event(ui, &(struct ui_event){.kind = UI_EVENT_KEY, .key = UI_KEY_TAB});
            build(page);
            const struct widget *widget = private_find(ui->last, ui_focused(ui));
            assert_non_null(widget);
            reached += ui_focused(ui) != before;
            if (widget->rect.height < ui->body.view.height)
                assert_int_equal(widget->seen.height, widget->rect.height);
        }
        assert_true(reached == stops || stops == 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(random_hands_never_leave_old_pixels, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_page_holds_at_every_size, set_up, tear_down),
        cmocka_unit_test_setup_teardown(text_of_every_page_fits_in_what_is_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(tab_reaches_everything_in_view, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
