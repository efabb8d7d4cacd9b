/* What append said is on disk is there afterwards, whatever happens in between; what is there was written by
 * us, for this session, in this order. */
#include "core/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/encoding.h"
#include "core/journal_format.h"
#include "core/json.h"
#include "tests/unit/example.h"
#include "tests/unit/model_disk.h"

#define ID "101112131415161718191a1b1c1d1e1f-1"
#define OTHER_ID "101112131415161718191a1b1c1d1e1f-2"
enum { ROOM = 8192, RECORDS_MAX = 4000, TEXT_MAX = 700 };

/* The payloads that a journal gave back. */
struct records {
    size_t count;
    char *texts[RECORDS_MAX];
};

static void forget(struct records *records)
{
    for (size_t i = 0; i < records->count; i++)
        free(records->texts[i]);
    records->count = 0;
}

static void remember(struct records *records, const char *text, size_t len)
{
    assert_true(records->count < RECORDS_MAX);
    records->texts[records->count++] = strndup(text, len);
}

static bool collect(void *context, struct bytes record, struct error *err)
{
    (void)err;
    remember(context, (const char *)record.data, record.len);
    return true;
}

static struct secret *session_key(void)
{
    uint8_t key[KEY_BYTES];
    struct secret *secret;

    for (size_t i = 0; i < sizeof key; i++)
        key[i] = (uint8_t)(0x80 + i);
    secret = secret_copy(bytes_of(key, sizeof key), NULL);
    assert_non_null(secret);
    return secret;
}

static struct journal *open_with(const struct disk *disk, const char *id, bool accept_damage,
    struct records *records, enum journal_end *end, struct error *err)
{
    struct secret *key = session_key();
    struct journal *journal = journal_open(disk, ".", id, key, collect, records, accept_damage, end, err);

    secret_free(key);
    return journal;
}

static struct journal *open_clean(struct records *records)
{
    enum journal_end end = JOURNAL_DAMAGED;
    struct error err = {ERROR_NONE, ""};
    struct journal *journal = open_with(NULL, ID, false, records, &end, &err);

    if (journal == NULL)
        fail_msg("%s", err.text);
    assert_int_equal(end, JOURNAL_CLEAN);
    return journal;
}

static int no_sync(const struct disk *disk, int fd)
{
    (void)disk;
    (void)fd;
    return 0;
}

/* The system's disk without waiting for it, where a test is about something else. */
static const struct disk *hasty_disk(void)
{
    static struct disk disk;

    disk = *disk_system();
    disk.fdatasync = no_sync;
    return &disk;
}

/* Without syncing the folder, which journal_remove does. */
static void remove_files(void)
{
    char path[64];

    for (unsigned file = 0; file < JOURNAL_FILES; file++) {
        (void)snprintf(path, sizeof path, "%s.%u.journal", ID, file);
        (void)unlink(path);
    }
}

static void create(size_t room)
{
    struct error err = {ERROR_NONE, ""};

    remove_files();
    if (!journal_create(hasty_disk(), ".", ID, room, &err))
        fail_msg("%s", err.text);
}

static void append(struct journal *journal, const char *text)
{
    struct error err = {ERROR_NONE, ""};

    if (!journal_append(journal, bytes_of_text(text), &err))
        fail_msg("%s", err.text);
}

static void assert_texts(const struct records *records, size_t count)
{
    char text[32];

    assert_int_equal(records->count, count);
    for (size_t i = 0; i < count; i++) {
        (void)snprintf(text, sizeof text, "record %zu", i);
        assert_string_equal(records->texts[i], text);
    }
}

static void append_texts(struct journal *journal, size_t from, size_t to)
{
    char text[32];

    for (size_t i = from; i < to; i++) {
        (void)snprintf(text, sizeof text, "record %zu", i);
        append(journal, text);
    }
}

static void write_texts(size_t from, size_t to)
{
    struct records records = {0};
    struct journal *journal = open_clean(&records);

    assert_texts(&records, from);
    append_texts(journal, from, to);
    journal_close(journal);
    forget(&records);
}

static void path_of(unsigned file, char path[64])
{
    (void)snprintf(path, 64, "%s.%u.journal", ID, file);
}

static struct buffer content_of(unsigned file)
{
    struct buffer content = {.max = JOURNAL_FILE_MAX_BYTES};
    char path[64];

    path_of(file, path);
    assert_true(file_read(path, &content, NULL));
    return content;
}

static void put_content(unsigned file, struct bytes content)
{
    char path[64];
    int fd;

    path_of(file, path);
    fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, content.data, content.len), content.len);
    (void)close(fd);
}

/* Reads without writing anything. */
static enum journal_end look(struct records *records)
{
    struct buffer files = {.max = 4 * JOURNAL_FILE_MAX_BYTES};
    struct secret *key = session_key();
    enum journal_end end = JOURNAL_DAMAGED;
    struct error err = {ERROR_NONE, ""};

