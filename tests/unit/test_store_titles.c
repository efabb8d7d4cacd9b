/* The store's programmes and titles; and a store of version 1, which is taken along. */
#include "server/store/store.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/file.h"

#define PATH "titles.db"
#define NOW 1790000000000

static struct error err;

static int fresh(void **state)
{
    (void)state;
    err = (struct error){ERROR_NONE, ""};
    (void)unlink(PATH);
    (void)unlink(PATH "-wal");
    (void)unlink(PATH "-shm");
    return 0;
}

static void must(bool ok)
{
    if (!ok)
        fail_msg("%s", err.text);
}

static struct store *open_store(void)
{
    struct store *store = sqlite_store_open(PATH, false, &err);
    if (store == NULL)
        fail_msg("%s", err.text);
    return store;
}

/* --- programmes ------------------------------------------------------------------------------- */

static void add_programme(struct store *store, const char *id, int64_t in_force_ms, const char *content)
{
    struct programme_row row = {.in_force_ms = in_force_ms, .published_ms = NOW, .published_by = "board"};
    snprintf(row.id, sizeof row.id, "%s", id);
    must(store->programme_add(store, &row, bytes_of_text(content), &err));
}

static bool note_programme(
    void *context, const struct programme_row *row, struct bytes content, struct error *unused)
{
    (void)unused;
    return buffer_addf(context, "%s=", row->id) && buffer_add_bytes(context, content) &&
           buffer_add_text(context, " ");
}

static void expect_in_force(struct store *store, int64_t at_ms, const char *expected)
{
    struct buffer text = {.max = 1000};
    must(store->programme_each(store, at_ms, note_programme, &text, &err));
    assert_string_equal(text.len == 0 ? "" : buffer_text(&text), expected);
    buffer_release(&text);
}

static void programmes_are_in_force_from_their_moment_on(void **state)
{
    (void)state;
    struct store *store = open_store();
    expect_in_force(store, NOW, "");
    add_programme(store, "python", NOW, "p1");
    add_programme(store, "python", NOW + 1000, "p2");
    add_programme(store, "java", NOW + 500, "j1");
    expect_in_force(store, NOW - 1, "");
    expect_in_force(store, NOW, "python=p1 ");
    expect_in_force(store, NOW + 999, "java=j1 python=p1 ");
    expect_in_force(store, NOW + 1000, "java=j1 python=p2 ");
    expect_in_force(store, INT64_MAX, "java=j1 python=p2 ");
    store->close(store);
}

static void programme_of_that_moment_is_there_once(void **state)
{
    (void)state;
    struct store *store = open_store();
    const struct programme_row again = {.id = "python", .in_force_ms = NOW};
    add_programme(store, "python", NOW, "p1");
    assert_false(store->programme_add(store, &again, bytes_of_text("p2"), &err));
    assert_int_equal(err.code, ERROR_REFUSED);
    expect_in_force(store, NOW, "python=p1 ");
    store->close(store);
}

/* --- titles ----------------------------------------------------------------------------------- */

static struct title_row add_title(
    struct store *store, const char *candidate, const char *title, const char *session)
{
    struct title_row row = {.programme = "python",
        .rules_ms = NOW - 5,
        .awarded_ms = NOW,
        .expires_ms = NOW + 9,
        .state = TITLE_HELD};
    const struct title_decision award = {
        .at_ms = NOW + 1, .act = "award", .who = "the server", .reason = "passed"};
    snprintf(row.candidate_id, sizeof row.candidate_id, "%s", candidate);
    snprintf(row.title, sizeof row.title, "%s", title);
    snprintf(row.session, sizeof row.session, "%s", session);
    must(store->title_add(store, &row, &award, &err));
    return row;
}

static bool note_title(void *context, const struct title_row *row, struct error *unused)
{
    (void)unused;
    return buffer_addf(
        context, "%s/%s/%s:%s ", row->programme, row->title, row->session, title_state_name(row->state));
}

