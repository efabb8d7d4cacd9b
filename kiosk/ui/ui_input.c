/* ui_input.c: events, decided by where the widgets of the last frame are. */
#include "kiosk/ui/ui_private.h"

#include <stdlib.h>

void private_take_input(struct ui *ui)
{
    ui->input = (struct ui_event){.kind = UI_EVENT_NONE};
}

static const struct widget *focused(const struct ui *ui)
{
    return ui->focus != 0 ? private_find(ui->last, ui->focus) : NULL;
}

static bool has_text_focus(const struct ui *ui)
{
    const struct widget *widget = focused(ui);

    return widget != NULL && (widget->flags & WIDGET_TEXT);
}

static const struct widget *widget_under(const struct ui *ui, int x, int y)
{
    for (size_t i = ui->last->count; i > 0; i--)
        if (rect_contains(ui->last->items[i - 1].seen, x, y))
            return &ui->last->items[i - 1];
    return NULL;
}

/* ---- focus ------------------------------------------------------------------------------------------ */

void ui_focus(struct ui *ui, ui_id id)
{
    if (id == ui->focus)
        return;
    ui->focus = id;
    ui->reveal = id;
    ui->again = true;
}

ui_id ui_focused(const struct ui *ui)
{
    return ui->focus;
}

static void focus_by_keyboard(struct ui *ui, ui_id id)
{
    ui->focus = ui->reveal = id;
    ui->focus_is_shown = true;
}

/* The next widget that Tab stops at, from `from` in steps of +1 or -1, around the ends. */
static const struct widget *next_stop(const struct widget_list *list, size_t from, bool backwards)
{
    size_t at = from;

    for (size_t i = 0; i < list->count; i++) {
        at = backwards ? (at + list->count - 1) % list->count : (at + 1) % list->count;
        if (list->items[at].flags & WIDGET_FOCUS)
            return &list->items[at];
    }
    return NULL;
}

static void move_focus(struct ui *ui, bool backwards)
{
    const struct widget *widget = focused(ui), *next;
    size_t from = widget != NULL ? (size_t)(widget - ui->last->items) : ui->focus_place;

    if (ui->last->count == 0)
        return;
    if (widget == NULL && !backwards) /* the widget now at the place of the one that is gone */
        from = (from + ui->last->count - 1) % ui->last->count;
    next = next_stop(ui->last, from % ui->last->count, backwards);
    if (next != NULL)
        focus_by_keyboard(ui, next->id);
}

/* How far `to` lies from `from` in the direction of an arrow; negative: not in that direction. */
static int way_to(struct rect from, struct rect to, enum ui_key key)
{
    int dx = (to.x + to.width / 2) - (from.x + from.width / 2);
    int dy = (to.y + to.height / 2) - (from.y + from.height / 2);
    int along, across;

    switch ((int)key) {
    case UI_KEY_UP: along = -dy, across = dx; break;
    case UI_KEY_DOWN: along = dy, across = dx; break;
    case UI_KEY_LEFT: along = -dx, across = dy; break;
    default: along = dx, across = dy; break;
    }
    if (along <= 0 || abs(across) > along * 2)
        return -1;
    return along + 4 * abs(across);
}

static bool is_arrow(enum ui_key key)
{
    return key == UI_KEY_UP || key == UI_KEY_DOWN || key == UI_KEY_LEFT || key == UI_KEY_RIGHT;
}

/* Arrows within a group: responses, the cells of a grid. */
static bool move_in_group(struct ui *ui, enum ui_key key)
{
    const struct widget *from = focused(ui), *best = NULL;
    int shortest = 0;

    if (!is_arrow(key) || from == NULL || from->group == 0)
        return false;
    for (size_t i = 0; i < ui->last->count; i++) {
        const struct widget *to = &ui->last->items[i];
        int way =
            to->group == from->group && (to->flags & WIDGET_FOCUS) ? way_to(from->rect, to->rect, key) : -1;
        if (way > 0 && (best == NULL || way < shortest)) {
            best = to;
            shortest = way;
        }
    }
    if (best == NULL)
        return false;
    focus_by_keyboard(ui, best->id);
    return true;
}

/* ---- keys ------------------------------------------------------------------------------------------- */

static bool is_press_key(const struct ui_event *event)
{
    return event->key == UI_KEY_ENTER || (event->key == UI_KEY_CHARACTER && event->character == ' ');
}

/* Enter or Space on the focus; Enter from elsewhere goes to the widget that takes it. */
static bool press_by_key(struct ui *ui, const struct ui_event *event)
{
    const struct widget *widget = focused(ui);

    if (!is_press_key(event) || event->is_repeat || event->modifiers != 0)
        return false;
    if (widget != NULL && (widget->flags & WIDGET_PRESS)) {
        ui->activated = widget->id;
        ui->focus_is_shown = true;
        return true;
    }
    for (size_t i = 0; event->key == UI_KEY_ENTER && i < ui->last->count; i++)
        if (ui->last->items[i].flags & WIDGET_ENTER) {
            ui->activated = ui->last->items[i].id;
            return true;
        }
    return false;
}

