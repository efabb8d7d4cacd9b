#include "provisioning/authoring/markdown.h"

#include <md4c.h>
#include <stdlib.h>
#include <string.h>

#include "provisioning/authoring/listing.h"

enum { STYLE_DEPTH_MAX = 16 };

/* One walk over md4c's callbacks. */
struct walk {
    const char *text;
    size_t len;
    const char *path;
    unsigned first_line;
    struct arena *arena;
    struct mistakes *mistakes;
    size_t mistakes_before;

    struct marked *blocks; /* on the heap until the end */
    size_t count, capacity;
    bool out_of_memory;

    size_t list, lists, entry;
    unsigned list_depth;
    bool in_block, in_listing;
    const char *at;          /* where md4c is, as far as its pointers tell, */
    unsigned line;           /* and in which line */
    const char *pending;     /* a mistake whose line the next text tells, or NULL */
    unsigned block_line;     /* of the block's first text; 0 before it came */
    const char *language;    /* of the listing */
    const char *fence_fault; /* what is wrong with its first line, or NULL */
    struct buffer piece;     /* text of one style, or of the listing */
    struct inline_run runs[BLOCK_RUNS_MAX];
    size_t run_count;
    enum inline_style styles[STYLE_DEPTH_MAX];
    size_t style_depth;
};

/* --- where we are --------------------------------------------------------------------------------------- */

/* md4c hands out pointers into the text it was given, in order, or to texts of its own. */
static bool see_position(struct walk *walk, const char *at)
{
    if (at < walk->text || at >= walk->text + walk->len)
        return false;
    for (; walk->at < at; walk->at++)
        walk->line += *walk->at == '\n';
    return true;
}

static void note(struct walk *walk, const char *reason)
{
    mistakes_add(walk->mistakes, walk->path, walk->line, "%s", reason);
}

static void note_pending(struct walk *walk)
{
    if (walk->pending != NULL)
        note(walk, walk->pending);
    walk->pending = NULL;
}

/* --- inside a block ------------------------------------------------------------------------------------- */

static enum inline_style style_now(const struct walk *walk)
{
    return walk->style_depth == 0 ? INLINE_TEXT : walk->styles[walk->style_depth - 1];
}

static void end_run(struct walk *walk)
{
    if (walk->piece.len == 0)
        return;
    if (walk->run_count == BLOCK_RUNS_MAX) {
        note(walk, "a paragraph has too many pieces");
    } else {
        walk->runs[walk->run_count].style = style_now(walk);
        walk->runs[walk->run_count++].text =
            arena_text(walk->arena, buffer_text(&walk->piece), walk->piece.len);
    }
    buffer_clear(&walk->piece);
}

static struct marked *new_block(struct walk *walk)
{
    const size_t capacity = walk->capacity == 0 ? 16 : 2 * walk->capacity;
    struct marked *blocks = walk->blocks;

    if (walk->count == walk->capacity) {
        blocks = reallocarray(walk->blocks, capacity, sizeof *blocks);
        if (blocks == NULL) {
            walk->out_of_memory = true;
            return NULL;
        }
        walk->blocks = blocks;
        walk->capacity = capacity;
    }
    blocks[walk->count] = (struct marked){.line = walk->block_line == 0 ? walk->line : walk->block_line,
        .list = walk->list_depth > 0 ? walk->list : 0,
        .entry = walk->list_depth > 0 ? walk->entry : 0};
    return &blocks[walk->count++];
}

static void begin_block(struct walk *walk)
{
    walk->in_block = true;
    walk->block_line = 0;
    walk->run_count = walk->style_depth = 0;
    buffer_clear(&walk->piece);
}

static void end_paragraph(struct walk *walk)
{
    struct inline_run *runs;
    struct marked *marked;

    if (!walk->in_block)
        return;
    walk->in_block = false;
    end_run(walk);
    if (walk->run_count == 0)
        return;
    runs = arena_array(walk->arena, walk->run_count, sizeof *runs);
    marked = new_block(walk);
    if (runs == NULL || marked == NULL)
        return;
    memcpy(runs, walk->runs, walk->run_count * sizeof *runs);
    marked->block = (struct block){.kind = BLOCK_PARAGRAPH, .runs = runs, .run_count = walk->run_count};
}

/* --- listings ------------------------------------------------------------------------------------------- */

static bool is_known_language(const char *language)
{
    return strcmp(language, "python") == 0 || strcmp(language, "text") == 0;
}

