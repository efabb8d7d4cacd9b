/* listing.c: lines of code on a grid of characters, with colours and numbers. Only lines in view are drawn.
 */
#include "kiosk/ui/ui_private.h"

#include "kiosk/ui/utf8.h"

#include <math.h>
#include <string.h>

#define TEXT_U 17
#define LINE_U 26
#define NUMBER_U 14
#define PAD_Y_U 16
#define PAD_X_U 18
#define BAR_U 24
#define TAB 4
#define MAX_LINES 100000

struct measure {
    size_t lines, columns;
};

struct sheet {
    struct ui *ui;
    const struct listing *listing;
    double cell;
    int pixels, line;
    int baseline; /* within a line */
    int pad;      /* above and below the lines */
    int border;
    int gutter; /* where the code begins */
};

static size_t line_end(const struct listing *listing, size_t start)
{
    const char *end = memchr(listing->text + start, '\n', listing->length - start);

    return end != NULL ? (size_t)(end - listing->text) : listing->length;
}

/* The column behind [start, end), which begins in `column`. */
static size_t column_after(const struct listing *listing, size_t start, size_t end, size_t column)
{
    while (start < end) {
        column = listing->text[start] == '\t' ? (column / TAB + 1) * TAB : column + 1;
        start += utf8_next(listing->text + start, end - start, NULL);
    }
    return column;
}

static struct measure measure(const struct listing *listing)
{
    struct measure found = {0};
    size_t start = 0;

    do {
        size_t end = line_end(listing, start);
        size_t columns = column_after(listing, start, end, 0);
        found.columns = columns > found.columns ? columns : found.columns;
        found.lines++;
        start = end + 1;
    } while (start < listing->length && found.lines < MAX_LINES);
    return found;
}

static struct sheet sheet_of(struct ui *ui, const struct listing *listing, size_t lines)
{
    struct sheet sheet = {.ui = ui, .listing = listing};
    int digits = snprintf(NULL, 0, "%zu", lines);

    sheet.pixels = ui_px(ui, TEXT_U);
    sheet.line = ui_px(ui, LINE_U);
    sheet.cell = fonts_cell(ui->fonts, FACE_CODE, sheet.pixels);
    sheet.baseline = font_baseline(sheet.line, sheet.pixels);
    if (!listing->is_bare) {
        sheet.gutter = ui_px(ui, PAD_X_U);
        sheet.pad = ui_px(ui, PAD_Y_U);
        sheet.border = private_line(ui, 1);
    }
    if (listing->has_numbers)
        sheet.gutter = ui_px(ui, 28) + (int)lround((digits > 2 ? digits : 2) * ui_px(ui, NUMBER_U) * 0.6);
    return sheet;
}

/* ---- one line --------------------------------------------------------------------------------------- */

