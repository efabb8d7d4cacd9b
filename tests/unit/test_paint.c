/* Painting what changed gives, bit by bit, what painting everything gives. */
#include "kiosk/ui/damage.h"
#include "kiosk/ui/display.h"
#include "kiosk/ui/paint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define WIDTH 300
#define HEIGHT 200
#define BORDER 8 /* around the canvas: nothing may be painted there */
#define PITCH (WIDTH + 2 * BORDER)
#define WILD 0x12345678u

struct world {
    struct fonts *fonts;
    struct painter *painter;
    struct display_list *list;
    uint32_t pixels[PITCH * (HEIGHT + 2 * BORDER)];
    uint32_t fresh[PITCH * (HEIGHT + 2 * BORDER)];
    uint32_t seed;
};

static struct canvas canvas_on(uint32_t *pixels)
{
    return (struct canvas){pixels + BORDER * PITCH + BORDER, WIDTH, HEIGHT, PITCH};
}

static void fill_wild(uint32_t *pixels)
{
    for (size_t i = 0; i < PITCH * (HEIGHT + 2 * BORDER); i++)
        pixels[i] = WILD;
}

static int set_up(void **state)
{
    struct world *world = calloc(1, sizeof *world);
    struct error err;

    assert_non_null(world);
    world->fonts = fonts_new(FONTS_FOLDER, &err);
    assert_non_null(world->fonts);
    world->painter = painter_new(world->fonts);
    world->list = display_new();
    fill_wild(world->pixels);
    world->seed = 7;
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;

    display_free(world->list);
    painter_free(world->painter);
    fonts_free(world->fonts);
    free(world);
    return 0;
}

static uint32_t draw_number(struct world *world, uint32_t below)
{
    world->seed = world->seed * 1664525u + 1013904223u;
    return (world->seed >> 8) % below;
}

static color draw_color(struct world *world)
{
    return draw_number(world, 5) == 0 ? COLOR_NONE : 0xff000000u | draw_number(world, 0x1000000);
}

static void add_random(struct world *world)
{
    static const char *const words[] = {"carrel", "Why?", "jfy", "\xc3\x85ngstr\xc3\xb6m", "0:27:41"};
    struct rect rect = {(int)draw_number(world, WIDTH + 40) - 20, (int)draw_number(world, HEIGHT + 40) - 20,
        (int)draw_number(world, 120), (int)draw_number(world, 80)};
    const char *word = words[draw_number(world, 5)];

    switch (draw_number(world, 6)) {
    case 0:
        display_icon(world->list, (struct rect){rect.x, rect.y, 24, 24}, (enum icon)draw_number(world, ICONS),
            0xff884400);
        break;
    case 1: display_stripes(world->list, rect, 5, 0xff223344, 0xff445566); break;
    case 2:
        display_text(world->list, (struct rect){rect.x - 5, rect.y - 30, 120, 50},
            (enum font_face)draw_number(world, 6), 12 + (int)draw_number(world, 12), rect.x, rect.y,
            0xff0000ff, word, strlen(word));
        break;
    case 3:
        display_clip_push(world->list, rect);
        display_box(world->list, rect_inset(rect, -6), 9, draw_color(world), 3, draw_color(world));
        display_clip_pop(world->list);
        break;
    default:
        display_box(world->list, rect, (int)draw_number(world, 30), draw_color(world),
            (int)draw_number(world, 5), draw_color(world));
        break;
    }
}

/* A frame of random commands; keep says how many of the last frame's begin this one again. */
static void random_frame(struct world *world, uint32_t seed, int same, int others)
{
    uint32_t after = world->seed;

    display_clear(world->list, WIDTH, HEIGHT);
    display_fill(world->list, (struct rect){0, 0, WIDTH, HEIGHT}, 0xfff6f6f3);
    world->seed = seed;
    for (int i = 0; i < same; i++)
        add_random(world);
    world->seed = after;
    for (int i = 0; i < others; i++)
        add_random(world);
}

static size_t paint(struct world *world)
{
    struct rect changed[PAINT_MAX_RECTS];

    return painter_paint(world->painter, world->list, canvas_on(world->pixels), changed);
}

static void assert_same_as_fresh(struct world *world)
{
    struct painter *other = painter_new(world->fonts);
    struct rect changed[PAINT_MAX_RECTS];

    fill_wild(world->fresh);
    painter_paint(other, world->list, canvas_on(world->fresh), changed);
    painter_free(other);
    assert_memory_equal(world->pixels, world->fresh, sizeof world->pixels);
}

static void painting_the_changes_equals_painting_all(void **state)
{
    struct world *world = *state;

    for (int frame = 0; frame < 300; frame++) {
        random_frame(
            world, 1 + (uint32_t)frame / 10, (int)draw_number(world, 12), (int)draw_number(world, 4));
        paint(world);
        assert_same_as_fresh(world);
    }
}

