/* The banks that we ship: the plan of each, and what 1,000 forms of it show. That their listings print what
 * their keys say is tested with the program (tests/e2e/bank.test). */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/file.h"
#include "core/form.h"
#include "provisioning/exam_folder.h"

#define EXAMS CARREL_SOURCE_DIR "/assets/exams"

enum { OBJECTIVES_MAX = 8, SEEDS = 1000 };

/* What docs/exams says of each: one row a bank. */
static const struct plan {
    const char *identifier;
    unsigned minutes, pass_mark;
    size_t form, items_min;
    size_t drawn[OBJECTIVES_MAX]; /* of each objective, in order */
} plans[] = {
    {"pcep", 40, 70, 30, 60, {4, 5, 5, 6, 5, 5}},
    {"pcap", 65, 70, 40, 80, {8, 7, 8, 10, 7}},
    {"pcpp1", 65, 70, 45, 90, {14, 8, 8, 7, 8}},
    {"pcpp2", 65, 70, 45, 90, {9, 9, 9, 9, 9}},
};
enum { BANKS = sizeof plans / sizeof plans[0] };

/* --- opened banks --------------------------------------------------------------------------------------- */

static struct opened {
    struct exam_folder folder;
    struct exam *exam;
    struct scoring_key *key;
} banks[BANKS];

static int open_banks(void **state)
{
    (void)state;
    for (size_t i = 0; i < BANKS; i++) {
        char dir[FILE_PATH_SIZE];
        struct error err = {0};
        if (!path_join(dir, EXAMS, plans[i].identifier, &err) ||
            !exam_folder_read(&banks[i].folder, dir, &err) ||
            !bank_build(&banks[i].folder.bank, false, &banks[i].exam, &banks[i].key, &err)) {
            mistakes_print(&banks[i].folder.mistakes, stderr);
            (void)fprintf(stderr, "%s: %s\n", plans[i].identifier, err.text);
            return 1;
        }
    }
    return 0;
}

static int close_banks(void **state)
{
    (void)state;
    for (size_t i = 0; i < BANKS; i++) {
        exam_free(banks[i].exam);
        scoring_key_free(banks[i].key);
        exam_folder_release(&banks[i].folder);
    }
    return 0;
}

/* --- the plan ------------------------------------------------------------------------------------------- */

static void every_bank_has_a_row_here(void **state)
{
    DIR *dir = opendir(EXAMS);
    const struct dirent *entry;
    size_t count = 0;

    (void)state;
    assert_non_null(dir);
    while ((entry = readdir(dir)) != NULL) {
        size_t row = 0;
        if (entry->d_name[0] == '.')
            continue;
        while (row < BANKS && strcmp(plans[row].identifier, entry->d_name) != 0)
            row++;
        if (row == BANKS)
            fail_msg("assets/exams/%s has no row", entry->d_name);
        count++;
    }
    (void)closedir(dir);
    assert_int_equal(count, BANKS);
}

static void every_bank_has_its_plan(void **state)
{
    (void)state;
    for (size_t i = 0; i < BANKS; i++) {
        const struct plan *plan = &plans[i];
        const struct bank *bank = &banks[i].folder.bank;
        const struct exam *exam = banks[i].exam;
        assert_string_equal(bank->identifier, plan->identifier);
        assert_int_equal(banks[i].folder.mistakes.count, 0);
        assert_int_equal(exam->max_time_ms, plan->minutes * 60 * 1000);
        assert_int_equal(exam->pass_mark, plan->pass_mark);
        assert_int_equal(exam_form_length(exam), plan->form);
        assert_true(exam->item_count >= plan->items_min);
        for (size_t k = 0; k < OBJECTIVES_MAX; k++) {
            size_t count = 0;
            for (size_t n = 0; k < bank->objective_count && n < bank->objectives[k].draw_count; n++)
                count += bank->objectives[k].draws[n].count;
            assert_int_equal(count, plan->drawn[k]);
        }
    }
}

/* So that a retake can be made of other items. */
static void every_draw_has_twice_what_it_takes(void **state)
{
    (void)state;
    for (size_t i = 0; i < BANKS; i++)
        for (size_t k = 0; k < banks[i].folder.bank.objective_count; k++) {
            const struct source_objective *objective = &banks[i].folder.bank.objectives[k];
            for (size_t n = 0; n < objective->draw_count; n++)
                if (objective->draws[n].item_count < 2 * objective->draws[n].count)
                    fail_msg("%s:%u: %zu items for %u", plans[i].identifier, objective->draws[n].line,
                        objective->draws[n].item_count, objective->draws[n].count);
        }
}

