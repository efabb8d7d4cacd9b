/* Who may sit what: every cell. The programme is the one docs/formats/examples/programme.json shows. */
#include "server/ladder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/encoding.h"
#include "example.h"

#define NOW 1790000000000 /* 2026-09-21 */
#define HOUR 3600000LL
#define DAY (24 * HOUR)

enum { PCEP, PCAP, PCPP1, PCPP2, CEPP };

static struct programme programme;

static int read_example(void **state)
{
    struct buffer text = example_object("programme.json");
    struct error err = {ERROR_NONE, ""};
    (void)state;
    if (!programme_parse(buffer_bytes(&text), &programme, &err))
        fail_msg("%s", err.text);
    buffer_release(&text);
    return 0;
}

/* --- what a session is worth ---------------------------------------------------------------------------- */

static struct session_row a_session(enum standing standing, int64_t closes_ms)
{
    return (struct session_row){.center = "oslo",
        .standing = standing,
        .opens_ms = closes_ms - HOUR,
        .closes_ms = closes_ms,
        .max_time_ms = HOUR,
        .taken_ms = standing >= STANDING_RECEIVED && standing < STANDING_VOID ? closes_ms : 0};
}

static void turn_of_every_standing(void **state)
{
    static const struct {
        enum standing standing;
        bool passed, is_replaced;
        int64_t closes_ms; /* against now */
        enum turn turn;
    } cases[] = {
        {STANDING_ADMITTED, false, false, DAY, TURN_OPEN},
        {STANDING_ADMITTED, false, false, -HOUR + 1, TURN_OPEN}, /* who started last is still at it */
        {STANDING_ADMITTED, false, false, -HOUR, TURN_ABSENT},
        {STANDING_ADMITTED, false, true, DAY, TURN_VOID},
        {STANDING_BEGUN, false, false, DAY, TURN_OPEN},
        {STANDING_BEGUN, false, false, -RESULT_WAIT_MS + 1, TURN_OPEN},
        {STANDING_BEGUN, false, false, -RESULT_WAIT_MS, TURN_LOST},
        {STANDING_BEGUN, false, true, DAY, TURN_VOID},
        {STANDING_RECEIVED, false, false, -100 * DAY, TURN_OPEN},
        {STANDING_RECEIVED, false, true, -DAY, TURN_VOID},
        {STANDING_SCORED, true, false, -DAY, TURN_PASSED},
        {STANDING_SCORED, false, false, -DAY, TURN_FAILED},
        {STANDING_HELD, false, false, -DAY, TURN_HELD},
        {STANDING_HELD, false, true, -DAY, TURN_VOID},
        {STANDING_VOID, false, true, DAY, TURN_VOID},
        {STANDING_VOID, false, false, DAY, TURN_VOID},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct session_row session = a_session(cases[i].standing, NOW + cases[i].closes_ms);
        session.passed = cases[i].passed;
        session.is_replaced = cases[i].is_replaced;
        if (turn_of(&session, NOW) != cases[i].turn)
            fail_msg(
                "case %zu: %s, expected %s", i, turn_name(turn_of(&session, NOW)), turn_name(cases[i].turn));
    }
}

/* --- who may sit what ----------------------------------------------------------------------------------- */

/* What somebody has of a title: one letter each, of PCEP, PCAP, PCPP 32-1, PCPP 32-2.
 *   -  nothing               h  held           v  under review    r  revoked
 *   x  held, expired yesterday                y  held, expires tomorrow
 *   o  an attempt is open    f  failed six days ago     F  failed seven days ago
 *   a  absent                e  held result of six days ago */
static void have(struct ladder *ladder, size_t title, char letter)
{
    static const char *const ids[] = {"pcep", "pcap", "pcpp1", "pcpp2", "cepp"};
    struct title_row row = {.awarded_ms = NOW - 30 * DAY,
        .state = letter == 'v'   ? TITLE_UNDER_REVIEW
                 : letter == 'r' ? TITLE_REVOKED
                                 : TITLE_HELD,
        .expires_ms = letter == 'x'   ? NOW - DAY
                      : letter == 'y' ? NOW + DAY
                                      : 0};
    struct session_row session;
    snprintf(row.title, sizeof row.title, "%s", ids[title]);
    switch (letter) {
    case '-': return;
    case 'o': session = a_session(STANDING_ADMITTED, NOW + DAY); break;
    case 'a': session = a_session(STANDING_ADMITTED, NOW - DAY); break;
    case 'f': session = a_session(STANDING_SCORED, NOW - 6 * DAY); break;
    case 'F': session = a_session(STANDING_SCORED, NOW - 7 * DAY); break;
    case 'e': session = a_session(STANDING_HELD, NOW - 6 * DAY); break;
    default: ladder_add_title(ladder, &row); return;
    }
    ladder_add_session(ladder, ids[title], &session, NOW);
}

