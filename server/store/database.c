#include "server/store/database.h"

#include <sqlite3.h>

#define STATEMENTS_MAX 96
#define BUSY_MS 5000

struct query {
    struct database *database;
    sqlite3_stmt *statement;
    const char *sql;
    bool is_used, is_kept;
    int parameter, column;
};

struct database {
    sqlite3 *handle;
    struct query kept[STATEMENTS_MAX];
    size_t kept_count;
};

static enum error_code code_of(int result)
{
    switch (result & 0xff) {
    case SQLITE_NOMEM: return ERROR_NOMEM;
    case SQLITE_FULL: return ERROR_FULL;
    case SQLITE_CONSTRAINT: return ERROR_REFUSED;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return ERROR_BUSY;
    case SQLITE_TOOBIG: return ERROR_LIMIT;
    default: return ERROR_IO;
    }
}

static bool failed(struct database *database, struct error *err)
{
    int result = sqlite3_extended_errcode(database->handle);
    return error_set(err, code_of(result), "store: %s (%d)", sqlite3_errmsg(database->handle), result);
}

bool database_script(struct database *database, const char *sql, struct error *err)
{
    return sqlite3_exec(database->handle, sql, NULL, NULL, NULL) == SQLITE_OK || failed(database, err);
}

struct database *database_open(const char *path, bool is_reader, struct error *err)
{
    struct database *database = calloc(1, sizeof *database);
    if (database == NULL) {
        error_set(err, ERROR_NOMEM, "out of memory");
        return NULL;
    }
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE | (is_reader ? 0 : SQLITE_OPEN_CREATE);
    if (sqlite3_open_v2(path, &database->handle, flags, NULL) != SQLITE_OK) {
        if (database->handle != NULL)
            failed(database, err);
        else
            error_set(err, ERROR_NOMEM, "out of memory");
        error_prefix(err, "%s", path);
        database_close(database);
        return NULL;
    }
    sqlite3_extended_result_codes(database->handle, 1);
    sqlite3_busy_timeout(database->handle, BUSY_MS);
    return database;
}

void database_close(struct database *database)
{
    if (database == NULL)
        return;
    for (size_t i = 0; i < database->kept_count; i++)
        sqlite3_finalize(database->kept[i].statement);
    sqlite3_close(database->handle);
    free(database);
}

int64_t database_changes(struct database *database)
{
    return sqlite3_changes64(database->handle);
}

bool database_in_transaction(struct database *database)
{
    return sqlite3_get_autocommit(database->handle) == 0;
}

/* The kept query of this text, if it is free. */
static struct query *kept_query(struct database *database, const char *sql)
{
    for (size_t i = 0; i < database->kept_count; i++)
        if (database->kept[i].sql == sql && !database->kept[i].is_used)
            return &database->kept[i];
    return NULL;
}

static struct query *new_slot(struct database *database)
{
    struct query *query;
    if (database->kept_count < STATEMENTS_MAX) {
        query = &database->kept[database->kept_count++];
        *query = (struct query){.is_kept = true};
    } else {
        query = calloc(1, sizeof *query);
    }
    return query;
}

static void drop_slot(struct database *database, struct query *query)
{
    if (query->is_kept)
        database->kept_count--; /* the last one: nothing was added since new_slot */
    else
        free(query);
}

struct query *query_new(struct database *database, const char *sql, struct error *err)
{
    struct query *query = kept_query(database, sql);
    if (query == NULL) {
        query = new_slot(database);
        if (query == NULL) {
            error_set(err, ERROR_NOMEM, "out of memory");
            return NULL;
        }
        query->database = database;
        query->sql = sql;
        unsigned flags = query->is_kept ? SQLITE_PREPARE_PERSISTENT : 0;
        if (sqlite3_prepare_v3(database->handle, sql, -1, flags, &query->statement, NULL) != SQLITE_OK) {
            failed(database, err);
            drop_slot(database, query);
            return NULL;
        }
    }
    query->is_used = true;
    query->parameter = query->column = 0;
    return query;
}

void query_free(struct query *query)
{
    if (query == NULL)
        return;
    if (query->is_kept) {
        sqlite3_reset(query->statement);
        sqlite3_clear_bindings(query->statement);
        query->is_used = false;
        return;
    }
    sqlite3_finalize(query->statement);
    free(query);
}

/* A bind can only fail for want of memory; the step after it then fails for a NULL where none may be, or
 * finds nothing. */
void query_int(struct query *query, int64_t value)
{
    if (query != NULL)
        (void)sqlite3_bind_int64(query->statement, ++query->parameter, value);
}

void query_text(struct query *query, const char *value)
{
    if (query != NULL)
        (void)sqlite3_bind_text(query->statement, ++query->parameter, value, -1, SQLITE_STATIC);
}

void query_blob(struct query *query, struct bytes value)
{
    static const char nothing[1];
    if (query != NULL)
        (void)sqlite3_bind_blob64(query->statement, ++query->parameter,
            value.data == NULL ? nothing : (const void *)value.data, value.len, SQLITE_STATIC);
}

enum query_step query_next(struct query *query, struct error *err)
{
    query->column = 0;
    switch (sqlite3_step(query->statement)) {
    case SQLITE_ROW: return QUERY_ROW;
    case SQLITE_DONE: return QUERY_DONE;
    default: failed(query->database, err); return QUERY_FAILED;
    }
}

bool query_run(struct query *query, struct error *err)
{
    if (query == NULL)
        return false;
    enum query_step step;
    while ((step = query_next(query, err)) == QUERY_ROW)
        ;
    query_free(query);
    return step == QUERY_DONE;
}

bool query_first(struct query *query, const char *what, struct error *err)
{
    if (query == NULL)
        return false;
    enum query_step step = query_next(query, err);
    return step == QUERY_ROW ||
           (step == QUERY_DONE && error_set(err, ERROR_NOT_FOUND, "%s is not there", what));
}

int64_t query_get_int(struct query *query)
{
    return sqlite3_column_int64(query->statement, query->column++);
}

void query_get_text(struct query *query, char *text, size_t size)
{
    const unsigned char *value = sqlite3_column_text(query->statement, query->column++);
    snprintf(text, size, "%s", value == NULL ? "" : (const char *)value);
}

struct bytes query_get_blob(struct query *query)
{
    int column = query->column++;
    const void *data = sqlite3_column_blob(query->statement, column);
    return bytes_of(data, data == NULL ? 0 : (size_t)sqlite3_column_bytes(query->statement, column));
}

bool query_get_buffer(struct query *query, struct buffer *buffer, struct error *err)
{
    return buffer_add_bytes(buffer, query_get_blob(query)) ||
           error_set(err, ERROR_LIMIT, "what the store has is larger than it may be");
}
