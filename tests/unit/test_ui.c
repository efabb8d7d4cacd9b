/* Focus, activation, scrolling and typing, as a person at keyboard or mouse sees them. */
#include "kiosk/ui/ui_private.h"
#include "kiosk/ui/widget.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { ID_FIRST = 1, ID_SECOND, ID_THIRD, ID_FIELD, ID_LISTING, ID_CHOICE, ID_CELL, ID_LONG };

static struct fonts *fonts;
static struct ui *ui;

/* The screens of these tests write down what happened. */
static struct {
    int pressed[8];
    int chosen;
    int builds;
    bool is_second_disabled, has_enter, has_key;
    bool entered;
    struct field_text text;
    char bytes[16];
    int choices;
    int above; /* u, by which something above the field of the long form grew */
    int label_seen; /* what the label above the responses said in the last build */
    int listing_lines;
    struct field field;
} model;

static int start(void **state)
{
    struct error err;

    (void)state;
    fonts = fonts_new(FONTS_FOLDER, &err);
    return fonts != NULL ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    fonts_free(fonts);
    return 0;
}

static int set_up(void **state)
{
    struct error err;

    (void)state;
    ui = ui_new(fonts, &err);
    memset(&model, 0, sizeof model);
    model.chosen = -1;
    model.choices = 4;
    model.text = (struct field_text){.bytes = model.bytes, .capacity = sizeof model.bytes};
    ui_set_size(ui, 1280, 800, 1);
    return ui != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    ui_free(ui);
    return 0;
}

/* ---- screens ---------------------------------------------------------------------------------------- */

static void button(int number)
{
    struct button it = {.label = "Button",
        .is_disabled = number == 1 && model.is_second_disabled,
        .takes_enter = number == 2 && model.has_enter,
        .is_key = number == 2 && model.has_key};

    if (ui_button(ui, (ui_id)(ID_FIRST + number), &it))
        model.pressed[number]++;
}

static void three_buttons(void)
{
    ui_body_begin(ui, &(struct body){.width_u = 400});
    for (int i = 0; i < 3; i++)
        button(i);
    ui_body_end(ui);
}

static void choices(void)
{
    ui_body_begin(ui, &(struct body){.width_u = 400});
    ui_label(ui, model.chosen >= 0 ? "one chosen" : "none chosen");
    model.label_seen = model.chosen;
    for (int i = 0; i < model.choices; i++) {
        const char letter[2] = {(char)('A' + i), '\0'};
        ui_response_begin(
            ui, UI_ID(ID_CHOICE, i), &(struct response){.letter = letter, .is_chosen = model.chosen == i});
        ui_text(ui, "A choice");
        if (ui_response_end(ui))
            model.chosen = i;
    }
    ui_body_end(ui);
}

static void form(void)
{
    ui_body_begin(ui, &(struct body){.width_u = 400});
    button(0);
    model.entered |= ui_field(ui, ID_FIELD, &model.field, &model.text);
    button(2);
    ui_body_end(ui);
}

/* Its field is further down than the window is high, and has the focus from the first frame on. */
static void long_form(void)
{
    ui_body_begin(ui, &(struct body){.width_u = 400});
    ui_space(ui, 1000 + model.above);
    if (ui_focused(ui) == 0)
        ui_focus(ui, ID_FIELD);
    (void)ui_field(ui, ID_FIELD, &model.field, &model.text);
    ui_space(ui, 400);
    ui_body_end(ui);
    ui_footer_begin(ui);
    ui_label(ui, "A footer");
    ui_footer_end(ui);
}

static void code(void)
{
    static const char lines[] = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16\n17\n18\n19\n20";

    ui_body_begin(ui, &(struct body){.width_u = 400});
    button(0);
    ui_listing(ui, ID_LISTING,
        &(struct listing){
            .text = lines, .length = sizeof lines - 1, .height_u = model.listing_lines * 26.0 + 40});
    ui_body_end(ui);
}