static size_t columns_of(const char *line, size_t len)
{
    size_t columns = 0;

    for (size_t i = 0; i < len; i++)
        columns += ((unsigned char)line[i] & 0xc0) != 0x80;
    return columns;
}

static void check_listing_line(struct walk *walk, const char *line, size_t len)
{
    if (columns_of(line, len) > LISTING_COLUMNS_MAX)
        mistakes_add(walk->mistakes, walk->path, walk->line,
            "a line of a listing has %zu characters, at most %d fit", columns_of(line, len),
            LISTING_COLUMNS_MAX);
}

/* The listing's lines stand one below the other, so counting from the first one is right. */
static void check_listing(struct walk *walk)
{
    const char *at = buffer_text(&walk->piece);
    size_t lines = 0;

    for (walk->line = walk->block_line; *at != '\0'; walk->line++, lines++) {
        const size_t len = strcspn(at, "\n");
        check_listing_line(walk, at, len);
        at += len + (at[len] == '\n');
    }
    walk->line = walk->block_line;
    if (lines > LISTING_LINES_MAX)
        mistakes_add(walk->mistakes, walk->path, walk->line, "a listing has %zu lines, at most %d fit", lines,
            LISTING_LINES_MAX);
    if (lines == 0)
        note(walk, "a listing is empty");
}

static void end_listing(struct walk *walk)
{
    const unsigned line_now = walk->line;
    struct marked *marked;

    walk->in_block = walk->in_listing = false;
    if (walk->block_line == 0)
        walk->block_line = walk->line;
    if (walk->fence_fault != NULL)
        mistakes_add(walk->mistakes, walk->path, walk->block_line - 1, "%s", walk->fence_fault);
    check_listing(walk);
    walk->line = line_now;
    marked = new_block(walk);
    if (marked != NULL &&
        !listing_make(walk->language, buffer_text(&walk->piece), walk->arena, &marked->block))
        walk->out_of_memory = true;
    if (walk->list_depth > 0)
        begin_block(walk); /* a tight entry's text may go on */
}

static void begin_listing(struct walk *walk, const MD_BLOCK_CODE_DETAIL *detail)
{
    begin_block(walk);
    walk->in_listing = true;
    walk->fence_fault = NULL;
    walk->language = arena_text(walk->arena, detail->lang.text, detail->lang.size);
    if (detail->fence_char == '\0')
        walk->fence_fault = "a listing stands between fences (```); indented text is none";
    else if (detail->lang.size == 0)
        walk->fence_fault = "a listing without its language: ```python or ```text";
    else if (walk->language == NULL || !is_known_language(walk->language))
        walk->fence_fault = "a listing's language is python or text";
    if (walk->fence_fault != NULL)
        walk->language = "text";
}

/* --- md4c's callbacks: each returns 0 to go on ---------------------------------------------------------- */

static void begin_list(struct walk *walk, bool is_numbered)
{
    end_paragraph(walk); /* a tight entry's text before a list inside it */
    if (walk->list_depth++ > 0) {
        walk->pending = "a list inside a list";
        return;
    }
    if (is_numbered)
        walk->pending = "a numbered list; only lists with - are known";
    walk->list = ++walk->lists;
    walk->entry = 0;
}

/* A ruler has no text that tells where it is: it is the next line of nothing but - * or _. */
static void see_ruler(struct walk *walk)
{
    const char *const end = walk->text + walk->len;
    const char *line = walk->at;

    walk->block_line = 0;
    for (const char *at = line; at < end; at++) {
        if (*at == '\n') {
            if (at - line >= 3)
                break;
            line = at + 1;
        } else if (strchr("-*_ ", *at) == NULL || *at == '\0') {
            while (at + 1 < end && at[1] != '\n')
                at++; /* not this line */
            line = at + 1 < end ? at + 2 : end;
        }
    }
    (void)see_position(walk, line); /* past the end it tells nothing, and the line before is near enough */
}

