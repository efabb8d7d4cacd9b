/* The store: what was committed is there after a start, what wasn't is not, whatever the disk does. */
#include "server/store/store.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define PATH "store.db"
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

static struct store *open_store(void)
{
    struct store *store = sqlite_store_open(PATH, false, &err);
    if (store == NULL)
        fail_msg("%s", err.text);
    return store;
}

static void must(bool ok)
{
    if (!ok)
        fail_msg("%s", err.text);
}

static struct exam_row an_exam(const char *id, const char *identifier, int64_t published_ms)
{
    struct exam_row row = {.published_ms = published_ms};
    snprintf(row.facts.package_id, sizeof row.facts.package_id, "%s", id);
    snprintf(row.facts.identifier, sizeof row.facts.identifier, "%s", identifier);
    snprintf(row.facts.title, sizeof row.facts.title, "An exam");
    row.facts.item_count = 30;
    row.facts.max_time_ms = 2400000;
    return row;
}

static struct session_row a_session(const char *id, const char *center, const char *admission)
{
    struct session_row row = {.epoch = 1, .opens_ms = NOW, .closes_ms = NOW + 1000, .created_ms = NOW};
    snprintf(row.id, sizeof row.id, "%s", id);
    snprintf(row.sitting, sizeof row.sitting, "sitting");
    snprintf(row.center, sizeof row.center, "%s", center);
    snprintf(row.admission, sizeof row.admission, "%s", admission);
    snprintf(row.candidate_id, sizeof row.candidate_id, "candidate-%s", admission);
    return row;
}

/* One exam, one sitting of the center "here". */
static void add_base(struct store *store)
{
    struct exam_row exam = an_exam("package", "pcep", NOW);
    struct sitting_row sitting = {.id = "sitting",
        .center = "here",
        .package_id = "package",
        .opens_ms = NOW,
        .closes_ms = NOW + 1000,
        .created_ms = NOW};
    must(store->exam_add(store, &exam, bytes_of_text("open"), bytes_of_text("key"), &err));
    must(store->sitting_add(store, &sitting, bytes_of_text("codes"), &err));
}

static void add_session(struct store *store, const char *id, const char *center, const char *admission)
{
    struct session_row row = a_session(id, center, admission);
    must(store->session_add(store, &row, bytes_of_text("codes"), bytes_of_text("ticket"), &err));
}

static bool add_result(
    struct store *store, const char *session, unsigned epoch, const char *transcript, bool is_journal)
{
    struct result_row row = {.epoch = epoch,
        .is_journal = is_journal,
        .received_ms = NOW,
        .standing = is_journal ? STANDING_HELD : STANDING_SCORED};
    snprintf(row.session, sizeof row.session, "%s", session);
    digest_of(bytes_of_text(transcript), &row.transcript);
    return store->result_add(
        store, &row, bytes_of_text(transcript), bytes_of_text("receipt"), bytes_of_text("{}"), &err);
}

static bool has_result(struct store *store, const char *session, const char *transcript)
{
    struct result_row row;
    struct digest digest;
    digest_of(bytes_of_text(transcript), &digest);
    return store->result_get(store, session, 1, &digest, &row, NULL);
}

static void store_keeps_what_was_committed_only(void **state)
{
    (void)state;
    struct store *store = open_store();
    must(store->begin(store, &err));
    add_base(store);
    add_session(store, "a", "here", "1");
    assert_int_equal(store->commit(store, &err), STORE_COMMITTED);
    must(store->begin(store, &err));
    add_session(store, "b", "here", "2");
    store->close(store);

    store = open_store();
    struct session_row row;
    must(store->session_get(store, "a", &row, &err));
    assert_string_equal(row.admission, "1");
    assert_int_equal(row.revision, 1);
    assert_int_equal(row.standing, STANDING_ADMITTED);
    assert_false(store->session_get(store, "b", &row, &err));
    assert_int_equal(err.code, ERROR_NOT_FOUND);
    store->close(store);
}

