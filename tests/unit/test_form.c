#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/crypto/digest.h"
#include "core/encoding.h"
#include "core/file.h"
#include "core/form.h"
#include "core/json.h"
#include "core/outfile.h"

#define EXAMPLES CARREL_SOURCE_DIR "/docs/formats/examples/"
enum { SEEDS = 1000 };

static struct buffer read_whole(const char *path)
{
    struct buffer text = {.max = EXAM_JSON_MAX_BYTES};
    struct error err = {0};

    if (!file_read(path, &text, &err))
        fail_msg("%s", err.text);
    return text;
}

static struct exam *decode(struct bytes json)
{
    struct error err = {0};
    struct exam *exam = exam_decode(json, &err);

    if (exam == NULL)
        fail_msg("%s", err.text);
    return exam;
}

static void seed_of(unsigned number, uint8_t seed[FORM_SEED_BYTES])
{
    struct digest digest;

    digest_of(bytes_of(&number, sizeof number), &digest);
    memcpy(seed, digest.bytes, FORM_SEED_BYTES);
}

/* --- an exam of any size -------------------------------------------------------------------------------- */

/* sections × selections of `pool` items each, of which `count` are drawn. Item n of a selection and item n of
 * the next one are enemies for n < enemies; so are items 0 and 1 of each selection where pairs is set. */
struct shape {
    unsigned sections, selections, pool, count, enemies;
    bool pairs;
};

static void add_item(struct buffer *json, const struct shape *shape, unsigned lot, unsigned n)
{
    const unsigned lots = shape->sections * shape->selections;
    const char *comma = "";

    buffer_addf(json,
        "{\"id\":\"i-%03u-%03u\",\"version\":\"0123456789abcdef\",\"use\":\"live\",\"max_score\":1,"
        "\"enemies\":[",
        lot, n);
    if (n < shape->enemies && lot > 0)
        buffer_addf(json, "\"i-%03u-%03u\"", lot - 1, n), comma = ",";
    if (shape->pairs && n < 2)
        buffer_addf(json, "%s\"i-%03u-%03u\"", comma, lot, 1 - n), comma = ",";
    if (n < shape->enemies && lot + 1 < lots)
        buffer_addf(json, "%s\"i-%03u-%03u\"", comma, lot + 1, n);
    buffer_add_text(json,
        "],\"responses\":[{\"id\":\"RESPONSE\",\"cardinality\":\"single\",\"base_type\":\"identifier\"}],"
        "\"outcomes\":[{\"id\":\"SCORE\",\"cardinality\":\"single\",\"base_type\":\"float\",\"normal_"
        "maximum\":1}],"
        "\"interactions\":[{\"type\":\"choice\",\"response\":\"RESPONSE\",\"shuffle\":true,\"min_choices\":0,"
        "\"max_choices\":1,\"choices\":[");
    for (const char *letter = "ABCD"; *letter != '\0'; letter++)
        buffer_addf(json,
            "%s{\"id\":\"%c\",\"fixed\":%s,\"content\":[{\"kind\":\"paragraph\",\"text\":[[\"text\",\"x\"]]}]"
            "}",
            *letter == 'A' ? "" : ",", *letter, *letter == 'D' && n % 2 == 1 ? "true" : "false");
    buffer_add_text(json, "]}],\"body\":[{\"kind\":\"interaction\",\"interaction\":0}]}");
}

static struct buffer exam_json(const struct shape *shape)
{
    struct buffer json = {.max = EXAM_JSON_MAX_BYTES};

