/* The fold: what follows is folded in, what can't follow is refused, and exam time is never gained. */
#include "core/attempt.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/example.h"

#define LIMIT_MS 60000
#define BOOT_1 "boot-1"
#define BOOT_2 "boot-2"

/* --- playing a session ---------------------------------------------------------------------------------- */

/* A seat that writes records by the rule, and keeps them as its transcript. */
struct player {
    struct attempt *attempt;
    struct buffer transcript;
    int64_t boot_ms, wall_ms;
    uint64_t random;
};

static void begin(struct player *player)
{
    *player = (struct player){.attempt = attempt_new(NULL),
        .transcript = {.max = TRANSCRIPT_MAX_BYTES},
        .boot_ms = 5000,
        .wall_ms = 1795334400000,
        .random = 88172645463325252u};
    assert_non_null(player->attempt);
}

static void finish(struct player *player)
{
    attempt_free(player->attempt);
    buffer_release(&player->transcript);
}

static bool try_play(struct player *player, struct record *record, struct error *err)
{
    attempt_stamp(player->attempt, player->boot_ms, player->wall_ms, record);
    return attempt_apply(player->attempt, record, err);
}

static void play(struct player *player, struct record record)
{
    struct error err = {ERROR_NONE, ""};

    if (!try_play(player, &record, &err) || !record_encode(&record, &player->transcript, &err))
        fail_msg("%s", err.text);
    buffer_add_text(&player->transcript, "\n");
}

static const char *const choices[] = {"A", "B", "C", "D"};
static const struct record_form_item form_items[] = {
    {"flow-07", "v1", choices, 4}, {"types-02", "v1", choices, 3}, {"text-01", "v1", NULL, 0}};
enum { ITEMS = 3 };

static struct record start(void)
{
    return (struct record){.kind = RECORD_START,
        .u.start = {"101112131415161718191a1b1c1d1e1f", "K7-42", "c-1", "lyon", "seat-1", "0.1.0",
            "202122232425262728292a2b2c2d2e2f", 1, {{1}}, {{2}}, LOCK_X11, CONTENT_PUBLIC, LIMIT_MS}};
}

static struct record run(enum run_reason reason, const char *boot, enum code_kind code, unsigned number)
{
    return (struct record){.kind = RECORD_RUN, .u.run = {reason, boot, code, number, "AB", 0, ""}};
}

static struct record resume(const char *boot, unsigned number, const char *second)
{
    struct record record = run(RUN_RESUME, boot, CODE_RESUME, number);

    record.u.run.second = second;
    return record;
}

static struct record form(void)
{
    return (struct record){.kind = RECORD_FORM, .u.form = {form_items, ITEMS}};
}

static struct record phase(enum phase phase)
{
    return (struct record){.kind = RECORD_PHASE, .u.phase.phase = phase};
}

static struct record visit(size_t position)
{
    return (struct record){.kind = RECORD_VISIT, .u.visit.position = position};
}

static struct record response(size_t position, const char *const *values, size_t count)
{
    return (struct record){.kind = RECORD_RESPONSE, .u.response = {position, "RESPONSE", values, count}};
}

static struct record flag(size_t position)
{
    return (struct record){.kind = RECORD_FLAG, .u.flag = {position, true}};
}

static struct record beat(void)
{
    return (struct record){.kind = RECORD_BEAT};
}

static struct record cover(enum cover_reason reason)
{
    return (struct record){.kind = RECORD_COVER, .u.cover.reason = reason};
}

static struct record credit(int64_t ms, const char *initials, const char *second)
{
    return (struct record){.kind = RECORD_CREDIT, .u.credit = {ms, "why", initials, second}};
}

static struct record end(enum end_reason reason)
{
    return (struct record){.kind = RECORD_END, .u.end.reason = reason};
}

/* Up to the first question. */
static void begin_exam(struct player *player)
{
    begin(player);
    play(player, start());
    play(player, run(RUN_BEGIN, BOOT_1, CODE_START, 1));
    play(player, form());
    play(player, phase(PHASE_EXAM));
    play(player, visit(0));
}

static void wait(struct player *player, int64_t ms)
{
    player->boot_ms += ms;
    player->wall_ms += ms;
}

/* The machine is off for so long; its boot clock begins anew. */
static void reboot(struct player *player, int64_t off_ms)
{
    player->boot_ms = 70;
    player->wall_ms += off_ms;
}

/* --- the example ------------------------------------------------------------------------------------------
 */

