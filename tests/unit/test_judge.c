/* What is scored, what is held and why, and what one more arrival does to a session. */
#include "server/judge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* --- a session where all is well, and one thing after the other wrong --------------------------------- */

static const char *const right[] = {"A"}, *const wrong[] = {"B"};
static const struct topic topics[] = {{"t1", "Topic one"}};
static const struct item_key keys[] = {
    {.item = "i1",
        .version = "v1",
        .topic = "t1",
        .correct = right,
        .correct_count = 1,
        .points = 3,
        .is_scored = true},
    {.item = "i2",
        .version = "v1",
        .topic = "t1",
        .correct = right,
        .correct_count = 1,
        .points = 1,
        .is_scored = true},
};

struct fixture {
    struct session_row session;
    struct exam_row exam;
    struct attempt_item items[2];
    struct attempt attempt;
    struct scoring_key key;
    struct evidence evidence;
    struct judgement judgement;
};

static void well(struct fixture *fixture)
{
    memset(fixture, 0, sizeof *fixture);
    fixture->session = (struct session_row){.id = "s",
        .center = "c",
        .package_id = "p",
        .admission = "A-1",
        .candidate_id = "alex",
        .epoch = 1,
        .max_time_ms = 1000,
        .item_count = 2};
    fixture->exam.facts.content = CONTENT_LIVE;
    fixture->exam.facts.package_digest.bytes[0] = 7;
    fixture->items[0] = (struct attempt_item){
        .item = "i1", .version = "v1", .response = "RESPONSE", .values = right, .value_count = 1};
    fixture->items[1] = (struct attempt_item){
        .item = "i2", .version = "v1", .response = "RESPONSE", .values = wrong, .value_count = 1};
    fixture->attempt = (struct attempt){.admission = "A-1",
        .candidate_id = "alex",
        .center = "c",
        .package_id = "p",
        .epoch = 1,
        .lock = LOCK_X11,
        .content = CONTENT_LIVE,
        .max_time_ms = 1000,
        .items = fixture->items,
        .item_count = 2,
        .has_ended = true,
        .end = END_SUBMITTED};
    fixture->attempt.package.bytes[0] = 7;
    fixture->key = (struct scoring_key){.exam = "e",
        .version = "1",
        .package_id = "p",
        .pass_mark = 75,
        .topics = topics,
        .topic_count = 1,
        .items = keys,
        .item_count = 2};
    fixture->evidence = (struct evidence){.session = &fixture->session,
        .exam = &fixture->exam,
        .epoch = 1,
        .attempt = &fixture->attempt,
        .key = &fixture->key};
}

static void judge_scores_where_all_is_well(void **state)
{
    struct fixture fixture;
    (void)state;
    well(&fixture);
    judge(&fixture.evidence, &fixture.judgement);
    assert_int_equal(fixture.judgement.standing, STANDING_SCORED);
    assert_int_equal(fixture.judgement.score.points, 3);
    assert_int_equal(fixture.judgement.score.maximum, 4);
    assert_true(fixture.judgement.score.passed);
    assert_string_equal(fixture.judgement.reason, "");
}

static void set_journal(struct fixture *f)
{
    f->evidence.is_journal = true;
}
static void set_unreadable(struct fixture *f)
{
    f->evidence.attempt = NULL;
    f->evidence.unreadable = "record 7: gap";
}
static void set_replaced(struct fixture *f)
{
    f->session.is_replaced = true;
}
static void set_lower_epoch(struct fixture *f)
{
    f->session.epoch = 2;
}
static void set_certificate(struct fixture *f)
{
    f->evidence.certificate_fault = "it was revoked";
}
static void set_no_end(struct fixture *f)
{
    f->attempt.has_ended = false;
}
static void set_declined(struct fixture *f)
{
    f->attempt.end = END_DECLINED;
}
static void set_staff(struct fixture *f)
{
    f->attempt.end = END_STAFF;
}
static void set_admission(struct fixture *f)
{
    f->attempt.admission[0] = 'B';
}
static void set_candidate(struct fixture *f)
{
    f->attempt.candidate_id[0] = 'b';
}
static void set_center(struct fixture *f)
{
    f->attempt.center[0] = 'd';
}
static void set_package(struct fixture *f)
{
    f->attempt.package_id[0] = 'q';
}
static void set_digest(struct fixture *f)
{
    f->attempt.package.bytes[0] = 8;
}
static void set_limit(struct fixture *f)
{
    f->attempt.max_time_ms = 1001;
}
static void set_count(struct fixture *f)
{
    f->attempt.item_count = 1;
}
static void set_content(struct fixture *f)
{
    f->attempt.content = CONTENT_PUBLIC;
}
static void set_no_lock(struct fixture *f)
{
    f->attempt.lock = LOCK_NONE;
}
static void set_no_key(struct fixture *f)
{
    f->evidence.key = NULL;
    f->evidence.key_fault = "it is of another package";
}
static void set_version(struct fixture *f)
{
    f->items[0].version = "v2";
}
static void set_item(struct fixture *f)
{
    f->items[0].item = "i9";
}

