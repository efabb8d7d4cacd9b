/* Behaviour of provisioning/moment.h. Oslo: one hour ahead of UTC, two in summer; clocks go on at 2026-03-29
 * 02:00 and back at 2026-10-25 03:00. Kolkata is half an hour off, Kiritimati 14 hours ahead. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/encoding.h"
#include "provisioning/moment.h"

static void reads_times_as_people_write_them(void **state)
{
    static const struct {
        const char *text, *zone, *utc;
    } cases[] = {
        {"2026-11-22T09:00:00Z", NULL, "2026-11-22T09:00:00.000Z"},
        {"2026-11-22t09:00:00z", NULL, "2026-11-22T09:00:00.000Z"},
        {"2026-11-22T09:00:00.123456Z", NULL, "2026-11-22T09:00:00.000Z"},
        {"2026-11-22T09:00:00+05:30", "Europe/Oslo", "2026-11-22T03:30:00.000Z"},
        {"2026-01-01T00:30:00+01:00", NULL, "2025-12-31T23:30:00.000Z"},
        {"2026-11-22 09:00", "Europe/Oslo", "2026-11-22T08:00:00.000Z"},
        {"2026-07-01 09:00", "Europe/Oslo", "2026-07-01T07:00:00.000Z"},
        {"2026-03-29 01:59", "Europe/Oslo", "2026-03-29T00:59:00.000Z"},
        {"2026-03-29 03:00", "Europe/Oslo", "2026-03-29T01:00:00.000Z"},
        {"2026-10-25 01:59", "Europe/Oslo", "2026-10-24T23:59:00.000Z"},
        {"2026-10-25 03:00", "Europe/Oslo", "2026-10-25T02:00:00.000Z"},
        {"2026-11-22 09:00", "Asia/Kolkata", "2026-11-22T03:30:00.000Z"},
        {"2026-11-22 09:00", "Pacific/Kiritimati", "2026-11-21T19:00:00.000Z"},
        {"2026-11-22 09:00", "UTC", "2026-11-22T09:00:00.000Z"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = {0};
        char utc[TIMESTAMP_SIZE] = "";
        int64_t wall_ms = 0;
        if (!moment_parse(cases[i].text, cases[i].zone, &wall_ms, &err))
            fail_msg("%s: %s", cases[i].text, err.text);
        timestamp_format(wall_ms, utc);
        assert_string_equal(utc, cases[i].utc);
    }
}

static void refuses_what_is_no_time(void **state)
{
    static const struct {
        const char *text, *zone, *word;
    } cases[] = {
        {"2026-03-29 02:30", "Europe/Oslo", "does not exist"},
        {"2026-10-25 02:30", "Europe/Oslo", "twice"},
        {"2026-02-30 09:00", "Europe/Oslo", ""},
        {"2026-11-22 24:01", "Europe/Oslo", ""},
        {"2026-11-22 09:00", "Europe/Osló", "time zone"},
        {"2026-11-22 09:00", "Mars/Base", "time zone"},
        {"2026-11-22 09:00", "../../../etc/passwd", "time zone"},
        {"2026-11-22 09:00", "", "time zone"},
        {"2026-11-22 09:00", NULL, "offset"},
        {"2026-11-22T09:00:00", "Europe/Oslo", "not a time"},
        {"2026-11-22T09:00:00+1:00", NULL, ""},
        {"2026-11-22T09:00:00+25:00", NULL, ""},
        {"2026-11-22T25:00:00Z", NULL, ""},
        {"2026-02-30T09:00:00Z", NULL, ""},
        {"tomorrow", "Europe/Oslo", ""},
        {"", "Europe/Oslo", ""},
        {"2026-11-22 9:00", "Europe/Oslo", ""},
        {"2026-11-22 09:00 ", "Europe/Oslo", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = {0};
        int64_t wall_ms = 42;
        if (moment_parse(cases[i].text, cases[i].zone, &wall_ms, &err))
            fail_msg("“%s” was taken", cases[i].text);
        assert_int_equal(err.code, ERROR_USAGE);
        assert_non_null(strstr(err.text, cases[i].word));
        assert_int_equal(wall_ms, 42);
    }
}

static void shows_times_in_the_zone_and_leaves_the_process_its_own(void **state)
{
    char text[MOMENT_TEXT_SIZE];
    int64_t wall_ms = 0;

    (void)state;
    assert_true(timestamp_parse("2026-07-01T07:00:00.000Z", &wall_ms));
    assert_int_equal(setenv("TZ", "Asia/Tokyo", 1), 0);
    moment_format(wall_ms, "Europe/Oslo", text);
    assert_string_equal(text, "2026-07-01 09:00");
    moment_format(wall_ms, NULL, text);
    assert_string_equal(text, "2026-07-01 07:00Z");
    moment_format(wall_ms, "Mars/Base", text);
    assert_string_equal(text, "2026-07-01 07:00Z");
    assert_string_equal(getenv("TZ"), "Asia/Tokyo");
}

static void shows_an_hour_that_comes_twice_with_its_offset(void **state)
{
    static const struct {
        const char *utc, *zone, *text;
    } cases[] = {
        {"2026-10-24T23:59:00.000Z", "Europe/Oslo", "2026-10-25 01:59"},
        {"2026-10-25T00:00:00.000Z", "Europe/Oslo", "2026-10-25 02:00+02:00"},
        {"2026-10-25T00:59:00.000Z", "Europe/Oslo", "2026-10-25 02:59+02:00"},
        {"2026-10-25T01:00:00.000Z", "Europe/Oslo", "2026-10-25 02:00+01:00"},
        {"2026-10-25T02:00:00.000Z", "Europe/Oslo", "2026-10-25 03:00"},
        {"2026-03-29T00:59:00.000Z", "Europe/Oslo", "2026-03-29 01:59"},
        {"2026-03-29T01:00:00.000Z", "Europe/Oslo", "2026-03-29 03:00"},
        {"2026-11-01T05:30:00.000Z", "America/New_York", "2026-11-01 01:30-04:00"},
        {"2026-11-01T06:30:00.000Z", "America/New_York", "2026-11-01 01:30-05:00"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[MOMENT_TEXT_SIZE];
        int64_t wall_ms = 0;
        assert_true(timestamp_parse(cases[i].utc, &wall_ms));
        moment_format(wall_ms, cases[i].zone, text);
        assert_string_equal(text, cases[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_times_as_people_write_them),
        cmocka_unit_test(refuses_what_is_no_time),
        cmocka_unit_test(shows_an_hour_that_comes_twice_with_its_offset),
        cmocka_unit_test(shows_times_in_the_zone_and_leaves_the_process_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
