#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "core/encoding.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static void hex_is_lower_case_and_of_its_length(void **state)
{
    static const char *const refused[] = {"", "0", "00f", "00ff0", "00FF", "00fg", "0x00", " 0ff", "00f "};
    const uint8_t bytes[] = {0x00, 0xff};
    uint8_t back[2] = {7, 7};
    char text[5];

    (void)state;
    hex_encode(bytes, 2, text);
    assert_string_equal(text, "00ff");
    for (size_t i = 0; i < COUNT(refused); i++) {
        assert_false(hex_decode(refused[i], back, 2));
        assert_int_equal(back[0], 7);
    }
    assert_true(hex_decode("00ff", back, 2));
    assert_memory_equal(back, bytes, 2);
    assert_true(hex_decode("", back, 0));
}

static void numbers_have_one_form(void **state)
{
    static const char *const refused[] = {"", "-", "+1", " 1", "1 ", "01", "-0", "-01", "00", "1.0", "1e3",
        "0x1", "--1", "9223372036854775808", "-9223372036854775809", "99999999999999999999999"};
    static const struct {
        const char *text;
        int64_t number;
    } read[] = {{"0", 0}, {"7", 7}, {"-7", -7}, {"10", 10}, {"9223372036854775807", INT64_MAX},
        {"-9223372036854775808", INT64_MIN}};
    int64_t number = 42;

    (void)state;
    for (size_t i = 0; i < COUNT(refused); i++)
        assert_false(number_parse(refused[i], INT64_MIN, INT64_MAX, &number));
    assert_false(number_parse("5", 6, 9, &number));
    assert_false(number_parse("10", 6, 9, &number));
    assert_int_equal(number, 42);
    for (size_t i = 0; i < COUNT(read); i++) {
        assert_true(number_parse(read[i].text, INT64_MIN, INT64_MAX, &number));
        assert_true(number == read[i].number);
    }
    assert_true(number_parse("6", 6, 9, &number) && number_parse("9", 6, 9, &number));
}

static const struct {
    const char *text;
    int64_t wall_ms;
} times[] = {
    {"1970-01-01T00:00:00.000Z", 0},
    {"1970-01-01T00:00:00.001Z", 1},
    {"1972-02-29T23:59:59.999Z", INT64_C(68255999999)},
    {"1999-12-31T23:59:59.999Z", INT64_C(946684799999)},
    {"2000-02-29T00:00:00.000Z", INT64_C(951782400000)},
    {"2026-11-22T07:34:50.000Z", INT64_C(1795332890000)},
    {"2038-01-19T03:14:08.000Z", INT64_C(2147483648000)},
    {"2100-03-01T00:00:00.000Z", INT64_C(4107542400000)},
    {"2106-02-07T06:28:16.000Z", INT64_C(4294967296000)},
    {"9999-12-31T23:59:59.999Z", INT64_C(253402300799999)},
};

static void timestamps_go_there_and_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(times); i++) {
        char text[TIMESTAMP_SIZE];
        int64_t wall_ms = -1;
        timestamp_format(times[i].wall_ms, text);
        assert_string_equal(text, times[i].text);
        assert_true(timestamp_parse(text, &wall_ms));
        assert_int_equal(wall_ms, times[i].wall_ms);
    }
}

static void timestamps_stay_within_their_years(void **state)
{
    char text[TIMESTAMP_SIZE];

    (void)state;
    timestamp_format(-1, text);
    assert_string_equal(text, times[0].text);
    timestamp_format(INT64_MIN, text);
    assert_string_equal(text, times[0].text);
    timestamp_format(INT64_MAX, text);
    assert_string_equal(text, times[COUNT(times) - 1].text);
}

static void timestamps_of_any_other_form_are_refused(void **state)
{
    static const char *const refused[] = {"", "2026-11-22", "2026-11-22T07:34:50Z", "2026-11-22T07:34:50.000",
        "2026-11-22T07:34:50.000z", "2026-11-22t07:34:50.000Z", "2026-11-22 07:34:50.000Z",
        "2026-11-22T07:34:50.00Z0", "2026-11-22T07:34:50.000ZZ", "2026-11-22T07:34:50.0000Z",
        "2026-11-22T07:34:50,000Z", "2026-02-29T00:00:00.000Z", "2100-02-29T00:00:00.000Z",
        "2026-02-30T00:00:00.000Z", "2026-04-31T00:00:00.000Z", "2026-00-10T00:00:00.000Z",
        "2026-13-10T00:00:00.000Z", "2026-11-00T00:00:00.000Z", "2026-11-22T24:00:00.000Z",
        "2026-11-22T23:60:00.000Z", "2016-12-31T23:59:60.000Z", "1969-12-31T23:59:59.999Z",
        "0000-01-01T00:00:00.000Z", "-026-11-22T07:34:50.000Z", "+026-11-22T07:34:50.000Z",
        " 026-11-22T07:34:50.000Z", "2026-+1-22T07:34:50.000Z", "2026-11-22T 7:34:50.000Z",
        "2026-11-22T07:34:50.-01Z", "2026-11-22T07:34:50.+01Z", "10000-01-01T00:00:00.00Z"};
    int64_t wall_ms = 42;

    (void)state;
    for (size_t i = 0; i < COUNT(refused); i++)
        if (timestamp_parse(refused[i], &wall_ms))
            fail_msg("accepted: %s", refused[i]);
    assert_int_equal(wall_ms, 42);
}

