/* journal.h: the session's records on disk: encrypted, chained, appended, each synced before it counts
 * (docs/formats/journal.md has the bytes).
 *
 * A journal is up to JOURNAL_FILES files in one folder, SESSION-EPOCH.0.journal …, all written full of zeros before
 * the first record, so that a full disk can't stop a session that began. A file holds runs; a run has a header with a
 * random salt (its key is HKDF(session key, salt)) and records: length, ciphertext, tag. Associated data: sequence
 * and the tag before, across runs and files.
 *
 *     room = journal_room(…); journal_create(…)          // check-in: zeros on disk
 *     journal = journal_open(…, replay, context, …)      // reads what is there, begins a new run behind it
 *     journal_append(journal, line)                      // true: on disk
 *     journal_close(journal)
 *
 * After any failed write or sync the file is closed for good; the next append begins a new run in the next file with the
 * records that were not acknowledged; it returns false when no file is left that takes it. */
#ifndef CARREL_JOURNAL_H
#define CARREL_JOURNAL_H

#include "core/crypto/key.h"

#define JOURNAL_FILES 3u

/* The disk as an argument, so that a test can fail each call. NULL means the system's. */
struct disk {
    int (*open)(const struct disk *disk, const char *path, int flags, unsigned mode);
    ssize_t (*pwrite)(const struct disk *disk, int fd, const void *data, size_t len, int64_t offset);
    int (*fdatasync)(const struct disk *disk, int fd);
};
const struct disk *disk_system(void);

struct journal;

enum journal_end {
    JOURNAL_CLEAN, /* nothing but zeros behind the last record */
    JOURNAL_TORN,  /* one unfinished record behind it, cut off: it was never acknowledged */
    JOURNAL_DAMAGED, /* more than that behind it: staff must decide; the files are kept as they are */
};

/* Called for each record's payload in order. Returning false stops the reading with its error. */
typedef bool journal_replay(void *context, struct bytes record, struct error *err);

/* The bytes to reserve for a session of this length. */
size_t journal_room(int64_t max_time_ms, size_t items);
/* Writes all files full of zeros and syncs them. ERROR_FULL leaves nothing behind. */
bool journal_create(const struct disk *disk, const char *folder, const char *id, size_t room, struct error *err);
/* Reads, then begins a new run. JOURNAL_DAMAGED: with accept_damage false returns NULL (ERROR_FORMAT), else goes on
 * behind the good part in a new file. */
struct journal *journal_open(const struct disk *disk, const char *folder, const char *id,
    const struct secret *session_key, journal_replay *replay, void *context, bool accept_damage,
    enum journal_end *end, struct error *err);
bool journal_append(struct journal *journal, struct bytes record, struct error *err);
/* True while the last append failed and nothing was written since. */
bool journal_is_failed(const struct journal *journal);
void journal_close(struct journal *journal); /* NULL is fine */

/* Reading only, from the files' bytes one behind the other as ID.journal carries them (each preceded by its
 * length): the server's way. */
bool journal_read(struct bytes files, const struct secret *session_key, const char *id, journal_replay *replay,
    void *context, enum journal_end *end, struct error *err);
/* Appends all files of a journal in that form, zeros at the end cut off. */
bool journal_gather(const char *folder, const char *id, struct buffer *files, struct error *err);
/* Removes all files of it. */
bool journal_remove(const char *folder, const char *id, struct error *err);

#endif
