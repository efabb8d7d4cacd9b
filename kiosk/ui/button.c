/* button.c: buttons, and the cells of the review grid, which are buttons too. */
#include "kiosk/ui/ui_private.h"

#define HEIGHT_U 44
#define ICON_U 18
#define ICON_GAP_U 6

struct look {
    color fill, line, ink;
};

/* A little of one colour in another: what is pressed or under the pointer. */
static color mixed(color ground, color ink, int percent)
{
    color result = 0xff000000u;

    for (int shift = 0; shift <= 16; shift += 8) {
        int from = ground >> shift & 0xff, to = ink >> shift & 0xff;
        result |= (color)(from + (to - from) * percent / 100) << shift;
    }
    return result;
}

static struct look look_of(const struct ui *ui, const struct button *button)
{
    enum color_role ink = button->role != ROLE_INHERIT ? button->role : ROLE_INK;

    if (button->is_disabled) {
        /* In high contrast all lines are as bright as text: there the border must step back, too. */
        enum color_role line = ui->theme_id == THEME_CONTRAST ? ROLE_DISABLED : ROLE_LINE;
        return (struct look){private_color(ui, ROLE_GROUND),
            button->look == BUTTON_GHOST ? COLOR_NONE : private_color(ui, line),
            private_color(ui, ROLE_DISABLED)};
    }
    switch (button->look) {
    case BUTTON_PRIMARY:
        return (struct look){private_color(ui, ROLE_ACCENT), private_color(ui, ROLE_ACCENT),
            private_color(ui, ROLE_ON_ACCENT)};
    case BUTTON_DANGER:
        return (struct look){private_color(ui, ROLE_DANGER_GROUND), private_color(ui, ROLE_DANGER),
            private_color(ui, ROLE_DANGER)};
    case BUTTON_GHOST:
        ink = button->role != ROLE_INHERIT ? button->role : ROLE_MUTED;
        return (struct look){COLOR_NONE, COLOR_NONE, private_color(ui, ink)};
    case BUTTON_PLAIN: break;
    }
    if (button->is_chosen)
        return (struct look){
            private_color(ui, ROLE_SELECTED), private_color(ui, ROLE_ACCENT), private_color(ui, ink)};
    return (struct look){
        private_color(ui, ROLE_SURFACE), private_color(ui, ROLE_LINE), private_color(ui, ink)};
}

static void react(const struct ui *ui, const struct button *button, ui_id id, struct look *look)
{
    bool is_pressed = private_is_pressed(ui, id);

    if (button->is_disabled || !private_is_hovered(ui, id))
        return;
    if (button->look == BUTTON_PRIMARY || button->look == BUTTON_DANGER) {
        look->fill = mixed(look->fill, private_color(ui, ROLE_INK), is_pressed ? 20 : 10);
    } else {
        look->fill = private_color(ui, is_pressed ? ROLE_SELECTED : ROLE_HOVER);
        if (look->line != COLOR_NONE)
            look->line = private_color(ui, is_pressed ? ROLE_ACCENT : ROLE_EDGE);
    }
}

/* Icon and label as one group in the middle of the button; the way forward points behind its label. */
static void draw_label(struct ui *ui, const struct button *button, struct rect rect,
    const struct paragraph *label, int icon_room, color ink)
{
    int size = icon_room > 0 ? ui_px(ui, ICON_U) : 0;
    int width = private_text_width(label), x = rect.x + (rect.width - width - icon_room) / 2;
    bool is_behind = button->icon == ICON_FORWARD;
    int icon_x = is_behind ? x + width + icon_room - size : x;

    if (label != NULL)
        paragraph_draw_color(label, ui->list, ink, is_behind ? x : x + icon_room,
            rect.y + (rect.height - private_text_height(label)) / 2);
    display_icon(
        ui->list, (struct rect){icon_x, rect.y + (rect.height - size) / 2, size, size}, button->icon, ink);
}

/* In a narrow window buttons are, too: five of them still stand on one line at twice the size. */
static double pad_u(const struct ui *ui)
{
    return ui_width_u(ui) < NARROW_U ? 10 : 20;
}

