#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "core/json.h"
#include "core/limits.h"

static struct json *parse(const char *text)
{
    return json_parse(bytes_of_text(text), NULL);
}

/* Against an unreadable page: a reader that looks one byte too far dies. */
static void assert_refused(const char *text, size_t len)
{
    uint8_t *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct error err = {0};
    struct json *value;

    assert_int_equal(mprotect(pages + 4096, 4096, PROT_NONE), 0);
    memcpy(pages + 4096 - len, text, len);
    value = json_parse(bytes_of(pages + 4096 - len, len), &err);
    if (value != NULL)
        fail_msg("accepted: %.*s", (int)len, text);
    assert_int_equal(err.code, ERROR_FORMAT);
    assert_true(strlen(err.text) > 0);
    assert_int_equal(munmap(pages, 8192), 0);
}

static void json_refuses_what_is_not_strict(void **state)
{
    static const char *const texts[] = {
        "",
        " ",
        "1",
        "\"a\"",
        "null",
        "true",
        "{",
        "}",
        "[",
        "[1",
        "[1,",
        "[1,]",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "{'a':1}",
        "{\"a\":1}x",
        "{\"a\":1}{}",
        "[] []",
        "[1 2]",
        "[01]",
        "[+1]",
        "[.5]",
        "[1.]",
        "[-]",
        "[0x1]",
        "[NaN]",
        "[Infinity]",
        "[1.0]",
        "[1e3]",
        "[-0.0]",
        "[null]",
        "{\"a\":null}",
        "[[[{\"a\":[null]}]]]",
        "[9223372036854775808]",
        "[-9223372036854775809]",
        "[1e999]",
        "{\"a\":1,\"a\":1}",
        "{\"a\":1,\"\\u0061\":2}",
        "[\"\\u0000\"]",
        "{\"\\u0000\":1}",
        "[\"\\ud800\"]",
        "[\"\\udc00\\ud800\"]",
        "[\"\\x\"]",
        "[\"\t\"]",
        "[\"\n\"]",
        "[\"a]",
        "[tru]",
        "[True]",
        "// a\n[]",
        "[/* a */]",
        "\xef\xbb\xbf[]",
        "[\"\xc0\x80\"]",
        "[\"\xed\xa0\x80\"]",
        "[\"\xf4\x90\x80\x80\"]",
        "[\"\xff\"]",
        "[\"\xe2\x82\"]",
        "[\xa0]",
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_refused(texts[i], strlen(texts[i]));
    assert_refused("[]\0", 3);
    assert_refused("[\"a\0b\"]", 7);
}

static void json_refuses_every_prefix(void **state)
{
    static const char text[] = "{\"a\":[1,{\"b\":\"\xc3\xa9\\u00e9\"},true],\"c\":-12}";
    struct json *value = parse(text);

    (void)state;
    assert_non_null(value);
    json_free(value);
    for (size_t len = 0; len < sizeof text - 1; len++)
        assert_refused(text, len);
}

static char *nested(size_t depth)
{
    char *text = calloc(1, 2 * depth + 1);

    memset(text, '[', depth);
    memset(text + depth, ']', depth);
    return text;
}

static void json_is_at_most_so_deep(void **state)
{
    static const size_t too_deep[] = {JSON_MAX_DEPTH + 1, 2047, 2049};
    char *text = nested(JSON_MAX_DEPTH);
    struct json *value = parse(text);

    (void)state;
    assert_non_null(value);
    json_free(value);
    free(text);
    for (size_t i = 0; i < 3; i++) {
        text = nested(too_deep[i]);
        assert_null(parse(text));
        free(text);
    }
}

static void json_errors_do_not_repeat_what_was_read(void **state)
{
    struct error err = {0};

    (void)state;
    assert_null(json_parse(bytes_of_text("{\"a\": SECRET}"), &err));
    assert_null(strstr(err.text, "SECRET"));
    assert_non_null(strstr(err.text, "line 1"));
    assert_null(json_parse(bytes_of_text("{\"SECRET\":1,\"SECRET\":1}"), &err));
    assert_null(strstr(err.text, "SECRET"));
}

static void json_writes_one_form(void **state)
{
    static const struct {
        const char *in, *out;
    } cases[] = {
        {"{ \"b\" : 1 ,\n\"a\" : [ true , false ] }", "{\"a\":[true,false],\"b\":1}"},
        {"[\"\\u00e9\\/\\u0001\\n\\\"\\\\\\u007f\"]", "[\"\xc3\xa9/\\u0001\\n\\\"\\\\\x7f\"]"},
        {"{\"Z\":1,\"a\":1,\"\xc3\xa9\":1}", "{\"Z\":1,\"a\":1,\"\xc3\xa9\":1}"},
        {"[-0,9223372036854775807,-9223372036854775808]", "[0,9223372036854775807,-9223372036854775808]"},
        {"{}", "{}"},
    };
    struct buffer out = {.max = 200};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct json *value = parse(cases[i].in);
        assert_true(json_write(value, &out, NULL));
        assert_string_equal(buffer_text(&out), cases[i].out);
        json_free(value);
        buffer_clear(&out);
    }
    buffer_release(&out);
}

