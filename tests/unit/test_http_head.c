/* Every way to be unclear about where a request ends is refused, with the status that says why. */
#include "server/http/head.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

struct refused {
    const char *name, *head;
    int status;
};

#define GET "GET / HTTP/1.1\r\n"
#define PUT "PUT / HTTP/1.1\r\n"
#define HOST "Host: server:8443\r\n"
#define END "\r\n"

static const struct refused refused_heads[] = {
    {"two Content-Lengths that differ", PUT HOST "Content-Length: 5\r\nContent-Length: 6\r\n" END, 400},
    {"two Content-Lengths that agree", PUT HOST "Content-Length: 5\r\nContent-Length: 5\r\n" END, 400},
    {"a list of lengths", PUT HOST "Content-Length: 5, 5\r\n" END, 400},
    {"a length with a letter", PUT HOST "Content-Length: 5x\r\n" END, 400},
    {"a length with a sign", PUT HOST "Content-Length: +5\r\n" END, 400},
    {"a negative length", PUT HOST "Content-Length: -5\r\n" END, 400},
    {"a hexadecimal length", PUT HOST "Content-Length: 0x5\r\n" END, 400},
    {"a length with a leading zero", PUT HOST "Content-Length: 05\r\n" END, 400},
    {"an empty length", PUT HOST "Content-Length:\r\n" END, 400},
    {"a length past 64 bits", PUT HOST "Content-Length: 99999999999999999999\r\n" END, 400},
    {"Transfer-Encoding on a PUT", PUT HOST "Transfer-Encoding: chunked\r\n" END, 400},
    {"Transfer-Encoding beside a length", PUT HOST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n" END,
        400},
    {"Transfer-Encoding on a GET", GET HOST "Transfer-Encoding: identity\r\n" END, 400},
    {"a folded line", GET HOST "X-A: 1\r\n 2\r\n" END, 400},
    {"a line folded with a tab", GET HOST "X-A: 1\r\n\t2\r\n" END, 400},
    {"a folded first field", GET " Host: a\r\n" HOST END, 400},
    {"a space before the colon", PUT HOST "Content-Length : 5\r\n" END, 400},
    {"a tab before the colon", PUT HOST "Content-Length\t: 5\r\n" END, 400},
    {"a space inside a name", PUT HOST "Content Length: 5\r\n" END, 400},
    {"no Host", GET "X-A: 1\r\n" END, 400},
    {"no field at all", GET END, 400},
    {"two Hosts", GET HOST HOST END, 400},
    {"an empty Host", GET "Host:\r\n" END, 400},
    {"a Host that is a list", GET "Host: a, b\r\n" END, 400},
    {"a Host with user information", GET "Host: me@server\r\n" END, 400},
    {"no colon", GET HOST "nonsense\r\n" END, 400},
    {"an empty name", GET HOST ": 1\r\n" END, 400},
    {"a bare line feed", GET HOST "X-A: 1\nX-B: 2\r\n" END, 400},
    {"a bare carriage return", GET HOST "X-A: 1\rX-B: 2\r\n" END, 400},
    {"a bare line feed behind the request line", "GET / HTTP/1.1\n" HOST END, 400},
    {"a control character in a value", GET HOST "X-A: \x01\r\n" END, 400},
    {"a byte above 0x7e in a value", GET HOST "X-A: \xc3\xa4\r\n" END, 400},
    {"an empty line first", END GET HOST END, 400},
    {"a body on a GET", GET HOST "Content-Length: 1\r\n" END, 400},
    {"no length on a PUT", PUT HOST END, 411},
    {"no length on a POST", "POST / HTTP/1.1\r\n" HOST END, 411},
    {"an absolute target", "GET http://server/ HTTP/1.1\r\n" HOST END, 400},
    {"an asterisk target", "OPTIONS * HTTP/1.1\r\n" HOST END, 400},
    {"a fragment", "GET /a#b HTTP/1.1\r\n" HOST END, 400},
    {"a backslash in the target", "GET /a\\b HTTP/1.1\r\n" HOST END, 400},
    {"a tab in the target", "GET /a\tb HTTP/1.1\r\n" HOST END, 400},
    {"two spaces in the request line", "GET  / HTTP/1.1\r\n" HOST END, 400},
    {"a space behind the version", "GET / HTTP/1.1 \r\n" HOST END, 400},
    {"no version", "GET /\r\n" HOST END, 400},
    {"another protocol", "GET / SIP/2.0\r\n" HOST END, 400},
    {"a method that is no token", "G(T / HTTP/1.1\r\n" HOST END, 400},
    {"an empty method", " / HTTP/1.1\r\n" HOST END, 400},
    {"HTTP/1.0", "GET / HTTP/1.0\r\n" HOST END, 505},
    {"HTTP/1.10", "GET / HTTP/1.10\r\n" HOST END, 505},
    {"another expectation", PUT HOST "Content-Length: 5\r\nExpect: cake\r\n" END, 417},
    {"more than a head", GET HOST END "GET", 400},
    {"less than a head", GET HOST, 400},
};

