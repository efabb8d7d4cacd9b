#include "kiosk/seat/seal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/limits.h"
#include "core/outfile.h"
#include "core/result.h"
#include "kiosk/seat/sitting.h"

enum { CMS_OVERHEAD = 64 * 1024, MEMORY_SPARE = 64 * 1024 };

static bool write_all(int fd, const uint8_t *data, size_t len, struct error *err)
{
    while (len > 0) {
        ssize_t put = write(fd, data, len);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return error_set_errno(err, "cannot write the result's place");
        data += put;
        len -= (size_t)put;
    }
    return true;
}

static bool write_zeros(int fd, size_t len, struct error *err)
{
    static const uint8_t zeros[64 * 1024];

    for (size_t done = 0; done < len; done += sizeof zeros)
        if (!write_all(fd, zeros, len - done < sizeof zeros ? len - done : sizeof zeros, err))
            return false;
    return fsync(fd) == 0 || error_set_errno(err, "cannot sync the result's place");
}

static bool make_place(const struct seat *seat, const char *name, size_t len, struct error *err)
{
    char path[FILE_PATH_SIZE];
    bool ok;
    int fd;

    if (!seat_folder_path(&seat->folder, path, SEAL_PLACES, name, err))
        return false;
    fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0640);
    if (fd < 0)
        return error_set_errno(err, "cannot make the result's place");
    ok = write_zeros(fd, len, err);
    (void)close(fd); /* synced */
    if (!ok)
        (void)unlink(path);
    return ok;
}

/* The seat's memory as it is then: sessions are only added at a check-in. */
static size_t memory_room(const struct seat *seat)
{
    char path[FILE_PATH_SIZE];
    struct stat info;

    if (!seat_folder_path(&seat->folder, path, MEMORY_FILE, NULL, NULL) || stat(path, &info) != 0)
        return MEMORY_SPARE;
    return (size_t)info.st_size + MEMORY_SPARE;
}

static void memory_place(const char *id, char name[OBJECT_ID_SIZE + 8])
{
    (void)snprintf(name, OBJECT_ID_SIZE + 8, "%s.state", id); /* fits: an id is shorter than its size */
}

bool seal_reserve(const struct seat *seat, const char *id, size_t journal_room, struct error *err)
{
    size_t len =
        journal_room + CMS_OVERHEAD > RESULT_MAX_BYTES ? RESULT_MAX_BYTES : journal_room + CMS_OVERHEAD;
    char folder[FILE_PATH_SIZE], name[OBJECT_ID_SIZE + 8];

    memory_place(id, name);
    if (seat_folder_path(&seat->folder, folder, SEAL_PLACES, NULL, err) && folder_make(folder, 0700, err) &&
        make_place(seat, id, len, err) && make_place(seat, name, memory_room(seat), err) &&
        folder_sync(folder, err))
        return true;
    seal_forget(seat, id);
    return false;
}

bool seal_deliver(
    const struct seat *seat, const char *id, const char *name, struct bytes file, struct error *err)
{
    char place[FILE_PATH_SIZE], out[FILE_PATH_SIZE];

    return seat_folder_path(&seat->folder, place, SEAL_PLACES, id, err) &&
           seat_folder_path(&seat->folder, out, FOLDER_OUT, name, err) && outfile_fill(place, out, file, err);
}

bool seal_is_out(const struct seat *seat, const char *id, const char *ending)
{
    char name[OBJECT_ID_SIZE + sizeof ".journal"], path[FILE_PATH_SIZE];

    (void)snprintf(name, sizeof name, "%s%s", id, ending);
    return seat_folder_path(&seat->folder, path, FOLDER_OUT, name, NULL) && access(path, F_OK) == 0;
}

bool seal_remember(const struct seat *seat, const char *id, const struct memory *memory, struct error *err)
{
    char name[OBJECT_ID_SIZE + 8], place[FILE_PATH_SIZE];

    memory_place(id, name);
    return memory_save(memory, NULL) || (seat_folder_path(&seat->folder, place, SEAL_PLACES, name, err) &&
                                            memory_save_through(memory, place, err));
}

