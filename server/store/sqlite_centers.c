#include "server/store/sqlite.h"

static bool center_generation(struct store *store, const char *center, int64_t *generation, struct error *err)
{
    struct query *query = query_new(
        database_of(store), "SELECT coalesce(max(generation), 0) FROM centers WHERE center = ?", err);
    query_text(query, center);
    bool ok = query_first(query, "this center", err);
    if (ok)
        *generation = query_get_int(query);
    query_free(query);
    return ok;
}

static bool raise_generation(struct store *store, const char *center, struct error *err)
{
    struct query *query = query_new(database_of(store),
        "INSERT INTO centers VALUES (?, 1) ON CONFLICT (center) DO UPDATE SET generation = generation + 1",
        err);
    query_text(query, center);
    return query_run(query, err);
}

static bool certificate_add(
    struct store *store, const struct certificate_row *row, struct bytes der, struct error *err)
{
    struct query *query =
        query_new(database_of(store), "INSERT INTO certificates VALUES (?,?,?,?,?,?,?,?,?)", err);
    query_text(query, row->center);
    query_text(query, row->serial);
    query_text(query, row->name);
    query_int(query, row->role);
    query_int(query, row->not_after_ms);
    query_int(query, row->added_ms);
    query_int(query, row->revoked_ms);
    query_text(query, row->reason);
    query_blob(query, der);
    return query_run(query, err) && raise_generation(store, row->center, err);
}

static struct bytes read_row(struct query *query, struct certificate_row *row)
{
    query_get_text(query, row->center, sizeof row->center);
    query_get_text(query, row->serial, sizeof row->serial);
    query_get_text(query, row->name, sizeof row->name);
    row->role = (enum role)query_get_int(query);
    row->not_after_ms = query_get_int(query);
    row->added_ms = query_get_int(query);
    row->revoked_ms = query_get_int(query);
    query_get_text(query, row->reason, sizeof row->reason);
    return query_get_blob(query);
}

static bool each_certificate(
    struct store *store, const char *center, certificate_each *each, void *context, struct error *err)
{
    struct query *query = query_new(database_of(store),
        "SELECT center, serial, name, role, not_after_ms, added_ms, revoked_ms, reason, der FROM certificates"
        " WHERE center = ? ORDER BY added_ms, rowid",
        err);
    enum query_step step = QUERY_FAILED;
    bool ok = query != NULL;
    query_text(query, center);
    while (ok && (step = query_next(query, err)) == QUERY_ROW) {
        struct certificate_row row;
        struct bytes der = read_row(query, &row);
        ok = each(context, &row, der, err);
    }
    query_free(query);
    return ok && step == QUERY_DONE;
}

static bool seat_exists(struct store *store, const char *center, const char *seat, struct error *err)
{
    struct query *query = query_new(database_of(store),
        "SELECT 1 FROM certificates WHERE center = ? AND name = ? AND role IN (?, ?)", err);
    query_text(query, center);
    query_text(query, seat);
    query_int(query, ROLE_SEAT);
    query_int(query, ROLE_SEAT_TLS);
    bool ok = query_first(query, "this seat", err);
    query_free(query);
    return ok;
}

static bool certificate_revoke(struct store *store, const char *center, const char *seat, int64_t now_ms,
    const char *reason, struct error *err)
{
    if (!seat_exists(store, center, seat, err))
        return false;
    struct query *query = query_new(database_of(store),
        "UPDATE certificates SET revoked_ms = ?, reason = ?"
        " WHERE center = ? AND name = ? AND role IN (?, ?) AND revoked_ms = 0",
        err);
    query_int(query, now_ms);
    query_text(query, reason);
    query_text(query, center);
    query_text(query, seat);
    query_int(query, ROLE_SEAT);
    query_int(query, ROLE_SEAT_TLS);
    return query_run(query, err) && raise_generation(store, center, err);
}

static bool crl_put(
    struct store *store, const char *center, int64_t made_ms, struct bytes der, struct error *err)
{
    struct query *query = query_new(database_of(store), "INSERT OR REPLACE INTO crls VALUES (?,?,?)", err);
    query_text(query, center);
    query_int(query, made_ms);
    query_blob(query, der);
    return query_run(query, err);
}

static bool crl_get(
    struct store *store, const char *center, int64_t *made_ms, struct buffer *der, struct error *err)
{
    struct query *query =
        query_new(database_of(store), "SELECT made_ms, der FROM crls WHERE center = ?", err);
    query_text(query, center);
    bool ok = query_first(query, "this center's revocation list", err);
    if (ok) {
        int64_t made = query_get_int(query);
        ok = query_get_buffer(query, der, err);
        if (ok)
            *made_ms = made;
    }
    query_free(query);
    return ok;
}

static bool invite_add(struct store *store, const struct digest *code, const char *center, const char *seat,
    int64_t expires_ms, struct error *err)
{
    struct query *query = query_new(database_of(store), "INSERT INTO invites VALUES (?,?,?,?)", err);
    query_blob(query, digest_bytes(code));
    query_text(query, center);
    query_text(query, seat);
    query_int(query, expires_ms);
    return query_run(query, err);
}

static bool invite_take(struct store *store, const struct digest *code, int64_t now_ms,
    char center[IDENTIFIER_SIZE], char seat[IDENTIFIER_SIZE], struct error *err)
{
    struct query *query = query_new(database_of(store),
        "DELETE FROM invites WHERE code = ? AND expires_ms > ? RETURNING center, seat", err);
    query_blob(query, digest_bytes(code));
    query_int(query, now_ms);
    bool ok = query_first(query, "this code", err);
    if (ok) {
        query_get_text(query, center, IDENTIFIER_SIZE);
        query_get_text(query, seat, IDENTIFIER_SIZE);
        ok = query_next(query, err) == QUERY_DONE;
    }
    query_free(query);
    return ok;
}

static bool begin_session(struct store *store, const char *center, const char *session, struct error *err)
{
    struct query *query = query_new(database_of(store),
        "UPDATE sessions SET standing = 'begun', revision = revision + 1"
        " WHERE id = ? AND center = ? AND standing = 'admitted'",
        err);
    query_text(query, session);
    query_text(query, center);
    return query_run(query, err);
}

static bool status_put(struct store *store, const char *center, const char *seat, const char *session,
    int64_t number, struct bytes file, struct error *err)
{
    struct query *query = query_new(database_of(store),
        "INSERT INTO statuses VALUES (?,?,?,?,?) ON CONFLICT (center, seat) DO UPDATE SET"
        " session = excluded.session, number = excluded.number, file = excluded.file"
        " WHERE excluded.number > statuses.number",
        err);
    query_text(query, center);
    query_text(query, seat);
    query_text(query, session);
    query_int(query, number);
    query_blob(query, file);
    return query_run(query, err) && begin_session(store, center, session, err);
}

void sqlite_fill_centers(struct store *store)
{
    store->certificate_add = certificate_add;
    store->certificate_each = each_certificate;
    store->certificate_revoke = certificate_revoke;
    store->center_generation = center_generation;
    store->crl_put = crl_put;
    store->crl_get = crl_get;
    store->invite_add = invite_add;
    store->invite_take = invite_take;
    store->status_put = status_put;
}
