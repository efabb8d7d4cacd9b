/* layout.c: columns, rows, splits, cards and grids: where the next widget stands. */
#include "kiosk/ui/ui_private.h"

#include <assert.h>

#define ROW_GAP_U (ui_width_u(ui) < NARROW_U ? 6 : 10)
#define GRID_GAP_U 10
#define GUTTER_U 24

struct column *private_column(struct ui *ui)
{
    assert(ui->depth > 0);
    return &ui->columns[ui->depth - 1];
}

void private_push(struct ui *ui, struct column column)
{
    assert(ui->depth < MAX_COLUMNS);
    ui->columns[ui->depth++] = column;
}

struct column private_pop(struct ui *ui)
{
    assert(ui->depth > 1);
    return ui->columns[--ui->depth];
}

struct rect private_take(struct ui *ui, int height)
{
    struct column *column = private_column(ui);
    struct rect rect = {column->x, column->y, column->width, height};

    column->y += height;
    return rect;
}

void ui_space(struct ui *ui, double units)
{
    if (!ui->row.is_open)
        private_column(ui)->y += ui_px(ui, units);
}

void ui_rule(struct ui *ui)
{
    display_fill(ui->list, private_take(ui, private_line(ui, 1)), private_color(ui, ROLE_LINE));
}

int private_room(struct ui *ui)
{
    int width = private_column(ui)->width;

    return ui->grid.is_open ? width / ui->grid.columns - ui_px(ui, GRID_GAP_U) : width;
}

/* ---- rows ------------------------------------------------------------------------------------------- */

void ui_row_begin(struct ui *ui)
{
    assert(!ui->row.is_open);
    ui->row = (struct row){.is_open = true, .column = *private_column(ui), .group = ALIGN_LEADING};
}

void ui_row_group(struct ui *ui, enum align align)
{
    assert(ui->row.is_open);
    ui->row.group = align;
}

/* All items of a row are written at its start; ui_row_end() moves each to its place. */
static struct rect place_in_row(struct ui *ui, int width, int height)
{
    struct row *row = &ui->row;

    if (row->count == MAX_ROW_ITEMS)
        ui->has_failed = true;
    else
        row->items[row->count++] = (struct row_item){private_mark(ui), row->group, width, height};
    return (struct rect){row->column.x, row->column.y, width, height};
}

static int group_width(const struct row *row, enum align group, int gap)
{
    int width = 0;

    for (size_t i = 0; i < row->count; i++)
        if (row->items[i].group == group)
            width += (width > 0 ? gap : 0) + row->items[i].width;
    return width;
}

struct place {
    int x, y;
};

/* Sets the items of a group from (x, y) on, in new lines where `width` is full. Returns the height. */
static int place_group(
    const struct row *row, enum align group, int x, int y, int width, int gap, struct place *places)
{
    int at = x, line = 0, top = y;

    for (size_t i = 0; i < row->count; i++) {
        const struct row_item *item = &row->items[i];
        if (item->group != group)
            continue;
        if (at > x && at + item->width > x + width) {
            top += line + gap;
            at = x;
            line = 0;
        }
        places[i] = (struct place){at, top};
        at += item->width + gap;
        line = item->height > line ? item->height : line;
    }
    return top + line - y;
}

static int tallest(const struct row *row)
{
    int height = 0;

    for (size_t i = 0; i < row->count; i++)
        height = row->items[i].height > height ? row->items[i].height : height;
    return height;
}

/* The middle group stands in the middle of the row, or between the others where that is not possible. */
static int middle_x(const struct row *row, int leading, int middle, int trailing, int gap)
{
    int x = (row->column.width - middle) / 2;
    int least = leading > 0 ? leading + gap : 0;
    int most = row->column.width - middle - (trailing > 0 ? trailing + gap : 0);

    return row->column.x + (x < least ? least : x > most ? most : x);
}

/* Everything on one line; false when it does not fit. */
static bool place_line(const struct row *row, int gap, struct place *places)
{
    int leading = group_width(row, ALIGN_LEADING, gap), middle = group_width(row, ALIGN_MIDDLE, gap),
        trailing = group_width(row, ALIGN_TRAILING, gap);
    int used = leading + middle + trailing + (leading > 0 ? gap : 0) + (trailing > 0 ? gap : 0);
    int x = row->column.x, y = row->column.y;

    if (used > row->column.width)
        return false;
    place_group(row, ALIGN_LEADING, x, y, leading, gap, places);
    place_group(row, ALIGN_MIDDLE, middle_x(row, leading, middle, trailing, gap), y, middle, gap, places);
    place_group(row, ALIGN_TRAILING, x + row->column.width - trailing, y, trailing, gap, places);
    return true;
}

/* On several lines: leading and trailing share one where they can, the middle group comes below. */
static int place_lines(const struct row *row, int gap, struct place *places)
{
    int width = row->column.width, x = row->column.x, y = row->column.y, height = 0;
    int leading = group_width(row, ALIGN_LEADING, gap), trailing = group_width(row, ALIGN_TRAILING, gap);

    if (leading > 0)
        height += place_group(row, ALIGN_LEADING, x, y, width, gap, places) + gap;
    if (trailing > 0 && leading + gap + trailing <= width) {
        place_group(row, ALIGN_TRAILING, x + width - trailing, y, trailing, gap, places);
        if (leading == 0)
            height += tallest(row) + gap;
    } else if (trailing > 0) {
        height += place_group(row, ALIGN_TRAILING, x, y + height, width, gap, places) + gap;
    }
    if (group_width(row, ALIGN_MIDDLE, gap) > 0)
        height += place_group(row, ALIGN_MIDDLE, x, y + height, width, gap, places) + gap;
    return height > 0 ? height - gap : 0;
}