static void head_refuses_what_is_unclear(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused_heads / sizeof refused_heads[0]; i++) {
        struct head head = {0};
        struct error err = {0};
        int status = 0;
        if (head_parse(bytes_of_text(refused_heads[i].head), &head, &status, &err))
            fail_msg("%s: taken", refused_heads[i].name);
        if (status != refused_heads[i].status || err.text[0] == '\0')
            fail_msg("%s: %d %s", refused_heads[i].name, status, err.text);
        assert_null(head.text);
    }
}

static void head_refuses_a_nul_anywhere(void **state)
{
    (void)state;
    char text[] = PUT HOST "Content-Length: 5\r\n" END;
    for (size_t i = 0; i < sizeof text - 1; i++) {
        char kept = text[i];
        struct head head = {0};
        int status = 0;
        text[i] = '\0';
        assert_false(head_parse(bytes_of(text, sizeof text - 1), &head, &status, NULL));
        text[i] = kept;
    }
}

static void head_reads_a_plain_request(void **state)
{
    (void)state;
    struct head head = {0};
    int status = 0;
    assert_true(head_parse(
        bytes_of_text("PUT /v1/results/ab-1?x=1 HTTP/1.1\r\nHOST: [::1]:8443\r\nContent-Length:  20 \r\n"
                      "Expect: 100-Continue\r\nConnection: keep-alive, Close\r\nX-Empty:\r\n\r\n"),
        &head, &status, NULL));
    assert_int_equal(head.method, METHOD_PUT);
    assert_string_equal(head.path, "/v1/results/ab-1");
    assert_string_equal(head.query, "x=1");
    assert_int_equal(head.body_bytes, 20);
    assert_true(head.expects_continue);
    assert_true(head.wants_close);
    assert_string_equal(head_field(&head, "x-empty"), "");
    assert_string_equal(head_field(&head, "host"), "[::1]:8443");
    assert_null(head_field(&head, "range"));
    head_release(&head);
}

static void head_keeps_the_connection_unless_asked(void **state)
{
    (void)state;
    struct head head = {0};
    int status = 0;
    assert_true(
        head_parse(bytes_of_text(GET HOST "Connection: closed, x-close\r\n" END), &head, &status, NULL));
    assert_false(head.wants_close);
    assert_false(head.expects_continue);
    assert_int_equal(head.body_bytes, 0);
    head_release(&head);
}

static void head_bounds_fields_and_bytes(void **state)
{
    (void)state;
    struct buffer text = {.max = 1u << 20};
    struct head head = {0};
    int status = 0;
    buffer_add_text(&text, GET HOST);
    for (unsigned i = 1; i < HEAD_FIELDS_MAX; i++)
        buffer_add_text(&text, "X: 1\r\n");
    size_t most = text.len;
    buffer_add_text(&text, END);
    assert_true(head_parse(buffer_bytes(&text), &head, &status, NULL));
    head_release(&head);
    text.len = most;
    buffer_add_text(&text, "X: 1\r\n" END);
    assert_false(head_parse(buffer_bytes(&text), &head, &status, NULL));
    assert_int_equal(status, 431);
    buffer_clear(&text);
    buffer_add_text(&text, GET HOST "X: ");
    while (text.len < HEAD_MAX_BYTES)
        buffer_add_text(&text, "1");
    buffer_add_text(&text, "\r\n" END);
    assert_false(head_parse(buffer_bytes(&text), &head, &status, NULL));
    assert_int_equal(status, 431);
    buffer_release(&text);
}

static void head_ends_at_the_first_empty_line_only(void **state)
{
    (void)state;
    static const char text[] = GET HOST END "body\r\n\r\n";
    size_t whole = sizeof GET HOST END - 1;
    for (size_t len = 0; len < whole; len++)
        assert_int_equal(head_length(bytes_of(text, len)), 0);
    assert_int_equal(head_length(bytes_of(text, whole)), whole);
    assert_int_equal(head_length(bytes_of(text, sizeof text - 1)), whole);
}

/* Each prefix, the last byte lying right before a page that can't be read. */
static void head_reads_nothing_behind_its_end(void **state)
{
    (void)state;
    static const char text[] = PUT HOST "Content-Length: 5\r\nConnection: close\r\n" END;
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(pages, MAP_FAILED);
    assert_int_equal(mprotect(pages + page, page, PROT_NONE), 0);
    for (size_t len = 0; len < sizeof text; len++) {
        struct head head = {0};
        int status = 0;
        char *at = pages + page - len;
        memcpy(at, text, len);
        bool is_whole = len == sizeof text - 1;
        assert_int_equal(head_length(bytes_of(at, len)), is_whole ? len : 0);
        assert_int_equal(head_parse(bytes_of(at, len), &head, &status, NULL), is_whole);
        head_release(&head);
        if (len == sizeof text - 1)
            break;
    }
    munmap(pages, 2 * page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(head_refuses_what_is_unclear),
        cmocka_unit_test(head_refuses_a_nul_anywhere),
        cmocka_unit_test(head_reads_a_plain_request),
        cmocka_unit_test(head_keeps_the_connection_unless_asked),
        cmocka_unit_test(head_bounds_fields_and_bytes),
        cmocka_unit_test(head_ends_at_the_first_empty_line_only),
        cmocka_unit_test(head_reads_nothing_behind_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
