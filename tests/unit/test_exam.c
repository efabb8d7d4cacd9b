#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/exam.h"
#include "core/file.h"
#include "core/json.h"

#define EXAMPLE CARREL_SOURCE_DIR "/docs/formats/examples/exam.json"

static struct buffer example(void)
{
    struct buffer text = {.max = EXAM_JSON_MAX_BYTES};
    struct error err = {0};

    if (!file_read(EXAMPLE, &text, &err))
        fail_msg("%s", err.text);
    return text;
}

/* The same value in the one form we write. */
static struct buffer canonical(struct bytes text)
{
    struct buffer out = {.max = EXAM_JSON_MAX_BYTES};
    struct error err = {0};
    struct json *value = json_parse(text, &err);

    assert_non_null(value);
    assert_true(json_write(value, &out, &err));
    json_free(value);
    return out;
}

static void exam_of_the_page_decodes(void **state)
{
    struct buffer text = example();
    struct error err = {0};
    struct exam *exam = exam_decode(buffer_bytes(&text), &err);
    size_t index;

    (void)state;
    if (exam == NULL)
        fail_msg("%s", err.text);
    assert_string_equal(exam->identifier, "demo");
    assert_int_equal(exam->item_count, 6);
    assert_int_equal(exam_form_length(exam), 3);
    assert_int_equal(exam_form_points(exam), 4);
    assert_true(exam_find_item(exam, "types-01", &index));
    assert_int_equal(index, 4);
    assert_int_equal(exam->items[index].interactions[0].max_choices, 2);
    assert_false(exam_find_item(exam, "types-03", &index));
    assert_int_equal(exam->items[1].enemies[0], 2);
    assert_string_equal(exam->items[0].body.items[1].lines[2].spans[9].text, "# one line");
    exam_free(exam);
    buffer_release(&text);
}

static void exam_encodes_to_what_it_was_decoded_from(void **state)
{
    struct buffer text = example();
    struct buffer expected = canonical(buffer_bytes(&text));
    struct buffer written = {.max = EXAM_JSON_MAX_BYTES};
    struct error err = {0};
    struct exam *exam = exam_decode(buffer_bytes(&text), &err);

    (void)state;
    assert_non_null(exam);
    assert_true(exam_encode(exam, &written, &err));
    assert_true(bytes_equal(buffer_bytes(&written), buffer_bytes(&expected)));
    exam_free(exam);
    buffer_release(&text);
    buffer_release(&written);
    buffer_release(&expected);
}

/* The example with the first place of `from` replaced. */
static struct buffer changed(struct bytes text, const char *from, const char *to)
{
    struct buffer out = {.max = EXAM_JSON_MAX_BYTES};
    const char *place = strstr((const char *)text.data, from);

    if (place == NULL)
        fail_msg("the example has no %s", from);
    buffer_add(&out, text.data, (size_t)(place - (const char *)text.data));
    buffer_add_text(&out, to);
    buffer_add_text(&out, place + strlen(from));
    return out;
}