static void store_undoes_one_of_a_group(void **state)
{
    (void)state;
    struct store *store = open_store();
    struct session_row row;
    must(store->begin(store, &err));
    add_base(store);
    must(store->mark(store, &err));
    add_session(store, "a", "here", "1");
    must(store->keep(store, &err));
    must(store->mark(store, &err));
    add_session(store, "b", "here", "2");
    must(store->undo(store, &err));
    must(store->mark(store, &err));
    add_session(store, "c", "here", "3");
    must(store->keep(store, &err));
    assert_int_equal(store->commit(store, &err), STORE_COMMITTED);
    assert_true(store->session_get(store, "a", &row, NULL));
    assert_false(store->session_get(store, "b", &row, NULL));
    assert_true(store->session_get(store, "c", &row, NULL));
    store->close(store);
}

static void store_refuses_what_is_there_already(void **state)
{
    (void)state;
    struct store *store = open_store();
    add_base(store);
    add_session(store, "a", "here", "1");
    struct session_row same_admission = a_session("b", "here", "1");
    assert_false(store->session_add(store, &same_admission, bytes_of_text(""), bytes_of_text(""), &err));
    assert_int_equal(err.code, ERROR_REFUSED);
    must(add_result(store, "a", 1, "transcript", false));
    assert_false(add_result(store, "a", 1, "transcript", false));
    assert_int_equal(err.code, ERROR_REFUSED);
    must(add_result(store, "a", 1, "another", false));
    store->close(store);
}

static void store_gives_a_reader_no_way_to_write(void **state)
{
    (void)state;
    struct store *writer = open_store();
    add_base(writer);
    struct store *reader = sqlite_store_open(PATH, true, &err);
    assert_non_null(reader);
    struct exam_row exam = an_exam("other", "pcep", NOW);
    assert_false(reader->exam_add(reader, &exam, bytes_of_text(""), bytes_of_text(""), &err));
    must(reader->exam_get(reader, "package", &exam, &err));
    reader->close(reader);
    writer->close(writer);
    (void)fresh(NULL);
    assert_null(sqlite_store_open(PATH, true, &err)); /* a reader makes none */
}

