/* PUT /v1/status/{ID}: what a seat says of itself. GET /v1/orders: what it should do; none are made yet. */
#include "core/encoding.h"
#include "core/status.h"
#include "server/call.h"
#include "server/handlers/handlers.h"

static enum write_end keep(struct call *call, struct store *writer)
{
    const struct status *status = call->state;
    struct error err = {ERROR_NONE, ""};
    if (!writer->status_put(
            writer, status->center, status->seat, status->session, status->number, call_body(call), &err))
        return call_fail_write(call, &err);
    reply_empty(call_reply(call), 204);
    return WRITE_KEEP;
}

static bool read_status(struct call *call, struct status *status, struct error *err)
{
    char id[OBJECT_ID_SIZE];
    struct cms_signer signer = {0};
    const struct held_trust *held = trust_hold(call->server->trust);
    bool ok = status_verify(call_body(call), held_trust(held), status, &signer, err);
    trust_release(held);
    cms_signer_release(&signer);
    if (!ok)
        return false;
    object_id(status->session, status->epoch, id);
    if (strcmp(status->center, call_peer(call)->center) != 0 ||
        strcmp(status->seat, call_peer(call)->name) != 0)
        return error_set(err, ERROR_UNTRUSTED, "the status is of another seat");
    if (strcmp(id, call_parameter(call, 0)) != 0)
        return error_set(err, ERROR_FORMAT, "the status is of another session");
    return true;
}

void statuses_put(struct call *call, struct store *reader)
{
    struct error err = {ERROR_NONE, ""};
    struct status *status = call_state(call, sizeof *status, NULL);
    (void)reader;
    if (status == NULL)
        return;
    if (read_status(call, status, &err))
        call->write = keep;
    else
        call_fail(call, &err);
}

void orders_get(struct call *call, struct store *reader)
{
    int64_t after = 0;
    (void)reader;
    if (call->query[0] != '\0' && !number_parse(call->query, 0, INT64_MAX, &after))
        reply_error(call_reply(call), 400, "format", "after is no number");
    else
        call_json(call, 200, json_new_array());
}
