#include "core/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool read_all(int fd, size_t size, const char *path, struct buffer *content, struct error *err)
{
    while (size > 0) {
        uint8_t *room = buffer_extend(content, size);
        ssize_t got;

        if (room == NULL)
            return error_set(err, ERROR_LIMIT, "%s is larger than %zu bytes", path, content->max);
        do
            got = read(fd, room, size);
        while (got < 0 && errno == EINTR);
        if (got <= 0) {
            content->len -= size;
            return got == 0 || error_set_errno(err, "cannot read %s", path);
        }
        content->len -= size - (size_t)got;
        size -= (size_t)got;
    }
    return true;
}

bool file_read(const char *path, struct buffer *content, struct error *err)
{
    struct stat info;
    bool ok = false;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

    if (fd < 0)
        return error_set_errno(err, "cannot open %s", path);
    if (fstat(fd, &info) != 0)
        error_set_errno(err, "cannot read %s", path);
    else if (!S_ISREG(info.st_mode))
        error_set(err, ERROR_FORMAT, "%s is not a regular file", path);
    else if (info.st_size > (off_t)(content->max - content->len))
        error_set(err, ERROR_LIMIT, "%s is larger than %zu bytes", path, content->max);
    else
        ok = read_all(fd, (size_t)info.st_size, path, content, err);
    (void)close(fd); /* only read */
    return ok;
}

bool folder_make(const char *path, mode_t mode, struct error *err)
{
    char part[FILE_PATH_SIZE];
    size_t len = strlen(path);

    if (len == 0 || len >= sizeof part)
        return error_set(err, ERROR_LIMIT, "the path %.60s… is too long", path);
    memcpy(part, path, len + 1);
    for (size_t i = 1; i <= len; i++) {
        if (part[i] != '/' && part[i] != '\0')
            continue;
        part[i] = '\0';
        if (mkdir(part, mode) != 0 && errno != EEXIST)
            return error_set_errno(err, "cannot make the folder %s", part);
        part[i] = i < len ? '/' : '\0';
    }
    return true;
}

bool folder_sync(const char *path, struct error *err)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok;

    if (fd < 0)
        return error_set_errno(err, "cannot open the folder %s", path);
    ok = fsync(fd) == 0;
    if (!ok)
        error_set_errno(err, "cannot sync the folder %s", path);
    (void)close(fd); /* only read */
    return ok;
}

bool path_join(char path[FILE_PATH_SIZE], const char *dir, const char *name, struct error *err)
{
    int len = snprintf(path, FILE_PATH_SIZE, "%s/%s", dir, name);

    return (len >= 0 && len < FILE_PATH_SIZE) ||
           error_set(err, ERROR_LIMIT, "the path %.60s… is too long", dir);
}