static void expect_titles(struct store *store, const char *candidate, const char *expected)
{
    struct buffer text = {.max = 1000};
    must(store->title_each(store, candidate, note_title, &text, &err));
    assert_string_equal(text.len == 0 ? "" : buffer_text(&text), expected);
    buffer_release(&text);
}

static bool note_decision(void *context, const struct title_decision *decision, struct error *unused)
{
    (void)unused;
    return buffer_addf(context, "%lld %s %s: %s\n", (long long)(decision->at_ms - NOW), decision->act,
        decision->who, decision->reason);
}

static void titles_keep_every_decision(void **state)
{
    (void)state;
    struct buffer text = {.max = 1000};
    struct store *store = open_store();
    const struct title_row row = add_title(store, "alex", "pcap", "s1");
    const struct title_decision revoke = {.at_ms = NOW + 2, .act = "revoke", .who = "board", .reason = "why"},
                                restore = {.at_ms = NOW + 3, .act = "restore", .who = "b", .reason = "so"};
    must(store->title_decide(store, row.number, TITLE_REVOKED, &revoke, &err));
    expect_titles(store, "alex", "python/pcap/s1:revoked ");
    must(store->title_decide(store, row.number, TITLE_HELD, &restore, &err));
    expect_titles(store, "alex", "python/pcap/s1:held ");
    must(store->title_decisions(store, row.number, note_decision, &text, &err));
    assert_string_equal(
        buffer_text(&text), "1 award the server: passed\n2 revoke board: why\n3 restore b: so\n");
    buffer_release(&text);
    assert_false(store->title_decide(store, row.number + 1, TITLE_HELD, &restore, &err));
    assert_int_equal(err.code, ERROR_NOT_FOUND);
    store->close(store);
}

static void titles_are_a_candidates_own_in_order(void **state)
{
    (void)state;
    struct store *store = open_store();
    add_title(store, "alex", "pcap", "s1");
    add_title(store, "kim", "pcap", "s2");
    add_title(store, "alex", "cepp", "");
    add_title(store, "kim", "cepp", "");
    expect_titles(store, "alex", "python/pcap/s1:held python/cepp/:held ");
    expect_titles(store, "kim", "python/pcap/s2:held python/cepp/:held ");
    expect_titles(store, "nobody", "");
    store->close(store);
}

static void titles_come_of_a_session_once(void **state)
{
    (void)state;
    struct store *store = open_store();
    struct title_row again = add_title(store, "alex", "pcap", "s1");
    const struct title_decision award = {.act = "award"};
    assert_false(store->title_add(store, &again, &award, &err));
    assert_int_equal(err.code, ERROR_REFUSED);
    store->close(store);
}

/* --- a store of version 1 --------------------------------------------------------------------- */

static void run_sql(sqlite3 *handle, const char *sql)
{
    char *fault = NULL;
    if (sqlite3_exec(handle, sql, NULL, NULL, &fault) != SQLITE_OK)
        fail_msg("%s", fault);
}

