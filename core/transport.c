#include "core/transport.h"

#include <ctype.h>
#include <curl/curl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <threads.h>

#include "core/crypto/tls_client.h"
#include "core/encoding.h"
#include "core/file.h"
#include "core/json.h"
#include "core/transport_error.h"

enum {
    DROPPED_MAX_BYTES = 64 << 10, /* an answer nobody asked for, and the body of an error */
    RETRY_AFTER_MAX_S = 3600,
    CONNECT_TIMEOUT_S = 10,
    IDLE_TIMEOUT_S = 30,
};

struct transport {
    CURL *curl;
    char server[TRANSPORT_URL_SIZE];
    bool (*is_cancelled)(void *context);
    void *context;
    char detail[CURL_ERROR_SIZE]; /* libcurl's and OpenSSL's words on the last failure */
};

/* One request on its way: what libcurl's callbacks share. */
struct exchange {
    struct transport *transport;
    const struct request *request;
    struct reply *reply;
    struct buffer dropped; /* what goes neither to into nor to sink */
    struct error error;    /* why a callback ended it */
    bool has_head;         /* status and headers of the final answer were read */
};

/* --- one transport -------------------------------------------------------------------------------------- */

static once_flag libcurl_once = ONCE_FLAG_INIT;

static void start_libcurl(void)
{
    (void)curl_global_init(CURL_GLOBAL_DEFAULT); /* its failure shows as curl_easy_init failing */
}

/* The server's certificate must carry its role, not only a name below the root: a seat's or a member of
 * staff's certificate comes from the same root. */
static CURLcode expect_server_role(CURL *curl, void *tls_context, void *context)
{
    (void)curl;
    (void)context;
    return tls_client_expect_role(tls_context, ROLE_TLS_SERVER) ? CURLE_OK : CURLE_SSL_CERTPROBLEM;
}

static bool set_trust(CURL *curl, const struct transport_peer *peer)
{
    struct curl_blob root = {NULL, peer->root.len, CURL_BLOB_COPY};

    if (peer->believes_anyone)
        return curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L) == CURLE_OK;
    memcpy(&root.data, &peer->root.data, sizeof root.data); /* libcurl copies it; its type lacks the const */
    return curl_easy_setopt(curl, CURLOPT_CAINFO_BLOB, &root) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_CAPATH, NULL) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_SSL_CTX_FUNCTION, expect_server_role) == CURLE_OK;
}

static bool set_identity(CURL *curl, const struct transport_peer *peer, struct error *err)
{
    char certificate[FILE_PATH_SIZE + 8], key[FILE_PATH_SIZE + 8];
    char stem[FILE_PATH_SIZE];

    if (peer->identity_dir == NULL)
        return true;
    if (!path_join(stem, peer->identity_dir, peer->identity_name, err))
        return false;
    (void)snprintf(certificate, sizeof certificate, "%s.pem", stem);
    (void)snprintf(key, sizeof key, "%s.key", stem);
    return (curl_easy_setopt(curl, CURLOPT_SSLCERT, certificate) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_SSLKEY, key) == CURLE_OK) ||
           error_set(err, ERROR_NOMEM, "out of memory");
}

/* What holds for every request of this transport. */
static bool set_rules(struct transport *transport, const struct transport_peer *peer)
{
    CURL *curl = transport->curl;
    const long connect_s = peer->connect_timeout_s == 0 ? CONNECT_TIMEOUT_S : (long)peer->connect_timeout_s;
    const long idle_s = peer->idle_timeout_s == 0 ? IDLE_TIMEOUT_S : (long)peer->idle_timeout_s;

    return curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https") == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_PROXY, "") == CURLE_OK && /* whatever the environment says */
           curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_SSLVERSION,
               (long)CURL_SSLVERSION_TLSv1_3 | (long)CURL_SSLVERSION_MAX_TLSv1_3) == CURLE_OK &&
           /* resumption would go round certificate and CRL */
           curl_easy_setopt(curl, CURLOPT_SSL_SESSIONID_CACHE, 0L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, connect_s) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, idle_s) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_USERAGENT, "carrel/" CARREL_VERSION) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, transport->detail) == CURLE_OK;
}

static bool take_server(struct transport *transport, const char *server, struct error *err)
{
    static const char scheme[] = "https://";
    const size_t len = strlen(server);

    if (len >= sizeof transport->server)
        return error_set(err, ERROR_USAGE, "the server's address is too long");
    if (strncmp(server, scheme, sizeof scheme - 1) != 0 || len == sizeof scheme - 1 ||
        strpbrk(server + sizeof scheme - 1, "/?#@ \t\r\n") != NULL)
        return error_set(
            err, ERROR_USAGE, "“%s” is not a server's address: it looks like https://host:8443", server);
    memcpy(transport->server, server, len + 1);
    return true;
}