/* A place that stays behind costs room, nothing else. */
void seal_forget(const struct seat *seat, const char *id)
{
    char place[FILE_PATH_SIZE], name[OBJECT_ID_SIZE + 8];

    memory_place(id, name);
    if (seat_folder_path(&seat->folder, place, SEAL_PLACES, id, NULL))
        (void)unlink(place);
    if (seat_folder_path(&seat->folder, place, SEAL_PLACES, name, NULL))
        (void)unlink(place);
}

void seal_clear(const struct seat *seat, const char *id)
{
    char folder[FILE_PATH_SIZE];

    seal_forget(seat, id);
    if (seat_folder_path(&seat->folder, folder, FOLDER_JOURNALS, NULL, NULL))
        (void)journal_remove(folder, id, NULL);
}

/* --- sealing a session
 * ---------------------------------------------------------------------------------------- */

static bool add_line(void *context, struct bytes line, struct error *err)
{
    struct buffer *transcript = context;

    return (buffer_add_bytes(transcript, line) && buffer_add_text(transcript, "\n")) ||
           error_set(err, ERROR_LIMIT, "the transcript is larger than %u bytes", TRANSCRIPT_MAX_BYTES);
}

/* From the disk, not from memory: what is sealed is what was synced. */
static bool read_transcript(const struct sitting *sitting, struct buffer *transcript, struct error *err)
{
    struct buffer files = {.max = 2 * RESULT_MAX_BYTES};
    char folder[FILE_PATH_SIZE];
    enum journal_end end;
    bool ok = seat_folder_path(&sitting->seat->folder, folder, FOLDER_JOURNALS, NULL, err) &&
              journal_gather(folder, sitting->id, &files, err) &&
              journal_read(buffer_bytes(&files), sitting->keys.session_key, sitting->id, add_line, transcript,
                  &end, err);

    buffer_release(&files);
    return ok;
}

static bool note_stored(
    const struct sitting *sitting, struct memory *memory, struct bytes transcript, struct error *err)
{
    struct memory_session *session = memory_find(memory, sitting->id);

    if (session == NULL)
        return error_set(err, ERROR_NOT_FOUND, "this seat does not remember the session %s", sitting->id);
    session->state = MEMORY_STORED;
    session->done_ms = memory_now_ms(memory, sitting->clock);
    digest_of(transcript, &session->transcript);
    return seal_remember(sitting->seat, sitting->id, memory, err);
}

bool sitting_goes_on(const struct sitting_parts *parts, struct memory *memory)
{
    const struct memory_session *session;
    char id[OBJECT_ID_SIZE];

    object_id(parts->ticket->session, parts->ticket->epoch, id);
    session = memory_find(memory, id);
    return session != NULL && session->state != MEMORY_OPENING && !seal_is_out(parts->seat, id, ".result");
}

void sitting_clear_up(const struct sitting_parts *parts)
{
    char id[OBJECT_ID_SIZE];

    object_id(parts->ticket->session, parts->ticket->epoch, id);
    seal_clear(parts->seat, id);
}

bool sitting_seal(struct sitting *sitting, struct memory *memory, struct error *err)
{
    struct buffer transcript = {.max = TRANSCRIPT_MAX_BYTES};
    struct buffer file = {.max = RESULT_MAX_BYTES};
    char name[OBJECT_ID_SIZE + sizeof ".result"];
    bool ok;

    (void)snprintf(name, sizeof name, "%s.result", sitting->id);
    ok = read_transcript(sitting, &transcript, err) &&
         result_seal(buffer_bytes(&transcript), sitting->seat->identity, sitting->seat->intake,
             sitting->seat->scoring, memory_now_ms(memory, sitting->clock), &file, err) &&
         note_stored(sitting, memory, buffer_bytes(&transcript), err) &&
         seal_deliver(sitting->seat, sitting->id, name, buffer_bytes(&file), err);
    if (ok) {
        journal_close(sitting->journal);
        sitting->journal = NULL;
        seal_clear(sitting->seat, sitting->id);
    }
    buffer_release(&file);
    buffer_release(&transcript);
    return ok;
}
