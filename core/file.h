/* file.h: reading files whole and within a bound, and the few folder operations that must be done right. */
#ifndef CARREL_FILE_H
#define CARREL_FILE_H

#include <stdbool.h>
#include <sys/types.h>

#include "core/buffer.h"
#include "core/error.h"

/* Appends the whole regular file to content, whose max is the bound (ERROR_LIMIT past it). Symbolic links as the
 * last part of the path are not followed; ERROR_NOT_FOUND where there is none. */
bool file_read(const char *path, struct buffer *content, struct error *err);

/* Makes the folder and its parents where missing; an existing one is left as it is. */
bool folder_make(const char *path, mode_t mode, struct error *err);
/* Syncs the folder itself, so that a rename or unlink in it survives a power cut. */
bool folder_sync(const char *path, struct error *err);

/* "dir/name" into path; false and ERROR_LIMIT if it does not fit. */
#define FILE_PATH_SIZE 1024
bool path_join(char path[FILE_PATH_SIZE], const char *dir, const char *name, struct error *err);

#endif