static int enter_block(MD_BLOCKTYPE type, void *detail, void *userdata)
{
    struct walk *walk = userdata;

    switch (type) {
    case MD_BLOCK_UL: begin_list(walk, false); break;
    case MD_BLOCK_OL: begin_list(walk, true); break;
    case MD_BLOCK_LI:
        walk->entry++;
        begin_block(walk); /* a tight entry's text comes without a paragraph */
        break;
    case MD_BLOCK_P: begin_block(walk); break;
    case MD_BLOCK_CODE:
        end_paragraph(walk);
        begin_listing(walk, detail);
        break;
    case MD_BLOCK_DOC: break;
    case MD_BLOCK_H:
    case MD_BLOCK_QUOTE:
    case MD_BLOCK_TABLE: begin_block(walk); break;
    case MD_BLOCK_HR: see_ruler(walk); break;
    case MD_BLOCK_HTML:
        begin_block(walk);
        walk->in_block = false; /* its text is no inline HTML */
        break;
    case MD_BLOCK_THEAD:
    case MD_BLOCK_TBODY:
    case MD_BLOCK_TR:
    case MD_BLOCK_TH:
    case MD_BLOCK_TD: break;
    }
    return walk->out_of_memory;
}

/* A block that is not known is noted when it ends: then its line has been seen. */
static int leave_unknown(struct walk *walk, const char *what)
{
    if (walk->block_line != 0)
        walk->line = walk->block_line;
    note(walk, what);
    walk->in_block = false;
    return 0;
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *userdata)
{
    struct walk *walk = userdata;

    (void)detail; /* md4c's interface */
    switch (type) {
    case MD_BLOCK_UL:
    case MD_BLOCK_OL:
        note_pending(walk);
        walk->list_depth--;
        break;
    case MD_BLOCK_LI:
    case MD_BLOCK_P: end_paragraph(walk); break;
    case MD_BLOCK_CODE: end_listing(walk); break;
    case MD_BLOCK_H: return leave_unknown(walk, "headings are not known here");
    case MD_BLOCK_QUOTE: return leave_unknown(walk, "quotes are not known here");
    case MD_BLOCK_HR: return leave_unknown(walk, "rulers are not known here");
    case MD_BLOCK_HTML: return leave_unknown(walk, "HTML is not known here; code stands between backquotes");
    case MD_BLOCK_TABLE: return leave_unknown(walk, "tables are not known here");
    case MD_BLOCK_DOC:
    case MD_BLOCK_THEAD:
    case MD_BLOCK_TBODY:
    case MD_BLOCK_TR:
    case MD_BLOCK_TH:
    case MD_BLOCK_TD: break;
    }
    return walk->out_of_memory;
}

static int enter_span(MD_SPANTYPE type, void *detail, void *userdata)
{
    struct walk *walk = userdata;
    enum inline_style style = INLINE_TEXT;

    (void)detail; /* md4c's interface */
    switch (type) {
    case MD_SPAN_EM: style = INLINE_EMPHASIS; break;
    case MD_SPAN_STRONG: style = INLINE_STRONG; break;
    case MD_SPAN_CODE: style = INLINE_CODE; break;
    case MD_SPAN_A: walk->pending = "links are not known here"; break;
    case MD_SPAN_IMG: walk->pending = "pictures are not known here"; break;
    case MD_SPAN_DEL:
    case MD_SPAN_LATEXMATH:
    case MD_SPAN_LATEXMATH_DISPLAY:
    case MD_SPAN_WIKILINK:
    case MD_SPAN_U: break; /* extensions that are off */
    }
    end_run(walk);
    if (walk->style_depth == STYLE_DEPTH_MAX)
        return 1;
    walk->styles[walk->style_depth++] = style;
    return 0;
}

static int leave_span(MD_SPANTYPE type, void *detail, void *userdata)
{
    struct walk *walk = userdata;

    (void)type; /* md4c's interface */
    (void)detail;
    note_pending(walk);
    end_run(walk);
    walk->style_depth--;
    return 0;
}

static void add_entity(struct walk *walk, const char *text, size_t len)
{
    static const char *const entities[][2] = {{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}};

    for (size_t i = 0; i < sizeof entities / sizeof entities[0]; i++)
        if (strlen(entities[i][0]) == len && memcmp(entities[i][0], text, len) == 0) {
            buffer_add_text(&walk->piece, entities[i][1]);
            return;
        }
    mistakes_add(walk->mistakes, walk->path, walk->line, "%.*s: write the character itself", (int)len, text);
}

/* Empty lines at the top of a listing come from a text of md4c's own. */
static unsigned lines_in(const struct walk *walk)
{
    unsigned lines = 0;

    for (const char *at = buffer_text(&walk->piece); *at != '\0'; at++)
        lines += *at == '\n';
    return lines;
}