/* As the first released program made it: its tables, an exam, a sitting, four sessions in their standings. */
static void make_version_1(const char *more)
{
    struct buffer schema = {.max = 1 << 20};
    sqlite3 *handle;
    must(file_read(CARREL_SOURCE_DIR "/server/store/schema.sql", &schema, &err));
    assert_int_equal(sqlite3_open(PATH, &handle), SQLITE_OK);
    run_sql(handle, "PRAGMA journal_mode = WAL");
    run_sql(handle, buffer_text(&schema));
    run_sql(handle, "PRAGMA user_version = 1");
    run_sql(handle,
        "INSERT INTO exams VALUES ('package', 'pcap', '1', 'PCAP', 'PCAP', 'en', '0.1.0', 1, 2, 2400000, 40,"
        "  zeroblob(32), 9, 1, x'00', x'00');"
        "INSERT INTO sittings VALUES ('sitting', 'oslo', 'package', 'T', 'UTC', 1000, 2000, 1, x'00')");
    static const char *const sessions[] = {"'early',", "'late',", "'held',", "'admitted',"};
    static const char *const standings[] = {
        "'scored', '', 1", "'scored', '', 1", "'held', 'why', 1", "'admitted', '', 0"};
    static const char *const received[] = {"1500", "9000", "1600", NULL};
    for (int i = 0; i < 4; i++) {
        char sql[600];
        snprintf(sql, sizeof sql,
            "INSERT INTO sessions VALUES (%s 'sitting', 'oslo', 'package', 'A-%d', 'alex-%d', 'Alex', 1, "
            "1000, "
            "2000, 500, 40, 1000, 'light', 100, 1, 0, 3, %s, zeroblob(32), 'CODE', 0, 1, 30, 40, 750)",
            sessions[i], i, i, standings[i]);
        run_sql(handle, sql);
        snprintf(sql, sizeof sql,
            "INSERT INTO results VALUES (%s 1, zeroblob(32), 0, %s, 's', 'scored', '', zeroblob(32), x'00', "
            "x'00', x'00')",
            sessions[i], received[i]);
        if (received[i] != NULL)
            run_sql(handle, sql);
    }
    run_sql(handle, more);
    sqlite3_close(handle);
    buffer_release(&schema);
}

static bool note_session(void *context, const struct session_row *row, struct error *unused)
{
    (void)unused;
    return buffer_addf(context, "%s %s %lld %s%s\n", row->id, standing_name(row->standing),
        (long long)row->taken_ms, row->reason, row->passed ? "passed" : "");
}

static void store_of_version_1_is_taken_along(void **state)
{
    (void)state;
    struct buffer text = {.max = 1000};
    const struct session_filter everybody = {.center = "oslo"}, one = {.candidate_id = "alex-1"};
    make_version_1("");
    struct store *store = open_store();
    must(store->session_each(store, &everybody, note_session, &text, &err));
    assert_string_equal(buffer_text(&text), "early scored 1500 passed\nlate scored 2000 passed\n"
                                            "held held 1600 whypassed\nadmitted admitted 0 passed\n");
    buffer_clear(&text);
    must(store->session_each(store, &one, note_session, &text, &err));
    assert_string_equal(buffer_text(&text), "late scored 2000 passed\n");
    buffer_release(&text);
    add_programme(store, "python", NOW, "p1");
    add_title(store, "alex-0", "pcap", "early");
    store->close(store);
    store = open_store(); /* and it is of version 2 now */
    expect_titles(store, "alex-0", "python/pcap/early:held ");
    store->close(store);
}

static int64_t number_of(const char *sql)
{
    sqlite3 *handle;
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_open(PATH, &handle), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(handle, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    const int64_t number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(handle);
    return number;
}

/* The step's last table is in its way: what it did before that is undone. */
static void step_that_fails_changes_nothing(void **state)
{
    (void)state;
    make_version_1("CREATE TABLE title_decisions (x)");
    assert_null(sqlite_store_open(PATH, false, &err));
    assert_int_equal(number_of("PRAGMA user_version"), 1);
    assert_int_equal(
        number_of("SELECT count(*) FROM sqlite_schema WHERE name IN ('programmes', 'titles')"), 0);
    assert_int_equal(
        number_of("SELECT count(*) FROM pragma_table_info('sessions') WHERE name = 'taken_ms'"), 0);
    assert_int_equal(number_of("SELECT count(*) FROM sessions"), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(programmes_are_in_force_from_their_moment_on, fresh),
        cmocka_unit_test_setup(programme_of_that_moment_is_there_once, fresh),
        cmocka_unit_test_setup(titles_keep_every_decision, fresh),
        cmocka_unit_test_setup(titles_are_a_candidates_own_in_order, fresh),
        cmocka_unit_test_setup(titles_come_of_a_session_once, fresh),
        cmocka_unit_test_setup(store_of_version_1_is_taken_along, fresh),
        cmocka_unit_test_setup(step_that_fails_changes_nothing, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
