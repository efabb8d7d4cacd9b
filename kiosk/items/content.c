#include "kiosk/items/content.h"

#include <math.h>
#include <string.h>

static enum run_style style_of(enum inline_style style)
{
    static const enum run_style styles[INLINE_STYLES] = {
        [INLINE_TEXT] = RUN_TEXT,
        [INLINE_EMPHASIS] = RUN_EMPHASIS,
        [INLINE_STRONG] = RUN_STRONG,
        [INLINE_CODE] = RUN_CODE,
    };
    return styles[style];
}

static const struct run *runs_of(struct arena *frame, const struct block *block)
{
    struct run *runs = arena_array(frame, block->run_count, sizeof *runs);

    for (size_t i = 0; runs != NULL && i < block->run_count; i++)
        runs[i] = (struct run){.text = block->runs[i].text,
            .length = strlen(block->runs[i].text),
            .style = style_of(block->runs[i].style)};
    return runs;
}

static void draw_runs(struct ui *ui, struct arena *frame, const struct block *block, enum text_size size)
{
    const struct run *runs = runs_of(frame, block);

    if (runs != NULL)
        ui_runs(ui, size, ROLE_INK, runs, block->run_count);
}

static void draw_text_block(
    struct ui *ui, struct arena *frame, const struct block *block, enum text_size size)
{
    const struct run *runs;

    if (block->kind == BLOCK_PARAGRAPH) {
        draw_runs(ui, frame, block, size);
    } else if (block->kind == BLOCK_LIST_ITEM) {
        runs = runs_of(frame, block);
        if (runs != NULL)
            ui_list_item(ui, "•", runs, block->run_count);
    }
}

/* --- listings
 * --------------------------------------------------------------------------------------------------- */

static enum color_role role_of(enum token token)
{
    static const enum color_role roles[TOKENS] = {
        [TOKEN_PLAIN] = ROLE_INHERIT,
        [TOKEN_KEYWORD] = ROLE_CODE_KEYWORD,
        [TOKEN_STRING] = ROLE_CODE_STRING,
        [TOKEN_NUMBER] = ROLE_CODE_NUMBER,
        [TOKEN_COMMENT] = ROLE_CODE_COMMENT,
        [TOKEN_NAME] = ROLE_CODE_NAME,
        [TOKEN_OPERATOR] = ROLE_CODE_OPERATOR,
    };
    return roles[token];
}

static void measure(const struct block *block, size_t *length, size_t *spans)
{
    for (size_t i = 0; i < block->line_count; i++) {
        *length += 1;
        *spans += block->lines[i].count;
        for (size_t j = 0; j < block->lines[i].count; j++)
            *length += strlen(block->lines[i].spans[j].text);
    }
}

static void fill(const struct block *block, char *text, struct code_span *spans, struct listing *listing)
{
    for (size_t i = 0; i < block->line_count; i++) {
        if (i > 0)
            text[listing->length++] = '\n';
        for (size_t j = 0; j < block->lines[i].count; j++) {
            const struct span *span = &block->lines[i].spans[j];
            size_t length = strlen(span->text);

            memcpy(text + listing->length, span->text, length);
            if (role_of(span->token) != ROLE_INHERIT)
                spans[listing->span_count++] =
                    (struct code_span){(uint32_t)listing->length, (uint32_t)length, role_of(span->token)};
            listing->length += length;
        }
    }
}

static bool listing_of(struct arena *frame, const struct block *block, struct listing *listing)
{
    size_t length = 1, span_count = 0;
    char *text;
    struct code_span *spans;

    measure(block, &length, &span_count);
    text = arena_alloc(frame, length);
    spans = arena_array(frame, span_count, sizeof *spans);
    if (text == NULL || (span_count > 0 && spans == NULL))
        return false;
    *listing = (struct listing){.text = text, .spans = spans};
    fill(block, text, spans, listing);
    return true;
}

/* A line of a text has no number: nobody speaks of line 3 of what a program prints. */
static void draw_listing(
    struct ui *ui, struct arena *frame, const struct block *block, ui_id id, double height_u)
{
    struct listing listing;

    if (!listing_of(frame, block, &listing))
        return;
    listing.has_numbers = strcmp(block->language, "text") != 0;
    listing.height_u = height_u;
    ui_listing(ui, id, &listing);
    ui_space(ui, 12);
}

/* --- stems
 * ------------------------------------------------------------------------------------------------------ */

static bool is_text(const struct block *block)
{
    return block->kind == BLOCK_PARAGRAPH || block->kind == BLOCK_LIST_ITEM;
}

void content_stem(
    struct ui *ui, struct arena *frame, const struct blocks *blocks, unsigned parts, unsigned base)
{
    const double height_u = parts == CONTENT_LISTINGS && ui_is_wide(ui) ? LISTING_FIT : 0;
    bool is_first = true;

    for (size_t i = 0; i < blocks->count; i++) {
        const struct block *block = &blocks->items[i];
        if (block->kind == BLOCK_LISTING && (parts & CONTENT_LISTINGS)) {
            draw_listing(ui, frame, block, UI_ID(base, i), height_u);
        } else if (is_text(block) && (parts & CONTENT_TEXT)) {
            draw_text_block(ui, frame, block, is_first ? SIZE_HEADING : SIZE_TEXT);
            ui_space(ui, is_first ? 12 : 8);
            is_first = false;
        }
    }
}

bool content_is_interleaved(const struct blocks *blocks)
{
    bool has_listing = false, has_text_behind = false;

    for (size_t i = 0; i < blocks->count; i++) {
        if (blocks->items[i].kind == BLOCK_LISTING && has_text_behind)
            return true;
        has_listing = has_listing || blocks->items[i].kind == BLOCK_LISTING;
        has_text_behind = has_text_behind || (has_listing && is_text(&blocks->items[i]));
    }
    return false;
}

double content_listing_width_u(struct ui *ui, struct arena *frame, const struct blocks *blocks)
{
    struct listing listing;
    double widest_u = 0;

    for (size_t i = 0; i < blocks->count; i++) {
        if (blocks->items[i].kind != BLOCK_LISTING || !listing_of(frame, &blocks->items[i], &listing))
            continue;
        listing.has_numbers = true; /* the same room for all */
        widest_u = fmax(widest_u, ui_listing_width_u(ui, &listing));
    }
    return widest_u;
}

void content_all(struct ui *ui, struct arena *frame, const struct blocks *blocks, unsigned base)
{
    struct listing listing;

    for (size_t i = 0; i < blocks->count; i++) {
        if (i > 0)
            ui_space(ui, 8);
        if (blocks->items[i].kind != BLOCK_LISTING)
            draw_text_block(ui, frame, &blocks->items[i], SIZE_TEXT);
        else if (listing_of(frame, &blocks->items[i], &listing))
            ui_listing(ui, UI_ID(base, i), &listing);
    }
}
