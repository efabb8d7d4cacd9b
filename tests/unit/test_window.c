/* The window with SDL's dummy driver: pixels, deadlines, watched descriptors. */
#include "kiosk/ui/window.h"
#include "tests/gallery/pages.h"

#include <SDL2/SDL.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>

#include <cmocka.h>

static struct fonts *fonts;
static struct window *window;

static int open_one(bool is_textured)
{
    struct error err;
    struct window_options options = {
        .title = "test", .is_windowed = true, .width = 640, .height = 400, .is_textured = is_textured};

    setenv("SDL_VIDEODRIVER", "dummy", 1);
    fonts = fonts_new(FONTS_FOLDER, &err);
    window = fonts != NULL ? window_open(&options, fonts, &err) : NULL;
    return window != NULL ? 0 : -1;
}

static int set_up(void **state)
{
    (void)state;
    return open_one(false);
}

static int set_up_textured(void **state)
{
    (void)state;
    return open_one(true);
}

static int tear_down(void **state)
{
    (void)state;
    window_free(window);
    fonts_free(fonts);
    return 0;
}

/* Events that opening brings (shown, sized) are not what a test waits for. */
static void drain(void)
{
    struct ui_event event;

    do
        window_wait(window, 0, &event);
    while (event.kind != UI_EVENT_NONE);
}

static void the_wait_ends_at_its_deadline(void **state)
{
    struct ui_event event;
    uint64_t start;

    (void)state;
    drain();
    start = window_now_ms();
    window_wait(window, start + 30, &event);
    assert_int_equal(event.kind, UI_EVENT_NONE);
    assert_in_range(window_now_ms() - start, 29, 500);
}

static void a_watched_descriptor_ends_the_wait(void **state)
{
    struct ui_event event;
    struct error err;
    int ends[2];

    (void)state;
    drain();
    assert_int_equal(pipe(ends), 0);
    assert_true(window_watch(window, ends[0], &err));
    assert_int_equal(write(ends[1], "x", 1), 1);
    window_wait(window, WINDOW_NO_DEADLINE, &event);
    assert_int_equal(event.kind, UI_EVENT_READABLE);
    assert_int_equal(event.descriptor, ends[0]);
    window_unwatch(window, ends[0]);
    window_wait(window, window_now_ms() + 10, &event);
    assert_int_equal(event.kind, UI_EVENT_NONE);
    close(ends[0]);
    close(ends[1]);
}

static void push_key(SDL_Keycode code, uint16_t modifiers)
{
    SDL_Event event = {.key = {.type = SDL_KEYDOWN, .keysym = {.sym = code, .mod = modifiers}}};

    assert_int_equal(SDL_PushEvent(&event), 1);
}

static void keys_come_in_our_words(void **state)
{
    static const struct {
        SDL_Keycode code;
        uint16_t modifiers;
        enum ui_key key;
        uint32_t character;
        unsigned expected;
    } cases[] = {
        {SDLK_TAB, KMOD_LSHIFT, UI_KEY_TAB, 0, UI_SHIFT},
        {SDLK_KP_ENTER, 0, UI_KEY_ENTER, 0, 0},
        {SDLK_F12, 0, UI_KEY_F12, 0, 0},
        {SDLK_F1, KMOD_RCTRL, UI_KEY_F1, 0, UI_CONTROL},
        {SDLK_SPACE, 0, UI_KEY_CHARACTER, ' ', 0},
        {SDLK_a, KMOD_LALT, UI_KEY_CHARACTER, 'a', UI_ALT},
        {SDLK_a, KMOD_RALT | KMOD_NUM, UI_KEY_CHARACTER, 'a', 0},
    };
    struct ui_event event;

    (void)state;
    drain();
    push_key(SDLK_LSHIFT, 0); /* alone it is nothing */
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        push_key(cases[i].code, cases[i].modifiers);
        window_wait(window, WINDOW_NO_DEADLINE, &event);
        assert_int_equal(event.kind, UI_EVENT_KEY);
        assert_int_equal(event.key, cases[i].key);
        assert_int_equal(event.character, cases[i].character);
        assert_int_equal(event.modifiers, cases[i].expected);
    }
}

static void only_the_last_of_many_motions_comes(void **state)
{
    struct ui_event event;

    (void)state;
    drain();
    for (int i = 0; i < 50; i++) {
        SDL_Event motion = {.motion = {.type = SDL_MOUSEMOTION, .x = i, .y = 7}};
        assert_int_equal(SDL_PushEvent(&motion), 1);
    }
    window_wait(window, WINDOW_NO_DEADLINE, &event);
    assert_int_equal(event.kind, UI_EVENT_POINTER_MOVE);
    assert_int_equal(event.x, 49);
    window_wait(window, 0, &event);
    assert_int_equal(event.kind, UI_EVENT_NONE);
}

static void the_other_mouse_buttons_are_nothing(void **state)
{
    struct ui_event event;
    SDL_Event click = {.button = {.type = SDL_MOUSEBUTTONDOWN, .button = SDL_BUTTON_RIGHT}};

    (void)state;
    drain();
    assert_int_equal(SDL_PushEvent(&click), 1);
    window_wait(window, 0, &event);
    assert_int_equal(event.kind, UI_EVENT_NONE);
}

static void a_page_is_shown(void **state)
{
    struct error err;
    struct ui *ui = ui_new(fonts, &err);
    struct model model;

    (void)state;
    assert_non_null(ui);
    model_init(&model);
    ui_set_size(ui, 640, 400, window_scale(640, 400));
    for (size_t page = 0; page < page_count; page++) {
        do {
            ui_begin(ui, (uint32_t)page + 1);
            pages[page].build(ui, &model);
        } while (ui_end(ui));
        assert_true(ui_is_complete(ui));
        assert_true(window_show(window, ui_list(ui), &err));
    }
    ui_free(ui);
}

/* SDL's last resort draws where nobody looks: an exam must not be shown there. */
static void without_a_display_there_is_no_window(void **state)
{
    static const struct window_options options = {.title = "test"};
    struct error err = {0};
    struct fonts *its_fonts;

    (void)state;
    if (access("/dev/dri", F_OK) == 0)
        skip(); /* a console is there */
    its_fonts = fonts_new(FONTS_FOLDER, &err);
    unsetenv("SDL_VIDEODRIVER");
    unsetenv("WAYLAND_DISPLAY");
    setenv("DISPLAY", ":no-such-display", 1);
    assert_null(window_open(&options, its_fonts, &err));
    assert_non_null(strstr(err.text, "no display"));
    fonts_free(its_fonts);
}

static void the_scale_leaves_room_to_read(void **state)
{
    (void)state;
    assert_float_equal(window_scale(1280, 800), 1.0, 0.001);
    assert_float_equal(window_scale(1920, 1080), 1.35, 0.001);
    assert_float_equal(window_scale(3840, 2160), 2.7, 0.001);
    assert_float_equal(window_scale(1024, 768), 0.96, 0.001);
    assert_float_equal(window_scale(768, 1024), 0.75, 0.001); /* a display on its side */
    assert_float_equal(window_scale(320, 200), 0.75, 0.001);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_wait_ends_at_its_deadline, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_watched_descriptor_ends_the_wait, set_up, tear_down),
        cmocka_unit_test_setup_teardown(keys_come_in_our_words, set_up, tear_down),
        cmocka_unit_test_setup_teardown(only_the_last_of_many_motions_comes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_other_mouse_buttons_are_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_page_is_shown, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_page_is_shown, set_up_textured, tear_down),
        cmocka_unit_test(without_a_display_there_is_no_window),
        cmocka_unit_test(the_scale_leaves_room_to_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
