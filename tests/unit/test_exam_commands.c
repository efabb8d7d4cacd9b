/* carrel exam build, exam show and score, from the command line's words to the files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/attempt.h"
#include "core/file.h"
#include "core/outfile.h"
#include "core/package.h"
#include "core/result.h"
#include "provisioning/program.h"
#include "provisioning/scratch.h"
#include "tests/support/pki.h"
#include "tests/support/run.h"

#define SMALL CARREL_SOURCE_DIR "/tests/exams/small"
#define NOW_MS INT64_C(1795332890000)

static int64_t now(const struct clock *clock)
{
    (void)clock;
    return NOW_MS;
}

static const struct clock clock_stopped = {.boot_ms = now, .awake_ms = now, .wall_ms = now};
static struct buffer output = {.max = 1 << 20};

/* Runs the command with its standard output kept in `output`. */
static int carrel(const char *const *words)
{
    const int terminal = dup(STDOUT_FILENO);
    size_t count = 0;
    int exit_code;

    while (words[count] != NULL)
        count++;
    (void)fflush(stdout);
    assert_non_null(freopen("output", "w", stdout));
    exit_code = program_run(words, count, &clock_stopped);
    (void)fflush(stdout);
    (void)dup2(terminal, STDOUT_FILENO);
    (void)close(terminal);
    buffer_clear(&output);
    read_file("output", &output);
    return exit_code;
}

#define CARREL(...) carrel((const char *const[]){__VA_ARGS__, NULL})

static int set_up(void **state)
{
    static struct scratch scratch;
    struct error err = {0};

    *state = &scratch;
    if (!scratch_make(&scratch, "commands", &err))
        fail_msg("%s", err.text);
    assert_int_equal(chdir(scratch.path), 0);
    assert_int_equal(CARREL("init", "board", "--center", "oslo"), 0);
    return CARREL("exam", "build", SMALL, "-o", "small.exam", "--board", "board");
}

static int tear_down(void **state)
{
    const int left = chdir("..");

    scratch_remove(*state);
    buffer_release(&output);
    return left;
}

static bool exists(const char *path)
{
    return access(path, F_OK) == 0;
}

static void assert_output_has(const char *text)
{
    if (strstr(buffer_text(&output), text) == NULL)
        fail_msg("no “%s” in\n%s", text, buffer_text(&output));
}

/* --- build ---------------------------------------------------------------------------------------------- */