static void frame(void (*screen)(void))
{
    model.builds = 0;
    do {
        ui_begin(ui, 1);
        screen();
        model.builds++;
    } while (ui_end(ui));
    assert_true(ui_is_complete(ui));
}

/* ---- events ----------------------------------------------------------------------------------------- */

static void key_with(void (*screen)(void), enum ui_key key, unsigned modifiers)
{
    ui_event(ui, &(struct ui_event){.kind = UI_EVENT_KEY, .key = key, .modifiers = modifiers});
    frame(screen);
}

static void key(void (*screen)(void), enum ui_key which)
{
    key_with(screen, which, 0);
}

/* A letter: the key, then its text, as they come from the window. */
static void type(void (*screen)(void), char letter)
{
    struct ui_event text = {.kind = UI_EVENT_TEXT, .text = {letter, '\0'}};
    uint32_t lower = letter >= 'A' && letter <= 'Z' ? (uint32_t)(letter | 0x20) : (uint32_t)letter;

    ui_event(ui, &(struct ui_event){.kind = UI_EVENT_KEY,
                     .key = UI_KEY_CHARACTER,
                     .character = lower,
                     .modifiers = lower != (uint32_t)letter ? UI_SHIFT : 0});
    frame(screen);
    ui_event(ui, &text);
    frame(screen);
}

static void pointer(void (*screen)(void), enum ui_event_kind kind, int x, int y)
{
    ui_event(ui, &(struct ui_event){.kind = kind, .x = x, .y = y});
    frame(screen);
}

static void click(void (*screen)(void), int x, int y)
{
    pointer(screen, UI_EVENT_POINTER_MOVE, x, y);
    pointer(screen, UI_EVENT_POINTER_DOWN, x, y);
    pointer(screen, UI_EVENT_POINTER_UP, x, y);
}

static void wheel(void (*screen)(void), int x, int y, double notches)
{
    ui_event(ui, &(struct ui_event){.kind = UI_EVENT_WHEEL, .x = x, .y = y, .wheel_y = notches});
    frame(screen);
}

static struct rect where(ui_id id)
{
    const struct widget *widget = private_find(ui->last, id);

    assert_non_null(widget);
    return widget->rect;
}

static bool is_seen(ui_id id)
{
    const struct widget *widget = private_find(ui->last, id);

    return widget != NULL && widget->seen.height == widget->rect.height;
}

static void click_on(void (*screen)(void), ui_id id)
{
    struct rect rect = where(id);

    click(screen, rect.x + rect.width / 2, rect.y + rect.height / 2);
}

/* ---- focus ------------------------------------------------------------------------------------------ */

static void tab_follows_the_order_of_the_calls(void **state)
{
    (void)state;
    frame(three_buttons);
    assert_int_equal(ui_focused(ui), 0);
    for (int i = 0; i < 7; i++) {
        key(three_buttons, UI_KEY_TAB);
        assert_int_equal(ui_focused(ui), ID_FIRST + i % 3);
    }
    key_with(three_buttons, UI_KEY_TAB, UI_SHIFT);
    key_with(three_buttons, UI_KEY_TAB, UI_SHIFT);
    assert_int_equal(ui_focused(ui), ID_SECOND);
}

static void tab_passes_what_is_disabled(void **state)
{
    (void)state;
    model.is_second_disabled = true;
    frame(three_buttons);
    key(three_buttons, UI_KEY_TAB);
    key(three_buttons, UI_KEY_TAB);
    assert_int_equal(ui_focused(ui), ID_THIRD);
    click_on(three_buttons, ID_SECOND);
    assert_int_equal(model.pressed[1], 0);
}

static void key_on_the_screen_is_pressed_without_the_focus(void **state)
{
    (void)state;
    model.has_key = true;
    frame(form);
    click_on(form, ID_FIELD);
    click_on(form, ID_THIRD);
    assert_int_equal(model.pressed[2], 1);
    assert_int_equal(ui_focused(ui), ID_FIELD);
    key(form, UI_KEY_TAB);
    assert_int_equal(ui_focused(ui), ID_FIRST);
}

