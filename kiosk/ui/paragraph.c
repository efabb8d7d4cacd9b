/* paragraph.c: text → words → lines → pieces.
 *
 * A *word* is what must not be broken, with the spaces behind it; it can hold several styles ("`sqrt`?"). A
 * *piece* is a stretch of one line in one face: what is drawn at once. Words are measured one by one to find
 * the breaks; then each line is made of pieces and measured as it will be drawn, because letters of two
 * words may move together; a line that turned out too long gives its last word to the next. */
#include "kiosk/ui/paragraph.h"

#include "kiosk/ui/utf8.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct word {
    size_t start, end; /* bytes of the text */
    size_t inked;      /* where its trailing spaces begin */
    int width;         /* up to inked */
    int full;          /* with the spaces */
    bool ends_line;    /* a newline follows */
};

struct piece {
    size_t start, length;
    enum font_face face;
    int pixels;
    enum color_role role;
    int x, width;
    int line;
};

struct style {
    size_t end; /* the run's last byte + 1 in the text */
    enum run_style style;
    enum color_role role;
};

struct paragraph {
    struct fonts *fonts; /* while it is being made */
    struct paragraph_style set;
    char *text;
    size_t length;
    struct style *styles;
    size_t style_count;
    struct word *words;
    size_t word_count, word_capacity;
    struct piece *pieces;
    size_t piece_count, piece_capacity;
    int lines;
    int width;
    int line_height, baseline;
    int margin; /* how far ink may leave its pen's way */
    bool failed;
};

static const struct {
    double pixels, line;
    bool is_strong, is_code;
} sizes[TEXT_SIZES] = {
    [SIZE_TEXT] = {18, 28, false, false},
    [SIZE_HEADING] = {24, 32, true, false},
    [SIZE_LABEL] = {15, 22, false, false},
    [SIZE_NOTICE] = {16, 24, false, false},
    [SIZE_BUTTON] = {16, 24, true, false},
    [SIZE_TIME] = {20, 28, true, false},
    [SIZE_NUMBER] = {18, 28, true, false},
    [SIZE_FIELD] = {22, 32, false, true},
};

/* Noto Sans Mono has a larger x-height than Noto Sans: the same size beside it looks too big. */
#define CODE_PART (17.0 / 18.0)

int text_size_pixels(enum text_size size, double scale)
{
    int pixels = (int)lround(sizes[size].pixels * scale);

    return pixels < 6 ? 6 : pixels > 400 ? 400 : pixels;
}

int text_size_line(enum text_size size, double scale)
{
    return (int)lround(sizes[size].line * scale);
}

static enum font_face face_of(enum text_size size, enum run_style style)
{
    bool is_strong = sizes[size].is_strong;

    if (sizes[size].is_code)
        return style == RUN_STRONG ? FACE_CODE_STRONG : FACE_CODE;
    switch (style) {
    case RUN_STRONG: return FACE_STRONG;
    case RUN_EMPHASIS: return is_strong ? FACE_STRONG : FACE_EMPHASIS;
    case RUN_CODE: return is_strong ? FACE_CODE_STRONG : FACE_CODE;
    case RUN_TEXT: break;
    }
    return is_strong ? FACE_STRONG : FACE_TEXT;
}

static int pixels_of(const struct paragraph *paragraph, enum run_style style)
{
    double scale = paragraph->set.scale;

    if (style == RUN_CODE && !sizes[paragraph->set.size].is_code)
        scale *= CODE_PART;
    return text_size_pixels(paragraph->set.size, scale);
}

/* ---- taking the runs in ----------------------------------------------------------------------------- */

static bool copy_runs(struct paragraph *paragraph, const struct run *runs, size_t count)
{
    size_t length = 0;

    for (size_t i = 0; i < count; i++)
        length += runs[i].length > 0 ? runs[i].length : strlen(runs[i].text);
    if (length > PARAGRAPH_MAX_BYTES)
        return false;
    paragraph->text = malloc(length + 1);
    paragraph->styles = calloc(count > 0 ? count : 1, sizeof *paragraph->styles);
    if (paragraph->text == NULL || paragraph->styles == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        size_t bytes = runs[i].length > 0 ? runs[i].length : strlen(runs[i].text);
        memcpy(paragraph->text + paragraph->length, runs[i].text, bytes);
        paragraph->length += bytes;
        paragraph->styles[i] = (struct style){paragraph->length, runs[i].style, runs[i].role};
    }
    paragraph->style_count = count;
    return true;
}

static const struct style *style_at(const struct paragraph *paragraph, size_t at)
{
    size_t low = 0, high = paragraph->style_count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        if (paragraph->styles[middle].end > at)
            high = middle;
        else
            low = middle + 1;
    }
    return &paragraph->styles[low < paragraph->style_count ? low : paragraph->style_count - 1];
}

/* The longest stretch from `start` that one face can draw, at most to `end`. */
static struct piece next_piece(const struct paragraph *paragraph, size_t start, size_t end)
{
    const struct style *style = style_at(paragraph, start);
    struct piece piece = {.start = start, .role = style->role};

