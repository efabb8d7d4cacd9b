/* prose.c: the widgets that only say something. */
#include "kiosk/ui/ui_private.h"

/* In a row a text is as wide as it is; else it fills the column. */
static void place_text(struct ui *ui, enum text_size size, enum color_role role, enum align align,
    const struct run *runs, size_t count)
{
    int room = private_room(ui);
    const struct paragraph *paragraph =
        private_paragraph(ui, size, ui->row.is_open ? ALIGN_LEADING : align, room, runs, count);
    struct rect rect;

    rect = private_place(
        ui, ui->row.is_open ? private_text_width(paragraph) : room, private_text_height(paragraph));
    private_draw(ui, paragraph, role, rect.x, rect.y);
}

void ui_runs(struct ui *ui, enum text_size size, enum color_role role, const struct run *runs, size_t count)
{
    place_text(ui, size, role, ALIGN_LEADING, runs, count);
}

void ui_styled(struct ui *ui, enum text_size size, enum color_role role, enum align align, const char *text)
{
    place_text(ui, size, role, align, &(struct run){.text = text}, 1);
}

void ui_heading(struct ui *ui, const char *text)
{
    ui_styled(ui, SIZE_HEADING, ROLE_INK, ALIGN_LEADING, text);
    ui_space(ui, 12);
}

void ui_text(struct ui *ui, const char *text)
{
    ui_styled(ui, SIZE_TEXT, ROLE_INK, ALIGN_LEADING, text);
}

void ui_label(struct ui *ui, const char *text)
{
    ui_styled(ui, SIZE_LABEL, ROLE_MUTED, ALIGN_LEADING, text);
}

void ui_label_pair(struct ui *ui, const char *leading, const char *trailing)
{
    int width = private_column(ui)->width, gap = ui_px(ui, 16);
    const struct paragraph *second = private_text(ui, SIZE_LABEL, width, trailing);
    int room = width - private_text_width(second) - gap;
    const struct paragraph *first = private_text(ui, SIZE_LABEL, 0, leading);
    struct rect rect;

    if (private_text_width(first) > room) { /* no room side by side */
        ui_label(ui, leading);
        ui_label(ui, trailing);
        return;
    }
    rect = private_take(ui, private_text_height(first));
    private_draw(ui, first, ROLE_MUTED, rect.x, rect.y);
    private_draw(ui, second, ROLE_MUTED, rect.x + width - private_text_width(second), rect.y);
}

void ui_list_item(struct ui *ui, const char *bullet, const struct run *runs, size_t count)
{
    struct column *column = private_column(ui);
    int indent = ui_px(ui, 28);
    const struct paragraph *mark = private_text(ui, SIZE_TEXT, 0, bullet);
    const struct paragraph *words =
        private_paragraph(ui, SIZE_TEXT, ALIGN_LEADING, column->width - indent, runs, count);
    struct rect rect = private_take(ui, private_text_height(words));

    private_draw(ui, mark, ROLE_MUTED, rect.x + ui_px(ui, 4), rect.y);
    private_draw(ui, words, ROLE_INK, rect.x + indent, rect.y);
}

/* Term and description side by side, or one above the other where the column is narrow. */
void ui_definition(struct ui *ui, const char *term, enum icon icon, enum color_role role, const char *text)
{
    struct column *column = private_column(ui);
    bool is_narrow = column->width < ui_px(ui, 420);
    int indent = is_narrow ? 0 : ui_px(ui, 170), mark = icon != ICON_NONE ? ui_px(ui, 20) : 0;
    int after = mark > 0 ? mark + ui_px(ui, 6) : 0, x, y;
    struct run run = {.text = text, .style = RUN_STRONG};
    const struct paragraph *name =
        private_text(ui, SIZE_TEXT, is_narrow ? column->width : indent - ui_px(ui, 10), term);
    const struct paragraph *words =
        private_paragraph(ui, SIZE_TEXT, ALIGN_LEADING, column->width - indent - after, &run, 1);
    int line = text_size_line(SIZE_TEXT, ui->scale), name_height = private_text_height(name);

    if (role == ROLE_INHERIT)
        role = ROLE_INK;
    x = column->x + indent;
    y = column->y + (is_narrow ? name_height : 0);
    private_draw(ui, name, ROLE_MUTED, column->x, column->y);
    display_icon(
        ui->list, (struct rect){x, y + (line - mark) / 2, mark, mark}, icon, private_color(ui, role));
    private_draw(ui, words, role, x + after, y);
    y += private_text_height(words);
    if (y < column->y + name_height)
        y = column->y + name_height;
    column->y = y + ui_px(ui, 10);
}

void ui_progress(struct ui *ui, const char *words, uint64_t done, uint64_t total)
{
    int height = ui_px(ui, 8);
    struct rect rect;

    if (words != NULL) {
        ui_label(ui, words);
        ui_space(ui, 6);
    }
    rect = private_take(ui, height);
    display_box(ui->list, rect, height / 2, private_color(ui, ROLE_SURFACE), private_line(ui, 1),
        private_color(ui, ROLE_EDGE));
    if (total > 0 && done > 0) {
        double part = done < total ? (double)done / (double)total : 1;
        rect.width = (int)(rect.width * part);
        rect.width = rect.width > height ? rect.width : height;
        display_box(ui->list, rect, height / 2, private_color(ui, ROLE_ACCENT), 0, COLOR_NONE);
    }
}
