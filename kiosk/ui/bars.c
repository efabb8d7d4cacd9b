/* bars.c: header, notices and footer: what stands above and below the body and never scrolls. */
#include "kiosk/ui/ui_private.h"

#include <assert.h>
#include <string.h>

#define EDGE_U 24
#define HEADER_U 56
#define FOOTER_U 72
#define FOOTER_PAD_U 14
#define ICON_U 17

/* The bar's colours: on the striped ground of staff there is one ink for all. */
static enum color_role bar_role(const struct header *header, enum color_role role)
{
    return header->is_staff ? ROLE_ON_STAFF : role;
}

static void draw_ground(struct ui *ui, struct rect bar, bool is_staff)
{
    int line = private_line(ui, 1);

    if (is_staff)
        display_stripes(ui->list, bar, ui_px(ui, 14), private_color(ui, ROLE_STAFF_GROUND),
            private_color(ui, ROLE_STAFF_STRIPE));
    else
        display_fill(ui->list, bar, private_color(ui, ROLE_SURFACE));
    display_fill(ui->list, (struct rect){bar.x, bar.y + bar.height - line, bar.width, line},
        private_color(ui, ROLE_LINE));
}

/* Draws a line of text in the middle of the bar's height. */
static void draw_in_bar(
    struct ui *ui, struct rect bar, const struct paragraph *paragraph, enum color_role role, int x)
{
    private_draw(ui, paragraph, role, x, bar.y + (bar.height - private_text_height(paragraph)) / 2);
}

/* State and time, from the trailing edge back. Returns where they begin. */
static int draw_trailing(struct ui *ui, struct rect bar, const struct header *header)
{
    int x = bar.x + bar.width - ui_px(ui, EDGE_U);
    enum color_role time_role = header->time_role != ROLE_INHERIT ? header->time_role : ROLE_INK;
    const struct paragraph *paragraph;

    if (header->time != NULL) {
        paragraph = private_text(ui, SIZE_TIME, 0, header->time);
        x -= private_text_width(paragraph);
        draw_in_bar(ui, bar, paragraph, bar_role(header, time_role), x);
        x -= ui_px(ui, 24);
    }
    if (header->trailing != NULL) {
        paragraph = private_text(ui, SIZE_LABEL, 0, header->trailing);
        x -= private_text_width(paragraph);
        draw_in_bar(ui, bar, paragraph, bar_role(header, ROLE_MUTED), x);
        x -= ui_px(ui, 24);
    }
    if (header->state != NULL) {
        int icon = header->state_icon != ICON_NONE ? ui_px(ui, ICON_U) : 0;
        enum color_role role = bar_role(header, header->state_role);
        struct run run = {.text = header->state, .style = RUN_STRONG};
        paragraph = private_paragraph(ui, SIZE_LABEL, ALIGN_LEADING, 0, &run, 1);
        x -= private_text_width(paragraph);
        draw_in_bar(ui, bar, paragraph, role, x);
        x -= icon + (icon > 0 ? ui_px(ui, 5) : 0);
        display_icon(ui->list, (struct rect){x, bar.y + (bar.height - icon) / 2, icon, icon},
            header->state_icon, private_color(ui, role));
        x -= ui_px(ui, 24);
    }
    return x;
}

/* Title and section the section cut where it would run into what is behind it. Returns where
 * they end. */
static int draw_leading(struct ui *ui, struct rect bar, const struct header *header, int end)
{
    int x = bar.x + ui_px(ui, EDGE_U);
    struct run run = {.text = header->title, .style = RUN_STRONG};
    const struct paragraph *paragraph = private_paragraph(ui, SIZE_LABEL, ALIGN_LEADING, 0, &run, 1);

    draw_in_bar(ui, bar, paragraph, bar_role(header, ROLE_INK), x);
    x += private_text_width(paragraph);
    if (header->section == NULL)
        return x;
    paragraph = private_text(ui, SIZE_LABEL, 0, "\u00b7");
    x += ui_px(ui, 5);
    draw_in_bar(ui, bar, paragraph, bar_role(header, ROLE_MUTED), x);
    x += private_text_width(paragraph) + ui_px(ui, 5);
    paragraph = private_fitted(ui, SIZE_LABEL, end - x, header->section);
    draw_in_bar(ui, bar, paragraph, bar_role(header, ROLE_MUTED), x);
    return x + private_text_width(paragraph);
}

