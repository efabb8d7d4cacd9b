/* Reading a journal: following the chain through runs and files.
 *
 * The last record of a file is held back until the next file's first one is seen: if it failed to sync it was
 * written again there, bound to the same record before it, and only the later one counts. */
#include <stdlib.h>
#include <string.h>

#include "core/encoding.h"
#include "core/journal_format.h"

struct reader {
    const struct secret *session_key;
    const char *id;
    journal_replay *replay;
    void *context;
    struct scan *scan;
    struct error *err;
    bool failed; /* for a reason of ours or the replay's, in err */

    unsigned file;
    struct bytes content; /* of this file, with the zeros behind it */
    size_t at;
    struct secret *key; /* of this run; NULL before the first */
    uint64_t number;    /* in this run */
    bool has_taken;     /* a record of this file */
    struct buffer payload;
};

static struct bytes rest_at(const struct reader *reader, size_t at)
{
    return bytes_of(reader->content.data + at, reader->content.len - at);
}

static bool deliver_held(struct reader *reader)
{
    struct scan *scan = reader->scan;

    if (scan->chain.next > 0 && !reader->replay(reader->context, buffer_bytes(&scan->last), reader->err))
        reader->failed = true;
    return !reader->failed;
}

static bool hold(struct reader *reader)
{
    buffer_clear(&reader->scan->last);
    if (buffer_add_bytes(&reader->scan->last, buffer_bytes(&reader->payload)))
        return true;
    reader->failed = true;
    return error_set(reader->err, ERROR_NOMEM, "out of memory");
}

static bool open_payload(struct reader *reader, const struct chain *chain, size_t at)
{
    buffer_clear(&reader->payload);
    return record_open(reader->key, reader->number, chain, rest_at(reader, at), &reader->payload);
}

/* Opens the record at this place as the next of the chain, or, as the first of a later file, as one that
 * takes the place of the chain's last. */
static bool open_next(struct reader *reader, size_t at)
{
    struct scan *scan = reader->scan;
    struct chain shorter;

    if (open_payload(reader, &scan->chain, at))
        return deliver_held(reader);
    if (reader->has_taken || scan->chain.next == 0)
        return false;
    shorter = chain_without_last(&scan->chain);
    if (!open_payload(reader, &shorter, at))
        return false;
    scan->chain = shorter;
    return true;
}

/* Takes the record at `at`, whose run's header, if it is the first, begins at `from`. False: there is none.
 */
static bool take_record(struct reader *reader, size_t from, size_t at)
{
    struct scan *scan = reader->scan;
    size_t end;

    if (!open_next(reader, at) || !hold(reader))
        return false;
    end = at + RECORD_OVERHEAD + reader->payload.len;
    chain_extend(&scan->chain, reader->content.data + end - GCM_TAG_BYTES);
    scan->last_file = reader->file;
    scan->last_at = from;
    scan->good[reader->file] = end;
    reader->at = end;
    reader->number++;
    reader->has_taken = true;
    return true;
}

/* A run begins here: its header, and a first record that opens under its key. */
static bool take_run(struct reader *reader)
{
    const struct bytes rest = rest_at(reader, reader->at);

    if (rest.len < RUN_HEADER_BYTES || memcmp(rest.data, RUN_MAGIC, RUN_MAGIC_BYTES) != 0)
        return false;
    secret_free(reader->key);
    reader->number = 0;
    reader->key =
        run_key(reader->session_key, rest.data + RUN_MAGIC_BYTES, reader->id, reader->file, reader->err);
    if (reader->key == NULL)
        reader->failed = true;
    return !reader->failed && take_record(reader, reader->at, reader->at + RUN_HEADER_BYTES);
}

static bool take_next(struct reader *reader)
{
    if (reader->key != NULL && take_record(reader, reader->at, reader->at))
        return true;
    return !reader->failed && take_run(reader);
}

/* A later file that goes on with the chain settles how the earlier ones ended. */
static void judge_file(struct reader *reader)
{
    struct scan *scan = reader->scan;
    const size_t good = scan->good[reader->file];
    const size_t used = scan->used[reader->file] > good ? scan->used[reader->file] : good;
    const enum journal_end end = judge_rest(bytes_of(reader->content.data + good, used - good));

    if (reader->has_taken || end > scan->end)
        scan->end = end;
}

static void read_file(struct reader *reader, unsigned file, struct bytes content)
{
    reader->file = file;
    reader->content = content;
    reader->at = 0;
    reader->has_taken = false;
    reader->scan->used[file] = used_bytes(content);
    if (reader->scan->used[file] == 0)
        return;
    while (!reader->failed && take_next(reader))
        continue;
    secret_free(reader->key);
    reader->key = NULL;
    judge_file(reader);
}

bool scan_files(const struct bytes files[JOURNAL_FILES], const struct secret *session_key, const char *id,
    journal_replay *replay, void *context, struct scan *scan, struct error *err)
{
    struct reader reader = {.session_key = session_key,
        .id = id,
        .replay = replay,
        .context = context,
        .scan = scan,
        .err = err,
        .payload = {.max = RECORD_MAX_BYTES}};

    *scan = (struct scan){.end = JOURNAL_CLEAN, .last = {.max = RECORD_MAX_BYTES}};
    for (unsigned file = 0; file < JOURNAL_FILES && !reader.failed; file++)
        read_file(&reader, file, files[file]);
    if (!reader.failed)
        (void)deliver_held(&reader); /* its failure is in reader.failed */
    buffer_release(&reader.payload);
    return !reader.failed;
}

void scan_release(struct scan *scan)
{
    buffer_release(&scan->last);
}

/* --- gathered ------------------------------------------------------------------------------------------ */

static bool split(struct bytes gathered, struct bytes files[JOURNAL_FILES], struct error *err)
{
    for (unsigned file = 0; file < JOURNAL_FILES; file++) {
        size_t length;
        if (gathered.len < 4 || get_u32(gathered.data) > gathered.len - 4)
            return error_set(err, ERROR_FORMAT, "the unfinished journal is cut off in its file %u", file);
        length = get_u32(gathered.data);
        files[file] = bytes_of(gathered.data + 4, length);
        gathered = bytes_of(gathered.data + 4 + length, gathered.len - 4 - length);
    }
    return gathered.len == 0 ||
           error_set(err, ERROR_FORMAT, "there is something behind the unfinished journal");
}

bool journal_read(struct bytes files, const struct secret *session_key, const char *id,
    journal_replay *replay, void *context, enum journal_end *end, struct error *err)
{
    struct bytes contents[JOURNAL_FILES];
    struct scan scan;
    bool ok;

    if (!split(files, contents, err))
        return false;
    ok = scan_files(contents, session_key, id, replay, context, &scan, err);
    if (ok)
        *end = scan.end;
    scan_release(&scan);
    return ok;
}
