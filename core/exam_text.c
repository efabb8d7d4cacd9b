#include "core/exam_text.h"

#include <string.h>

#include "core/identifier.h"

static const char *const kind_names[BLOCK_KINDS] = {
    [BLOCK_PARAGRAPH] = "paragraph",
    [BLOCK_LIST_ITEM] = "list-item",
    [BLOCK_LISTING] = "listing",
    [BLOCK_INTERACTION] = "interaction",
};
static const char *const style_names[INLINE_STYLES] = {
    [INLINE_TEXT] = "text",
    [INLINE_EMPHASIS] = "emphasis",
    [INLINE_STRONG] = "strong",
    [INLINE_CODE] = "code",
};
static const char *const token_names[TOKENS] = {
    [TOKEN_PLAIN] = "plain",
    [TOKEN_KEYWORD] = "keyword",
    [TOKEN_STRING] = "string",
    [TOKEN_NUMBER] = "number",
    [TOKEN_COMMENT] = "comment",
    [TOKEN_NAME] = "name",
    [TOKEN_OPERATOR] = "operator",
};

/* --- reading -------------------------------------------------------------------------------------------- */

/* What is shown has no control characters: where a line ends is said by blocks and lines. */
static bool has_control(const char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            return true;
    return false;
}

/* A pair ["name", "text"]: the index of the name in names, and a copy of the text. */
static bool decode_pair(const struct json *pair, const char *const *names, size_t name_count,
    struct json_reader *reader, struct arena *arena, size_t *index, const char **text)
{
    const char *name = json_text_value(json_at(pair, 0));
    const char *value = json_text_value(json_at(pair, 1));

    if (json_count(pair) != 2 || name == NULL || value == NULL)
        return json_fail(reader, "a piece of text is not a pair of two texts");
    for (*index = 0; *index < name_count && strcmp(names[*index], name) != 0; (*index)++)
        ;
    if (*index == name_count)
        return json_fail(reader, "a piece of text is of a kind that is not known");
    if (value[0] == '\0' || strlen(value) > BLOCK_TEXT_MAX_BYTES || has_control(value))
        return json_fail(reader, "a piece of text is empty, too long or has control characters");
    *text = arena_text(arena, value, strlen(value));
    return true; /* decode_block looks at the arena once */
}

static void decode_runs(struct json_reader *reader, struct arena *arena, struct block *block)
{
    const struct json *array = json_get_array(reader, "text", BLOCK_RUNS_MAX);
    const size_t count = json_count(array);
    struct inline_run *runs = arena_array(arena, count, sizeof *runs);
    size_t style;

    if (runs == NULL)
        return;
    for (size_t i = 0; i < count; i++) {
        if (!decode_pair(json_at(array, i), style_names, INLINE_STYLES, reader, arena, &style, &runs[i].text))
            return;
        runs[i].style = (enum inline_style)style;
    }
    block->runs = runs;
    block->run_count = count;
}

static bool decode_line(
    const struct json *array, struct json_reader *reader, struct arena *arena, struct code_line *line)
{
    const size_t count = json_count(array);
    struct span *spans = arena_array(arena, count, sizeof *spans);
    size_t token;

    if (!json_is_list(array) || count > BLOCK_RUNS_MAX)
        return json_fail(reader, "a line of a listing is not a list of at most %u pieces", BLOCK_RUNS_MAX);
    if (spans == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!decode_pair(json_at(array, i), token_names, TOKENS, reader, arena, &token, &spans[i].text))
            return false;
        spans[i].token = (enum token)token;
    }
    line->spans = spans;
    line->count = count;
    return true;
}

static void decode_listing(struct json_reader *reader, struct arena *arena, struct block *block)
{
    const struct json *array = json_get_array(reader, "lines", BLOCK_LINES_MAX);
    const size_t count = json_count(array);
    struct code_line *lines = arena_array(arena, count, sizeof *lines);

    block->language = json_get_string(reader, "language", arena, IDENTIFIER_SIZE - 1);
    if (block->language == NULL || lines == NULL)
        return;
    if (!identifier_valid(block->language))
        json_fail(reader, "the language of a listing is not an identifier");
    for (size_t i = 0; i < count; i++)
        if (!decode_line(json_at(array, i), reader, arena, &lines[i]))
            return;
    block->lines = lines;
    block->line_count = count;
}

