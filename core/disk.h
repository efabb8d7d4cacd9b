/* disk.h: the calls that put bytes on a disk, as an argument, so that a test can make each of them fail. */
#ifndef CARREL_DISK_H
#define CARREL_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/error.h"

struct disk {
    int (*open)(const struct disk *disk, const char *path, int flags, unsigned mode);
    ssize_t (*pwrite)(const struct disk *disk, int fd, const void *data, size_t len, int64_t offset);
    int (*fdatasync)(const struct disk *disk, int fd);
};

const struct disk *disk_system(void);

/* What this build uses: the system's calls, or in a simulation build calls that fail while the file that the
 * environment variable CARREL_DISK_FAULT names says so: its first letter is w (writes fail), s (syncs fail) or
 * anything else (all is well). It is read again at each call. */
const struct disk *disk_default(void);

/* All of it, in as many pieces as the disk takes. False with errno set; what was written by then stays. */
bool disk_write(const struct disk *disk, int fd, const void *data, size_t len, int64_t offset);
/* Zeros over the len bytes from offset on; false with errno set. */
bool disk_write_zeros(const struct disk *disk, int fd, size_t len, int64_t offset);

#endif
