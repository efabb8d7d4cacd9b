#include "server/store/sqlite.h"

#define COLUMNS                                                                                              \
    "id, sitting, center, package_id, admission, candidate_id, candidate_name, epoch, opens_ms, closes_ms, " \
    "max_time_ms, item_count, time_factor, theme, zoom, created_ms, is_replaced, revision, standing, "       \
    "reason, result_epoch, transcript, "                                                                     \
    "receipt_code, is_journal, passed, points, maximum, scaled, taken_ms"

static void read_who(struct query *query, struct session_row *row)
{
    query_get_text(query, row->id, sizeof row->id);
    query_get_text(query, row->sitting, sizeof row->sitting);
    query_get_text(query, row->center, sizeof row->center);
    query_get_text(query, row->package_id, sizeof row->package_id);
    query_get_text(query, row->admission, sizeof row->admission);
    query_get_text(query, row->candidate_id, sizeof row->candidate_id);
    query_get_text(query, row->candidate_name, sizeof row->candidate_name);
    row->epoch = (unsigned)query_get_int(query);
    row->opens_ms = query_get_int(query);
    row->closes_ms = query_get_int(query);
    row->max_time_ms = query_get_int(query);
    row->item_count = (unsigned)query_get_int(query);
    row->accommodations.time_factor = (unsigned)query_get_int(query);
    query_get_text(query, row->accommodations.theme, sizeof row->accommodations.theme);
    row->accommodations.zoom = (unsigned)query_get_int(query);
    row->created_ms = query_get_int(query);
    row->is_replaced = query_get_int(query) != 0;
    row->revision = query_get_int(query);
}

static void read_row(struct query *query, struct session_row *row)
{
    read_who(query, row);
    row->standing = query_get_standing(query);
    query_get_text(query, row->reason, sizeof row->reason);
    row->result_epoch = (unsigned)query_get_int(query);
    query_get_digest(query, &row->transcript);
    query_get_text(query, row->receipt_code, sizeof row->receipt_code);
    row->is_journal = query_get_int(query) != 0;
    row->passed = query_get_int(query) != 0;
    row->points = (unsigned)query_get_int(query);
    row->maximum = (unsigned)query_get_int(query);
    row->scaled = (unsigned)query_get_int(query);
    row->taken_ms = query_get_int(query);
}

static void bind_who(struct query *query, const struct session_row *row)
{
    query_text(query, row->id);
    query_text(query, row->sitting);
    query_text(query, row->center);
    query_text(query, row->package_id);
    query_text(query, row->admission);
    query_text(query, row->candidate_id);
    query_text(query, row->candidate_name);
    query_int(query, row->epoch);
    query_int(query, row->opens_ms);
    query_int(query, row->closes_ms);
    query_int(query, row->max_time_ms);
    query_int(query, row->item_count);
    query_int(query, row->accommodations.time_factor);
    query_text(query, row->accommodations.theme);
    query_int(query, row->accommodations.zoom);
    query_int(query, row->created_ms);
}

/* From is_replaced on, without the revision. */
static void bind_decision(struct query *query, const struct session_row *row)
{
    query_int(query, row->is_replaced);
    query_text(query, standing_name(row->standing));
    query_text(query, row->reason);
    query_int(query, row->result_epoch);
    query_blob(query, digest_bytes(&row->transcript));
    query_text(query, row->receipt_code);
    query_int(query, row->is_journal);
    query_int(query, row->passed);
    query_int(query, row->points);
    query_int(query, row->maximum);
    query_int(query, row->scaled);
    query_int(query, row->taken_ms);
}

static bool session_add(struct store *store, const struct session_row *row, struct bytes sealed_codes,
    struct bytes sealed_ticket, struct error *err)
{
    struct query *query = query_new(database_of(store),
        "INSERT INTO sessions (" COLUMNS
        ") VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,1,?,?,?,?,?,?,?,?,?,?,?)",
        err);
    bind_who(query, row);
    bind_decision(query, row);
    if (!query_run(query, err))
        return false;
    query = query_new(database_of(store), "INSERT INTO session_secrets VALUES (?,?,?)", err);
    query_text(query, row->id);
    query_blob(query, sealed_codes);
    query_blob(query, sealed_ticket);
    return query_run(query, err);
}

static bool read_one(struct query *query, struct session_row *row, struct error *err)
{
    bool ok = query_first(query, "this session", err);
    if (ok)
        read_row(query, row);
    query_free(query);
    return ok;
}

static bool session_get(struct store *store, const char *id, struct session_row *row, struct error *err)
{
    struct query *query = query_new(database_of(store), "SELECT " COLUMNS " FROM sessions WHERE id = ?", err);
    query_text(query, id);
    return read_one(query, row, err);
}

static bool session_by_admission(struct store *store, const char *center, const char *admission,
    struct session_row *row, struct error *err)
{
    struct query *query = query_new(
        database_of(store), "SELECT " COLUMNS " FROM sessions WHERE center = ? AND admission = ?", err);
    query_text(query, center);
    query_text(query, admission);
    return read_one(query, row, err);
}

static const char *or_empty(const char *text)
{
    return text == NULL ? "" : text;
}