static bool decode_block(const struct json *value, const char *what, size_t interactions, struct arena *arena,
    struct block *block, struct error *err)
{
    struct json_reader reader = json_reader(value, what, err);

    block->kind = (enum block_kind)json_get_enum(&reader, "kind", kind_names, BLOCK_KINDS);
    switch (block->kind) {
    case BLOCK_PARAGRAPH:
    case BLOCK_LIST_ITEM: decode_runs(&reader, arena, block); break;
    case BLOCK_LISTING: decode_listing(&reader, arena, block); break;
    case BLOCK_INTERACTION:
        if (interactions == 0)
            return json_fail(&reader, "an interaction stands where none can be");
        block->interaction = (size_t)json_get_int(&reader, "interaction", 0, (int64_t)interactions - 1);
        break;
    case BLOCK_KINDS: break;
    }
    return json_done(&reader) && (!arena->failed || error_set(err, ERROR_NOMEM, "out of memory"));
}

static bool interactions_placed_once(
    const struct block *blocks, size_t count, const char *what, size_t interactions, struct error *err)
{
    bool is_placed[INTERACTIONS_MAX] = {false};
    size_t placed = 0;

    for (size_t i = 0; i < count; i++) {
        if (blocks[i].kind != BLOCK_INTERACTION)
            continue;
        if (is_placed[blocks[i].interaction])
            return error_set(err, ERROR_FORMAT, "%s: an interaction is placed twice", what);
        is_placed[blocks[i].interaction] = true;
        placed++;
    }
    return placed == interactions || error_set(err, ERROR_FORMAT, "%s: an interaction is not placed", what);
}

bool blocks_decode(const struct json *array, const char *what, size_t interactions, struct arena *arena,
    struct blocks *blocks, struct error *err)
{
    const size_t count = json_count(array);
    struct block *items = arena_array(arena, count, sizeof *items);

    if (!json_is_list(array) || count > BLOCKS_MAX || interactions > INTERACTIONS_MAX)
        return error_set(
            err, ERROR_FORMAT, "%s: its text is not a list of at most %u blocks", what, BLOCKS_MAX);
    if (items == NULL)
        return error_set(err, ERROR_NOMEM, "out of memory");
    for (size_t i = 0; i < count; i++)
        if (!decode_block(json_at(array, i), what, interactions, arena, &items[i], err))
            return false;
    if (!interactions_placed_once(items, count, what, interactions, err))
        return false;
    *blocks = (struct blocks){items, count};
    return true;
}

/* --- writing -------------------------------------------------------------------------------------------- */

static struct json *encode_pair(const char *name, const char *text)
{
    struct json *pair = json_new_array();

    json_add(pair, json_text(name));
    json_add(pair, json_text(text));
    return pair;
}

static struct json *encode_runs(const struct block *block)
{
    struct json *array = json_new_array();

    for (size_t i = 0; i < block->run_count; i++)
        json_add(array, encode_pair(style_names[block->runs[i].style], block->runs[i].text));
    return array;
}

static struct json *encode_lines(const struct block *block)
{
    struct json *array = json_new_array();

    for (size_t i = 0; i < block->line_count; i++) {
        struct json *line = json_new_array();
        for (size_t k = 0; k < block->lines[i].count; k++)
            json_add(line,
                encode_pair(token_names[block->lines[i].spans[k].token], block->lines[i].spans[k].text));
        json_add(array, line);
    }
    return array;
}

static struct json *encode_block(const struct block *block)
{
    struct json *object = json_new_object();

    json_set(object, "kind", json_text(kind_names[block->kind]));
    switch (block->kind) {
    case BLOCK_PARAGRAPH:
    case BLOCK_LIST_ITEM: json_set(object, "text", encode_runs(block)); break;
    case BLOCK_LISTING:
        json_set(object, "language", json_text(block->language));
        json_set(object, "lines", encode_lines(block));
        break;
    case BLOCK_INTERACTION: json_set(object, "interaction", json_int((int64_t)block->interaction)); break;
    case BLOCK_KINDS: break;
    }
    return object;
}

struct json *blocks_encode(const struct blocks *blocks)
{
    struct json *array = json_new_array();

    for (size_t i = 0; i < blocks->count; i++)
        json_add(array, encode_block(&blocks->items[i]));
    return array;
}
