#include "provisioning/authoring/listing.h"

#include <stdlib.h>
#include <string.h>

#include "provisioning/authoring/python.h"

static size_t count_lines(const char *text, size_t len)
{
    size_t count = len > 0 && text[len - 1] != '\n';

    for (size_t i = 0; i < len; i++)
        count += text[i] == '\n';
    return count;
}

/* Neighbours of one kind make one span. */
static size_t span_length(const enum token *tokens, size_t len)
{
    size_t i = 1;

    while (i < len && tokens[i] == tokens[0])
        i++;
    return i;
}

static bool make_line(
    const char *text, const enum token *tokens, size_t len, struct arena *arena, struct code_line *line)
{
    struct span *spans;
    size_t count = 0, at = 0;

    for (at = 0; at < len; at += span_length(tokens + at, len - at))
        count++;
    spans = arena_array(arena, count, sizeof *spans);
    if (spans == NULL)
        return false;
    line->spans = spans;
    line->count = count;
    for (at = 0; at < len; spans++) {
        const size_t span = span_length(tokens + at, len - at);
        spans->token = tokens[at];
        spans->text = arena_text(arena, text + at, span);
        at += span;
    }
    return !arena->failed;
}

static bool make_lines(
    const char *text, size_t len, const enum token *tokens, struct arena *arena, struct block *block)
{
    const size_t count = count_lines(text, len);
    struct code_line *lines = arena_array(arena, count, sizeof *lines);
    size_t at = 0;

    if (lines == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        const char *end = memchr(text + at, '\n', len - at);
        const size_t line_len = end == NULL ? len - at : (size_t)(end - text) - at;
        if (!make_line(text + at, tokens + at, line_len, arena, &lines[i]))
            return false;
        at += line_len + 1;
    }
    block->lines = lines;
    block->line_count = count;
    return true;
}

bool listing_make(const char *language, const char *text, struct arena *arena, struct block *block)
{
    const size_t len = strlen(text);
    enum token *tokens = calloc(len + 1, sizeof *tokens); /* all plain */
    bool ok = false;

    if (tokens == NULL)
        return false;
    if (strcmp(language, "python") == 0)
        python_tokens(text, len, tokens);
    block->kind = BLOCK_LISTING;
    block->language = arena_text(arena, language, strlen(language));
    ok = block->language != NULL && make_lines(text, len, tokens, arena, block);
    free(tokens);
    return ok;
}

bool listing_text(const struct block *block, struct buffer *text)
{
    for (size_t i = 0; i < block->line_count; i++) {
        for (size_t k = 0; k < block->lines[i].count; k++)
            buffer_add_text(text, block->lines[i].spans[k].text);
        buffer_add(text, "\n", 1);
    }
    return !text->failed;
}