static void tab_goes_on_from_where_a_widget_went(void **state)
{
    (void)state;
    frame(three_buttons);
    key(three_buttons, UI_KEY_TAB);
    key(three_buttons, UI_KEY_TAB);
    model.is_second_disabled = true;
    frame(three_buttons);
    assert_int_equal(ui_focused(ui), 0);
    key(three_buttons, UI_KEY_TAB);
    assert_int_equal(ui_focused(ui), ID_THIRD);
}

static void a_new_scope_starts_without_focus(void **state)
{
    (void)state;
    frame(three_buttons);
    key(three_buttons, UI_KEY_TAB);
    do {
        ui_begin(ui, 2);
        three_buttons();
    } while (ui_end(ui));
    assert_int_equal(ui_focused(ui), 0);
}

static void arrows_move_between_responses(void **state)
{
    (void)state;
    frame(choices);
    key(choices, UI_KEY_TAB);
    key(choices, UI_KEY_DOWN);
    assert_int_equal(ui_focused(ui), UI_ID(ID_CHOICE, 1));
    key(choices, UI_KEY_UP);
    assert_int_equal(ui_focused(ui), UI_ID(ID_CHOICE, 0));
    assert_int_equal(model.chosen, -1);
}

/* ---- activation ------------------------------------------------------------------------------------- */

static void enter_and_space_activate_once(void **state)
{
    (void)state;
    frame(three_buttons);
    key(three_buttons, UI_KEY_TAB);
    key(three_buttons, UI_KEY_ENTER);
    assert_int_equal(model.pressed[0], 1);
    type(three_buttons, ' ');
    assert_int_equal(model.pressed[0], 2);
    ui_event(ui, &(struct ui_event){.kind = UI_EVENT_KEY, .key = UI_KEY_ENTER, .is_repeat = true});
    frame(three_buttons);
    assert_int_equal(model.pressed[0], 2);
}

static void a_click_is_press_and_release_inside(void **state)
{
    (void)state;
    frame(three_buttons);
    click_on(three_buttons, ID_SECOND);
    assert_int_equal(model.pressed[1], 1);
    struct rect first = where(ID_FIRST), third = where(ID_THIRD);
    pointer(three_buttons, UI_EVENT_POINTER_DOWN, first.x + 5, first.y + 5);
    pointer(three_buttons, UI_EVENT_POINTER_MOVE, third.x + 5, third.y + 5);
    pointer(three_buttons, UI_EVENT_POINTER_UP, third.x + 5, third.y + 5);
    assert_int_equal(model.pressed[0] + model.pressed[2], 0);
    pointer(three_buttons, UI_EVENT_POINTER_UP, first.x + 5, first.y + 5);
    assert_int_equal(model.pressed[0], 0);
}

static void what_was_drawn_before_an_activation_is_drawn_again(void **state)
{
    (void)state;
    frame(choices);
    click_on(choices, UI_ID(ID_CHOICE, 2));
    assert_int_equal(model.chosen, 2);
    assert_int_equal(model.label_seen, 2);
}

static void a_quiet_frame_is_built_once(void **state)
{
    (void)state;
    frame(choices);
    frame(choices);
    assert_int_equal(model.builds, 1);
}

static void a_letter_is_the_key_of_its_response(void **state)
{
    (void)state;
    frame(choices);
    type(choices, 'c');
    assert_int_equal(model.chosen, 2);
    type(choices, 'A');
    assert_int_equal(model.chosen, 0);
    assert_int_equal(ui_focused(ui), UI_ID(ID_CHOICE, 0));
    type(choices, 'e'); /* there is none */
    assert_int_equal(model.chosen, 0);
    key_with(choices, UI_KEY_CHARACTER, UI_CONTROL);
    assert_int_equal(model.chosen, 0);
}

