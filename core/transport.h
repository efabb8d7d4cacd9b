/* transport.h: requests to the scoring server. libcurl enters the tree here.
 *
 * TLS 1.3 only. The server is believed when its certificate chains to the one root given here, carries the
 * role tls-server and the name of the host: the machine's own list of authorities does not count. No
 * redirects, no proxy, no cookies, no compression. A transport belongs to one thread and keeps its connection
 * between requests.
 *
 *     struct buffer body = {.max = CATALOG_MAX_BYTES};
 *     struct request request = {.path = "/v1/catalog", .into = &body};
 *     struct reply reply;
 *
 *     transport = transport_new(&peer, err);
 *     ok = transport_send(transport, &request, &reply, err);    // true: a whole answer with a status of 200
 * to 299
 */
#ifndef CARREL_TRANSPORT_H
#define CARREL_TRANSPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/buffer.h"
#include "core/error.h"
#include "core/limits.h"

#define TRANSPORT_URL_SIZE 257
#define REPLY_MESSAGE_SIZE 257

struct transport;

struct transport_peer {
    const char *server; /* "https://host:8443", nothing behind it */
    struct bytes root;  /* PEM or DER of the only root that counts; copied */
    /* Instead of a root: take whoever answers. For the one request that fetches the root, whose digest is
     * known. */
    bool believes_anyone;
    const char *identity_dir, *identity_name; /* dir/name.key and dir/name.pem; NULL: no client certificate */
    /* Asked about once a second while a request is on its way; true ends it with ERROR_BUSY. NULL: never. */
    bool (*is_cancelled)(void *context);
    void *context;
    unsigned connect_timeout_s; /* 0: 10 */
    unsigned idle_timeout_s;    /* without a single byte either way. 0: 30 */
};

/* What came back. All set by transport_send, also where it returns false. */
struct reply {
    int status;                       /* 0: no answer came */
    int64_t length;                   /* of the body as announced; -1: not said */
    int64_t range_first;              /* 206: where its piece begins; else 0 */
    int64_t range_total;              /* 206: of the whole; else -1 */
    int64_t retry_after_s;            /* 0: not said */
    char code[IDENTIFIER_SIZE];       /* of an error: "refused" … "" where there is none */
    char message[REPLY_MESSAGE_SIZE]; /* of an error, as the server wrote it */
};

/* Takes a piece of the body of a 2xx answer; status and range are known. False ends the request with its
 * error. */
typedef bool transport_sink(void *context, const struct reply *reply, struct bytes piece, struct error *err);
/* done of total bytes, of the larger direction; total 0: unknown. */
typedef void transport_progress(void *context, int64_t done, int64_t total);

struct request {
    const char *method; /* NULL: GET */
    const char *path;   /* "/v1/…", already encoded */
    struct bytes body;  /* sent when content_type is there */
    const char *content_type;
    const char *headers[4]; /* "If-Range: …"; ends with NULL */
    /* Where a 2xx body goes; a larger one than into->max is ERROR_LIMIT. Without either it is dropped, 64 KiB
     * at most. */
    struct buffer *into;
    transport_sink *sink;
    transport_progress *progress; /* may be NULL */
    void *context;                /* of sink and progress */
};

struct transport *transport_new(const struct transport_peer *peer, struct error *err);
/* False with the reason for people to read, by its code:
 *   ERROR_IO         no (whole) answer, or a failure of the server: trying again may help
 *   ERROR_BUSY       429, 503: not now (reply->retry_after_s), or cancelled (status 0)
 *   ERROR_UNTRUSTED  the server isn't the one we look for, or it takes our certificate for nobody's (401)
 *   ERROR_REFUSED    any other 4xx, by what it means: 403, 409 … ; 404 is ERROR_NOT_FOUND, 413 ERROR_LIMIT,
 * 400 ERROR_FORMAT and whatever the sink returned. */
bool transport_send(
    struct transport *transport, const struct request *request, struct reply *reply, struct error *err);
const char *transport_host(const struct transport *transport); /* "host:8443", for texts */
void transport_free(struct transport *transport);              /* NULL is fine */

#endif
