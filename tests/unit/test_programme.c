/* A programme as JSON: what is written is read again, and nothing else is. */
#include "core/programme.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/json.h"
#include "example.h"

static struct programme *read_programme(const char *text, struct error *err)
{
    struct programme *programme = calloc(1, sizeof *programme);

    assert_non_null(programme);
    *err = (struct error){ERROR_NONE, ""};
    if (programme_parse(bytes_of_text(text), programme, err))
        return programme;
    free(programme);
    return NULL;
}

static void programme_is_written_as_it_was_read(void **state)
{
    struct buffer text = example_object("programme.json"), again = {.max = PROGRAMME_MAX_BYTES};
    struct error err;
    struct programme *programme = read_programme(buffer_text(&text), &err);
    struct json *json;

    (void)state;
    if (programme == NULL)
        fail_msg("%s", err.text);
    assert_string_equal(programme->titles[2].name, "PCPP 32-1");
    assert_int_equal(programme->titles[3].need_count, 2);
    assert_int_equal(programme->titles[1].exam.fee, 295);
    assert_false(programme->titles[4].has_exam);
    json = programme_json(programme);
    assert_true(json_write(json, &again, &err));
    assert_string_equal(buffer_text(&again), buffer_text(&text));
    json_free(json);
    free(programme);
    buffer_release(&again);
    buffer_release(&text);
}

static void programme_names_its_exams(void **state)
{
    struct buffer text = example_object("programme.json");
    struct error err;
    struct programme *programme = read_programme(buffer_text(&text), &err);
    size_t index = 9;

    (void)state;
    assert_true(programme_find_exam(programme, "pcpp1", &index));
    assert_int_equal(index, 2);
    assert_false(programme_find_exam(programme, "cepp", &index));
    assert_false(programme_find_exam(programme, "other", &index));
    free(programme);
    buffer_release(&text);
}

/* The example with one place of it changed, and what is said of it. */
static void programme_refuses_what_is_wrong(void **state)
{
    static const struct {
        const char *from, *to, *reason;
    } cases[] = {
        {"\"format\":1", "\"format\":2", "format"},
        {"\"id\":\"python\"", "\"id\":\"Py thon\"", "id"},
        {"\"currency\":\"USD\"", "\"currency\":\"usd\"", "currency"},
        {"\"currency\":\"USD\"", "\"currency\":\"USDX\"", "currency"},
        {"\"retake_after_days\":7", "\"retake_after_days\":-1", "retake_after_days"},
        {"\"retake_after_days\":7", "\"retake_after_days\":7,\"more\":1", "not known"},
        {"\"in_force\":\"2026-01-01T00:00:00.000Z\"", "\"in_force\":\"2026-01-01\"", "in_force"},
        {"\"pass_mark\":70", "\"pass_mark\":101", "pass_mark"},
        {"\"items\":40", "\"items\":0", "items"},
        {"\"id\":\"pcpp2\"", "\"id\":\"pcap\"", "twice"},
        {"\"needs\":[\"pcap\"]", "\"needs\":[\"cepp\"]", "not above"},
        {"\"needs\":[\"pcap\"]", "\"needs\":[\"pcpp1\"]", "not above"},
        {"\"needs\":[\"pcap\",\"pcpp1\"]", "\"needs\":[\"pcap\",\"pcap\"]", "twice"},
        {"\"needs\":[\"pcap\",\"pcpp1\",\"pcpp2\"]", "\"needs\":[]", "neither an exam"},
        {"\"name\":\"PCEP\"", "\"name\":\"\"", "name"},
    };
    struct buffer text = example_object("programme.json");
    struct error err;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *at = strstr(buffer_text(&text), cases[i].from);
        struct buffer changed = {.max = 1 << 20};
        struct programme *programme;
        if (at == NULL)
            fail_msg("the example has no %s", cases[i].from);
        assert_true(buffer_addf(&changed, "%.*s%s%s", (int)(at - buffer_text(&text)), buffer_text(&text),
            cases[i].to, at + strlen(cases[i].from)));
        programme = read_programme(buffer_text(&changed), &err);
        if (programme != NULL)
            fail_msg("%s: taken", cases[i].to);
        assert_int_equal(err.code, ERROR_FORMAT);
        if (strstr(err.text, cases[i].reason) == NULL)
            fail_msg("%s: %s", cases[i].to, err.text);
        buffer_release(&changed);
    }
    buffer_release(&text);
}

static void programme_refuses_validity_of_what_is_awarded(void **state)
{
    struct buffer text = example_object("programme.json");
    struct error err = {ERROR_NONE, ""};
    struct programme *programme = read_programme(buffer_text(&text), &err);

    (void)state;
    programme->titles[4].valid_months = 12;
    assert_false(programme_title_check(programme, 4, &err));
    assert_non_null(strstr(err.text, "valid_months"));
    free(programme);
    buffer_release(&text);
}

static void programme_refuses_every_prefix(void **state)
{
    struct buffer text = example_object("programme.json");
    struct error err;

    (void)state;
    for (size_t len = 0; len < text.len; len++) {
        struct programme *programme = calloc(1, sizeof *programme);
        assert_false(programme_parse(bytes_of(text.data, len), programme, &err));
        free(programme);
    }
    buffer_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(programme_is_written_as_it_was_read),
        cmocka_unit_test(programme_names_its_exams),
        cmocka_unit_test(programme_refuses_what_is_wrong),
        cmocka_unit_test(programme_refuses_validity_of_what_is_awarded),
        cmocka_unit_test(programme_refuses_every_prefix),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