static const struct {
    const char *name;
    void (*set)(struct fixture *fixture);
    const char *reason; /* part of it */
} held[] = {
    {"an unfinished journal", set_journal, "unfinished"},
    {"records that don't follow", set_unreadable, "record 7: gap"},
    {"a replaced admission", set_replaced, "another admission"},
    {"a lower epoch", set_lower_epoch, "epoch 1"},
    {"a certificate that does not count", set_certificate, "it was revoked"},
    {"no end", set_no_end, "no end"},
    {"a declined agreement", set_declined, "declined"},
    {"an end by staff", set_staff, "by staff"},
    {"another admission number", set_admission, "another candidate"},
    {"another candidate", set_candidate, "another candidate"},
    {"another center", set_center, "another center"},
    {"another package", set_package, "another exam package"},
    {"another package's digest", set_digest, "another exam package"},
    {"another time limit", set_limit, "time limit"},
    {"another number of items", set_count, "1 items"},
    {"another kind of bank", set_content, "another kind"},
    {"no lock", set_no_lock, "without a lock"},
    {"a key that does not open", set_no_key, "the scoring key"},
    {"an unknown version of an item", set_version, "can't be scored"},
    {"an unknown item", set_item, "can't be scored"},
};

static void judge_holds_with_the_reason(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof held / sizeof held[0]; i++) {
        struct fixture fixture;
        well(&fixture);
        held[i].set(&fixture);
        judge(&fixture.evidence, &fixture.judgement);
        if (fixture.judgement.standing != STANDING_HELD ||
            strstr(fixture.judgement.reason, held[i].reason) == NULL)
            fail_msg("%s: %s, \"%s\"", held[i].name, standing_name(fixture.judgement.standing),
                fixture.judgement.reason);
    }
}

static void judge_takes_no_lock_from_a_public_bank(void **state)
{
    struct fixture fixture;
    (void)state;
    well(&fixture);
    set_no_lock(&fixture);
    fixture.exam.facts.content = fixture.attempt.content = CONTENT_PUBLIC;
    judge(&fixture.evidence, &fixture.judgement);
    assert_int_equal(fixture.judgement.standing, STANDING_SCORED);
}

static void judge_leaves_it_to_who_has_the_key(void **state)
{
    struct fixture fixture;
    (void)state;
    well(&fixture);
    fixture.evidence.key = NULL;
    judge(&fixture.evidence, &fixture.judgement);
    assert_int_equal(fixture.judgement.standing, STANDING_RECEIVED);
    well(&fixture);
    fixture.evidence.key = NULL;
    set_staff(&fixture); /* what needs no key is held here already */
    judge(&fixture.evidence, &fixture.judgement);
    assert_int_equal(fixture.judgement.standing, STANDING_HELD);
}

static void judge_scores_what_ended_by_time_or_window(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct fixture fixture;
        well(&fixture);
        fixture.attempt.end = i == 0 ? END_TIME : END_WINDOW;
        judge(&fixture.evidence, &fixture.judgement);
        assert_int_equal(fixture.judgement.standing, STANDING_SCORED);
    }
}

/* --- what an arrival does ------------------------------------------------------------------------------ */

struct step {
    const char *name;
    /* the session before: what it holds */
    unsigned approved, result_epoch;
    bool has_journal;
    /* what arrives */
    unsigned epoch;
    bool is_journal;
    enum standing judged;
    /* what becomes of it, and of the session */
    enum standing arrival, session;
    unsigned session_epoch; /* of the result the session is about then */
    bool holds_others;
};

#define SCORED STANDING_SCORED
#define HELD STANDING_HELD
#define ADMITTED STANDING_ADMITTED

