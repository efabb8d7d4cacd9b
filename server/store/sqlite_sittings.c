#include "server/store/sqlite.h"

#define COLUMNS "id, center, package_id, title, time_zone, opens_ms, closes_ms, created_ms"

static void read_row(struct query *query, struct sitting_row *row)
{
    query_get_text(query, row->id, sizeof row->id);
    query_get_text(query, row->center, sizeof row->center);
    query_get_text(query, row->package_id, sizeof row->package_id);
    query_get_text(query, row->title, sizeof row->title);
    query_get_text(query, row->time_zone, sizeof row->time_zone);
    row->opens_ms = query_get_int(query);
    row->closes_ms = query_get_int(query);
    row->created_ms = query_get_int(query);
}

static bool sitting_add(
    struct store *store, const struct sitting_row *row, struct bytes sealed_codes, struct error *err)
{
    struct query *query = query_new(database_of(store),
        "INSERT INTO sittings (" COLUMNS ", sealed_codes) VALUES (?,?,?,?,?,?,?,?,?)", err);
    query_text(query, row->id);
    query_text(query, row->center);
    query_text(query, row->package_id);
    query_text(query, row->title);
    query_text(query, row->time_zone);
    query_int(query, row->opens_ms);
    query_int(query, row->closes_ms);
    query_int(query, row->created_ms);
    query_blob(query, sealed_codes);
    return query_run(query, err);
}

static bool sitting_get(struct store *store, const char *id, struct sitting_row *row, struct error *err)
{
    struct query *query = query_new(database_of(store), "SELECT " COLUMNS " FROM sittings WHERE id = ?", err);
    query_text(query, id);
    bool ok = query_first(query, "this sitting", err);
    if (ok)
        read_row(query, row);
    query_free(query);
    return ok;
}

static bool each_sitting(
    struct store *store, const char *center, sitting_each *each, void *context, struct error *err)
{
    struct query *query = query_new(database_of(store),
        "SELECT " COLUMNS " FROM sittings WHERE ?1 = '' OR center = ?1 ORDER BY opens_ms, created_ms", err);
    enum query_step step = QUERY_FAILED;
    bool ok = query != NULL;
    query_text(query, center);
    while (ok && (step = query_next(query, err)) == QUERY_ROW) {
        struct sitting_row row;
        read_row(query, &row);
        ok = each(context, &row, err);
    }
    query_free(query);
    return ok && step == QUERY_DONE;
}

static bool sitting_codes(struct store *store, const char *id, struct buffer *sealed_codes, struct error *err)
{
    struct query *query =
        query_new(database_of(store), "SELECT sealed_codes FROM sittings WHERE id = ?", err);
    query_text(query, id);
    return query_read_blob(query, "this sitting", sealed_codes, err);
}

void sqlite_fill_sittings(struct store *store)
{
    store->sitting_add = sitting_add;
    store->sitting_get = sitting_get;
    store->sitting_each = each_sitting;
    store->sitting_codes = sitting_codes;
}
