#include "kiosk/sync/upload.h"

#include <stdlib.h>
#include <string.h>

#include "core/inbox.h"
#include "kiosk/sync/backoff.h"
#include "kiosk/sync/log.h"
#include "kiosk/sync/outbox.h"
#include "kiosk/sync/sent.h"
#include "kiosk/sync/stop.h"
#include "kiosk/sync/wanted.h"
#include "kiosk/sync/watch.h"

enum { REFUSED_RETRY_MS = 600 * 1000 };

struct upload {
    const struct carrier *carrier;
    struct inbox *inbox;
    struct transport *transport;
    struct watch *watch;
    struct wanted *wanted;
    struct sent_list sent;
};

struct upload *upload_new(const struct carrier *carrier, struct error *err)
{
    struct upload *upload = calloc(1, sizeof *upload);

    if (upload == NULL) {
        error_set(err, ERROR_NOMEM, "out of memory");
        return NULL;
    }
    upload->carrier = carrier;
    if ((upload->inbox = inbox_open(&carrier->folder, err)) == NULL ||
        (upload->wanted = wanted_new(&carrier->folder, inbox_trust(upload->inbox), err)) == NULL ||
        (upload->watch = watch_new(&carrier->folder, err)) == NULL ||
        (upload->transport = carrier_connect(carrier, err)) == NULL) {
        upload_free(upload);
        return NULL;
    }
    return upload;
}

void upload_free(struct upload *upload)
{
    if (upload == NULL)
        return;
    transport_free(upload->transport);
    watch_free(upload->watch);
    wanted_free(upload->wanted);
    sent_list_release(&upload->sent);
    inbox_free(upload->inbox);
    free(upload);
}

/* --- what is to be sent --------------------------------------------------------------------------------- */

static bool read_out(
    const struct upload *upload, const struct outbox_file *file, struct buffer *content, struct error *err)
{
    char path[FILE_PATH_SIZE];

    return seat_folder_path(&upload->carrier->folder, path, FOLDER_OUT, file->name, err) &&
           file_read(path, content, err);
}

/* A receipt names the file as it first came to the server, so another digest doesn't make it wrong: the same
 * transcript may have been sealed twice. It only means that this file is put once more after a restart. */
static bool has_receipt(struct upload *upload, const struct outbox_file *file)
{
    struct buffer content = {.max = RESULT_MAX_BYTES};
    struct receipt receipt;
    struct digest digest;
    bool ok = inbox_receipt(upload->inbox, file->id, &receipt, NULL) &&
              receipt.is_journal == (file->kind == OUTBOX_JOURNAL) && read_out(upload, file, &content, NULL);

    if (ok) {
        digest_of(buffer_bytes(&content), &digest);
        ok = digest_equal(&digest, &receipt.file);
    }
    buffer_release(&content);
    return ok;
}

static bool needs_sending(struct upload *upload, const struct outbox_file *file, struct sent *sent)
{
    if (file->kind == OUTBOX_STATUS)
        return !sent->is_done;
    if (!sent->is_done)
        sent->is_done = has_receipt(upload, file);
    if (!sent->is_done)
        return true;
    return wanted_has(upload->wanted, file->id) &&
           !digest_equal(&sent->catalog, wanted_digest(upload->wanted));
}

/* --- sending -------------------------------------------------------------------------------------------- */

static bool take_receipt(
    struct upload *upload, const struct outbox_file *file, struct bytes answer, struct error *err)
{
    struct receipt receipt;

    if (file->kind == OUTBOX_STATUS)
        return true;
    if (!inbox_take_receipt(upload->inbox, file->id, answer, &receipt, err))
        return false;
    if (receipt.is_journal != (file->kind == OUTBOX_JOURNAL))
        return error_set(
            err, ERROR_UNTRUSTED, "the receipt that came for %s is for another kind of object", file->name);
    log_line("%s is received: %s", file->name, receipt.code);
    return true;
}