static void store_refuses_one_of_a_later_program(void **state)
{
    (void)state;
    sqlite3 *handle;
    assert_int_equal(sqlite3_open(PATH, &handle), SQLITE_OK);
    assert_int_equal(sqlite3_exec(handle, "PRAGMA user_version = 99", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(handle);
    assert_null(sqlite_store_open(PATH, false, &err));
    assert_int_equal(err.code, ERROR_FORMAT);
}

static void store_numbers_rise_whatever_the_clock_does(void **state)
{
    (void)state;
    struct store *store = open_store();
    int64_t number = 0;
    must(store->number(store, "catalog", NOW, &number, &err));
    assert_int_equal(number, NOW);
    must(store->number(store, "catalog", NOW - 5000, &number, &err));
    assert_int_equal(number, NOW + 1);
    must(store->number(store, "ticket", NOW - 5000, &number, &err));
    assert_int_equal(number, NOW - 5000);
    must(store->number(store, "catalog", NOW + 5000, &number, &err));
    assert_int_equal(number, NOW + 5000);
    store->close(store);
}

static void store_finds_the_newest_exam_of_a_name(void **state)
{
    (void)state;
    struct store *store = open_store();
    const char *const ids[] = {"p1", "p2", "p3"};
    const int64_t published[] = {NOW, NOW + 2, NOW + 1};
    for (size_t i = 0; i < 3; i++) {
        struct exam_row row = an_exam(ids[i], "pcep", published[i]);
        must(store->exam_add(store, &row, bytes_of_text("open"), bytes_of_text("key"), &err));
    }
    struct exam_row found;
    must(store->exam_newest(store, "pcep", &found, &err));
    assert_string_equal(found.facts.package_id, "p2");
    assert_int_equal(found.facts.item_count, 30);
    struct buffer file = {.max = 100};
    must(store->exam_key_file(store, "p1", &file, &err));
    assert_string_equal(buffer_text(&file), "key");
    buffer_release(&file);
    assert_false(store->exam_newest(store, "pcap", &found, &err));
    store->close(store);
}

static void store_decides_on_the_newest_revision_only(void **state)
{
    (void)state;
    struct store *store = open_store();
    struct session_row row, other;
    add_base(store);
    add_session(store, "a", "here", "1");
    must(store->session_get(store, "a", &row, &err));
    other = row;
    row.standing = STANDING_SCORED;
    row.points = 25;
    must(store->session_decide(store, &row, &err));
    assert_false(store->session_decide(store, &other, &err));
    assert_int_equal(err.code, ERROR_BUSY);
    must(store->session_get(store, "a", &other, &err));
    assert_int_equal(other.standing, STANDING_SCORED);
    assert_int_equal(other.points, 25);
    assert_int_equal(other.revision, 2);
    store->close(store);
}

static bool count_session(void *context, const struct session_row *row, struct error *unused)
{
    (void)row;
    (void)unused;
    (*(int *)context)++;
    return true;
}

static int count_sessions(struct store *store, struct session_filter filter)
{
    int count = 0;
    must(store->session_each(store, &filter, count_session, &count, &err));
    return count;
}

static void store_filters_sessions(void **state)
{
    (void)state;
    struct store *store = open_store();
    add_base(store);
    add_session(store, "a", "here", "1");
    add_session(store, "b", "here", "2");
    add_session(store, "c", "there", "1");
    assert_int_equal(count_sessions(store, (struct session_filter){.center = ""}), 3);
    assert_int_equal(count_sessions(store, (struct session_filter){.center = "here"}), 2);
    assert_int_equal(
        count_sessions(store, (struct session_filter){.center = "here", .closes_after_ms = NOW + 1000}), 0);
    assert_int_equal(
        count_sessions(store, (struct session_filter){.center = "here", .candidate_id = "candidate-2"}), 1);
    assert_int_equal(count_sessions(store, (struct session_filter){.candidate_id = "candidate-1"}), 2);
    assert_int_equal(count_sessions(store, (struct session_filter){.sitting = "sitting"}), 3);
    assert_int_equal(
        count_sessions(store, (struct session_filter){.sitting = "sitting", .center = "there"}), 1);
    assert_int_equal(count_sessions(store, (struct session_filter){.sitting = "other"}), 0);
    store->close(store);
}

static void put_ticket(
    struct store *store, const char *session, int64_t number, const char *content, int64_t generation)
{
    struct ticket_row row = {.epoch = 1, .number = number, .generation = generation, .bytes = 4};
    snprintf(row.session, sizeof row.session, "%s", session);
    digest_of(bytes_of_text(content), &row.content);
    digest_of(bytes_of_text(content), &row.file);
    must(store->ticket_put(store, &row, bytes_of_text(content), &err));
}

static void store_knows_every_ticket_and_keeps_the_newest(void **state)
{
    (void)state;
    struct store *store = open_store();
    struct buffer file = {.max = 100};
    struct digest first, unknown;
    struct ticket_row row;
    add_base(store);
    add_session(store, "a", "here", "1");
    put_ticket(store, "a", 1, "first", 0);
    put_ticket(store, "a", 2, "second", 0);
    must(store->ticket_get(store, "a", 1, &row, &err));
    assert_int_equal(row.number, 2);
    must(store->ticket_file(store, "a", 1, &file, &err));
    assert_string_equal(buffer_text(&file), "second");
    buffer_release(&file);
    digest_of(bytes_of_text("first"), &first);
    digest_of(bytes_of_text("third"), &unknown);
    assert_true(store->ticket_made(store, "a", 1, &first, &err));
    assert_false(store->ticket_made(store, "a", 1, &unknown, &err));
    assert_false(store->ticket_made(store, "a", 2, &first, &err));
    store->close(store);
}

static bool count_ticket(void *context, const struct ticket_row *row, struct error *unused)
{
    (void)row;
    (void)unused;
    (*(int *)context)++;
    return true;
}

static int count_stale(struct store *store, int64_t now_ms)
{
    int count = 0;
    must(store->ticket_stale(store, "here", now_ms, 10, count_ticket, &count, &err));
    return count;
}

static struct certificate_row a_certificate(const char *name, enum role role, const char *serial)
{
    struct certificate_row row = {.center = "here", .role = role, .added_ms = NOW, .not_after_ms = NOW * 2};
    snprintf(row.name, sizeof row.name, "%s", name);
    snprintf(row.serial, sizeof row.serial, "%s", serial);
    return row;
}

static void store_says_which_tickets_must_be_sealed_again(void **state)
{
    (void)state;
    struct store *store = open_store();
    struct certificate_row seat = a_certificate("seat-1", ROLE_SEAT, "01");
    int64_t generation = -1;
    add_base(store);
    add_session(store, "a", "here", "1");
    must(store->center_generation(store, "here", &generation, &err));
    assert_int_equal(generation, 0);
    put_ticket(store, "a", 1, "first", generation);
    assert_int_equal(count_stale(store, NOW), 0);
    must(store->certificate_add(store, &seat, bytes_of_text("der"), &err));
    assert_int_equal(count_stale(store, NOW), 1);
    assert_int_equal(count_stale(store, NOW + 1000), 1); /* its sitting is over, but it may have to be resumed */
    assert_int_equal(count_stale(store, NOW + 1000 + RESUME_MARGIN_MS), 0);
    must(store->center_generation(store, "here", &generation, &err));
    put_ticket(store, "a", 2, "second", generation);
    assert_int_equal(count_stale(store, NOW), 0);
    must(store->certificate_revoke(store, "here", "seat-1", NOW, "lost", &err));
    assert_int_equal(count_stale(store, NOW), 1);
    assert_false(store->certificate_revoke(store, "here", "seat-2", NOW, "lost", &err));
    assert_int_equal(err.code, ERROR_NOT_FOUND);
    assert_false(store->certificate_add(store, &seat, bytes_of_text("der"), &err));
    assert_int_equal(err.code, ERROR_REFUSED);
    store->close(store);
}

static bool note_certificate(
    void *context, const struct certificate_row *row, struct bytes der, struct error *unused)
{
    (void)unused;
    assert_int_equal(der.len, 3);
    *(struct certificate_row *)context = *row;
    return true;
}

static void store_revokes_a_seat_and_no_staff(void **state)
{
    (void)state;
    struct store *store = open_store();
    struct certificate_row staff = a_certificate("seat-1", ROLE_STAFF, "02"), found;
    must(store->certificate_add(store, &staff, bytes_of_text("der"), &err));
    assert_false(store->certificate_revoke(store, "here", "seat-1", NOW, "lost", &err));
    must(store->certificate_each(store, "here", note_certificate, &found, &err));
    assert_int_equal(found.revoked_ms, 0);
    assert_int_equal(found.role, ROLE_STAFF);
    store->close(store);
}

static void store_prefers_a_result_to_a_journal(void **state)
{
    (void)state;
    struct store *store = open_store();
    struct result_row row;
    struct buffer file = {.max = 100}, receipt = {.max = 100}, score = {.max = 100};
    add_base(store);
    add_session(store, "a", "here", "1");
    must(add_result(store, "a", 1, "journal", true));
    must(store->result_first(store, "a", 1, &row, &err));
    assert_true(row.is_journal);
    must(add_result(store, "a", 1, "transcript", false));
    must(store->result_first(store, "a", 1, &row, &err));
    assert_false(row.is_journal);
    must(store->result_read(store, "a", 1, &row.transcript, &file, &receipt, &score, &err));
    assert_string_equal(buffer_text(&file), "transcript");
    assert_string_equal(buffer_text(&receipt), "receipt");
    assert_string_equal(buffer_text(&score), "{}");
    must(store->result_hold(store, "a", 1, "two of them", &err));
    must(store->result_first(store, "a", 1, &row, &err));
    assert_int_equal(row.standing, STANDING_HELD);
    assert_string_equal(row.reason, "two of them");
    buffer_release(&file);
    buffer_release(&receipt);
    buffer_release(&score);
    store->close(store);
}

static void store_takes_an_invite_once_and_in_time(void **state)
{
    (void)state;
    struct store *store = open_store();
    struct digest code = {{1}}, late = {{2}}, never = {{3}};
    char center[IDENTIFIER_SIZE], seat[IDENTIFIER_SIZE];
    must(store->invite_add(store, &code, "here", "seat-1", NOW + 10, &err));
    must(store->invite_add(store, &late, "here", "seat-2", NOW + 10, &err));
    must(store->invite_take(store, &code, NOW + 9, center, seat, &err));
    assert_string_equal(center, "here");
    assert_string_equal(seat, "seat-1");
    assert_false(store->invite_take(store, &code, NOW + 9, center, seat, &err));
    assert_false(store->invite_take(store, &late, NOW + 10, center, seat, &err));
    assert_false(store->invite_take(store, &never, NOW, center, seat, &err));
    must(store->tidy(store, NOW + 10, &err));
    assert_false(store->invite_take(store, &late, NOW, center, seat, &err));
    store->close(store);
}

static void store_hears_the_newest_status_only(void **state)
{
    (void)state;
    struct store *store = open_store();
    struct session_row row;
    add_base(store);
    add_session(store, "a", "here", "1");
    add_session(store, "b", "there", "1");
    must(store->status_put(store, "here", "seat-1", "b", 1, bytes_of_text("x"), &err));
    must(store->session_get(store, "b", &row, &err));
    assert_int_equal(row.standing, STANDING_ADMITTED); /* not this center's to say */
    must(store->status_put(store, "here", "seat-1", "a", 2, bytes_of_text("x"), &err));
    must(store->session_get(store, "a", &row, &err));
    assert_int_equal(row.standing, STANDING_BEGUN);
    must(store->status_put(store, "here", "seat-1", "", 1, bytes_of_text("old"), &err));
    store->close(store);
}

static bool note_text(void *context, const char *text, struct error *unused)
{
    (void)unused;
    return buffer_addf(context, "%s ", text);
}

static void store_remembers_what_was_shown(void **state)
{
    (void)state;
    struct store *store = open_store();
    static const char *const first[] = {"b", "a", "c"}, *const second[] = {"d"};
    struct buffer text = {.max = 100};
    must(store->session_show(store, "s", first, 3, &err));
    must(store->session_shown(store, "s", note_text, &text, &err));
    assert_string_equal(buffer_text(&text), "b a c ");
    buffer_clear(&text);
    must(store->session_show(store, "s", second, 1, &err));
    must(store->session_shown(store, "s", note_text, &text, &err));
    assert_string_equal(buffer_text(&text), "d ");
    buffer_release(&text);
    store->close(store);
}

/* --- a disk that fails ------------------------------------------------------------------------ */

/* Every write and sync of any file counts down; at zero it fails, and all later ones with it. */
static int calls_left = -1, failure;
static sqlite3_vfs *real_vfs, failing_vfs;

struct failing_file {
    sqlite3_file base;
    sqlite3_file *real;
};

static bool fails_now(void)
{
    if (calls_left < 0)
        return false;
    if (calls_left > 0)
        calls_left--;
    return calls_left == 0;
}

#define REAL(file) (((struct failing_file *)(file))->real)

static int shim_close(sqlite3_file *file)
{
    return REAL(file)->pMethods->xClose(REAL(file));
}
static int shim_read(sqlite3_file *file, void *to, int len, sqlite3_int64 at)
{
    return REAL(file)->pMethods->xRead(REAL(file), to, len, at);
}
static int shim_write(sqlite3_file *file, const void *from, int len, sqlite3_int64 at)
{
    return fails_now() ? failure : REAL(file)->pMethods->xWrite(REAL(file), from, len, at);
}
static int shim_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    return REAL(file)->pMethods->xTruncate(REAL(file), size);
}
static int shim_sync(sqlite3_file *file, int flags)
{
    return fails_now() ? SQLITE_IOERR_FSYNC : REAL(file)->pMethods->xSync(REAL(file), flags);
}
static int shim_size(sqlite3_file *file, sqlite3_int64 *size)
{
    return REAL(file)->pMethods->xFileSize(REAL(file), size);
}
static int shim_lock(sqlite3_file *file, int lock)
{
    return REAL(file)->pMethods->xLock(REAL(file), lock);
}
static int shim_unlock(sqlite3_file *file, int lock)
{
    return REAL(file)->pMethods->xUnlock(REAL(file), lock);
}
static int shim_check(sqlite3_file *file, int *result)
{
    return REAL(file)->pMethods->xCheckReservedLock(REAL(file), result);
}
static int shim_control(sqlite3_file *file, int operation, void *argument)
{
    return REAL(file)->pMethods->xFileControl(REAL(file), operation, argument);
}
static int shim_sector(sqlite3_file *file)
{
    return REAL(file)->pMethods->xSectorSize(REAL(file));
}
static int shim_traits(sqlite3_file *file)
{
    return REAL(file)->pMethods->xDeviceCharacteristics(REAL(file));
}
static int shim_map(sqlite3_file *file, int page, int size, int extend, void volatile **at)
{
    return REAL(file)->pMethods->xShmMap(REAL(file), page, size, extend, at);
}
static int shim_shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
    return REAL(file)->pMethods->xShmLock(REAL(file), offset, count, flags);
}
static void shim_barrier(sqlite3_file *file)
{
    REAL(file)->pMethods->xShmBarrier(REAL(file));
}
static int shim_unmap(sqlite3_file *file, int remove)
{
    return REAL(file)->pMethods->xShmUnmap(REAL(file), remove);
}