    piece.length = (style->end < end ? style->end : end) - start;
    piece.pixels = pixels_of(paragraph, style->style);
    piece.face = fonts_face_for(
        paragraph->fonts, face_of(paragraph->set.size, style->style), paragraph->text + start, &piece.length);
    piece.width =
        fonts_advance(paragraph->fonts, piece.face, piece.pixels, paragraph->text + start, piece.length);
    return piece;
}

static int measure(const struct paragraph *paragraph, size_t start, size_t end)
{
    int width = 0;

    while (start < end) {
        struct piece piece = next_piece(paragraph, start, end);
        width += piece.width;
        start += piece.length;
    }
    return width;
}

/* ---- words ------------------------------------------------------------------------------------------ */

static void *grown(void *items, size_t *capacity, size_t count, size_t size)
{
    size_t wanted = *capacity == 0 ? 16 : *capacity * 2;
    void *more;

    if (count < *capacity)
        return items;
    more = realloc(items, wanted * size);
    if (more != NULL)
        *capacity = wanted;
    return more;
}

static void add_word(struct paragraph *paragraph, struct word word)
{
    struct word *words =
        grown(paragraph->words, &paragraph->word_capacity, paragraph->word_count, sizeof *words);

    if (words == NULL) {
        paragraph->failed = true;
        return;
    }
    paragraph->words = words;
    word.width = measure(paragraph, word.start, word.inked);
    word.full = word.width + measure(paragraph, word.inked, word.end);
    words[paragraph->word_count++] = word;
}

/* A line may break behind these when a letter follows: "end-of-file", "and/or"; not before a digit: "-2". */
static bool breaks_behind(const char *text, size_t length, size_t at)
{
    unsigned char last = (unsigned char)text[at - 1], next = at < length ? (unsigned char)text[at] : ' ';
    bool is_letter = (next | 0x20) >= 'a' && (next | 0x20) <= 'z';

    if (at >= 3 && memcmp(text + at - 3, "\u2014", 3) == 0)
        return true;
    return (last == '-' || last == '/') && is_letter && at >= 2 && text[at - 2] != ' ' &&
           text[at - 2] != last;
}

static struct word next_word(const struct paragraph *paragraph, size_t start)
{
    const char *text = paragraph->text;
    size_t length = paragraph->length, at = start;
    bool in_code = start < length && style_at(paragraph, start)->style == RUN_CODE;
    struct word word = {.start = start};

    while (at < length && text[at] != ' ' && text[at] != '\n') {
        at++;
        if (!in_code && at > start && breaks_behind(text, length, at))
            break;
    }
    word.inked = at;
    while (at < length && text[at] == ' ')
        at++;
    word.end = at;
    word.ends_line = at < length && text[at] == '\n';
    return word;
}

static void find_words(struct paragraph *paragraph)
{
    size_t at = 0;

    while (at < paragraph->length && !paragraph->failed) {
        struct word word = next_word(paragraph, at);
        add_word(paragraph, word);
        at = word.end + (word.ends_line ? 1 : 0);
    }
}

/* ---- lines ------------------------------------------------------------------------------------------ */

static void add_piece(struct paragraph *paragraph, const struct piece *piece)
{
    struct piece *pieces =
        grown(paragraph->pieces, &paragraph->piece_capacity, paragraph->piece_count, sizeof *pieces);

    if (pieces == NULL) {
        paragraph->failed = true;
        return;
    }
    paragraph->pieces = pieces;
    pieces[paragraph->piece_count++] = *piece;
}

/* Sets bytes [start, end) as one line and returns its width. */
static int set_line(struct paragraph *paragraph, size_t start, size_t end)
{
    int x = 0;

    while (start < end && !paragraph->failed) {
        struct piece piece = next_piece(paragraph, start, end);
        piece.x = x;
        piece.line = paragraph->lines;
        add_piece(paragraph, &piece);
        x += piece.width;
        start += piece.length;
    }
    return x;
}

static void end_line(struct paragraph *paragraph, size_t first_piece, int width)
{
    int room = paragraph->set.width - width, shift = 0;

    if (paragraph->set.align != ALIGN_LEADING && paragraph->set.width > 0 && room > 0)
        shift = paragraph->set.align == ALIGN_MIDDLE ? room / 2 : room;
    for (size_t i = first_piece; i < paragraph->piece_count; i++)
        paragraph->pieces[i].x += shift;
    if (width > paragraph->width)
        paragraph->width = width;
    paragraph->lines++;
}

/* How many words from `first` on fit by the sum of their widths; at least one. */
static size_t fitting(const struct paragraph *paragraph, size_t first)
{
    int x = 0;
    size_t i = first;

    for (; i < paragraph->word_count; i++) {
        const struct word *word = &paragraph->words[i];
        if (i > first && paragraph->set.width > 0 && x + word->width > paragraph->set.width)
            break;
        x += word->full;
        if (word->ends_line)
            return i + 1 - first;
    }
    return i - first;
}