static int text_callback(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE len, void *userdata)
{
    struct walk *walk = userdata;

    if (see_position(walk, text)) {
        if (walk->block_line == 0)
            walk->block_line = walk->line - lines_in(walk);
        note_pending(walk);
    }
    switch (type) {
    case MD_TEXT_NORMAL:
    case MD_TEXT_CODE: buffer_add(&walk->piece, text, len); break;
    case MD_TEXT_SOFTBR: buffer_add(&walk->piece, " ", 1); break;
    case MD_TEXT_BR: note(walk, "a line break inside a paragraph; begin a new paragraph"); break;
    case MD_TEXT_ENTITY: add_entity(walk, text, len); break;
    case MD_TEXT_NULLCHAR: note(walk, "a NUL"); break;
    case MD_TEXT_HTML:
        if (walk->in_block && !walk->in_listing)
            note(walk, "HTML is not known here; code stands between backquotes");
        break;
    case MD_TEXT_LATEXMATH: break; /* an extension that is off */
    }
    return walk->piece.failed;
}

/* --- the whole ------------------------------------------------------------------------------------------ */

/* md4c turns tabs into blanks, so they are looked for before. */
static void check_characters(struct walk *walk)
{
    for (size_t i = 0; i < walk->len; i++) {
        const unsigned char c = (unsigned char)walk->text[i];
        if (c >= 0x20 || c == '\n')
            continue;
        (void)see_position(walk, walk->text + i); /* it is inside */
        note(walk, c == '\t' ? "a tab; indent with spaces" : "a control character");
    }
    walk->at = walk->text;
    walk->line = walk->first_line;
}

static bool take_blocks(struct walk *walk, struct markdown *markdown)
{
    struct marked *items = arena_array(walk->arena, walk->count, sizeof *items);

    if (items == NULL)
        return mistakes_add(walk->mistakes, walk->path, walk->first_line, "out of memory");
    if (walk->count > 0)
        memcpy(items, walk->blocks, walk->count * sizeof *items);
    markdown->items = items;
    markdown->count = walk->count;
    markdown->lists = walk->lists;
    markdown->last_line = walk->count == 0 ? walk->first_line : items[walk->count - 1].line;
    return walk->mistakes->count == walk->mistakes_before;
}

bool markdown_parse(const char *text, size_t len, const char *path, unsigned first_line, struct arena *arena,
    struct mistakes *mistakes, struct markdown *markdown)
{
    static const MD_PARSER parser = {.flags = MD_FLAG_TABLES,
        .enter_block = enter_block,
        .leave_block = leave_block,
        .enter_span = enter_span,
        .leave_span = leave_span,
        .text = text_callback};
    struct walk *walk = calloc(1, sizeof *walk);
    bool ok = false;

    if (walk == NULL)
        return mistakes_add(mistakes, path, first_line, "out of memory");
    *walk = (struct walk){.text = text,
        .len = len,
        .path = path,
        .first_line = first_line,
        .arena = arena,
        .mistakes = mistakes,
        .mistakes_before = mistakes->count,
        .at = text,
        .line = first_line,
        .piece = {.max = BLOCK_TEXT_MAX_BYTES}};
    check_characters(walk);
    if (md_parse(text, (MD_SIZE)len, &parser, walk) != 0)
        mistakes_add(mistakes, path, walk->line, "too much text, or nested too deep");
    else
        ok = take_blocks(walk, markdown);
    buffer_release(&walk->piece);
    free(walk->blocks);
    free(walk);
    return ok;
}

bool markdown_blocks(const struct marked *items, size_t count, const char *path, struct arena *arena,
    struct mistakes *mistakes, struct blocks *blocks)
{
    struct block *copies = arena_array(arena, count, sizeof *copies);
    bool ok = true;

    if (copies == NULL)
        return mistakes_add(mistakes, path, 1, "out of memory");
    for (size_t i = 0; i < count; i++) {
        copies[i] = items[i].block;
        if (items[i].list == 0)
            continue;
        if (copies[i].kind == BLOCK_LISTING)
            ok = mistakes_add(mistakes, path, items[i].line, "a listing inside a list");
        else if (i > 0 && items[i - 1].list == items[i].list && items[i - 1].entry == items[i].entry)
            ok = mistakes_add(mistakes, path, items[i].line, "a second paragraph in an entry of a list");
        copies[i].kind = BLOCK_LIST_ITEM;
    }
    *blocks = (struct blocks){copies, count};
    return ok;
}