static const sqlite3_io_methods shim_methods = {2, shim_close, shim_read, shim_write, shim_truncate,
    shim_sync, shim_size, shim_lock, shim_unlock, shim_check, shim_control, shim_sector, shim_traits,
    shim_map, shim_shm_lock, shim_barrier, shim_unmap, NULL, NULL};

static int shim_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out)
{
    struct failing_file *opened = (struct failing_file *)file;
    (void)vfs;
    opened->real = (sqlite3_file *)(opened + 1);
    int result = real_vfs->xOpen(real_vfs, name, opened->real, flags, out);
    opened->base.pMethods = opened->real->pMethods == NULL ? NULL : &shim_methods;
    return result;
}

static void break_disk_after(int calls, int how)
{
    if (real_vfs == NULL) {
        real_vfs = sqlite3_vfs_find(NULL);
        failing_vfs = *real_vfs;
        failing_vfs.zName = "failing";
        failing_vfs.szOsFile = real_vfs->szOsFile + (int)sizeof(struct failing_file);
        failing_vfs.xOpen = shim_open;
        sqlite3_vfs_register(&failing_vfs, 1);
    }
    calls_left = calls;
    failure = how;
}

/* Commits results one by one until the disk fails; says how far it was told "committed". */
static int commit_until_failure(struct store *store, enum store_commit *last)
{
    for (int i = 0; i < 20; i++) {
        char transcript[20];
        snprintf(transcript, sizeof transcript, "t%d", i);
        *last = STORE_ROLLED_BACK;
        if (!store->begin(store, &err))
            return i;
        bool ok = add_result(store, "a", 1, transcript, false);
        if (!ok)
            store->rollback(store);
        else
            *last = store->commit(store, &err);
        if (!ok || *last != STORE_COMMITTED)
            return i;
    }
    return 20;
}

