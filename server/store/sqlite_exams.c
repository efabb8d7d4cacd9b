#include "server/store/sqlite.h"

#define COLUMNS                                                                                              \
    "package_id, identifier, version, title, short_title, language, lowest_software, content, "              \
    "result_policy, "                                                                                        \
    "max_time_ms, item_count, digest, bytes, published_ms"

static void read_row(struct query *query, struct exam_row *row)
{
    struct exam_facts *facts = &row->facts;
    query_get_text(query, facts->package_id, sizeof facts->package_id);
    query_get_text(query, facts->identifier, sizeof facts->identifier);
    query_get_text(query, facts->version, sizeof facts->version);
    query_get_text(query, facts->title, sizeof facts->title);
    query_get_text(query, facts->short_title, sizeof facts->short_title);
    query_get_text(query, facts->language, sizeof facts->language);
    query_get_text(query, facts->lowest_software, sizeof facts->lowest_software);
    facts->content = (enum exam_content)query_get_int(query);
    facts->result_policy = (enum result_policy)query_get_int(query);
    facts->max_time_ms = query_get_int(query);
    facts->item_count = (unsigned)query_get_int(query);
    query_get_digest(query, &facts->package_digest);
    facts->package_bytes = query_get_int(query);
    row->published_ms = query_get_int(query);
}

static bool exam_add(
    struct store *store, const struct exam_row *row, struct bytes open, struct bytes key, struct error *err)
{
    const struct exam_facts *facts = &row->facts;
    struct query *query = query_new(database_of(store),
        "INSERT INTO exams (" COLUMNS ", open_file, key_file) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", err);
    query_text(query, facts->package_id);
    query_text(query, facts->identifier);
    query_text(query, facts->version);
    query_text(query, facts->title);
    query_text(query, facts->short_title);
    query_text(query, facts->language);
    query_text(query, facts->lowest_software);
    query_int(query, facts->content);
    query_int(query, facts->result_policy);
    query_int(query, facts->max_time_ms);
    query_int(query, facts->item_count);
    query_blob(query, digest_bytes(&facts->package_digest));
    query_int(query, facts->package_bytes);
    query_int(query, row->published_ms);
    query_blob(query, open);
    query_blob(query, key);
    return query_run(query, err);
}

static bool read_one(struct query *query, struct exam_row *row, struct error *err)
{
    bool ok = query_first(query, "this exam", err);
    if (ok)
        read_row(query, row);
    query_free(query);
    return ok;
}

static bool exam_get(struct store *store, const char *package_id, struct exam_row *row, struct error *err)
{
    struct query *query =
        query_new(database_of(store), "SELECT " COLUMNS " FROM exams WHERE package_id = ?", err);
    query_text(query, package_id);
    return read_one(query, row, err);
}

static bool exam_newest(struct store *store, const char *identifier, struct exam_row *row, struct error *err)
{
    struct query *query = query_new(database_of(store),
        "SELECT " COLUMNS " FROM exams WHERE identifier = ? ORDER BY published_ms DESC, rowid DESC LIMIT 1",
        err);
    query_text(query, identifier);
    return read_one(query, row, err);
}

static bool each_exam(struct store *store, exam_each *each, void *context, struct error *err)
{
    struct query *query =
        query_new(database_of(store), "SELECT " COLUMNS " FROM exams ORDER BY published_ms, rowid", err);
    enum query_step step = QUERY_FAILED;
    bool ok = query != NULL;
    while (ok && (step = query_next(query, err)) == QUERY_ROW) {
        struct exam_row row;
        read_row(query, &row);
        ok = each(context, &row, err);
    }
    query_free(query);
    return ok && step == QUERY_DONE;
}

static bool exam_open_file(
    struct store *store, const char *package_id, struct buffer *file, struct error *err)
{
    struct query *query =
        query_new(database_of(store), "SELECT open_file FROM exams WHERE package_id = ?", err);
    query_text(query, package_id);
    return query_read_blob(query, "this exam", file, err);
}

static bool exam_key_file(struct store *store, const char *package_id, struct buffer *file, struct error *err)
{
    struct query *query =
        query_new(database_of(store), "SELECT key_file FROM exams WHERE package_id = ?", err);
    query_text(query, package_id);
    return query_read_blob(query, "this exam", file, err);
}

void sqlite_fill_exams(struct store *store)
{
    store->exam_add = exam_add;
    store->exam_get = exam_get;
    store->exam_newest = exam_newest;
    store->exam_each = each_exam;
    store->exam_open_file = exam_open_file;
    store->exam_key_file = exam_key_file;
}