static void exam_says_what_is_wrong(void **state)
{
    static const struct {
        const char *from, *to, *text;
    } cases[] = {
        {"\"format\": 1", "\"format\": 2", "\"format\" is not between 1 and 1"},
        {"\"0.1.0\"", "\"99.0.0\"", "it needs Carrel 99.0.0 or newer"},
        {"\"0.1.0\"", "\"0.1\"", "it needs Carrel 0.1 or newer"},
        {"\"id\": \"demo\"", "\"id\": \"Demo\"", "exam: its id is not an identifier"},
        {"\"id\": \"demo\"", "\"id\": \"../x\"", "exam: its id is not an identifier"},
        {"\"2026.1\"", "\"\"", "exam: its version is not an identifier"},
        {"\"A very small exam\"", "\"\"", "exam: its title is empty or too long"},
        {"\"en\"", "\"e n\"", "exam: its language is not a language tag"},
        {"\"public\"", "\"secret\"", "\"content\" has a value that is not known"},
        {"\"topics\"", "\"all\"", "\"result_policy\" has a value that is not known"},
        {"600000", "0", "exam: its time limit is out of range"},
        {"600000", "-1", "\"max_time_ms\" is not between"},
        {"\"pass_mark\": 70", "\"pass_mark\": 101", "\"pass_mark\" is not between"},
        {"\"short\": \"Demo\"", "\"short\": \"Demo\", \"new\": 1", "has members that are not known"},
        {"\"Good\", \"Poor\"", "\"Good\"", "survey: room has too few or too many choices"},
        {"\"Good\", \"Poor\"", "\"Good\", 1", "survey: a choice is not a text"},
        {"\"id\": \"flow-01\"", "\"id\": \"flow-02\"", "it names an item that is not there"},
        {"\"id\": \"flow-01\"", "\"id\": \"a-01\"", "it names an item that is not there"},
        {"\"00000000000000a1\"", "\"00000000000000A1\"", "item flow-01: its version is not 16 hex digits"},
        {"\"max_score\": 1", "\"max_score\": 0", "item flow-01: \"max_score\" is not between 1 and 100"},
        {"\"max_score\": 1", "\"max_score\": 2", "item flow-01: it has no outcome SCORE with its points"},
        {"\"enemies\": [\"flow-03\"]", "\"enemies\": []",
            "item flow-03: one of its enemies does not name it in turn"},
        {"\"enemies\": [\"flow-03\"]", "\"enemies\": [\"flow-02\"]",
            "item flow-02: one of its enemies is not another item"},
        {"\"enemies\": [\"flow-03\"]", "\"enemies\": [\"flow-03\", \"flow-03\"]",
            "item flow-02: its enemies are not in order"},
        {"\"enemies\": [\"flow-03\"]", "\"enemies\": [\"flow-09\"]",
            "flow-02: it names an item that is not there"},
        {"\"single\"", "\"multiple\"", "item flow-01: its response declaration does not fit its interaction"},
        {"\"identifier\"}", "\"string\"}",
            "item flow-01: its response declaration does not fit its interaction"},
        {"\"response\": \"RESPONSE\"", "\"response\": \"OTHER\"",
            "item flow-01: an interaction has no response declaration"},
        {"\"type\": \"choice\"", "\"type\": \"hotspot\"", "\"type\" has a value that is not known"},
        {"\"max_choices\": 1", "\"max_choices\": 5",
            "item flow-01: the number of choices to make is out of range"},
        {"\"min_choices\": 0", "\"min_choices\": 2",
            "item flow-01: the number of choices to make is out of range"},
        {"{\"id\": \"B\"", "{\"id\": \"A\"", "item flow-01: two choices have the same identifier"},
        {"[{\"kind\": \"paragraph\", \"text\": [[\"code\", \"0 1\"]]}]", "[]",
            "item flow-01: a choice is empty"},
        {"[\"code\", \"0 1\"]", "[\"code\", \"\"]", "a piece of text is empty"},
        {"[\"code\", \"0 1\"]", "[\"code\", \"0\\n1\"]", "control characters"},
        {"[\"code\", \"0 1\"]", "[\"code\"]", "a piece of text is not a pair"},
        {"[\"code\", \"0 1\"]", "{\"code\": \"0 1\"}", "a piece of text is not a pair"},
        {"[\"code\", \"0 1\"]", "[\"html\", \"0 1\"]", "of a style that is not known"},
        {"\"kind\": \"paragraph\"", "\"kind\": \"table\"", "\"kind\" has a value that is not known"},
        {"[[\"code\", \"0 1\"]]", "7", "\"text\" is not a list"},
        {"{\"kind\": \"interaction\", \"interaction\": 0}", "{\"kind\": \"interaction\", \"interaction\": 1}",
            "\"interaction\" is not between 0 and 0"},
        {"{\"kind\": \"interaction\", \"interaction\": 0}", "{\"kind\": \"paragraph\", \"text\": []}",
            "item flow-01: an interaction is not placed"},
        {"{\"kind\": \"interaction\", \"interaction\": 0}",
            "{\"kind\": \"interaction\", \"interaction\": 0}, {\"kind\": \"interaction\", \"interaction\": "
            "0}",
            "item flow-01: an interaction is placed twice"},
        {"[[\"code\", \"0 1\"]]}", "[[\"code\", \"0 1\"]]}, {\"kind\": \"interaction\", \"interaction\": 0}",
            "an interaction stands where none can be"},
        {"\"k3p3k2p6o1n1o2\"", "\"k3p3k2p6o1n1o1\"", "the tokens of a line of a listing do not fit it"},
        {"\"k3p3k2p6o1n1o2\"", "\"k3p3k2p6o1n1o3\"", "the tokens of a line of a listing do not fit it"},
        {"\"k3p3k2p6o1n1o2\"", "\"k3p3k2p6o1n1o1o1\"", "the tokens of a line of a listing do not fit it"},
        {"\"k3p3k2p6o1n1o2\"", "\"k3p3k2p6o1n1o02\"", "the tokens of a line of a listing do not fit it"},
        {"\"k3p3k2p6o1n1o2\"", "\"k3p3k2p6o1n1o\"", "the tokens of a line of a listing do not fit it"},
        {"\"k3p3k2p6o1n1o2\"", "\"x18\"", "the tokens of a line of a listing do not fit it"},
        {"\"k3p3k2p6o1n1o2\"", "\"p99999\"", "the tokens of a line of a listing do not fit it"},
        {"\"k3p3k2p6o1n1o2\"", "\"\"", "the tokens of a line of a listing do not fit it"},
        {"\"k3p3k2p6o1n1o2\"", "\"k3p3k2p6o1n1o2\", \"\"", "a listing has not as many tokens as lines"},
        {"\"k3p3k2p6o1n1o2\"", "5", "a line of a listing is no text"},
        {"\"for i in range(2):\"", "\"for i in range(2\\t:\"",
            "a line of a listing is no text, too long or has control"},
        {"\"language\": \"python\"", "\"language\": \"\"", "the language of a listing is not an identifier"},
        {"\"count\": 2", "\"count\": 4", "section flow: a selection has fewer items than it draws"},
        {"\"count\": 2", "\"count\": 0", "\"count\" is not between"},
        {"[\"flow-01\", \"flow-02\", \"flow-03\"]", "[\"flow-01\", \"flow-01\"]",
            "section flow: a selection names an item that is not there or in another"},
        {"[\"flow-01\", \"flow-02\", \"flow-03\"]", "[\"flow-01\", \"flow-04\"]",
            "section flow: a selection draws from an item that is not live"},
        {"[\"flow-01\", \"flow-02\", \"flow-03\"]", "[\"flow-01\", \"types-02\"]",
            "section flow: the items of a selection are not worth the same"},
        {"[\"flow-01\", \"flow-02\", \"flow-03\"]", "[\"flow-01\", 5]",
            "section flow: it names an item that is not there"},
        {"\"id\": \"types\"", "\"id\": \"flow\"", "test part main: section 2 has no identifier of its own"},
        {"\"Flow control\"", "\"\"", "section flow: its title is empty or too long"},
        {"\"nonlinear\"", "\"random\"", "\"navigation\" has a value that is not known"},
    };
    struct buffer text = example();

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error err = {0};
        struct buffer bad = changed(buffer_bytes(&text), cases[i].from, cases[i].to);
        struct exam *exam = exam_decode(buffer_bytes(&bad), &err);
        if (exam != NULL || strstr(err.text, cases[i].text) == NULL)
            fail_msg(
                "%s → %s: expected \"%s\", got \"%s\"", cases[i].from, cases[i].to, cases[i].text, err.text);
        assert_int_equal(err.code, ERROR_FORMAT);
        buffer_release(&bad);
    }
    buffer_release(&text);
}