void ui_header(struct ui *ui, const struct header *header)
{
    struct rect bar = {0, ui->top, ui->width, ui_px(ui, HEADER_U)};
    int end, start, gap = ui_px(ui, EDGE_U);

    draw_ground(ui, bar, header->is_staff);
    end = draw_trailing(ui, bar, header);
    start = draw_leading(ui, bar, header, end);
    if (header->middle != NULL) {
        const struct paragraph *middle = private_text(ui, SIZE_LABEL, 0, header->middle);
        int width = private_text_width(middle), x = (bar.width - width) / 2;
        if (x >= start + gap && x + width <= end)
            draw_in_bar(ui, bar, middle, bar_role(header, ROLE_MUTED), x);
    }
    ui->top += bar.height;
}

void ui_notice(struct ui *ui, enum notice_look look, const char *text, const char *code)
{
    static const enum color_role grounds[] = {[NOTICE_CAUTION] = ROLE_CAUTION_GROUND,
        [NOTICE_DANGER] = ROLE_DANGER_GROUND,
        [NOTICE_PLAIN] = ROLE_SURFACE};
    static const enum color_role inks[] = {
        [NOTICE_CAUTION] = ROLE_CAUTION, [NOTICE_DANGER] = ROLE_DANGER, [NOTICE_PLAIN] = ROLE_INK};
    struct run runs[] = {
        {.text = text, .style = RUN_STRONG}, {.text = "  "}, {.text = code != NULL ? code : " "}};
    int edge = ui_px(ui, EDGE_U), pad = ui_px(ui, 8), line = private_line(ui, 1);
    const struct paragraph *words =
        private_paragraph(ui, SIZE_NOTICE, ALIGN_LEADING, ui->width - 2 * edge, runs, code != NULL ? 3 : 1);
    struct rect bar = {0, ui->top, ui->width, private_text_height(words) + 2 * pad + line};

    display_fill(ui->list, bar, private_color(ui, grounds[look]));
    display_fill(
        ui->list, (struct rect){0, bar.y + bar.height - line, bar.width, line}, private_color(ui, ROLE_LINE));
    private_draw(ui, words, inks[look], edge, bar.y + pad);
    ui->top += bar.height;
}

/* The row is written where the last frame's footer was; a footer of another height builds the frame anew. */
void ui_footer_begin(struct ui *ui)
{
    struct rect bar = {0, ui->height - ui->footer_height, ui->width, ui->footer_height};
    int edge = ui_px(ui, EDGE_U), line = private_line(ui, 1);

    display_fill(ui->list, bar, private_color(ui, ROLE_SURFACE));
    display_fill(ui->list, (struct rect){0, bar.y, bar.width, line}, private_color(ui, ROLE_LINE));
    private_push(ui, (struct column){edge, bar.y + ui_px(ui, FOOTER_PAD_U), ui->width - 2 * edge});
    ui_row_begin(ui);
}

void ui_footer_end(struct ui *ui)
{
    int start = private_column(ui)->y, least = ui_px(ui, FOOTER_U), wanted;
    struct private_mark content = ui->row.count > 0 ? ui->row.items[0].mark : private_mark(ui);

    ui_row_end(ui);
    wanted = private_pop(ui).y - start + 2 * ui_px(ui, FOOTER_PAD_U);
    if (wanted < least)
        private_shift(ui, content, 0, (least - wanted) / 2);
    if (wanted < least)
        wanted = least;
    if (wanted != ui->footer_height) {
        ui->footer_height = wanted;
        ui->reveal = ui->focus; /* it was brought into view of another body */
        ui->again = true;
    }
    ui->has_footer = true;
}
