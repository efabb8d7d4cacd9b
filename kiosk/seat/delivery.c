#include "kiosk/seat/delivery.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/journal.h"
#include "core/result.h"
#include "kiosk/seat/seal.h"

/* --- receipts
 * --------------------------------------------------------------------------------------------------- */

bool delivery_receipt(const struct seat *seat, const struct memory_session *session, struct receipt *receipt)
{
    struct buffer file = {.max = TICKET_MAX_BYTES};
    char name[OBJECT_ID_SIZE + sizeof ".receipt"], path[FILE_PATH_SIZE], id[OBJECT_ID_SIZE];
    bool ok;

    (void)snprintf(name, sizeof name, "%s.receipt", session->id);
    ok = seat_folder_path(&seat->folder, path, FOLDER_RECEIPTS, name, NULL) && file_read(path, &file, NULL) &&
         receipt_verify(buffer_bytes(&file), seat->trust, receipt, NULL);
    buffer_release(&file);
    if (!ok)
        return false;
    object_id(receipt->session, receipt->epoch, id);
    return strcmp(id, session->id) == 0 && digest_equal(&receipt->transcript, &session->transcript);
}

static bool has_journal(const struct seat *seat, const char *id)
{
    char name[OBJECT_ID_SIZE + sizeof ".0.journal"], path[FILE_PATH_SIZE];

    (void)snprintf(name, sizeof name, "%s.0.journal", id);
    return seat_folder_path(&seat->folder, path, FOLDER_JOURNALS, name, NULL) && access(path, F_OK) == 0;
}

/* Noted as stored, but the power went before the file was in place: the journal is still the truth. */
static bool was_cut_short(const struct seat *seat, const struct memory_session *session)
{
    return !seal_is_out(seat, session->id, ".result") && !seal_is_out(seat, session->id, ".journal") &&
           has_journal(seat, session->id);
}

static bool take_receipt(const struct seat *seat, struct memory *memory, struct memory_session *session,
    int64_t now_ms, struct error *err)
{
    struct receipt receipt;

    if (was_cut_short(seat, session)) {
        session->state = MEMORY_BEGUN;
        return memory_save(memory, err);
    }
    if (!delivery_receipt(seat, session, &receipt))
        return true;
    session->state = MEMORY_RECEIVED;
    session->done_ms = now_ms;
    return memory_save(memory, err);
}

/* --- sessions nobody ended
 * ------------------------------------------------------------------------------------- */

static bool sign_journal(
    const struct seat *seat, struct memory_session *session, int64_t now_ms, struct error *err)
{
    struct buffer files = {.max = RESULT_MAX_BYTES};
    struct buffer object = {.max = RESULT_MAX_BYTES};
    char folder[FILE_PATH_SIZE], name[OBJECT_ID_SIZE + sizeof ".journal"];
    bool ok;

    (void)snprintf(name, sizeof name, "%s.journal", session->id);
    ok = seat_folder_path(&seat->folder, folder, FOLDER_JOURNALS, NULL, err) &&
         journal_gather(folder, session->id, &files, err) &&
         unfinished_sign(buffer_bytes(&files), seat->identity, now_ms, &object, err) &&
         seal_deliver(seat, session->id, name, buffer_bytes(&object), err);
    if (ok)
        digest_of(buffer_bytes(&files), &session->transcript);
    buffer_release(&object);
    buffer_release(&files);
    return ok;
}

/* Nobody can go on with it any more. */
static bool is_overdue(const struct memory_session *session, int64_t now_ms)
{
    return now_ms > session->closes_ms + session->limit_ms + RESUME_MARGIN_MS;
}

static bool send_unfinished(const struct seat *seat, struct memory *memory, struct memory_session *session,
    int64_t now_ms, struct error *err)
{
    if (!is_overdue(session, now_ms))
        return true;
    if (!sign_journal(seat, session, now_ms, err))
        return false;
    seal_forget(seat, session->id);
    session->state = MEMORY_STORED;
    session->done_ms = now_ms;
    return memory_save(memory, err);
}

/* One that was stopped while it began: nothing was shown, nothing is to be sent. */
static bool forget_opening(const struct seat *seat, struct memory *memory, struct memory_session *session,
    int64_t now_ms, bool *removed, struct error *err)
{
    if (!is_overdue(session, now_ms))
        return true;
    seal_clear(seat, session->id);
    memory_remove(memory, session);
    *removed = true;
    return memory_save(memory, err);
}

/* --- retention
 * -------------------------------------------------------------------------------------------------- */

static void remove_file(const struct seat *seat, const char *part, const char *id, const char *ending)
{
    char name[OBJECT_ID_SIZE + 16], path[FILE_PATH_SIZE];

    (void)snprintf(name, sizeof name, "%s%s", id, ending);
    if (seat_folder_path(&seat->folder, path, part, name, NULL))
        (void)unlink(path); /* what stays is tried again */
}

static bool let_go(const struct seat *seat, struct memory *memory, struct memory_session *session,
    int64_t now_ms, bool *removed, struct error *err)
{
    char folder[FILE_PATH_SIZE];

    if (now_ms - session->done_ms < DELIVERY_RETENTION_MS || !is_overdue(session, now_ms))
        return true; /* while its window is open, its start code must be known as used */
    remove_file(seat, FOLDER_OUT, session->id, ".result");
    remove_file(seat, FOLDER_OUT, session->id, ".journal");
    if (seat_folder_path(&seat->folder, folder, FOLDER_JOURNALS, NULL, NULL))
        (void)journal_remove(folder, session->id, NULL);
    memory_remove(memory, session);
    *removed = true;
    return memory_save(memory, err);
}

bool delivery_step(
    const struct seat *seat, struct memory *memory, const char *running, int64_t now_ms, struct error *err)
{
    bool all = true;

    for (size_t i = 0; i < memory->count;) {
        struct memory_session *session = &memory->sessions[i];
        struct error reason = {0};
        bool removed = false, ok = true;

        if (running == NULL || strcmp(running, session->id) != 0) {
            if (session->state == MEMORY_OPENING)
                ok = forget_opening(seat, memory, session, now_ms, &removed, &reason);
            else if (session->state == MEMORY_BEGUN)
                ok = send_unfinished(seat, memory, session, now_ms, &reason);
            else if (session->state == MEMORY_STORED)
                ok = take_receipt(seat, memory, session, now_ms, &reason);
            else
                ok = let_go(seat, memory, session, now_ms, &removed, &reason);
        }
        if (!ok && all && err != NULL)
            *err = reason;
        all = all && ok;
        i += removed ? 0 : 1;
    }
    return all;
}

size_t delivery_waiting(const struct memory *memory)
{
    size_t waiting = 0;

    for (size_t i = 0; i < memory->count; i++)
        waiting += memory->sessions[i].state == MEMORY_STORED;
    return waiting;
}
