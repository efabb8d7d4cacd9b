/* A record is one line of JSON: one encoding, read strictly. */
#include "core/record.h"

#include <string.h>

#include "core/json.h"
#include "tests/unit/example.h"

static bool decodes(const char *json, struct error *err)
{
    struct arena arena = {.max = 1u << 20};
    struct record record;
    const bool ok = record_decode(bytes_of_text(json), &arena, &record, err);

    arena_release(&arena);
    return ok;
}

/* Every kind is in the example, and encoding what was decoded gives the same line. */
static void record_encodes_what_it_decoded(void **state)
{
    struct buffer lines = example_read("transcript.jsonl");
    bool was_seen[RECORD_KINDS] = {false};
    const char *at = buffer_text(&lines);

    (void)state;
    while (*at != '\0') {
        const size_t len = strcspn(at, "\n");
        struct arena arena = {.max = 1u << 20};
        struct buffer again = {.max = RECORD_MAX_BYTES};
        struct error err = {ERROR_NONE, ""};
        struct record record;
        if (!record_decode(bytes_of(at, len), &arena, &record, &err) || !record_encode(&record, &again, &err))
            fail_msg("%.*s: %s", (int)len, at, err.text);
        assert_int_equal(again.len, len);
        assert_memory_equal(again.data, at, len);
        was_seen[record.kind] = true;
        buffer_release(&again);
        arena_release(&arena);
        at += len + 1;
    }
    for (int kind = 0; kind < RECORD_KINDS; kind++)
        if (!was_seen[kind])
            fail_msg("the example has no %s", record_kind_name((enum record_kind)kind));
    buffer_release(&lines);
}

static void record_refuses_what_it_does_not_know(void **state)
{
    static const struct {
        const char *json, *reason;
    } table[] = {
        {"", "not strict JSON"},
        {"[]", "the record: is not an object"},
        {"{\"boot_ms\":1,\"exam_ms\":0,\"kind\":\"beat\",\"sequence\":0,\"wall_ms\":1} ",
            NULL}, /* white space is JSON's */
        {"{\"boot_ms\":1,\"exam_ms\":0,\"kind\":\"beat\",\"sequence\":0,\"wall_ms\":1}x", "not strict JSON"},
        {"{\"boot_ms\":1,\"exam_ms\":0,\"kind\":\"nap\",\"sequence\":0,\"wall_ms\":1}",
            "the record: \"kind\" has a value that is not known"},
        {"{\"boot_ms\":1,\"exam_ms\":0,\"kind\":\"beat\",\"more\":1,\"sequence\":0,\"wall_ms\":1}",
            "the record: has members that are not known"},
        {"{\"boot_ms\":1,\"exam_ms\":0,\"kind\":\"beat\",\"sequence\":0}",
            "the record: \"wall_ms\" is missing"},
        {"{\"boot_ms\":-1,\"exam_ms\":0,\"kind\":\"beat\",\"sequence\":0,\"wall_ms\":1}",
            "the record: \"boot_ms\" is not between"},
        {"{\"boot_ms\":1,\"exam_ms\":0,\"kind\":\"visit\",\"position\":501,\"sequence\":0,\"wall_ms\":1}",
            "the record: \"position\" is not between"},
        {"{\"boot_ms\":1,\"exam_ms\":0,\"kind\":\"response\",\"position\":1,\"response\":\"no "
         "name\",\"sequence\":0,\"values\":[],\"wall_ms\":1}",
            "the record: \"response\" is not of its form"},
        {"{\"boot_ms\":1,\"exam_ms\":0,\"kind\":\"response\",\"position\":1,\"response\":\"RESPONSE\","
         "\"sequence\":0,\"values\":[1],\"wall_ms\":1}",
            "the record: \"values\" has an entry that is not of its form"},
        {"{\"boot_id\":\"b\",\"boot_ms\":1,\"exam_ms\":0,\"initials\":\"\",\"kind\":\"run\",\"reason\":"
         "\"disk\",\"sequence\":0,\"wall_ms\":1}",
            "the record: has members that are not known"},
        {"{\"boot_id\":\"b\",\"boot_ms\":1,\"exam_ms\":0,\"kind\":\"run\",\"reason\":\"disk\",\"sequence\":0,"
         "\"wall_ms\":1}",
            NULL},
        {"{\"act\":\"note\",\"boot_ms\":1,\"exam_ms\":0,\"initials\":\"A\\u0007\",\"kind\":\"staff\","
         "\"reason\":\"\",\"sequence\":0,\"wall_ms\":1}",
            "the record: \"initials\" is not of its form"},
        {"{\"act\":\"note\",\"boot_ms\":1,\"exam_ms\":0,\"initials\":\"ABCDEFGHI\",\"kind\":\"staff\","
         "\"reason\":\"\",\"sequence\":0,\"wall_ms\":1}",
            "the record: \"initials\" is longer than 8 bytes"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct error err = {ERROR_NONE, ""};
        const bool ok = decodes(table[i].json, &err);
        if (ok != (table[i].reason == NULL) ||
            (!ok && strncmp(err.text, table[i].reason, strlen(table[i].reason)) != 0))
            fail_msg("%s: %s", table[i].json, err.text);
    }
}

static void record_is_bounded(void **state)
{
    struct buffer json = {.max = 2 * RECORD_MAX_BYTES};
    struct error err = {ERROR_NONE, ""};

    (void)state;
    buffer_add_text(&json, "{\"boot_ms\":1,\"exam_ms\":0,\"kind\":\"response\",\"position\":1,"
                           "\"response\":\"RESPONSE\",\"sequence\":0,\"values\":[\"");
    while (json.len < RECORD_MAX_BYTES - 16)
        buffer_add_text(&json, "a");
    buffer_add_text(&json, "\"],\"wall_ms\":1}");
    assert_true(json.len <= RECORD_MAX_BYTES);
    assert_true(decodes(buffer_text(&json), &err));
    json.data[json.len - 1] = ' ';
    while (json.len < RECORD_MAX_BYTES)
        buffer_add_text(&json, " ");
    buffer_add_text(&json, "}");
    assert_false(decodes(buffer_text(&json), &err));
    assert_int_equal(err.code, ERROR_LIMIT);
    buffer_release(&json);
}

/* A journal that holds what nobody can decode would be lost as a whole, so it is refused before it is
 * written. */
static void record_is_not_written_if_it_can_not_be_read(void **state)
{
    struct record record = {.kind = RECORD_STAFF, .u.staff = {"note", "A\nB", ""}};
    struct buffer json = {.max = RECORD_MAX_BYTES};
    struct error err = {ERROR_NONE, ""};

    (void)state;
    buffer_add_text(&json, "before");
    assert_false(record_encode(&record, &json, &err));
    assert_string_equal(err.text, "the record: \"initials\" is not of its form");
    assert_string_equal(buffer_text(&json), "before");
    buffer_release(&json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(record_encodes_what_it_decoded),
        cmocka_unit_test(record_refuses_what_it_does_not_know),
        cmocka_unit_test(record_is_bounded),
        cmocka_unit_test(record_is_not_written_if_it_can_not_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