/* Cuts a word that is wider than the line after as many characters as fit, at least one. */
static size_t cut_word(const struct paragraph *paragraph, const struct word *word)
{
    const char *text = paragraph->text;
    size_t low = word->start + utf8_next(text + word->start, word->inked - word->start, NULL);
    size_t high = word->inked;

    while (low < high) { /* low fits or is the first character; high is the end or does not fit */
        size_t middle = low + (high - low + 1) / 2;
        while (middle < high && ((unsigned char)text[middle] & 0xc0) == 0x80)
            middle++;
        if (measure(paragraph, word->start, middle) <= paragraph->set.width) {
            low = middle;
        } else {
            high = middle - 1;
            while (high > low && ((unsigned char)text[high] & 0xc0) == 0x80)
                high--;
        }
    }
    return low;
}

static void set_long_word(struct paragraph *paragraph, struct word *word)
{
    size_t first_piece = paragraph->piece_count;
    size_t cut = cut_word(paragraph, word);
    int spaces = word->full - word->width;

    end_line(paragraph, first_piece, set_line(paragraph, word->start, cut));
    word->start = cut;
    word->width = measure(paragraph, cut, word->inked);
    word->full = word->width + spaces;
}

static size_t set_words(struct paragraph *paragraph, size_t first)
{
    size_t count = fitting(paragraph, first), first_piece = paragraph->piece_count;
    int width;

    for (;;) {
        const struct word *last = &paragraph->words[first + count - 1];
        width = set_line(paragraph, paragraph->words[first].start, last->inked);
        if (count == 1 || paragraph->set.width == 0 || width <= paragraph->set.width)
            break;
        paragraph->piece_count = first_piece;
        count--;
    }
    end_line(paragraph, first_piece, width);
    return first + count;
}

static void break_lines(struct paragraph *paragraph)
{
    size_t next = 0;

    while (next < paragraph->word_count && !paragraph->failed) {
        struct word *word = &paragraph->words[next];
        if (paragraph->set.width > 0 && word->width > paragraph->set.width &&
            utf8_count(paragraph->text + word->start, word->inked - word->start) > 1)
            set_long_word(paragraph, word);
        else
            next = set_words(paragraph, next);
    }
    if (paragraph->lines == 0)
        paragraph->lines = 1;
}

/* ---- outside ---------------------------------------------------------------------------------------- */

static void set_metrics(struct paragraph *paragraph)
{
    int pixels = text_size_pixels(paragraph->set.size, paragraph->set.scale);

    paragraph->line_height = text_size_line(paragraph->set.size, paragraph->set.scale);
    paragraph->baseline = font_baseline(paragraph->line_height, pixels);
    paragraph->margin = pixels / 2;
}

struct paragraph *paragraph_new(
    struct fonts *fonts, const struct paragraph_style *style, const struct run *runs, size_t count)
{
    struct paragraph *paragraph = calloc(1, sizeof *paragraph);

    if (paragraph == NULL)
        return NULL;
    paragraph->fonts = fonts;
    paragraph->set = *style;
    set_metrics(paragraph);
    if (!copy_runs(paragraph, runs, count))
        goto failed;
    find_words(paragraph);
    break_lines(paragraph);
    if (paragraph->failed)
        goto failed;
    free(paragraph->words);
    paragraph->words = NULL;
    return paragraph;
failed:
    paragraph_free(paragraph);
    return NULL;
}

void paragraph_free(struct paragraph *paragraph)
{
    if (paragraph == NULL)
        return;
    free(paragraph->text);
    free(paragraph->styles);
    free(paragraph->words);
    free(paragraph->pieces);
    free(paragraph);
}

int paragraph_height(const struct paragraph *paragraph)
{
    return paragraph->lines * paragraph->line_height;
}

int paragraph_width(const struct paragraph *paragraph)
{
    return paragraph->width;
}

int paragraph_lines(const struct paragraph *paragraph)
{
    return paragraph->lines;
}

static void draw_piece(const struct paragraph *paragraph, const struct piece *piece,
    struct display_list *list, color ink, int x, int y)
{
    int top = y + piece->line * paragraph->line_height;
    struct rect rect = {x + piece->x - paragraph->margin, top - paragraph->margin,
        piece->width + 2 * paragraph->margin, paragraph->line_height + 2 * paragraph->margin};

    display_text(list, rect, piece->face, piece->pixels, x + piece->x, top + paragraph->baseline, ink,
        paragraph->text + piece->start, piece->length);
}

void paragraph_draw(const struct paragraph *paragraph, struct display_list *list, const struct theme *theme,
    enum color_role role, int x, int y)
{
    for (size_t i = 0; i < paragraph->piece_count; i++) {
        const struct piece *piece = &paragraph->pieces[i];
        color ink = theme_color(theme, piece->role == ROLE_INHERIT ? role : piece->role);
        draw_piece(paragraph, piece, list, ink, x, y);
    }
}

void paragraph_draw_color(
    const struct paragraph *paragraph, struct display_list *list, color ink, int x, int y)
{
    for (size_t i = 0; i < paragraph->piece_count; i++)
        draw_piece(paragraph, &paragraph->pieces[i], list, ink, x, y);
}