    buffer_add_text(&json,
        "{\"format\":1,\"id\":\"shape\",\"version\":\"1\",\"title\":\"t\",\"short\":\"t\",\"language\":"
        "\"en\","
        "\"lowest_software\":\"0.1.0\",\"content\":\"public\",\"result_policy\":\"topics\","
        "\"max_time_ms\":1000,\"pass_mark\":70,\"nda\":[],\"nda_max_time_ms\":0,\"tutorial\":[],"
        "\"survey\":[],\"items\":[");
    for (unsigned lot = 0; lot < shape->sections * shape->selections; lot++)
        for (unsigned n = 0; n < shape->pool; n++) {
            buffer_add_text(&json, lot + n == 0 ? "" : ",");
            add_item(&json, shape, lot, n);
        }
    buffer_add_text(
        &json, "],\"parts\":[{\"id\":\"main\",\"navigation\":\"nonlinear\",\"max_time_ms\":0,\"sections\":[");
    for (unsigned lot = 0; lot < shape->sections * shape->selections; lot++) {
        if (lot % shape->selections == 0)
            buffer_addf(&json, "%s{\"id\":\"s%u\",\"title\":\"s\",\"max_time_ms\":0,\"selections\":[",
                lot == 0 ? "" : "]},", lot / shape->selections);
        buffer_addf(
            &json, "%s{\"count\":%u,\"items\":[", lot % shape->selections == 0 ? "" : ",", shape->count);
        for (unsigned n = 0; n < shape->pool; n++)
            buffer_addf(&json, "%s\"i-%03u-%03u\"", n == 0 ? "" : ",", lot, n);
        buffer_add_text(&json, "]}");
    }
    buffer_add_text(&json, "]}]}]}");
    assert_false(json.failed);
    return json;
}

static struct exam *exam_of(const struct shape *shape)
{
    struct buffer json = exam_json(shape);
    struct exam *exam = decode(buffer_bytes(&json));

    buffer_release(&json);
    return exam;
}

/* --- what holds for every form -------------------------------------------------------------------------- */

static size_t lot_of(const struct exam *exam, size_t item)
{
    unsigned lot = 0;

    (void)sscanf(exam->items[item].identifier, "i-%3u", &lot);
    return lot;
}

static bool are_enemies(const struct exam *exam, size_t a, size_t b)
{
    for (size_t i = 0; i < exam->items[a].enemy_count; i++)
        if (exam->items[a].enemies[i] == b)
            return true;
    return false;
}

static void check_choices(const struct exam *exam, const struct form_item *item)
{
    const struct interaction *interaction = &exam->items[item->item].interactions[0];
    bool is_there[CHOICES_MAX] = {false};

    assert_int_equal(item->choice_count, interaction->choice_count);
    for (size_t i = 0; i < item->choice_count; i++) {
        assert_true(item->choices[i] < interaction->choice_count);
        assert_false(is_there[item->choices[i]]);
        is_there[item->choices[i]] = true;
        if (interaction->choices[i].is_fixed)
            assert_int_equal(item->choices[i], i);
    }
}

static void check_form(const struct exam *exam, const struct shape *shape, const struct form *form)
{
    size_t *drawn = calloc(shape->sections * shape->selections, sizeof *drawn);

    assert_non_null(drawn);
    assert_int_equal(form->count, exam_form_length(exam));
    for (size_t i = 0; i < form->count; i++) {
        drawn[lot_of(exam, form->items[i].item)]++;
        assert_int_equal(form->items[i].section, lot_of(exam, form->items[i].item) / shape->selections);
        check_choices(exam, &form->items[i]);
        for (size_t k = 0; k < i; k++) {
            assert_int_not_equal(form->items[i].item, form->items[k].item);
            assert_false(are_enemies(exam, form->items[i].item, form->items[k].item));
        }
    }
    for (size_t i = 0; i < shape->sections * shape->selections; i++)
        assert_int_equal(drawn[i], shape->count);
    free(drawn);
}

static void assemble(const struct exam *exam, unsigned seed_number, const char *const *seen,
    size_t seen_count, struct form *form)
{
    uint8_t seed[FORM_SEED_BYTES];
    struct error err = {0};

    seed_of(seed_number, seed);
    if (!form_assemble(exam, seed, seen, seen_count, form, &err))
        fail_msg("seed %u: %s", seed_number, err.text);
}