static bool key_down(struct ui *ui, const struct ui_event *event)
{
    ui->drops_text = false;
    if (event->key == UI_KEY_TAB && !(event->modifiers & (UI_CONTROL | UI_ALT))) {
        move_focus(ui, event->modifiers & UI_SHIFT);
        return true;
    }
    if (press_by_key(ui, event)) {
        ui->drops_text = true;
        return true;
    }
    if (event->modifiers == 0 && move_in_group(ui, event->key))
        return true;
    ui->input = *event;
    return true;
}

static bool take_key(struct ui *ui, enum ui_key key, uint32_t character, unsigned modifiers)
{
    const struct ui_event *input = &ui->input;

    if (input->kind != UI_EVENT_KEY || input->key != key || input->modifiers != modifiers ||
        input->character != character)
        return false;
    private_take_input(ui);
    ui->drops_text = true;
    ui->again = true;
    return true;
}

bool ui_key(struct ui *ui, enum ui_key key, unsigned modifiers)
{
    return take_key(ui, key, 0, modifiers);
}

bool ui_key_character(struct ui *ui, uint32_t character, unsigned modifiers)
{
    uint32_t lower = character >= 'A' && character <= 'Z' ? character | 0x20 : character;

    /* Inside a text field a plain letter is text. */
    if (has_text_focus(ui) && !(modifiers & (UI_CONTROL | UI_ALT)))
        return false;
    return take_key(ui, UI_KEY_CHARACTER, lower, modifiers) ||
           (modifiers == 0 && take_key(ui, UI_KEY_CHARACTER, lower, UI_SHIFT));
}

static bool text_typed(struct ui *ui, const struct ui_event *event)
{
    if (ui->drops_text || !has_text_focus(ui)) {
        ui->drops_text = false;
        return false;
    }
    ui->input = *event;
    return true;
}

/* ---- pointer ---------------------------------------------------------------------------------------- */

static bool pointer_moved(struct ui *ui, int x, int y)
{
    const struct widget *widget = widget_under(ui, x, y), *held = private_find(ui->last, ui->pressed);
    ui_id hover = widget != NULL ? widget->id : 0;
    bool changed = hover != ui->hover || (held != NULL && (held->flags & (WIDGET_DRAG | WIDGET_TEXT)));

    ui->pointer_x = x;
    ui->pointer_y = y;
    ui->pointer_is_inside = true;
    ui->hover = hover;
    return changed;
}

static bool pointer_down(struct ui *ui, const struct ui_event *event)
{
    const struct widget *widget;

    pointer_moved(ui, event->x, event->y);
    widget = widget_under(ui, event->x, event->y);
    ui->pressed = widget != NULL ? widget->id : 0;
    ui->pressed_x = event->x;
    ui->pressed_y = event->y;
    if (widget != NULL && (widget->flags & WIDGET_FOCUS)) {
        ui->focus = widget->id;
        ui->focus_is_shown = false;
    }
    ui->input = *event; /* a field sets its caret, a thumb notes where it was */
    return widget != NULL;
}

static bool pointer_up(struct ui *ui, const struct ui_event *event)
{
    const struct widget *widget = private_find(ui->last, ui->pressed);
    bool had_press = ui->pressed != 0;

    pointer_moved(ui, event->x, event->y);
    if (widget != NULL && (widget->flags & WIDGET_PRESS) && ui->hover == ui->pressed)
        ui->activated = ui->pressed;
    ui->pressed = 0;
    return had_press;
}

static bool pointer_left(struct ui *ui)
{
    bool changed = ui->hover != 0;

    ui->pointer_is_inside = false;
    ui->hover = 0;
    return changed;
}

bool ui_event(struct ui *ui, const struct ui_event *event)
{
    ui->activated = 0;
    switch (event->kind) {
    case UI_EVENT_KEY: return key_down(ui, event);
    case UI_EVENT_TEXT: return text_typed(ui, event);
    case UI_EVENT_POINTER_MOVE: return pointer_moved(ui, event->x, event->y);
    case UI_EVENT_POINTER_DOWN: return pointer_down(ui, event);
    case UI_EVENT_POINTER_UP: return pointer_up(ui, event);
    case UI_EVENT_POINTER_LEAVE: return pointer_left(ui);
    case UI_EVENT_WHEEL: ui->input = *event; return true;
    case UI_EVENT_RESIZE:
    case UI_EVENT_EXPOSE: return true;
    case UI_EVENT_NONE:
    case UI_EVENT_READABLE:
    case UI_EVENT_QUIT: break;
    }
    return false;
}