struct transport *transport_new(const struct transport_peer *peer, struct error *err)
{
    struct transport *transport = calloc(1, sizeof *transport);
    bool ok = false;

    call_once(&libcurl_once, start_libcurl);
    if (transport == NULL || (transport->curl = curl_easy_init()) == NULL) {
        error_set(err, ERROR_NOMEM, "out of memory");
        goto done;
    }
    transport->is_cancelled = peer->is_cancelled;
    transport->context = peer->context;
    if (!take_server(transport, peer->server, err) || !set_identity(transport->curl, peer, err))
        goto done;
    ok = set_rules(transport, peer) && set_trust(transport->curl, peer);
    if (!ok)
        error_set(err, ERROR_IO, "this machine's libcurl lacks something that a safe connection needs");
done:
    if (!ok) {
        transport_free(transport);
        return NULL;
    }
    return transport;
}

const char *transport_host(const struct transport *transport)
{
    return transport->server + strlen("https://");
}

void transport_free(struct transport *transport)
{
    if (transport == NULL)
        return;
    if (transport->curl != NULL)
        curl_easy_cleanup(transport->curl);
    free(transport);
}

/* --- reading the answer --------------------------------------------------------------------------------- */

/* "bytes 100-199/1000" */
static void read_content_range(const char *value, struct reply *reply)
{
    int64_t first, last, total;

    if (sscanf(value, "bytes %" SCNd64 "-%" SCNd64 "/%" SCNd64, &first, &last, &total) != 3 || first < 0 ||
        last < first || total <= last)
        return;
    reply->range_first = first;
    reply->range_total = total;
}

static const char *header(CURL *curl, const char *name)
{
    struct curl_header *found = NULL;

    return curl_easy_header(curl, name, 0, CURLH_HEADER, -1, &found) == CURLHE_OK ? found->value : NULL;
}

/* Status and the few headers that count. */
static void read_head(struct exchange *exchange)
{
    CURL *curl = exchange->transport->curl;
    struct reply *reply = exchange->reply;
    const char *value;
    long status = 0;
    curl_off_t length = -1;

    if (curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status) != CURLE_OK)
        return;
    reply->status = (int)status;
    if (curl_easy_getinfo(curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length) == CURLE_OK)
        reply->length = length;
    value = header(curl, "Content-Range");
    if (status == 206 && value != NULL)
        read_content_range(value, reply);
    value = header(curl, "Retry-After");
    if (value == NULL || !number_parse(value, 0, RETRY_AFTER_MAX_S, &reply->retry_after_s))
        reply->retry_after_s = 0; /* as a date, or absurd: our own back-off is enough */
    exchange->has_head = true;
}

static bool is_success(int status)
{
    return status >= 200 && status <= 299;
}

static bool take_piece(struct exchange *exchange, struct bytes piece)
{
    const struct request *request = exchange->request;
    struct buffer *into = request->into;

    if (is_success(exchange->reply->status) && request->sink != NULL)
        return request->sink(request->context, exchange->reply, piece, &exchange->error);
    if (!is_success(exchange->reply->status) || into == NULL)
        into = &exchange->dropped;
    return buffer_add_bytes(into, piece) || error_set(&exchange->error, ERROR_LIMIT,
                                                "the answer of %s is larger than the %zu bytes it may have",
                                                transport_host(exchange->transport), into->max);
}

static size_t on_body(char *data, size_t size, size_t count, void *context)
{
    struct exchange *exchange = context;

    if (!exchange->has_head)
        read_head(exchange);
    return take_piece(exchange, bytes_of(data, size * count)) ? size * count : CURL_WRITEFUNC_ERROR;
}

/* Called at least once a second while the request is on its way. */
static int on_progress(
    void *context, curl_off_t in_total, curl_off_t in, curl_off_t out_total, curl_off_t out)
{
    struct exchange *exchange = context;
    const struct request *request = exchange->request;
    struct transport *transport = exchange->transport;

    if (transport->is_cancelled != NULL && transport->is_cancelled(transport->context)) {
        error_set(&exchange->error, ERROR_BUSY, "interrupted");
        return 1;
    }
    if (request->progress != NULL)
        request->progress(
            request->context, out_total > in_total ? out : in, out_total > in_total ? out_total : in_total);
    return 0;
}

