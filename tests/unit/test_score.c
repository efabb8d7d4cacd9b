#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/file.h"
#include "core/score.h"

#define EXAMPLES CARREL_SOURCE_DIR "/docs/formats/examples/"

static struct buffer read_whole(const char *path)
{
    struct buffer text = {.max = SCORING_KEY_MAX_BYTES};
    struct error err = {0};

    if (!file_read(path, &text, &err))
        fail_msg("%s", err.text);
    return text;
}

static struct scoring_key *example_key(void)
{
    struct buffer text = read_whole(EXAMPLES "scoring-key.json");
    struct error err = {0};
    struct scoring_key *key = scoring_key_decode(buffer_bytes(&text), &err);

    assert_non_null(key);
    buffer_release(&text);
    return key;
}

/* values: the letters chosen, one value each; points at shared texts. */
static struct item_response answer(const char *item, const char *version, const char *letters)
{
    static const char *const names[] = {"A", "B", "C", "D"};
    static const char *room[64];
    static size_t used;
    struct item_response response = {.item = item, .version = version, .values = room + used % 60};

    for (; *letters != '\0'; letters++) {
        room[used % 60 + response.value_count] = names[*letters - 'A'];
        response.value_count++;
    }
    used += 4;
    return response;
}

static void multiple_response_is_all_or_nothing(void **state)
{
    static const struct {
        const char *letters;
        unsigned points;
    } cases[] = {
        {"AC", 2}, {"CA", 2}, {"A", 0}, {"C", 0}, {"ABC", 0}, {"AB", 0}, {"AA", 0}, {"", 0}, {"BD", 0}};
    struct scoring_key *key = example_key();

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct item_response response = answer("types-01", "", cases[i].letters);
        assert_int_equal(score_item(scoring_key_find(key, "types-01"), response.values, response.value_count),
            cases[i].points);
    }
    scoring_key_free(key);
}

static void score_of_the_page_comes_out(void **state)
{
    struct scoring_key *key = example_key();
    const struct item_response responses[] = {
        answer("types-01", "00000000000000b1", "CA"), answer("flow-01", "00000000000000a1", "A"),
        answer("flow-03", "00000000000000a3", ""),
        answer("flow-04", "00000000000000a4", "A"), /* a pilot item counts nowhere */
    };
    struct buffer text = read_whole(EXAMPLES "score.json");
    struct buffer expected = {.max = 4096}, written = {.max = 4096};
    struct score score;
    struct error err = {0};
    struct json *value = json_parse(buffer_bytes(&text), &err), *made;

    (void)state;
    assert_true(score_compute(key, responses, 4, &score, &err));
    made = score_json(&score);
    assert_true(json_write(value, &expected, &err));
    assert_true(json_write(made, &written, &err));
    assert_string_equal(buffer_text(&written), buffer_text(&expected));
    json_free(value);
    json_free(made);
    scoring_key_free(key);
    buffer_release(&text);
    buffer_release(&expected);
    buffer_release(&written);
}

/* A key with one topic and n items of one point each, which only decoding could make; so it is made by hand.
 */
static void passing_is_decided_in_whole_numbers(void **state)
{
    static const struct {
        unsigned right, items, pass_mark, scaled;
        bool passed;
    } cases[] = {
        {7, 10, 70, 700, true},
        {6, 10, 70, 600, false},
        {2, 3, 66, 666, true},  /* 66.67 percent */
        {2, 3, 67, 666, false}, /* not rounded up */
        {0, 3, 1, 0, false},
        {3, 3, 100, 1000, true},
        {20, 30, 70, 666, false},
        {21, 30, 70, 700, true},
    };
    static const char *const correct[] = {"A"}, *const wrong[] = {"B"};
    static const struct topic topic = {"t", "T"};
    static struct item_key items[30];
    static struct item_response responses[30];
    static char names[30][4];

    (void)state;
    for (unsigned i = 0; i < 30; i++) {
        (void)snprintf(names[i], sizeof names[i], "i%02u", i);
        items[i] = (struct item_key){.item = names[i],
            .version = "1",
            .topic = "t",
            .response = "RESPONSE",
            .correct = correct,
            .correct_count = 1,
            .points = 1,
            .is_scored = true};
        responses[i] = (struct item_response){.item = names[i], .version = "1", .value_count = 1};
    }
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct scoring_key key = {.pass_mark = cases[i].pass_mark,
            .topics = &topic,
            .topic_count = 1,
            .items = items,
            .item_count = cases[i].items};
        struct score score;
        struct error err = {0};
        for (unsigned k = 0; k < cases[i].items; k++)
            responses[k].values = k < cases[i].right ? correct : wrong;
        assert_true(score_compute(&key, responses, cases[i].items, &score, &err));
        assert_int_equal(score.points, cases[i].right);
        assert_int_equal(score.scaled, cases[i].scaled);
        assert_int_equal(score.passed, cases[i].passed);
    }
}

static void score_refuses_what_the_key_does_not_know(void **state)
{
    struct scoring_key *key = example_key();
    const struct item_response unknown = answer("flow-09", "00000000000000a1", "A");
    const struct item_response other_version = answer("flow-01", "00000000000000a2", "A");
    const struct item_response pilot = answer("flow-04", "00000000000000a4", "A");
    const struct item_response twice[] = {
        answer("flow-01", "00000000000000a1", "A"), answer("flow-01", "00000000000000a1", "A")};
    struct score score = {.points = 77};
    struct error err = {0};

    (void)state;
    assert_false(score_compute(key, &unknown, 1, &score, &err));
    assert_int_equal(err.code, ERROR_NOT_FOUND);
    assert_false(score_compute(key, &other_version, 1, &score, &err));
    assert_int_equal(err.code, ERROR_NOT_FOUND);
    assert_false(score_compute(key, &pilot, 1, &score, &err));
    assert_int_equal(err.code, ERROR_FORMAT);
    assert_false(score_compute(key, twice, 2, &score, &err));
    assert_int_equal(err.code, ERROR_FORMAT);
    assert_false(score_compute(key, NULL, 0, &score, &err));
    assert_int_equal(score.points, 77);
    scoring_key_free(key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(multiple_response_is_all_or_nothing),
        cmocka_unit_test(score_of_the_page_comes_out),
        cmocka_unit_test(passing_is_decided_in_whole_numbers),
        cmocka_unit_test(score_refuses_what_the_key_does_not_know),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