static struct ladder person(const char *letters)
{
    struct ladder ladder = {.programme = &programme};
    for (size_t i = 0; letters[i] != '\0'; i++)
        have(&ladder, i, letters[i]);
    return ladder;
}

static void ladder_says_who_may_sit_what(void **state)
{
    static const struct {
        const char *person;
        size_t title;
        enum ladder_verdict verdict;
        const char *reason;
    } cases[] = {
        /* PCEP is an entry, and no step to PCAP. */
        {"----", PCEP, LADDER_MAY, ""},
        {"----", PCAP, LADDER_MAY, ""},
        {"h---", PCAP, LADDER_MAY, ""},
        {"-h--", PCEP, LADDER_MAY, ""},
        /* PCPP 32-1 needs PCAP, in each state of it. */
        {"----", PCPP1, LADDER_MISSING, "PCPP 32-1 needs PCAP, which is missing"},
        {"h---", PCPP1, LADDER_MISSING, "PCPP 32-1 needs PCAP, which is missing"},
        {"-f--", PCPP1, LADDER_MISSING, "PCPP 32-1 needs PCAP, which is missing"},
        {"-o--", PCPP1, LADDER_MISSING, "PCPP 32-1 needs PCAP, which is missing"},
        {"-r--", PCPP1, LADDER_REVOKED, "PCPP 32-1 needs PCAP, which is revoked"},
        {"-v--", PCPP1, LADDER_REVIEW, "PCPP 32-1 needs PCAP, which is under review"},
        {"-x--", PCPP1, LADDER_EXPIRED, "PCPP 32-1 needs PCAP, which expired on 2026-09-20 14:13 UTC"},
        {"-y--", PCPP1, LADDER_MAY, ""},
        {"-h--", PCPP1, LADDER_MAY, ""},
        /* PCPP 32-2 needs both, and is told of the first that is not held. */
        {"----", PCPP2, LADDER_MISSING, "PCPP 32-2 needs PCAP, which is missing"},
        {"-h--", PCPP2, LADDER_MISSING, "PCPP 32-2 needs PCPP 32-1, which is missing"},
        {"--h-", PCPP2, LADDER_MISSING, "PCPP 32-2 needs PCAP, which is missing"},
        {"-rh-", PCPP2, LADDER_REVOKED, "PCPP 32-2 needs PCAP, which is revoked"},
        {"-rv-", PCPP2, LADDER_REVOKED, "PCPP 32-2 needs PCAP, which is revoked"},
        {"-hr-", PCPP2, LADDER_REVOKED, "PCPP 32-2 needs PCPP 32-1, which is revoked"},
        {"-hv-", PCPP2, LADDER_REVIEW, "PCPP 32-2 needs PCPP 32-1, which is under review"},
        {"-hx-", PCPP2, LADDER_EXPIRED, "PCPP 32-2 needs PCPP 32-1, which expired on 2026-09-20 14:13 UTC"},
        {"-hh-", PCPP2, LADDER_MAY, ""},
        /* What is held is not sat again; what was lost or has expired may be earned again. */
        {"-h--", PCAP, LADDER_HOLDS, "PCAP is held already"},
        {"-y--", PCAP, LADDER_HOLDS, "PCAP is held already"},
        {"-v--", PCAP, LADDER_HOLDS, "PCAP is under review: the board decides first"},
        {"-r--", PCAP, LADDER_MAY, ""},
        {"-x--", PCAP, LADDER_MAY, ""},
        {"-hhh", PCPP2, LADDER_HOLDS, "PCPP 32-2 is held already"},
        {"-rhv", PCPP2, LADDER_HOLDS, "PCPP 32-2 is under review: the board decides first"},
        /* One attempt at a time; who was absent made none. */
        {"-o--", PCAP, LADDER_OPEN, "an attempt at PCAP is open in the center oslo: admitted, not begun"},
        {"-a--", PCAP, LADDER_MAY, ""},
        {"-ho-", PCPP1, LADDER_OPEN,
            "an attempt at PCPP 32-1 is open in the center oslo: admitted, not begun"},
        {"o---", PCAP, LADDER_MAY, ""},
        /* Seven days after the last attempt, whatever became of it. */
        {"-f--", PCAP, LADDER_EARLY,
            "too early for another attempt at PCAP: the last one was on 2026-09-15 14:13 UTC, the next is "
            "possible in a window that opens on 2026-09-22 14:13 UTC or later"},
        {"-F--", PCAP, LADDER_MAY, ""},
        {"-e--", PCAP, LADDER_EARLY, NULL},
        {"f---", PCAP, LADDER_MAY, ""},
        {"-hf-", PCPP1, LADDER_EARLY, NULL},
        {"-hF-", PCPP1, LADDER_MAY, ""},
        {"-rf-", PCPP1, LADDER_REVOKED, "PCPP 32-1 needs PCAP, which is revoked"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct ladder ladder = person(cases[i].person);
        struct ladder_answer answer;
        ladder_may_sit(&ladder, cases[i].title, NOW, &answer);
        if (answer.verdict != cases[i].verdict ||
            (cases[i].reason != NULL && strcmp(answer.reason, cases[i].reason) != 0))
            fail_msg("%s, %s: %d \"%s\"", cases[i].person, programme.titles[cases[i].title].name,
                (int)answer.verdict, answer.reason);
        assert_int_equal(answer.reason[0] == '\0', answer.verdict == LADDER_MAY);
        assert_int_equal(ladder_verdict_code(answer.verdict)[0] == '\0', answer.verdict == LADDER_MAY);
    }
}

static void ladder_counts_the_wait_to_the_millisecond(void **state)
{
    const struct ladder ladder = person("-f--");
    const int64_t first = NOW + DAY;
    struct ladder_answer answer;
    (void)state;
    ladder_may_sit(&ladder, PCAP, first - 1, &answer);
    assert_int_equal(answer.verdict, LADDER_EARLY);
    assert_int_equal(answer.from_ms, first);
    ladder_may_sit(&ladder, PCAP, first, &answer);
    assert_int_equal(answer.verdict, LADDER_MAY);
}

static void ladder_judges_validity_at_the_opening(void **state)
{
    const struct ladder ladder = person("-y--");
    struct ladder_answer answer;
    (void)state;
    ladder_may_sit(&ladder, PCPP1, NOW + DAY - 1, &answer);
    assert_int_equal(answer.verdict, LADDER_MAY);
    ladder_may_sit(&ladder, PCPP1, NOW + DAY, &answer);
    assert_int_equal(answer.verdict, LADDER_EXPIRED);
    ladder_may_sit(&ladder, PCAP, NOW + DAY, &answer); /* renewed */
    assert_int_equal(answer.verdict, LADDER_MAY);
}

static void ladder_counts_the_last_attempt_and_the_newest_title(void **state)
{
    struct ladder ladder = person("-f--");
    const struct session_row earlier = a_session(STANDING_SCORED, NOW - 30 * DAY);
    const struct title_row lost = {.title = "pcap", .state = TITLE_REVOKED}, again = {.title = "pcap"};
    struct ladder_answer answer;
    (void)state;
    ladder_add_session(&ladder, "pcap", &earlier, NOW);
    ladder_may_sit(&ladder, PCAP, NOW, &answer);
    assert_int_equal(answer.verdict, LADDER_EARLY);
    ladder_add_title(&ladder, &lost);
    assert_false(ladder_holds(&ladder, PCAP, NOW));
    ladder_add_title(&ladder, &again);
    assert_true(ladder_holds(&ladder, PCAP, NOW));
}

static void ladder_ignores_what_the_programme_does_not_name(void **state)
{
    struct ladder ladder = person("----");
    const struct session_row session = a_session(STANDING_ADMITTED, NOW + DAY);
    const struct title_row title = {.title = "other"};
    (void)state;
    ladder_add_session(&ladder, "other", &session, NOW);
    ladder_add_session(&ladder, "cepp", &session, NOW); /* a title, but no exam */
    ladder_add_title(&ladder, &title);
    for (size_t i = 0; i < programme.title_count; i++) {
        assert_false(ladder.steps[i].is_open);
        assert_false(ladder.steps[i].has_title);
    }
}

/* --- what is awarded ------------------------------------------------------------------------------------ */

static void ladder_awards_whoever_holds_all_three(void **state)
{
    static const struct {
        const char *person; /* with CEPP as the fifth letter */
        bool is_due;
    } cases[] = {{"-----", false}, {"hhh--", false}, {"-h-h-", false}, {"--hh-", false}, {"-hhh-", true},
        {"hhhh-", true}, {"-hhhh", false}, {"-hhhv", false}, {"-hhhr", false}, {"-hhhx", true},
        {"-hhhy", false}, {"-rhh-", false}, {"-hvh-", false}, {"-hhx-", false}, {"-hhy-", true},
        {"-rhhx", false}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct ladder ladder = person(cases[i].person);
        if (ladder_is_due(&ladder, CEPP, NOW) != cases[i].is_due)
            fail_msg("%s", cases[i].person);
        assert_false(ladder_is_due(&ladder, PCAP, NOW)); /* has an exam */
    }
}

static void ladder_ends_an_award_with_the_first_it_stands_on(void **state)
{
    struct ladder ladder = person("-hhh-");
    (void)state;
    assert_int_equal(ladder_expiry(&ladder, CEPP, NOW), 0);
    ladder.steps[PCPP1].expires_ms = NOW + 5 * DAY;
    ladder.steps[PCPP2].expires_ms = NOW + 3 * DAY;
    assert_int_equal(ladder_expiry(&ladder, CEPP, NOW), NOW + 3 * DAY);
    assert_int_equal(ladder_expiry(&ladder, PCAP, NOW), 0);
    programme.titles[PCAP].valid_months = 36;
    assert_int_equal(ladder_expiry(&ladder, PCAP, NOW), months_later(NOW, 36));
    programme.titles[PCAP].valid_months = 0;
}

static void months_end_with_the_month(void **state)
{
    static const struct {
        const char *from;
        unsigned months;
        const char *to;
    } cases[] = {
        {"2026-11-28T10:15:30.123Z", 36, "2029-11-28T10:15:30.123Z"},
        {"2026-12-31T00:00:00.000Z", 1, "2027-01-31T00:00:00.000Z"},
        {"2027-01-31T23:59:59.999Z", 1, "2027-02-28T23:59:59.999Z"},
        {"2028-01-30T00:00:00.000Z", 1, "2028-02-29T00:00:00.000Z"},
        {"2028-02-29T12:00:00.000Z", 12, "2029-02-28T12:00:00.000Z"},
        {"2026-08-31T12:00:00.000Z", 25, "2028-09-30T12:00:00.000Z"},
        {"2026-08-31T12:00:00.000Z", 0, "2026-08-31T12:00:00.000Z"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t from = 0;
        char text[TIMESTAMP_SIZE];
        assert_true(timestamp_parse(cases[i].from, &from));
        timestamp_format(months_later(from, cases[i].months), text);
        assert_string_equal(text, cases[i].to);
    }
}

/* --- deciding ------------------------------------------------------------------------------------------- */

static void title_moves_as_the_table_says(void **state)
{
    static const char wanted[TITLE_STATES][TITLE_ACTS + 1] = {
        /* award, review, revoke, restore */
        [TITLE_HELD] = "-vr-",
        [TITLE_UNDER_REVIEW] = "--rh",
        [TITLE_REVOKED] = "---h",
    };
    static const char letters[] = "hvr";
    (void)state;
    for (int from = 0; from < TITLE_STATES; from++)
        for (int act = 0; act < TITLE_ACTS; act++) {
            enum title_state next = TITLE_STATES;
            struct error err = {ERROR_NONE, ""};
            const bool ok = title_next((enum title_state)from, (enum title_act)act, &next, &err);
            assert_int_equal(ok ? letters[next] : '-', wanted[from][act]);
            assert_int_equal(err.code, ok ? ERROR_NONE : ERROR_REFUSED);
        }
}

static void built_on_is_what_needs_it(void **state)
{
    static const char *const wanted[] = {"-----", "--xxx", "---xx", "----x", "-----"};
    (void)state;
    for (size_t title = 0; title < programme.title_count; title++) {
        bool is_built[PROGRAMME_TITLES_MAX];
        ladder_built_on(&programme, title, is_built);
        for (size_t i = 0; i < programme.title_count; i++)
            assert_int_equal(is_built[i], wanted[title][i] == 'x');
    }
}

/* C needs B, B needs A: what shakes A shakes C. */
static void built_on_goes_all_the_way_up(void **state)
{
    static struct programme chain = {.title_count = 3,
        .titles = {{.id = "a"}, {.id = "b", .needs = {0}, .need_count = 1},
            {.id = "c", .needs = {1}, .need_count = 1}}};
    bool is_built[PROGRAMME_TITLES_MAX];
    (void)state;
    ladder_built_on(&chain, 0, is_built);
    assert_true(is_built[1] && is_built[2]);
    ladder_built_on(&chain, 1, is_built);
    assert_true(!is_built[0] && is_built[2]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(turn_of_every_standing),
        cmocka_unit_test(ladder_says_who_may_sit_what),
        cmocka_unit_test(ladder_counts_the_wait_to_the_millisecond),
        cmocka_unit_test(ladder_judges_validity_at_the_opening),
        cmocka_unit_test(ladder_counts_the_last_attempt_and_the_newest_title),
        cmocka_unit_test(ladder_ignores_what_the_programme_does_not_name),
        cmocka_unit_test(ladder_awards_whoever_holds_all_three),
        cmocka_unit_test(ladder_ends_an_award_with_the_first_it_stands_on),
        cmocka_unit_test(months_end_with_the_month),
        cmocka_unit_test(title_moves_as_the_table_says),
        cmocka_unit_test(built_on_is_what_needs_it),
        cmocka_unit_test(built_on_goes_all_the_way_up),
    };
    return cmocka_run_group_tests(tests, read_example, NULL);
}
