/* exam.json to struct exam. What is decoded here is of the right shape; exam_check says whether it makes
 * sense. */
#include <stdlib.h>
#include <string.h>

#include "core/exam_check.h"
#include "core/exam_names.h"
#include "core/exam_text.h"
#include "core/identifier.h"

/* What the decoders of the parts need. */
struct decoder {
    struct arena *arena;
    struct exam *exam; /* its items are decoded before what names them */
    struct error *err;
};

static const char *get_identifier(struct json_reader *reader, const char *name, struct decoder *decoder)
{
    const char *text = json_get_string(reader, name, decoder->arena, IDENTIFIER_SIZE - 1);

    return text == NULL ? "" : text;
}

static const char *get_name(struct json_reader *reader, const char *name, struct decoder *decoder)
{
    const char *text = json_get_string(reader, name, decoder->arena, NAME_SIZE - 1);

    return text == NULL ? "" : text;
}

static int64_t get_time_limit(struct json_reader *reader)
{
    return json_get_int(reader, "max_time_ms", 0, EXAM_TIME_MAX_MS);
}

static bool get_blocks(struct json_reader *reader, const char *name, size_t interactions,
    struct decoder *decoder, struct blocks *blocks)
{
    const struct json *array = json_get_array(reader, name, BLOCKS_MAX);

    if (array != NULL &&
        !blocks_decode(array, reader->what, interactions, decoder->arena, blocks, decoder->err))
        reader->failed = true;
    return !reader->failed;
}

/* Room for the elements of an array, and their number in *count; NULL where the array or memory failed. */
static void *array_room(
    struct json_reader *reader, const struct json *array, size_t size, struct decoder *decoder, size_t *count)
{
    void *room = reader->failed ? NULL : arena_array(decoder->arena, json_count(array), size);

    *count = room == NULL ? 0 : json_count(array);
    if (room == NULL && !reader->failed) {
        reader->failed = true;
        error_set(decoder->err, ERROR_NOMEM, "out of memory");
    }
    return room;
}

/* --- items ---------------------------------------------------------------------------------------------- */

static bool decode_choice(
    const struct json *value, const char *what, struct decoder *decoder, struct simple_choice *choice)
{
    struct json_reader reader = json_reader(value, what, decoder->err);

    choice->identifier = get_identifier(&reader, "id", decoder);
    choice->is_fixed = json_get_bool(&reader, "fixed");
    return get_blocks(&reader, "content", 0, decoder, &choice->content) && json_done(&reader);
}

static bool decode_interaction(const struct json *value, const char *what, const struct item *item,
    struct decoder *decoder, struct interaction *interaction)
{
    struct json_reader reader = json_reader(value, what, decoder->err);
    const char *response = get_identifier(&reader, "response", decoder);
    const struct json *array = json_get_array(&reader, "choices", CHOICES_MAX);
    struct simple_choice *choices =
        array_room(&reader, array, sizeof *choices, decoder, &interaction->choice_count);

    interaction->type =
        (enum interaction_type)json_get_enum(&reader, "type", interaction_type_names, INTERACTION_TYPES);
    interaction->shuffle = json_get_bool(&reader, "shuffle");
    interaction->min_choices = (unsigned)json_get_int(&reader, "min_choices", 0, CHOICES_MAX);
    interaction->max_choices = (unsigned)json_get_int(&reader, "max_choices", 1, CHOICES_MAX);
    interaction->choices = choices;
    while (interaction->response < item->response_count &&
           strcmp(item->responses[interaction->response].identifier, response) != 0)
        interaction->response++;
    for (size_t i = 0; i < interaction->choice_count; i++)
        if (!decode_choice(json_at(array, i), what, decoder, &choices[i]))
            return false;
    return json_done(&reader);
}

static bool decode_interactions(struct json_reader *item_reader, struct decoder *decoder, struct item *item)
{
    const struct json *array = json_get_array(item_reader, "interactions", INTERACTIONS_MAX);
    struct interaction *interactions =
        array_room(item_reader, array, sizeof *interactions, decoder, &item->interaction_count);

    for (size_t i = 0; i < item->interaction_count; i++)
        if (!decode_interaction(json_at(array, i), item_reader->what, item, decoder, &interactions[i]))
            return !(item_reader->failed = true);
    item->interactions = interactions;
    return !item_reader->failed;
}

