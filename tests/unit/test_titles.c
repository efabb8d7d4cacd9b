/* What scores and decisions make of titles, over a real store. The programme is
 * docs/formats/examples/programme.json. */
#include "server/titles.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "example.h"

#define PATH "titles-rules.db"
#define NOW 1790000000000 /* 2026-09-21 */
#define DAY (24LL * 3600 * 1000)

static struct error err;
static struct store *store;

static void must(bool ok)
{
    if (!ok)
        fail_msg("%s", err.text);
}

/* The example with one text in it changed; from NULL: as it is. */
static void publish(const char *from, const char *to, int64_t in_force_ms)
{
    struct buffer text = example_object("programme.json"), content = {.max = PROGRAMME_MAX_BYTES};
    struct programme *programme = calloc(1, sizeof *programme);
    const char *at = from == NULL ? buffer_text(&text) : strstr(buffer_text(&text), from);
    assert_non_null(at);
    must(buffer_addf(&content, "%.*s%s%s", (int)(at - buffer_text(&text)), buffer_text(&text),
        from == NULL ? "" : to, at + (from == NULL ? 0 : strlen(from))));
    must(programme_parse(buffer_bytes(&content), programme, &err));
    struct programme_row row = {.id = "python", .in_force_ms = in_force_ms, .published_ms = NOW};
    programme->in_force_ms = in_force_ms;
    struct json *json = programme_json(programme);
    buffer_clear(&content);
    must(json_write(json, &content, &err));
    must(store->programme_add(store, &row, buffer_bytes(&content), &err));
    must(in_force_ms > NOW || titles_settle_all(store, NOW, &err));
    json_free(json);
    free(programme);
    buffer_release(&content);
    buffer_release(&text);
}

static int open_fresh(void **state)
{
    static const char *const exams[] = {"pcep", "pcap", "pcpp1", "pcpp2", "other"};
    (void)state;
    err = (struct error){ERROR_NONE, ""};
    (void)unlink(PATH);
    (void)unlink(PATH "-wal");
    (void)unlink(PATH "-shm");
    store = sqlite_store_open(PATH, false, &err);
    must(store != NULL);
    for (size_t i = 0; i < sizeof exams / sizeof exams[0]; i++) {
        struct exam_row exam = {.published_ms = NOW};
        struct sitting_row sitting = {.center = "oslo", .opens_ms = NOW, .closes_ms = NOW + 1};
        snprintf(exam.facts.package_id, sizeof exam.facts.package_id, "%s", exams[i]);
        snprintf(exam.facts.identifier, sizeof exam.facts.identifier, "%s", exams[i]);
        snprintf(sitting.id, sizeof sitting.id, "%s", exams[i]);
        snprintf(sitting.package_id, sizeof sitting.package_id, "%s", exams[i]);
        must(store->exam_add(store, &exam, bytes_of_text(""), bytes_of_text(""), &err));
        must(store->sitting_add(store, &sitting, bytes_of_text(""), &err));
    }
    return 0;
}

static int close_it(void **state)
{
    (void)state;
    store->close(store);
    return 0;
}

/* A scored session; settled by the caller. */
static struct session_row sat(const char *exam, bool passed, int64_t taken_ms)
{
    static unsigned sessions;
    struct session_row row = {.epoch = 1,
        .center = "oslo",
        .candidate_id = "alex",
        .candidate_name = "Alex",
        .standing = STANDING_SCORED,
        .result_epoch = 1,
        .passed = passed,
        .points = 3,
        .maximum = 4,
        .closes_ms = taken_ms,
        .taken_ms = taken_ms};
    snprintf(row.id, sizeof row.id, "session-%u", ++sessions);
    snprintf(row.admission, sizeof row.admission, "A-%u", sessions);
    snprintf(row.sitting, sizeof row.sitting, "%s", exam);
    snprintf(row.package_id, sizeof row.package_id, "%s", exam);
    must(store->session_add(store, &row, bytes_of_text(""), bytes_of_text(""), &err));
    return row;
}

static void settle(const struct session_row *session)
{
    must(titles_settle(store, session, session->package_id, NOW, &err));
}

static void pass(const char *exam)
{
    const struct session_row session = sat(exam, true, NOW - DAY);
    settle(&session);
}

static void decide(const char *title, enum title_act act)
{
    must(titles_decide(store, "alex", title, act, "board 1", "because", NOW, &err));
}

