/* The files of a journal: made, read, gathered, removed. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "core/encoding.h"
#include "core/journal_format.h"

enum {
    RECORD_BYTES =
        176, /* of a choice answered: the longest that is written often, with what the journal adds */
    FORM_ITEM_BYTES = 512,  /* its line in the form */
    REST_BYTES = 64 * 1024, /* start, runs, phases, staff, survey */
    OTHER_RECORDS = 1000,   /* acts of a candidate beyond one a beat (kiosk/session/exam_time.h, pace) */
    BEAT_MS = 800,
    ACT_MS = 10000,
    PAGE_BYTES = 4096,
};

size_t journal_room(int64_t max_time_ms, size_t items)
{
    const int64_t records = max_time_ms / BEAT_MS + max_time_ms / ACT_MS + OTHER_RECORDS;
    const size_t room = (size_t)records * RECORD_BYTES + items * FORM_ITEM_BYTES + REST_BYTES;
    const size_t pages = (room + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;

    return pages > JOURNAL_FILE_MAX_BYTES ? JOURNAL_FILE_MAX_BYTES : pages;
}

/* --- making -------------------------------------------------------------------------------------------- */

/* A file that a crash at check-in left behind holds nothing yet and is no journal. */
static bool is_unused(const char *path, struct error *err)
{
    struct buffer content = {.max = JOURNAL_FILE_MAX_BYTES};
    struct error why = {ERROR_NONE, ""};
    bool ok = true;

    if (!file_read(path, &content, &why) && why.code != ERROR_NOT_FOUND)
        ok = error_set(err, why.code, "%s", why.text);
    else if (used_bytes(buffer_bytes(&content)) > 0)
        ok = error_set(err, ERROR_REFUSED, "%s holds a session already", path);
    buffer_release(&content);
    return ok;
}

static bool make_file(const struct disk *disk, const char *path, size_t room, struct error *err)
{
    const int flags = O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW;
    int fd = disk->open(disk, path, flags, 0600);
    bool ok;

    if (fd < 0)
        return error_set_errno(err, "cannot make %s", path);
    ok = disk_write_zeros(disk, fd, room, 0) && disk->fdatasync(disk, fd) == 0;
    if (!ok)
        error_set_errno(err, "cannot reserve room in %s", path);
    (void)close(fd); /* synced, or removed */
    return ok;
}

bool journal_create(
    const struct disk *disk, const char *folder, const char *id, size_t room, struct error *err)
{
    char path[FILE_PATH_SIZE];
    bool ok = true;

    disk = disk == NULL ? disk_system() : disk;
    for (unsigned file = 0; file < JOURNAL_FILES; file++)
        if (!journal_path(path, folder, id, file, err) || !is_unused(path, err))
            return false;
    for (unsigned file = 0; file < JOURNAL_FILES && ok; file++)
        ok = journal_path(path, folder, id, file, err) && make_file(disk, path, room, err);
    ok = ok && folder_sync(folder, err);
    if (!ok)
        (void)journal_remove(folder, id, NULL); /* what failed is told already */
    return ok;
}

/* --- reading ------------------------------------------------------------------------------------------- */

bool journal_load(
    const char *folder, const char *id, struct buffer contents[JOURNAL_FILES], struct error *err)
{
    unsigned found = 0;

    for (unsigned file = 0; file < JOURNAL_FILES; file++) {
        struct error why = {ERROR_NONE, ""};
        char path[FILE_PATH_SIZE];

        contents[file] = (struct buffer){.max = JOURNAL_FILE_MAX_BYTES};
        if (!journal_path(path, folder, id, file, err))
            return false;
        if (file_read(path, &contents[file], &why))
            found++;
        else if (why.code != ERROR_NOT_FOUND)
            return error_set(err, why.code, "%s", why.text);
    }
    return found > 0 || error_set(err, ERROR_NOT_FOUND, "there is no journal of session %s", id);
}

void journal_unload(struct buffer contents[JOURNAL_FILES])
{
    for (unsigned file = 0; file < JOURNAL_FILES; file++)
        buffer_release(&contents[file]);
}

/* A record's tag may end in zeros: as many are kept as a tag has. */
static bool add_file(struct bytes content, struct buffer *files)
{
    const size_t used = used_bytes(content);
    const size_t kept = used == 0 ? 0 : used + GCM_TAG_BYTES;
    const size_t len = kept < content.len ? kept : content.len;
    uint8_t *length = buffer_extend(files, 4);

    if (length == NULL)
        return false;
    put_u32(length, (uint32_t)len);
    return buffer_add(files, content.data, len);
}

bool journal_gather(const char *folder, const char *id, struct buffer *files, struct error *err)
{
    struct buffer contents[JOURNAL_FILES] = {{.max = 0}};
    const size_t before = files->len;
    bool ok = journal_load(folder, id, contents, err);

    for (unsigned file = 0; file < JOURNAL_FILES && ok; file++)
        if (!add_file(buffer_bytes(&contents[file]), files))
            ok = error_set(err, ERROR_LIMIT, "the journal is larger than %zu bytes", files->max);
    if (!ok)
        buffer_cut(files, before);
    journal_unload(contents);
    return ok;
}

bool journal_remove(const char *folder, const char *id, struct error *err)
{
    char path[FILE_PATH_SIZE];

    for (unsigned file = 0; file < JOURNAL_FILES; file++) {
        if (!journal_path(path, folder, id, file, err))
            return false;
        if (unlink(path) != 0 && errno != ENOENT)
            return error_set_errno(err, "cannot remove %s", path);
    }
    return folder_sync(folder, err);
}
