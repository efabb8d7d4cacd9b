/* From what an author wrote to the exam and its scoring key. */
#include <stdlib.h>
#include <string.h>

#include "core/exam_check.h"
#include "core/form.h"
#include "provisioning/authoring/bank.h"

#define RESPONSE "RESPONSE"
#define MINUTE_MS INT64_C(60000)

/* The oldest program that knows all that such an exam may have. */
static const char lowest_software[] = "0.1.0";
static const char *const letters[SOURCE_CHOICES_MAX] = {"A", "B", "C", "D", "E", "F", "G", "H"};

/* --- items ---------------------------------------------------------------------------------------------- */

static const struct simple_choice *build_choices(const struct source_item *source, struct arena *arena)
{
    struct simple_choice *choices = arena_array(arena, source->choice_count, sizeof *choices);

    for (size_t i = 0; choices != NULL && i < source->choice_count; i++) {
        choices[i].identifier = letters[i];
        choices[i].content = source->choices[i].content;
    }
    return choices;
}

/* "Choose two." and nothing else: the kiosk says it by itself, above the choices, and counts along. */
static bool is_instruction(const struct block *block)
{
    static const char choose[] = "Choose ";
    const char *text = block->kind == BLOCK_PARAGRAPH && block->run_count == 1 ? block->runs[0].text : "";

    return strncmp(text, choose, strlen(choose)) == 0 && strchr(text + strlen(choose), ' ') == NULL;
}

/* The stem, and below it the interaction. */
static struct blocks build_body(const struct source_item *source, struct arena *arena)
{
    struct block *blocks = arena_array(arena, source->stem.count + 1, sizeof *blocks);
    size_t count = 0;

    if (blocks == NULL)
        return (struct blocks){NULL, 0};
    for (size_t i = 0; i < source->stem.count; i++)
        if (!is_instruction(&source->stem.items[i]))
            blocks[count++] = source->stem.items[i];
    blocks[count++] = (struct block){.kind = BLOCK_INTERACTION, .interaction = 0};
    return (struct blocks){blocks, count};
}

static void build_item(const struct source_item *source, struct arena *arena, struct item *item)
{
    struct interaction *interaction = arena_alloc(arena, sizeof *interaction);
    struct response_declaration *response = arena_alloc(arena, sizeof *response);
    struct outcome_declaration *outcome = arena_alloc(arena, sizeof *outcome);

    if (interaction == NULL || response == NULL || outcome == NULL)
        return;
    *response = (struct response_declaration){.identifier = RESPONSE,
        .cardinality = source->key_count == 1 ? CARDINALITY_SINGLE : CARDINALITY_MULTIPLE,
        .base_type = BASE_IDENTIFIER};
    *outcome = (struct outcome_declaration){.identifier = "SCORE",
        .cardinality = CARDINALITY_SINGLE,
        .base_type = BASE_FLOAT,
        .normal_maximum = source->points};
    *interaction = (struct interaction){.type = INTERACTION_CHOICE,
        .shuffle = source->shuffle,
        .max_choices = (unsigned)source->key_count,
        .choices = build_choices(source, arena),
        .choice_count = source->choice_count};
    item->identifier = source->identifier;
    item->version = source->version;
    item->use = source->use;
    item->max_score = source->points;
    item->body = build_body(source, arena);
    item->interactions = interaction;
    item->responses = response;
    item->outcomes = outcome;
    item->interaction_count = item->response_count = item->outcome_count = 1;
}

/* --- enemies -------------------------------------------------------------------------------------------- */

static bool names_enemy(const struct bank *bank, size_t item, size_t other)
{
    for (size_t i = 0; i < bank->items[item].enemy_count; i++)
        if (strcmp(bank->items[item].enemies[i], bank->items[other].identifier) == 0)
            return true;
    return false;
}

/* One side is enough for the author; the exam has both. */
static void build_enemies(const struct bank *bank, size_t index, struct arena *arena, struct item *item)
{
    size_t *enemies = arena_array(arena, bank->item_count, sizeof *enemies);

    for (size_t i = 0; enemies != NULL && i < bank->item_count; i++)
        if (i != index && (names_enemy(bank, index, i) || names_enemy(bank, i, index)))
            enemies[item->enemy_count++] = i;
    item->enemies = enemies;
}

static void build_items(const struct bank *bank, struct exam *exam)
{
    struct item *items = arena_array(&exam->arena, bank->item_count, sizeof *items);

    for (size_t i = 0; items != NULL && i < bank->item_count; i++) {
        build_item(&bank->items[i], &exam->arena, &items[i]);
        build_enemies(bank, i, &exam->arena, &items[i]);
    }
    exam->items = items;
    exam->item_count = bank->item_count;
}

/* --- the test ------------------------------------------------------------------------------------------- */

static void build_section(
    const struct source_objective *objective, struct arena *arena, struct section *section)
{
    struct selection *selections = arena_array(arena, objective->draw_count, sizeof *selections);

    for (size_t i = 0; selections != NULL && i < objective->draw_count; i++)
        selections[i] = (struct selection){.count = objective->draws[i].count,
            .items = objective->draws[i].items,
            .item_count = objective->draws[i].item_count};
    *section = (struct section){.identifier = objective->identifier,
        .title = objective->title,
        .selections = selections,
        .selection_count = objective->draw_count};
}