/* Truncated, or with any one byte changed, it decodes to an exam that encodes again, or to nothing. */
static void exam_decode_survives_every_change_of_a_byte(void **state)
{
    struct buffer text = example();
    struct buffer small = canonical(buffer_bytes(&text));
    static const uint8_t others[] = {'"', '9', 0x80};
    struct error err;

    (void)state;
    for (size_t len = 0; len < small.len; len++)
        assert_null(exam_decode(bytes_of(small.data, len), &err));
    for (size_t i = 0; i < small.len; i++) {
        const uint8_t before = small.data[i];
        struct buffer again = {.max = EXAM_JSON_MAX_BYTES};
        struct exam *exam;
        small.data[i] = others[i % sizeof others];
        exam = exam_decode(buffer_bytes(&small), &err);
        assert_true(exam == NULL || exam_encode(exam, &again, &err));
        exam_free(exam);
        buffer_release(&again);
        small.data[i] = before;
    }
    buffer_release(&small);
    buffer_release(&text);
}

static void exam_decode_refuses_more_than_its_limit(void **state)
{
    struct buffer large = {.max = EXAM_JSON_MAX_BYTES + 1};
    struct error err = {0};

    (void)state;
    assert_non_null(buffer_extend(&large, EXAM_JSON_MAX_BYTES + 1));
    assert_null(exam_decode(buffer_bytes(&large), &err));
    assert_int_equal(err.code, ERROR_LIMIT);
    buffer_release(&large);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exam_of_the_page_decodes),
        cmocka_unit_test(exam_encodes_to_what_it_was_decoded_from),
        cmocka_unit_test(exam_says_what_is_wrong),
        cmocka_unit_test(exam_decode_survives_every_change_of_a_byte),
        cmocka_unit_test(exam_decode_refuses_more_than_its_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