/* Of the items of a form with this task; a draw without a task may take any. */
static unsigned drawn_with(const struct bank *bank, enum task task)
{
    unsigned count = 0;

    for (size_t k = 0; k < bank->objective_count; k++)
        for (size_t n = 0; n < bank->objectives[k].draw_count; n++) {
            const struct source_draw *draw = &bank->objectives[k].draws[n];
            count += !draw->has_task || draw->task == task ? draw->count : 0;
        }
    return count;
}

static void at_most_forty_percent_of_a_form_ask_for_printed_output(void **state)
{
    (void)state;
    for (size_t i = 0; i < BANKS; i++) {
        const unsigned outputs = drawn_with(&banks[i].folder.bank, TASK_OUTPUT);
        if (outputs * 100 > plans[i].form * 40)
            fail_msg("%s: %u of %zu", plans[i].identifier, outputs, plans[i].form);
    }
}

static void form_of_pcep_asks_for_concepts_and_errors(void **state)
{
    const struct bank *bank = &banks[0].folder.bank;

    (void)state;
    assert_string_equal(bank->identifier, "pcep");
    assert_true(drawn_with(bank, TASK_CONCEPT) * 4 >= plans[0].form); /* they have no listing */
    assert_true(drawn_with(bank, TASK_ERROR) >= 4);
}

static void guessers_find_no_more_than_chance_and_five_points(void **state)
{
    (void)state;
    for (size_t i = 0; i < BANKS; i++) {
        const struct guesses *guesses = &banks[i].folder.guesses;
        for (enum guesser guesser = GUESS_LONGEST; guesser < GUESSERS; guesser++)
            if (guesses->found[guesser] > guesses->chance + 0.05)
                fail_msg("%s: the %s choice finds %.1f%%", plans[i].identifier, guesser_names[guesser],
                    100 * guesses->found[guesser]);
    }
}

/* The kiosk says it, above the choices: candidates would read it twice. */
static void no_package_says_how_many_to_choose_in_a_paragraph_of_its_own(void **state)
{
    (void)state;
    for (size_t i = 0; i < BANKS; i++)
        for (size_t k = 0; k < banks[i].exam->item_count; k++) {
            const struct item *item = &banks[i].exam->items[k];
            for (size_t n = 0; n < item->body.count; n++) {
                const struct block *block = &item->body.items[n];
                if (block->kind == BLOCK_PARAGRAPH && strncmp(block->runs[0].text, "Choose ", 7) == 0)
                    fail_msg("%s: %s", item->identifier, block->runs[0].text);
            }
        }
}

/* --- forms ---------------------------------------------------------------------------------------------- */

static void assemble(
    const struct exam *exam, unsigned number, const char *const *seen, size_t seen_count, struct form *form)
{
    const uint8_t seed[FORM_SEED_BYTES] = {(uint8_t)number, (uint8_t)(number >> 8)};
    struct error err = {0};

    if (!form_assemble(exam, seed, seen, seen_count, form, &err))
        fail_msg("%s: form %u: %s", exam->identifier, number, err.text);
}

static const struct item *item_of(const struct exam *exam, const struct form *form, size_t place)
{
    return &exam->items[form->items[place].item];
}

/* By what the author wrote in the item's head: the first draw of its objective that it belongs to. */
static const struct source_draw *draw_of(const struct bank *bank, const char *identifier, size_t *objective)
{
    const struct source_item *item;
    size_t index;

    assert_true(bank_find(bank, identifier, &index));
    item = &bank->items[index];
    *objective = 0;
    while (strcmp(bank->objectives[*objective].identifier, item->objective) != 0)
        ++*objective;
    for (size_t i = 0; i < bank->objectives[*objective].draw_count; i++) {
        const struct source_draw *draw = &bank->objectives[*objective].draws[i];
        if ((!draw->has_difficulty || draw->difficulty == item->difficulty) &&
            (!draw->has_task || draw->task == item->task))
            return draw;
    }
    fail_msg("%s belongs to no draw", identifier);
    return NULL;
}