void ui_row_end(struct ui *ui)
{
    struct row *row = &ui->row;
    struct place places[MAX_ROW_ITEMS];
    int gap = ui_px(ui, ROW_GAP_U), height = tallest(row), tall = height;
    int dx = 0, dy = 0;
    bool is_line = place_line(row, gap, places);

    assert(row->is_open);
    if (!is_line)
        height = place_lines(row, gap, places);
    for (size_t i = 0; i < row->count; i++) { /* each shift moves all that follow: the difference is enough */
        const struct row_item *item = &row->items[i];
        int to_x = places[i].x - row->column.x;
        int to_y = places[i].y - row->column.y + (is_line ? (tall - item->height) / 2 : 0);
        private_shift(ui, item->mark, to_x - dx, to_y - dy);
        dx = to_x;
        dy = to_y;
    }
    row->is_open = false;
    private_column(ui)->y += height;
}

/* ---- grids ------------------------------------------------------------------------------------------ */

void ui_grid_begin(struct ui *ui)
{
    int gap = ui_px(ui, GRID_GAP_U), width = private_column(ui)->width;
    int columns = (width + gap) / (ui_px(ui, 60) + gap);

    columns = columns < 1 ? 1 : columns > 10 ? 10 : columns;
    ui->grid = (struct grid){.is_open = true, .columns = columns};
}

/* Cells share the width to the last pixel: some are one wider than others. */
static struct rect place_in_grid(struct ui *ui, int height)
{
    struct grid *grid = &ui->grid;
    struct column *column = private_column(ui);
    int gap = ui_px(ui, GRID_GAP_U), width = column->width + gap, at = grid->next++ % grid->columns;
    int start = at * width / grid->columns, end = (at + 1) * width / grid->columns - gap;

    if (at == 0 && grid->next > 1)
        column->y += height + gap;
    return (struct rect){column->x + start, column->y, end - start, height};
}

void ui_grid_end(struct ui *ui)
{
    ui->grid.is_open = false;
    if (ui->grid.next > 0)
        private_column(ui)->y += ui_px(ui, 56);
}

struct rect private_place(struct ui *ui, int width, int height)
{
    struct rect rect;

    if (ui->row.is_open)
        return place_in_row(ui, width, height);
    if (ui->grid.is_open)
        return place_in_grid(ui, height);
    rect = private_take(ui, height);
    rect.width = width < rect.width ? width : rect.width;
    return rect;
}

/* ---- splits and cards ------------------------------------------------------------------------------- */

void ui_split_begin(struct ui *ui, double trailing_u)
{
    struct column outer = *private_column(ui);
    struct split *split = &ui->split;
    int room = outer.width - ui_px(ui, GUTTER_U), trailing = ui_px(ui, trailing_u);

    assert(!split->is_open);
    *split = (struct split){.is_open = true, .outer = outer, .lowest = outer.y};
    split->is_side_by_side = ui_is_wide(ui);
    split->trailing = !split->is_side_by_side ? outer.width : trailing < room / 2 ? trailing : room / 2;
    split->leading = split->is_side_by_side ? room - split->trailing : outer.width;
    private_push(ui, (struct column){outer.x, outer.y, split->leading});
}

void ui_split_next(struct ui *ui)
{
    struct split *split = &ui->split;
    struct column done = private_pop(ui);
    int gutter = ui_px(ui, GUTTER_U);

    assert(split->is_open);
    split->lowest = done.y;
    if (split->is_side_by_side)
        private_push(
            ui, (struct column){split->outer.x + split->leading + gutter, split->outer.y, split->trailing});
    else
        private_push(ui, (struct column){split->outer.x, done.y > split->outer.y ? done.y + gutter : done.y,
                             split->trailing});
}

void ui_split_end(struct ui *ui)
{
    struct column done = private_pop(ui);

    private_column(ui)->y = done.y > ui->split.lowest ? done.y : ui->split.lowest;
    ui->split.is_open = false;
}

/* In a narrow window a card spends less on its edges. */
static int card_edge(const struct ui *ui)
{
    return ui_px(ui, ui_width_u(ui) < NARROW_U ? 20 : 36);
}

void ui_card_begin(struct ui *ui)
{
    struct column outer = *private_column(ui);
    int edge = card_edge(ui);

    ui->card = (struct card){.mark = private_mark(ui), .outer = outer, .top = outer.y};
    display_box(ui->list, (struct rect){outer.x, outer.y, outer.width, 0}, ui_px(ui, 8),
        private_color(ui, ROLE_SURFACE), private_line(ui, 1), private_color(ui, ROLE_LINE));
    private_push(ui, (struct column){outer.x + edge, outer.y + edge - ui_px(ui, 4), outer.width - 2 * edge});
}

void ui_card_end(struct ui *ui)
{
    struct column content = private_pop(ui);
    struct display_command *sheet = display_at(ui->list, ui->card.mark.display);
    int bottom = content.y + card_edge(ui) - ui_px(ui, 4);

    if (sheet != NULL)
        sheet->rect.height = bottom - ui->card.top;
    private_column(ui)->y = bottom;
}
