/* database.h: SQLite, entered here and nowhere else: statements, values, transactions.
 *
 *     query = query_new(database, "SELECT …  WHERE id = ?", &err)
 *     query_text(query, id);                           // parameters in order
 *     while ((step = query_next(query, &err)) == QUERY_ROW)
 *         …query_get_int(query)…                       // columns in order
 *     query_free(query);                               // NULL is fine
 *
 * Statements are kept for the next use, by the address of their text: give literals. */
#ifndef CARREL_SERVER_DATABASE_H
#define CARREL_SERVER_DATABASE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/buffer.h"
#include "core/error.h"

struct database;
struct query;

struct database *database_open(const char *path, bool is_reader, struct error *err);
void database_close(struct database *database); /* NULL is fine */
/* Several statements without parameters, once. */
bool database_script(struct database *database, const char *sql, struct error *err);
/* Rows the last statement changed. */
int64_t database_changes(struct database *database);
bool database_in_transaction(struct database *database);

struct query *query_new(struct database *database, const char *sql, struct error *err);
void query_free(struct query *query);
/* The bytes must live until the query is freed. */
void query_int(struct query *query, int64_t value);
void query_text(struct query *query, const char *value);
void query_blob(struct query *query, struct bytes value);

enum query_step { QUERY_ROW, QUERY_DONE, QUERY_FAILED };
enum query_step query_next(struct query *query, struct error *err);
/* Runs it to its end and frees it; a NULL query is a failure that has its reason. */
bool query_run(struct query *query, struct error *err);
/* True if there is a first row (ERROR_NOT_FOUND: what is "not there"). */
bool query_first(struct query *query, const char *what, struct error *err);

int64_t query_get_int(struct query *query);
void query_get_text(
    struct query *query, char *text, size_t size); /* longer text is cut: ours was bounded when it came in */
struct bytes query_get_blob(struct query *query);  /* until the next step */
/* Appends; false past the buffer's max. */
bool query_get_buffer(struct query *query, struct buffer *buffer, struct error *err);

#endif
