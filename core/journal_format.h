/* journal_format.h: the bytes of a journal, for journal*.c only. docs/formats/journal.md shows them.
 *
 *     run:    "CARRELJ1"  salt (32)  records…
 *     record: length (4)  the same inverted (4)  ciphertext (length)  tag (16)
 *
 * key of a run   HKDF(session key, salt, "carrel journal ID/FILE")
 * nonce          the record's number in its run, from 0
 * associated     sequence over all runs and files (8), tag of the record before it (16; zeros before the first) */
#ifndef CARREL_JOURNAL_FORMAT_H
#define CARREL_JOURNAL_FORMAT_H

#include "core/file.h"
#include "core/journal.h"
#include "core/limits.h"

#define RUN_MAGIC "CARRELJ1"
#define RUN_MAGIC_BYTES 8
#define RUN_SALT_BYTES 32
#define RUN_HEADER_BYTES (RUN_MAGIC_BYTES + RUN_SALT_BYTES)
#define LENGTH_BYTES 8
#define RECORD_OVERHEAD (LENGTH_BYTES + GCM_TAG_BYTES)
#define JOURNAL_FILE_MAX_BYTES (RESULT_MAX_BYTES - (64u << 10)) /* room for the signature around it */

/* Where the chain stands: what the next record is bound to, and what the last one was bound to. */
struct chain {
    uint64_t next; /* sequence of the next record */
    uint8_t tag[GCM_TAG_BYTES], before[GCM_TAG_BYTES];
};
void chain_extend(struct chain *chain, const uint8_t tag[GCM_TAG_BYTES]);
/* The chain without its last record; next must be above 0. */
struct chain chain_without_last(const struct chain *chain);

/* The key of a run in file number `file` of the journal `id`. */
struct secret *run_key(const struct secret *session_key, const uint8_t salt[RUN_SALT_BYTES], const char *id,
    unsigned file, struct error *err);

/* Appends one record as it lies on disk; the tag is its last GCM_TAG_BYTES. */
bool record_seal(const struct secret *key, uint64_t number, const struct chain *chain, struct bytes payload,
    struct buffer *out, struct error *err);
/* The payload's length at this place, if a whole record may begin there. */
bool record_length(struct bytes at, size_t *length);
/* Opens the record that `at` begins with into payload; false if it isn't one that can be opened. */
bool record_open(const struct secret *key, uint64_t number, const struct chain *chain, struct bytes at,
    struct buffer *payload);

/* What it means that behind the last good record there are these bytes, zeros at the end cut off. */
enum journal_end judge_rest(struct bytes rest);
/* The length up to the last byte that isn't zero. */
size_t used_bytes(struct bytes content);

/* FOLDER/ID.N.journal */
bool journal_path(char path[FILE_PATH_SIZE], const char *folder, const char *id, unsigned file, struct error *err);

/* --- reading ------------------------------------------------------------------------------------------- */

/* What reading found: enough to go on writing behind it. */
struct scan {
    struct chain chain;
    enum journal_end end;
    size_t used[JOURNAL_FILES]; /* up to the last byte that isn't zero */
    size_t good[JOURNAL_FILES]; /* up to the end of the last good record */
    unsigned last_file;         /* where the last record is … */
    size_t last_at;             /* … and begins; with the run's header, if it is the run's first */
    struct buffer last;         /* its payload */
};
bool scan_files(const struct bytes files[JOURNAL_FILES], const struct secret *session_key, const char *id,
    journal_replay *replay, void *context, struct scan *scan, struct error *err);
void scan_release(struct scan *scan);

/* Reads the files of a journal; missing ones are empty. ERROR_NOT_FOUND if all are. */
bool journal_load(
    const char *folder, const char *id, struct buffer contents[JOURNAL_FILES], struct error *err);
void journal_unload(struct buffer contents[JOURNAL_FILES]);

#endif