static void json_builds_what_it_reads(void **state)
{
    struct json *object = json_new_object(), *list = json_new_array();
    struct buffer out = {.max = 200};

    (void)state;
    json_add(list, json_int(1));
    json_add(list, json_text("x"));
    json_set(object, "list", list);
    json_set(object, "at", json_time(1795332890000));
    json_set(object, "hex", json_hex((const uint8_t *)"\x01\xff", 2));
    json_set(object, "on", json_bool(true));
    assert_true(json_write(object, &out, NULL));
    assert_string_equal(buffer_text(&out),
        "{\"at\":\"2026-11-22T07:34:50.000Z\",\"hex\":\"01ff\",\"list\":[1,\"x\"],\"on\":true}");
    json_free(object);
    buffer_release(&out);
}

static void json_does_not_write_what_could_not_be_built(void **state)
{
    struct json *object = json_new_object(), *inner = json_new_object();
    struct buffer out = {.max = 200};
    struct error err = {0};

    (void)state;
    assert_true(buffer_add_text(&out, "before"));
    json_set(inner, "a", json_text("\xff"));
    json_set(object, "inner", inner);
    assert_false(json_write(object, &out, &err));
    assert_int_equal(err.code, ERROR_FORMAT);
    assert_false(json_write(NULL, &out, &err));
    assert_int_equal(err.code, ERROR_NOMEM);
    json_free(object);
    object = json_int(1);
    assert_false(json_write(object, &out, &err)); /* a value alone is not read either */
    json_free(object);
    assert_string_equal(buffer_text(&out), "before");
    json_set(NULL, "a", json_int(1));
    json_add(NULL, json_int(1));
    buffer_release(&out);
}

static void json_write_keeps_to_the_maximum(void **state)
{
    struct json *value = parse("{\"a\":\"0123456789\"}");
    struct buffer out = {.max = 17};
    struct error err = {0};

    (void)state;
    assert_false(json_write(value, &out, &err));
    assert_int_equal(err.code, ERROR_LIMIT);
    assert_int_equal(out.len, 0);
    buffer_release(&out);
    out.max = 18;
    assert_true(json_write(value, &out, &err));
    json_free(value);
    buffer_release(&out);
}

static const char *const colours[] = {"red", "green"};
static const char sample[] =
    "{\"text\":\"h\xc3\xa9\",\"number\":7,\"on\":true,\"at\":\"2026-11-22T07:34:50.000Z\","
    "\"hex\":\"01ff\",\"colour\":\"green\",\"object\":{\"a\":1},\"list\":[\"x\",2]}";

static void json_reader_reads_every_type(void **state)
{
    struct json *value = parse(sample);
    struct error err = {0};
    struct json_reader reader = json_reader(value, "sample", &err);
    struct arena arena = {0};
    const struct json *list;
    uint8_t hex[2];
    char text[4];

    (void)state;
    assert_true(json_has(&reader, "text"));
    assert_false(json_has(&reader, "absent"));
    json_get_text(&reader, "text", text, sizeof text);
    assert_string_equal(text, "h\xc3\xa9");
    assert_int_equal(json_get_int(&reader, "number", 7, 7), 7);
    assert_true(json_get_bool(&reader, "on"));
    assert_int_equal(json_get_time(&reader, "at"), 1795332890000);
    json_get_hex(&reader, "hex", hex, 2);
    assert_memory_equal(hex, "\x01\xff", 2);
    assert_int_equal(json_get_enum(&reader, "colour", colours, 2), 1);
    assert_non_null(json_get_object(&reader, "object"));
    assert_false(json_done(&(struct json_reader){.object = value, .what = "", .err = NULL, .members = 7}));
    list = json_get_array(&reader, "list", 2);
    assert_int_equal(json_count(list), 2);
    assert_string_equal(json_text_value(json_at(list, 0)), "x");
    assert_null(json_text_value(json_at(list, 1)));
    assert_null(json_at(list, 2));
    assert_true(json_done(&reader));
    reader = json_reader(value, "sample", &err);
    assert_string_equal(json_get_string(&reader, "text", &arena, 3), "h\xc3\xa9");
    arena_release(&arena);
    json_free(value);
}