static void attempt_folds_the_example(void **state)
{
    struct buffer transcript = example_read("transcript.jsonl");
    struct error err = {ERROR_NONE, ""};
    struct attempt *attempt = attempt_replay(buffer_bytes(&transcript), &err);
    struct item_response responses[3];

    (void)state;
    if (attempt == NULL)
        fail_msg("%s", err.text);
    assert_int_equal(attempt->records, 28);
    assert_string_equal(attempt->candidate_id, "c-1042");
    assert_int_equal(attempt->max_time_ms, 60000);
    assert_int_equal(attempt->exam_ms, 6900);
    assert_int_equal(attempt->credit_ms, 4000);
    assert_int_equal(attempt->runs, 3);
    assert_int_equal(attempt->gaps, 1);
    assert_int_equal(attempt->gap_ms, 95000);
    assert_int_equal(attempt->given_ms, 4000 + 94000);
    assert_int_equal(attempt->codes_used[CODE_START], 1);
    assert_int_equal(attempt->codes_used[CODE_RESUME], 1);
    assert_true(attempt->has_ended);
    assert_int_equal(attempt->end, END_SUBMITTED);
    assert_int_equal(attempt->phase, PHASE_ENDED);
    assert_int_equal(attempt_answered(attempt), 2);
    attempt_responses(attempt, responses);
    assert_string_equal(responses[0].item, "flow-07");
    assert_string_equal(responses[0].values[0], "B");
    assert_int_equal(responses[1].value_count, 0);
    assert_string_equal(responses[2].values[1], "D");
    assert_true(attempt->items[0].is_flagged && !attempt->items[1].is_flagged);
    assert_int_equal(attempt->items[0].exam_ms, 2499);
    assert_int_equal(attempt->items[1].exam_ms, 1100);
    attempt_free(attempt);
    buffer_release(&transcript);
}

static void transcript_start_is_read_alone(void **state)
{
    struct buffer transcript = example_read("transcript.jsonl");
    struct arena arena = {.max = 1u << 20};
    struct record first;
    struct error err = {ERROR_NONE, ""};
    char *second = strchr((char *)transcript.data, '\n') + 1;

    (void)state;
    memcpy(second, "rubbish", 7);
    assert_null(attempt_replay(buffer_bytes(&transcript), NULL));
    assert_true(transcript_start(buffer_bytes(&transcript), &arena, &first, &err));
    assert_string_equal(first.u.start.session, "101112131415161718191a1b1c1d1e1f");
    assert_int_equal(first.u.start.epoch, 1);
    assert_false(transcript_start(bytes_of_text("{}"), &arena, &first, &err));
    assert_string_equal(err.text, "the transcript has no first line");
    assert_false(transcript_start(
        bytes_of_text("{\"boot_ms\":1,\"exam_ms\":0,\"kind\":\"beat\",\"sequence\":0,\"wall_ms\":1}\n"),
        &arena, &first, &err));
    assert_string_equal(err.text, "the transcript begins with beat, not with its start");
    arena_release(&arena);
    buffer_release(&transcript);
}

/* --- exam time --------------------------------------------------------------------------------------------
 */

static void attempt_time_runs_while_the_exam_is_open(void **state)
{
    struct player player;

    (void)state;
    begin(&player);
    play(&player, start());
    play(&player, run(RUN_BEGIN, BOOT_1, CODE_START, 1));
    play(&player, form());
    wait(&player, 10000);
    play(&player, phase(PHASE_AGREEMENT));
    wait(&player, 10000);
    assert_int_equal(attempt_exam_ms(player.attempt, player.boot_ms), 0);
    play(&player, phase(PHASE_EXAM));
    for (int i = 0; i < 7; i++) {
        wait(&player, 333);
        play(&player, beat());
    }
    assert_int_equal(player.attempt->exam_ms, 7 * 333);
    assert_int_equal(attempt_exam_ms(player.attempt, player.boot_ms + 41), 7 * 333 + 41);
    assert_int_equal(attempt_exam_ms(player.attempt, player.boot_ms - 41), 7 * 333); /* never backwards */
    play(&player, phase(PHASE_SURVEY));
    wait(&player, 5000);
    play(&player, end(END_SUBMITTED));
    assert_int_equal(player.attempt->exam_ms, 7 * 333);
    finish(&player);
}

static void attempt_time_stands_under_staff_and_lock_only(void **state)
{
    static const struct {
        enum cover_reason reason;
        bool stands;
    } table[] = {{COVER_STAFF, true}, {COVER_LOCK, true}, {COVER_LATE_SAVE, false},
        {COVER_SCREEN_GONE, false}, {COVER_NONE, false}};

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct player player;
        begin_exam(&player);
        wait(&player, 500);
        play(&player, cover(table[i].reason));
        wait(&player, 3000);
        play(&player, beat());
        assert_int_equal(player.attempt->exam_ms, table[i].stands ? 500 : 3500);
        play(&player, cover(COVER_NONE));
        wait(&player, 100);
        play(&player, beat());
        assert_int_equal(player.attempt->exam_ms, table[i].stands ? 600 : 3600);
        finish(&player);
    }
}

static void attempt_time_goes_on_through_runs(void **state)
{
    struct player player;

    (void)state;
    begin_exam(&player);
    wait(&player, 400);
    play(&player, beat());
    wait(&player, 2500); /* the screen process died: exam time runs */
    play(&player, run(RUN_SCREEN_RESTART, BOOT_1, CODE_START, 0));
    assert_int_equal(player.attempt->exam_ms, 2900);
    wait(&player, 600000); /* guard and all were gone, for long, in the same boot */
    play(&player, run(RUN_RESUME, BOOT_1, CODE_RESUME, 1));
    assert_int_equal(player.attempt->exam_ms, 2900 + ATTEMPT_RESUME_MS);
    reboot(&player, 60000);
    play(&player, run(RUN_RESUME, BOOT_2, CODE_ROOM, 2));
    assert_int_equal(player.attempt->exam_ms, 2900 + 2 * ATTEMPT_RESUME_MS);
    wait(&player, 30);
    play(&player, beat());
    assert_int_equal(player.attempt->exam_ms, 2930 + 2 * ATTEMPT_RESUME_MS);
    finish(&player);
}

