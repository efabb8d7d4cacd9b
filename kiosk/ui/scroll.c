/* scroll.c: how far an area is scrolled: wheel, keys, and a thumb to drag; and the body, which scrolls. */
#include "kiosk/ui/ui_private.h"

#include <assert.h>
#include <stdlib.h>

#define HIT_U 24    /* what the pointer can take hold of */
#define THUMB_U 6   /* what is drawn of it */
#define LEAST_U 40  /* a thumb is never shorter */
#define LINE_U 56   /* an arrow key */
#define NOTCH_U 84  /* a notch of the wheel: three lines */
#define REVEAL_U 14 /* kept free around what is scrolled into view: the focus ring, and some air */

#define VERTICAL_ID(id) ((id) | 0x80000000u)
#define HORIZONTAL_ID(id) ((id) | 0x40000000u)

static int clamp(int value, int most)
{
    return value > most ? (most < 0 ? 0 : most) : value < 0 ? 0 : value;
}

/* Sets the place, bounded. True when it is another one. */
static bool move_to(const struct scroll *scroll, struct state *state, int x, int y)
{
    x = clamp(x, scroll->content_width - scroll->view.width);
    y = clamp(y, scroll->content_height - scroll->view.height);
    if (x == state->scroll_x && y == state->scroll_y)
        return false;
    state->scroll_x = x;
    state->scroll_y = y;
    return true;
}

static bool by_wheel(struct ui *ui, const struct scroll *scroll, struct state *state)
{
    const struct ui_event *input = &ui->input;
    double x = input->wheel_x, y = input->wheel_y;

    if (!rect_contains(scroll->view, input->x, input->y))
        return false;
    if (input->modifiers & UI_SHIFT) {
        x = y;
        y = 0;
    }
    return move_to(scroll, state, state->scroll_x + (int)(x * ui_px(ui, NOTCH_U)),
        state->scroll_y + (int)(y * ui_px(ui, NOTCH_U)));
}

static bool by_key(struct ui *ui, const struct scroll *scroll, struct state *state)
{
    int x = state->scroll_x, y = state->scroll_y;
    int line = ui_px(ui, LINE_U), page = scroll->view.height - line;

    if (ui->input.modifiers != 0)
        return false;
    switch ((int)ui->input.key) {
    case UI_KEY_UP: y -= line; break;
    case UI_KEY_DOWN: y += line; break;
    case UI_KEY_LEFT: x -= line; break;
    case UI_KEY_RIGHT: x += line; break;
    case UI_KEY_PAGE_UP: y -= page > line ? page : line; break;
    case UI_KEY_PAGE_DOWN: y += page > line ? page : line; break;
    case UI_KEY_HOME: x = y = 0; break;
    case UI_KEY_END: y = scroll->content_height; break;
    default: return false;
    }
    return move_to(scroll, state, x, y);
}

bool private_scroll(struct ui *ui, const struct scroll *scroll, struct state *state)
{
    bool moved = move_to(scroll, state, state->scroll_x, state->scroll_y), by_input = false;

    if (ui->input.kind == UI_EVENT_WHEEL)
        by_input = by_wheel(ui, scroll, state);
    else if (ui->input.kind == UI_EVENT_KEY && scroll->takes_keys)
        by_input = by_key(ui, scroll, state);
    if (by_input)
        private_take_input(ui);
    return moved || by_input;
}

bool private_scroll_to(
    const struct ui *ui, const struct scroll *scroll, struct state *state, struct rect rect)
{
    int air = ui_px(ui, REVEAL_U), y = state->scroll_y;
    int above = scroll->view.y - (rect.y - air);
    int below = rect.y + rect.height + air - (scroll->view.y + scroll->view.height);

    if (above > 0)
        y -= above;
    else if (below > 0)
        y += below < -above ? below : -above; /* of what is too high, the beginning */
    return move_to(scroll, state, state->scroll_x, y);
}

/* ---- thumbs ----------------------------------------------------------------------------------------- */

/* A bar as a line of `length` pixels: where its thumb is on it. */
struct bar {
    int length, view, content, scroll;
    int thumb, at;
};

static void find_thumb(const struct ui *ui, struct bar *bar)
{
    int least = ui_px(ui, LEAST_U);

    bar->thumb = (int)((long long)bar->length * bar->view / bar->content);
    if (bar->thumb < least)
        bar->thumb = least < bar->length ? least : bar->length;
    bar->at = (int)((long long)(bar->length - bar->thumb) * bar->scroll / (bar->content - bar->view));
}

/* Where the pointer puts the scroll; from is where it was when the bar was taken. */
static int dragged(const struct bar *bar, int from, int moved)
{
    int way = bar->length - bar->thumb;

    return way > 0 ? from + (int)((long long)moved * (bar->content - bar->view) / way) : 0;
}

/* Taken beside the thumb: it comes to the pointer first. */
static int drag_start(const struct bar *bar, int pointer)
{
    if (pointer >= bar->at && pointer < bar->at + bar->thumb)
        return bar->scroll;
    return dragged(bar, 0, pointer - bar->thumb / 2);
}

static enum color_role thumb_role(const struct ui *ui, ui_id id)
{
    return private_is_hovered(ui, id) || ui->pressed == id ? ROLE_MUTED : ROLE_EDGE;
}

static bool is_taken_now(const struct ui *ui, ui_id id)
{
    return ui->pressed == id && ui->input.kind == UI_EVENT_POINTER_DOWN;
}

static void draw_thumb(struct ui *ui, struct rect rect, ui_id id)
{
    int across = rect.width < rect.height ? rect.width : rect.height;

    display_box(ui->list, rect, across / 2, private_color(ui, thumb_role(ui, id)), 0, COLOR_NONE);
}