static void every_form_has_the_blueprint_and_no_enemies(void **state)
{
    static const struct shape shapes[] = {
        {6, 1, 10, 5, 0, false},
        {6, 2, 6, 3, 2, false},
        {6, 2, 6, 3, 3, true},
        {3, 3, 4, 2, 4, false}, /* every item has enemies */
        {1, 1, 1, 1, 0, false},
        {2, 1, 2, 1, 2, true},
    };
    static struct form form;

    (void)state;
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        struct exam *exam = exam_of(&shapes[i]);
        for (unsigned seed = 0; seed < SEEDS; seed++) {
            assemble(exam, seed, NULL, 0, &form);
            check_form(exam, &shapes[i], &form);
        }
        exam_free(exam);
    }
}

static void form_is_the_same_for_the_same_seed_and_another_for_another(void **state)
{
    const struct shape shape = {6, 2, 6, 3, 2, false};
    struct exam *exam = exam_of(&shape);
    static struct form first, again, other;
    unsigned same = 0;

    (void)state;
    for (unsigned seed = 0; seed < 100; seed++) {
        memset(&first, 0, sizeof first);
        memset(&again, 0, sizeof again);
        memset(&other, 0, sizeof other);
        assemble(exam, seed, NULL, 0, &first);
        assemble(exam, seed, NULL, 0, &again);
        assemble(exam, seed + 1000, NULL, 0, &other);
        assert_memory_equal(&first, &again, sizeof first);
        same += memcmp(&first, &other, sizeof first) == 0;
    }
    assert_int_equal(same, 0);
    exam_free(exam);
}

static size_t names_of(const struct exam *exam, const struct form *form, const char **names)
{
    for (size_t i = 0; i < form->count; i++)
        names[i] = exam->items[form->items[i].item].identifier;
    return form->count;
}

static size_t common(const struct exam *exam, const struct form *form, const char *const *names, size_t count)
{
    size_t found = 0;

    for (size_t i = 0; i < form->count; i++)
        for (size_t k = 0; k < count; k++)
            found += strcmp(exam->items[form->items[i].item].identifier, names[k]) == 0;
    return found;
}

static void retake_is_disjoint_where_the_bank_allows(void **state)
{
    const struct shape shape = {6, 1, 10, 5, 0, false};
    static struct form first, second;
    const char *seen[FORM_ITEMS_MAX];
    struct exam *exam = exam_of(&shape);

    (void)state;
    for (unsigned seed = 0; seed < SEEDS; seed++) {
        size_t count;
        assemble(exam, seed, NULL, 0, &first);
        count = names_of(exam, &first, seen);
        assemble(exam, seed + SEEDS, seen, count, &second);
        check_form(exam, &shape, &second);
        assert_int_equal(common(exam, &second, seen, count), 0);
    }
    exam_free(exam);
}

/* The fewest items of `names` in any form that draws two of each lot, by trying them all. chosen holds the
 * items before this lot. */
static size_t fewest(const struct exam *exam, const struct shape *shape, const struct form *names, size_t lot,
    struct form *chosen)
{
    const size_t first = lot * shape->pool;
    size_t best = SIZE_MAX;

    if (lot == shape->sections) {
        const char *seen[FORM_ITEMS_MAX];
        return common(exam, chosen, seen, names_of(exam, names, seen));
    }
    for (size_t a = first; a < first + shape->pool; a++)
        for (size_t b = a + 1; b < first + shape->pool; b++) {
            bool is_free = !are_enemies(exam, a, b);
            size_t found;
            chosen->count = 2 * lot;
            for (size_t i = 0; i < chosen->count; i++)
                is_free = is_free && !are_enemies(exam, a, chosen->items[i].item) &&
                          !are_enemies(exam, b, chosen->items[i].item);
            if (!is_free)
                continue;
            chosen->items[2 * lot].item = a;
            chosen->items[2 * lot + 1].item = b;
            chosen->count = 2 * lot + 2;
            found = fewest(exam, shape, names, lot + 1, chosen);
            best = found < best ? found : best;
        }
    return best;
}