/* Where nothing could be seen, an outage costs nothing. */
static void attempt_resume_charges_running_time_only(void **state)
{
    struct player player;

    (void)state;
    begin(&player);
    play(&player, start());
    play(&player, run(RUN_BEGIN, BOOT_1, CODE_START, 1));
    play(&player, form());
    play(&player, phase(PHASE_TUTORIAL));
    play(&player, run(RUN_RESUME, BOOT_2, CODE_RESUME, 1));
    assert_int_equal(player.attempt->exam_ms, 0);
    play(&player, phase(PHASE_EXAM));
    wait(&player, 100);
    play(&player, cover(COVER_STAFF));
    play(&player, run(RUN_RESUME, BOOT_1, CODE_RESUME, 2));
    assert_int_equal(player.attempt->exam_ms, 100);
    finish(&player);
}

/* --- gaps -------------------------------------------------------------------------------------------------- */

static void attempt_gap_over_15_minutes_in_all_needs_a_second_member_of_staff(void **state)
{
    enum { MAX = ATTEMPT_CREDIT_MAX_MS + ATTEMPT_RESUME_MS };
    static const struct {
        int64_t first_ms, credit_ms, gap_ms; /* a gap before, a credit after it, and the gap in question */
        const char *second;
        bool is_taken;
    } table[] = {
        {0, 0, MAX, "", true},
        {0, 0, MAX + 1, "", false},
        {0, 0, MAX + 1, "AB", false}, /* the same person twice is one person */
        {0, 0, MAX + 1, "CD", true},
        {0, 0, 3 * 3600000, "CD", true},
        {400000, 0, MAX - 400000 + ATTEMPT_RESUME_MS, "", true},
        {400000, 0, MAX - 400000 + ATTEMPT_RESUME_MS + 1, "", false},
        {0, 2000, MAX - 2000, "", true},
        {0, 2000, MAX - 1999, "", false},
        {0, 2000, MAX - 1999, "CD", true},
        {400000, 2000, MAX - 400000 + ATTEMPT_RESUME_MS - 2000, "", true},
        {400000, 2000, MAX - 400000 + ATTEMPT_RESUME_MS - 1999, "", false},
    };

    (void)state;
    for (size_t is_reboot = 0; is_reboot < 2; is_reboot++)
        for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
            struct player player;
            struct record record = resume(is_reboot ? BOOT_2 : BOOT_1, 2, table[i].second);
            struct error err = {ERROR_NONE, ""};
            int64_t exam_ms;
            begin_exam(&player);
            wait(&player, 5000);
            play(&player, beat());
            wait(&player, table[i].first_ms);
            if (table[i].first_ms > 0)
                play(&player, resume(BOOT_1, 1, ""));
            if (table[i].credit_ms > 0)
                play(&player, credit(table[i].credit_ms, "AB", ""));
            exam_ms = player.attempt->exam_ms;
            is_reboot ? reboot(&player, table[i].gap_ms) : wait(&player, table[i].gap_ms);
            if (try_play(&player, &record, &err) != table[i].is_taken)
                fail_msg("%zu: %s", i, err.text);
            assert_int_equal(player.attempt->exam_ms, exam_ms + (table[i].is_taken ? ATTEMPT_RESUME_MS : 0));
            if (!table[i].is_taken)
                assert_int_equal(err.code, ERROR_LIMIT);
            finish(&player);
        }
}

static void attempt_gap_credits_what_it_does_not_charge(void **state)
{
    struct player player;
    struct attempt_gap gap;

    (void)state;
    begin_exam(&player);
    wait(&player, 500);
    play(&player, beat());
    gap = attempt_gap(player.attempt, BOOT_1, player.boot_ms + 61000, 0);
    assert_true(!gap.is_estimate && !gap.is_unknown && !gap.needs_second);
    assert_int_equal(gap.ms, 61000);
    assert_int_equal(gap.charged_ms, ATTEMPT_RESUME_MS);
    assert_int_equal(gap.credited_ms, 60000);
    gap = attempt_gap(player.attempt, BOOT_2, 3, player.wall_ms + 300);
    assert_true(gap.is_estimate && !gap.is_unknown);
    assert_int_equal(gap.ms, 300); /* a second is charged all the same */
    assert_int_equal(gap.charged_ms, ATTEMPT_RESUME_MS);
    assert_int_equal(gap.credited_ms, 0);
    wait(&player, LIMIT_MS - 500 - 200);
    play(&player, beat());
    gap = attempt_gap(player.attempt, BOOT_1, player.boot_ms + 61000, 0);
    assert_int_equal(gap.charged_ms, 200); /* no more is left */
    finish(&player);
}

/* Where exam time stood nothing is given. */
static void attempt_gap_outside_the_exam_needs_no_second(void **state)
{
    struct player player;

    (void)state;
    begin(&player);
    play(&player, start());
    play(&player, run(RUN_BEGIN, BOOT_1, CODE_START, 1));
    play(&player, form());
    play(&player, phase(PHASE_TUTORIAL));
    reboot(&player, 7200000);
    play(&player, resume(BOOT_2, 1, ""));
    play(&player, phase(PHASE_EXAM));
    play(&player, cover(COVER_STAFF));
    reboot(&player, 7200000);
    play(&player, resume(BOOT_1, 2, ""));
    assert_int_equal(player.attempt->gap_ms, 2 * 7200000);
    assert_int_equal(player.attempt->given_ms, 0);
    assert_int_equal(player.attempt->exam_ms, 0);
    finish(&player);
}

