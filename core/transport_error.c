#include "core/transport_error.h"

#include <curl/curl.h>
#include <string.h>

enum { ANY_CODE = -1 };

/* What people can do something about. The first entry whose code matches, and whose words (if it has any) are
 * in libcurl's, gives the text that follows the host. TLS 1.3 tells a client that its certificate was refused
 * only after its own handshake is done, so that shows as a failed read with an alert's name in it. */
static const struct {
    int code; /* ANY_CODE: whichever */
    const char *words;
    enum error_code error;
    const char *text;
} failures[] = {
    {CURLE_COULDNT_RESOLVE_HOST, NULL, ERROR_IO, "can't be looked up: is this computer on the network?"},
    {CURLE_COULDNT_CONNECT, NULL, ERROR_IO, "can't be reached: is this computer on the network?"},
    {CURLE_OPERATION_TIMEDOUT, NULL, ERROR_IO, "does not answer"},
    {ANY_CODE, "alert certificate expired", ERROR_UNTRUSTED,
        "says that the certificate used here has expired"},
    {ANY_CODE, "alert certificate revoked", ERROR_UNTRUSTED,
        "says that the certificate used here was revoked"},
    {ANY_CODE, "certificate required", ERROR_UNTRUSTED, "wants a certificate and got none"},
    {ANY_CODE, "alert unknown ca", ERROR_UNTRUSTED,
        "does not take the certificate used here: it is another board's"},
    {ANY_CODE, "alert bad certificate", ERROR_UNTRUSTED, "does not take the certificate used here"},
    {ANY_CODE, "alert unsupported certificate", ERROR_UNTRUSTED, "does not take the certificate used here"},
    {ANY_CODE, "alert certificate unknown", ERROR_UNTRUSTED, "does not take the certificate used here"},
    {ANY_CODE, "alert handshake failure", ERROR_UNTRUSTED, "refused the connection"},
    {ANY_CODE, "alert access denied", ERROR_UNTRUSTED, "refused the connection"},
    {ANY_CODE, "alert protocol version", ERROR_UNTRUSTED, "does not speak TLS 1.3"},
    {CURLE_SSL_CONNECT_ERROR, "unsupported protocol", ERROR_UNTRUSTED, "does not speak TLS 1.3"},
    {CURLE_SSL_CONNECT_ERROR, "wrong version number", ERROR_UNTRUSTED, "does not speak TLS on that port"},
    {CURLE_PEER_FAILED_VERIFICATION, "certificate has expired", ERROR_UNTRUSTED,
        "has a certificate that has expired (or the clock of this computer is wrong)"},
    {CURLE_PEER_FAILED_VERIFICATION, "not yet valid", ERROR_UNTRUSTED,
        "has a certificate that is not valid yet (or the clock of this computer is wrong)"},
    {CURLE_PEER_FAILED_VERIFICATION, "target host name", ERROR_UNTRUSTED,
        "is answered by somebody whose certificate has another name"},
    {CURLE_PEER_FAILED_VERIFICATION, NULL, ERROR_UNTRUSTED,
        "is not this board's server: its certificate does not come from the root held here"},
    {CURLE_SSL_CERTPROBLEM, NULL, ERROR_FORMAT,
        "can't be asked: the certificate or key used here is no good"},
    {CURLE_SSL_CONNECT_ERROR, NULL, ERROR_IO, "broke off while the connection was being made"},
    {CURLE_PARTIAL_FILE, NULL, ERROR_IO, "broke off in the middle of the answer"},
    {CURLE_GOT_NOTHING, NULL, ERROR_IO, "closed the connection without an answer"},
    {CURLE_SEND_ERROR, NULL, ERROR_IO,
        "closed the connection on us; if it goes on doing so, it may not take the certificate used here"},
    {CURLE_RECV_ERROR, NULL, ERROR_IO,
        "closed the connection on us; if it goes on doing so, it may not take the certificate used here"},
    {CURLE_OUT_OF_MEMORY, NULL, ERROR_NOMEM, "can't be asked: out of memory"},
    {CURLE_ABORTED_BY_CALLBACK, NULL, ERROR_BUSY, "was being asked when this was interrupted"},
};

bool transport_error(int curl_code, const char *detail, const char *host, struct error *err)
{
    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++)
        if ((failures[i].code == ANY_CODE || failures[i].code == curl_code) &&
            (failures[i].words == NULL || strstr(detail, failures[i].words) != NULL))
            return error_set(err, failures[i].error, "%s %s", host, failures[i].text);
    return error_set(err, ERROR_IO, "%s can't be asked: %s", host,
        detail[0] != '\0' ? detail : curl_easy_strerror((CURLcode)curl_code));
}

static enum error_code code_of_status(int status)
{
    switch (status) {
    case 400: return ERROR_FORMAT;
    case 401: return ERROR_UNTRUSTED;
    case 404: return ERROR_NOT_FOUND;
    case 413: return ERROR_LIMIT;
    case 429:
    case 503: return ERROR_BUSY;
    default: return status >= 400 && status <= 499 ? ERROR_REFUSED : ERROR_IO;
    }
}

static const char *words_of_status(int status)
{
    switch (status) {
    case 400: return "it can't read the request";
    case 401: return "it does not know the certificate used here";
    case 403: return "the certificate used here may not do that";
    case 404: return "it has no such thing";
    case 409: return "it holds something different under that name";
    case 413: return "it is too large";
    case 429: return "too many requests at once";
    case 503: return "it is shutting down or busy";
    default: return status >= 500 ? "a failure of its own" : "an answer this program does not know";
    }
}

bool transport_refusal(const struct reply *reply, const char *host, struct error *err)
{
    const enum error_code code = code_of_status(reply->status);

    if (reply->message[0] != '\0')
        return error_set(err, code, "%s says: %s", host, reply->message);
    return error_set(err, code, "%s says: %s (%d)", host, words_of_status(reply->status), reply->status);
}
