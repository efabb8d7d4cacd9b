#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/file.h"
#include "core/json.h"
#include "core/scoring_key.h"

#define EXAMPLES CARREL_SOURCE_DIR "/docs/formats/examples/"

static struct buffer read_whole(const char *path)
{
    struct buffer text = {.max = SCORING_KEY_MAX_BYTES};
    struct error err = {0};

    if (!file_read(path, &text, &err))
        fail_msg("%s", err.text);
    return text;
}

static struct buffer changed(struct bytes text, const char *from, const char *to)
{
    struct buffer out = {.max = SCORING_KEY_MAX_BYTES};
    const char *place = strstr((const char *)text.data, from);

    if (place == NULL)
        fail_msg("the example has no %s", from);
    buffer_add(&out, text.data, (size_t)(place - (const char *)text.data));
    buffer_add_text(&out, to);
    buffer_add_text(&out, place + strlen(from));
    return out;
}

static void scoring_key_of_the_page_decodes_and_encodes(void **state)
{
    struct buffer text = read_whole(EXAMPLES "scoring-key.json");
    struct buffer expected = {.max = SCORING_KEY_MAX_BYTES}, written = {.max = SCORING_KEY_MAX_BYTES};
    struct error err = {0};
    struct scoring_key *key = scoring_key_decode(buffer_bytes(&text), &err);
    struct json *value = json_parse(buffer_bytes(&text), &err);

    (void)state;
    if (key == NULL)
        fail_msg("%s", err.text);
    assert_int_equal(key->item_count, 6);
    assert_int_equal(scoring_key_find(key, "types-01")->correct_count, 2);
    assert_false(scoring_key_find(key, "flow-04")->is_scored);
    assert_int_equal(scoring_key_find(key, "flow-02")->rationale.count, 1);
    assert_null(scoring_key_find(key, "flow-05"));
    assert_true(scoring_key_encode(key, &written, &err));
    assert_true(json_write(value, &expected, &err));
    assert_string_equal(buffer_text(&written), buffer_text(&expected));
    json_free(value);
    scoring_key_free(key);
    buffer_release(&text);
    buffer_release(&written);
    buffer_release(&expected);
}

static void scoring_key_says_what_is_wrong(void **state)
{
    static const struct {
        const char *from, *to, *text;
    } cases[] = {
        {"\"format\": 1", "\"format\": 2", "\"format\" is not between 1 and 1"},
        {"\"demo\"", "\"\"", "it does not say of which exam"},
        {"00112233", "0011223G", "its package id is not 16 bytes in hex"},
        {"00112233", "001122", "its package id is not 16 bytes in hex"},
        {"\"pass_mark\": 70", "\"pass_mark\": 0", "\"pass_mark\" is not between 1 and 100"},
        {"\"id\": \"types\"", "\"id\": \"flow\"", "topic flow is there twice"},
        {"\"Types\"", "\"\"", "topic 2 has no identifier or title"},
        {"\"item\": \"flow-02\"", "\"item\": \"flow-01\"",
            "key of item flow-01: it is there twice or out of order"},
        {"\"topic\": \"flow\"", "\"topic\": \"flows\"", "key of item flow-01: its topic is not there"},
        {"\"match_correct\"", "\"map_response\"", "\"method\" has a value that is not known"},
        {"[\"A\", \"C\"]", "[\"C\", \"A\"]",
            "key of item types-01: its correct values are not identifiers in order"},
        {"[\"A\", \"C\"]", "[\"A\", \"A\"]",
            "key of item types-01: its correct values are not identifiers in order"},
        {"[\"A\", \"C\"]", "[]", "key of item types-01: it has no correct values"},
        {"[\"A\", \"C\"]", "[1]", "a correct value is not a text"},
        {"\"points\": 1", "\"points\": 0", "\"points\" is not between 1 and 100"},
        {"\"scored\": true", "\"scored\": 1", "\"scored\" is not true or false"},
        {"\"rationale\": []", "\"rationale\": [{\"kind\": \"interaction\", \"interaction\": 0}]",
            "stands where none can be"},
        {"\"format\": 1", "\"format\": 1, \"more\": 2", "has members that are not known"},
    };
    struct buffer text = read_whole(EXAMPLES "scoring-key.json");

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error err = {0};
        struct buffer bad = changed(buffer_bytes(&text), cases[i].from, cases[i].to);
        struct scoring_key *key = scoring_key_decode(buffer_bytes(&bad), &err);
        if (key != NULL || strstr(err.text, cases[i].text) == NULL)
            fail_msg(
                "%s → %s: expected \"%s\", got \"%s\"", cases[i].from, cases[i].to, cases[i].text, err.text);
        assert_int_equal(err.code, ERROR_FORMAT);
        buffer_release(&bad);
    }
    buffer_release(&text);
}

static void scoring_key_fits_its_exam_only(void **state)
{
    static const struct {
        const char *from, *to, *text; /* NULL: it fits */
    } cases[] = {
        {"flow-01", "flow-01", NULL},
        {"\"demo\"", "\"other\"", "that of other 2026.1"},
        {"\"2026.1\"", "\"2026.2\"", "that of demo 2026.2"},
        {"00000000000000a1", "00000000000000a0", "lacks item flow-01"},
        {"\"points\": 1", "\"points\": 2", "lacks item flow-01"},
        {"[\"A\", \"C\"]", "[\"A\", \"E\"]", "of item types-01 names a choice that is not there"},
        {"\"RESPONSE\"", "\"RESPONSE2\"", "of item flow-01 names a choice that is not there"},
    };
    struct buffer text = read_whole(EXAMPLES "scoring-key.json"),
                  exam_text = read_whole(EXAMPLES "exam.json");
    struct error err = {0};
    struct exam *exam = exam_decode(buffer_bytes(&exam_text), &err);

    (void)state;
    assert_non_null(exam);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buffer other = changed(buffer_bytes(&text), cases[i].from, cases[i].to);
        struct scoring_key *key = scoring_key_decode(buffer_bytes(&other), &err);
        assert_non_null(key);
        assert_int_equal(scoring_key_fits(key, exam, &err), cases[i].text == NULL);
        if (cases[i].text != NULL)
            assert_non_null(strstr(err.text, cases[i].text));
        scoring_key_free(key);
        buffer_release(&other);
    }
    exam_free(exam);
    buffer_release(&exam_text);
    buffer_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scoring_key_of_the_page_decodes_and_encodes),
        cmocka_unit_test(scoring_key_says_what_is_wrong),
        cmocka_unit_test(scoring_key_fits_its_exam_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