static void enter_goes_to_the_button_that_takes_it(void **state)
{
    (void)state;
    model.has_enter = true;
    frame(form);
    key(form, UI_KEY_ENTER);
    assert_int_equal(model.pressed[2], 1);
    ui_focus(ui, ID_FIELD);
    frame(form);
    key(form, UI_KEY_ENTER);
    assert_int_equal(model.pressed[2], 2);
    assert_false(model.entered);
    model.has_enter = false;
    frame(form);
    key(form, UI_KEY_ENTER);
    assert_int_equal(model.pressed[2], 2);
    assert_true(model.entered);
}

static void a_screen_gets_the_keys_nobody_wants(void **state)
{
    (void)state;
    frame(three_buttons);
    ui_event(ui, &(struct ui_event){.kind = UI_EVENT_KEY, .key = UI_KEY_F2});
    assert_false(ui_key(ui, UI_KEY_F2, UI_ALT));
    assert_true(ui_key(ui, UI_KEY_F2, 0));
    assert_false(ui_key(ui, UI_KEY_F2, 0));
}

/* ---- typing ----------------------------------------------------------------------------------------- */

static void type_all(const char *letters)
{
    for (; *letters != '\0'; letters++)
        type(form, *letters);
}

static void a_field_takes_text_only_with_the_focus(void **state)
{
    (void)state;
    frame(form);
    type_all("ab");
    assert_string_equal(model.bytes, "");
    click_on(form, ID_FIELD);
    type_all("ab");
    assert_string_equal(model.bytes, "ab");
}

static void a_field_is_edited_at_its_caret(void **state)
{
    (void)state;
    frame(form);
    click_on(form, ID_FIELD);
    type_all("carel");
    key(form, UI_KEY_LEFT);
    key(form, UI_KEY_LEFT);
    type_all("r");
    assert_string_equal(model.bytes, "carrel");
    key(form, UI_KEY_HOME);
    key(form, UI_KEY_DELETE);
    type_all("C");
    key(form, UI_KEY_END);
    key(form, UI_KEY_BACKSPACE);
    assert_string_equal(model.bytes, "Carre");
    assert_int_equal(model.text.length, 5);
    key(form, UI_KEY_HOME);
    key(form, UI_KEY_BACKSPACE); /* nothing before it */
    assert_string_equal(model.bytes, "Carre");
}

static void a_field_takes_what_it_allows(void **state)
{
    (void)state;
    model.field = (struct field){
        .is_upper = true, .allowed = "ABCDEFGH23456789", .max_characters = 6, .is_masked = true};
    frame(form);
    click_on(form, ID_FIELD);
    type_all("ab-2o i3c4d5");
    assert_string_equal(model.bytes, "AB23C4");
}

static void a_field_stays_in_its_storage(void **state)
{
    struct field any = {0};

    (void)state;
    for (int i = 0; i < 40; i++)
        private_field_insert(&any, &model.text, "\u00e4x");
    assert_true(model.text.length < sizeof model.bytes);
    assert_int_equal(strlen(model.bytes), model.text.length);
    while (model.text.length > 0)
        private_field_key(&model.text, UI_KEY_BACKSPACE);
    for (size_t i = 0; i < sizeof model.bytes; i++)
        assert_int_equal(model.bytes[i], 0); /* what was taken out is overwritten */
}

static void what_is_masked_is_nowhere_on_the_list(void **state)
{
    (void)state;
    model.field = (struct field){.is_masked = true, .group = 2};
    frame(form);
    click_on(form, ID_FIELD);
    type_all("zqzq");
    for (size_t i = 0; i < display_count(ui_list(ui)); i++) {
        const struct display_command *command = display_get(ui_list(ui), i);
        for (uint32_t at = 0; command->kind == DISPLAY_TEXT && at < command->length; at++)
            assert_null(strchr("zq", display_get_text(ui_list(ui), command)[at]));
    }
}

static void a_click_sets_the_caret(void **state)
{
    struct rect rect;

    (void)state;
    frame(form);
    click_on(form, ID_FIELD);
    type_all("abcdef");
    rect = where(ID_FIELD);
    click(form, rect.x + 2, rect.y + 10);
    assert_int_equal(model.text.caret, 0);
    click(form, rect.x + rect.width - 2, rect.y + 10);
    assert_int_equal(model.text.caret, 6);
}

