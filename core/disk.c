#include "core/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static int system_open(const struct disk *disk, const char *path, int flags, unsigned mode)
{
    (void)disk;
    return open(path, flags, (mode_t)mode);
}

static ssize_t system_pwrite(const struct disk *disk, int fd, const void *data, size_t len, int64_t offset)
{
    (void)disk;
    return pwrite(fd, data, len, (off_t)offset);
}

static int system_fdatasync(const struct disk *disk, int fd)
{
    (void)disk;
    return fdatasync(fd);
}

const struct disk *disk_system(void)
{
    static const struct disk disk = {system_open, system_pwrite, system_fdatasync};
    return &disk;
}

#ifdef CARREL_SIMULATION
static bool has_fault(char letter)
{
    const char *path = getenv("CARREL_DISK_FAULT");
    int fd = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);
    char said = '\0';

    if (fd < 0)
        return false;
    if (read(fd, &said, 1) != 1)
        said = '\0';
    (void)close(fd); /* only read */
    return said == letter;
}

static ssize_t faulty_pwrite(const struct disk *disk, int fd, const void *data, size_t len, int64_t offset)
{
    if (!has_fault('w'))
        return system_pwrite(disk, fd, data, len, offset);
    errno = EIO;
    return -1;
}

static int faulty_fdatasync(const struct disk *disk, int fd)
{
    if (!has_fault('s'))
        return system_fdatasync(disk, fd);
    errno = EIO;
    return -1;
}

const struct disk *disk_default(void)
{
    static const struct disk disk = {system_open, faulty_pwrite, faulty_fdatasync};
    return &disk;
}
#else
const struct disk *disk_default(void)
{
    return disk_system();
}
#endif

bool disk_write(const struct disk *disk, int fd, const void *data, size_t len, int64_t offset)
{
    const uint8_t *at = data;

    while (len > 0) {
        ssize_t put = disk->pwrite(disk, fd, at, len, offset);
        if (put < 0 && errno == EINTR)
            continue;
        if (put == 0)
            errno = ENOSPC; /* no error and no byte: there is no more room */
        if (put <= 0)
            return false;
        at += put;
        len -= (size_t)put;
        offset += put;
    }
    return true;
}

bool disk_write_zeros(const struct disk *disk, int fd, size_t len, int64_t offset)
{
    static const uint8_t zeros[64 * 1024];

    while (len > 0) {
        const size_t part = len < sizeof zeros ? len : sizeof zeros;
        if (!disk_write(disk, fd, zeros, part, offset))
            return false;
        len -= part;
        offset += (int64_t)part;
    }
    return true;
}
