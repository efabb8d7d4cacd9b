/* POST /v1/enrol: a seat's two requests and its one-time code become its two certificates.
 *
 * The code is taken, the certificates are made and stored in one transaction: a request that fails costs no
 * code, and a code serves once however many try at the same time. The subject is ours: seat and center come
 * from the invitation. */
#include "core/encoding.h"
#include "server/call.h"
#include "server/certificates.h"
#include "server/enrolment_code.h"
#include "server/handlers/handlers.h"
#include "server/handlers/shapes.h"
#include "server/reseal.h"

#define REQUEST_MAX_BYTES 4096u
#define SEAT_LIFE_MS (365LL * 24 * 3600 * 1000)
#define BACKDATE_MS (3600LL * 1000) /* for seats whose clock is slow */
#define TYPED_CODE_SIZE 80

struct enrolling {
    struct digest code;
    struct buffer kiosk_request, tls_request;
    char center[IDENTIFIER_SIZE];
};

static void release(void *state)
{
    struct enrolling *enrolling = state;
    buffer_release(&enrolling->kiosk_request);
    buffer_release(&enrolling->tls_request);
}

/* --- the request ------------------------------------------------------------------------------ */

static void read_hex(struct json_reader *reader, const char *name, struct buffer *der)
{
    struct arena arena = {.max = 4 * REQUEST_MAX_BYTES};
    const char *text = json_get_string(reader, name, &arena, 2 * REQUEST_MAX_BYTES);
    size_t len = text == NULL ? 0 : strlen(text) / 2;
    uint8_t *room = text == NULL ? NULL : buffer_extend(der, len);
    if (text != NULL && (room == NULL || strlen(text) % 2 != 0 || !hex_decode(text, room, len)))
        json_fail(reader, "%s is no hexadecimal text", name);
    arena_release(&arena);
}

static void read_members(
    struct json_reader *reader, struct enrolling *enrolling, const struct digest *root, struct error *err)
{
    char typed[TYPED_CODE_SIZE] = "";
    json_get_text(reader, "code", typed, sizeof typed);
    if (!reader->failed && !enrolment_code_parse(typed, root, &enrolling->code, err))
        reader->failed = true;
    const struct json *requests = json_get_object(reader, "requests");
    if (requests != NULL) {
        struct json_reader inner = json_reader(requests, "requests", err);
        read_hex(&inner, "kiosk", &enrolling->kiosk_request);
        read_hex(&inner, "tls", &enrolling->tls_request);
        if (!json_done(&inner))
            reader->failed = true;
    }
    explicit_bzero(typed, sizeof typed);
}

static bool read_request(struct call *call, struct enrolling *enrolling)
{
    struct error err = {ERROR_NONE, ""};
    struct json *json = call_read_json(call);
    if (json == NULL)
        return false;
    struct json_reader reader = json_reader(json, "the request", &err);
    read_members(&reader, enrolling, &call->server->board->root_digest, &err);
    bool ok = json_done(&reader);
    if (!ok)
        call_fail(call, &err);
    json_free(json);
    return ok;
}

/* --- the certificates ------------------------------------------------------------------------- */

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Issued, stored, and its PEM with the center CA's behind it under a name of the answer. */
static bool issue(const struct center *center, struct store *writer, struct bytes request, const char *seat,
    enum role role, int64_t now_ms, struct json *answer, struct error *err)
{
    struct subject subject = {.role = role};
    const struct certificate *ca = identity_certificate(center->ca);
    struct buffer pem = {.max = PEM_MAX_BYTES};
    snprintf(subject.name, sizeof subject.name, "%s", seat);
    snprintf(subject.center, sizeof subject.center, "%s", center->name);
    struct certificate *certificate = authority_issue(center->ca, request, &subject,
        later(certificate_not_before_ms(ca), now_ms - BACKDATE_MS),
        earlier(certificate_not_after_ms(ca), now_ms + SEAT_LIFE_MS), err);
    bool ok = certificate != NULL && certificates_add(writer, certificate, now_ms, err) &&
              certificate_pem(certificate, &pem, err) && certificate_pem(ca, &pem, err);
    if (ok)
        json_set(answer, role == ROLE_SEAT ? "kiosk" : "tls", json_text(buffer_text(&pem)));
    certificate_free(certificate);
    buffer_release(&pem);
    return ok;
}

static bool add_what_it_needs(
    struct call *call, struct store *writer, const char *center, struct json *answer, struct error *err)
{
    struct buffer pem = {.max = PEM_MAX_BYTES}, crl = {.max = CRL_MAX_BYTES};
    int64_t made_ms;
    bool ok = recipients_pem(call->server->board, &pem, err) &&
              writer->crl_get(writer, center, &made_ms, &crl, err);
    if (ok) {
        json_set(answer, "certificates", json_text(buffer_text(&pem)));
        json_set(answer, "crl", json_hex(crl.data, crl.len));
    }
    buffer_release(&pem);
    buffer_release(&crl);
    return ok;
}

/* Within 15 minutes the board may have lost the center; nothing else can be wrong with an invitation. */
static const struct center *take_invite(struct call *call, struct store *writer, struct enrolling *enrolling,
    char seat[IDENTIFIER_SIZE], struct error *err)
{
    struct error missing = {ERROR_NONE, ""};
    if (!writer->invite_take(writer, &enrolling->code, call->now_ms, enrolling->center, seat, &missing)) {
        if (missing.code == ERROR_NOT_FOUND)
            error_set(err, ERROR_REFUSED, "this code is not known, was used, or is older than 15 minutes");
        else
            error_set(err, missing.code, "%s", missing.text);
        return NULL;
    }
    const struct center *center = board_center(call->server->board, enrolling->center);
    if (center == NULL)
        error_set(
            err, ERROR_REFUSED, "the authority of the center %s is not on this server", enrolling->center);
    return center;
}

/* The seat finds its center's open tickets sealed to it when it first asks. */
static void enrolled(struct call *call)
{
    const struct enrolling *enrolling = call->state;
    reseal_start(call->server, enrolling->center, call_send, call);
}

static enum write_end enrol(struct call *call, struct store *writer)
{
    struct enrolling *enrolling = call->state;
    struct error err = {ERROR_NONE, ""};
    char seat[IDENTIFIER_SIZE];
    struct json *answer = json_new_object();
    const struct center *center = take_invite(call, writer, enrolling, seat, &err);
    bool ok = center != NULL &&
              issue(center, writer, buffer_bytes(&enrolling->kiosk_request), seat, ROLE_SEAT, call->now_ms,
                  answer, &err) &&
              issue(center, writer, buffer_bytes(&enrolling->tls_request), seat, ROLE_SEAT_TLS, call->now_ms,
                  answer, &err) &&
              add_what_it_needs(call, writer, center->name, answer, &err);
    if (!ok) {
        json_free(answer);
        return call_fail_write(call, &err);
    }
    json_set(answer, "center", json_text(center->name));
    json_set(answer, "seat", json_text(seat));
    json_set(answer, "developer", json_bool(call->server->options->is_developer));
    json_set(answer, "seats_port", json_int(call->server->ports[DOOR_SEATS]));
    call_json(call, 201, answer);
    call->committed = enrolled;
    return WRITE_KEEP;
}

void enrol_post(struct call *call, struct store *reader)
{
    struct enrolling *enrolling = call_state(call, sizeof *enrolling, release);
    (void)reader;
    if (enrolling == NULL)
        return;
    enrolling->kiosk_request.max = enrolling->tls_request.max = REQUEST_MAX_BYTES;
    if (read_request(call, enrolling))
        call->write = enrol;
}