static void the_letter_of_a_command_is_not_typed(void **state)
{
    (void)state;
    frame(form);
    ui_event(ui, &(struct ui_event){.kind = UI_EVENT_KEY, .key = UI_KEY_CHARACTER, .character = 'n'});
    assert_true(ui_key_character(ui, 'N', 0));
    ui_focus(ui, ID_FIELD);
    frame(form);
    ui_event(ui, &(struct ui_event){.kind = UI_EVENT_TEXT, .text = "n"});
    frame(form);
    assert_string_equal(model.bytes, "");
}

/* ---- scrolling -------------------------------------------------------------------------------------- */

static void focus_scrolls_into_view(void **state)
{
    (void)state;
    model.choices = 26;
    frame(choices);
    assert_false(is_seen(UI_ID(ID_CHOICE, 25)));
    for (int i = 0; i < 26; i++) {
        key(choices, i == 0 ? UI_KEY_TAB : UI_KEY_DOWN);
        assert_int_equal(ui_focused(ui), UI_ID(ID_CHOICE, i));
        assert_true(is_seen(UI_ID(ID_CHOICE, i)));
    }
    key(choices, UI_KEY_TAB);
    assert_true(is_seen(UI_ID(ID_CHOICE, 0)));
    key_with(choices, UI_KEY_TAB, UI_SHIFT);
    assert_true(is_seen(UI_ID(ID_CHOICE, 25)));
}

static void first_focus_is_not_behind_the_footer(void **state)
{
    (void)state;
    frame(long_form);
    assert_int_equal(ui_focused(ui), ID_FIELD);
    assert_true(is_seen(ID_FIELD));
}

static void focus_pushed_down_is_not_behind_the_footer(void **state)
{
    (void)state;
    frame(long_form);
    model.above = 60;
    frame(long_form);
    assert_true(is_seen(ID_FIELD));
    wheel(long_form, 600, 400, -9); /* who scrolls away is left alone */
    frame(long_form);
    assert_false(is_seen(ID_FIELD));
}

static void wheel_and_keys_scroll_within_bounds(void **state)
{
    (void)state;
    model.choices = 26;
    frame(choices);
    int top = where(UI_ID(ID_CHOICE, 0)).y;
    wheel(choices, 600, 400, 1);
    assert_int_equal(where(UI_ID(ID_CHOICE, 0)).y, top - 84);
    wheel(choices, 600, 400, -9);
    assert_int_equal(where(UI_ID(ID_CHOICE, 0)).y, top);
    key(choices, UI_KEY_END);
    assert_true(is_seen(UI_ID(ID_CHOICE, 25)));
    key(choices, UI_KEY_PAGE_DOWN);
    assert_true(is_seen(UI_ID(ID_CHOICE, 25)));
    key(choices, UI_KEY_HOME);
    assert_int_equal(where(UI_ID(ID_CHOICE, 0)).y, top);
    key(choices, UI_KEY_PAGE_DOWN);
    assert_int_equal(where(UI_ID(ID_CHOICE, 0)).y, top - (800 - 56));
}

static void the_thumb_is_dragged(void **state)
{
    (void)state;
    model.choices = 26;
    frame(choices);
    int top = where(UI_ID(ID_CHOICE, 0)).y;
    pointer(choices, UI_EVENT_POINTER_DOWN, 1270, 20);
    pointer(choices, UI_EVENT_POINTER_MOVE, 1270, 20 + 1000);
    assert_true(is_seen(UI_ID(ID_CHOICE, 25)));
    pointer(choices, UI_EVENT_POINTER_MOVE, 1270, 20);
    assert_int_equal(where(UI_ID(ID_CHOICE, 0)).y, top);
    pointer(choices, UI_EVENT_POINTER_UP, 1270, 20);
    pointer(choices, UI_EVENT_POINTER_MOVE, 1270, 500);
    assert_int_equal(where(UI_ID(ID_CHOICE, 0)).y, top);
    pointer(choices, UI_EVENT_POINTER_DOWN, 1270, 790); /* beside the thumb: it comes */
    assert_true(is_seen(UI_ID(ID_CHOICE, 25)));
}

