/* PUT /v1/results/{ID}, /v1/journals/{ID}: receiving. GET of what was received: receipt, file, score.
 *
 * Answered only after the commit. The same again gets the same receipt, whoever hands it in and however
 * often. */
#include "server/call.h"
#include "server/handlers/handlers.h"

/* A pointer to what intake_receive made. */
struct receiving {
    struct intake *intake;
};

static void release(void *state)
{
    intake_free(((struct receiving *)state)->intake);
}

static void send_receipt(struct call *call, int status, const struct intake *intake)
{
    reply_bytes(call_reply(call), status, "application/cms", intake_receipt(intake));
}

static void count_stored(const struct intake *intake)
{
    switch (intake_standing(intake)) {
    case STANDING_SCORED: metrics_add(METRIC_RESULTS_SCORED, 1); return;
    case STANDING_HELD: metrics_add(METRIC_RESULTS_HELD, 1); return;
    case STANDING_RECEIVED:
    case STANDING_ADMITTED:
    case STANDING_BEGUN:
    case STANDING_VOID:
    case STANDINGS: break;
    }
    metrics_add(METRIC_RESULTS_RECEIVED, 1);
}

static void stored(struct call *call)
{
    count_stored(((struct receiving *)call->state)->intake);
    call_send(call);
}

static enum write_end store_it(struct call *call, struct store *writer)
{
    const struct receiving *receiving = call->state;
    struct error err = {ERROR_NONE, ""};
    if (!intake_store(receiving->intake, writer, &err))
        return call_fail_write(call, &err);
    send_receipt(call, 201, receiving->intake);
    call->committed = stored;
    return WRITE_KEEP;
}

static void refuse(struct call *call, const struct error *err)
{
    if (err->code == ERROR_FORMAT || err->code == ERROR_UNTRUSTED || err->code == ERROR_LIMIT)
        metrics_add(METRIC_RESULTS_REFUSED, 1);
    call_fail(call, err);
}

static void receive(struct call *call, struct store *reader, bool is_journal)
{
    char session[SESSION_ID_SIZE];
    struct error err = {ERROR_NONE, ""};
    struct handed_in handed_in = {.session = session,
        .is_journal = is_journal,
        .file = call_body(call),
        .center = call_peer(call)->center,
        .now_ms = call->now_ms};
    const struct intake_desk desk = {call->server->board, call->server->trust, call->server->keys};
    struct receiving *receiving = call_state(call, sizeof *receiving, release);
    if (receiving == NULL || !call_object_id(call, session, &handed_in.epoch))
        return;
    receiving->intake = intake_receive(&desk, &handed_in, reader, &err);
    if (receiving->intake == NULL) {
        refuse(call, &err);
    } else if (intake_is_known(receiving->intake)) {
        metrics_add(METRIC_RESULTS_AGAIN, 1);
        send_receipt(call, 200, receiving->intake);
    } else {
        call->write = store_it;
    }
}

void results_put(struct call *call, struct store *reader)
{
    receive(call, reader, false);
}

void journals_put(struct call *call, struct store *reader)
{
    receive(call, reader, true);
}

/* --- reading ---------------------------------------------------------------------------------- */

/* The one this ID stands for: what the session's standing is about if it is of this epoch, else the first
 * that came. The board sees all centers. */
static bool find(struct call *call, struct store *reader, struct result_row *row, struct error *err)
{
    char session[SESSION_ID_SIZE];
    unsigned epoch;
    struct session_row standing;
    const struct peer *peer = call_peer(call);
    if (!object_id_parse(call_parameter(call, 0), session, &epoch))
        return error_set(err, ERROR_FORMAT, "%s is no session and epoch", call_parameter(call, 0));
    if (!reader->session_get(reader, session, &standing, err))
        return false;
    if (peer->role != ROLE_BOARD && strcmp(standing.center, peer->center) != 0)
        return error_set(err, ERROR_NOT_FOUND, "this session is not there");
    if (standing.result_epoch == epoch)
        return reader->result_get(reader, session, epoch, &standing.transcript, row, err);
    return reader->result_first(reader, session, epoch, row, err);
}

enum part { PART_FILE, PART_RECEIPT, PART_SCORE };

static void send_part(struct call *call, struct store *reader, enum part part, const char *type)
{
    struct error err = {ERROR_NONE, ""};
    struct result_row row;
    struct buffer content = {.max = RESULT_MAX_BYTES};
    bool ok = find(call, reader, &row, &err) &&
              (part != PART_FILE || !row.is_journal ||
                  error_set(&err, ERROR_NOT_FOUND, "there is an unfinished journal and no result")) &&
              reader->result_read(reader, row.session, row.epoch, &row.transcript,
                  part == PART_FILE ? &content : NULL, part == PART_RECEIPT ? &content : NULL,
                  part == PART_SCORE ? &content : NULL, &err) &&
              (content.len > 0 || error_set(&err, ERROR_NOT_FOUND, "it has no score: %s", row.reason));
    if (ok)
        reply_bytes(call_reply(call), 200, type, buffer_bytes(&content));
    else
        call_fail(call, &err);
    buffer_release(&content);
}

void receipts_get(struct call *call, struct store *reader)
{
    send_part(call, reader, PART_RECEIPT, "application/cms");
}

void results_get(struct call *call, struct store *reader)
{
    send_part(call, reader, PART_FILE, "application/cms");
}

void scores_get(struct call *call, struct store *reader)
{
    send_part(call, reader, PART_SCORE, "application/json");
}