static void build_makes_three_files_or_none(void **state)
{
    struct stat info;

    (void)state;
    assert_true(exists("small.exam") && exists("small.open") && exists("small.key"));
    assert_int_equal(stat("small.key", &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(CARREL("exam", "build", SMALL, "-o", "other.exam", "--board", "nowhere"), 66);
    assert_int_equal(CARREL("exam", "build", SMALL, "-o", "nowhere/other.exam", "--board", "board"), 66);
    assert_int_equal(CARREL("exam", "build", SMALL "/items", "-o", "other.exam", "--board", "board"), 66);
    assert_int_equal(CARREL("exam", "build", SMALL, "-o", "other", "--board", "board"), 64);
    assert_int_equal(CARREL("exam", "build", SMALL, "-o", "other.exam"), 64);
    assert_int_equal(CARREL("exam", "build", SMALL, "-o", "other.exam", "--practice"), 64);
    assert_int_equal(CARREL("exam", "build", SMALL, "--board", "board"), 64);
    assert_false(exists("other.exam") || exists("other.open") || exists("other.key"));
}

static void build_again_is_another_package(void **state)
{
    struct digest first, second;
    struct error err;

    (void)state;
    assert_true(digest_of_file("small.exam", &first, &err));
    assert_int_equal(CARREL("exam", "build", SMALL, "-o", "again.exam", "--board", "board", "--json"), 0);
    assert_output_has("\"form_items\":4");
    assert_true(digest_of_file("again.exam", &second, &err));
    assert_false(digest_equal(&first, &second));
}

/* A copy of the small exam with one place changed. */
static void copy_small(const char *to, const char *file, const char *from, const char *with)
{
    struct buffer text = {.max = 1 << 16}, changed = {.max = 1 << 16};
    char path[FILE_PATH_SIZE];
    const char *place;

    assert_int_equal(run_line("cp", "-r", SMALL, to, NULL), 0);
    assert_true(path_join(path, to, file, NULL));
    read_file(path, &text);
    place = strstr(buffer_text(&text), from);
    assert_non_null(place);
    buffer_add(&changed, text.data, (size_t)(place - buffer_text(&text)));
    buffer_add_text(&changed, with);
    buffer_add_text(&changed, place + strlen(from));
    write_file(path, buffer_bytes(&changed));
    buffer_release(&text);
    buffer_release(&changed);
}

static void build_refuses_a_bank_with_a_mistake(void **state)
{
    (void)state;
    copy_small("broken", "items/flow-2.md", "key: [D]", "key: [B]");
    assert_int_equal(CARREL("exam", "check", "broken"), 65);
    assert_output_has("broken/items/flow-2.md:5: the key is B, and the listing prints: 2 1\n");
    assert_int_equal(CARREL("exam", "check", "broken", "--json"), 65);
    assert_output_has("\"file\":\"broken/items/flow-2.md\",\"line\":5,\"reason\":\"the key is B");
    assert_int_equal(CARREL("exam", "build", "broken", "-o", "broken.exam", "--board", "board"), 65);
    assert_int_equal(CARREL("exam", "build", "broken", "-o", "broken.practice", "--practice"), 65);
    assert_false(exists("broken.exam") || exists("broken.practice"));
}

static void practice_is_for_public_banks_only(void **state)
{
    struct buffer file = {.max = PACKAGE_MAX_BYTES};
    struct exam *exam;
    struct scoring_key *key;
    struct error err = {0};

    (void)state;
    copy_small("private", "exam.yaml", "public: yes", "public: no");
    assert_int_equal(CARREL("exam", "build", "private", "-o", "private.practice", "--practice"), 77);
    assert_false(exists("private.practice"));
    assert_int_equal(CARREL("exam", "build", SMALL, "-o", "small.practice", "--practice"), 0);
    read_file("small.practice", &file);
    assert_true(package_open_practice(buffer_bytes(&file), &exam, &key, &err));
    assert_int_equal(exam->content, CONTENT_PRACTICE);
    assert_int_equal(scoring_key_find(key, "flow-1")->rationale.count, 1);
    scoring_key_free(key);
    exam_free(exam);
    buffer_release(&file);
}

static void check_prints_a_summary(void **state)
{
    (void)state;
    assert_int_equal(CARREL("exam", "check", SMALL), 0);
    assert_output_has(
        "all            4     6      1     3       3     0       2      1        2         1      0    3\n");
    assert_output_has("A blind choice finds the key of 26.2%");
    assert_int_equal(CARREL("exam", "check", SMALL, "--json"), 0);
    assert_output_has("\"mistakes\":[]");
}

/* --- show ----------------------------------------------------------------------------------------------- */

static void show_tells_no_more_than_it_checked(void **state)
{
    static const struct {
        const char *file, *board, *has, *has_not;
    } cases[] = {
        {"small.exam", NULL, "signature checked  no", "A small exam"},
        {"small.exam", "board", "A small exam, for tests", "content            live"},
        {"small.open", "board", "package digest", "key\": "},
        {"small.key", "board", "items              7", "correct"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (cases[i].board == NULL)
            assert_int_equal(CARREL("exam", "show", cases[i].file), 0);
        else
            assert_int_equal(CARREL("exam", "show", cases[i].file, "--board", cases[i].board), 0);
        assert_output_has(cases[i].has);
        assert_null(strstr(buffer_text(&output), cases[i].has_not));
    }
    assert_int_equal(CARREL("init", "stranger"), 0);
    assert_int_equal(CARREL("exam", "show", "small.exam", "--board", "stranger"), 65);
    assert_int_equal(CARREL("exam", "show", "board/root.pem"), 64);
    assert_int_equal(run_line("cp", "small.open", "fake.exam", NULL), 0);
    assert_int_equal(CARREL("exam", "show", "fake.exam", "--board", "board"), 65);
}

/* --- score ---------------------------------------------------------------------------------------------- */

/* A transcript of the four items that a candidate answers with these letters; "" answers nothing. */
static const struct {
    const char *item, *letters;
} answers[] = {{"flow-1", "B"}, {"flow-3", "B"}, {"types-2", "DA"}, {"types-3", ""}};
enum { ANSWERS = sizeof answers / sizeof answers[0] };

static const char *const letters[] = {"A", "B", "C", "D"};

static void add_record(struct attempt *attempt, struct record record, struct buffer *transcript)
{
    struct error err = {0};

    attempt_stamp(attempt, 5000, NOW_MS, &record);
    if (!attempt_apply(attempt, &record, &err) || !record_encode(&record, transcript, &err))
        fail_msg("%s", err.text);
    buffer_add_text(transcript, "\n");
}

static void add_answer(struct attempt *attempt, size_t position, struct buffer *transcript)
{
    const char *values[4];
    size_t count = 0;

    for (const char *at = answers[position].letters; *at != '\0'; at++)
        values[count++] = letters[*at - 'A'];
    add_record(attempt, (struct record){.kind = RECORD_VISIT, .u.visit.position = position}, transcript);
    if (count > 0)
        add_record(attempt,
            (struct record){.kind = RECORD_RESPONSE, .u.response = {position, "RESPONSE", values, count}},
            transcript);
}

static void make_transcript(const struct scoring_key *key, struct buffer *transcript)
{
    struct record_form_item items[ANSWERS];
    struct attempt *attempt = attempt_new(NULL);

    for (size_t i = 0; i < ANSWERS; i++)
        items[i] = (struct record_form_item){
            answers[i].item, scoring_key_find(key, answers[i].item)->version, letters, i == 3 ? 3 : 4};
    add_record(attempt,
        (struct record){.kind = RECORD_START,
            .u.start = {"101112131415161718191a1b1c1d1e1f", "K7-42", "c-1", "oslo", "seat-1", "0.1.0",
                key->package_id, 1, {{1}}, {{2}}, LOCK_X11, CONTENT_PUBLIC, 300000}},
        transcript);
    add_record(attempt,
        (struct record){.kind = RECORD_RUN, .u.run = {RUN_BEGIN, "boot-1", CODE_START, 1, "AB", 0, ""}},
        transcript);
    add_record(attempt, (struct record){.kind = RECORD_FORM, .u.form = {items, ANSWERS}}, transcript);
    add_record(attempt, (struct record){.kind = RECORD_PHASE, .u.phase.phase = PHASE_EXAM}, transcript);
    for (size_t i = 0; i < ANSWERS; i++)
        add_answer(attempt, i, transcript);
    add_record(attempt, (struct record){.kind = RECORD_END, .u.end.reason = END_SUBMITTED}, transcript);
    attempt_free(attempt);
}

static struct scoring_key *load_key(const char *path)
{
    struct buffer file = {.max = SCORING_KEY_MAX_BYTES};
    struct error err = {0};
    struct trust *trust = trust_load("board/root.pem", &err);
    struct identity *scoring = identity_load("board", "scoring", &err);
    struct scoring_key *key;

    read_file(path, &file);
    key = scoring_key_open(buffer_bytes(&file), trust, scoring, &err);
    if (key == NULL)
        fail_msg("%s", err.text);
    identity_free(scoring);
    trust_free(trust);
    buffer_release(&file);
    return key;
}

static void save_result(const char *path, const struct scoring_key *key)
{
    const struct subject subject = {.role = ROLE_SEAT, .name = "seat-1", .center = "oslo"};
    struct buffer transcript = {.max = TRANSCRIPT_MAX_BYTES}, file = {.max = RESULT_MAX_BYTES};
    struct error err = {0};
    struct identity *ca = identity_load("board/centers/oslo", "ca", &err);
    struct identity *seat = pki_issue(".", "seat-1", ca, &subject, NOW_MS - 1000, NOW_MS + 1000000);
    struct certificate *intake = certificate_load("board/intake.pem", &err);
    struct certificate *scoring = certificate_load("board/scoring.pem", &err);

    make_transcript(key, &transcript);
    if (!result_seal(buffer_bytes(&transcript), seat, intake, scoring, NOW_MS, &file, &err))
        fail_msg("%s", err.text);
    write_file(path, buffer_bytes(&file));
    certificate_free(scoring);
    certificate_free(intake);
    identity_free(seat);
    identity_free(ca);
    buffer_release(&transcript);
    buffer_release(&file);
}

static void key_of_a_package_has_no_rationales_and_no_pilots(void **state)
{
    struct scoring_key *key = load_key("small.key");

    (void)state;
    assert_int_equal(key->item_count, 7);
    for (size_t i = 0; i < key->item_count; i++) {
        assert_int_equal(key->items[i].rationale.count, 0);
        assert_int_equal(key->items[i].is_scored, strcmp(key->items[i].item, "flow-4") != 0);
    }
    scoring_key_free(key);
}

static void score_comes_from_result_and_key_alone(void **state)
{
    struct scoring_key *key = load_key("small.key");
    struct buffer first = {.max = 1 << 16};

    (void)state;
    save_result("x.result", key);
    assert_int_equal(CARREL("score", "x.result", "--key", "small.key", "--board", "board", "--json"), 0);
    assert_output_has(
        "\"items\":4,\"maximum\":6,\"passed\":false,\"points\":3,\"scaled\":500,\"scorer\":\"1\",");
    assert_output_has("{\"id\":\"flow\",\"items\":2,\"maximum\":2,\"points\":1,\"title\":\"Flow "
                      "control\",\"unanswered\":0}");
    assert_output_has(
        "{\"id\":\"types\",\"items\":2,\"maximum\":4,\"points\":2,\"title\":\"Types\",\"unanswered\":1}");
    buffer_add_bytes(&first, buffer_bytes(&output));
    assert_int_equal(CARREL("score", "x.result", "--key", "small.key", "--board", "board", "--json"), 0);
    assert_string_equal(buffer_text(&output), buffer_text(&first));
    assert_int_equal(CARREL("score", "x.result", "--key", "small.key", "--board", "board"), 0);
    assert_output_has("Scaled score 500 of 1000: not passed.");
    buffer_release(&first);
    scoring_key_free(key);
}

static void score_refuses_the_key_of_another_package(void **state)
{
    (void)state;
    assert_int_equal(CARREL("score", "x.result", "--key", "again.key", "--board", "board"), 77);
    assert_int_equal(CARREL("score", "small.exam", "--key", "small.key", "--board", "board"), 65);
    assert_int_equal(CARREL("score", "x.result", "--key", "small.open", "--board", "board"), 65);
    assert_int_equal(CARREL("score", "absent", "--key", "small.key", "--board", "board"), 66);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(build_makes_three_files_or_none),
        cmocka_unit_test(build_again_is_another_package),
        cmocka_unit_test(build_refuses_a_bank_with_a_mistake),
        cmocka_unit_test(practice_is_for_public_banks_only),
        cmocka_unit_test(check_prints_a_summary),
        cmocka_unit_test(show_tells_no_more_than_it_checked),
        cmocka_unit_test(key_of_a_package_has_no_rationales_and_no_pilots),
        cmocka_unit_test(score_comes_from_result_and_key_alone),
        cmocka_unit_test(score_refuses_the_key_of_another_package),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
