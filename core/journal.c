/* Writing a journal.
 *
 *              ┌────────────────────────── append: sealed, written, synced ─────────┐
 *              ▼                                                                    │
 *     open ─ file f, no run yet ─ append: header and record in one write, synced ─► file f, in a run
 *              ▲                                                                    │
 *              └──── next file ◄── any write or sync failed, or no room: f is closed for good
 *
 * What was read at open is settled before anything is built on it: the last record may have come from a page
 * that an earlier, failed sync left in memory only. It is written again in place and synced; where that can't
 * be done it goes into the next file as the first record of its run, and takes the old one's place in the
 * chain. */
#include "core/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/journal_format.h"

struct journal {
    const struct disk *disk;
    char folder[FILE_PATH_SIZE];
    char id[64];
    struct secret *session_key;
    struct chain chain;
    unsigned file; /* that is written; JOURNAL_FILES: none is left */
    int fd;        /* −1: not open yet, or closed for good */
    size_t at, size;
    struct secret *key; /* of the run; NULL: none was begun in this file */
    uint64_t number;    /* encryptions of the run so far: never set back */
    bool is_failed;
};

/* --- files --------------------------------------------------------------------------------------------- */

/* Opens the file that is to be written, for this process alone. */
static bool open_file(struct journal *journal, struct error *err)
{
    char path[FILE_PATH_SIZE];
    struct stat info;

    if (!journal_path(path, journal->folder, journal->id, journal->file, err))
        return false;
    journal->fd = journal->disk->open(journal->disk, path, O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0);
    if (journal->fd < 0 || fstat(journal->fd, &info) != 0)
        return error_set_errno(err, "cannot open %s", path);
    if (flock(journal->fd, LOCK_EX | LOCK_NB) != 0)
        return errno == EWOULDBLOCK ? error_set(err, ERROR_BUSY, "another program writes %s", path)
                                    : error_set_errno(err, "cannot lock %s", path);
    journal->size = (size_t)info.st_size;
    return true;
}

/* Closes the file for good: whatever a later sync of it said would not be believed. */
static void leave_file(struct journal *journal)
{
    if (journal->fd >= 0)
        (void)close(journal->fd); /* what was acknowledged is synced */
    journal->fd = -1;
    secret_free(journal->key);
    journal->key = NULL;
    journal->number = 0;
    journal->at = 0;
    journal->size = 0;
    journal->file++;
}

/* --- appending ----------------------------------------------------------------------------------------- */

static bool begin_run(struct journal *journal, struct buffer *bytes, struct error *err)
{
    uint8_t *salt;

    if (!buffer_add(bytes, RUN_MAGIC, RUN_MAGIC_BYTES))
        return error_set(err, ERROR_NOMEM, "out of memory");
    salt = buffer_extend(bytes, RUN_SALT_BYTES);
    if (salt == NULL)
        return error_set(err, ERROR_NOMEM, "out of memory");
    random_bytes(salt, RUN_SALT_BYTES);
    journal->number = 0;
    journal->key = run_key(journal->session_key, salt, journal->id, journal->file, err);
    return journal->key != NULL;
}

/* The record, with its run's header where it is the first. */
static bool prepare(struct journal *journal, struct bytes record, struct buffer *bytes, struct error *err)
{
    if (journal->key == NULL && !begin_run(journal, bytes, err))
        return false;
    return record_seal(journal->key, journal->number++, &journal->chain, record, bytes, err);
}

static bool put_on_disk(struct journal *journal, struct bytes bytes, struct error *err)
{
    if (!disk_write(journal->disk, journal->fd, bytes.data, bytes.len, (int64_t)journal->at))
        return error_set_errno(err, "cannot write the journal's file %u", journal->file);
    if (journal->disk->fdatasync(journal->disk, journal->fd) != 0)
        return error_set_errno(err, "cannot sync the journal's file %u", journal->file);
    return true;
}

static size_t bytes_needed(const struct journal *journal, struct bytes record)
{
    return record.len + RECORD_OVERHEAD + (journal->key == NULL ? RUN_HEADER_BYTES : 0);
}

static bool append_here(struct journal *journal, struct bytes record, struct error *err)
{
    struct buffer bytes = {.max = RECORD_MAX_BYTES + RECORD_OVERHEAD + RUN_HEADER_BYTES};
    bool ok = prepare(journal, record, &bytes, err) && put_on_disk(journal, buffer_bytes(&bytes), err);

    if (ok) {
        journal->at += bytes.len;
        chain_extend(&journal->chain, bytes.data + bytes.len - GCM_TAG_BYTES);
    }
    buffer_release(&bytes);
    return ok;
}

static bool is_last_file(const struct journal *journal)
{
    return journal->file + 1 >= JOURNAL_FILES;
}

/* Tries this file and then each that is left. */
static bool append_somewhere(struct journal *journal, struct bytes record, struct error *err)
{
    for (; journal->file < JOURNAL_FILES; leave_file(journal)) {
        if (journal->fd < 0 && !open_file(journal, err))
            continue;
        if (bytes_needed(journal, record) > journal->size - journal->at) {
            error_set(err, ERROR_FULL, "the journal's file %u is full", journal->file);
            if (is_last_file(journal))
                return false; /* a shorter record may still find room */
            continue;
        }
        if (append_here(journal, record, err))
            return true;
    }
    return false;
}

bool journal_append(struct journal *journal, struct bytes record, struct error *err)
{
    struct error why = {ERROR_IO, "no file of the journal can be written any more"};

    if (record.len > RECORD_MAX_BYTES)
        return error_set(err, ERROR_LIMIT, "a record has at most %u bytes", RECORD_MAX_BYTES);
    journal->is_failed = !append_somewhere(journal, record, &why);
    return !journal->is_failed || error_set(err, why.code, "%s", why.text);
}