static const struct step steps[] = {
    {"the first result", 1, 0, false, 1, false, SCORED, SCORED, SCORED, 1, false},
    {"the first result, held", 1, 0, false, 1, false, HELD, HELD, HELD, 1, false},
    {"the first result, judged elsewhere", 1, 0, false, 1, false, STANDING_RECEIVED, STANDING_RECEIVED,
        STANDING_RECEIVED, 1, false},
    {"a second one", 1, 1, false, 1, false, SCORED, HELD, HELD, 1, true},
    {"a second one that would be held anyway", 1, 1, false, 1, false, HELD, HELD, HELD, 1, true},
    {"a journal first", 1, 0, false, 1, true, HELD, HELD, HELD, 1, false},
    {"a longer journal", 1, 1, true, 1, true, HELD, HELD, HELD, 1, false},
    {"a result after the journal", 1, 1, true, 1, false, SCORED, SCORED, SCORED, 1, false},
    {"a journal after the result", 1, 1, false, 1, true, HELD, HELD, SCORED, 1, false},
    {"a lower epoch, nothing else there", 2, 0, false, 1, false, HELD, HELD, HELD, 1, false},
    {"the approved epoch after a lower one", 2, 1, false, 2, false, SCORED, SCORED, SCORED, 2, false},
    {"a lower epoch after the approved one", 2, 2, false, 1, false, HELD, HELD, SCORED, 2, false},
    {"a journal of a lower epoch after the approved one", 2, 2, false, 1, true, HELD, HELD, SCORED, 2, false},
    {"a second of a lower epoch", 2, 1, false, 1, false, HELD, HELD, HELD, 1, true},
};

static struct decision take(const struct step *step)
{
    struct session_row before = {.epoch = step->approved,
        .result_epoch = step->result_epoch,
        .is_journal = step->has_journal,
        .points = 3};
    before.standing = step->result_epoch == 0 ? ADMITTED : step->has_journal ? HELD : SCORED;
    if (step->result_epoch != 0 && step->result_epoch < step->approved)
        before.standing = HELD;
    struct judgement judgement = {.standing = step->judged, .reason = "because"};
    judgement.score.points = 5;
    struct arrival arrival = {.epoch = step->epoch,
        .is_journal = step->is_journal,
        .transcript = {{9}},
        .receipt_code = "CODE",
        .judgement = &judgement};
    struct decision decision;
    decide(&before, &arrival, &decision);
    return decision;
}

static void decide_walks_every_case(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        const struct step *step = &steps[i];
        struct decision decision = take(step);
        if (decision.standing != step->arrival || decision.session.standing != step->session ||
            decision.session.result_epoch != step->session_epoch ||
            decision.holds_others != step->holds_others)
            fail_msg("%s: arrival %s, session %s of epoch %u, others %d", step->name,
                standing_name(decision.standing), standing_name(decision.session.standing),
                decision.session.result_epoch, (int)decision.holds_others);
    }
}

static void decide_names_the_result_it_is_about(void **state)
{
    (void)state;
    struct decision first = take(&steps[0]), second = take(&steps[3]);
    assert_int_equal(first.session.transcript.bytes[0], 9);
    assert_string_equal(first.session.receipt_code, "CODE");
    assert_int_equal(first.session.points, 5);
    assert_int_equal(second.session.transcript.bytes[0], 0); /* still about the one before */
    assert_non_null(strstr(second.reason, "two results"));
    assert_string_equal(second.session.reason, second.reason);
}

static void decide_shows_no_score_of_what_is_held(void **state)
{
    (void)state;
    struct decision decision = take(&steps[1]);
    assert_int_equal(decision.session.points, 0);
    assert_false(decision.session.passed);
    assert_string_equal(decision.session.reason, "because");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(judge_scores_where_all_is_well),
        cmocka_unit_test(judge_holds_with_the_reason),
        cmocka_unit_test(judge_takes_no_lock_from_a_public_bank),
        cmocka_unit_test(judge_leaves_it_to_who_has_the_key),
        cmocka_unit_test(judge_scores_what_ended_by_time_or_window),
        cmocka_unit_test(decide_walks_every_case),
        cmocka_unit_test(decide_names_the_result_it_is_about),
        cmocka_unit_test(decide_shows_no_score_of_what_is_held),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
