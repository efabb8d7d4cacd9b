/* handover.c: the two memory files the guard holds while a session runs, so that a crash of the screen
 * process needs no code and no decryption.
 *
 *     keys:    exam key (32), session key (32), digest of the ticket (32), the ticket as JSON
 *     package: exam.json
 *
 * Both are memfds sealed against every change. They are never on a disk, and go with the guard. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kiosk/seat/sitting.h"

enum { KEYS_HEAD = 2 * KEY_BYTES + DIGEST_BYTES };

static bool write_all(int fd, struct bytes content, struct error *err)
{
    while (content.len > 0) {
        ssize_t put = write(fd, content.data, content.len);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return error_set_errno(err, "cannot write a memory file");
        content.data += put;
        content.len -= (size_t)put;
    }
    return true;
}

static int seal_memory(const char *name, struct bytes content, struct error *err)
{
    const int seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
    int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);

    if (fd < 0) {
        error_set_errno(err, "cannot make a memory file");
        return -1;
    }
    if (!write_all(fd, content, err) ||
        (fcntl(fd, F_ADD_SEALS, seals) != 0 && !error_set_errno(err, "cannot seal a memory file"))) {
        (void)close(fd); /* nothing was promised of it */
        return -1;
    }
    return fd;
}

int sitting_keys_memory(const struct sitting *sitting, struct error *err)
{
    struct buffer content = {.max = SITTING_KEYS_MAX_BYTES};
    int fd = -1;

    (void)buffer_add_bytes(&content, secret_bytes(sitting->keys.exam_key));
    (void)buffer_add_bytes(&content, secret_bytes(sitting->keys.session_key));
    (void)buffer_add(&content, sitting->ticket_digest.bytes, DIGEST_BYTES);
    if (ticket_encode(sitting->ticket, &content, err)) {
        if (content.failed)
            error_set(err, ERROR_LIMIT, "the ticket is too large to be kept for a restart");
        else
            fd = seal_memory("carrel-keys", buffer_bytes(&content), err);
    }
    buffer_release(&content);
    return fd;
}

int sitting_package_memory(const struct sitting *sitting, struct error *err)
{
    struct buffer content = {.max = EXAM_JSON_MAX_BYTES};
    int fd = exam_encode(sitting->exam, &content, err)
                 ? seal_memory("carrel-package", buffer_bytes(&content), err)
                 : -1;

    buffer_release(&content);
    return fd;
}

static bool read_memory(int fd, size_t max, struct buffer *content, struct error *err)
{
    struct stat info;
    void *mapped;

    if (fstat(fd, &info) != 0)
        return error_set_errno(err, "cannot read a memory file");
    if (info.st_size <= 0 || (size_t)info.st_size > max)
        return error_set(err, ERROR_LIMIT, "a memory file has a wrong size");
    mapped = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (mapped == MAP_FAILED)
        return error_set_errno(err, "cannot map a memory file");
    (void)buffer_add(content, mapped, (size_t)info.st_size);
    (void)munmap(mapped, (size_t)info.st_size); /* only read */
    return !content->failed || error_set(err, ERROR_NOMEM, "out of memory");
}

static bool take_keys(struct bytes content, struct sitting_parts *parts, struct error *err)
{
    if (content.len <= KEYS_HEAD)
        return error_set(err, ERROR_FORMAT, "the keys' memory file is too short");
    parts->keys.exam_key = secret_copy(bytes_of(content.data, KEY_BYTES), err);
    parts->keys.session_key = secret_copy(bytes_of(content.data + KEY_BYTES, KEY_BYTES), err);
    if (parts->keys.exam_key == NULL || parts->keys.session_key == NULL)
        return false;
    memcpy(parts->ticket_digest.bytes, content.data + 2 * KEY_BYTES, DIGEST_BYTES);
    parts->ticket = ticket_decode(bytes_of(content.data + KEYS_HEAD, content.len - KEYS_HEAD), err);
    return parts->ticket != NULL;
}

bool sitting_parts_restore(int keys_fd, int package_fd, struct sitting_parts *parts, struct error *err)
{
    struct buffer keys = {.max = SITTING_KEYS_MAX_BYTES};
    struct buffer package = {.max = EXAM_JSON_MAX_BYTES};
    bool ok = read_memory(keys_fd, keys.max, &keys, err) &&
              read_memory(package_fd, package.max, &package, err) &&
              take_keys(buffer_bytes(&keys), parts, err) &&
              (parts->exam = exam_decode(buffer_bytes(&package), err)) != NULL;

    buffer_release(&package);
    buffer_release(&keys);
    if (!ok)
        sitting_parts_release(parts);
    return ok;
}
