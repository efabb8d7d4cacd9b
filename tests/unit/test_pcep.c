/* The bank that we ship: sound, and a broken key does not go unseen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/form.h"
#include "provisioning/authoring/verify.h"
#include "provisioning/exam_folder.h"

#define PCEP CARREL_SOURCE_DIR "/assets/exams/pcep"

static void pcep_is_sound(void **state)
{
    struct exam_folder folder;
    struct error err = {0};

    (void)state;
    if (!exam_folder_check(&folder, PCEP, &err))
        fail_msg("%s", err.text);
    mistakes_print(&folder.mistakes, stderr);
    assert_int_equal(folder.mistakes.count, 0);
    assert_true(folder.listings_run >= 20);
    exam_folder_release(&folder);
}

/* What the form promises: the Python Institute's numbers, and the mix that docs/exams/pcep.md plans. */
static void pcep_has_its_plan(void **state)
{
    struct exam_folder folder;
    struct exam *exam = NULL;
    struct scoring_key *key = NULL;
    struct error err = {0};
    static const size_t drawn[] = {4, 5, 5, 6, 5, 5};
    size_t outputs = 0, errors = 0, without_listing = 0;

    (void)state;
    assert_true(exam_folder_read(&folder, PCEP, &err));
    assert_true(bank_build(&folder.bank, false, &exam, &key, &err));
    assert_int_equal(exam_form_length(exam), 30);
    assert_int_equal(exam_form_points(exam), 30);
    assert_int_equal(exam->max_time_ms, 40 * 60 * 1000);
    assert_int_equal(exam->pass_mark, 70);
    assert_true(exam->item_count >= 60);
    assert_int_equal(folder.bank.objective_count, 6);
    for (size_t i = 0; i < 6; i++) {
        const struct source_objective *objective = &folder.bank.objectives[i];
        size_t count = 0;
        for (size_t k = 0; k < objective->draw_count; k++) {
            const struct source_draw *draw = &objective->draws[k];
            count += draw->count;
            assert_true(draw->item_count >= 2 * draw->count);
            outputs += draw->has_task && draw->task == TASK_OUTPUT ? draw->count : 0;
            errors += draw->has_task && draw->task == TASK_ERROR ? draw->count : 0;
            without_listing += draw->has_task && draw->task == TASK_CONCEPT ? draw->count : 0;
        }
        assert_int_equal(count, drawn[i]);
    }
    assert_true(outputs * 100 <= 30 * 40);
    assert_true(errors >= 4);
    assert_true(without_listing * 4 >= 30);
    exam_free(exam);
    scoring_key_free(key);
    exam_folder_release(&folder);
}

static void guessers_find_no_more_than_chance_and_five_points(void **state)
{
    struct exam_folder folder;
    struct error err = {0};

    (void)state;
    assert_true(exam_folder_read(&folder, PCEP, &err));
    for (enum guesser guesser = GUESS_LONGEST; guesser < GUESSERS; guesser++)
        if (folder.guesses.found[guesser] > folder.guesses.chance + 0.05)
            fail_msg(
                "the %s choice finds %.1f%%", guesser_names[guesser], 100 * folder.guesses.found[guesser]);
    exam_folder_release(&folder);
}

/* The letter after the right one is said to be the key, in every item whose listing is run. */
static void every_broken_key_of_a_listing_is_seen(void **state)
{
    struct exam_folder folder;
    struct error err = {0};
    size_t ran = 0, noted = 0;

    (void)state;
    assert_true(exam_folder_read(&folder, PCEP, &err));
    for (size_t i = 0; i < folder.bank.item_count; i++) {
        struct source_item *item = &folder.bank.items[i];
        const bool last = item->choices[item->choice_count - 1].is_key;
        if (!item->is_run)
            continue;
        for (size_t k = item->choice_count - 1; k > 0; k--)
            item->choices[k].is_key = item->choices[k - 1].is_key;
        item->choices[0].is_key = last;
    }
    assert_true(verify_bank(&folder.bank, NULL, &folder.mistakes, &ran, &err));
    for (size_t i = 0; i < folder.mistakes.count; i++)
        noted += strncmp(folder.mistakes.items[i].reason, "the key is ", strlen("the key is ")) == 0;
    assert_int_equal(noted, ran);
    assert_true(ran >= 20);
    exam_folder_release(&folder);
}

/* Forms of the real bank, as a seat draws them. */
static void forms_of_pcep_keep_enemies_apart(void **state)
{
    struct exam_folder folder;
    struct exam *exam = NULL;
    struct scoring_key *key = NULL;
    static struct form form;
    struct error err = {0};

    (void)state;
    assert_true(exam_folder_read(&folder, PCEP, &err));
    assert_true(bank_build(&folder.bank, false, &exam, &key, &err));
    for (unsigned seed_number = 0; seed_number < 1000; seed_number++) {
        uint8_t seed[FORM_SEED_BYTES] = {(uint8_t)seed_number, (uint8_t)(seed_number >> 8)};
        assert_true(form_assemble(exam, seed, NULL, 0, &form, &err));
        assert_int_equal(form.count, 30);
        for (size_t i = 0; i < form.count; i++)
            for (size_t k = 0; k < exam->items[form.items[i].item].enemy_count; k++)
                for (size_t other = 0; other < form.count; other++)
                    assert_int_not_equal(form.items[other].item, exam->items[form.items[i].item].enemies[k]);
    }
    exam_free(exam);
    scoring_key_free(key);
    exam_folder_release(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pcep_is_sound),
        cmocka_unit_test(pcep_has_its_plan),
        cmocka_unit_test(guessers_find_no_more_than_chance_and_five_points),
        cmocka_unit_test(every_broken_key_of_a_listing_is_seen),
        cmocka_unit_test(forms_of_pcep_keep_enemies_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