static void fail_each_call(int how)
{
    for (int calls = 1; calls < 60; calls++) {
        (void)fresh(NULL);
        break_disk_after(-1, how);
        struct store *store = open_store();
        add_base(store);
        add_session(store, "a", "here", "1");
        break_disk_after(calls, how);
        enum store_commit last;
        int committed = commit_until_failure(store, &last);
        store->close(store);
        break_disk_after(-1, how);
        store = open_store();
        for (int i = 0; i < 20; i++) {
            char transcript[20];
            snprintf(transcript, sizeof transcript, "t%d", i);
            bool is_there = has_result(store, "a", transcript);
            if (i < committed && !is_there)
                fail_msg("call %d: %s was committed and is lost", calls, transcript);
            if (i == committed && last == STORE_ROLLED_BACK && is_there)
                fail_msg("call %d: %s was rolled back and is there", calls, transcript);
            if (i > committed && is_there)
                fail_msg("call %d: %s was never written", calls, transcript);
        }
        store->close(store);
    }
}

static void store_loses_nothing_committed_when_a_write_fails(void **state)
{
    (void)state;
    fail_each_call(SQLITE_IOERR_WRITE);
}

static void store_loses_nothing_committed_when_the_disk_is_full(void **state)
{
    (void)state;
    fail_each_call(SQLITE_FULL);
}