    if (!journal_gather(".", ID, &files, &err) ||
        !journal_read(buffer_bytes(&files), key, ID, collect, records, &end, &err))
        fail_msg("%s", err.text);
    secret_free(key);
    buffer_release(&files);
    return end;
}

/* --- what is written is read ---------------------------------------------------------------------------- */

static void journal_gives_back_what_it_took(void **state)
{
    struct records records = {0};

    (void)state;
    create(ROOM);
    assert_int_equal(look(&records), JOURNAL_CLEAN);
    assert_int_equal(records.count, 0);
    write_texts(0, 5);
    write_texts(5, 5); /* opened, nothing written */
    write_texts(5, 6);
    write_texts(6, 20); /* three runs in one file */
    assert_int_equal(look(&records), JOURNAL_CLEAN);
    assert_texts(&records, 20);
    forget(&records);
}

static void journal_takes_a_record_of_any_allowed_size(void **state)
{
    static const size_t sizes[] = {0, 1, RECORD_MAX_BYTES};
    struct records records = {0};
    char *text = calloc(1, RECORD_MAX_BYTES + 2);
    struct journal *journal;
    struct error err = {ERROR_NONE, ""};

    (void)state;
    create(RECORD_MAX_BYTES + ROOM);
    journal = open_clean(&records);
    memset(text, 'x', RECORD_MAX_BYTES + 1);
    for (size_t i = 0; i < 3; i++)
        assert_true(journal_append(journal, bytes_of(text, sizes[i]), &err));
    assert_false(journal_append(journal, bytes_of(text, RECORD_MAX_BYTES + 1), &err));
    assert_int_equal(err.code, ERROR_LIMIT);
    journal_close(journal);
    assert_int_equal(look(&records), JOURNAL_CLEAN);
    assert_int_equal(records.count, 3);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(strlen(records.texts[i]), sizes[i]);
    free(text);
    forget(&records);
}

/* A tag may end in zeros, and zeros at the end are cut off when the files are gathered. */
static void journal_reads_tags_that_end_in_zeros(void **state)
{
    struct records records = {0};
    enum journal_end end;
    struct journal *journal;
    size_t seen = 0;

    (void)state;
    create(256 * 1024);
    journal = open_with(hasty_disk(), ID, false, &records, &end, NULL);
    for (size_t i = 0; i < 2500 && seen < 3; i++) {
        uint8_t tag[GCM_TAG_BYTES];
        append(journal, "zero?");
        assert_int_equal(journal_records(journal, tag), i + 1);
        if (tag[GCM_TAG_BYTES - 1] != 0)
            continue;
        seen++;
        assert_int_equal(look(&records), JOURNAL_CLEAN);
        assert_int_equal(records.count, i + 1);
        forget(&records);
    }
    assert_true(seen > 0);
    journal_close(journal);
}

static void journal_is_one_process_s_at_a_time(void **state)
{
    struct records records = {0};
    struct journal *journal;
    enum journal_end end;
    struct error err = {ERROR_NONE, ""};

    (void)state;
    create(ROOM);
    write_texts(0, 2);
    journal = open_clean(&records);
    append(journal, "record 2");
    assert_null(open_with(NULL, ID, false, &records, &end, &err));
    assert_int_equal(err.code, ERROR_BUSY);
    journal_close(journal);
    forget(&records);
}

/* Made by another program from the page's words: two runs in one file, whose last record failed to sync and
 * was written again in the next file. */
static void journal_reads_the_example(void **state)
{
    struct buffer example = example_object("journal.json");
    struct json *json = json_parse(buffer_bytes(&example), NULL);
    struct json_reader reader = json_reader(json, "example", NULL);
    struct arena arena = {.max = 65536};
    const char *hex = json_get_string(&reader, "files", &arena, 8192);
    const char *id = json_get_string(&reader, "id", &arena, 64);
    const struct json *texts = json_get_array(&reader, "records", 16);
    struct secret *key = secret_new(KEY_BYTES, NULL);
    struct records records = {0};
    enum journal_end end = JOURNAL_DAMAGED;
    struct error err = {ERROR_NONE, ""};
    uint8_t *files;

    (void)state;
    json_get_hex(&reader, "session_key", secret_data(key), KEY_BYTES);
    assert_true(json_done(&reader));
    files = arena_alloc(&arena, strlen(hex) / 2);
    assert_true(hex_decode(hex, files, strlen(hex) / 2));
    if (!journal_read(bytes_of(files, strlen(hex) / 2), key, id, collect, &records, &end, &err))
        fail_msg("%s", err.text);
    assert_int_equal(end, JOURNAL_CLEAN);
    assert_int_equal(records.count, json_count(texts));
    for (size_t i = 0; i < records.count; i++)
        assert_string_equal(records.texts[i], json_text_value(json_at(texts, i)));
    forget(&records);
    secret_free(key);
    arena_release(&arena);
    json_free(json);
    buffer_release(&example);
}