/* A clock that was set back tells no length: it might be a day. */
static void attempt_gap_nobody_knows_needs_a_second(void **state)
{
    struct player player;
    struct record record = resume(BOOT_2, 1, "");

    (void)state;
    begin_exam(&player);
    wait(&player, 500);
    play(&player, beat());
    reboot(&player, -1);
    assert_true(attempt_gap(player.attempt, BOOT_2, player.boot_ms, player.wall_ms).is_unknown);
    assert_false(try_play(&player, &record, NULL));
    play(&player, resume(BOOT_2, 1, "CD"));
    assert_int_equal(player.attempt->exam_ms, 500 + ATTEMPT_RESUME_MS);
    assert_int_equal(player.attempt->gap_ms, 0);
    finish(&player);
}

static void attempt_refuses_a_gap_of_another_length(void **state)
{
    (void)state;
    for (int off_ms = -1; off_ms <= 1; off_ms++) {
        struct player player;
        struct record record = resume(BOOT_2, 1, "");
        struct error err = {ERROR_NONE, ""};
        begin_exam(&player);
        reboot(&player, 20000);
        attempt_stamp(player.attempt, player.boot_ms, player.wall_ms, &record);
        record.u.run.gap_ms += off_ms;
        assert_int_equal(attempt_apply(player.attempt, &record, &err), off_ms == 0);
        if (off_ms != 0)
            assert_non_null(strstr(err.text, "ms where 20000 ms is due"));
        finish(&player);
    }
}

/* An id that can't be read says nothing: it may be another boot, whose clock begins anew. */
static void attempt_takes_unknown_boots_as_different(void **state)
{
    struct player player;

    (void)state;
    begin(&player);
    play(&player, start());
    play(&player, run(RUN_BEGIN, "unknown", CODE_START, 1));
    player.boot_ms = 10;
    play(&player, run(RUN_RESUME, "unknown", CODE_RESUME, 1));
    finish(&player);
}

static void attempt_takes_responses_to_what_is_on_screen_only(void **state)
{
    static const char *const answer[] = {"A"};
    struct player player;
    struct record record;

    (void)state;
    begin(&player);
    play(&player, start());
    play(&player, run(RUN_BEGIN, BOOT_1, CODE_START, 1));
    play(&player, form());
    play(&player, phase(PHASE_EXAM));
    record = response(0, answer, 1); /* nothing was shown yet */
    assert_false(try_play(&player, &record, NULL));
    play(&player, visit(0));
    play(&player, visit(1));
    assert_false(try_play(&player, &record, NULL)); /* it was shown, and isn't now */
    play(&player, visit(0));
    play(&player, record);
    finish(&player);
}

static void attempt_time_is_clamped_at_the_limit(void **state)
{
    static const char *const answer[] = {"C"};
    struct player player;

    (void)state;
    begin_exam(&player);
    wait(&player, LIMIT_MS + 700);
    play(&player, response(0, answer, 1)); /* in progress at the limit: included */
    assert_int_equal(player.attempt->exam_ms, LIMIT_MS);
    wait(&player, 100);
    play(&player, beat());
    assert_int_equal(player.attempt->exam_ms, LIMIT_MS);
    reboot(&player, 20000);
    play(&player, run(RUN_RESUME, BOOT_2, CODE_RESUME, 1));
    assert_int_equal(player.attempt->exam_ms, LIMIT_MS);
    play(&player, end(END_TIME));
    assert_int_equal(player.attempt->items[0].value_count, 1);
    finish(&player);
}

static void attempt_credit_lowers_exam_time(void **state)
{
    struct player player;
    struct record more;
    struct error err = {ERROR_NONE, ""};

    (void)state;
    begin_exam(&player);
    wait(&player, LIMIT_MS);
    play(&player, beat());
    play(&player, credit(50000, "AB", ""));
    assert_int_equal(player.attempt->exam_ms, LIMIT_MS - 50000);
    for (int i = 0; i < 17; i++) {
        wait(&player, 50000);
        play(&player, credit(50000, "AB", ""));
    }
    assert_int_equal(player.attempt->credit_ms, 900000);
    more = credit(1, "AB", "");
    assert_false(try_play(&player, &more, &err));
    more = credit(1, "AB", "AB");
    assert_false(try_play(&player, &more, &err));
    assert_int_equal(err.code, ERROR_LIMIT);
    play(&player, credit(1, "AB", "CD"));
    finish(&player);
}

/* --- what can't follow ------------------------------------------------------------------------------------
 */