static void store_does_not_know_after_a_failed_sync(void **state)
{
    (void)state;
    break_disk_after(-1, SQLITE_IOERR_WRITE);
    struct store *store = open_store();
    add_base(store);
    add_session(store, "a", "here", "1");
    must(store->begin(store, &err));
    must(add_result(store, "a", 1, "t", false));
    break_disk_after(1, SQLITE_IOERR_WRITE);
    assert_int_equal(store->commit(store, &err), STORE_UNKNOWN);
    assert_int_equal(err.code, ERROR_IO);
    break_disk_after(-1, SQLITE_IOERR_WRITE);
    store->close(store);
}

static void store_says_full_and_rolls_back(void **state)
{
    (void)state;
    break_disk_after(-1, SQLITE_FULL);
    struct store *store = open_store();
    add_base(store);
    add_session(store, "a", "here", "1");
    must(store->begin(store, &err));
    must(add_result(store, "a", 1, "t", false));
    break_disk_after(1, SQLITE_FULL);
    assert_int_equal(store->commit(store, &err), STORE_ROLLED_BACK);
    assert_int_equal(err.code, ERROR_FULL);
    break_disk_after(-1, SQLITE_FULL);
    must(store->begin(store, &err)); /* and goes on once there is room */
    must(add_result(store, "a", 1, "t", false));
    assert_int_equal(store->commit(store, &err), STORE_COMMITTED);
    store->close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(store_keeps_what_was_committed_only, fresh),
        cmocka_unit_test_setup(store_undoes_one_of_a_group, fresh),
        cmocka_unit_test_setup(store_refuses_what_is_there_already, fresh),
        cmocka_unit_test_setup(store_gives_a_reader_no_way_to_write, fresh),
        cmocka_unit_test_setup(store_refuses_one_of_a_later_program, fresh),
        cmocka_unit_test_setup(store_numbers_rise_whatever_the_clock_does, fresh),
        cmocka_unit_test_setup(store_finds_the_newest_exam_of_a_name, fresh),
        cmocka_unit_test_setup(store_decides_on_the_newest_revision_only, fresh),
        cmocka_unit_test_setup(store_filters_sessions, fresh),
        cmocka_unit_test_setup(store_knows_every_ticket_and_keeps_the_newest, fresh),
        cmocka_unit_test_setup(store_says_which_tickets_must_be_sealed_again, fresh),
        cmocka_unit_test_setup(store_revokes_a_seat_and_no_staff, fresh),
        cmocka_unit_test_setup(store_prefers_a_result_to_a_journal, fresh),
        cmocka_unit_test_setup(store_takes_an_invite_once_and_in_time, fresh),
        cmocka_unit_test_setup(store_hears_the_newest_status_only, fresh),
        cmocka_unit_test_setup(store_remembers_what_was_shown, fresh),
        cmocka_unit_test_setup(store_loses_nothing_committed_when_a_write_fails, fresh),
        cmocka_unit_test_setup(store_loses_nothing_committed_when_the_disk_is_full, fresh),
        cmocka_unit_test_setup(store_does_not_know_after_a_failed_sync, fresh),
        cmocka_unit_test_setup(store_says_full_and_rolls_back, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
