#include "tests/unit/model_disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SECTOR = 512, SHORT_BYTES = 7 };

uint64_t model_random(struct model_disk *model, uint64_t below)
{
    model->random ^= model->random << 13;
    model->random ^= model->random >> 7;
    model->random ^= model->random << 17;
    return model->random % below;
}

void model_fail(struct model_disk *model, unsigned from, unsigned to, enum model_fault fault)
{
    model->fail_from = model->calls + from;
    model->fail_to = model->calls + to;
    model->fault = fault;
    if (fault == FAULT_DEATH)
        model->dead_from = model->fail_from;
}

void model_heal(struct model_disk *model)
{
    model->fault = FAULT_NONE;
    model->dead_from = 0;
}

static enum model_fault next_fault(struct model_disk *model)
{
    model->calls++;
    if (model->dead_from != 0 && model->calls >= model->dead_from)
        return FAULT_DEATH;
    return model->calls >= model->fail_from && model->calls <= model->fail_to ? model->fault : FAULT_NONE;
}

/* const only to its callers */
static struct model_disk *model_of(const struct disk *disk)
{
    union {
        const struct disk *in;
        struct model_disk *out;
    } both = {disk};

    return both.out;
}

static struct model_file *file_named(struct model_disk *model, const char *path)
{
    for (size_t i = 0; i < MODEL_FILES; i++) {
        if (model->files[i].path[0] == '\0')
            (void)snprintf(model->files[i].path, sizeof model->files[i].path, "%s", path);
        if (strcmp(model->files[i].path, path) == 0)
            return &model->files[i];
    }
    abort();
}

static struct model_file *file_of(struct model_disk *model, int fd)
{
    char link[64], path[256] = "", *base;
    ssize_t len;

    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    len = readlink(link, path, sizeof path - 1);
    if (len < 0)
        abort();
    path[len] = '\0';
    base = strrchr(path, '/') + 1;
    return file_named(model, base);
}

static int model_open(const struct disk *disk, const char *path, int flags, unsigned mode)
{
    struct model_disk *model = model_of(disk);
    struct model_file *file = file_named(model, strrchr(path, '/') + 1);

    if (next_fault(model) != FAULT_NONE) {
        errno = EIO;
        return -1;
    }
    if ((flags & O_TRUNC) != 0)
        memset(file->durable, 0, sizeof file->durable);
    return open(path, flags, (mode_t)mode);
}

static ssize_t model_pwrite(const struct disk *disk, int fd, const void *data, size_t len, int64_t offset)
{
    struct model_disk *model = model_of(disk);
    struct model_file *file = file_of(model, fd);
    const enum model_fault fault = next_fault(model);
    ssize_t put;

    errno = EIO;
    if (fault == FAULT_EIO || (fault != FAULT_NONE && len <= SHORT_BYTES) ||
        (fault == FAULT_DEATH && model->calls > model->dead_from))
        return -1;
    if (fault != FAULT_NONE) /* the first bytes get there */
        len = 1 + (size_t)model_random(model, len - 1);
    if ((size_t)offset + len > MODEL_FILE_BYTES)
        abort();
    put = pwrite(fd, data, len, (off_t)offset);
    if (put > 0)
        memset(file->is_dirty + offset, 1, (size_t)put);
    if ((size_t)offset + len > file->size)
        file->size = (size_t)offset + len;
    if (fault == FAULT_NONE)
        return put;
    errno = ENOSPC;
    return -1;
}

static int model_fdatasync(const struct disk *disk, int fd)
{
    struct model_disk *model = model_of(disk);
    struct model_file *file = file_of(model, fd);
    const enum model_fault fault = next_fault(model);

    if (fault == FAULT_DEATH) { /* never called: the pages stay dirty */
        errno = EIO;
        return -1;
    }
    for (size_t i = 0; i < file->size && fault == FAULT_NONE; i++)
        if (file->is_dirty[i] && pread(fd, &file->durable[i], 1, (off_t)i) != 1)
            abort();
    memset(file->is_dirty, 0, sizeof file->is_dirty);
    errno = EIO;
    return fault == FAULT_NONE ? 0 : -1;
}

void model_begin(struct model_disk *model, uint64_t seed)
{
    memset(model, 0, sizeof *model);
    model->disk = (struct disk){model_open, model_pwrite, model_fdatasync};
    model->random = seed * 0x9e3779b97f4a7c15u + 1;
}

static bool is_sector_dirty(const struct model_file *file, size_t sector)
{
    for (size_t i = 0; i < SECTOR; i++)
        if (file->is_dirty[sector + i])
            return true;
    return false;
}

/* The cache's content is what the real file holds. */
static void cut(struct model_disk *model, struct model_file *file)
{
    int fd = open(file->path, O_RDWR | O_CLOEXEC);
    uint8_t cache[SECTOR];

    if (fd < 0)
        return; /* removed */
    for (size_t at = 0; at < file->size; at += SECTOR) {
        const size_t len = file->size - at < SECTOR ? file->size - at : SECTOR;
        if (is_sector_dirty(file, at) && model_random(model, 2) == 0) {
            if (pread(fd, cache, len, (off_t)at) != (ssize_t)len)
                abort();
            memcpy(file->durable + at, cache, len);
        }
        if (pwrite(fd, file->durable + at, len, (off_t)at) != (ssize_t)len)
            abort();
    }
    memset(file->is_dirty, 0, sizeof file->is_dirty);
    (void)close(fd);
}

void model_power_cut(struct model_disk *model)
{
    for (size_t i = 0; i < MODEL_FILES && model->files[i].path[0] != '\0'; i++)
        cut(model, &model->files[i]);
    model_heal(model);
}