static void every_day_of_four_centuries_is_read_as_written(void **state)
{
    const int64_t day_ms = 86400000;

    (void)state;
    for (int64_t day = 0; day < 146097; day++) {
        char text[TIMESTAMP_SIZE];
        int64_t wall_ms = -1;
        timestamp_format(day * day_ms + day, text);
        assert_true(timestamp_parse(text, &wall_ms));
        assert_int_equal(wall_ms, day * day_ms + day);
    }
}

static void integers_are_big_endian(void **state)
{
    uint8_t bytes[8];

    (void)state;
    put_u32(bytes, 0x01020304);
    assert_memory_equal(bytes, "\x01\x02\x03\x04", 4);
    assert_int_equal(get_u32(bytes), 0x01020304);
    put_u64(bytes, UINT64_C(0xfedcba9876543210));
    assert_memory_equal(bytes, "\xfe\xdc\xba\x98\x76\x54\x32\x10", 8);
    assert_true(get_u64(bytes) == UINT64_C(0xfedcba9876543210));
}

/* The bounds of table 3-7 of the Unicode standard: the first and the last of each row, and their neighbours.
 */
static void utf8_is_well_formed(void **state)
{
    static const char *const accepted[] = {"", "\x01", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80",
        "\xe0\xbf\xbf", "\xe1\x80\x80", "\xec\xbf\xbf", "\xed\x80\x80", "\xed\x9f\xbf", "\xee\x80\x80",
        "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf0\xbf\xbf\xbf", "\xf1\x80\x80\x80", "\xf3\xbf\xbf\xbf",
        "\xf4\x80\x80\x80", "\xf4\x8f\xbf\xbf", "a\xc3\xa9z\xf0\x9f\x8e\x93"};
    static const char *const refused[] = {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2\x7f",
        "\xc2\xc0", "\xdf\x7f", "\xe0\x80\x80", "\xe0\x9f\xbf", "\xe0\xa0", "\xe0\xa0\x7f", "\xe0\xa0\xc0",
        "\xe1\x80", "\xe1\x7f\x80", "\xe1\xc0\x80", "\xed\xa0\x80", "\xed\xbf\xbf", "\xef\xbf\x7f",
        "\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf", "\xf0\x90\x80", "\xf0\x90\x7f\x80", "\xf0\x90\x80\x7f",
        "\xf1\x80\x80\xc0", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xf8\x88\x80\x80\x80", "\xff", "\xfe",
        "a\xc3", "\xc3\xa9\xa9"};

    (void)state;
    for (size_t i = 0; i < COUNT(accepted); i++)
        assert_true(utf8_valid(accepted[i], strlen(accepted[i])));
    for (size_t i = 0; i < COUNT(refused); i++)
        if (utf8_valid(refused[i], strlen(refused[i])))
            fail_msg("accepted: case %zu", i);
    assert_false(utf8_valid("a\0b", 3));
    assert_true(utf8_valid("\xc3\xa9", 2) && !utf8_valid("\xc3\xa9", 1));
}

/* Each code point, encoded by hand. */
static void utf8_knows_every_code_point(void **state)
{
    (void)state;
    for (uint32_t point = 1; point <= 0x10ffff; point++) {
        char text[4];
        size_t len = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
        const uint8_t lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
        for (size_t i = len; i-- > 1;)
            text[i] = (char)(0x80 | (point >> 6 * (len - 1 - i) & 0x3f));
        text[0] = (char)(lead[len] | point >> 6 * (len - 1));
        assert_int_equal(utf8_valid(text, len), point < 0xd800 || point > 0xdfff);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hex_is_lower_case_and_of_its_length),
        cmocka_unit_test(numbers_have_one_form),
        cmocka_unit_test(timestamps_go_there_and_back),
        cmocka_unit_test(timestamps_stay_within_their_years),
        cmocka_unit_test(timestamps_of_any_other_form_are_refused),
        cmocka_unit_test(every_day_of_four_centuries_is_read_as_written),
        cmocka_unit_test(integers_are_big_endian),
        cmocka_unit_test(utf8_is_well_formed),
        cmocka_unit_test(utf8_knows_every_code_point),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