static void what_is_scrolled_away_is_not_clicked(void **state)
{
    (void)state;
    model.choices = 26;
    frame(choices);
    key(choices, UI_KEY_END);
    struct rect rect = where(UI_ID(ID_CHOICE, 0));
    assert_true(rect.y < 0);
    click(choices, rect.x + 10, rect.y + 10);
    assert_int_equal(model.chosen, -1);
}

static void a_listing_has_the_focus_only_when_it_scrolls(void **state)
{
    (void)state;
    model.listing_lines = 30;
    frame(code);
    key(code, UI_KEY_TAB);
    key(code, UI_KEY_TAB);
    assert_int_equal(ui_focused(ui), ID_FIRST);
    model.listing_lines = 5;
    frame(code);
    key(code, UI_KEY_TAB);
    assert_int_equal(ui_focused(ui), ID_LISTING);
    key(code, UI_KEY_DOWN);
    assert_int_equal(private_state(ui, ID_LISTING)->scroll_y, 56);
    key(code, UI_KEY_END);
    assert_int_equal(private_state(ui, ID_LISTING)->scroll_y, 20 * 26 + 32 - (5 * 26 + 40 - 2));
}

/* ---- sizes ------------------------------------------------------------------------------------------ */

static void widgets_stay_within_the_window_at_every_size(void **state)
{
    static const int sizes[][2] = {{1024, 768}, {1366, 768}, {1920, 1080}, {3840, 2160}, {768, 1024}};
    static const double zooms[] = {1, 1.5, 2};

    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        for (size_t z = 0; z < 3; z++) {
            double by_height = sizes[i][1] / 800.0, by_width = sizes[i][0] / 1024.0;
            ui_set_zoom(ui, zooms[z]);
            ui_set_size(ui, sizes[i][0], sizes[i][1], by_height < by_width ? by_height : by_width);
            frame(form);
            frame(choices);
            for (size_t w = 0; w < ui->last->count; w++) {
                struct rect rect = ui->last->items[w].rect;
                assert_true(rect.x >= 0 && rect.x + rect.width <= sizes[i][0]);
            }
        }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(tab_follows_the_order_of_the_calls),
        TEST(tab_passes_what_is_disabled),
        TEST(key_on_the_screen_is_pressed_without_the_focus),
        TEST(tab_goes_on_from_where_a_widget_went),
        TEST(a_new_scope_starts_without_focus),
        TEST(arrows_move_between_responses),
        TEST(enter_and_space_activate_once),
        TEST(a_click_is_press_and_release_inside),
        TEST(what_was_drawn_before_an_activation_is_drawn_again),
        TEST(a_quiet_frame_is_built_once),
        TEST(a_letter_is_the_key_of_its_response),
        TEST(enter_goes_to_the_button_that_takes_it),
        TEST(a_screen_gets_the_keys_nobody_wants),
        TEST(a_field_takes_text_only_with_the_focus),
        TEST(a_field_is_edited_at_its_caret),
        TEST(a_field_takes_what_it_allows),
        TEST(a_field_stays_in_its_storage),
        TEST(what_is_masked_is_nowhere_on_the_list),
        TEST(a_click_sets_the_caret),
        TEST(the_letter_of_a_command_is_not_typed),
        TEST(focus_scrolls_into_view),
        TEST(first_focus_is_not_behind_the_footer),
        TEST(focus_pushed_down_is_not_behind_the_footer),
        TEST(wheel_and_keys_scroll_within_bounds),
        TEST(the_thumb_is_dragged),
        TEST(what_is_scrolled_away_is_not_clicked),
        TEST(a_listing_has_the_focus_only_when_it_scrolls),
        TEST(widgets_stay_within_the_window_at_every_size),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