/* Records tried right after the first visit, 100 ms later. */
static void attempt_refuses_what_can_not_follow(void **state)
{
    static const char *const shown[] = {"A", "D"}, *const twice[] = {"A", "A"}, *const unseen[] = {"E"};
    static const struct record_form_item same[] = {{"a", "v", choices, 2}, {"a", "v", choices, 2}};
    struct record other_variable = response(0, shown, 1);
    const struct {
        struct record record;
        const char *reason;
    } table[] = {
        {start(), "a session has one start, at its beginning"},
        {run(RUN_BEGIN, BOOT_1, CODE_START, 1), "a session begins once"},
        {run(RUN_SCREEN_RESTART, BOOT_2, CODE_START, 0),
            "the machine was restarted, and no code resumed the session"},
        {run(RUN_DISK, BOOT_2, CODE_START, 0), "the machine was restarted, and no code resumed the session"},
        {run(RUN_RESUME, BOOT_2, CODE_START, 1), "the start code resumes nothing"},
        {run(RUN_RESUME, BOOT_2, CODE_RESUME, 0), "there is no resume code 0"},
        {run(RUN_RESUME, BOOT_2, CODE_RESUME, 9), "there is no resume code 9"},
        {run(RUN_RESUME, BOOT_2, CODE_ROOM, 5), "there is no room code 5"},
        {form(), "the form was drawn before"},
        {{.kind = RECORD_FORM, .u.form = {same, 2}}, "the form was drawn before"},
        {phase(PHASE_EXAM), "exam can't follow exam"},
        {phase(PHASE_TUTORIAL), "tutorial can't follow exam"},
        {phase(PHASE_ENDED), "a session ends by its end record"},
        {visit(ITEMS + 1), "the form has no position 4"},
        {flag(ITEMS), "the form has no position 3"},
        {response(1, shown, 1), "position 1 is not on screen"},
        {response(ITEMS, shown, 1), "position 3 is not on screen"},
        {response(SIZE_MAX, shown, 1), "position 18446744073709551615 is not on screen"},
        {response(0, twice, 2), "a choice of item flow-07 is there twice"},
        {response(0, unseen, 1), "item flow-07 was not shown with that choice"},
        {other_variable, NULL},
        {credit(101, "AB", ""), "the credit is more than was used"},
        {credit(0, "AB", ""), "the credit is more than was used"},
        {credit(50, "", "AB"), "nobody gave the credit"},
        {{.kind = RECORD_SURVEY, .u.survey = {"q", "c"}}, "the survey is not open"},
        {end(END_DECLINED), "only the agreement can be declined"},
        {end(END_TIME), "59900 ms of time are left"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct player player;
        struct record record = table[i].record;
        struct error err = {ERROR_NONE, ""};
        uint64_t before;
        begin_exam(&player);
        before = player.attempt->records;
        wait(&player, 100);
        if (try_play(&player, &record, &err) != (table[i].reason == NULL))
            fail_msg("%zu: %s", i, err.text);
        if (table[i].reason != NULL && strstr(err.text, table[i].reason) == NULL)
            fail_msg("%zu: %s", i, err.text);
        if (table[i].reason != NULL)
            assert_int_equal(player.attempt->records, before);
        finish(&player);
    }
}

static void attempt_refuses_times_that_differ_from_the_rule(void **state)
{
    static const struct {
        int64_t exam, boot; /* added to what is due */
        uint64_t sequence;
        enum error_code code;
        const char *reason;
    } table[] = {
        {0, 0, 0, ERROR_NONE, ""},
        {1, 0, 0, ERROR_FORMAT, "its exam time is 101 ms where 100 ms is due"},
        {-1, 0, 0, ERROR_FORMAT, "its exam time is 99 ms where 100 ms is due"},
        {-100, 0, 0, ERROR_FORMAT, "its exam time is 0 ms where 100 ms is due"},
        {LIMIT_MS - 99, 0, 0, ERROR_LIMIT, "its exam time is 60001 ms, past the limit of 60000 ms"},
        {0, 1, 0, ERROR_FORMAT, "its exam time is 100 ms where 101 ms is due"},
        {-100, -101, 0, ERROR_FORMAT, "the time since boot runs backwards by 1 ms"},
        {0, 0, 1, ERROR_FORMAT, "its number is 6 where 5 is due"},
        {0, 0, (uint64_t)-1, ERROR_FORMAT, "its number is 4 where 5 is due"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct player player;
        struct record record = beat();
        struct error err = {ERROR_NONE, ""};
        begin_exam(&player);
        wait(&player, 100);
        attempt_stamp(player.attempt, player.boot_ms, 0, &record);
        record.exam_ms += table[i].exam;
        record.boot_ms += table[i].boot;
        record.sequence += table[i].sequence;
        assert_int_equal(attempt_apply(player.attempt, &record, &err), table[i].code == ERROR_NONE);
        assert_int_equal(err.code, table[i].code);
        if (strstr(err.text, table[i].reason) == NULL)
            fail_msg("%zu: %s", i, err.text);
        finish(&player);
    }
}

/* At the limit one act that was in progress is the last, whatever the clock of the boot says. */
static void attempt_refuses_acts_after_the_limit(void **state)
{
    static const char *const answer[] = {"A"};
    static const struct {
        int64_t first_ms, second_ms; /* when, from the first visit on */
        bool first, second;
    } table[] = {
        {LIMIT_MS - 1, LIMIT_MS, true, true}, {LIMIT_MS, LIMIT_MS, true, false},
        {LIMIT_MS, LIMIT_MS + 100, true, false}, {LIMIT_MS + 2000, LIMIT_MS + 2000, true, false},
        {LIMIT_MS + 2001, LIMIT_MS + 2001, false, false},
        {LIMIT_MS + 3600000, LIMIT_MS + 3600000, false, false}, /* suspended for an hour */
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const struct record acts[] = {response(0, answer, 1), visit(1), flag(2)};
        for (size_t act = 0; act < 3; act++) {
            struct player player;
            struct record record = acts[act];
            struct error err = {ERROR_NONE, ""};
            const int64_t began = (begin_exam(&player), player.boot_ms);
            player.boot_ms = began + table[i].first_ms;
            assert_int_equal(try_play(&player, &record, &err), table[i].first);
            player.boot_ms = began + table[i].second_ms;
            record = flag(0);
            assert_int_equal(try_play(&player, &record, &err), table[i].second);
            if (!table[i].second)
                assert_int_equal(err.code, ERROR_LIMIT);
            play(&player,
                end(player.attempt->exam_ms == LIMIT_MS || !table[i].first ? END_TIME : END_SUBMITTED));
            finish(&player);
        }
    }
}

static void attempt_refuses_a_code_used_before(void **state)
{
    static const struct {
        enum code_kind kind;
        unsigned number;
        bool is_taken;
    } table[] = {{CODE_RESUME, 2, true}, {CODE_RESUME, 2, false}, {CODE_RESUME, 1, false},
        {CODE_ROOM, 1, true}, {CODE_ROOM, 1, false}, {CODE_RESUME, 3, true}, {CODE_RESUME, 8, true},
        {CODE_RESUME, 8, false}, {CODE_ROOM, 4, true}};
    struct player player;

    (void)state;
    begin_exam(&player);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct record record = run(RUN_RESUME, BOOT_1, table[i].kind, table[i].number);
        assert_int_equal(try_play(&player, &record, NULL), table[i].is_taken);
    }
    finish(&player);
}

static void attempt_refuses_what_comes_too_early(void **state)
{
    static const char *const answer[] = {"A"};
    struct player player;
    const struct {
        struct record record;
        const char *reason;
    } early[] = {
        {visit(0), "the exam is not open"},
        {phase(PHASE_EXAM), "no form was drawn yet"},
        {response(0, answer, 1), "is not on screen"},
        {end(END_SUBMITTED), "the exam was not open yet"},
    };
    struct record record;
    struct error err = {ERROR_NONE, ""};

    (void)state;
    begin(&player);
    record = run(RUN_BEGIN, BOOT_1, CODE_START, 1);
    assert_false(try_play(&player, &record, &err));
    play(&player, start());
    record = beat();
    assert_false(try_play(&player, &record, &err));
    assert_non_null(strstr(err.text, "the start is followed by its run"));
    for (unsigned number = 0; number < 3; number += 2) {
        record = run(RUN_BEGIN, BOOT_1, CODE_START, number);
        assert_false(try_play(&player, &record, &err));
    }
    record = run(RUN_BEGIN, BOOT_1, CODE_ROOM, 1);
    assert_false(try_play(&player, &record, &err));
    assert_non_null(strstr(err.text, "only the start code begins a session"));
    play(&player, run(RUN_BEGIN, BOOT_1, CODE_START, 1));
    for (size_t i = 0; i < sizeof early / sizeof early[0]; i++) {
        record = early[i].record;
        assert_false(try_play(&player, &record, &err));
        if (strstr(err.text, early[i].reason) == NULL)
            fail_msg("%zu: %s", i, err.text);
    }
    play(&player, end(END_STAFF));
    record = beat();
    assert_false(try_play(&player, &record, &err));
    assert_non_null(strstr(err.text, "the session has ended before"));
    finish(&player);
}

static void attempt_refuses_acts_under_a_cover(void **state)
{
    static const char *const answer[] = {"A"};
    struct player player;
    const struct record acts[] = {response(0, answer, 1), visit(1), flag(2)};

    (void)state;
    begin_exam(&player);
    play(&player, cover(COVER_STAFF));
    for (size_t i = 0; i < 3; i++) {
        struct record record = acts[i];
        struct error err = {ERROR_NONE, ""};
        assert_false(try_play(&player, &record, &err));
        assert_non_null(strstr(err.text, "the screen is covered"));
    }
    play(&player, run(RUN_SCREEN_RESTART, BOOT_1, CODE_START, 0)); /* a pause by staff stays one */
    assert_int_equal(player.attempt->cover, COVER_STAFF);
    play(&player, run(RUN_RESUME, BOOT_1, CODE_RESUME, 1));
    assert_int_equal(player.attempt->cover, COVER_NONE);
    play(&player, cover(COVER_LOCK));
    play(&player, run(RUN_SCREEN_RESTART, BOOT_1, CODE_START, 0));
    assert_int_equal(player.attempt->cover, COVER_NONE);
    finish(&player);
}

/* Text of the candidate's own, where the item has no choices; one variable an item. */
static void attempt_takes_a_text_as_response(void **state)
{
    static const char *const text[] = {"print(\"é\")\nprint(2)"};
    struct player player;
    struct record record;

    (void)state;
    begin_exam(&player);
    play(&player, visit(2));
    play(&player, response(2, text, 1));
    record = response(2, text, 1);
    record.u.response.response = "OTHER";
    assert_false(try_play(&player, &record, NULL));
    assert_string_equal(player.attempt->items[2].values[0], text[0]);
    finish(&player);
}

/* --- any session ------------------------------------------------------------------------------------------
 */

static uint64_t draw(struct player *player, uint64_t below)
{
    player->random ^= player->random << 13;
    player->random ^= player->random >> 7;
    player->random ^= player->random << 17;
    return player->random % below;
}

static const char *boot_named(uint64_t number)
{
    static const char *const boots[] = {"boot-1", "boot-2", "boot-3", "unknown"};

    return boots[number];
}

/* Anything a seat might try next; most of it follows. */
static struct record draw_record(struct player *player)
{
    static const char *const letters[] = {"A", "B", "C", "D", "A", "C"};

    switch (draw(player, 14)) {
    case 0: return run(RUN_SCREEN_RESTART, player->attempt->boot_id, CODE_START, 0);
    case 1: return resume(boot_named(draw(player, 4)), 1 + (unsigned)draw(player, 9), draw(player, 2) ? "CD" : "");
    case 2: return run(RUN_RESUME, boot_named(draw(player, 4)), CODE_ROOM, 1 + (unsigned)draw(player, 5));
    case 3: return cover((enum cover_reason)draw(player, COVER_REASONS));
    case 4: return credit(1 + (int64_t)draw(player, 3000), "AB", draw(player, 2) ? "CD" : "");
    case 5: return flag((size_t)draw(player, ITEMS));
    case 6: return phase((enum phase)draw(player, PHASES));
    case 7: return draw(player, 40) == 0 ? end((enum end_reason)draw(player, END_REASONS)) : beat();
    case 8:
    case 9: return visit((size_t)draw(player, ITEMS + 1));
    case 10: return beat();
    default: return response(player->attempt->position, letters + draw(player, 3), (size_t)draw(player, 4));
    }
}

static void assert_invariants(const struct attempt *attempt, const struct attempt *before)
{
    assert_int_equal(attempt->records, before->records + 1);
    assert_true(attempt->exam_ms >= 0 && attempt->exam_ms <= LIMIT_MS);
    assert_true(
        attempt->exam_ms + attempt->credit_ms >= before->exam_ms + before->credit_ms); /* never gained */
    assert_true(attempt->phase >= before->phase);
    assert_true(attempt->credit_ms >= before->credit_ms);
    assert_true(attempt->given_ms - before->given_ms >= attempt->credit_ms - before->credit_ms);
}

/* Waits, now and then past the limit; after a restart the boot clock begins anew. */
static void pass_time(struct player *player, const struct record *record)
{
    if (record->kind == RECORD_RUN && strcmp(record->u.run.boot_id, player->attempt->boot_id) != 0) {
        reboot(player, (int64_t)draw(player, draw(player, 9) == 0 ? 2000000 : 60000) - 500);
        player->boot_ms = (int64_t)draw(player, 100000);
    } else {
        wait(player, (int64_t)draw(player, draw(player, 50) == 0 ? 30000 : 900));
    }
}

static void play_anything(struct player *player, size_t turns)
{
    for (size_t i = 0; i < turns && !player->attempt->has_ended; i++) {
        const struct attempt before = *player->attempt;
        struct record record = draw_record(player);
        pass_time(player, &record);
        if (!try_play(player, &record, NULL)) {
            assert_memory_equal(player->attempt, &before, sizeof before); /* refused: nothing changed */
            if (player->boot_ms < before.last_boot_ms)
                player->boot_ms = before.last_boot_ms;
            continue;
        }
        assert_invariants(player->attempt, &before);
        assert_true(record_encode(&record, &player->transcript, NULL));
        buffer_add_text(&player->transcript, "\n");
    }
}

static void assert_same(const struct attempt *a, const struct attempt *b)
{
    assert_int_equal(a->records, b->records);
    assert_int_equal(a->exam_ms, b->exam_ms);
    assert_int_equal(a->phase, b->phase);
    assert_int_equal(a->position, b->position);
    assert_int_equal(a->cover, b->cover);
    assert_int_equal(a->has_ended, b->has_ended);
    assert_int_equal(a->credit_ms, b->credit_ms);
    assert_memory_equal(a->codes_used, b->codes_used, sizeof a->codes_used);
    for (size_t i = 0; i < ITEMS; i++) {
        assert_int_equal(a->items[i].exam_ms, b->items[i].exam_ms);
        assert_int_equal(a->items[i].is_flagged, b->items[i].is_flagged);
        assert_int_equal(a->items[i].value_count, b->items[i].value_count);
        for (size_t j = 0; j < a->items[i].value_count; j++)
            assert_string_equal(a->items[i].values[j], b->items[i].values[j]);
    }
}

static void play_session(struct player *player, uint64_t seed)
{
    begin_exam(player);
    player->random = seed * 0x9e3779b97f4a7c15u + 1;
    play_anything(player, 200);
}

static void attempt_replays_any_session_as_it_was(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        struct player player;
        struct attempt *again;
        struct error err = {ERROR_NONE, ""};
        play_session(&player, seed);
        again = attempt_replay(buffer_bytes(&player.transcript), &err);
        if (again == NULL)
            fail_msg("seed %d: %s", (int)seed, err.text);
        assert_same(player.attempt, again);
        attempt_free(again);
        finish(&player);
    }
}