static void build_part(const struct bank *bank, struct exam *exam)
{
    struct test_part *part = arena_alloc(&exam->arena, sizeof *part);
    struct section *sections = arena_array(&exam->arena, bank->objective_count, sizeof *sections);

    for (size_t i = 0; sections != NULL && i < bank->objective_count; i++)
        build_section(&bank->objectives[i], &exam->arena, &sections[i]);
    if (part != NULL)
        *part = (struct test_part){.identifier = "main",
            .navigation = NAVIGATION_NONLINEAR,
            .sections = sections,
            .section_count = bank->objective_count};
    exam->parts = part;
    exam->part_count = 1;
}

static struct exam *build_exam(const struct bank *bank, bool for_practice)
{
    struct exam *exam = calloc(1, sizeof *exam);

    if (exam == NULL)
        return NULL;
    exam->identifier = bank->identifier;
    exam->version = bank->version;
    exam->title = bank->title;
    exam->short_title = bank->short_title;
    exam->language = bank->language;
    exam->lowest_software = lowest_software;
    exam->content = for_practice ? CONTENT_PRACTICE : bank->is_public ? CONTENT_PUBLIC : CONTENT_LIVE;
    exam->result_policy = bank->result_policy;
    exam->max_time_ms = bank->time_limit_minutes * MINUTE_MS;
    exam->pass_mark = bank->pass_mark;
    exam->nda = bank->nda;
    exam->nda_max_time_ms = bank->nda_minutes * MINUTE_MS;
    exam->tutorial = bank->tutorial;
    exam->survey = bank->survey;
    exam->survey_count = bank->survey_count;
    build_items(bank, exam);
    build_part(bank, exam);
    return exam;
}

/* --- the key -------------------------------------------------------------------------------------------- */

static void build_item_key(
    const struct source_item *source, bool for_practice, struct arena *arena, struct item_key *key)
{
    const char **correct = arena_array(arena, source->key_count, sizeof *correct);
    size_t count = 0;

    for (size_t i = 0; correct != NULL && i < source->choice_count; i++)
        if (source->choices[i].is_key)
            correct[count++] = letters[i];
    *key = (struct item_key){.item = source->identifier,
        .version = source->version,
        .topic = source->objective,
        .response = RESPONSE,
        .method = SCORING_MATCH_CORRECT,
        .correct = correct,
        .correct_count = count,
        .points = source->points,
        .is_scored = source->use == ITEM_LIVE};
    if (for_practice)
        key->rationale = source->rationale;
}

/* A practice package has no id of its own; its key still has the member. */
static struct scoring_key *build_key(const struct bank *bank, bool for_practice)
{
    struct scoring_key *key = calloc(1, sizeof *key);
    struct topic *topics;
    struct item_key *items;

    if (key == NULL)
        return NULL;
    topics = arena_array(&key->arena, bank->objective_count, sizeof *topics);
    items = arena_array(&key->arena, bank->item_count, sizeof *items);
    for (size_t i = 0; topics != NULL && i < bank->objective_count; i++)
        topics[i] = (struct topic){bank->objectives[i].identifier, bank->objectives[i].title};
    for (size_t i = 0; items != NULL && i < bank->item_count; i++)
        build_item_key(&bank->items[i], for_practice, &key->arena, &items[i]);
    memset(key->package_id, '0', sizeof key->package_id - 1);
    key->exam = bank->identifier;
    key->version = bank->version;
    key->pass_mark = bank->pass_mark;
    key->topics = topics;
    key->topic_count = bank->objective_count;
    key->items = items;
    key->item_count = bank->item_count;
    return key;
}

/* --- both ----------------------------------------------------------------------------------------------- */

/* Whether one form exists says whether any does: the seed only changes the order of the search. */
static bool form_exists(const struct exam *exam, struct error *err)
{
    static const uint8_t seed[FORM_SEED_BYTES];
    struct form *form = calloc(1, sizeof *form);
    const bool ok = form != NULL ? form_assemble(exam, seed, NULL, 0, form, err)
                                 : error_set(err, ERROR_NOMEM, "out of memory");

    free(form);
    return ok;
}

bool bank_build(const struct bank *bank, bool for_practice, struct exam **exam, struct scoring_key **key,
    struct error *err)
{
    struct exam *built = build_exam(bank, for_practice);
    struct scoring_key *built_key = build_key(bank, for_practice);
    bool ok = false;

    if (built == NULL || built_key == NULL || built->arena.failed || built_key->arena.failed)
        error_set(err, ERROR_NOMEM, "out of memory");
    else
        ok = exam_check(built, err) && scoring_key_fits(built_key, built, err) && form_exists(built, err);
    if (ok) {
        *exam = built;
        *key = built_key;
        return true;
    }
    scoring_key_free(built_key);
    exam_free(built);
    return false;
}