/* Each draw gives exactly its number: so objective, difficulty and task are the same in every form. */
static void check_blueprint(const struct opened *opened, const struct form *form)
{
    const struct bank *bank = &opened->folder.bank;
    size_t drawn[OBJECTIVES_MAX][DIFFICULTIES * TASKS] = {{0}};
    unsigned points = 0;

    for (size_t i = 0; i < form->count; i++) {
        size_t objective;
        const struct source_draw *draw =
            draw_of(bank, item_of(opened->exam, form, i)->identifier, &objective);
        drawn[objective][draw - bank->objectives[objective].draws]++;
        points += item_of(opened->exam, form, i)->max_score;
    }
    assert_int_equal(points, exam_form_points(opened->exam));
    for (size_t k = 0; k < bank->objective_count; k++)
        for (size_t n = 0; n < bank->objectives[k].draw_count; n++)
            assert_int_equal(drawn[k][n], bank->objectives[k].draws[n].count);
}

static bool contains(const struct form *form, size_t item)
{
    for (size_t i = 0; i < form->count; i++)
        if (form->items[i].item == item)
            return true;
    return false;
}

static void check_enemies(const struct exam *exam, const struct form *form)
{
    for (size_t i = 0; i < form->count; i++)
        for (size_t k = 0; k < item_of(exam, form, i)->enemy_count; k++)
            assert_false(contains(form, item_of(exam, form, i)->enemies[k]));
}

static void forms_meet_their_blueprint_and_keep_enemies_apart(void **state)
{
    static struct form form;

    (void)state;
    for (size_t i = 0; i < BANKS; i++)
        for (unsigned number = 0; number < SEEDS; number++) {
            assemble(banks[i].exam, number, NULL, 0, &form);
            assert_int_equal(form.count, plans[i].form);
            check_blueprint(&banks[i], &form);
            check_enemies(banks[i].exam, &form);
        }
}

static void first_retake_shares_no_item_with_the_first_attempt(void **state)
{
    static struct form first, second;
    const char *seen[FORM_ITEMS_MAX];

    (void)state;
    for (size_t i = 0; i < BANKS; i++)
        for (unsigned number = 0; number < SEEDS; number++) {
            const struct exam *exam = banks[i].exam;
            assemble(exam, number, NULL, 0, &first);
            for (size_t k = 0; k < first.count; k++)
                seen[k] = item_of(exam, &first, k)->identifier;
            assemble(exam, number + SEEDS, seen, first.count, &second);
            check_blueprint(&banks[i], &second);
            for (size_t k = 0; k < second.count; k++)
                if (contains(&first, second.items[k].item))
                    fail_msg("%s: form %u and its retake share %s", exam->identifier, number,
                        item_of(exam, &second, k)->identifier);
        }
}

static void no_item_is_in_more_than_sixty_percent_of_forms(void **state)
{
    static struct form form;

    (void)state;
    for (size_t i = 0; i < BANKS; i++) {
        const struct exam *exam = banks[i].exam;
        const struct exposure *exposure = &banks[i].folder.exposure;
        size_t *forms = calloc(exam->item_count, sizeof *forms), most = 0;
        assert_non_null(forms);
        for (unsigned number = 0; number < SEEDS; number++) {
            assemble(exam, number, NULL, 0, &form);
            for (size_t k = 0; k < form.count; k++)
                forms[form.items[k].item]++;
        }
        for (size_t k = 0; k < exam->item_count; k++)
            most = forms[k] > forms[most] ? k : most;
        if (forms[most] * 100 > (size_t)SEEDS * 60)
            fail_msg("%s is in %zu of %d forms", exam->items[most].identifier, forms[most], SEEDS);
        assert_string_equal(exposure->item, exam->items[most].identifier);
        assert_int_equal((size_t)(exposure->highest * SEEDS + 0.5), forms[most]);
        print_message("%s: %s is in %.1f%% of %d forms, an item in the mean in %.1f%%\n", exam->identifier,
            exposure->item, 100 * exposure->highest, EXPOSURE_FORMS, 100 * exposure->mean);
        free(forms);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_bank_has_a_row_here),
        cmocka_unit_test(every_bank_has_its_plan),
        cmocka_unit_test(every_draw_has_twice_what_it_takes),
        cmocka_unit_test(at_most_forty_percent_of_a_form_ask_for_printed_output),
        cmocka_unit_test(form_of_pcep_asks_for_concepts_and_errors),
        cmocka_unit_test(guessers_find_no_more_than_chance_and_five_points),
        cmocka_unit_test(no_package_says_how_many_to_choose_in_a_paragraph_of_its_own),
        cmocka_unit_test(forms_meet_their_blueprint_and_keep_enemies_apart),
        cmocka_unit_test(first_retake_shares_no_item_with_the_first_attempt),
        cmocka_unit_test(no_item_is_in_more_than_sixty_percent_of_forms),
    };

    return cmocka_run_group_tests(tests, open_banks, close_banks);
}