static bool note(void *context, const struct title_row *row, struct error *unused)
{
    (void)unused;
    return buffer_addf(context, "%s %s\n", row->title, title_state_name(row->state));
}

static void expect(const char *titles)
{
    struct buffer text = {.max = 4000};
    must(store->title_each(store, "alex", note, &text, &err));
    assert_string_equal(text.len == 0 ? "" : buffer_text(&text), titles);
    buffer_release(&text);
}

/* --- earning ---------------------------------------------------------------------------------- */

static void score_earns_its_title_once(void **state)
{
    (void)state;
    publish(NULL, NULL, NOW - 30 * DAY);
    const struct session_row failed = sat("pcap", false, NOW - 9 * DAY),
                             passed = sat("pcap", true, NOW - DAY);
    settle(&failed);
    expect("");
    settle(&passed);
    settle(&passed);
    expect("pcap held\n");
}

static void exam_that_no_programme_names_earns_nothing(void **state)
{
    (void)state;
    pass("pcap");
    expect("");
    publish(NULL, NULL, NOW);
    pass("other");
    expect("");
}

static void cepp_comes_with_the_last_of_the_three(void **state)
{
    (void)state;
    publish(NULL, NULL, NOW - 30 * DAY);
    pass("pcep");
    pass("pcap");
    pass("pcpp1");
    expect("pcep held\npcap held\npcpp1 held\n");
    pass("pcpp2");
    expect("pcep held\npcap held\npcpp1 held\npcpp2 held\ncepp held\n");
}

static void rules_hold_from_their_moment_on(void **state)
{
    (void)state;
    publish(NULL, NULL, NOW - 5 * DAY);
    const struct session_row before = sat("pcap", true, NOW - 5 * DAY - 1),
                             since = sat("pcap", true, NOW - 5 * DAY);
    settle(&before);
    expect("");
    settle(&since);
    expect("pcap held\n");
}

static void programme_published_later_counts_what_was_passed_since(void **state)
{
    (void)state;
    (void)sat("pcap", true, NOW - 20 * DAY);
    (void)sat("pcep", true, NOW - 40 * DAY);
    (void)sat("pcpp1", true, NOW - 10 * DAY);
    (void)sat("pcpp2", false, NOW - 8 * DAY);
    (void)sat("pcpp2", true, NOW - DAY);
    expect("");
    publish(NULL, NULL, NOW - 30 * DAY);
    expect("pcap held\npcpp1 held\npcpp2 held\ncepp held\n");
}

/* They may have been admitted in another order. */
static void programme_published_later_goes_by_when_exams_were_taken(void **state)
{
    (void)state;
    (void)sat("pcpp1", true, NOW - 10 * DAY);
    (void)sat("pcap", true, NOW - 20 * DAY);
    publish(NULL, NULL, NOW - 30 * DAY);
    expect("pcap held\npcpp1 held\n");
}

static void title_earned_without_what_it_needs_is_under_review(void **state)
{
    (void)state;
    publish(NULL, NULL, NOW - 30 * DAY);
    pass("pcap");
    decide("pcap", TITLE_REVOKE); /* while the candidate sits PCPP 32-1 */
    pass("pcpp1");
    expect("pcap revoked\npcpp1 under-review\n");
}

static bool note_expiry(void *context, const struct title_row *row, struct error *unused)
{
    (void)unused;
    return buffer_addf(context, "%s %lld\n", row->title, (long long)row->expires_ms);
}

static void title_ends_after_its_months_and_the_award_with_it(void **state)
{
    struct buffer text = {.max = 1000}, wanted = {.max = 1000};
    (void)state;
    publish("\"title\":\"PCPP 32-1: Certified Professional Python Programmer, level 1\",\"valid_months\":0",
        "\"title\":\"PCPP1\",\"valid_months\":12", NOW - 30 * DAY);
    pass("pcap");
    pass("pcpp1");
    pass("pcpp2");
    const long long ends_ms = months_later(NOW - DAY, 12);
    must(buffer_addf(&wanted, "pcap 0\npcpp1 %lld\npcpp2 0\ncepp %lld\n", ends_ms, ends_ms));
    must(store->title_each(store, "alex", note_expiry, &text, &err));
    assert_string_equal(buffer_text(&text), buffer_text(&wanted));
    buffer_release(&text);
    buffer_release(&wanted);
}

