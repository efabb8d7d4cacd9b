/* Behaviour of provisioning/time_statement.h, on the transcript of docs/formats/record.md. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "core/file.h"
#include "core/limits.h"
#include "provisioning/time_statement.h"

static bool has(const struct time_statement *statement, const char *words)
{
    for (size_t i = 0; i < statement->count; i++)
        if (strstr(statement->entries[i].what, words) != NULL)
            return true;
    return false;
}

static void says_who_began_and_how_it_ended(void **state)
{
    struct buffer text = {.max = TRANSCRIPT_MAX_BYTES};
    struct time_statement statement;
    struct error err = {0};

    (void)state;
    assert_true(file_read(CARREL_SOURCE_DIR "/docs/formats/examples/transcript.jsonl", &text, &err));
    assert_true(time_statement_make(&statement, buffer_bytes(&text), &err));
    assert_true(statement.count >= 3);
    assert_true(has(&statement, "begun by"));
    assert_true(has(&statement, "ended"));
    for (size_t i = 1; i < statement.count; i++)
        assert_true(statement.entries[i].wall_ms >= statement.entries[i - 1].wall_ms);
    time_statement_release(&statement);
    buffer_release(&text);
}

/* The one entry of a resume by two people after a gap of so many ms; the caller releases it. */
static void resume_after(struct time_statement *statement, int gap_ms)
{
    char line[400];
    const int len = snprintf(line, sizeof line,
        "{\"boot_id\":\"b\",\"boot_ms\":1,\"code\":\"resume\",\"code_number\":1,\"exam_ms\":0,"
        "\"gap_ms\":%d,\"initials\":\"KM\",\"kind\":\"run\",\"reason\":\"resume\",\"second\":\"SB\","
        "\"sequence\":9,\"wall_ms\":1}\n",
        gap_ms);

    assert_true(time_statement_make(statement, bytes_of(line, (size_t)len), NULL));
}

static void says_who_took_a_gap_on(void **state)
{
    struct time_statement statement;

    (void)state;
    resume_after(&statement, 1390000);
    assert_true(has(&statement, "resumed by KM and SB with resume code 1, about 0:23:10 later"));
    time_statement_release(&statement);
}

static void says_of_a_gap_nobody_knows_that_nobody_does(void **state)
{
    struct time_statement statement;

    (void)state;
    resume_after(&statement, 0);
    assert_true(has(&statement, "resumed by KM and SB with resume code 1, after a time that is not known"));
    assert_false(has(&statement, "later"));
    time_statement_release(&statement);
}

static void reads_as_far_as_it_can(void **state)
{
    struct buffer text = {.max = TRANSCRIPT_MAX_BYTES};
    struct time_statement whole, cut;

    (void)state;
    assert_true(file_read(CARREL_SOURCE_DIR "/docs/formats/examples/transcript.jsonl", &text, NULL));
    assert_true(time_statement_make(&whole, buffer_bytes(&text), NULL));
    for (size_t len = 0; len < text.len; len++) {
        assert_true(time_statement_make(&cut, bytes_of(text.data, len), NULL));
        assert_true(cut.count <= whole.count);
        time_statement_release(&cut);
    }
    time_statement_release(&whole);
    buffer_release(&text);
}

static void shows_lengths_as_clocks_do(void **state)
{
    static const struct {
        int64_t ms;
        const char *text;
    } cases[] = {{0, "0:00:00"}, {999, "0:00:00"}, {61000, "0:01:01"}, {3899999, "1:04:59"}, {-5, "0:00:00"},
        {360000000, "100:00:00"}};
    char text[DURATION_TEXT_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        duration_format(cases[i].ms, text);
        assert_string_equal(text, cases[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_who_began_and_how_it_ended),
        cmocka_unit_test(says_who_took_a_gap_on),
        cmocka_unit_test(says_of_a_gap_nobody_knows_that_nobody_does),
        cmocka_unit_test(reads_as_far_as_it_can),
        cmocka_unit_test(shows_lengths_as_clocks_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
