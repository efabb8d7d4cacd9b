/* The SQLite store: opening, transactions, numbers. WAL with full sync: a commit that returned is on the
 * disk. */
#include "server/store/sqlite.h"

#include "server/store/schema-2.h"
#include "server/store/schema.h" /* schema.sql as the string schema_sql, made by the build */

/* What takes a store from each version to the next. A new one goes all the way: nothing is said twice. */
static const char *const steps[] = {schema_sql, schema_2_sql};
#define SCHEMA_VERSION ((int64_t)(sizeof steps / sizeof steps[0]))

static const char *const standing_names[STANDINGS] = {
    "admitted", "begun", "received", "scored", "held", "void"};

const char *standing_name(enum standing standing)
{
    return standing_names[standing];
}

void query_get_digest(struct query *query, struct digest *digest)
{
    struct bytes blob = query_get_blob(query);
    *digest = (struct digest){{0}};
    if (blob.len == DIGEST_BYTES)
        memcpy(digest->bytes, blob.data, DIGEST_BYTES);
}

enum standing query_get_standing(struct query *query)
{
    char name[16];
    query_get_text(query, name, sizeof name);
    for (int standing = 0; standing < STANDINGS; standing++)
        if (strcmp(name, standing_names[standing]) == 0)
            return (enum standing)standing;
    return STANDING_HELD; /* of a later program: certainly not scored by this one */
}

bool query_read_blob(struct query *query, const char *what, struct buffer *buffer, struct error *err)
{
    bool ok = query_first(query, what, err) && query_get_buffer(query, buffer, err);
    query_free(query);
    return ok;
}

/* --- transactions ----------------------------------------------------------------------------- */

static bool do_it(struct store *store, const char *sql, struct error *err)
{
    return query_run(query_new(database_of(store), sql, err), err);
}

static bool begin(struct store *store, struct error *err)
{
    return do_it(store, "BEGIN", err);
}

static bool begin_immediate(struct store *store, struct error *err)
{
    return do_it(store, "BEGIN IMMEDIATE", err);
}

static void rollback(struct store *store)
{
    struct database *database = database_of(store);
    if (database_in_transaction(database))
        (void)do_it(store, "ROLLBACK", NULL); /* fails only where SQLite has rolled back by itself */
}

static enum store_commit commit(struct store *store, struct error *err)
{
    struct error failure = {ERROR_NONE, ""};
    if (do_it(store, "COMMIT", &failure))
        return STORE_COMMITTED;
    error_set(err, failure.code, "%s", failure.text);
    if (failure.code == ERROR_IO)
        return STORE_UNKNOWN;
    rollback(store);
    return STORE_ROLLED_BACK;
}

static bool mark(struct store *store, struct error *err)
{
    return do_it(store, "SAVEPOINT mark", err);
}

static bool keep(struct store *store, struct error *err)
{
    return do_it(store, "RELEASE mark", err);
}

static bool undo(struct store *store, struct error *err)
{
    return do_it(store, "ROLLBACK TO mark", err) && do_it(store, "RELEASE mark", err);
}

static bool number(struct store *store, const char *name, int64_t now_ms, int64_t *given, struct error *err)
{
    struct query *query = query_new(database_of(store),
        "INSERT INTO numbers VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET last = max(last + 1, ?2) "
        "RETURNING last",
        err);
    query_text(query, name);
    query_int(query, now_ms);
    bool ok = query_first(query, "the number", err);
    int64_t last = ok ? query_get_int(query) : 0;
    if (ok)
        ok = query_next(query, err) == QUERY_DONE; /* only then it is written */
    query_free(query);
    if (ok)
        *given = last;
    return ok;
}

static bool tidy(struct store *store, int64_t now_ms, struct error *err)
{
    struct query *query = query_new(database_of(store), "DELETE FROM invites WHERE expires_ms <= ?", err);
    query_int(query, now_ms);
    return query_run(query, err);
}

/* --- opening ---------------------------------------------------------------------------------- */

static bool user_version(struct database *database, int64_t *version, struct error *err)
{
    struct query *query = query_new(database, "PRAGMA user_version", err);
    bool ok = query_first(query, "the version", err);
    if (ok)
        *version = query_get_int(query);
    query_free(query);
    return ok;
}

static bool take_step(struct database *database, int64_t from, struct error *err)
{
    char version[48];
    snprintf(version, sizeof version, "PRAGMA user_version = %lld", (long long)from + 1);
    return database_script(database, "BEGIN IMMEDIATE", err) && database_script(database, steps[from], err) &&
           database_script(database, version, err) && database_script(database, "COMMIT", err);
}

static bool make_tables(struct database *database, struct error *err)
{
    int64_t version = 0;
    if (!user_version(database, &version, err))
        return false;
    if (version < 0 || version > SCHEMA_VERSION)
        return error_set(err, ERROR_FORMAT, "the store is of version %lld, this program knows %lld",
            (long long)version, (long long)SCHEMA_VERSION);
    while (version < SCHEMA_VERSION)
        if (!take_step(database, version++, err))
            return false;
    return true;
}

static bool configure(struct database *database, bool is_reader, struct error *err)
{
    if (!database_script(database, "PRAGMA trusted_schema = OFF; PRAGMA foreign_keys = ON", err))
        return false;
    if (is_reader)
        return database_script(database, "PRAGMA query_only = ON", err);
    return database_script(database, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL", err) &&
           make_tables(database, err);
}

static void close_store(struct store *store)
{
    if (store == NULL)
        return;
    database_close(database_of(store));
    free(store);
}

struct store *sqlite_store_open(const char *path, bool is_reader, struct error *err)
{
    struct sqlite_store *sqlite = calloc(1, sizeof *sqlite);
    if (sqlite == NULL) {
        error_set(err, ERROR_NOMEM, "out of memory");
        return NULL;
    }
    struct store *store = &sqlite->store;
    *store = (struct store){
        .close = close_store,
        .begin = is_reader ? begin : begin_immediate,
        .commit = commit,
        .rollback = rollback,
        .mark = mark,
        .keep = keep,
        .undo = undo,
        .number = number,
        .tidy = tidy,
    };
    sqlite_fill_exams(store);
    sqlite_fill_sittings(store);
    sqlite_fill_sessions(store);
    sqlite_fill_tickets(store);
    sqlite_fill_results(store);
    sqlite_fill_centers(store);
    sqlite_fill_titles(store);
    sqlite->database = database_open(path, is_reader, err);
    if (sqlite->database == NULL || !configure(sqlite->database, is_reader, err)) {
        close_store(store);
        return NULL;
    }
    return store;
}