/* --- room ------------------------------------------------------------------------------------------------
 */

static void journal_goes_on_in_the_next_file_when_one_is_full(void **state)
{
    struct records records = {0};
    struct journal *journal;
    struct error err = {ERROR_NONE, ""};
    char text[400] = "";
    size_t count = 0;

    (void)state;
    create(4096);
    journal = open_clean(&records);
    memset(text, 'y', sizeof text - 1);
    while (journal_append(journal, bytes_of_text(text), &err))
        count++;
    assert_int_equal(err.code, ERROR_FULL);
    assert_int_equal(journal_file(journal), 2);
    assert_true(journal_is_failed(journal));
    assert_true(count >= 3 * 8);
    assert_true(journal_append(journal, bytes_of_text("short"), &err));
    assert_false(journal_is_failed(journal));
    journal_close(journal);
    assert_int_equal(look(&records), JOURNAL_CLEAN);
    assert_int_equal(records.count, count + 1);
    forget(&records);
    assert_int_equal(journal_room(40 * 60000, 30) % 4096, 0);
    assert_true(journal_room(SESSION_TIME_MAX_MS, 100) <= JOURNAL_FILE_MAX_BYTES);
}

static bool exists(unsigned file)
{
    char path[64];

    path_of(file, path);
    return access(path, F_OK) == 0;
}

static void journal_create_leaves_all_or_nothing(void **state)
{
    struct model_disk *model = malloc(sizeof *model);
    const unsigned calls = 3 * 3; /* open, write, sync of three files */

    (void)state;
    for (unsigned at = 1; at <= calls + 1; at++)
        for (int fault = FAULT_EIO; fault <= FAULT_SHORT; fault++) {
            struct error err = {ERROR_NONE, ""};
            remove_files();
            model_begin(model, at);
            model_fail(model, at, at, (enum model_fault)fault);
            assert_int_equal(journal_create(&model->disk, ".", ID, ROOM, &err), at > calls);
            for (unsigned file = 0; file < JOURNAL_FILES; file++)
                assert_int_equal(exists(file), at > calls);
            if (at <= calls && at % 3 == 2 && fault == FAULT_SHORT)
                assert_int_equal(err.code, ERROR_FULL);
        }
    free(model);
}

static void journal_create_keeps_a_session_that_began(void **state)
{
    struct records records = {0};
    struct error err = {ERROR_NONE, ""};
    char path[64];

    (void)state;
    create(ROOM);
    path_of(2, path);
    assert_int_equal(unlink(path), 0); /* as a crash at check-in leaves it */
    assert_true(journal_create(NULL, ".", ID, ROOM, NULL));
    write_texts(0, 1);
    assert_false(journal_create(NULL, ".", ID, ROOM, &err));
    assert_int_equal(err.code, ERROR_REFUSED);
    assert_int_equal(look(&records), JOURNAL_CLEAN);
    assert_texts(&records, 1);
    forget(&records);
    assert_true(journal_remove(".", ID, NULL));
    assert_true(journal_remove(".", ID, NULL));
    assert_false(exists(0));
    assert_null(open_with(NULL, ID, false, &records, &(enum journal_end){JOURNAL_CLEAN}, &err));
    assert_int_equal(err.code, ERROR_NOT_FOUND);
}

/* --- cut, flipped, moved ---------------------------------------------------------------------------------
 */

/* Records 0 … 6 in two runs. */
static struct buffer two_runs(void)
{
    create(ROOM);
    write_texts(0, 4);
    write_texts(4, 7);
    return content_of(0);
}

static void journal_cut_at_any_byte_goes_on(void **state)
{
    static const uint8_t zeros[ROOM];
    struct model_disk *model = malloc(sizeof *model);
    struct buffer whole = two_runs();
    const size_t used = used_bytes(buffer_bytes(&whole));
    size_t before = 0;

    (void)state;
    for (size_t cut = 0; cut <= used; cut++)
        for (int is_zeroed = 0; is_zeroed < 2; is_zeroed++) {
            struct records records = {0};
            struct buffer rest = {.max = ROOM};
            struct error err = {ERROR_NONE, ""};
            enum journal_end end = JOURNAL_DAMAGED;
            struct journal *journal;
            size_t count;

            model_begin(model, cut);
            for (unsigned file = 1; file < JOURNAL_FILES; file++)
                put_content(
                    file, bytes_of(zeros, sizeof zeros)); /* not synced: the test is about what is read */
            buffer_add(&rest, whole.data, cut);
            if (is_zeroed)
                (void)buffer_extend(&rest, ROOM - cut); /* the pre-written zeros, as after a torn write */
            put_content(0, buffer_bytes(&rest));
            journal = open_with(&model->disk, ID, false, &records, &end, &err);
            if (journal == NULL)
                fail_msg("cut at %zu: %s", cut, err.text);
            assert_int_not_equal(end, JOURNAL_DAMAGED);
            count = records.count;
            assert_texts(&records, count);
            assert_true(count >= before && count <= 7);
            append_texts(journal, count, count + 2);
            journal_close(journal);
            forget(&records);
            assert_int_equal(look(&records), JOURNAL_CLEAN);
            assert_texts(&records, count + 2);
            forget(&records);
            buffer_release(&rest);
            before = is_zeroed ? before : count;
        }
    assert_int_equal(before, 7);
    free(model);
    buffer_release(&whole);
}

