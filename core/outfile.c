#include "core/outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/file.h"

struct outfile {
    int fd;
    bool is_committed;
    char path[FILE_PATH_SIZE];
    char temporary[FILE_PATH_SIZE];
};

struct outfile *outfile_create(const char *path, mode_t mode, struct error *err)
{
    struct outfile *file = calloc(1, sizeof *file);
    int len;

    if (file == NULL) {
        error_set(err, ERROR_NOMEM, "out of memory");
        return NULL;
    }
    len = snprintf(file->temporary, sizeof file->temporary, "%s.XXXXXX", path);
    if (len < 0 || (size_t)len >= sizeof file->temporary) {
        error_set(err, ERROR_LIMIT, "the path %.60s… is too long", path);
        free(file);
        return NULL;
    }
    memcpy(file->path, path, strlen(path) + 1);
    file->fd = mkostemp(file->temporary, O_CLOEXEC);
    if (file->fd < 0) {
        error_set_errno(err, "cannot write beside %s", path);
        free(file);
        return NULL;
    }
    if (fchmod(file->fd, mode) != 0) {
        error_set_errno(err, "cannot set the rights of %s", path);
        outfile_free(file);
        return NULL;
    }
    return file;
}

bool outfile_write(struct outfile *file, const void *data, size_t len, struct error *err)
{
    const uint8_t *at = data;

    while (len > 0) {
        ssize_t put = write(file->fd, at, len);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return error_set_errno(err, "cannot write %s", file->path);
        at += put;
        len -= (size_t)put;
    }
    return true;
}

static bool sync_folder_of(const char *path, struct error *err)
{
    char copy[FILE_PATH_SIZE];

    memcpy(copy, path, strlen(path) + 1);
    return folder_sync(dirname(copy), err);
}

static bool sync_file(struct outfile *file, struct error *err)
{
    return fsync(file->fd) == 0 || error_set_errno(err, "cannot sync %s", file->path);
}

bool outfile_commit(struct outfile *file, struct error *err)
{
    if (!sync_file(file, err))
        return false;
    if (rename(file->temporary, file->path) != 0)
        return error_set_errno(err, "cannot put %s in place", file->path);
    file->is_committed = true;
    return sync_folder_of(file->path, err);
}

bool outfile_commit_new(struct outfile *file, struct error *err)
{
    if (!sync_file(file, err))
        return false;
    if (link(file->temporary, file->path) != 0)
        return errno == EEXIST ? error_set(err, ERROR_REFUSED, "%s exists already and is kept", file->path)
                               : error_set_errno(err, "cannot put %s in place", file->path);
    return sync_folder_of(file->path, err); /* the temporary's name goes with outfile_free */
}

void outfile_free(struct outfile *file)
{
    if (file == NULL)
        return;
    if (file->fd >= 0)
        (void)close(file->fd); /* synced before, or thrown away */
    if (!file->is_committed)
        (void)unlink(file->temporary);
    free(file);
}

bool outfile_save(const char *path, mode_t mode, struct bytes content, struct error *err)
{
    struct outfile *file = outfile_create(path, mode, err);
    bool ok = file != NULL && outfile_write(file, content.data, content.len, err) && outfile_commit(file, err);

    outfile_free(file);
    return ok;
}

static bool fill_file(int fd, const char *place, struct bytes content, struct error *err)
{
    while (content.len > 0) {
        ssize_t put = write(fd, content.data, content.len);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return error_set_errno(err, "cannot write %s", place);
        content.data += put;
        content.len -= (size_t)put;
    }
    return true;
}

bool outfile_fill(const char *place, const char *path, struct bytes content, struct error *err)
{
    int fd = open(place, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0640);
    bool ok;

    if (fd < 0)
        return error_set_errno(err, "cannot open %s", place);
    ok = fill_file(fd, place, content, err);
    if (ok && (ftruncate(fd, (off_t)content.len) != 0 || fsync(fd) != 0))
        ok = error_set_errno(err, "cannot sync %s", place);
    (void)close(fd); /* synced, or tried again from the start */
    if (ok && rename(place, path) != 0)
        ok = error_set_errno(err, "cannot put %s in place", path);
    return ok && sync_folder_of(path, err);
}
