/* ui.c: the life of a frame, and what all widgets need: marks, registration, colours, text. */
#include "kiosk/ui/ui_private.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAX_BUILDS 8

struct ui *ui_new(struct fonts *fonts, struct error *err)
{
    struct ui *ui = calloc(1, sizeof *ui);

    if (ui == NULL)
        goto failed;
    ui->fonts = fonts;
    ui->theme = theme_get(THEME_LIGHT);
    ui->base_scale = ui->zoom = ui->scale = 1;
    ui->list = display_new();
    ui->paragraphs = paragraph_cache_new(fonts);
    ui->now = calloc(1, sizeof *ui->now);
    ui->last = calloc(1, sizeof *ui->last);
    if (ui->list != NULL && ui->paragraphs != NULL && ui->now != NULL && ui->last != NULL)
        return ui;
failed:
    error_set(err, ERROR_NOMEM, "no memory for the screen");
    ui_free(ui);
    return NULL;
}

void ui_free(struct ui *ui)
{
    if (ui == NULL)
        return;
    display_free(ui->list);
    paragraph_cache_free(ui->paragraphs);
    free(ui->now);
    free(ui->last);
    free(ui);
}

/* ---- settings --------------------------------------------------------------------------------------- */

/* What the text of a full frame takes, and something of the last: every page of the gallery keeps within it.
 * On a small display more of the area is text. */
size_t private_text_room(int width, int height)
{
    static const size_t least = 512u << 10;
    const size_t room = (size_t)width * (size_t)height / 3;

    return room > least ? room : least;
}

void ui_set_size(struct ui *ui, int width, int height, double scale)
{
    ui->width = width;
    ui->height = height;
    ui->base_scale = scale;
    ui->scale = scale * ui->zoom;
    ui->reveal = ui->focus; /* what was in view may not be now */
    fonts_keep(ui->fonts, private_text_room(width, height));
}

void ui_set_theme(struct ui *ui, enum theme_id theme)
{
    ui->theme_id = theme;
    ui->theme = theme_get(theme);
}

void ui_set_zoom(struct ui *ui, double zoom)
{
    ui->zoom = zoom < 1 ? 1 : zoom > 2 ? 2 : zoom;
    ui_set_size(ui, ui->width, ui->height, ui->base_scale);
}

enum theme_id ui_theme_id(const struct ui *ui)
{
    return ui->theme_id;
}

double ui_zoom(const struct ui *ui)
{
    return ui->zoom;
}

int ui_px(const struct ui *ui, double units)
{
    int pixels = (int)lround(units * ui->scale);

    return pixels == 0 && units > 0 ? 1 : pixels;
}

double ui_width_u(const struct ui *ui)
{
    return ui->width / ui->scale;
}

double ui_height_u(const struct ui *ui)
{
    return ui->height / ui->scale;
}

bool ui_is_wide(const struct ui *ui)
{
    return ui_width_u(ui) >= 1200;
}

/* ---- the frame -------------------------------------------------------------------------------------- */

static void enter_scope(struct ui *ui, uint32_t scope)
{
    if (scope == ui->scope)
        return;
    ui->scope = scope;
    ui->focus = ui->pressed = ui->hover = ui->reveal = 0;
    ui->focus_place = 0;
    ui->state_count = 0;
    ui->last->count = 0;
}

void ui_begin(struct ui *ui, uint32_t scope)
{
    enter_scope(ui, scope);
    ui->builds++;
    ui->again = false;
    ui->has_failed = false;
    ui->now->count = 0;
    ui->depth = 0;
    ui->top = 0;
    ui->bottom = ui->height - ui->footer_height;
    ui->has_footer = false;
    display_clear(ui->list, ui->width, ui->height);
    display_fill(ui->list, (struct rect){0, 0, ui->width, ui->height}, private_color(ui, ROLE_GROUND));
    private_push(ui, (struct column){0, 0, ui->width});
}

static ui_id widget_at(const struct widget_list *list, int x, int y)
{
    for (size_t i = list->count; i > 0; i--)
        if (rect_contains(list->items[i - 1].seen, x, y))
            return list->items[i - 1].id;
    return 0;
}

/* What is under the pointer can be another widget now, although the pointer rests. */
static void settle_hover(struct ui *ui)
{
    ui_id hover = ui->pointer_is_inside ? widget_at(ui->now, ui->pointer_x, ui->pointer_y) : 0;

    if (hover != ui->hover) {
        ui->hover = hover;
        ui->again = true;
    }
}

static void settle_focus(struct ui *ui)
{
    const struct widget *widget;

    if (ui->focus == 0)
        return;
    widget = private_find(ui->now, ui->focus);
    if (widget == NULL || !(widget->flags & WIDGET_FOCUS)) {
        ui->focus = 0; /* gone or disabled; Tab goes on from its place */
        ui->again = true;
        return;
    }
    ui->focus_place = (size_t)(widget - ui->now->items);
}

bool ui_end(struct ui *ui)
{
    struct widget_list *swap = ui->last;

    assert(ui->depth == 1 && !ui->row.is_open && !ui->body.is_open);
    if (!ui->has_footer && ui->footer_height != 0) {
        ui->footer_height = 0;
        ui->again = true;
    }
    for (size_t i = 0; i < ui->now->count; i++) {
        struct widget *widget = &ui->now->items[i];
        widget->seen = rect_intersect(widget->rect, display_clip_rect(ui->list, widget->clip));
    }
    settle_hover(ui);
    settle_focus(ui);
    private_take_input(ui);
    ui->activated = 0;
    if (!ui->again)
        ui->reveal = 0; /* in view, or nowhere that scrolls */
    ui->last = ui->now;
    ui->now = swap;
    if (ui->again && ui->builds < MAX_BUILDS)
        return true;
    ui->builds = 0;
    return false;
}