bool ui_button(struct ui *ui, ui_id id, const struct button *button)
{
    int pad = ui_px(ui, pad_u(ui)), least = ui_px(ui, HEIGHT_U), radius = ui_px(ui, 6);
    int icon_room = button->icon == ICON_NONE
                        ? 0
                        : ui_px(ui, ICON_U) + (*button->label != '\0' ? ui_px(ui, ICON_GAP_U) : 0);
    int room = private_room(ui) - 2 * pad - icon_room;
    const struct paragraph *label = private_text(ui, SIZE_BUTTON, room > 1 ? room : 1, button->label);
    int height = private_text_height(label) + 2 * ui_px(ui, 10);
    struct look look = look_of(ui, button);
    struct rect rect;
    unsigned flags = button->is_disabled ? 0 : button->is_key ? WIDGET_PRESS : WIDGET_FOCUS | WIDGET_PRESS;

    rect =
        private_place(ui, private_text_width(label) + icon_room + 2 * pad, height > least ? height : least);
    if (button->takes_enter && !button->is_disabled)
        flags |= WIDGET_ENTER;
    private_register(ui, id, rect, flags, 0);
    react(ui, button, id, &look);
    display_box(
        ui->list, rect, radius, look.fill, look.line != COLOR_NONE ? private_line(ui, 1.5) : 0, look.line);
    draw_label(ui, button, rect, label, icon_room, look.ink);
    if (private_shows_focus(ui, id))
        private_draw_focus(ui, rect, radius);
    return private_activated(ui, id);
}

/* ---- cells of the review ---------------------------------------------------------------------------- */

#define CELL_GROUP 0x1000001u

static void draw_cell_marks(struct ui *ui, struct rect rect, const struct cell *cell, int radius)
{
    int bar = ui_px(ui, 18), thick = ui_px(ui, 3), corner = ui_px(ui, 16);

    if (cell->is_answered)
        display_box(ui->list,
            (struct rect){
                rect.x + (rect.width - bar) / 2, rect.y + rect.height - ui_px(ui, 6) - thick, bar, thick},
            thick / 2, private_color(ui, ROLE_ACCENT), 0, COLOR_NONE);
    if (cell->is_flagged) { /* the triangle keeps to the round corner: it is cut by a clip inside the border
                             */
        struct rect place = {rect.x + rect.width - corner - radius / 3, rect.y + radius / 3, corner, corner};
        display_icon(ui->list, place, ICON_CORNER, private_color(ui, ROLE_CAUTION));
    }
}

bool ui_cell(struct ui *ui, ui_id id, const struct cell *cell)
{
    int radius = ui_px(ui, 6), border = private_line(ui, cell->is_current ? 3 : 1.5);
    struct rect rect = private_place(ui, private_room(ui), ui_px(ui, 56));
    const struct paragraph *label = private_text(ui, SIZE_NUMBER, 0, cell->label);
    enum color_role fill = cell->is_answered ? ROLE_SELECTED : ROLE_SURFACE;
    enum color_role line = cell->is_answered || cell->is_current ? ROLE_ACCENT : ROLE_LINE;

    private_register(ui, id, rect, cell->is_disabled ? 0 : WIDGET_FOCUS | WIDGET_PRESS, CELL_GROUP);
    if (private_is_hovered(ui, id) && !cell->is_disabled) {
        fill = cell->is_answered ? fill : ROLE_HOVER;
        line = cell->is_answered ? line : ROLE_EDGE;
    }
    display_box(ui->list, rect, radius, private_color(ui, fill), border, private_color(ui, line));
    draw_cell_marks(ui, rect, cell, radius);
    private_draw(ui, label, cell->is_disabled ? ROLE_DISABLED : ROLE_INK,
        rect.x + (rect.width - private_text_width(label)) / 2,
        rect.y + (rect.height - private_text_height(label)) / 2);
    if (private_shows_focus(ui, id))
        private_draw_focus(ui, rect, radius);
    return private_activated(ui, id);
}
