#include "provisioning/csv.h"

#include <ctype.h>
#include <string.h>

struct csv csv_begin(struct bytes text)
{
    static const char mark[] = "\xef\xbb\xbf";
    const char *at = text.len == 0 ? "" : (const char *)text.data;
    struct csv csv = {.at = at, .end = at + text.len, .line = 1, .separator = ','};
    const char *first;

    if (text.len >= 3 && memcmp(at, mark, 3) == 0)
        csv.at += 3;
    for (first = csv.at; first < csv.end && strchr(",;\t\n", *first) == NULL; first++)
        ;
    if (first < csv.end && *first != '\n')
        csv.separator = *first;
    return csv;
}

static bool at_cell_end(const struct csv *csv)
{
    return csv->at == csv->end || *csv->at == csv->separator || *csv->at == '\n' ||
           (*csv->at == '\r' && csv->at + 1 < csv->end && csv->at[1] == '\n');
}

/* Copies a quoted cell's inside; a doubled quote is one. */
static bool read_quoted(struct csv *csv, struct buffer *cell, struct error *err)
{
    for (csv->at++; csv->at < csv->end; csv->at++) {
        if (*csv->at == '"' && (csv->at + 1 == csv->end || csv->at[1] != '"')) {
            csv->at++;
            return at_cell_end(csv) ||
                   error_set(err, ERROR_FORMAT, "there is something behind a closing quote");
        }
        if (*csv->at == '"')
            csv->at++;
        csv->line += *csv->at == '\n';
        if (!buffer_add(cell, csv->at, 1))
            return error_set(err, ERROR_LIMIT, "a field is too long");
    }
    return error_set(err, ERROR_FORMAT, "a quote is not closed");
}

static bool read_plain(struct csv *csv, struct buffer *cell, struct error *err)
{
    for (; !at_cell_end(csv); csv->at++) {
        if (*csv->at == '"')
            return error_set(err, ERROR_FORMAT, "there is a quote inside a field that is not quoted");
        if (!buffer_add(cell, csv->at, 1))
            return error_set(err, ERROR_LIMIT, "a field is too long");
    }
    return true;
}

static const char *trimmed(const struct buffer *cell, struct arena *arena)
{
    const char *text = buffer_text(cell);
    size_t len = cell->len;

    while (len > 0 && isspace((unsigned char)text[len - 1]))
        len--;
    while (len > 0 && isspace((unsigned char)*text)) {
        text++;
        len--;
    }
    return arena_text(arena, text, len);
}

static bool read_cell(struct csv *csv, struct arena *arena, struct csv_row *row, struct error *err)
{
    struct buffer cell = {.max = 4096};
    bool ok = row->count < CSV_COLUMNS_MAX || error_set(err, ERROR_LIMIT, "there are too many columns");

    if (ok)
        ok = csv->at < csv->end && *csv->at == '"' ? read_quoted(csv, &cell, err)
                                                   : read_plain(csv, &cell, err);
    if (ok && (memchr(buffer_text(&cell), '\0', cell.len) != NULL))
        ok = error_set(err, ERROR_FORMAT, "there is a zero byte in it: is this a text file?");
    if (ok && (row->cells[row->count++] = trimmed(&cell, arena)) == NULL)
        ok = error_set(err, ERROR_NOMEM, "out of memory");
    buffer_release(&cell);
    return ok;
}

/* A broken row ends where its line does, so that the next ones are still read. */
static void skip_line(struct csv *csv)
{
    while (csv->at < csv->end && *csv->at != '\n')
        csv->at++;
}

static void end_line(struct csv *csv)
{
    if (csv->at < csv->end && *csv->at == '\r')
        csv->at++;
    if (csv->at < csv->end) {
        csv->at++;
        csv->line++;
    }
}

bool csv_next(struct csv *csv, struct arena *arena, struct csv_row *row, struct error *err)
{
    bool ok = true;

    *row = (struct csv_row){.line = csv->line};
    if (csv->at == csv->end)
        return false;
    do {
        if (row->count > 0)
            csv->at++; /* the separator */
        ok = read_cell(csv, arena, row, err);
    } while (ok && csv->at < csv->end && *csv->at == csv->separator);
    if (!ok)
        skip_line(csv);
    end_line(csv);
    if (ok && row->count == 1 && row->cells[0][0] == '\0')
        row->count = 0;
    return ok;
}
