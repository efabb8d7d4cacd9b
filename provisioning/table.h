/* table.h: results for people: columns that line up.
 *
 *     struct table *table = table_new("item", "objective", ">points", NULL);   // '>': to the right
 *     table_row(table, "flow-07", "flow", "1", NULL);                            // copies
 *     ok = table_print(table, stdout, err);
 *     table_free(table);
 *
 * Widths count what a terminal shows, not bytes. Control characters are shown as '?', so that no text from a
 * file can steer a terminal. Memory that ran out shows at table_print. */
#ifndef CARREL_PROVISIONING_TABLE_H
#define CARREL_PROVISIONING_TABLE_H

#include <stdbool.h>
#include <stdio.h>

#include "core/error.h"

enum { TABLE_COLUMNS_MAX = 16 };

struct table;

/* The headings, then NULL. NULL on no memory, which the others accept. */
struct table *table_new(const char *heading, ...) __attribute__((sentinel));
/* One text a column, then NULL. Missing ones at the end are empty. */
void table_row(struct table *table, const char *cell, ...) __attribute__((sentinel));
/* A cell made with a format, for numbers: the text lives as long as the table. */
const char *table_cell(struct table *table, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool table_print(const struct table *table, FILE *to, struct error *err);
void table_free(struct table *table); /* NULL is fine */

#endif
