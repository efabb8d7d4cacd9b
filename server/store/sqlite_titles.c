#include "server/store/sqlite.h"

static const char *const state_names[TITLE_STATES] = {"held", "under-review", "revoked"};

const char *title_state_name(enum title_state state)
{
    return state_names[state];
}

static enum title_state get_state(struct query *query)
{
    char name[16];
    query_get_text(query, name, sizeof name);
    for (int state = 0; state < TITLE_STATES; state++)
        if (strcmp(name, state_names[state]) == 0)
            return (enum title_state)state;
    return TITLE_UNDER_REVIEW; /* of a later program: certainly not held by this one */
}

/* --- programmes ------------------------------------------------------------------------------- */

static bool programme_add(
    struct store *store, const struct programme_row *row, struct bytes content, struct error *err)
{
    struct query *query = query_new(database_of(store), "INSERT INTO programmes VALUES (?,?,?,?,?)", err);
    query_text(query, row->id);
    query_int(query, row->in_force_ms);
    query_int(query, row->published_ms);
    query_text(query, row->published_by);
    query_blob(query, content);
    return query_run(query, err);
}

static bool each_programme(
    struct store *store, int64_t at_ms, programme_each *each, void *context, struct error *err)
{
    struct query *query = query_new(database_of(store),
        "SELECT id, in_force_ms, published_ms, published_by, content FROM programmes AS one"
        " WHERE in_force_ms <= ?1 AND NOT EXISTS (SELECT 1 FROM programmes WHERE id = one.id"
        " AND in_force_ms <= ?1 AND in_force_ms > one.in_force_ms) ORDER BY id",
        err);
    enum query_step step = QUERY_FAILED;
    bool ok = query != NULL;
    query_int(query, at_ms);
    while (ok && (step = query_next(query, err)) == QUERY_ROW) {
        struct programme_row row;
        query_get_text(query, row.id, sizeof row.id);
        row.in_force_ms = query_get_int(query);
        row.published_ms = query_get_int(query);
        query_get_text(query, row.published_by, sizeof row.published_by);
        ok = each(context, &row, query_get_blob(query), err);
    }
    query_free(query);
    return ok && step == QUERY_DONE;
}

/* --- titles ----------------------------------------------------------------------------------- */

static bool add_decision(
    struct store *store, int64_t number, const struct title_decision *decision, struct error *err)
{
    struct query *query =
        query_new(database_of(store), "INSERT INTO title_decisions VALUES (?,?,?,?,?)", err);
    query_int(query, number);
    query_int(query, decision->at_ms);
    query_text(query, decision->act);
    query_text(query, decision->who);
    query_text(query, decision->reason);
    return query_run(query, err);
}

static bool title_add(
    struct store *store, struct title_row *row, const struct title_decision *award, struct error *err)
{
    struct query *query = query_new(database_of(store),
        "INSERT INTO titles (candidate_id, programme, rules_ms, title, session, awarded_ms, expires_ms, "
        "state)"
        " VALUES (?,?,?,?,?,?,?,?) RETURNING number",
        err);
    query_text(query, row->candidate_id);
    query_text(query, row->programme);
    query_int(query, row->rules_ms);
    query_text(query, row->title);
    query_text(query, row->session);
    query_int(query, row->awarded_ms);
    query_int(query, row->expires_ms);
    query_text(query, title_state_name(row->state));
    bool ok = query_first(query, "the title", err);
    if (ok) {
        row->number = query_get_int(query);
        ok = query_next(query, err) == QUERY_DONE; /* only then it is written */
    }
    query_free(query);
    return ok && add_decision(store, row->number, award, err);
}

static void read_title(struct query *query, struct title_row *row)
{
    row->number = query_get_int(query);
    query_get_text(query, row->candidate_id, sizeof row->candidate_id);
    query_get_text(query, row->programme, sizeof row->programme);
    row->rules_ms = query_get_int(query);
    query_get_text(query, row->title, sizeof row->title);
    query_get_text(query, row->session, sizeof row->session);
    row->awarded_ms = query_get_int(query);
    row->expires_ms = query_get_int(query);
    row->state = get_state(query);
}

static bool each_title(
    struct store *store, const char *candidate_id, title_each *each, void *context, struct error *err)
{
    struct query *query = query_new(database_of(store),
        "SELECT number, candidate_id, programme, rules_ms, title, session, awarded_ms, expires_ms, state"
        " FROM titles WHERE candidate_id = ? ORDER BY awarded_ms, number",
        err);
    enum query_step step = QUERY_FAILED;
    bool ok = query != NULL;
    query_text(query, candidate_id);
    while (ok && (step = query_next(query, err)) == QUERY_ROW) {
        struct title_row row;
        read_title(query, &row);
        ok = each(context, &row, err);
    }
    query_free(query);
    return ok && step == QUERY_DONE;
}

static bool title_decide(struct store *store, int64_t number, enum title_state state,
    const struct title_decision *decision, struct error *err)
{
    struct query *query = query_new(database_of(store), "UPDATE titles SET state = ? WHERE number = ?", err);
    query_text(query, title_state_name(state));
    query_int(query, number);
    if (!query_run(query, err))
        return false;
    if (database_changes(database_of(store)) != 1)
        return error_set(err, ERROR_NOT_FOUND, "this title is not there");
    return add_decision(store, number, decision, err);
}

static bool each_decision(
    struct store *store, int64_t number, decision_each *each, void *context, struct error *err)
{
    struct query *query = query_new(database_of(store),
        "SELECT at_ms, act, who, reason FROM title_decisions WHERE title = ? ORDER BY rowid", err);
    enum query_step step = QUERY_FAILED;
    bool ok = query != NULL;
    query_int(query, number);
    while (ok && (step = query_next(query, err)) == QUERY_ROW) {
        struct title_decision decision;
        decision.at_ms = query_get_int(query);
        query_get_text(query, decision.act, sizeof decision.act);
        query_get_text(query, decision.who, sizeof decision.who);
        query_get_text(query, decision.reason, sizeof decision.reason);
        ok = each(context, &decision, err);
    }
    query_free(query);
    return ok && step == QUERY_DONE;
}

void sqlite_fill_titles(struct store *store)
{
    store->programme_add = programme_add;
    store->programme_each = each_programme;
    store->title_add = title_add;
    store->title_each = each_title;
    store->title_decide = title_decide;
    store->title_decisions = each_decision;
}
