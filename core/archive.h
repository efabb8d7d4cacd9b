/* archive.h: the zip inside a package: files in memory, under names. libzip enters through archive.c alone.
 *
 * Reading believes nothing but the bytes that came out of a verified and opened seal, and still bounds
 * everything: the number of files, their names, the sum of their sizes. A name is made of parts with a-z A-Z
 * 0-9 - _ . between single slashes, no part begins with a dot, no name is there twice; folders of their own,
 * encrypted files and other methods than store and deflate are refused. Writing is deterministic: the same
 * files give the same bytes. */
#ifndef CARREL_ARCHIVE_H
#define CARREL_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/buffer.h"
#include "core/error.h"

struct archive_file {
    const char *name;
    struct bytes content;
};

struct archive_limits {
    size_t files;    /* at most */
    size_t unzipped; /* bytes of all files together */
};

struct archive;

/* Appends a zip of the files, in this order. */
bool archive_write(const struct archive_file *files, size_t count, struct buffer *zip, struct error *err);

/* Checks the directory. zip is borrowed until archive_free. NULL on failure. */
struct archive *archive_open(struct bytes zip, struct archive_limits limits, struct error *err);
size_t archive_count(const struct archive *archive);
const char *archive_name(const struct archive *archive, size_t index);
/* Appends one file's content, its checksum verified. ERROR_NOT_FOUND if there is none of that name. */
bool archive_read(const struct archive *archive, const char *name, struct buffer *content, struct error *err);
void archive_free(struct archive *archive); /* NULL is fine */

#endif