static void nothing_is_painted_outside_the_canvas(void **state)
{
    struct world *world = *state;

    for (int frame = 0; frame < 50; frame++) {
        random_frame(world, (uint32_t)frame, 20, 0);
        paint(world);
    }
    for (int y = 0; y < HEIGHT + 2 * BORDER; y++)
        for (int x = 0; x < PITCH; x++)
            if (x < BORDER || y < BORDER || x >= WIDTH + BORDER || y >= HEIGHT + BORDER)
                assert_int_equal(world->pixels[y * PITCH + x], WILD);
}

static void the_same_frame_again_paints_nothing(void **state)
{
    struct world *world = *state;

    random_frame(world, 3, 30, 0);
    assert_int_not_equal(paint(world), 0);
    random_frame(world, 3, 30, 0);
    assert_int_equal(paint(world), 0);
    painter_forget(world->painter);
    assert_int_not_equal(paint(world), 0);
}

static void a_small_change_paints_a_small_rectangle(void **state)
{
    struct world *world = *state;
    struct rect changed[PAINT_MAX_RECTS];

    for (int i = 0; i < 2; i++) {
        display_clear(world->list, WIDTH, HEIGHT);
        display_fill(world->list, (struct rect){0, 0, WIDTH, HEIGHT}, 0xffffffff);
        display_box(world->list, (struct rect){100, 100, 20, 20}, 10, i == 0 ? 0xff000000 : 0xff0000ff, 0,
            COLOR_NONE);
        size_t count = painter_paint(world->painter, world->list, canvas_on(world->pixels), changed);
        assert_int_equal(count, 1);
    }
    assert_true(changed[0].width <= 2 * DAMAGE_CELL && changed[0].height <= 2 * DAMAGE_CELL);
    assert_true(rect_contains(changed[0], 100, 100) && rect_contains(changed[0], 119, 119));
}

static void a_clip_that_changes_is_damage(void **state)
{
    struct world *world = *state;

    for (int size = 10; size <= 20; size += 10) {
        display_clear(world->list, WIDTH, HEIGHT);
        display_fill(world->list, (struct rect){0, 0, WIDTH, HEIGHT}, 0xffffffff);
        display_clip_push(world->list, (struct rect){0, 0, size, size});
        display_fill(world->list, (struct rect){0, 0, 30, 30}, 0xff000000);
        display_clip_pop(world->list);
        paint(world);
        assert_same_as_fresh(world);
    }
}

static void a_shift_moves_commands_and_their_own_clips_only(void **state)
{
    struct world *world = *state;
    struct display_list *list = world->list;
    struct display_mark mark;

    display_clear(list, WIDTH, HEIGHT);
    display_clip_push(list, (struct rect){0, 0, 100, 100});
    mark = display_mark(list);
    display_clip_push(list, (struct rect){10, 10, 20, 20});
    display_fill(list, (struct rect){10, 10, 50, 50}, 0xff000000);
    display_clip_pop(list);
    display_clip_pop(list);
    display_shift(list, mark, 80, 0);
    const struct display_command *command = display_get(list, 0);
    struct rect clip = display_clip(list, command);
    assert_int_equal(command->rect.x, 90);
    assert_int_equal(clip.x, 90);
    assert_int_equal(clip.width, 10); /* cut by the clip that stayed */
}

static void a_list_past_its_limit_says_so(void **state)
{
    struct world *world = *state;

    display_clear(world->list, WIDTH, HEIGHT);
    for (unsigned i = 0; i < DISPLAY_MAX_COMMANDS; i++)
        display_fill(world->list, (struct rect){0, 0, 1, 1}, 0xff000000);
    assert_true(display_is_complete(world->list));
    display_fill(world->list, (struct rect){0, 0, 1, 1}, 0xff000000);
    assert_false(display_is_complete(world->list));
    display_clear(world->list, WIDTH, HEIGHT);
    assert_true(display_is_complete(world->list));
}

static void a_dump_tells_what_is_drawn(void **state)
{
    struct world *world = *state;
    const struct theme *theme = theme_get(THEME_LIGHT);
    struct buffer dump = {.max = 4096};

    display_clear(world->list, WIDTH, HEIGHT);
    display_box(world->list, (struct rect){1, 2, 30, 40}, 6, theme_color(theme, ROLE_SELECTED), 2,
        theme_color(theme, ROLE_ACCENT));
    display_text(world->list, (struct rect){0, 0, 90, 30}, FACE_CODE, 17, 5, 20, theme_color(theme, ROLE_INK),
        "sqrt", 4);
    display_icon(world->list, (struct rect){400, 0, 24, 24}, ICON_CHECK, theme_color(theme, ROLE_SAVED));
    assert_true(display_dump(world->list, theme, &dump));
    assert_string_equal(buffer_text(&dump), "box 1,2 30x40 fill selected border 2 accent radius 6\n"
                                            "text 5,20 code 17 ink \"sqrt\"\n"
                                            "icon 400,0 24x24 check saved (outside)\n");
    buffer_release(&dump);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(painting_the_changes_equals_painting_all, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_is_painted_outside_the_canvas, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_same_frame_again_paints_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_small_change_paints_a_small_rectangle, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_clip_that_changes_is_damage, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_shift_moves_commands_and_their_own_clips_only, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_list_past_its_limit_says_so, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_dump_tells_what_is_drawn, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