/* What is behind the flipped bit is not believed, what is before it is; only a flip in the very last record
 * may look like one that was never finished. */
static void journal_refuses_every_flipped_bit(void **state)
{
    struct buffer whole = two_runs();
    const size_t used = used_bytes(buffer_bytes(&whole));

    (void)state;
    for (size_t bit = 0; bit < 8 * used; bit++) {
        struct records records = {0};
        enum journal_end end;

        whole.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
        put_content(0, buffer_bytes(&whole));
        end = look(&records);
        assert_int_not_equal(end, JOURNAL_CLEAN);
        assert_true(records.count < 7);
        assert_texts(&records, records.count);
        assert_true(end == JOURNAL_DAMAGED || (records.count == 6 && bit / 8 == used - 1));
        whole.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
        forget(&records);
    }
    buffer_release(&whole);
}

static void journal_with_damage_goes_on_by_staff_only(void **state)
{
    struct buffer whole = two_runs(), kept;
    struct records records = {0};
    enum journal_end end = JOURNAL_CLEAN;
    struct error err = {ERROR_NONE, ""};
    struct journal *journal;

    (void)state;
    whole.data[RUN_HEADER_BYTES + 2 * (RECORD_OVERHEAD + 8) + LENGTH_BYTES + 3] ^= 1; /* in record 2 */
    put_content(0, buffer_bytes(&whole));
    assert_null(open_with(NULL, ID, false, &records, &end, &err));
    assert_int_equal(end, JOURNAL_DAMAGED);
    assert_int_equal(err.code, ERROR_FORMAT);
    forget(&records);
    journal = open_with(NULL, ID, true, &records, &end, &err);
    assert_non_null(journal);
    assert_int_equal(end, JOURNAL_DAMAGED);
    assert_texts(&records, 2);
    assert_int_equal(journal_file(journal), 1);
    append_texts(journal, 2, 5);
    journal_close(journal);
    forget(&records);
    assert_int_equal(look(&records), JOURNAL_CLEAN); /* decided: not asked again */
    assert_texts(&records, 5);
    forget(&records);
    kept = content_of(0);
    assert_memory_equal(kept.data, whole.data, whole.len);
    buffer_release(&kept);
    buffer_release(&whole);
}

static void swap_bytes(uint8_t *a, uint8_t *b, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        const uint8_t byte = a[i];
        a[i] = b[i];
        b[i] = byte;
    }
}

static void journal_refuses_records_in_another_order(void **state)
{
    const size_t record = RECORD_OVERHEAD + 8;
    struct buffer whole = two_runs();
    struct records records = {0};

    (void)state;
    swap_bytes(whole.data + RUN_HEADER_BYTES + record, whole.data + RUN_HEADER_BYTES + 2 * record, record);
    put_content(0, buffer_bytes(&whole));
    assert_int_equal(look(&records), JOURNAL_DAMAGED);
    assert_texts(&records, 1);
    forget(&records);
    buffer_release(&whole);

    whole = two_runs(); /* the second run without the first */
    memmove(
        whole.data, whole.data + RUN_HEADER_BYTES + 4 * record, whole.len - RUN_HEADER_BYTES - 4 * record);
    put_content(0, buffer_bytes(&whole));
    assert_int_equal(look(&records), JOURNAL_DAMAGED);
    assert_int_equal(records.count, 0);
    buffer_release(&whole);

    whole = two_runs(); /* the first run twice */
    memcpy(whole.data + RUN_HEADER_BYTES + 4 * record, whole.data, RUN_HEADER_BYTES + 3 * record);
    put_content(0, buffer_bytes(&whole));
    assert_int_equal(look(&records), JOURNAL_DAMAGED);
    assert_texts(&records, 4);
    forget(&records);
    buffer_release(&whole);
}

/* Two files with records, by way of a disk that fails once. */
static void two_files(void)
{
    struct model_disk *model = malloc(sizeof *model);
    struct records records = {0};
    enum journal_end end;
    struct journal *journal;

    create(ROOM);
    write_texts(0, 3);
    model_begin(model, 1);
    journal = open_with(&model->disk, ID, false, &records, &end, NULL);
    assert_non_null(journal);
    append_texts(journal, 3, 5);
    model_fail(model, 2, 2, FAULT_EIO); /* the sync of the next append */
    append_texts(journal, 5, 8);
    assert_int_equal(journal_file(journal), 1);
    journal_close(journal);
    forget(&records);
    free(model);
}

