#include "core/ticket.h"
#include "server/store/sqlite.h"

#define COLUMNS "t.session, t.epoch, t.number, t.content, t.file_digest, t.bytes, t.generation"
/* The newest of each session of the center ?1 that no other has replaced, until ?2 is past the close of its
 * window and the exam time: one begun just before the close runs on, and may have to be resumed. */
#define OPEN_TICKETS                                                                                         \
    "SELECT " COLUMNS                                                                                        \
    " FROM sessions s JOIN tickets t ON t.session = s.id AND t.epoch = s.epoch AND t.is_newest"              \
    " WHERE s.center = ?1 AND s.closes_ms + s.max_time_ms > ?2 AND NOT s.is_replaced"

static void read_row(struct query *query, struct ticket_row *row)
{
    query_get_text(query, row->session, sizeof row->session);
    row->epoch = (unsigned)query_get_int(query);
    row->number = query_get_int(query);
    query_get_digest(query, &row->content);
    query_get_digest(query, &row->file);
    row->bytes = query_get_int(query);
    row->generation = query_get_int(query);
}

static bool ticket_put(
    struct store *store, const struct ticket_row *row, struct bytes file, struct error *err)
{
    struct query *query = query_new(database_of(store),
        "UPDATE tickets SET is_newest = 0, file = x'' WHERE session = ? AND epoch = ? AND is_newest", err);
    query_text(query, row->session);
    query_int(query, row->epoch);
    if (!query_run(query, err))
        return false;
    query = query_new(database_of(store), "INSERT INTO tickets VALUES (?,?,?,?,?,?,?,1,?)", err);
    query_text(query, row->session);
    query_int(query, row->epoch);
    query_int(query, row->number);
    query_blob(query, digest_bytes(&row->content));
    query_blob(query, digest_bytes(&row->file));
    query_int(query, row->bytes);
    query_int(query, row->generation);
    query_blob(query, file);
    return query_run(query, err);
}

static bool ticket_get(
    struct store *store, const char *session, unsigned epoch, struct ticket_row *row, struct error *err)
{
    struct query *query = query_new(database_of(store),
        "SELECT " COLUMNS " FROM tickets t WHERE session = ? AND epoch = ? AND is_newest", err);
    query_text(query, session);
    query_int(query, epoch);
    bool ok = query_first(query, "this ticket", err);
    if (ok)
        read_row(query, row);
    query_free(query);
    return ok;
}

static bool ticket_file(
    struct store *store, const char *session, unsigned epoch, struct buffer *file, struct error *err)
{
    struct query *query = query_new(
        database_of(store), "SELECT file FROM tickets WHERE session = ? AND epoch = ? AND is_newest", err);
    query_text(query, session);
    query_int(query, epoch);
    return query_read_blob(query, "this ticket", file, err);
}

static bool ticket_made(
    struct store *store, const char *session, unsigned epoch, const struct digest *content, struct error *err)
{
    struct query *query = query_new(
        database_of(store), "SELECT 1 FROM tickets WHERE session = ? AND epoch = ? AND content = ?", err);
    query_text(query, session);
    query_int(query, epoch);
    query_blob(query, digest_bytes(content));
    bool ok = query_first(query, "this ticket", err);
    query_free(query);
    return ok;
}

static bool walk(struct query *query, ticket_each *each, void *context, struct error *err)
{
    enum query_step step = QUERY_FAILED;
    bool ok = query != NULL;
    while (ok && (step = query_next(query, err)) == QUERY_ROW) {
        struct ticket_row row;
        read_row(query, &row);
        ok = each(context, &row, err);
    }
    query_free(query);
    return ok && step == QUERY_DONE;
}

static bool each_ticket(struct store *store, const char *center, int64_t now_ms, ticket_each *each,
    void *context, struct error *err)
{
    struct query *query = query_new(database_of(store), OPEN_TICKETS " ORDER BY s.created_ms, s.rowid", err);
    query_text(query, center);
    query_int(query, now_ms - RESUME_MARGIN_MS);
    return walk(query, each, context, err);
}

static bool ticket_stale(struct store *store, const char *center, int64_t now_ms, unsigned max,
    ticket_each *each, void *context, struct error *err)
{
    struct query *query = query_new(database_of(store),
        OPEN_TICKETS " AND t.generation < (SELECT generation FROM centers WHERE center = ?1)"
                     " ORDER BY s.opens_ms LIMIT ?3",
        err);
    query_text(query, center);
    query_int(query, now_ms - RESUME_MARGIN_MS);
    query_int(query, max);
    return walk(query, each, context, err);
}

void sqlite_fill_tickets(struct store *store)
{
    store->ticket_put = ticket_put;
    store->ticket_get = ticket_get;
    store->ticket_file = ticket_file;
    store->ticket_made = ticket_made;
    store->ticket_each = each_ticket;
    store->ticket_stale = ticket_stale;
}