static bool decode_responses(struct json_reader *item_reader, struct decoder *decoder, struct item *item)
{
    const struct json *array = json_get_array(item_reader, "responses", INTERACTIONS_MAX);
    struct response_declaration *responses =
        array_room(item_reader, array, sizeof *responses, decoder, &item->response_count);

    for (size_t i = 0; i < item->response_count; i++) {
        struct json_reader reader = json_reader(json_at(array, i), item_reader->what, decoder->err);
        responses[i].identifier = get_identifier(&reader, "id", decoder);
        responses[i].cardinality =
            (enum cardinality)json_get_enum(&reader, "cardinality", cardinality_names, CARDINALITIES);
        responses[i].base_type =
            (enum base_type)json_get_enum(&reader, "base_type", base_type_names, BASE_TYPES);
        if (!json_done(&reader))
            return !(item_reader->failed = true);
    }
    item->responses = responses;
    return !item_reader->failed;
}

static bool decode_outcomes(struct json_reader *item_reader, struct decoder *decoder, struct item *item)
{
    const struct json *array = json_get_array(item_reader, "outcomes", INTERACTIONS_MAX);
    struct outcome_declaration *outcomes =
        array_room(item_reader, array, sizeof *outcomes, decoder, &item->outcome_count);

    for (size_t i = 0; i < item->outcome_count; i++) {
        struct json_reader reader = json_reader(json_at(array, i), item_reader->what, decoder->err);
        outcomes[i].identifier = get_identifier(&reader, "id", decoder);
        outcomes[i].cardinality =
            (enum cardinality)json_get_enum(&reader, "cardinality", cardinality_names, CARDINALITIES);
        outcomes[i].base_type =
            (enum base_type)json_get_enum(&reader, "base_type", base_type_names, BASE_TYPES);
        outcomes[i].normal_maximum = json_get_int(&reader, "normal_maximum", 0, POINTS_MAX);
        if (!json_done(&reader))
            return !(item_reader->failed = true);
    }
    item->outcomes = outcomes;
    return !item_reader->failed;
}

/* All of an item but its enemies, which name items that may come later. */
static bool decode_item(const struct json *value, struct decoder *decoder, struct item *item)
{
    char what[IDENTIFIER_SIZE + 8] = "item";
    struct json_reader reader = json_reader(value, what, decoder->err);

    item->identifier = get_identifier(&reader, "id", decoder);
    (void)snprintf(what, sizeof what, "item %s", item->identifier);
    item->version = get_identifier(&reader, "version", decoder);
    item->use = (enum item_use)json_get_enum(&reader, "use", item_use_names, ITEM_USES);
    item->max_score = (unsigned)json_get_int(&reader, "max_score", 1, POINTS_MAX);
    (void)json_get_array(&reader, "enemies", ENEMIES_MAX); /* decode_enemies */
    return decode_responses(&reader, decoder, item) && decode_outcomes(&reader, decoder, item) &&
           decode_interactions(&reader, decoder, item) &&
           get_blocks(&reader, "body", item->interaction_count, decoder, &item->body) && json_done(&reader);
}

/* Texts to indices of items. */
static bool decode_item_names(
    const struct json *array, const char *what, struct decoder *decoder, size_t *indices)
{
    for (size_t i = 0; i < json_count(array); i++) {
        const char *name = json_text_value(json_at(array, i));
        if (name == NULL || !exam_find_item(decoder->exam, name, &indices[i]))
            return error_set(decoder->err, ERROR_FORMAT, "%s: it names an item that is not there", what);
    }
    return true;
}

static bool decode_enemies(const struct json *value, struct decoder *decoder, struct item *item)
{
    struct json_reader reader = json_reader(value, "item", decoder->err);
    const struct json *array = json_get_array(&reader, "enemies", ENEMIES_MAX);
    size_t *enemies = array_room(&reader, array, sizeof *enemies, decoder, &item->enemy_count);

    item->enemies = enemies;
    return !reader.failed && decode_item_names(array, item->identifier, decoder, enemies);
}