/* A seat's disk copied, used, put back and used again: two histories with the same numbers don't mix. */
static void journal_refuses_a_run_of_another_history(void **state)
{
    const size_t record = RECORD_OVERHEAD + 8, run = RUN_HEADER_BYTES + 3 * record;
    struct records records = {0};
    struct buffer copy, first, second;

    (void)state;
    create(ROOM);
    write_texts(0, 3);
    copy = content_of(0);
    write_texts(3, 6);
    first = content_of(0);
    put_content(0, buffer_bytes(&copy));
    write_texts(3, 6);
    write_texts(6, 9);
    second = content_of(0);
    memcpy(first.data + 2 * run, second.data + 2 * run, run);
    put_content(0, buffer_bytes(&first));
    assert_int_equal(look(&records), JOURNAL_DAMAGED);
    assert_texts(&records, 6);
    forget(&records);
    buffer_release(&copy);
    buffer_release(&first);
    buffer_release(&second);
}

/* A record takes the last one's place only as the first of a later file: elsewhere nothing failed before it.
 */
static void journal_replaces_a_record_in_a_later_file_only(void **state)
{
    struct buffer bytes = {.max = ROOM};
    struct records records = {0};
    struct secret *session = session_key();
    struct chain chain = {.next = 0}, shorter;

    (void)state;
    for (int is_second_run = 0; is_second_run < 2; is_second_run++) {
        uint8_t *salt =
            (buffer_add(&bytes, RUN_MAGIC, RUN_MAGIC_BYTES), buffer_extend(&bytes, RUN_SALT_BYTES));
        struct secret *key = run_key(session, salt, ID, 0, NULL);
        shorter = is_second_run ? chain_without_last(&chain) : chain;
        assert_true(record_seal(key, 0, &shorter, bytes_of_text("record 0"), &bytes, NULL));
        chain_extend(&chain, bytes.data + bytes.len - GCM_TAG_BYTES);
        secret_free(key);
    }
    create(ROOM);
    put_content(0, buffer_bytes(&bytes));
    assert_int_equal(look(&records), JOURNAL_DAMAGED);
    assert_texts(&records, 1);
    forget(&records);
    secret_free(session);
    buffer_release(&bytes);
}

static void journal_refuses_files_in_another_order(void **state)
{
    struct records records = {0};
    struct buffer first, second;

    (void)state;
    two_files();
    assert_int_equal(look(&records), JOURNAL_CLEAN);
    assert_texts(&records, 8);
    forget(&records);
    first = content_of(0);
    second = content_of(1);
    put_content(0, buffer_bytes(&second));
    put_content(1, buffer_bytes(&first));
    assert_int_equal(look(&records), JOURNAL_DAMAGED);
    assert_int_equal(records.count, 0);
    put_content(0, buffer_bytes(&first));
    assert_int_equal(look(&records), JOURNAL_DAMAGED); /* the same file twice */
    assert_texts(&records, 6);
    forget(&records);
    buffer_release(&first);
    buffer_release(&second);
}

static void journal_of_another_session_opens_nothing(void **state)
{
    struct buffer whole = two_runs(), files = {.max = ROOM * 4};
    struct records records = {0};
    struct secret *key = session_key(), *other = secret_random(KEY_BYTES, NULL);
    enum journal_end end = JOURNAL_CLEAN;

    (void)state;
    assert_true(journal_gather(".", ID, &files, NULL));
    assert_true(journal_read(buffer_bytes(&files), key, OTHER_ID, collect, &records, &end, NULL));
    assert_int_equal(end, JOURNAL_DAMAGED);
    assert_true(journal_read(buffer_bytes(&files), other, ID, collect, &records, &end, NULL));
    assert_int_equal(end, JOURNAL_DAMAGED);
    assert_int_equal(records.count, 0);
    secret_free(key);
    secret_free(other);
    buffer_release(&files);
    buffer_release(&whole);
}

static void journal_gathered_is_refused_unless_whole(void **state)
{
    struct buffer whole = two_runs(), files = {.max = ROOM * 4};
    struct records records = {0};
    struct secret *key = session_key();
    enum journal_end end = JOURNAL_CLEAN;
    struct error err = {ERROR_NONE, ""};

    (void)state;
    assert_true(journal_gather(".", ID, &files, NULL));
    for (size_t len = 0; len < files.len; len++)
        assert_false(journal_read(bytes_of(files.data, len), key, ID, collect, &records, &end, &err));
    assert_int_equal(err.code, ERROR_FORMAT);
    buffer_add(&files, "", 1);
    assert_false(journal_read(buffer_bytes(&files), key, ID, collect, &records, &end, &err));
    assert_int_equal(records.count, 0);
    secret_free(key);
    buffer_release(&files);
    buffer_release(&whole);
}

