/* response.c: a response row: its letter, its mark, and any content. */
#include "kiosk/ui/ui_private.h"

#include <assert.h>

#define LEAST_U 52
#define PAD_Y_U 12
#define LETTER_U 30 /* the column of the letter */
#define MARK_U 22
#define GROUP 0x1000002u

/* Where things stand in a row, from its leading edge. */
static int letter_x(const struct ui *ui)
{
    return ui_px(ui, 12);
}

static int mark_x(const struct ui *ui)
{
    return letter_x(ui) + ui_px(ui, LETTER_U + 6);
}

static int content_x(const struct ui *ui)
{
    return mark_x(ui) + ui_px(ui, MARK_U + 14);
}

/* The content is written first; what is behind it is completed when its height is known. So the boxes are
 * reserved here: the border, and the ground inside it that leaves a bar at the leading edge. */
void ui_response_begin(struct ui *ui, ui_id id, const struct response *response)
{
    struct column *outer = private_column(ui);
    int edge = ui_px(ui, 16);

    assert(!ui->response.is_open);
    ui->response = (struct response_row){
        .is_open = true, .id = id, .response = *response, .outer = *outer, .mark = private_mark(ui)};
    display_box(ui->list, (struct rect){0}, 0, COLOR_NONE, 0, COLOR_NONE);
    display_box(ui->list, (struct rect){0}, 0, COLOR_NONE, 0, COLOR_NONE);
    ui->response.widget = private_register(
        ui, id, (struct rect){0}, response->is_disabled ? 0 : WIDGET_FOCUS | WIDGET_PRESS, GROUP);
    ui->response.content = private_mark(ui);
    private_push(
        ui, (struct column){outer->x + content_x(ui), outer->y + ui_px(ui, PAD_Y_U),
                outer->width - content_x(ui) - edge - (response->verdict != ICON_NONE ? ui_px(ui, 34) : 0)});
}

static void fill_boxes(struct ui *ui, struct response_row *row)
{
    struct display_mark second = row->mark.display;
    struct display_command *border, *ground;
    bool is_chosen = row->response.is_chosen, is_hovered = private_is_hovered(ui, row->id);
    int line = private_line(ui, is_chosen ? ui->theme->selected_border_u : 1.5), bar = line,
        radius = ui_px(ui, 6);

    second.command++;
    border = display_at(ui->list, row->mark.display);
    ground = display_at(ui->list, second);
    if (border == NULL || ground == NULL)
        return;
    if (is_chosen)
        bar = line + ui_px(ui, 4);
    border->rect = row->rect;
    border->radius = radius;
    border->fill = private_color(ui, is_chosen                                  ? ROLE_ACCENT
                                     : is_hovered && !row->response.is_disabled ? ROLE_EDGE
                                                                                : ROLE_LINE);
    ground->rect = (struct rect){
        row->rect.x + bar, row->rect.y + line, row->rect.width - bar - line, row->rect.height - 2 * line};
    ground->radius = radius > line ? radius - line : 0;
    ground->fill = private_color(ui, is_chosen                                  ? ROLE_SELECTED
                                     : is_hovered && !row->response.is_disabled ? ROLE_HOVER
                                                                                : ROLE_SURFACE);
}

/* Of the same parity as the ring around it, so that it sits in its middle. */
static int inner_size(int outer, int wanted)
{
    return (outer - wanted) % 2 == 0 ? wanted : wanted + 1;
}

static void draw_ring(struct ui *ui, struct rect place, bool is_chosen)
{
    int line = private_line(ui, 1.6), dot = inner_size(place.width, ui_px(ui, 11));

    display_box(ui->list, place, place.width / 2, private_color(ui, ROLE_SURFACE), line,
        private_color(ui, is_chosen ? ROLE_ACCENT : ROLE_MUTED));
    if (is_chosen)
        display_box(ui->list, rect_inset(place, (place.width - dot) / 2), dot / 2,
            private_color(ui, ROLE_ACCENT), 0, COLOR_NONE);
}

static void draw_square(struct ui *ui, struct rect place, bool is_chosen)
{
    int line = private_line(ui, 1.6), check = inner_size(place.width, ui_px(ui, 18));

    display_box(ui->list, place, ui_px(ui, 4), private_color(ui, is_chosen ? ROLE_ACCENT : ROLE_SURFACE),
        line, private_color(ui, is_chosen ? ROLE_ACCENT : ROLE_MUTED));
    if (is_chosen)
        display_icon(ui->list, rect_inset(place, (place.width - check) / 2), ICON_CHECK,
            private_color(ui, ROLE_ON_ACCENT));
}

/* Letter and mark stand beside the first line of the content. */
static void draw_marks(struct ui *ui, const struct response_row *row)
{
    const struct response *response = &row->response;
    int size = ui_px(ui, MARK_U) & ~1; /* even: its halves are whole */
    int middle = row->rect.y + ui_px(ui, LEAST_U) / 2;
    struct rect place = {row->rect.x + mark_x(ui), middle - size / 2, size, size};
    struct run run = {.text = response->letter != NULL ? response->letter : "", .style = RUN_STRONG};
    const struct paragraph *letter =
        private_paragraph(ui, SIZE_LABEL, ALIGN_MIDDLE, ui_px(ui, LETTER_U), &run, 1);

    private_draw(
        ui, letter, ROLE_MUTED, row->rect.x + letter_x(ui), middle - private_text_height(letter) / 2);
    if (response->mark == MARK_RING)
        draw_ring(ui, place, response->is_chosen);
    else
        draw_square(ui, place, response->is_chosen);
    if (response->verdict != ICON_NONE) {
        size = ui_px(ui, 22);
        place = (struct rect){
            row->rect.x + row->rect.width - ui_px(ui, 16) - size, middle - size / 2, size, size};
        display_icon(ui->list, place, response->verdict, private_color(ui, response->verdict_role));
    }
}

/* Its letter is its key. */
static bool key_pressed(struct ui *ui, const struct response_row *row)
{
    unsigned char letter = row->response.letter != NULL ? (unsigned char)row->response.letter[0] : 0;

    if (row->response.is_disabled || letter == 0 || letter >= 0x80 || !ui_key_character(ui, letter, 0))
        return false;
    ui->focus = ui->reveal = row->id;
    ui->focus_is_shown = true;
    return true;
}

bool ui_response_end(struct ui *ui)
{
    struct response_row *row = &ui->response;
    struct column content = private_pop(ui);
    int height = content.y + ui_px(ui, PAD_Y_U) - row->outer.y, least = ui_px(ui, LEAST_U);

    assert(row->is_open);
    if (height < least) {
        private_shift(ui, row->content, 0, (least - height) / 2);
        height = least;
    }
    row->rect = private_take(ui, height);
    row->widget->rect = row->rect;
    fill_boxes(ui, row);
    draw_marks(ui, row);
    if (private_shows_focus(ui, row->id))
        private_draw_focus(ui, row->rect, ui_px(ui, 6));
    ui_space(ui, 10);
    row->is_open = false;
    return private_activated(ui, row->id) || key_pressed(ui, row);
}
