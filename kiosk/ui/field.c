/* field.c: one line of text that can be typed into. */
#include "kiosk/ui/ui_private.h"

#include "kiosk/ui/utf8.h"

#include <stdlib.h>

#define HEIGHT_U 52
#define PAD_U 16
#define SPACING_U 3
#define DOT_U 9

/* How the characters stand: each in a cell, with a wider gap between groups. */
struct cells {
    struct ui *ui;
    const struct field *field;
    const struct field_text *text;
    double cell;
    int pixels;
};

static struct cells cells_of(struct ui *ui, const struct field *field, const struct field_text *text)
{
    int pixels = text_size_pixels(SIZE_FIELD, ui->scale);

    return (struct cells){ui, field, text, fonts_cell(ui->fonts, FACE_CODE, pixels), pixels};
}

static double character_width(const struct cells *cells, size_t at, size_t count)
{
    double width = cells->cell;
    size_t length = count;
    enum font_face face;

    if (!cells->field->is_masked && count > 1) { /* ASCII is one cell wide; others may be wider */
        face = fonts_face_for(cells->ui->fonts, FACE_CODE, cells->text->bytes + at, &length);
        int advance = fonts_advance(cells->ui->fonts, face, cells->pixels, cells->text->bytes + at, count);
        width = advance > width ? advance : width;
    }
    return width + ui_px(cells->ui, SPACING_U);
}

/* A step to the next character: where the pen is then. */
static double step(const struct cells *cells, size_t *at, size_t *index, double x)
{
    const struct field_text *text = cells->text;
    size_t count = utf8_next(text->bytes + *at, text->length - *at, NULL);

    x += character_width(cells, *at, count);
    *at += count;
    *index += 1;
    if (cells->field->group > 0 && *index % cells->field->group == 0)
        x += cells->cell * 0.7;
    return x;
}

static double x_of(const struct cells *cells, size_t wanted)
{
    size_t at = 0, index = 0;
    double x = 0;

    while (at < wanted)
        x = step(cells, &at, &index, x);
    return x;
}

/* The place between two characters that is nearest to x. */
static size_t caret_at(const struct cells *cells, double wanted)
{
    size_t at = 0, index = 0;
    double x = 0;

    while (at < cells->text->length) {
        size_t before = at;
        double next = step(cells, &at, &index, x);
        if (wanted < (x + next) / 2)
            return before;
        x = next;
    }
    return at;
}

static void draw_character(
    const struct cells *cells, size_t at, size_t count, int x, struct rect box, int baseline)
{
    struct ui *ui = cells->ui;
    color ink = private_color(ui, ROLE_INK);
    int dot = ui_px(ui, DOT_U), cell = (int)cells->cell;
    size_t length = count;

    if (cells->field->is_masked) {
        struct rect place = {x + (cell - dot) / 2, box.y + (box.height - dot) / 2, dot, dot};
        display_box(ui->list, place, dot / 2, ink, 0, COLOR_NONE);
        return;
    }
    enum font_face face = fonts_face_for(ui->fonts, FACE_CODE, cells->text->bytes + at, &length);
    struct rect place = {x - cell, box.y, 4 * cell, box.height};
    display_text(ui->list, place, face, cells->pixels, x, baseline, ink, cells->text->bytes + at, count);
}

/* Text and caret, moved so far that the caret is in view. */
static void draw_content(const struct cells *cells, struct rect box, bool has_focus)
{
    struct ui *ui = cells->ui;
    int baseline = box.y + font_baseline(box.height, cells->pixels);
    int width = private_line(ui, 2), caret = (int)x_of(cells, cells->text->caret);
    int away = has_focus && caret + width > box.width ? caret + width - box.width : 0;
    size_t at = 0, index = 0;
    double x = 0;

    display_clip_push(ui->list, box);
    while (at < cells->text->length) {
        size_t before = at;
        double next = step(cells, &at, &index, x);
        draw_character(cells, before, at - before, box.x + (int)x - away, box, baseline);
        x = next;
    }
    if (has_focus) {
        int gap = ui_px(ui, SPACING_U) / 2;
        int caret_x = box.x + caret - away - (caret > gap + width ? gap + width / 2 : 0);
        struct rect line = {caret_x, box.y + ui_px(ui, 11), width, box.height - 2 * ui_px(ui, 11)};
        display_fill(ui->list, line, private_color(ui, ROLE_ACCENT));
    }
    display_clip_pop(ui->list);
}