/* Renewed: what has expired is earned again, and the award with it. */
static void renewed_title_renews_the_award(void **state)
{
    (void)state;
    publish("\"title\":\"PCPP 32-1: Certified Professional Python Programmer, level 1\",\"valid_months\":0",
        "\"title\":\"PCPP1\",\"valid_months\":1", NOW - 90 * DAY);
    struct session_row sessions[] = {sat("pcap", true, NOW - 80 * DAY), sat("pcpp1", true, NOW - 80 * DAY),
        sat("pcpp2", true, NOW - 79 * DAY), sat("pcpp1", true, NOW - DAY)};
    for (size_t i = 0; i < 3; i++)
        settle(&sessions[i]);
    expect("pcap held\npcpp1 held\npcpp2 held\ncepp held\n");
    settle(&sessions[3]);
    expect("pcap held\npcpp1 held\npcpp2 held\ncepp held\npcpp1 held\ncepp held\n");
}

/* A room without a network hands its results in last. */
static void award_is_dated_by_the_last_of_what_it_needs(void **state)
{
    (void)state;
    publish("\"needs\":[\"pcap\",\"pcpp1\"]", "\"needs\":[]", NOW - 30 * DAY);
    const struct session_row pcpp2 = sat("pcpp2", true, NOW - 9 * DAY);
    pass("pcap");
    pass("pcpp1");
    settle(&pcpp2);
    expect("pcpp2 held\npcap held\npcpp1 held\ncepp held\n");
}

/* --- deciding --------------------------------------------------------------------------------- */

static void climb(void)
{
    publish(NULL, NULL, NOW - 30 * DAY);
    pass("pcap");
    pass("pcpp1");
    pass("pcpp2");
}

static void revoking_puts_what_is_built_on_it_under_review(void **state)
{
    static const struct {
        const char *title, *titles;
    } cases[] = {
        {"pcap", "pcap revoked\npcpp1 under-review\npcpp2 under-review\ncepp under-review\n"},
        {"pcpp1", "pcap held\npcpp1 revoked\npcpp2 under-review\ncepp under-review\n"},
        {"pcpp2", "pcap held\npcpp1 held\npcpp2 revoked\ncepp under-review\n"},
        {"cepp", "pcap held\npcpp1 held\npcpp2 held\ncepp revoked\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (i > 0) {
            close_it(state);
            open_fresh(state);
        }
        climb();
        decide(cases[i].title, TITLE_REVOKE);
        expect(cases[i].titles);
    }
}

static void board_lifts_a_review_or_revokes(void **state)
{
    (void)state;
    climb();
    decide("pcap", TITLE_REVOKE);
    decide("pcpp1", TITLE_RESTORE); /* found to stand by itself */
    decide("pcpp2", TITLE_REVOKE);
    expect("pcap revoked\npcpp1 held\npcpp2 revoked\ncepp under-review\n");
}

static void award_is_restored_with_what_it_stands_on_only(void **state)
{
    (void)state;
    climb();
    decide("pcap", TITLE_REVOKE);
    assert_false(titles_decide(store, "alex", "cepp", TITLE_RESTORE, "b", "r", NOW, &err));
    assert_int_equal(err.code, ERROR_REFUSED);
    assert_string_equal(err.text, "CEPP needs PCAP, which is revoked");
    decide("pcap", TITLE_RESTORE);
    decide("pcpp1", TITLE_RESTORE);
    decide("pcpp2", TITLE_RESTORE);
    expect("pcap held\npcpp1 held\npcpp2 held\ncepp under-review\n"); /* lifted by a person, not by itself */
    decide("cepp", TITLE_RESTORE);
    expect("pcap held\npcpp1 held\npcpp2 held\ncepp held\n");
}

static void restoring_may_make_an_award_due(void **state)
{
    (void)state;
    publish(NULL, NULL, NOW - 30 * DAY);
    pass("pcap");
    pass("pcpp1");
    decide("pcap", TITLE_REVIEW);
    pass("pcpp2"); /* was admitted before that */
    expect("pcap under-review\npcpp1 held\npcpp2 under-review\n");
    decide("pcap", TITLE_RESTORE);
    expect("pcap held\npcpp1 held\npcpp2 under-review\n");
    decide("pcpp2", TITLE_RESTORE);
    expect("pcap held\npcpp1 held\npcpp2 held\ncepp held\n");
}

