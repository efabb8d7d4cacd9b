/* /v1/seats: inviting, listing and revoking the seats of a center. */
#include "core/field.h"
#include "core/identifier.h"
#include "server/call.h"
#include "server/certificates.h"
#include "server/enrolment_code.h"
#include "server/handlers/handlers.h"
#include "server/handlers/shapes.h"
#include "server/reseal.h"

#define INVITE_LIFE_MS (15LL * 60 * 1000)

/* One text member of the body. False: the reply is set. */
static bool read_text(struct call *call, const char *name, field_rule *rule, char *text, size_t size)
{
    struct error err = {ERROR_NONE, ""};
    struct json *json = call_read_json(call);
    if (json == NULL)
        return false;
    struct json_reader reader = json_reader(json, "the request", &err);
    field_get(&reader, name, rule, text, size);
    bool ok = json_done(&reader);
    if (!ok)
        call_fail(call, &err);
    json_free(json);
    return ok;
}

/* --- inviting --------------------------------------------------------------------------------- */

struct inviting {
    char seat[IDENTIFIER_SIZE];
    char code[ENROLMENT_CODE_SIZE];
    struct digest digest;
};

static void release_inviting(void *state)
{
    explicit_bzero(state, sizeof(struct inviting));
}

static enum write_end keep_invite(struct call *call, struct store *writer)
{
    const struct inviting *inviting = call->state;
    struct error err = {ERROR_NONE, ""};
    int64_t expires_ms = call->now_ms + INVITE_LIFE_MS;
    if (!writer->invite_add(
            writer, &inviting->digest, call_peer(call)->center, inviting->seat, expires_ms, &err))
        return call_fail_write(call, &err);
    struct json *json = json_new_object();
    json_set(json, "code", json_text(inviting->code));
    json_set(json, "seat", json_text(inviting->seat));
    json_set(json, "expires", json_time(expires_ms));
    call_json(call, 201, json);
    return WRITE_KEEP;
}

void seats_invite(struct call *call, struct store *reader)
{
    struct inviting *inviting = call_state(call, sizeof *inviting, release_inviting);
    (void)reader;
    if (inviting == NULL || !read_text(call, "seat", identifier_valid, inviting->seat, sizeof inviting->seat))
        return;
    if (board_center(call->server->board, call_peer(call)->center) == NULL) {
        reply_error(call_reply(call), 409, "refused", "the authority of this center is not on this server");
        return;
    }
    enrolment_code_make(&call->server->board->root_digest, inviting->code, &inviting->digest);
    call->write = keep_invite;
}

/* --- listing ---------------------------------------------------------------------------------- */

struct listing {
    struct json *list;
    int64_t now_ms;
};

static const char *state_of(const struct certificate_row *row, int64_t now_ms)
{
    if (row->revoked_ms != 0)
        return "revoked";
    return row->not_after_ms < now_ms ? "expired" : "valid";
}

/* The kiosk's certificate stands for the seat; the one of its sync lives and dies with it. */
static bool add_seat(void *context, const struct certificate_row *row, struct bytes der, struct error *err)
{
    struct listing *listing = context;
    (void)der;
    (void)err;
    if (row->role != ROLE_SEAT)
        return true;
    struct json *seat = json_new_object();
    json_set(seat, "seat", json_text(row->name));
    json_set(seat, "state", json_text(state_of(row, listing->now_ms)));
    json_set(seat, "added", json_time(row->added_ms));
    json_set(seat, "ends", json_time(row->revoked_ms != 0 ? row->revoked_ms : row->not_after_ms));
    json_add(listing->list, seat);
    return true;
}

void seats_list(struct call *call, struct store *reader)
{
    struct error err = {ERROR_NONE, ""};
    struct listing listing = {json_new_array(), call->now_ms};
    if (reader->certificate_each(reader, call_peer(call)->center, add_seat, &listing, &err)) {
        call_json(call, 200, named_list("seats", listing.list));
        return;
    }
    json_free(listing.list);
    call_fail(call, &err);
}

/* --- revoking --------------------------------------------------------------------------------- */

struct revoking {
    char reason[REASON_SIZE];
    struct buffer crl;
};

static void release_revoking(void *state)
{
    buffer_release(&((struct revoking *)state)->crl);
}

/* From here on the seat's connections are served no more, and its center's open tickets are sealed without
 * it. */
static void revoked(struct call *call)
{
    struct revoking *revoking = call->state;
    struct error err = {ERROR_NONE, ""};
    const char *center = call_peer(call)->center;
    if (!trust_keeper_put_crl(call->server->trust, center, buffer_bytes(&revoking->crl), &err)) {
        call_fail(call, &err);
        call_send(call);
        return;
    }
    reseal_start(call->server, center, call_send, call);
}

static enum write_end revoke(struct call *call, struct store *writer)
{
    struct revoking *revoking = call->state;
    const char *center = call_peer(call)->center, *seat = call_parameter(call, 0);
    struct error err = {ERROR_NONE, ""};
    buffer_clear(&revoking->crl);
    if (!writer->certificate_revoke(writer, center, seat, call->now_ms, revoking->reason, &err) ||
        !certificates_make_crl(call->server, writer, center, call->now_ms, &revoking->crl, &err))
        return call_fail_write(call, &err);
    struct json *json = json_new_object();
    json_set(json, "seat", json_text(seat));
    json_set(json, "state", json_text("revoked"));
    call_json(call, 200, json);
    call->committed = revoked;
    return WRITE_KEEP;
}

void seats_revoke(struct call *call, struct store *reader)
{
    struct revoking *revoking = call_state(call, sizeof *revoking, release_revoking);
    (void)reader;
    if (revoking == NULL ||
        !read_text(call, "reason", field_is_line, revoking->reason, sizeof revoking->reason))
        return;
    revoking->crl.max = CRL_MAX_BYTES;
    call->write = revoke;
}