/* --- opening ------------------------------------------------------------------------------------------- */

static struct journal *journal_new(const struct disk *disk, const char *folder, const char *id,
    const struct secret *session_key, struct error *err)
{
    struct journal *journal = calloc(1, sizeof *journal);

    if (journal == NULL) {
        error_set(err, ERROR_NOMEM, "out of memory");
        return NULL;
    }
    journal->disk = disk == NULL ? disk_system() : disk;
    journal->fd = -1;
    if (strlen(folder) >= sizeof journal->folder || strlen(id) >= sizeof journal->id) {
        error_set(err, ERROR_LIMIT, "the journal's name is too long");
        journal_close(journal);
        return NULL;
    }
    memcpy(journal->folder, folder, strlen(folder) + 1);
    memcpy(journal->id, id, strlen(id) + 1);
    journal->session_key = secret_copy(secret_bytes(session_key), err);
    if (journal->session_key == NULL) {
        journal_close(journal);
        return NULL;
    }
    return journal;
}

/* The file to go on in: the last that was written to, because those before it were closed for good; behind
 * damage the next one. */
static unsigned file_to_write(const struct scan *scan)
{
    unsigned file = JOURNAL_FILES;

    while (file > 0 && scan->used[file - 1] == 0)
        file--;
    if (file == 0)
        return 0;
    return scan->end == JOURNAL_DAMAGED ? file : file - 1;
}

/* Cuts a torn record off and writes the last good one again, so that both are so on disk and not only in
 * memory. */
static bool settle_here(
    struct journal *journal, const struct scan *scan, struct bytes content, struct error *err)
{
    const size_t good = scan->good[journal->file], used = scan->used[journal->file];
    const size_t from = good > 0 ? scan->last_at : 0;
    bool ok = open_file(journal, err);

    if (!ok)
        return false;
    ok = disk_write(journal->disk, journal->fd, content.data + from, good - from, (int64_t)from) &&
         (used <= good || disk_write_zeros(journal->disk, journal->fd, used - good, (int64_t)good)) &&
         journal->disk->fdatasync(journal->disk, journal->fd) == 0;
    journal->at = good;
    return ok || error_set_errno(err, "cannot write the journal's file %u", journal->file);
}

/* Writes the last record again as the first of a run in this or a later file: it takes its own place in the
 * chain. */
static bool settle_elsewhere(struct journal *journal, const struct scan *scan, struct error *err)
{
    if (scan->chain.next == 0)
        return true;
    journal->chain = chain_without_last(&scan->chain);
    return journal_append(journal, buffer_bytes(&scan->last), err);
}

static bool settle(struct journal *journal, const struct scan *scan,
    const struct buffer contents[JOURNAL_FILES], struct error *err)
{
    struct error why = {ERROR_NONE, ""};

    journal->chain = scan->chain;
    journal->file = file_to_write(scan);
    if (journal->file >= JOURNAL_FILES)
        return error_set(err, ERROR_FULL, "no file of the journal is left behind the damaged one");
    if (scan->used[journal->file] == 0)
        return scan->chain.next == 0 || settle_elsewhere(journal, scan, err);
    if (!settle_here(journal, scan, buffer_bytes(&contents[journal->file]), &why)) {
        if (why.code == ERROR_BUSY)
            return error_set(err, why.code, "%s", why.text);
        leave_file(journal);
        return settle_elsewhere(journal, scan, err);
    }
    return scan->last_file == journal->file || settle_elsewhere(journal, scan, err);
}

static bool is_acceptable(const struct scan *scan, bool accept_damage, struct error *err)
{
    return scan->end != JOURNAL_DAMAGED || accept_damage ||
           error_set(err, ERROR_FORMAT, "the journal is damaged behind record %llu",
               (unsigned long long)scan->chain.next);
}

struct journal *journal_open(const struct disk *disk, const char *folder, const char *id,
    const struct secret *session_key, journal_replay *replay, void *context, bool accept_damage,
    enum journal_end *end, struct error *err)
{
    struct journal *journal = journal_new(disk, folder, id, session_key, err);
    struct buffer contents[JOURNAL_FILES] = {{.max = 0}};
    struct bytes files[JOURNAL_FILES];
    struct scan scan = {.end = JOURNAL_CLEAN};
    bool ok = false;

    if (journal == NULL || !journal_load(folder, id, contents, err))
        goto done;
    for (unsigned file = 0; file < JOURNAL_FILES; file++)
        files[file] = buffer_bytes(&contents[file]);
    if (!scan_files(files, session_key, id, replay, context, &scan, err))
        goto done;
    *end = scan.end;
    ok = is_acceptable(&scan, accept_damage, err) && settle(journal, &scan, contents, err);
done:
    scan_release(&scan);
    journal_unload(contents);
    if (ok)
        return journal;
    journal_close(journal);
    return NULL;
}

/* --- reading ------------------------------------------------------------------------------------------- */

bool journal_is_failed(const struct journal *journal)
{
    return journal->is_failed;
}

unsigned journal_file(const struct journal *journal)
{
    return journal->file;
}

uint64_t journal_records(const struct journal *journal, uint8_t last_tag[GCM_TAG_BYTES])
{
    memcpy(last_tag, journal->chain.tag, GCM_TAG_BYTES);
    return journal->chain.next;
}

void journal_close(struct journal *journal)
{
    if (journal == NULL)
        return;
    if (journal->fd >= 0)
        (void)close(journal->fd); /* what was acknowledged is synced */
    secret_free(journal->key);
    secret_free(journal->session_key);
    free(journal);
}
