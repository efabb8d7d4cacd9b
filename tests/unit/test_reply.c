#include "server/http/reply.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define NOW 1795332890000 /* 2026-11-22T07:34:50Z, a Sunday */

static void head_of(const struct reply *reply, char text[2048])
{
    struct buffer head = {.max = 2048};
    assert_true(reply_head(reply, NOW, &head));
    snprintf(text, 2048, "%s", buffer_text(&head));
    buffer_release(&head);
}

static void says(const char *text, const char *line)
{
    if (strstr(text, line) == NULL)
        fail_msg("%s is not in\n%s", line, text);
}

static void reply_says_what_it_is(void **state)
{
    struct reply reply;
    char text[2048];
    (void)state;
    reply_init(&reply);
    reply_error(&reply, 409, "refused", "there is \"one\" already");
    head_of(&reply, text);
    says(text, "HTTP/1.1 409 Conflict\r\n");
    says(text, "Date: Sun, 22 Nov 2026 07:34:50 GMT\r\n");
    says(text, "Content-Type: application/json\r\n");
    says(text, "Cache-Control: no-store\r\n");
    assert_string_equal(buffer_text(&reply.body),
        "{\"error\":{\"code\":\"refused\",\"message\":\"there is \\\"one\\\" already\"}}");
    assert_string_equal(text + strlen(text) - 4, "\r\n\r\n");
    reply_release(&reply);
}

static void reply_keeps_the_last_that_was_set(void **state)
{
    struct reply reply;
    char text[2048];
    (void)state;
    reply_init(&reply);
    reply_retry(&reply, 503, 7, "later");
    head_of(&reply, text);
    says(text, "Retry-After: 7\r\n");
    reply_bytes(&reply, 201, "application/cms", bytes_of_text("abc"));
    head_of(&reply, text);
    says(text, "HTTP/1.1 201 Created\r\n");
    says(text, "Content-Length: 3\r\n");
    assert_null(strstr(text, "Retry-After"));
    reply_empty(&reply, 204);
    head_of(&reply, text);
    assert_null(strstr(text, "Content-Length"));
    assert_null(strstr(text, "Content-Type"));
    reply_release(&reply);
}

static void reply_of_a_file_is_whole_a_part_or_none(void **state)
{
    static const struct {
        const char *range, *line, *length;
    } cases[] = {
        {NULL, "HTTP/1.1 200 OK\r\n", "Content-Length: 100\r\n"},
        {"bytes=10-19", "Content-Range: bytes 10-19/100\r\n", "Content-Length: 10\r\n"},
        {"bytes=200-", "Content-Range: bytes */100\r\n", "Content-Length: 0\r\n"},
    };
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct reply reply;
        char text[2048];
        reply_init(&reply);
        reply_file_take(
            &reply, open("/dev/null", O_RDONLY | O_CLOEXEC), 100, cases[i].range, "application/cms");
        head_of(&reply, text);
        says(text, cases[i].line);
        says(text, cases[i].length);
        says(text, "Accept-Ranges: bytes\r\n");
        reply_release(&reply);
        assert_int_equal(reply.file, -1);
    }
}

static void reply_of_our_own_trouble_tells_no_detail(void **state)
{
    static const struct {
        enum error_code code;
        int status;
        bool tells;
    } cases[] = {{ERROR_FORMAT, 400, true}, {ERROR_USAGE, 400, true}, {ERROR_UNTRUSTED, 400, true},
        {ERROR_LIMIT, 413, true}, {ERROR_NOT_FOUND, 404, true}, {ERROR_REFUSED, 409, true},
        {ERROR_BUSY, 503, true}, {ERROR_FULL, 503, false}, {ERROR_IO, 503, false}, {ERROR_NOMEM, 503, false},
        {ERROR_NONE, 503, false}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct reply reply;
        struct error err = {cases[i].code, "detail of it"};
        reply_init(&reply);
        reply_failure(&reply, &err);
        assert_int_equal(reply.status, cases[i].status);
        assert_int_equal(strstr(buffer_text(&reply.body), "detail of it") != NULL, cases[i].tells);
        assert_int_equal(reply.retry_after_s != 0, cases[i].status == 503);
        reply_release(&reply);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reply_says_what_it_is),
        cmocka_unit_test(reply_keeps_the_last_that_was_set),
        cmocka_unit_test(reply_of_a_file_is_whole_a_part_or_none),
        cmocka_unit_test(reply_of_our_own_trouble_tells_no_detail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