static bool refuse_third(void *context, struct bytes record, struct error *err)
{
    size_t *count = context;

    (void)record;
    return ++*count < 3 || error_set(err, ERROR_REFUSED, "not this one");
}

static void journal_stops_where_the_replay_refuses(void **state)
{
    struct buffer whole = two_runs();
    struct secret *key = session_key();
    enum journal_end end;
    struct error err = {ERROR_NONE, ""};
    size_t count = 0;

    (void)state;
    assert_null(journal_open(NULL, ".", ID, key, refuse_third, &count, false, &end, &err));
    assert_string_equal(err.text, "not this one");
    assert_int_equal(count, 3);
    secret_free(key);
    buffer_release(&whole);
}

/* --- disks that fail --------------------------------------------------------------------------------------
 */

/* What is known of a session while its disk fails: what was acknowledged, and what was tried since without
 * success. */
struct history {
    struct records acknowledged, tried;
    size_t number;
};

/* Tries one more record, of a length of its own. */
static void try_append(struct model_disk *model, struct journal *journal, struct history *history)
{
    const size_t filler = (size_t)model_random(model, model_random(model, 8) == 0 ? 600 : 60);
    char text[TEXT_MAX];

    (void)snprintf(text, sizeof text, "%zu %0*d", history->number++, (int)filler + 1, 0);
    if (journal_append(journal, bytes_of_text(text), NULL)) {
        remember(&history->acknowledged, text, strlen(text));
        forget(&history->tried);
    } else {
        remember(&history->tried, text, strlen(text));
    }
}

static bool was_tried(const struct history *history, const char *text)
{
    for (size_t i = 0; i < history->tried.count; i++)
        if (strcmp(history->tried.texts[i], text) == 0)
            return true;
    return false;
}

/* Everything acknowledged is there, in order, and behind it at most one record that was tried. What is there
 * counts as acknowledged from now on: it was given back. */
static void assert_kept(struct history *history, struct records *found, const char *when, unsigned at)
{
    const size_t count = history->acknowledged.count;

    if (found->count < count || found->count > count + 1)
        fail_msg("%s %u: %zu records of %zu", when, at, found->count, count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(found->texts[i], history->acknowledged.texts[i]) != 0)
            fail_msg("%s %u: record %zu differs", when, at, i);
    if (found->count > count && !was_tried(history, found->texts[count]))
        fail_msg("%s %u: a record that was never tried", when, at);
}

/* An open that succeeded has made sure of what it gave back: that counts as acknowledged from now on. */
static void take_as_acknowledged(struct history *history, const struct records *found)
{
    const size_t count = history->acknowledged.count;

    if (found->count > count)
        remember(&history->acknowledged, found->texts[count], strlen(found->texts[count]));
    forget(&history->tried);
}

/* Opens again after whatever happened; a tear over several sectors may look like damage, which staff accept.
 */
static struct journal *open_again(
    struct model_disk *model, struct history *history, const char *when, unsigned at)
{
    struct records found = {0};
    enum journal_end end = JOURNAL_CLEAN;
    struct error err = {ERROR_NONE, ""};
    struct journal *journal = open_with(&model->disk, ID, true, &found, &end, &err);

    if (journal == NULL && err.code != ERROR_IO && err.code != ERROR_FULL)
        fail_msg("%s %u: %s", when, at, err.text);
    assert_kept(history, &found, when, at);
    if (journal != NULL)
        take_as_acknowledged(history, &found);
    forget(&found);
    return journal;
}

/* One call fails, or all from one on, in a session of two runs; then the process or the power goes. */
static void fail_at(
    struct model_disk *model, unsigned at, unsigned to, enum model_fault fault, bool is_power_cut)
{
    struct history history = {.number = 0};
    struct journal *journal;

    remove_files();
    model_begin(model, at);
    assert_true(journal_create(&model->disk, ".", ID, ROOM, NULL));
    journal = open_again(model, &history, "first", at);
    for (size_t i = 0; i < 3; i++)
        try_append(model, journal, &history);
    journal_close(journal);
    model_fail(model, at, to, fault);
    journal = open_again(model, &history, "second", at);
    for (size_t i = 0; i < 5 && journal != NULL; i++)
        try_append(model, journal, &history);
    journal_close(journal);
    model_heal(model);
    if (is_power_cut)
        model_power_cut(model);
    journal = open_again(model, &history, is_power_cut ? "after a power cut" : "after a crash", at);
    assert_non_null(journal);
    for (size_t i = 0; i < 2; i++)
        try_append(model, journal, &history);
    assert_int_equal(history.tried.count, 0);
    journal_close(journal);
    model_power_cut(model);
    journal_close(open_again(model, &history, "at the end", at));
    forget(&history.acknowledged);
}

