/* GET /v1/crl, /v1/certificates, /v1/root: what others check us and each other by. */
#include "server/call.h"
#include "server/handlers/handlers.h"
#include "server/handlers/shapes.h"

static void send_list(struct call *call, struct bytes der)
{
    reply_bytes(call_reply(call), 200, "application/pkix-crl", der);
}

void crl_get(struct call *call, struct store *reader)
{
    struct error err = {ERROR_NONE, ""};
    struct buffer der = {.max = CRL_MAX_BYTES};
    int64_t made_ms;
    if (strcmp(call->query, "root") == 0) {
        if (call->server->board->root_crl.len != 0)
            send_list(call, buffer_bytes(&call->server->board->root_crl));
        else
            reply_error(call_reply(call), 404, "not-found", "the root has no revocation list");
    } else if (call->query[0] != '\0') {
        reply_error(call_reply(call), 400, "format", "issuer is root or not there");
    } else if (reader->crl_get(reader, call_peer(call)->center, &made_ms, &der, &err)) {
        send_list(call, buffer_bytes(&der));
    } else {
        call_fail(call, &err);
    }
    buffer_release(&der);
}

/* Whom results are sealed to, and who signs what the seat reads. */
bool recipients_pem(const struct board *board, struct buffer *pem, struct error *err)
{
    return certificate_pem(identity_certificate(board->server), pem, err) &&
           certificate_pem(identity_certificate(board->intake), pem, err) &&
           certificate_pem(board->scoring_certificate, pem, err);
}

void certificates_get(struct call *call, struct store *reader)
{
    struct error err = {ERROR_NONE, ""};
    struct buffer pem = {.max = PEM_MAX_BYTES};
    (void)reader;
    if (recipients_pem(call->server->board, &pem, &err))
        reply_bytes(call_reply(call), 200, "application/x-pem-file", buffer_bytes(&pem));
    else
        call_fail(call, &err);
    buffer_release(&pem);
}

void root_get(struct call *call, struct store *reader)
{
    struct error err = {ERROR_NONE, ""};
    struct buffer pem = {.max = PEM_MAX_BYTES};
    (void)reader;
    if (certificate_pem(call->server->board->root, &pem, &err))
        reply_bytes(call_reply(call), 200, "application/x-pem-file", buffer_bytes(&pem));
    else
        call_fail(call, &err);
    buffer_release(&pem);
}