static void as_few_seen_items_as_enemies_allow(void **state)
{
    const struct shape shape = {3, 1, 5, 2, 3, true};
    static struct form first, second, chosen;
    const char *seen[FORM_ITEMS_MAX];
    struct exam *exam = exam_of(&shape);
    size_t with_some = 0;

    (void)state;
    for (unsigned seed = 0; seed < 200; seed++) {
        size_t count, least;
        assemble(exam, seed, NULL, 0, &first);
        count = names_of(exam, &first, seen);
        assemble(exam, seed + SEEDS, seen, count, &second);
        check_form(exam, &shape, &second);
        least = fewest(exam, &shape, &first, 0, &chosen);
        assert_int_equal(common(exam, &second, seen, count), least);
        with_some += least > 0;
    }
    assert_in_range(with_some, 5, 195); /* the test saw both */
    exam_free(exam);
}

static void seen_items_come_longest_ago_first_and_only_as_needed(void **state)
{
    /* Of 6 items, 5 were seen; 3 are drawn: the new one and the two seen longest ago. */
    static const char *const seen[] = {"i-000-004", "i-000-001", "i-000-000", "i-000-005", "i-000-002"};
    const struct shape shape = {1, 1, 6, 3, 0, false};
    static const char *const expected[] = {"i-000-003", "i-000-004", "i-000-001"};
    struct exam *exam = exam_of(&shape);
    static struct form form;

    (void)state;
    for (unsigned seed = 0; seed < 100; seed++) {
        assemble(exam, seed, seen, 5, &form);
        assert_int_equal(common(exam, &form, expected, 3), 3);
    }
    exam_free(exam);
}

static void every_item_is_drawn_about_equally_often(void **state)
{
    const struct shape shape = {6, 1, 10, 5, 0, false};
    struct exam *exam = exam_of(&shape);
    static struct form form;
    size_t drawn[60] = {0}, first_choice[4] = {0}, first_section[6] = {0};

    (void)state;
    for (unsigned seed = 0; seed < SEEDS; seed++) {
        assemble(exam, seed, NULL, 0, &form);
        for (size_t i = 0; i < form.count; i++)
            drawn[form.items[i].item]++;
        first_section[form.items[0].section]++;
        first_choice[form.items[0].choices[0]]++;
    }
    /* Half of 1,000 with a deviation of 16; four of them on each side never happen with these seeds. */
    for (size_t i = 0; i < 60; i++)
        assert_in_range(drawn[i], 436, 564);
    for (size_t i = 0; i < 6; i++)
        assert_in_range(first_section[i], 120, 214); /* a sixth, deviation 12 */
    for (size_t i = 0; i < 3; i++)
        assert_in_range(first_choice[i], 220, 355); /* D is fixed in every second item: 1/4 to 1/3 */
    exam_free(exam);
}

static void too_many_enemies_are_an_error_and_not_a_hang(void **state)
{
    /* Each selection draws both of its items, and they are enemies. */
    const struct shape no_way = {2, 1, 2, 2, 0, true};
    struct exam *exam = exam_of(&no_way);
    const uint8_t seed[FORM_SEED_BYTES] = {1};
    static struct form form;
    struct error err = {0};

    (void)state;
    form.count = 77;
    assert_false(form_assemble(exam, seed, NULL, 0, &form, &err));
    assert_int_equal(err.code, ERROR_LIMIT);
    assert_int_equal(form.count, 77);
    exam_free(exam);
}

/* --- the page's vectors --------------------------------------------------------------------------------- */

static struct json *form_json(const struct exam *exam, const struct form *form)
{
    struct json *items = json_new_array();

    for (size_t i = 0; i < form->count; i++) {
        const struct item *item = &exam->items[form->items[i].item];
        struct json *pair = json_new_array();
        char order[CHOICES_MAX + 1] = "";
        for (size_t k = 0; k < form->items[i].choice_count; k++)
            order[k] = item->interactions[0].choices[form->items[i].choices[k]].identifier[0];
        json_add(pair, json_text(item->identifier));
        json_add(pair, json_text(order));
        json_add(items, pair);
    }
    return items;
}