static bool put(struct upload *upload, struct round *round, const struct outbox_file *file,
    struct bytes content, struct reply *reply, struct error *err)
{
    static const char *const folders[OUTBOX_KINDS] = {"results", "journals", "status"};
    struct buffer answer = {.max = TICKET_MAX_BYTES};
    char path[OBJECT_ID_SIZE + 32];
    const struct request request = {
        .method = "PUT",
        .path = path,
        .body = content,
        .content_type = "application/cms",
        .into = &answer,
    };
    bool ok;

    (void)snprintf(path, sizeof path, "/v1/%s/%s", folders[file->kind], file->id);
    ok = transport_send(upload->transport, &request, reply, err);
    if (!ok)
        carrier_explain(upload->carrier, err);
    if (!ok && reply->status >= 400 && reply->status <= 499)
        error_prefix(err, "%s was not taken and stays here", file->name);
    ok = round_note(round, ok, reply, err);
    if (ok && !take_receipt(upload, file, buffer_bytes(&answer), err))
        ok = round_trouble(round, err);
    buffer_release(&answer);
    return ok;
}

/* Not sent, for a reason of its own: when it is due again. What the server refuses is tried only now and
 * then, in case the reason lay with the server. */
static void postpone(
    struct upload *upload, struct sent *sent, const struct reply *reply, const struct error *err)
{
    uint64_t random;

    random_bytes(&random, sizeof random);
    sent->failures++;
    sent->trouble = *err;
    sent->due_ms = clock_awake_ms(upload->carrier->clock) + backoff_delay_ms(sent->failures, 0, random);
    if (reply->status >= 400 && reply->status <= 499)
        sent->due_ms += REFUSED_RETRY_MS;
}

static void send_file(
    struct upload *upload, struct round *round, const struct outbox_file *file, struct sent *sent)
{
    struct buffer content = {.max = RESULT_MAX_BYTES};
    struct reply reply = {0};
    struct error err = {0};

    if (!read_out(upload, file, &content, &err)) {
        if (err.code != ERROR_NOT_FOUND) /* then the kiosk has removed it since */
            round_trouble(round, &err);
    } else if (put(upload, round, file, buffer_bytes(&content), &reply, &err)) {
        sent->is_done = true;
        sent->failures = 0;
        sent->catalog = *wanted_digest(upload->wanted);
    } else if (!round->must_back_off) {
        postpone(upload, sent, &reply, &err);
    }
    buffer_release(&content);
}

static bool is_due(const struct upload *upload, const struct sent *sent)
{
    return sent->failures == 0 || clock_awake_ms(upload->carrier->clock) >= sent->due_ms;
}

/* What was not taken is told in every round until it is, and the wait ends when the first of them is due. */
static void remind(const struct upload *upload, struct round *round)
{
    const int64_t now_ms = clock_awake_ms(upload->carrier->clock);

    for (size_t i = 0; i < upload->sent.count; i++)
        if (upload->sent.items[i].failures > 0) {
            round_trouble(round, &upload->sent.items[i].trouble);
            round_due_in(round, upload->sent.items[i].due_ms - now_ms);
        }
}

struct round upload_round(void *context)
{
    struct upload *upload = context;
    struct round round = round_begin();
    struct outbox outbox = {NULL, 0};
    struct error err = {0};

    if (!outbox_list(&upload->carrier->folder, &outbox, &err) || !sent_list_fit(&upload->sent, &outbox, &err))
        round_trouble(&round, &err);
    wanted_refresh(upload->wanted);
    for (size_t i = 0; i < upload->sent.count && !round.must_back_off && !stop_is_asked(NULL); i++) {
        struct sent *sent = &upload->sent.items[i];
        if (is_due(upload, sent) && needs_sending(upload, &outbox.files[i], sent))
            send_file(upload, &round, &outbox.files[i], sent);
    }
    remind(upload, &round);
    outbox_release(&outbox);
    return round;
}

void upload_wait(void *context, int64_t ms, bool in_trouble)
{
    struct upload *upload = context;

    watch_wait(upload->watch, ms, in_trouble);
}
