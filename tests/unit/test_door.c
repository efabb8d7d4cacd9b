/* Whatever a seat's clock says: a ticket starts when it should, or the seat says which clock is wrong and by
 * how much. */
#include "kiosk/session/door.h"

#include <string.h>

#include "core/encoding.h"
#include "tests/unit/example.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE };
#define DAY (INT64_C(24) * HOUR)
#define YEAR (365 * DAY)
#define BOOT "boot-1"

static int64_t at(const char *text)
{
    int64_t ms = -1;

    assert_true(timestamp_parse(text, &ms));
    return ms;
}

/* The truth: the window is open from 08:00 to 10:00 UTC, and it is 09:00. */
#define OPENS at("2026-11-22T08:00:00.000Z")
#define CLOSES at("2026-11-22T10:00:00.000Z")
#define TRUE_NOW at("2026-11-22T09:00:00.000Z")

static const struct door_case {
    const char *name;
    int64_t host_off;   /* the host's clock, from the truth */
    int64_t signed_ago; /* when the newest signature was made; −1: none */
    bool is_fresh, is_other_boot;
    enum door_verdict verdict;
    int64_t by_ms;
    enum door_trust trust;
} cases[] = {
    {"right, nothing signed yet", 0, -1, false, false, DOOR_OPEN, 0, DOOR_CLOCK_UNKNOWN},
    {"right, signed a minute ago", 0, MINUTE, true, false, DOOR_OPEN, 0, DOOR_CLOCK_RIGHT},
    {"right, signed a week ago", 0, 7 * DAY, true, false, DOOR_OPEN, 0, DOOR_CLOCK_RIGHT},
    {"right, signed a week ago, other boot", 0, 7 * DAY, true, true, DOOR_OPEN, 0, DOOR_CLOCK_UNKNOWN},
    {"right, from a stick", 0, 3 * DAY, false, false, DOOR_OPEN, 0, DOOR_CLOCK_UNKNOWN},
    {"2 minutes ahead", 2 * MINUTE, MINUTE, true, false, DOOR_OPEN, 0, DOOR_CLOCK_RIGHT},
    {"2 minutes behind", -2 * MINUTE, MINUTE, true, false, DOOR_OPEN, 0, DOOR_CLOCK_RIGHT},
    {"over 2 minutes ahead", 2 * MINUTE + 1, MINUTE, true, false, DOOR_WRONG_CLOCK, 2 * MINUTE + 1,
        DOOR_CLOCK_AHEAD},
    {"over 2 minutes behind", -2 * MINUTE - 1, MINUTE, true, false, DOOR_OPEN, 0, DOOR_CLOCK_BEHIND},
    {"half an hour ahead", 30 * MINUTE, MINUTE, true, false, DOOR_WRONG_CLOCK, 30 * MINUTE, DOOR_CLOCK_AHEAD},
    {"half an hour behind", -30 * MINUTE, MINUTE, true, false, DOOR_OPEN, 0, DOOR_CLOCK_BEHIND},
    {"half an hour behind, signed yesterday", -30 * MINUTE, DAY, true, false, DOOR_OPEN, 0,
        DOOR_CLOCK_BEHIND},
    {"half an hour behind, other boot", -30 * MINUTE, DAY, true, true, DOOR_OPEN, 0, DOOR_CLOCK_UNKNOWN},
    {"ten years ahead", 10 * YEAR, MINUTE, true, false, DOOR_WRONG_CLOCK, 10 * YEAR, DOOR_CLOCK_AHEAD},
    {"ten years ahead, from a stick", 10 * YEAR, DAY, false, false, DOOR_LATE, 10 * YEAR - HOUR,
        DOOR_CLOCK_UNKNOWN},
    {"ten years ahead, other boot", 10 * YEAR, DAY, true, true, DOOR_LATE, 10 * YEAR - HOUR,
        DOOR_CLOCK_UNKNOWN},
    {"two hours behind, nothing signed", -2 * HOUR, -1, false, false, DOOR_EARLY, HOUR, DOOR_CLOCK_UNKNOWN},
};

static struct door_time time_of(const struct door_case *the)
{
    struct door_clock clock = {.host_ms = TRUE_NOW + the->host_off, .boot_ms = 30 * DAY, .boot_id = BOOT};
    struct door_seen seen = {.is_fresh = the->is_fresh, .boot_id = BOOT};

    if (the->is_other_boot)
        memcpy(seen.boot_id, "boot-0", sizeof "boot-0");
    if (the->signed_ago >= 0) {
        seen.signed_ms = TRUE_NOW - the->signed_ago;
        seen.boot_ms = clock.boot_ms - the->signed_ago;
    }
    return door_time(&clock, &seen);
}

static void door_opens_when_it_should_or_says_why_not(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct door_time time = time_of(&cases[i]);
        const struct door_answer answer = door_check(&time, OPENS, CLOSES);
        if (answer.verdict != cases[i].verdict || answer.by_ms != cases[i].by_ms ||
            time.trust != cases[i].trust)
            fail_msg("%s: verdict %d by %lld, trust %d", cases[i].name, (int)answer.verdict,
                (long long)answer.by_ms, (int)time.trust);
        assert_int_equal(time.off_ms, time.trust == DOOR_CLOCK_UNKNOWN ? 0 : cases[i].host_off);
    }
}