/* --- sending -------------------------------------------------------------------------------------------- */

static bool add_header(struct curl_slist **headers, const char *line)
{
    struct curl_slist *longer = curl_slist_append(*headers, line);

    if (longer == NULL)
        return false;
    *headers = longer;
    return true;
}

static bool make_headers(const struct request *request, struct curl_slist **headers)
{
    char line[128];

    /* "Expect:" alone: a request this small need not ask first, and asking costs a second where nobody
     * answers */
    if (!add_header(headers, "Expect:"))
        return false;
    (void)snprintf(
        line, sizeof line, "Content-Type: %s", request->content_type == NULL ? "" : request->content_type);
    if (!add_header(headers, line))
        return false;
    for (size_t i = 0; i < sizeof request->headers / sizeof *request->headers; i++)
        if (request->headers[i] != NULL && !add_header(headers, request->headers[i]))
            return false;
    return true;
}

static bool set_request(struct exchange *exchange, const struct curl_slist *headers)
{
    const struct request *request = exchange->request;
    CURL *curl = exchange->transport->curl;
    char url[TRANSPORT_URL_SIZE + FILE_PATH_SIZE];
    const bool has_body = request->content_type != NULL;

    (void)snprintf(url, sizeof url, "%s%s", exchange->transport->server, request->path);
    return curl_easy_setopt(curl, CURLOPT_URL, url) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L) == CURLE_OK && /* forgets the last request's body */
           (!has_body ||
               (curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.len) ==
                       CURLE_OK &&
                   curl_easy_setopt(curl, CURLOPT_POSTFIELDS,
                       request->body.len == 0 ? "" : (const char *)request->body.data) == CURLE_OK)) &&
           curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_WRITEDATA, exchange) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_XFERINFODATA, exchange) == CURLE_OK;
}

/* {"error":{"code":…,"message":…}}, if that is what it is; control characters never reach a terminal. */
static void read_refusal(struct exchange *exchange)
{
    struct reply *reply = exchange->reply;
    struct json *json = json_parse(buffer_bytes(&exchange->dropped), NULL);
    struct json_reader outer = json_reader(json, "the answer", NULL);
    const struct json *inside = json == NULL ? NULL : json_get_object(&outer, "error");

    if (inside != NULL) {
        struct json_reader reader = json_reader(inside, "the answer", NULL);
        json_get_text(&reader, "code", reply->code, sizeof reply->code);
        json_get_text(&reader, "message", reply->message, sizeof reply->message);
    }
    for (char *at = reply->message; *at != '\0'; at++)
        if (iscntrl((unsigned char)*at))
            *at = ' ';
    json_free(json);
}

static bool judge(struct exchange *exchange, CURLcode code, struct error *err)
{
    const struct transport *transport = exchange->transport;

    if (exchange->error.code != ERROR_NONE) {
        *err = exchange->error;
        return false;
    }
    if (code != CURLE_OK) {
        exchange->reply->status = 0;
        return transport_error(code, transport->detail, transport_host(transport), err);
    }
    if (!exchange->has_head)
        read_head(exchange);
    if (is_success(exchange->reply->status))
        return true;
    read_refusal(exchange);
    return transport_refusal(exchange->reply, transport_host(transport), err);
}

bool transport_send(
    struct transport *transport, const struct request *request, struct reply *reply, struct error *err)
{
    struct request filled = *request;
    struct exchange exchange = {
        .transport = transport, .request = &filled, .reply = reply, .dropped = {.max = DROPPED_MAX_BYTES}};
    struct curl_slist *headers = NULL;
    struct error unread;
    bool ok = false;

    if (err == NULL)
        err = &unread;
    *reply = (struct reply){.length = -1, .range_total = -1};
    transport->detail[0] = '\0';
    if (filled.method == NULL)
        filled.method = "GET";
    if (strlen(filled.path) >= FILE_PATH_SIZE)
        error_set(err, ERROR_LIMIT, "the request's path is too long");
    else if (!make_headers(&filled, &headers) || !set_request(&exchange, headers))
        error_set(err, ERROR_NOMEM, "out of memory");
    else
        ok = judge(&exchange, curl_easy_perform(transport->curl), err);
    (void)curl_easy_setopt(transport->curl, CURLOPT_HTTPHEADER, NULL); /* it borrows the list freed here */
    curl_slist_free_all(headers);
    buffer_release(&exchange.dropped);
    return ok;
}
