#include "server/store/sqlite.h"

#define COLUMNS                                                                                              \
    "session, epoch, transcript, file_digest, is_journal, received_ms, signer_serial, standing, reason"

static void read_row(struct query *query, struct result_row *row)
{
    query_get_text(query, row->session, sizeof row->session);
    row->epoch = (unsigned)query_get_int(query);
    query_get_digest(query, &row->transcript);
    query_get_digest(query, &row->file);
    row->is_journal = query_get_int(query) != 0;
    row->received_ms = query_get_int(query);
    query_get_text(query, row->signer_serial, sizeof row->signer_serial);
    row->standing = query_get_standing(query);
    query_get_text(query, row->reason, sizeof row->reason);
}

static bool result_add(struct store *store, const struct result_row *row, struct bytes file,
    struct bytes receipt, struct bytes score, struct error *err)
{
    struct query *query = query_new(database_of(store),
        "INSERT INTO results (" COLUMNS ", file, receipt, score) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)", err);
    query_text(query, row->session);
    query_int(query, row->epoch);
    query_blob(query, digest_bytes(&row->transcript));
    query_blob(query, digest_bytes(&row->file));
    query_int(query, row->is_journal);
    query_int(query, row->received_ms);
    query_text(query, row->signer_serial);
    query_text(query, standing_name(row->standing));
    query_text(query, row->reason);
    query_blob(query, file);
    query_blob(query, receipt);
    query_blob(query, score);
    return query_run(query, err);
}

static bool read_one(struct query *query, struct result_row *row, struct error *err)
{
    bool ok = query_first(query, "this result", err);
    if (ok)
        read_row(query, row);
    query_free(query);
    return ok;
}

static bool result_get(struct store *store, const char *session, unsigned epoch,
    const struct digest *transcript, struct result_row *row, struct error *err)
{
    struct query *query = query_new(database_of(store),
        "SELECT " COLUMNS " FROM results WHERE session = ? AND epoch = ? AND transcript = ?", err);
    query_text(query, session);
    query_int(query, epoch);
    query_blob(query, digest_bytes(transcript));
    return read_one(query, row, err);
}

static bool result_first(
    struct store *store, const char *session, unsigned epoch, struct result_row *row, struct error *err)
{
    struct query *query = query_new(database_of(store),
        "SELECT " COLUMNS " FROM results WHERE session = ? AND epoch = ? ORDER BY is_journal, rowid LIMIT 1",
        err);
    query_text(query, session);
    query_int(query, epoch);
    return read_one(query, row, err);
}

/* The next column into the buffer, or past it. */
static bool take_column(struct query *query, struct buffer *buffer, struct error *err)
{
    if (buffer != NULL)
        return query_get_buffer(query, buffer, err);
    (void)query_get_blob(query);
    return true;
}

static bool result_read(struct store *store, const char *session, unsigned epoch,
    const struct digest *transcript, struct buffer *file, struct buffer *receipt, struct buffer *score,
    struct error *err)
{
    struct query *query = query_new(database_of(store),
        "SELECT score, receipt, file FROM results WHERE session = ? AND epoch = ? AND transcript = ?", err);
    query_text(query, session);
    query_int(query, epoch);
    query_blob(query, digest_bytes(transcript));
    bool ok = query_first(query, "this result", err) && take_column(query, score, err) &&
              take_column(query, receipt, err) && take_column(query, file, err);
    query_free(query);
    return ok;
}

static bool result_hold(
    struct store *store, const char *session, unsigned epoch, const char *reason, struct error *err)
{
    struct query *query = query_new(database_of(store),
        "UPDATE results SET standing = 'held', reason = ? WHERE session = ? AND epoch = ? AND NOT is_journal",
        err);
    query_text(query, reason);
    query_text(query, session);
    query_int(query, epoch);
    return query_run(query, err);
}

void sqlite_fill_results(struct store *store)
{
    store->result_add = result_add;
    store->result_get = result_get;
    store->result_read = result_read;
    store->result_first = result_first;
    store->result_hold = result_hold;
}