/* The first span that ends behind `at`. */
static size_t span_from(const struct listing *listing, size_t at)
{
    size_t low = 0, high = listing->span_count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        if ((size_t)listing->spans[middle].start + listing->spans[middle].length > at)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

struct piece {
    size_t start, end, column;
    enum color_role role;
};

/* What can be drawn at once: one colour, one face, no tab. */
static void draw_piece(const struct sheet *sheet, const struct piece *piece, int x, int y)
{
    const char *text = sheet->listing->text + piece->start;
    struct ui *ui = sheet->ui;
    bool is_comment = piece->role == ROLE_CODE_COMMENT;
    size_t length = piece->end - piece->start, column = piece->column;

    while (length > 0) {
        size_t count = length;
        enum font_face face =
            fonts_face_for(ui->fonts, is_comment ? FACE_CODE_EMPHASIS : FACE_CODE, text, &count);
        int at = x + (int)lround((double)column * sheet->cell);
        int width = (int)((double)(count + 3) * sheet->cell);
        struct rect rect = {at - sheet->pixels, y - sheet->pixels / 3, width + 2 * sheet->pixels,
            sheet->line + 2 * sheet->pixels / 3};
        display_text(ui->list, rect, face, sheet->pixels, at, y + sheet->baseline,
            private_color(ui, piece->role), text, count);
        column += utf8_count(text, count);
        text += count;
        length -= count;
    }
}

/* Where the piece that begins at `at` ends, and its colour. */
static struct piece next_piece(const struct listing *listing, size_t *span, size_t at, size_t end)
{
    struct piece piece = {.start = at, .end = end, .role = ROLE_INK};
    const char *tab;

    while (*span < listing->span_count &&
           (size_t)listing->spans[*span].start + listing->spans[*span].length <= at)
        ++*span;
    if (*span < listing->span_count) {
        const struct code_span *next = &listing->spans[*span];
        size_t stop = at < next->start ? next->start : (size_t)next->start + next->length;
        if (at >= next->start && next->role != ROLE_INHERIT)
            piece.role = next->role;
        piece.end = stop < end ? stop : end;
    }
    tab = memchr(listing->text + at, '\t', piece.end - at);
    if (tab != NULL && tab > listing->text + at)
        piece.end = (size_t)(tab - listing->text);
    else if (tab != NULL)
        piece.end = at + 1;
    return piece;
}

static void draw_line(const struct sheet *sheet, size_t start, size_t end, int x, int y)
{
    size_t span = span_from(sheet->listing, start), column = 0;

    while (start < end) {
        struct piece piece = next_piece(sheet->listing, &span, start, end);
        piece.column = column;
        if (sheet->listing->text[start] != '\t')
            draw_piece(sheet, &piece, x, y);
        column = column_after(sheet->listing, start, piece.end, column);
        start = piece.end;
    }
}

static void draw_number(const struct sheet *sheet, size_t number, int x, int y)
{
    struct ui *ui = sheet->ui;
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%zu", number), pixels = ui_px(ui, NUMBER_U);
    int end = x + sheet->gutter - ui_px(ui, 14);
    int start = end - (int)lround(length * fonts_cell(ui->fonts, FACE_CODE, pixels));
    struct rect rect = {x, y, sheet->gutter, sheet->line};

    display_text(ui->list, rect, FACE_CODE, pixels, start, y + sheet->baseline, private_color(ui, ROLE_MUTED),
        digits, (size_t)length);
}

/* ---- all of it -------------------------------------------------------------------------------------- */

/* view is what is seen of the code; numbers stand before it and only move up and down. */
static void draw_lines(const struct sheet *sheet, struct rect view, const struct state *state, bool is_number)
{
    const struct listing *listing = sheet->listing;
    int y = view.y + sheet->pad - state->scroll_y;
    size_t start = 0, number = 1;

    do {
        size_t end = line_end(listing, start);
        if (y + sheet->line > view.y && y < view.y + view.height) {
            if (is_number)
                draw_number(sheet, number, view.x - sheet->gutter, y);
            else
                draw_line(sheet, start, end, view.x - state->scroll_x, y);
        }
        y += sheet->line;
        start = end + 1;
        number++;
    } while (start < listing->length && number <= MAX_LINES);
}

static int most_height(const struct ui *ui, const struct listing *listing)
{
    if (listing->height_u > 0)
        return ui_px(ui, listing->height_u);
    if (listing->height_u < 0 && ui->body.is_open && ui->split.is_open && ui->split.is_side_by_side)
        return ui->body.view.height - 2 * ui_px(ui, 28);
    return 1 << 24;
}

/* Decides how high the listing is and what of it is seen. */
static struct rect fit(
    struct ui *ui, const struct listing *listing, const struct sheet *sheet, struct scroll *scroll)
{
    int line = sheet->border, width = private_room(ui), most = most_height(ui, listing);
    struct rect rect;
    int height, bar = 0;

    scroll->view.width = width - sheet->gutter - 2 * line;
    if (scroll->content_width > scroll->view.width)
        bar = ui_px(ui, BAR_U);
    height = scroll->content_height + bar + 2 * line;
    if (height > most) {
        height = most;
        scroll->content_width += ui_px(ui, BAR_U); /* the vertical bar covers the end of long lines */
        if (bar == 0 && scroll->content_width > scroll->view.width)
            bar = ui_px(ui, BAR_U);
    }
    rect = private_take(ui, height);
    scroll->view = (struct rect){
        rect.x + line + sheet->gutter, rect.y + line, scroll->view.width, height - bar - 2 * line};
    return rect;
}

static void draw_sheet(
    struct ui *ui, const struct sheet *sheet, struct rect rect, struct rect view, const struct state *state)
{
    struct rect numbers = {view.x - sheet->gutter, view.y, sheet->gutter, view.height};

    if (!sheet->listing->is_bare)
        display_box(ui->list, rect, ui_px(ui, 6), private_color(ui, ROLE_CODE_GROUND), sheet->border,
            private_color(ui, ROLE_LINE));
    if (sheet->listing->has_numbers) {
        display_clip_push(ui->list, numbers);
        draw_lines(sheet, view, state, true);
        display_clip_pop(ui->list);
    }
    display_clip_push(ui->list, view);
    draw_lines(sheet, view, state, false);
    display_clip_pop(ui->list);
}

static int code_width(const struct sheet *sheet, struct measure size)
{
    return (int)ceil((double)size.columns * sheet->cell) + sheet->pad;
}

double ui_listing_width_u(struct ui *ui, const struct listing *listing)
{
    struct measure size = measure(listing);
    struct sheet sheet = sheet_of(ui, listing, size.lines);

    /* A pixel more: the widths of the columns are rounded one by one. */
    return (code_width(&sheet, size) + sheet.gutter + 2 * sheet.border + 1) / ui->scale;
}

void ui_listing(struct ui *ui, ui_id id, const struct listing *listing)
{
    struct measure size = measure(listing);
    struct sheet sheet = sheet_of(ui, listing, size.lines);
    struct state *state = private_state(ui, id);
    struct scroll scroll = {.id = id,
        .content_width = code_width(&sheet, size),
        .content_height = (int)size.lines * sheet.line + 2 * sheet.pad,
        .takes_keys = ui->focus == id};
    struct rect rect = fit(ui, listing, &sheet, &scroll);
    bool is_scrolling =
        scroll.content_width > scroll.view.width || scroll.content_height > scroll.view.height;

    if (private_scroll(ui, &scroll, state))
        ui->again = true;
    if (is_scrolling)
        private_register(ui, id, rect, WIDGET_FOCUS | WIDGET_SCROLL, 0);
    draw_sheet(ui, &sheet, rect, scroll.view, state);
    private_scroll_bars(ui, &scroll, state);
    if (is_scrolling && private_shows_focus(ui, id))
        private_draw_focus(ui, rect, ui_px(ui, 6));
}