/* Items are sorted by identifier in the file, so that what names them can be looked up; exam_check sees to
 * it. */
static bool decode_items(struct json_reader *exam_reader, struct decoder *decoder)
{
    struct exam *exam = decoder->exam;
    const struct json *array = json_get_array(exam_reader, "items", ITEMS_MAX);
    struct item *items = array_room(exam_reader, array, sizeof *items, decoder, &exam->item_count);

    for (size_t i = 0; i < exam->item_count; i++)
        if (!decode_item(json_at(array, i), decoder, &items[i]))
            return !(exam_reader->failed = true);
    exam->items = items;
    for (size_t i = 0; i < exam->item_count; i++)
        if (!decode_enemies(json_at(array, i), decoder, &items[i]))
            return !(exam_reader->failed = true);
    return !exam_reader->failed;
}

/* --- the test ------------------------------------------------------------------------------------------- */

static bool decode_selection(
    const struct json *value, const char *what, struct decoder *decoder, struct selection *selection)
{
    struct json_reader reader = json_reader(value, what, decoder->err);
    const struct json *array = json_get_array(&reader, "items", ITEMS_MAX);
    size_t *items = array_room(&reader, array, sizeof *items, decoder, &selection->item_count);

    selection->count = (unsigned)json_get_int(&reader, "count", 1, FORM_ITEMS_MAX);
    selection->items = items;
    return json_done(&reader) && decode_item_names(array, what, decoder, items);
}

static bool decode_section(const struct json *value, struct decoder *decoder, struct section *section)
{
    char what[IDENTIFIER_SIZE + 8] = "section";
    struct json_reader reader = json_reader(value, what, decoder->err);
    const struct json *array = json_get_array(&reader, "selections", SELECTIONS_MAX);
    struct selection *selections =
        array_room(&reader, array, sizeof *selections, decoder, &section->selection_count);

    section->identifier = get_identifier(&reader, "id", decoder);
    (void)snprintf(what, sizeof what, "section %s", section->identifier);
    section->title = get_name(&reader, "title", decoder);
    section->max_time_ms = get_time_limit(&reader);
    section->selections = selections;
    for (size_t i = 0; i < section->selection_count; i++)
        if (!decode_selection(json_at(array, i), what, decoder, &selections[i]))
            return false;
    return json_done(&reader);
}

static bool decode_part(const struct json *value, struct decoder *decoder, struct test_part *part)
{
    struct json_reader reader = json_reader(value, "test part", decoder->err);
    const struct json *array = json_get_array(&reader, "sections", SECTIONS_MAX);
    struct section *sections = array_room(&reader, array, sizeof *sections, decoder, &part->section_count);

    part->identifier = get_identifier(&reader, "id", decoder);
    part->navigation =
        (enum navigation_mode)json_get_enum(&reader, "navigation", navigation_mode_names, NAVIGATION_MODES);
    part->max_time_ms = get_time_limit(&reader);
    part->sections = sections;
    for (size_t i = 0; i < part->section_count; i++)
        if (!decode_section(json_at(array, i), decoder, &sections[i]))
            return false;
    return json_done(&reader);
}

static bool decode_parts(struct json_reader *exam_reader, struct decoder *decoder)
{
    const struct json *array = json_get_array(exam_reader, "parts", PARTS_MAX);
    struct test_part *parts =
        array_room(exam_reader, array, sizeof *parts, decoder, &decoder->exam->part_count);

    for (size_t i = 0; i < decoder->exam->part_count; i++)
        if (!decode_part(json_at(array, i), decoder, &parts[i]))
            return !(exam_reader->failed = true);
    decoder->exam->parts = parts;
    return !exam_reader->failed;
}

/* --- the exam ------------------------------------------------------------------------------------------- */