static bool edit(struct ui *ui, ui_id id, const struct field *field, struct field_text *text)
{
    const struct ui_event *input = &ui->input;
    bool was_entered = false;

    if (ui->focus != id)
        return false;
    if (input->kind == UI_EVENT_TEXT) {
        (void)private_field_insert(field, text, input->text); /* what it does not allow is not typed */
    } else if (input->kind == UI_EVENT_KEY && input->modifiers == 0 && input->key == UI_KEY_ENTER) {
        was_entered = true;
    } else if (input->kind != UI_EVENT_KEY || (input->modifiers & (UI_CONTROL | UI_ALT)) ||
               !private_field_key(text, input->key)) {
        return false;
    }
    private_take_input(ui);
    ui->again = true;
    return was_entered;
}

static void draw_frame(struct ui *ui, ui_id id, struct rect box, const struct field *field)
{
    bool has_focus = ui->focus == id;
    enum color_role line = field->has_error ? ROLE_DANGER : has_focus ? ROLE_ACCENT : ROLE_EDGE;
    int radius = ui_px(ui, 6);

    if (private_is_hovered(ui, id) && line == ROLE_EDGE)
        line = ROLE_MUTED;
    display_box(ui->list, box, radius, private_color(ui, ROLE_SURFACE), private_line(ui, 1.5),
        private_color(ui, line));
    if (has_focus) /* where typing goes is always shown */
        private_draw_focus(ui, box, radius);
}

/* What is wrong is said with a sign, not by colour alone. */
static void draw_hint(struct ui *ui, const struct field *field)
{
    struct column *column = private_column(ui);
    int icon = field->has_error ? ui_px(ui, 18) : 0, indent = icon > 0 ? icon + ui_px(ui, 6) : 0;
    enum color_role role = field->has_error ? ROLE_DANGER : ROLE_MUTED;
    const struct paragraph *hint = private_text(ui, SIZE_LABEL, column->width - indent, field->hint);
    int line = text_size_line(SIZE_LABEL, ui->scale);
    struct rect rect;

    ui_space(ui, 6);
    rect = private_take(ui, private_text_height(hint));
    if (field->has_error)
        display_icon(ui->list, (struct rect){rect.x, rect.y + (line - icon) / 2, icon, icon}, ICON_WARNING,
            private_color(ui, role));
    private_draw(ui, hint, role, rect.x + indent, rect.y);
}

bool ui_field(struct ui *ui, ui_id id, const struct field *field, struct field_text *text)
{
    struct rect box, inner;
    struct cells cells = cells_of(ui, field, text);
    bool was_entered = edit(ui, id, field, text);

    if (field->label != NULL) {
        ui_label(ui, field->label);
        ui_space(ui, 6);
    }
    box = private_take(ui, ui_px(ui, HEIGHT_U));
    inner = (struct rect){box.x + ui_px(ui, PAD_U), box.y, box.width - 2 * ui_px(ui, PAD_U), box.height};
    private_register(ui, id, box, WIDGET_FOCUS | WIDGET_TEXT, 0);
    if (ui->pressed == id && (ui->pointer_x != ui->pressed_x || ui->input.kind == UI_EVENT_POINTER_DOWN))
        text->caret = caret_at(&cells, ui->pointer_x - inner.x);
    draw_frame(ui, id, box, field);
    draw_content(&cells, inner, ui->focus == id);
    if (field->hint != NULL)
        draw_hint(ui, field);
    ui_space(ui, 18);
    return was_entered;
}
