/* Behaviour of core/transport.h as far as it goes without a server of ours; tests/e2e has the rest. */
#include <arpa/inet.h>
#include <curl/curl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/transport.h"
#include "core/transport_error.h"

static void says_what_went_wrong_in_words(void **state)
{
    static const struct {
        int code;
        const char *detail;
        enum error_code error;
        const char *text;
    } cases[] = {
        {CURLE_COULDNT_RESOLVE_HOST, "Could not resolve host: h", ERROR_IO,
            "h:8443 can't be looked up: is this computer on the network?"},
        {CURLE_COULDNT_CONNECT, "Connection refused", ERROR_IO,
            "h:8443 can't be reached: is this computer on the network?"},
        {CURLE_OPERATION_TIMEDOUT, "", ERROR_IO, "h:8443 does not answer"},
        {CURLE_RECV_ERROR,
            "OpenSSL SSL_read: error:0A000415:SSL routines::sslv3 alert certificate expired, errno 0",
            ERROR_UNTRUSTED, "h:8443 says that the certificate used here has expired"},
        {CURLE_RECV_ERROR, "OpenSSL SSL_read: …::tlsv13 alert certificate required, errno 0", ERROR_UNTRUSTED,
            "h:8443 wants a certificate and got none"},
        {CURLE_RECV_ERROR, "Recv failure: Connection reset by peer", ERROR_IO,
            "h:8443 closed the connection on us; if it goes on doing so, it may not take the certificate "
            "used here"},
        {CURLE_PEER_FAILED_VERIFICATION, "SSL certificate problem: certificate has expired", ERROR_UNTRUSTED,
            "h:8443 has a certificate that has expired (or the clock of this computer is wrong)"},
        {CURLE_PEER_FAILED_VERIFICATION, "SSL certificate problem: no explicit policy", ERROR_UNTRUSTED,
            "h:8443 is not this board's server: its certificate does not come from the root held here"},
        {CURLE_PARTIAL_FILE, "", ERROR_IO, "h:8443 broke off in the middle of the answer"},
        {CURLE_WEIRD_SERVER_REPLY, "odd", ERROR_IO, "h:8443 can't be asked: odd"},
        {CURLE_WEIRD_SERVER_REPLY, "", ERROR_IO, "h:8443 can't be asked: Weird server reply"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = {0};
        assert_false(transport_error(cases[i].code, cases[i].detail, "h:8443", &err));
        assert_string_equal(err.text, cases[i].text);
        assert_int_equal(err.code, cases[i].error);
    }
}

static void says_what_a_status_means(void **state)
{
    static const struct {
        struct reply reply;
        enum error_code error;
        const char *text;
    } cases[] = {
        {{.status = 400, .message = "digest: 63 digits"}, ERROR_FORMAT, "h says: digest: 63 digits"},
        {{.status = 401}, ERROR_UNTRUSTED, "h says: it does not know the certificate used here (401)"},
        {{.status = 403}, ERROR_REFUSED, "h says: the certificate used here may not do that (403)"},
        {{.status = 404}, ERROR_NOT_FOUND, "h says: it has no such thing (404)"},
        {{.status = 409}, ERROR_REFUSED, "h says: it holds something different under that name (409)"},
        {{.status = 413}, ERROR_LIMIT, "h says: it is too large (413)"},
        {{.status = 429}, ERROR_BUSY, "h says: too many requests at once (429)"},
        {{.status = 503}, ERROR_BUSY, "h says: it is shutting down or busy (503)"},
        {{.status = 500}, ERROR_IO, "h says: a failure of its own (500)"},
        {{.status = 302}, ERROR_IO, "h says: an answer this program does not know (302)"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = {0};
        assert_false(transport_refusal(&cases[i].reply, "h", &err));
        assert_string_equal(err.text, cases[i].text);
        assert_int_equal(err.code, cases[i].error);
    }
}

static void refuses_what_is_no_address(void **state)
{
    static const char *const addresses[] = {"http://h:8443", "h:8443", "https://", "https://h:8443/",
        "https://u@h", "https://h?x", "https://h#x", "https://h\r\nX: y", ""};

    (void)state;
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        const struct transport_peer peer = {.server = addresses[i], .believes_anyone = true};
        struct error err = {0};
        assert_null(transport_new(&peer, &err));
        assert_int_equal(err.code, ERROR_USAGE);
    }
}

/* A port of the loopback that listens, or (with listens false) is known to be free. */
static int make_port(bool listens, int *descriptor)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;

    *descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(*descriptor >= 0);
    assert_int_equal(bind(*descriptor, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(getsockname(*descriptor, (struct sockaddr *)&address, &len), 0);
    if (listens)
        assert_int_equal(listen(*descriptor, 1), 0);
    return ntohs(address.sin_port);
}

static bool ask(int port, const struct transport_peer *rules, struct reply *reply, struct error *err)
{
    struct transport_peer peer = *rules;
    const struct request request = {.path = "/v1/root"};
    struct transport *transport;
    char server[64];
    bool ok;

    (void)snprintf(server, sizeof server, "https://127.0.0.1:%d", port);
    peer.server = server;
    peer.believes_anyone = true;
    transport = transport_new(&peer, err);
    assert_non_null(transport);
    ok = transport_send(transport, &request, reply, err);
    transport_free(transport);
    return ok;
}

static void nobody_there_is_worth_another_try(void **state)
{
    struct error err = {0};
    struct reply reply;
    int descriptor, port = make_port(false, &descriptor);

    (void)state;
    assert_false(ask(port, &(const struct transport_peer){0}, &reply, &err));
    assert_int_equal(err.code, ERROR_IO);
    assert_int_equal(reply.status, 0);
    assert_non_null(strstr(err.text, "can't be reached"));
    (void)close(descriptor);
}

/* The kernel accepts the connection; nobody ever answers the handshake. */
static void silence_ends_at_the_time_limit(void **state)
{
    struct error err = {0};
    struct reply reply;
    int descriptor, port = make_port(true, &descriptor);

    (void)state;
    assert_false(ask(port, &(const struct transport_peer){.connect_timeout_s = 1}, &reply, &err));
    assert_int_equal(err.code, ERROR_IO);
    assert_non_null(strstr(err.text, "does not answer"));
    (void)close(descriptor);
}

static bool at_once(void *context)
{
    (void)context;
    return true;
}

static void a_request_can_be_cancelled(void **state)
{
    struct error err = {0};
    struct reply reply;
    int descriptor, port = make_port(true, &descriptor);

    (void)state;
    assert_false(ask(port, &(const struct transport_peer){.is_cancelled = at_once}, &reply, &err));
    assert_int_equal(err.code, ERROR_BUSY);
    assert_string_equal(err.text, "interrupted");
    (void)close(descriptor);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_what_went_wrong_in_words),
        cmocka_unit_test(says_what_a_status_means),
        cmocka_unit_test(refuses_what_is_no_address),
        cmocka_unit_test(nobody_there_is_worth_another_try),
        cmocka_unit_test(silence_ends_at_the_time_limit),
        cmocka_unit_test(a_request_can_be_cancelled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
