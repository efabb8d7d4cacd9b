#include "core/exam_text.h"

#include <string.h>

#include "core/encoding.h"
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
/* In a line's tokens: one letter, then how many characters it goes on. */
static const char token_letters[TOKENS + 1] = {
    [TOKEN_PLAIN] = 'p',
    [TOKEN_KEYWORD] = 'k',
    [TOKEN_STRING] = 's',
    [TOKEN_NUMBER] = 'n',
    [TOKEN_COMMENT] = 'c',
    [TOKEN_NAME] = 'd',
    [TOKEN_OPERATOR] = 'o',
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

static bool is_piece(const char *text)
{
    return text != NULL && text[0] != '\0' && strlen(text) <= BLOCK_TEXT_MAX_BYTES && !has_control(text);
}

/* A pair ["style", "text"]. */
static bool decode_run(
    const struct json *pair, struct json_reader *reader, struct arena *arena, struct inline_run *run)
{
    const char *name = json_text_value(json_at(pair, 0)), *text = json_text_value(json_at(pair, 1));
    size_t style = 0;

    if (json_count(pair) != 2 || name == NULL || text == NULL)
        return json_fail(reader, "a piece of text is not a pair of two texts");
    while (style < INLINE_STYLES && strcmp(style_names[style], name) != 0)
        style++;
    if (style == INLINE_STYLES)
        return json_fail(reader, "a piece of text is of a style that is not known");
    if (!is_piece(text))
        return json_fail(reader, "a piece of text is empty, too long or has control characters");
    run->style = (enum inline_style)style;
    run->text = arena_text(arena, text, strlen(text));
    return true; /* decode_block looks at the arena once */
}

static void decode_runs(struct json_reader *reader, struct arena *arena, struct block *block)
{
    const struct json *array = json_get_array(reader, "text", BLOCK_RUNS_MAX);
    const size_t count = json_count(array);
    struct inline_run *runs = arena_array(arena, count, sizeof *runs);

    if (runs == NULL)
        return;
    for (size_t i = 0; i < count; i++)
        if (!decode_run(json_at(array, i), reader, arena, &runs[i]))
            return;
    block->runs = runs;
    block->run_count = count;
}

/* The bytes of so many characters; 0 where the text has fewer. It is UTF-8: the JSON was. */
static size_t bytes_of_characters(const char *text, size_t characters)
{
    size_t len = 0;

    for (; characters > 0 && text[len] != '\0'; characters--)
        do
            len++;
        while (((unsigned char)text[len] & 0xc0) == 0x80);
    return characters == 0 ? len : 0;
}

/* "k3": the token, and how long. What was read is cut off *tokens. */
static bool take_token(const char **tokens, enum token *token, size_t *characters)
{
    const char *letter = **tokens == '\0' ? NULL : strchr(token_letters, **tokens);
    char number[5];
    const size_t digits = strspn(*tokens + 1, "0123456789");
    int64_t value;

    if (letter == NULL || digits == 0 || digits >= sizeof number)
        return false;
    memcpy(number, *tokens + 1, digits);
    number[digits] = '\0';
    if (!number_parse(number, 1, BLOCK_TEXT_MAX_BYTES, &value))
        return false;
    *token = (enum token)(letter - token_letters);
    *characters = (size_t)value;
    *tokens += 1 + digits;
    return true;
}

/* Tokens cover the line exactly, and no two neighbours are alike: one line, one way to write it. */
static bool decode_spans(const char *text, const char *tokens, struct arena *arena, struct code_line *line)
{
    struct span *spans = arena_array(arena, strlen(tokens) / 2, sizeof *spans);
    size_t characters, len;

    if (spans == NULL)
        return true; /* decode_block looks at the arena once */
    line->spans = spans;
    for (; *tokens != '\0'; text += len) {
        struct span *span = &spans[line->count++];
        if (!take_token(&tokens, &span->token, &characters) ||
            (span > spans && span->token == span[-1].token))
            return false;
        len = bytes_of_characters(text, characters);
        if (len == 0)
            return false;
        span->text = arena_text(arena, text, len);
    }
    return *text == '\0';
}

static bool decode_line(const char *text, const char *tokens, struct json_reader *reader, struct arena *arena,
    struct code_line *line)
{
    if (text == NULL || tokens == NULL || (text[0] != '\0' && !is_piece(text)) ||
        strlen(tokens) > 2 * BLOCK_RUNS_MAX)
        return json_fail(reader, "a line of a listing is no text, too long or has control characters");
    return decode_spans(text, tokens, arena, line) ||
           json_fail(reader, "the tokens of a line of a listing do not fit it");
}

static void decode_listing(struct json_reader *reader, struct arena *arena, struct block *block)
{
    const struct json *texts = json_get_array(reader, "lines", BLOCK_LINES_MAX);
    const struct json *tokens = json_get_array(reader, "tokens", BLOCK_LINES_MAX);
    const size_t count = json_count(texts);
    struct code_line *lines = arena_array(arena, count, sizeof *lines);

    block->language = json_get_string(reader, "language", arena, IDENTIFIER_SIZE - 1);
    if (block->language == NULL || lines == NULL)
        return;
    if (!identifier_valid(block->language))
        json_fail(reader, "the language of a listing is not an identifier");
    if (json_count(tokens) != count)
        json_fail(reader, "a listing has not as many tokens as lines");
    for (size_t i = 0; i < count; i++)
        if (!decode_line(json_text_value(json_at(texts, i)), json_text_value(json_at(tokens, i)), reader,
                arena, &lines[i]))
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

static struct json *encode_runs(const struct block *block)
{
    struct json *array = json_new_array();

    for (size_t i = 0; i < block->run_count; i++) {
        struct json *pair = json_new_array();
        json_add(pair, json_text(style_names[block->runs[i].style]));
        json_add(pair, json_text(block->runs[i].text));
        json_add(array, pair);
    }
    return array;
}

static size_t characters_of(const char *text)
{
    size_t count = 0;

    for (; *text != '\0'; text++)
        count += ((unsigned char)*text & 0xc0) != 0x80;
    return count;
}

/* NULL, as no memory, makes the whole fail. */
static struct json *taken_text(struct buffer *text)
{
    struct json *value = text->failed ? NULL : json_text(buffer_text(text));

    buffer_release(text);
    return value;
}

static struct json *encode_line(const struct code_line *line)
{
    struct buffer text = {.max = BLOCK_TEXT_MAX_BYTES};

    for (size_t i = 0; i < line->count; i++)
        buffer_add_text(&text, line->spans[i].text);
    return taken_text(&text);
}

static struct json *encode_tokens(const struct code_line *line)
{
    struct buffer text = {.max = 2 * BLOCK_RUNS_MAX};

    for (size_t i = 0, next; i < line->count; i = next) {
        size_t characters = 0;
        for (next = i; next < line->count && line->spans[next].token == line->spans[i].token; next++)
            characters += characters_of(line->spans[next].text);
        buffer_addf(&text, "%c%zu", token_letters[line->spans[i].token], characters);
    }
    return taken_text(&text);
}

static void encode_listing(const struct block *block, struct json *object)
{
    struct json *lines = json_new_array(), *tokens = json_new_array();

    for (size_t i = 0; i < block->line_count; i++) {
        json_add(lines, encode_line(&block->lines[i]));
        json_add(tokens, encode_tokens(&block->lines[i]));
    }
    json_set(object, "language", json_text(block->language));
    json_set(object, "lines", lines);
    json_set(object, "tokens", tokens);
}

static struct json *encode_block(const struct block *block)
{
    struct json *object = json_new_object();

    json_set(object, "kind", json_text(kind_names[block->kind]));
    switch (block->kind) {
    case BLOCK_PARAGRAPH:
    case BLOCK_LIST_ITEM: json_set(object, "text", encode_runs(block)); break;
    case BLOCK_LISTING: encode_listing(block, object); break;
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