static bool replays(struct bytes transcript)
{
    struct error err = {ERROR_NONE, ""};
    struct attempt *attempt = attempt_replay(transcript, &err);
    const bool does = attempt != NULL;

    if (!does && strncmp(err.text, "record ", 7) != 0)
        fail_msg("a reason that names no record: %s", err.text);
    attempt_free(attempt);
    return does;
}

static size_t line_at(struct bytes transcript, size_t from)
{
    const uint8_t *end = memchr(transcript.data + from, '\n', transcript.len - from);

    return (size_t)(end - transcript.data) + 1 - from;
}

/* Without one of its lines, with one twice, with two swapped: no other transcript is hidden in this one. */
static void attempt_refuses_a_transcript_that_was_changed(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 25; seed++) {
        struct player player;
        struct bytes whole;
        struct buffer changed = {.max = TRANSCRIPT_MAX_BYTES};
        play_session(&player, seed);
        whole = buffer_bytes(&player.transcript);
        for (size_t at = 0; at < whole.len;) {
            const size_t len = line_at(whole, at);
            const size_t next = at + len < whole.len ? line_at(whole, at + len) : 0;
            buffer_clear(&changed);
            buffer_add(&changed, whole.data, at);
            buffer_add(&changed, whole.data + at + len, whole.len - at - len);
            assert_int_equal(replays(buffer_bytes(&changed)), next == 0);
            buffer_clear(&changed);
            buffer_add(&changed, whole.data, at + len);
            buffer_add(&changed, whole.data + at, whole.len - at);
            assert_false(replays(buffer_bytes(&changed)));
            if (next > 0) {
                buffer_clear(&changed);
                buffer_add(&changed, whole.data, at);
                buffer_add(&changed, whole.data + at + len, next);
                buffer_add(&changed, whole.data + at, len);
                buffer_add(&changed, whole.data + at + len + next, whole.len - at - len - next);
                assert_false(replays(buffer_bytes(&changed)));
            }
            at += len;
        }
        buffer_release(&changed);
        finish(&player);
    }
}

