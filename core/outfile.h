/* outfile.h: a file that is there whole or not at all.
 *
 *     file = outfile_create(path, 0600, err);   // a temporary beside path: path.XXXXXX
 *     outfile_write(file, data, len, err) …
 *     ok = outfile_commit(file, err);           // sync, rename over path, sync the folder
 *     outfile_free(file);                       // not committed: the temporary is removed
 *
 * Until the commit whatever was at path before is there unchanged; after it the new content is, and a power
 * cut does not bring the old one back. A commit that fails leaves the old content; where only the last step
 * failed, to sync the folder, the new content is in place and a power cut may bring the old one back. */
#ifndef CARREL_OUTFILE_H
#define CARREL_OUTFILE_H

#include <stdbool.h>
#include <sys/types.h>

#include "core/buffer.h"
#include "core/error.h"

struct outfile;

struct outfile *outfile_create(const char *path, mode_t mode, struct error *err);
bool outfile_write(struct outfile *file, const void *data, size_t len, struct error *err);
bool outfile_commit(struct outfile *file, struct error *err);
/* The same, but ERROR_REFUSED if there is something at path already: for keys, which are never overwritten. */
bool outfile_commit_new(struct outfile *file, struct error *err);
void outfile_free(struct outfile *file); /* NULL is fine */

/* create, write, commit in one. */
bool outfile_save(const char *path, mode_t mode, struct bytes content, struct error *err);

/* For when no disk may be needed any more: a file of the same file system that is on disk already and large enough gets
 * the content, is cut, synced, and put in place under path. The place is gone afterwards; where it fails it stays, to
 * be tried again. */
bool outfile_fill(const char *place, const char *path, struct bytes content, struct error *err);

#endif