/* SQLite picks its index when it prepares: so one statement for each way to ask. */
static const char *filter_sql(const struct session_filter *filter)
{
#define ORDER " ORDER BY created_ms, rowid"
    if (filter->is_passed)
        return "SELECT " COLUMNS " FROM sessions WHERE standing = 'scored' AND passed = 1 AND ?1 = ''"
               " AND ?2 = '' AND ?3 = '' AND closes_ms > ?4 ORDER BY taken_ms, rowid";
    if (or_empty(filter->sitting)[0] != '\0')
        return "SELECT " COLUMNS " FROM sessions WHERE sitting = ?3 AND (?1 = '' OR center = ?1)"
               " AND (?2 = '' OR candidate_id = ?2) AND closes_ms > ?4" ORDER;
    if (or_empty(filter->candidate_id)[0] != '\0')
        return "SELECT " COLUMNS " FROM sessions WHERE (?1 = '' OR center = ?1) AND candidate_id = ?2"
               " AND ?3 = '' AND closes_ms > ?4" ORDER;
    if (or_empty(filter->center)[0] != '\0')
        return "SELECT " COLUMNS
               " FROM sessions WHERE center = ?1 AND ?2 = '' AND ?3 = '' AND closes_ms > ?4" ORDER;
    return "SELECT " COLUMNS " FROM sessions WHERE ?1 = '' AND ?2 = '' AND ?3 = '' AND closes_ms > ?4" ORDER;
#undef ORDER
}

static bool each_session(struct store *store, const struct session_filter *filter, session_each *each,
    void *context, struct error *err)
{
    struct query *query = query_new(database_of(store), filter_sql(filter), err);
    enum query_step step = QUERY_FAILED;
    bool ok = query != NULL;
    query_text(query, or_empty(filter->center));
    query_text(query, or_empty(filter->candidate_id));
    query_text(query, or_empty(filter->sitting));
    query_int(query, filter->closes_after_ms == 0 ? INT64_MIN : filter->closes_after_ms);
    while (ok && (step = query_next(query, err)) == QUERY_ROW) {
        struct session_row row;
        read_row(query, &row);
        ok = each(context, &row, err);
    }
    query_free(query);
    return ok && step == QUERY_DONE;
}

static bool session_codes(struct store *store, const char *id, struct buffer *sealed_codes, struct error *err)
{
    struct query *query =
        query_new(database_of(store), "SELECT sealed_codes FROM session_secrets WHERE session = ?", err);
    query_text(query, id);
    return query_read_blob(query, "this session", sealed_codes, err);
}

static bool session_ticket(
    struct store *store, const char *id, struct buffer *sealed_ticket, struct error *err)
{
    struct query *query =
        query_new(database_of(store), "SELECT sealed_ticket FROM session_secrets WHERE session = ?", err);
    query_text(query, id);
    return query_read_blob(query, "this session", sealed_ticket, err);
}

static bool session_decide(struct store *store, const struct session_row *row, struct error *err)
{
    struct query *query = query_new(database_of(store),
        "UPDATE sessions SET revision = revision + 1, is_replaced = ?, standing = ?, reason = ?, "
        "result_epoch = ?,"
        " transcript = ?, receipt_code = ?, is_journal = ?, passed = ?, points = ?, maximum = ?, scaled = ?,"
        " taken_ms = ? WHERE id = ? AND revision = ?",
        err);
    bind_decision(query, row);
    query_text(query, row->id);
    query_int(query, row->revision);
    if (!query_run(query, err))
        return false;
    return database_changes(database_of(store)) == 1 ||
           error_set(err, ERROR_BUSY, "the session was changed by somebody else meanwhile");
}

static bool session_show(
    struct store *store, const char *id, const char *const *items, size_t count, struct error *err)
{
    struct query *query = query_new(database_of(store), "DELETE FROM shown WHERE session = ?", err);
    query_text(query, id);
    bool ok = query_run(query, err);
    for (size_t i = 0; ok && i < count; i++) {
        query = query_new(database_of(store), "INSERT INTO shown VALUES (?,?,?)", err);
        query_text(query, id);
        query_int(query, (int64_t)i);
        query_text(query, items[i]);
        ok = query_run(query, err);
    }
    return ok;
}

static bool session_shown(
    struct store *store, const char *id, text_each *each, void *context, struct error *err)
{
    struct query *query =
        query_new(database_of(store), "SELECT item FROM shown WHERE session = ? ORDER BY position", err);
    enum query_step step = QUERY_FAILED;
    bool ok = query != NULL;
    query_text(query, id);
    while (ok && (step = query_next(query, err)) == QUERY_ROW) {
        char item[IDENTIFIER_SIZE];
        query_get_text(query, item, sizeof item);
        ok = each(context, item, err);
    }
    query_free(query);
    return ok && step == QUERY_DONE;
}

void sqlite_fill_sessions(struct store *store)
{
    store->session_add = session_add;
    store->session_get = session_get;
    store->session_by_admission = session_by_admission;
    store->session_each = each_session;
    store->session_codes = session_codes;
    store->session_ticket = session_ticket;
    store->session_decide = session_decide;
    store->session_show = session_show;
    store->session_shown = session_shown;
}