static bool decode_question(
    const struct json *value, struct decoder *decoder, struct survey_question *question)
{
    struct json_reader reader = json_reader(value, "survey", decoder->err);
    const struct json *array = json_get_array(&reader, "choices", CHOICES_MAX);
    const char **choices = array_room(&reader, array, sizeof *choices, decoder, &question->choice_count);

    question->identifier = get_identifier(&reader, "id", decoder);
    question->ask = get_name(&reader, "ask", decoder);
    for (size_t i = 0; i < question->choice_count; i++) {
        const char *text = json_text_value(json_at(array, i));
        if (text == NULL)
            return json_fail(&reader, "a choice is not a text");
        choices[i] = arena_text(decoder->arena, text, strlen(text));
        if (choices[i] == NULL)
            return error_set(decoder->err, ERROR_NOMEM, "out of memory");
    }
    question->choices = choices;
    return json_done(&reader);
}

static bool decode_survey(struct json_reader *exam_reader, struct decoder *decoder)
{
    const struct json *array = json_get_array(exam_reader, "survey", SURVEY_MAX);
    struct survey_question *questions =
        array_room(exam_reader, array, sizeof *questions, decoder, &decoder->exam->survey_count);

    for (size_t i = 0; i < decoder->exam->survey_count; i++)
        if (!decode_question(json_at(array, i), decoder, &questions[i]))
            return !(exam_reader->failed = true);
    decoder->exam->survey = questions;
    return !exam_reader->failed;
}

/* The version that is needed comes before everything that an older program might not know. */
static void decode_head(struct json_reader *reader, struct decoder *decoder)
{
    struct exam *exam = decoder->exam;

    (void)json_get_int(reader, "format", EXAM_FORMAT, EXAM_FORMAT);
    exam->lowest_software = get_identifier(reader, "lowest_software", decoder);
    if (!reader->failed && !version_reaches(CARREL_VERSION, exam->lowest_software))
        json_fail(
            reader, "it needs Carrel %s or newer, and this is %s", exam->lowest_software, CARREL_VERSION);
    exam->identifier = get_identifier(reader, "id", decoder);
    exam->version = get_identifier(reader, "version", decoder);
    exam->title = get_name(reader, "title", decoder);
    exam->short_title = get_name(reader, "short", decoder);
    exam->language = get_identifier(reader, "language", decoder);
    exam->content = (enum exam_content)json_get_enum(reader, "content", exam_content_names, EXAM_CONTENTS);
    exam->result_policy =
        (enum result_policy)json_get_enum(reader, "result_policy", result_policy_names, RESULT_POLICIES);
    exam->max_time_ms = get_time_limit(reader);
    exam->pass_mark = (unsigned)json_get_int(reader, "pass_mark", 1, 100);
    exam->nda_max_time_ms = json_get_int(reader, "nda_max_time_ms", 0, EXAM_TIME_MAX_MS);
}

static bool decode_exam(const struct json *value, struct exam *exam, struct error *err)
{
    struct decoder decoder = {.arena = &exam->arena, .exam = exam, .err = err};
    struct json_reader reader = json_reader(value, "exam", err);

    decode_head(&reader, &decoder);
    return get_blocks(&reader, "nda", 0, &decoder, &exam->nda) &&
           get_blocks(&reader, "tutorial", 0, &decoder, &exam->tutorial) &&
           decode_survey(&reader, &decoder) && decode_items(&reader, &decoder) &&
           decode_parts(&reader, &decoder) && json_done(&reader) && exam_check(exam, err);
}

struct exam *exam_decode(struct bytes json, struct error *err)
{
    struct exam *exam = NULL;
    struct json *value = NULL;
    bool ok = false;

    if (json.len > EXAM_JSON_MAX_BYTES) {
        error_set(err, ERROR_LIMIT, "exam.json is larger than %u bytes", EXAM_JSON_MAX_BYTES);
        return NULL;
    }
    exam = calloc(1, sizeof *exam);
    if (exam == NULL) {
        error_set(err, ERROR_NOMEM, "out of memory");
        return NULL;
    }
    value = json_parse(json, err);
    ok = value != NULL && decode_exam(value, exam, err);
    json_free(value);
    if (ok)
        return exam;
    exam_free(exam);
    return NULL;
}