/* Every prefix that doesn't end with a line, and every changed digit of a time, is refused. */
static void attempt_refuses_every_changed_digit(void **state)
{
    struct buffer transcript = example_read("transcript.jsonl");
    struct bytes whole = buffer_bytes(&transcript);
    const char *text = buffer_text(&transcript);

    (void)state;
    for (size_t len = 1; len < whole.len; len++)
        if (text[len - 1] != '\n') {
            struct error err = {ERROR_NONE, ""};
            assert_null(attempt_replay(bytes_of(whole.data, len), &err));
            assert_non_null(strstr(err.text, "is cut off"));
        }
    for (const char *at = strstr(text, "\"exam_ms\":"); at != NULL; at = strstr(at + 1, "\"exam_ms\":")) {
        char *digit = (char *)transcript.data + (at - text) + strcspn(at, "0123456789");
        const char was = *digit;
        *digit = was == '9' ? '8' : (char)(was + 1);
        assert_false(replays(whole));
        *digit = was;
    }
    assert_true(replays(whole));
    buffer_release(&transcript);
}

static void attempt_refuses_an_empty_transcript(void **state)
{
    struct error err = {ERROR_NONE, ""};

    (void)state;
    assert_null(attempt_replay(bytes_of("", 0), &err));
    assert_string_equal(err.text, "the transcript is empty");
    assert_null(attempt_replay(bytes_of_text("\n"), &err));
    assert_int_equal(err.code, ERROR_FORMAT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(attempt_folds_the_example),
        cmocka_unit_test(transcript_start_is_read_alone),
        cmocka_unit_test(attempt_time_runs_while_the_exam_is_open),
        cmocka_unit_test(attempt_time_stands_under_staff_and_lock_only),
        cmocka_unit_test(attempt_time_goes_on_through_runs),
        cmocka_unit_test(attempt_resume_charges_running_time_only),
        cmocka_unit_test(attempt_gap_over_15_minutes_in_all_needs_a_second_member_of_staff),
        cmocka_unit_test(attempt_gap_credits_what_it_does_not_charge),
        cmocka_unit_test(attempt_gap_outside_the_exam_needs_no_second),
        cmocka_unit_test(attempt_gap_nobody_knows_needs_a_second),
        cmocka_unit_test(attempt_refuses_a_gap_of_another_length),
        cmocka_unit_test(attempt_takes_unknown_boots_as_different),
        cmocka_unit_test(attempt_takes_responses_to_what_is_on_screen_only),
        cmocka_unit_test(attempt_time_is_clamped_at_the_limit),
        cmocka_unit_test(attempt_credit_lowers_exam_time),
        cmocka_unit_test(attempt_refuses_what_can_not_follow),
        cmocka_unit_test(attempt_refuses_times_that_differ_from_the_rule),
        cmocka_unit_test(attempt_refuses_acts_after_the_limit),
        cmocka_unit_test(attempt_refuses_a_code_used_before),
        cmocka_unit_test(attempt_refuses_what_comes_too_early),
        cmocka_unit_test(attempt_refuses_acts_under_a_cover),
        cmocka_unit_test(attempt_takes_a_text_as_response),
        cmocka_unit_test(attempt_replays_any_session_as_it_was),
        cmocka_unit_test(attempt_refuses_a_transcript_that_was_changed),
        cmocka_unit_test(attempt_refuses_every_changed_digit),
        cmocka_unit_test(attempt_refuses_an_empty_transcript),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