const struct display_list *ui_list(const struct ui *ui)
{
    return ui->list;
}

bool ui_is_complete(const struct ui *ui)
{
    return !ui->has_failed && display_is_complete(ui->list);
}

/* ---- marks ------------------------------------------------------------------------------------------ */

struct private_mark private_mark(const struct ui *ui)
{
    return (struct private_mark){display_mark(ui->list), ui->now->count};
}

void private_shift(struct ui *ui, struct private_mark from, int dx, int dy)
{
    if (dx == 0 && dy == 0)
        return;
    display_shift(ui->list, from.display, dx, dy);
    for (size_t i = from.widget; i < ui->now->count; i++) {
        ui->now->items[i].rect.x += dx;
        ui->now->items[i].rect.y += dy;
    }
}

/* ---- widgets ---------------------------------------------------------------------------------------- */

const struct widget *private_find(const struct widget_list *list, ui_id id)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].id == id)
            return &list->items[i];
    return NULL;
}

struct widget *private_register(struct ui *ui, ui_id id, struct rect rect, unsigned flags, uint32_t group)
{
    static struct widget nowhere;
    struct widget *widget;

    assert(id != 0 && private_find(ui->now, id) == NULL); /* ids are unique on a screen */
    if (ui->now->count == MAX_WIDGETS) {
        ui->has_failed = true;
        return &nowhere;
    }
    widget = &ui->now->items[ui->now->count++];
    *widget = (struct widget){
        .id = id, .flags = flags, .group = group, .rect = rect, .clip = display_clip_current(ui->list)};
    return widget;
}

bool private_activated(struct ui *ui, ui_id id)
{
    if (ui->activated != id)
        return false;
    ui->activated = 0;
    ui->again = true; /* the model changes: what was drawn before this is old */
    return true;
}

bool private_is_hovered(const struct ui *ui, ui_id id)
{
    return ui->hover == id && (ui->pressed == 0 || ui->pressed == id);
}

bool private_is_pressed(const struct ui *ui, ui_id id)
{
    return ui->pressed == id && ui->hover == id;
}

bool private_shows_focus(const struct ui *ui, ui_id id)
{
    return ui->focus == id && ui->focus_is_shown;
}

void private_draw_focus(struct ui *ui, struct rect rect, int radius)
{
    int gap = ui_px(ui, 2.5), width = ui_px(ui, 3);

    display_box(ui->list, rect_inset(rect, -gap - width), radius + gap + width, COLOR_NONE, width,
        private_color(ui, ROLE_ACCENT));
}

struct state *private_state(struct ui *ui, ui_id id)
{
    static struct state nowhere;

    for (size_t i = 0; i < ui->state_count; i++)
        if (ui->states[i].id == id)
            return &ui->states[i];
    if (ui->state_count == MAX_STATES) {
        ui->has_failed = true;
        nowhere = (struct state){.id = id};
        return &nowhere;
    }
    ui->states[ui->state_count] = (struct state){.id = id};
    return &ui->states[ui->state_count++];
}

color private_color(const struct ui *ui, enum color_role role)
{
    return theme_color(ui->theme, role);
}

int private_line(const struct ui *ui, double units)
{
    int pixels = ui_px(ui, units);

    return pixels < 1 ? 1 : pixels;
}

/* ---- text ------------------------------------------------------------------------------------------- */

const struct paragraph *private_paragraph(
    struct ui *ui, enum text_size size, enum align align, int width, const struct run *runs, size_t count)
{
    struct paragraph_style style = {.size = size, .align = align, .scale = ui->scale, .width = width};
    const struct paragraph *paragraph = paragraph_cache_get(ui->paragraphs, &style, runs, count);

    if (paragraph == NULL)
        ui->has_failed = true;
    return paragraph;
}

const struct paragraph *private_text(struct ui *ui, enum text_size size, int width, const char *text)
{
    return private_paragraph(ui, size, ALIGN_LEADING, width, &(struct run){.text = text}, 1);
}

static const struct paragraph *shortened(struct ui *ui, enum text_size size, const char *text, size_t length)
{
    struct run runs[] = {{.text = text, .length = length}, {.text = "\u2026"}};

    return length == 0 ? private_text(ui, size, 0, "\u2026")
                       : private_paragraph(ui, size, ALIGN_LEADING, 0, runs, 2);
}

const struct paragraph *private_fitted(struct ui *ui, enum text_size size, int width, const char *text)
{
    const struct paragraph *paragraph = private_text(ui, size, 0, text);
    size_t length = strlen(text);

    while (private_text_width(paragraph) > width && length > 0) {
        length--;
        while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
            length--;
        paragraph = shortened(ui, size, text, length);
    }
    return paragraph;
}

void private_draw(struct ui *ui, const struct paragraph *paragraph, enum color_role role, int x, int y)
{
    if (paragraph != NULL)
        paragraph_draw(paragraph, ui->list, ui->theme, role, x, y);
}

int private_text_width(const struct paragraph *paragraph)
{
    return paragraph != NULL ? paragraph_width(paragraph) : 0;
}

int private_text_height(const struct paragraph *paragraph)
{
    return paragraph != NULL ? paragraph_height(paragraph) : 0;
}