static void revoked_award_does_not_come_back_by_itself(void **state)
{
    (void)state;
    climb();
    decide("cepp", TITLE_REVOKE);
    pass("pcep");
    expect("pcap held\npcpp1 held\npcpp2 held\ncepp revoked\npcep held\n");
}

static void lost_title_may_be_earned_again(void **state)
{
    (void)state;
    publish(NULL, NULL, NOW - 30 * DAY);
    pass("pcap");
    decide("pcap", TITLE_REVOKE);
    pass("pcap");
    expect("pcap revoked\npcap held\n");
    decide("pcap", TITLE_REVIEW); /* the newest */
    expect("pcap revoked\npcap under-review\n");
}

static void late_result_does_not_bring_back_what_was_revoked_since(void **state)
{
    (void)state;
    publish(NULL, NULL, NOW - 30 * DAY);
    const struct session_row late = sat("pcap", true, NOW - 9 * DAY);
    pass("pcap");
    decide("pcap", TITLE_REVOKE);
    settle(&late);
    pass("pcpp1");
    expect("pcap held\npcap revoked\npcpp1 under-review\n");
    decide("pcap", TITLE_RESTORE); /* the one got last */
    expect("pcap held\npcap held\npcpp1 under-review\n");
}

static void score_put_on_hold_takes_its_title_along(void **state)
{
    (void)state;
    publish(NULL, NULL, NOW - 30 * DAY);
    struct session_row pcap = sat("pcap", true, NOW - DAY);
    settle(&pcap);
    pass("pcpp1");
    pcap.standing = STANDING_HELD;
    pcap.passed = false;
    snprintf(pcap.reason, sizeof pcap.reason, "two results");
    settle(&pcap);
    expect("pcap under-review\npcpp1 under-review\n");
}

static void decision_on_what_is_not_there_is_refused(void **state)
{
    (void)state;
    climb();
    assert_false(titles_decide(store, "alex", "pcep", TITLE_REVOKE, "b", "r", NOW, &err));
    assert_int_equal(err.code, ERROR_NOT_FOUND);
    assert_false(titles_decide(store, "kim", "pcap", TITLE_REVOKE, "b", "r", NOW, &err));
    assert_int_equal(err.code, ERROR_NOT_FOUND);
    decide("pcap", TITLE_REVOKE);
    assert_false(titles_decide(store, "alex", "pcap", TITLE_REVOKE, "b", "r", NOW, &err));
    assert_int_equal(err.code, ERROR_REFUSED);
}

/* Rules that came since say what may be sat; what was given stands by the rules it was given by. */
static void built_on_goes_by_the_rules_of_its_time(void **state)
{
    (void)state;
    climb();
    publish("\"needs\":[\"pcap\"]", "\"needs\":[]", NOW);
    decide("pcap", TITLE_REVOKE);
    expect("pcap revoked\npcpp1 under-review\npcpp2 under-review\ncepp under-review\n");
}

static bool note_decision(void *context, const struct title_decision *decision, struct error *unused)
{
    (void)unused;
    return buffer_addf(context, "%s by %s: %s\n", decision->act, decision->who, decision->reason);
}

static bool note_decisions(void *context, const struct title_row *row, struct error *unused)
{
    return buffer_addf(context, "%s\n", row->title) &&
           store->title_decisions(store, row->number, note_decision, context, unused);
}

static void every_decision_keeps_who_and_why(void **state)
{
    struct buffer text = {.max = 4000};
    (void)state;
    publish(NULL, NULL, NOW - 30 * DAY);
    const struct session_row pcap = sat("pcap", true, NOW - DAY), pcpp1 = sat("pcpp1", true, NOW - DAY);
    char wanted[600];
    settle(&pcap);
    settle(&pcpp1);
    decide("pcap", TITLE_REVOKE);
    snprintf(wanted, sizeof wanted,
        "pcap\naward by the server: passed with 3 of 4 points, admission %s in oslo\nrevoke by board 1: "
        "because\n"
        "pcpp1\naward by the server: passed with 3 of 4 points, admission %s in oslo\n"
        "review by the server: built on pcap, which is revoked\n",
        pcap.admission, pcpp1.admission);
    must(store->title_each(store, "alex", note_decisions, &text, &err));
    assert_string_equal(buffer_text(&text), wanted);
    buffer_release(&text);
}