static void journal_keeps_what_it_acknowledged_when_a_call_fails(void **state)
{
    struct model_disk *model = malloc(sizeof *model);

    (void)state;
    for (unsigned at = 1; at <= 16; at++)
        for (unsigned length = 1; length <= 3; length++)
            for (int fault = FAULT_EIO; fault <= FAULT_DEATH; fault++)
                for (int is_power_cut = 0; is_power_cut < 2; is_power_cut++)
                    fail_at(model, at, at + length - 1, (enum model_fault)fault, is_power_cut);
    free(model);
}

static void assert_one_failure_is_survived(struct model_disk *model, unsigned at, enum model_fault fault)
{
    struct records records = {0};
    enum journal_end end;
    struct journal *journal;

    create(ROOM);
    model_begin(model, at);
    journal = open_with(&model->disk, ID, false, &records, &end, NULL);
    model_fail(model, at, at, fault);
    append_texts(journal, 0, 8);
    assert_false(journal_is_failed(journal));
    assert_int_equal(journal_file(journal), 1);
    journal_close(journal);
    assert_int_equal(look(&records), JOURNAL_CLEAN);
    assert_texts(&records, 8);
    forget(&records);
}

static void journal_goes_on_after_any_one_failed_write_or_sync(void **state)
{
    struct model_disk *model = malloc(sizeof *model);

    (void)state;
    for (unsigned at = 1; at <= 14; at++) {
        assert_one_failure_is_survived(model, at, FAULT_EIO);
        assert_one_failure_is_survived(model, at, FAULT_SHORT);
    }
    free(model);
}

static void journal_says_when_nothing_can_be_saved(void **state)
{
    struct model_disk *model = malloc(sizeof *model);
    struct records records = {0};
    enum journal_end end;
    struct error err = {ERROR_NONE, ""};
    struct journal *journal;

    (void)state;
    create(ROOM);
    model_begin(model, 1);
    journal = open_with(&model->disk, ID, false, &records, &end, NULL);
    append_texts(journal, 0, 2);
    model_fail(model, 1, 100, FAULT_EIO);
    assert_false(journal_append(journal, bytes_of_text("lost"), &err));
    assert_int_equal(err.code, ERROR_IO);
    assert_true(journal_is_failed(journal));
    assert_false(journal_append(journal, bytes_of_text("lost"), &err));
    assert_string_equal(err.text, "no file of the journal can be written any more");
    journal_close(journal);
    (void)look(&records);
    assert_true(records.count >= 2);
    forget(&records);
    free(model);
}

/* The rest of a long record that was torn must not lie behind a shorter one: it would look like damage. */
static void journal_clears_what_was_torn(void **state)
{
    struct model_disk *model = malloc(sizeof *model);
    struct records records = {0};
    char text[400] = "";

    (void)state;
    memset(text, 'z', sizeof text - 1);
    for (unsigned seed = 1; seed <= 8; seed++) {
        enum journal_end end;
        struct journal *journal;

        create(ROOM);
        model_begin(model, seed);
        journal = open_with(&model->disk, ID, false, &records, &end, NULL);
        append_texts(journal, 0, 1);
        model_fail(model, 1, 1, FAULT_DEATH);
        assert_false(journal_append(journal, bytes_of_text(text), NULL));
        journal_close(journal);
        journal = open_with(NULL, ID, false, &records, &end, NULL);
        assert_int_equal(end, JOURNAL_TORN);
        append_texts(journal, 1, 2);
        journal_close(journal);
        forget(&records);
        assert_int_equal(look(&records), JOURNAL_CLEAN);
        assert_texts(&records, 2);
        forget(&records);
    }
    free(model);
}

/* A record that failed to sync is still in memory's pages when the process that would have written it
 * elsewhere is killed in that write. The next one reads it: then it must be on disk before it counts. */
static void journal_makes_sure_of_what_it_read(void **state)
{
    struct model_disk *model = malloc(sizeof *model);

    (void)state;
    for (unsigned dead = 2; dead <= 5; dead++)
        for (unsigned seed = 1; seed <= 8; seed++) {
            struct history history = {.number = 0};
            struct journal *journal;

            remove_files();
            model_begin(model, seed);
            assert_true(journal_create(&model->disk, ".", ID, ROOM, NULL));
            journal = open_again(model, &history, "begin, seed", seed);
            try_append(model, journal, &history);
            model_fail(model, 2, 2, FAULT_EIO);
            model->dead_from = model->calls + 1 + dead;
            try_append(model, journal, &history);
            journal_close(journal);
            model_heal(model);
            journal = open_again(model, &history, "read, seed", seed);
            assert_non_null(journal);
            journal_close(journal);
            model_power_cut(model);
            journal_close(open_again(model, &history, "cut, seed", seed));
            forget(&history.acknowledged);
        }
    free(model);
}