static void vertical_bar(struct ui *ui, const struct scroll *scroll, struct state *state)
{
    ui_id id = VERTICAL_ID(scroll->id);
    int hit = ui_px(ui, HIT_U), thick = ui_px(ui, THUMB_U), edge = (hit - thick) / 2;
    struct rect view = scroll->view;
    struct rect track = {view.x + view.width - hit, view.y, hit, view.height};
    struct bar bar = {.length = view.height,
        .view = view.height,
        .content = scroll->content_height,
        .scroll = state->scroll_y};

    find_thumb(ui, &bar);
    if (is_taken_now(ui, id))
        state->drag_from = drag_start(&bar, ui->pressed_y - track.y);
    if (ui->pressed == id && move_to(scroll, state, state->scroll_x,
                                 dragged(&bar, state->drag_from, ui->pointer_y - ui->pressed_y)))
        ui->again = true;
    bar.scroll = state->scroll_y;
    find_thumb(ui, &bar);
    private_register(ui, id, track, WIDGET_DRAG, 0);
    draw_thumb(ui, (struct rect){track.x + edge, track.y + bar.at + edge / 2, thick, bar.thumb - edge}, id);
}

static void horizontal_bar(struct ui *ui, const struct scroll *scroll, struct state *state)
{
    ui_id id = HORIZONTAL_ID(scroll->id);
    int hit = ui_px(ui, HIT_U), thick = ui_px(ui, THUMB_U), edge = (hit - thick) / 2;
    struct rect view = scroll->view;
    struct rect track = {view.x, view.y + view.height, view.width, hit};
    struct bar bar = {.length = view.width,
        .view = view.width,
        .content = scroll->content_width,
        .scroll = state->scroll_x};

    find_thumb(ui, &bar);
    if (is_taken_now(ui, id))
        state->drag_from = drag_start(&bar, ui->pressed_x - track.x);
    if (ui->pressed == id &&
        move_to(
            scroll, state, dragged(&bar, state->drag_from, ui->pointer_x - ui->pressed_x), state->scroll_y))
        ui->again = true;
    bar.scroll = state->scroll_x;
    find_thumb(ui, &bar);
    private_register(ui, id, track, WIDGET_DRAG, 0);
    draw_thumb(ui, (struct rect){track.x + bar.at + edge / 2, track.y + edge, bar.thumb - edge, thick}, id);
}

void private_scroll_bars(struct ui *ui, const struct scroll *scroll, struct state *state)
{
    if (scroll->content_height > scroll->view.height)
        vertical_bar(ui, scroll, state);
    if (scroll->content_width > scroll->view.width)
        horizontal_bar(ui, scroll, state);
}

/* ---- the body --------------------------------------------------------------------------------------- */

#define PAD_X_U 24
#define PAD_Y_U 28

void ui_body_begin(struct ui *ui, const struct body *body)
{
    struct rect view = {0, ui->top, ui->width, ui->bottom - ui->top};
    ui_id id = body->id != 0 ? body->id : UI_BODY;
    int room = view.width - 2 * ui_px(ui, PAD_X_U), width = ui_px(ui, body->width_u);
    struct column column = {0, view.y + ui_px(ui, PAD_Y_U), width < room ? width : room};

    assert(!ui->body.is_open);
    column.x = (view.width - column.width) / 2;
    column.y -= private_state(ui, id)->scroll_y;
    display_clip_push(ui->list, view);
    ui->body = (struct body_area){
        .view = view, .id = id, .mark = private_mark(ui), .is_centered = body->is_centered, .is_open = true};
    private_push(ui, column);
}

static bool reveal(struct ui *ui, const struct scroll *scroll, struct state *state)
{
    for (size_t i = ui->body.mark.widget; ui->reveal != 0 && i < ui->now->count; i++)
        if (ui->now->items[i].id == ui->reveal) {
            ui->reveal = 0;
            return private_scroll_to(ui, scroll, state, ui->now->items[i].rect);
        }
    return false;
}

/* What has the focus and was in view stays so when a hint or a notice pushes it down. Scrolling changes
 * neither its place in the content nor the room: who scrolls away from it is left alone. */
static void follow_focus(struct ui *ui, const struct scroll *scroll, const struct state *state)
{
    const struct widget *now = private_find(ui->now, ui->focus), *before = private_find(ui->last, ui->focus);
    const int top = now == NULL ? 0 : now->rect.y - scroll->view.y + state->scroll_y;

    if (now != NULL && before != NULL && before->seen.height == before->rect.height &&
        ui->stood.id == ui->focus && (ui->stood.top != top || ui->stood.room != scroll->view.height))
        ui->reveal = ui->focus;
    ui->stood.id = now == NULL ? 0 : ui->focus;
    ui->stood.top = top;
    ui->stood.room = scroll->view.height;
}

void ui_body_end(struct ui *ui)
{
    struct body_area *body = &ui->body;
    struct state *state = private_state(ui, body->id);
    struct column column = private_pop(ui);
    struct scroll scroll = {
        .id = body->id, .view = body->view, .content_width = body->view.width, .takes_keys = true};

    scroll.content_height = column.y + ui_px(ui, PAD_Y_U) + state->scroll_y - body->view.y;
    follow_focus(ui, &scroll, state);
    if (private_scroll(ui, &scroll, state) || reveal(ui, &scroll, state))
        ui->again = true;
    if (body->is_centered && scroll.content_height < body->view.height)
        private_shift(ui, body->mark, 0, (body->view.height - scroll.content_height) / 2);
    private_scroll_bars(ui, &scroll, state);
    display_clip_pop(ui->list);
    body->is_open = false;
}