/* Each reads one member wrongly; the reason names it. */
static void wrong_missing(struct json_reader *reader)
{
    (void)json_get_int(reader, "absent", 0, 1);
}
static void wrong_long(struct json_reader *reader)
{
    char text[3];
    json_get_text(reader, "text", text, sizeof text);
    assert_string_equal(text, "");
}
static void wrong_string(struct json_reader *reader)
{
    struct arena arena = {0};
    assert_null(json_get_string(reader, "text", &arena, 2));
}
static void wrong_type(struct json_reader *reader)
{
    assert_int_equal(json_get_int(reader, "text", 0, 9), 0);
}
static void wrong_low(struct json_reader *reader)
{
    assert_int_equal(json_get_int(reader, "number", 8, 9), 0);
}
static void wrong_high(struct json_reader *reader)
{
    assert_int_equal(json_get_int(reader, "number", 0, 6), 0);
}
static void wrong_bool(struct json_reader *reader)
{
    assert_false(json_get_bool(reader, "number"));
}
static void wrong_time(struct json_reader *reader)
{
    assert_int_equal(json_get_time(reader, "text"), 0);
}
static void wrong_hex(struct json_reader *reader)
{
    uint8_t hex[3];
    json_get_hex(reader, "hex", hex, 3);
}
static void wrong_enum(struct json_reader *reader)
{
    assert_int_equal(json_get_enum(reader, "text", colours, 2), 0);
}
static void wrong_object(struct json_reader *reader)
{
    assert_null(json_get_object(reader, "list"));
}
static void wrong_array(struct json_reader *reader)
{
    assert_null(json_get_array(reader, "object", 9));
}
static void wrong_count(struct json_reader *reader)
{
    assert_null(json_get_array(reader, "list", 1));
}

static void json_reader_names_what_is_wrong(void **state)
{
    static const struct {
        void (*read)(struct json_reader *);
        const char *reason;
    } cases[] = {
        {wrong_missing, "sample: \"absent\" is missing"},
        {wrong_long, "sample: \"text\" is longer than 2 bytes"},
        {wrong_string, "sample: \"text\" is longer than 2 bytes"},
        {wrong_type, "sample: \"text\" is not a number"},
        {wrong_low, "sample: \"number\" is not between 8 and 9"},
        {wrong_high, "sample: \"number\" is not between 0 and 6"},
        {wrong_bool, "sample: \"number\" is not true or false"},
        {wrong_time, "sample: \"text\" is not a time like 2026-11-22T07:34:50.000Z"},
        {wrong_hex, "sample: \"hex\" is not 3 bytes in lower-case hex"},
        {wrong_enum, "sample: \"text\" has a value that is not known"},
        {wrong_object, "sample: \"list\" is not an object"},
        {wrong_array, "sample: \"object\" is not a list"},
        {wrong_count, "sample: \"list\" has more than 1 entries"},
    };
    struct json *value = parse(sample);

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error err = {0};
        struct json_reader reader = json_reader(value, "sample", &err);
        cases[i].read(&reader);
        assert_false(json_done(&reader));
        assert_int_equal(err.code, ERROR_FORMAT);
        assert_string_equal(err.text, cases[i].reason);
        (void)json_get_int(&reader, "again", 0, 1); /* the first reason stays */
        assert_string_equal(err.text, cases[i].reason);
    }
    json_free(value);
}

static void json_reader_refuses_members_nobody_asked_for(void **state)
{
    struct json *value = parse("{\"a\":1,\"b\":2}");
    struct error err = {0};
    struct json_reader reader = json_reader(value, "sample", &err);

    (void)state;
    assert_int_equal(json_get_int(&reader, "a", 0, 9), 1);
    assert_false(json_done(&reader));
    assert_string_equal(err.text, "sample: has members that are not known");
    json_free(value);
    value = parse("[1]");
    reader = json_reader(value, "sample", &err);
    assert_false(json_has(&reader, "a"));
    assert_false(json_done(&reader));
    assert_string_equal(err.text, "sample: is not an object");
    json_free(value);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_refuses_what_is_not_strict),
        cmocka_unit_test(json_refuses_every_prefix),
        cmocka_unit_test(json_is_at_most_so_deep),
        cmocka_unit_test(json_errors_do_not_repeat_what_was_read),
        cmocka_unit_test(json_writes_one_form),
        cmocka_unit_test(json_builds_what_it_reads),
        cmocka_unit_test(json_does_not_write_what_could_not_be_built),
        cmocka_unit_test(json_write_keeps_to_the_maximum),
        cmocka_unit_test(json_reader_reads_every_type),
        cmocka_unit_test(json_reader_names_what_is_wrong),
        cmocka_unit_test(json_reader_refuses_members_nobody_asked_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