/* Random sessions: failures, crashes, power cuts, in any order. */
static void journal_keeps_what_it_acknowledged_whatever_happens(void **state)
{
    struct model_disk *model = malloc(sizeof *model);

    (void)state;
    for (unsigned seed = 1; seed <= 150; seed++) {
        struct history history = {.number = 0};
        struct journal *journal = NULL;

        remove_files();
        model_begin(model, seed);
        assert_true(journal_create(&model->disk, ".", ID, 3 * ROOM, NULL));
        for (size_t turn = 0; turn < 6; turn++) {
            if (model_random(model, 3) > 0)
                model_fail(model, 1 + (unsigned)model_random(model, 20),
                    1 + (unsigned)model_random(model, 22), (enum model_fault)(1 + model_random(model, 3)));
            journal = open_again(model, &history, "seed", seed);
            for (size_t i = model_random(model, 15); i > 0 && journal != NULL; i--)
                try_append(model, journal, &history);
            journal_close(journal);
            model_heal(model);
            if (model_random(model, 2) == 0)
                model_power_cut(model);
        }
        journal_close(open_again(model, &history, "at the end, seed", seed));
        forget(&history.acknowledged);
    }
    free(model);
}

/* --- speed ------------------------------------------------------------------------------------------------
 */

static double seconds(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

enum { ROUNDS = 300, LINE = 120 };

static double time_plain(int fd, int round)
{
    static const char line[LINE + RECORD_OVERHEAD];
    const double began = seconds();

    assert_int_equal(pwrite(fd, line, sizeof line, (off_t)round * (off_t)sizeof line), sizeof line);
    assert_int_equal(fdatasync(fd), 0);
    return seconds() - began;
}

static double time_ours(struct journal *journal)
{
    char line[LINE + 1] = "";
    double began;

    memset(line, 'x', LINE);
    began = seconds();
    append(journal, line);
    return seconds() - began;
}

/* In turns, so that whatever else the machine does meets both. Told, not asserted: tests/bench holds the
 * budget. */
static void journal_append_costs_little_more_than_the_sync(void **state)
{
    struct records records = {0};
    double plain = 0, ours = 0;
    struct journal *journal;
    char path[64];
    int fd;

    (void)state;
    create(512 * 1024);
    path_of(2, path); /* a file that the journal doesn't write yet */
    fd = open(path, O_WRONLY | O_CLOEXEC);
    journal = open_clean(&records);
    for (int round = 0; round < ROUNDS; round++) {
        plain += time_plain(fd, round);
        ours += time_ours(journal);
    }
    journal_close(journal);
    (void)close(fd);
    print_message("append: %.1f us, plain write and fdatasync %.1f us, ratio %.2f (budget 1.2)\n",
        ours / ROUNDS * 1e6, plain / ROUNDS * 1e6, ours / plain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(journal_gives_back_what_it_took),
        cmocka_unit_test(journal_takes_a_record_of_any_allowed_size),
        cmocka_unit_test(journal_reads_tags_that_end_in_zeros),
        cmocka_unit_test(journal_reads_the_example),
        cmocka_unit_test(journal_is_one_process_s_at_a_time),
        cmocka_unit_test(journal_goes_on_in_the_next_file_when_one_is_full),
        cmocka_unit_test(journal_create_leaves_all_or_nothing),
        cmocka_unit_test(journal_create_keeps_a_session_that_began),
        cmocka_unit_test(journal_cut_at_any_byte_goes_on),
        cmocka_unit_test(journal_refuses_every_flipped_bit),
        cmocka_unit_test(journal_with_damage_goes_on_by_staff_only),
        cmocka_unit_test(journal_refuses_records_in_another_order),
        cmocka_unit_test(journal_refuses_a_run_of_another_history),
        cmocka_unit_test(journal_replaces_a_record_in_a_later_file_only),
        cmocka_unit_test(journal_refuses_files_in_another_order),
        cmocka_unit_test(journal_of_another_session_opens_nothing),
        cmocka_unit_test(journal_gathered_is_refused_unless_whole),
        cmocka_unit_test(journal_stops_where_the_replay_refuses),
        cmocka_unit_test(journal_goes_on_after_any_one_failed_write_or_sync),
        cmocka_unit_test(journal_says_when_nothing_can_be_saved),
        cmocka_unit_test(journal_keeps_what_it_acknowledged_when_a_call_fails),
        cmocka_unit_test(journal_clears_what_was_torn),
        cmocka_unit_test(journal_makes_sure_of_what_it_read),
        cmocka_unit_test(journal_keeps_what_it_acknowledged_whatever_happens),
        cmocka_unit_test(journal_append_costs_little_more_than_the_sync),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
