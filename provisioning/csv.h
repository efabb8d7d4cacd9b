/* csv.h: rows of a comma-separated file (RFC 4180), as spreadsheets write them: quotes, line breaks inside
 * quotes, CRLF, a byte order mark; a semicolon or tab where the first line has one before any comma. */
#ifndef CARREL_PROVISIONING_CSV_H
#define CARREL_PROVISIONING_CSV_H

#include "core/arena.h"
#include "core/buffer.h"
#include "core/error.h"

enum { CSV_COLUMNS_MAX = 64 };

struct csv {
    const char *at, *end;
    size_t line; /* of at, from 1 */
    char separator;
};

struct csv_row {
    const char *cells[CSV_COLUMNS_MAX]; /* without spaces around, in the arena */
    size_t count;                       /* 0: an empty line */
    size_t line;                        /* where it begins */
};

struct csv csv_begin(struct bytes text);
/* False at the end (err untouched, code ERROR_NONE) and where a row can't be read (ERROR_FORMAT, row->line
 * says where). */
bool csv_next(struct csv *csv, struct arena *arena, struct csv_row *row, struct error *err);

#endif