/* --- asking ----------------------------------------------------------------------------------- */

static void ladder_ask_goes_by_the_rules_at_the_opening(void **state)
{
    struct ladder_answer answer;
    struct sitting_row sitting = {.opens_ms = NOW + DAY};
    (void)state;
    publish(NULL, NULL, NOW - 30 * DAY);
    publish("\"needs\":[\"pcap\"]", "\"needs\":[]", NOW + 2 * DAY);
    must(ladder_ask(store, &sitting, "pcpp1", "alex", "", NOW, &answer, &err));
    assert_int_equal(answer.verdict, LADDER_MISSING);
    sitting.opens_ms = NOW + 2 * DAY;
    must(ladder_ask(store, &sitting, "pcpp1", "alex", "", NOW, &answer, &err));
    assert_int_equal(answer.verdict, LADDER_MAY);
    sitting.opens_ms = NOW - 31 * DAY; /* before any rules */
    must(ladder_ask(store, &sitting, "pcpp1", "alex", "", NOW, &answer, &err));
    assert_int_equal(answer.verdict, LADDER_MAY);
    must(ladder_ask(store, &sitting, "other", "alex", "", NOW, &answer, &err));
    assert_int_equal(answer.verdict, LADDER_MAY);
}

static void programme_that_cannot_be_read_sends_nobody_away(void **state)
{
    const struct programme_row row = {.id = "python", .in_force_ms = NOW - DAY};
    (void)state;
    must(store->programme_add(store, &row, bytes_of_text("{\"format\":99}"), &err));
    const struct session_row session = sat("pcap", true, NOW);
    assert_false(titles_settle(store, &session, "pcap", NOW, &err));
    assert_int_equal(err.code, ERROR_BUSY); /* 503: the seat keeps its result and comes again */
}

static void ladder_ask_sees_every_center_but_not_the_replaced(void **state)
{
    struct ladder_answer answer;
    const struct sitting_row sitting = {.center = "bergen", .opens_ms = NOW};
    (void)state;
    publish(NULL, NULL, NOW - 30 * DAY);
    const struct session_row failed = sat("pcap", false, NOW - DAY);
    must(ladder_ask(store, &sitting, "pcap", "alex", "", NOW, &answer, &err));
    assert_int_equal(answer.verdict, LADDER_EARLY);
    must(ladder_ask(store, &sitting, "pcap", "alex", failed.id, NOW, &answer, &err));
    assert_int_equal(answer.verdict, LADDER_MAY);
    must(ladder_ask(store, &sitting, "pcap", "kim", "", NOW, &answer, &err));
    assert_int_equal(answer.verdict, LADDER_MAY);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_fresh, close_it)
    const struct CMUnitTest tests[] = {
        TEST(score_earns_its_title_once),
        TEST(exam_that_no_programme_names_earns_nothing),
        TEST(cepp_comes_with_the_last_of_the_three),
        TEST(rules_hold_from_their_moment_on),
        TEST(programme_published_later_counts_what_was_passed_since),
        TEST(programme_published_later_goes_by_when_exams_were_taken),
        TEST(title_earned_without_what_it_needs_is_under_review),
        TEST(title_ends_after_its_months_and_the_award_with_it),
        TEST(renewed_title_renews_the_award),
        TEST(award_is_dated_by_the_last_of_what_it_needs),
        TEST(revoking_puts_what_is_built_on_it_under_review),
        TEST(board_lifts_a_review_or_revokes),
        TEST(award_is_restored_with_what_it_stands_on_only),
        TEST(restoring_may_make_an_award_due),
        TEST(revoked_award_does_not_come_back_by_itself),
        TEST(lost_title_may_be_earned_again),
        TEST(late_result_does_not_bring_back_what_was_revoked_since),
        TEST(score_put_on_hold_takes_its_title_along),
        TEST(decision_on_what_is_not_there_is_refused),
        TEST(built_on_goes_by_the_rules_of_its_time),
        TEST(every_decision_keeps_who_and_why),
        TEST(ladder_ask_goes_by_the_rules_at_the_opening),
        TEST(programme_that_cannot_be_read_sends_nobody_away),
        TEST(ladder_ask_sees_every_center_but_not_the_replaced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