static void json_equal(const struct json *a, const struct json *b)
{
    struct buffer left = {.max = 1 << 20}, right = {.max = 1 << 20};
    struct error err;

    assert_true(json_write(a, &left, &err) && json_write(b, &right, &err));
    assert_string_equal(buffer_text(&left), buffer_text(&right));
    buffer_release(&left);
    buffer_release(&right);
}

static void forms_of_the_page_come_out(void **state)
{
    struct buffer exam_text = read_whole(EXAMPLES "exam.json"), text = read_whole(EXAMPLES "form.json");
    struct exam *exam = decode(buffer_bytes(&exam_text));
    struct error err = {0};
    struct json *cases = json_parse(buffer_bytes(&text), &err);
    static struct form form;

    (void)state;
    assert_true(json_count(cases) >= 8);
    for (size_t i = 0; i < json_count(cases); i++) {
        struct json_reader reader = json_reader(json_at(cases, i), "case", &err);
        uint8_t seed[FORM_SEED_BYTES];
        const char *seen[10];
        const struct json *seen_json = json_get_array(&reader, "seen", 10);
        struct json *made;
        json_get_hex(&reader, "seed", seed, sizeof seed);
        for (size_t k = 0; k < json_count(seen_json); k++)
            seen[k] = json_text_value(json_at(seen_json, k));
        assert_true(form_assemble(exam, seed, seen, json_count(seen_json), &form, &err));
        made = form_json(exam, &form);
        json_equal(json_get_array(&reader, "form", 10), made);
        json_free(made);
        assert_true(json_done(&reader));
    }
    json_free(cases);
    exam_free(exam);
    buffer_release(&exam_text);
    buffer_release(&text);
}

/* Larger cases for docs/formats/examples/form.py, which the test form-reference runs on them. */
static void forms_are_left_for_the_reference(void **state)
{
    const struct shape shape = {3, 2, 5, 2, 2, true};
    struct buffer exam_text = exam_json(&shape), text = {.max = 1 << 20};
    struct exam *exam = decode(buffer_bytes(&exam_text));
    struct json *cases = json_new_array();
    static struct form form;
    struct error err;

    (void)state;
    for (unsigned number = 0; number < 60; number++) {
        struct json *object = json_new_object(), *seen_json = json_new_array();
        const char *seen[30];
        uint8_t seed[FORM_SEED_BYTES];
        seed_of(number, seed);
        for (size_t i = 0; i < number % 30; i++) {
            seen[i] = exam->items[(i * 7 + number) % 30].identifier;
            json_add(seen_json, json_text(seen[i]));
        }
        assemble(exam, number, seen, number % 30, &form);
        json_set(object, "seed", json_hex(seed, sizeof seed));
        json_set(object, "seen", seen_json);
        json_set(object, "form", form_json(exam, &form));
        json_add(cases, object);
    }
    assert_true(json_write(cases, &text, &err));
    assert_true(outfile_save("exam.json", 0600, buffer_bytes(&exam_text), &err));
    assert_true(outfile_save("form.json", 0600, buffer_bytes(&text), &err));
    json_free(cases);
    exam_free(exam);
    buffer_release(&exam_text);
    buffer_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_has_the_blueprint_and_no_enemies),
        cmocka_unit_test(form_is_the_same_for_the_same_seed_and_another_for_another),
        cmocka_unit_test(retake_is_disjoint_where_the_bank_allows),
        cmocka_unit_test(as_few_seen_items_as_enemies_allow),
        cmocka_unit_test(seen_items_come_longest_ago_first_and_only_as_needed),
        cmocka_unit_test(every_item_is_drawn_about_equally_often),
        cmocka_unit_test(too_many_enemies_are_an_error_and_not_a_hang),
        cmocka_unit_test(forms_of_the_page_come_out),
        cmocka_unit_test(forms_are_left_for_the_reference),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