/* A dead battery: 1970, and nothing but a stick or the network to tell better. */
static void door_with_a_clock_of_1970(void **state)
{
    struct door_clock clock = {.host_ms = 12345, .boot_ms = 60 * MINUTE, .boot_id = BOOT};
    struct door_seen seen = {.boot_id = BOOT};
    struct door_time time = door_time(&clock, &seen);
    struct door_answer answer = door_check(&time, OPENS, CLOSES);

    (void)state;
    assert_int_equal(answer.verdict, DOOR_EARLY); /* nothing is known: it says so, by 56 years */
    assert_int_equal(answer.by_ms, OPENS - 12345);
    seen = (struct door_seen){.signed_ms = TRUE_NOW - 5 * MINUTE, .is_fresh = false, .boot_id = BOOT};
    seen.boot_ms = clock.boot_ms - 5 * MINUTE;
    time = door_time(&clock, &seen);
    assert_int_equal(time.trust, DOOR_CLOCK_BEHIND);
    assert_int_equal(time.now_ms, TRUE_NOW); /* the signature's time and what passed since */
    assert_int_equal(time.off_ms, 12345 - TRUE_NOW);
    assert_int_equal(door_check(&time, OPENS, CLOSES).verdict, DOOR_OPEN);
    memcpy(seen.boot_id, "boot-0", sizeof "boot-0");
    time = door_time(&clock, &seen); /* switched off since: at least so late */
    assert_int_equal(time.now_ms, TRUE_NOW - 5 * MINUTE);
    assert_int_equal(time.trust, DOOR_CLOCK_BEHIND);
    assert_int_equal(door_check(&time, OPENS, CLOSES).verdict, DOOR_OPEN);
}

static void door_window_has_exact_edges(void **state)
{
    static const struct {
        const char *now;
        enum door_verdict verdict;
        int64_t by_ms;
    } table[] = {
        {"2026-11-22T07:59:59.999Z", DOOR_EARLY, 1},
        {"2026-11-22T08:00:00.000Z", DOOR_OPEN, 0},
        {"2026-11-22T09:59:59.999Z", DOOR_OPEN, 0},
        {"2026-11-22T10:00:00.000Z", DOOR_LATE, 0},
        {"2026-11-22T10:00:00.001Z", DOOR_LATE, 1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const struct door_time time = {.now_ms = at(table[i].now)};
        const struct door_answer answer = door_check(&time, OPENS, CLOSES);
        assert_int_equal(answer.verdict, table[i].verdict);
        assert_int_equal(answer.by_ms, table[i].by_ms);
    }
}

/* Windows are UTC. In Paris clocks went back at 01:00 UTC on 2026-10-25: 02:30 happened twice there, once
 * here. */
static void door_does_not_know_summer_time(void **state)
{
    const int64_t opens = at("2026-10-25T00:30:00.000Z"), closes = at("2026-10-25T01:30:00.000Z");
    static const struct {
        const char *now;
        enum door_verdict verdict;
    } table[] = {
        {"2026-10-25T00:29:59.999Z", DOOR_EARLY},
        {"2026-10-25T00:30:00.000Z", DOOR_OPEN}, /* 02:30 in Paris, the first time */
        {"2026-10-25T00:59:59.999Z", DOOR_OPEN}, {"2026-10-25T01:00:00.000Z", DOOR_OPEN}, /* 02:00 again */
        {"2026-10-25T01:30:00.000Z", DOOR_LATE}, /* 02:30, the second time */
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const struct door_clock clock = {.host_ms = at(table[i].now), .boot_ms = 1000, .boot_id = BOOT};
        const struct door_seen seen = {
            .signed_ms = clock.host_ms - 500, .is_fresh = true, .boot_ms = 500, .boot_id = BOOT};
        const struct door_time time = door_time(&clock, &seen);
        assert_int_equal(time.trust, DOOR_CLOCK_RIGHT);
        assert_int_equal(door_check(&time, opens, closes).verdict, table[i].verdict);
    }
}

/* Setting the clock back or forth between two looks never makes the seat's now run backwards, nor open early.
 */
static void door_now_never_falls_behind_what_was_signed(void **state)
{
    const struct door_seen seen = {.signed_ms = TRUE_NOW, .is_fresh = true, .boot_ms = 0, .boot_id = BOOT};
    int64_t last = 0;

    (void)state;
    for (int64_t passed = 0; passed < 3 * HOUR; passed += 7 * MINUTE) {
        const struct door_clock clock = {
            .host_ms = passed % 3 == 0 ? 0 : TRUE_NOW - YEAR, .boot_ms = passed, .boot_id = BOOT};
        const struct door_time time = door_time(&clock, &seen);
        assert_int_equal(time.now_ms, TRUE_NOW + passed);
        assert_true(time.now_ms >= last);
        last = time.now_ms;
    }
}

static void door_takes_unknown_boots_as_different(void **state)
{
    const struct door_clock clock = {.host_ms = TRUE_NOW, .boot_ms = 10, .boot_id = "unknown"};
    const struct door_seen seen = {
        .signed_ms = TRUE_NOW - DAY, .is_fresh = true, .boot_ms = 5, .boot_id = "unknown"};

    (void)state;
    assert_int_equal(door_time(&clock, &seen).trust, DOOR_CLOCK_UNKNOWN);
    assert_int_equal(door_time(&clock, &seen).now_ms, TRUE_NOW);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(door_opens_when_it_should_or_says_why_not),
        cmocka_unit_test(door_with_a_clock_of_1970),
        cmocka_unit_test(door_window_has_exact_edges),
        cmocka_unit_test(door_does_not_know_summer_time),
        cmocka_unit_test(door_now_never_falls_behind_what_was_signed),
        cmocka_unit_test(door_takes_unknown_boots_as_different),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
