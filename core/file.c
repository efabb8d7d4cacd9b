#include "core/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Reads until size bytes came or the file ends, which it may have done since its size was asked for. */
static bool read_all(int fd, size_t size, const char *path, struct buffer *content, struct error *err)
{
    const size_t before = content->len;
    uint8_t *room = buffer_extend(content, size);
    size_t got = 0;

    if (room == NULL)
        return error_set(err, ERROR_LIMIT, "%s is larger than %zu bytes", path, content->max);
    while (got < size) {
        ssize_t piece = read(fd, room + got, size - got);
        if (piece < 0 && errno == EINTR)
            continue;
        if (piece < 0) {
            error_set_errno(err, "cannot read %s", path);
            buffer_cut(content, before);
            return false;
        }
        if (piece == 0)
            break;
        got += (size_t)piece;
    }
    buffer_cut(content, before + got);
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

/* Keeps errno, which says why the folder could not be made. */
static bool is_folder(const char *path)
{
    const int number = errno;
    struct stat info;
    bool is = stat(path, &info) == 0 && S_ISDIR(info.st_mode);

    errno = number;
    return is;
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
        if (mkdir(part, mode) != 0 && !(errno == EEXIST && is_folder(part)))
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
