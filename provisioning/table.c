#include "provisioning/table.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "core/arena.h"
#include "core/encoding.h"

struct row {
    struct row *next;
    const char *cells[TABLE_COLUMNS_MAX];
};

struct table {
    struct arena arena;
    size_t columns;
    bool is_right[TABLE_COLUMNS_MAX];
    struct row *first, **last; /* the first row is the headings */
};

/* One code point of well-formed UTF-8, and how many bytes it has. */
static wchar_t code_point(const char *text, size_t *len)
{
    const uint8_t first = (uint8_t)text[0];
    uint32_t point;

    *len = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    point = *len == 1 ? first : first & (0xffu >> (*len + 1));
    for (size_t i = 1; i < *len; i++)
        point = point << 6 | ((uint8_t)text[i] & 0x3fu);
    return (wchar_t)point;
}

/* wcwidth needs a locale that knows the character; outside of one every character counts as one column. */
static size_t text_width(const char *text)
{
    size_t width = 0, len;

    for (; *text != '\0'; text += len) {
        const int columns = wcwidth(code_point(text, &len));
        width += columns >= 0 ? (size_t)columns : 1;
    }
    return width;
}

/* A copy that a terminal can be shown. */
static const char *harmless(struct table *table, const char *text)
{
    const size_t len = strlen(text);
    char *copy = arena_text(&table->arena, text, len);

    if (copy == NULL)
        return "";
    for (size_t i = 0; i < len; i++)
        if ((uint8_t)copy[i] < 0x20 || copy[i] == 0x7f ||
            ((uint8_t)copy[i] == 0xc2 && (uint8_t)copy[i + 1] < 0xa0))
            copy[i] = '?';
    if (!utf8_valid(copy, len))
        for (size_t i = 0; i < len; i++)
            if ((uint8_t)copy[i] >= 0x80)
                copy[i] = '?';
    return copy;
}

static void add_row(struct table *table, const char *cell, va_list rest)
{
    struct row *row = arena_alloc(&table->arena, sizeof *row);
    size_t column = 0;

    if (row == NULL)
        return;
    for (; cell != NULL && column < TABLE_COLUMNS_MAX; cell = va_arg(rest, const char *))
        row->cells[column++] = harmless(table, cell);
    *table->last = row;
    table->last = &row->next;
    if (column > table->columns)
        table->columns = column;
}

struct table *table_new(const char *heading, ...)
{
    struct table *table = calloc(1, sizeof *table);
    va_list rest;

    if (table == NULL)
        return NULL;
    table->last = &table->first;
    va_start(rest, heading);
    add_row(table, heading, rest);
    va_end(rest);
    for (size_t i = 0; i < table->columns && table->first != NULL; i++) {
        table->is_right[i] = table->first->cells[i][0] == '>';
        table->first->cells[i] += table->is_right[i] ? 1 : 0;
    }
    return table;
}

void table_row(struct table *table, const char *cell, ...)
{
    va_list rest;

    if (table == NULL)
        return;
    va_start(rest, cell);
    add_row(table, cell, rest);
    va_end(rest);
}

const char *table_cell(struct table *table, const char *format, ...)
{
    char text[200];
    const char *copy = NULL;
    va_list args;

    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args); /* cut is fine: for people */
    va_end(args);
    if (table != NULL)
        copy = arena_text(&table->arena, text, strlen(text));
    return copy == NULL ? "" : copy;
}

static void print_row(const struct table *table, const struct row *row, const size_t *widths, FILE *to)
{
    size_t filled = table->columns;

    while (filled > 1 && (row->cells[filled - 1] == NULL || row->cells[filled - 1][0] == '\0'))
        filled--; /* no blanks at the end of a line */
    for (size_t i = 0; i < filled; i++) {
        const char *cell = row->cells[i] == NULL ? "" : row->cells[i];
        const int gap = (int)(widths[i] - text_width(cell));
        if (table->is_right[i])
            (void)fprintf(to, "%*s%s", gap, "", cell);
        else
            (void)fprintf(to, "%s%*s", cell, i + 1 == filled ? 0 : gap, "");
        (void)fputs(i + 1 == filled ? "\n" : "  ", to); /* what failed shows in ferror, below */
    }
}

bool table_print(const struct table *table, FILE *to, struct error *err)
{
    size_t widths[TABLE_COLUMNS_MAX] = {0};

    if (table == NULL || table->arena.failed)
        return error_set(err, ERROR_NOMEM, "out of memory");
    for (const struct row *row = table->first; row != NULL; row = row->next)
        for (size_t i = 0; i < table->columns; i++)
            if (row->cells[i] != NULL && text_width(row->cells[i]) > widths[i])
                widths[i] = text_width(row->cells[i]);
    for (const struct row *row = table->first; row != NULL; row = row->next)
        print_row(table, row, widths, to);
    return ferror(to) == 0 || error_set(err, ERROR_IO, "cannot write the result");
}

void table_free(struct table *table)
{
    if (table == NULL)
        return;
    arena_release(&table->arena);
    free(table);
}
