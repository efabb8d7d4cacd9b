/* journal.h: the session's records on disk: encrypted, chained, appended, each synced before it counts
 * (docs/formats/journal.md has the bytes).
 *
 * A journal is JOURNAL_FILES files in one folder, SESSION-EPOCH.0.journal …, all written full of zeros before
 * the first record, so that a full disk can't stop a session that began. A file holds runs; a run has a header with a
 * random salt (its key is HKDF(session key, salt)) and records: length, ciphertext, tag. Associated data: sequence
 * and the tag before, across runs and files.
 *
 *     room = journal_room(…); journal_create(…)          // check-in: zeros on disk
 *     journal = journal_open(…, replay, context, …)      // reads what is there; a new run begins behind it
 *     journal_append(journal, line)                      // true: on disk
 *     journal_close(journal)
 *
 * After any failed write or sync the file is closed for good, because a second sync of it may say OK for what is lost; the
 * same append goes on in the next file, in a new run with the record that wasn't acknowledged. It returns false when no
 * file is left that takes it: the record is not saved, and the caller may append it, or another, again. */
#ifndef CARREL_JOURNAL_H
#define CARREL_JOURNAL_H

#include "core/crypto/key.h"
#include "core/disk.h"

#define JOURNAL_FILES 3u

struct journal;

enum journal_end {
    JOURNAL_CLEAN, /* nothing but zeros behind the last record */
    JOURNAL_TORN,  /* one unfinished record behind it, cut off: it was never acknowledged */
    JOURNAL_DAMAGED, /* more than that behind it: staff must decide; the files are kept as they are */
};

/* Called for each record's payload in order. Returning false stops the reading with its error. */
typedef bool journal_replay(void *context, struct bytes record, struct error *err);

/* The bytes to reserve in each file for a session of this length. */
size_t journal_room(int64_t max_time_ms, size_t items);
/* Writes all files full of zeros and syncs them and the folder. Files that hold nothing yet are made again; ERROR_REFUSED
 * where one holds something. On failure (ERROR_FULL …) nothing is left behind. */
bool journal_create(const struct disk *disk, const char *folder, const char *id, size_t room, struct error *err);
/* Reads all records, then is ready to append behind them; *end is set as soon as they are read, also on failure;
 * what was replayed is sure to stay only when it succeeds. JOURNAL_DAMAGED: with accept_damage false returns NULL (ERROR_FORMAT), else goes on behind the good part in the next
 * file. ERROR_NOT_FOUND without a journal; ERROR_BUSY while another process has it open. disk NULL: the system's. */
struct journal *journal_open(const struct disk *disk, const char *folder, const char *id,
    const struct secret *session_key, journal_replay *replay, void *context, bool accept_damage,
    enum journal_end *end, struct error *err);
/* At most RECORD_MAX_BYTES. True: on disk. */
bool journal_append(struct journal *journal, struct bytes record, struct error *err);
/* True while the last append failed and nothing was written since. */
bool journal_is_failed(const struct journal *journal);
/* Which file is written, from 0. When it rises in an append a disk failed: the caller's record of RUN_DISK says so. */
unsigned journal_file(const struct journal *journal);
/* How many records there are, and the last one's tag (zeros when none): what ID.status reports. */
uint64_t journal_records(const struct journal *journal, uint8_t last_tag[GCM_TAG_BYTES]);
void journal_close(struct journal *journal); /* NULL is fine */

/* Reading only, from the files' bytes as journal_gather puts them: the server's way. What is damaged ends the reading, it
 * doesn't fail it: *end says so. ERROR_FORMAT if the bytes are no gathered journal. */
bool journal_read(struct bytes files, const struct secret *session_key, const char *id, journal_replay *replay,
    void *context, enum journal_end *end, struct error *err);
/* Appends all files of a journal, each as four bytes of length and its bytes; zeros at the end cut off. */
bool journal_gather(const char *folder, const char *id, struct buffer *files, struct error *err);
/* Removes all files of it. */
bool journal_remove(const char *folder, const char *id, struct error *err);

#endif
