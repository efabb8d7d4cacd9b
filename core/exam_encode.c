/* struct exam to exam.json: the mirror of exam_decode.c. */
#include "core/exam_check.h"
#include "core/exam_names.h"
#include "core/exam_text.h"

/* --- items ---------------------------------------------------------------------------------------------- */

static struct json *encode_choices(const struct interaction *interaction)
{
    struct json *array = json_new_array();

    for (size_t i = 0; i < interaction->choice_count; i++) {
        struct json *object = json_new_object();
        json_set(object, "id", json_text(interaction->choices[i].identifier));
        json_set(object, "fixed", json_bool(interaction->choices[i].is_fixed));
        json_set(object, "content", blocks_encode(&interaction->choices[i].content));
        json_add(array, object);
    }
    return array;
}

static struct json *encode_interactions(const struct item *item)
{
    struct json *array = json_new_array();

    for (size_t i = 0; i < item->interaction_count; i++) {
        const struct interaction *interaction = &item->interactions[i];
        struct json *object = json_new_object();
        json_set(object, "type", json_text(interaction_type_names[interaction->type]));
        json_set(object, "response", json_text(item->responses[interaction->response].identifier));
        json_set(object, "shuffle", json_bool(interaction->shuffle));
        json_set(object, "min_choices", json_int(interaction->min_choices));
        json_set(object, "max_choices", json_int(interaction->max_choices));
        json_set(object, "choices", encode_choices(interaction));
        json_add(array, object);
    }
    return array;
}

static struct json *encode_responses(const struct item *item)
{
    struct json *array = json_new_array();

    for (size_t i = 0; i < item->response_count; i++) {
        struct json *object = json_new_object();
        json_set(object, "id", json_text(item->responses[i].identifier));
        json_set(object, "cardinality", json_text(cardinality_names[item->responses[i].cardinality]));
        json_set(object, "base_type", json_text(base_type_names[item->responses[i].base_type]));
        json_add(array, object);
    }
    return array;
}

static struct json *encode_outcomes(const struct item *item)
{
    struct json *array = json_new_array();

    for (size_t i = 0; i < item->outcome_count; i++) {
        struct json *object = json_new_object();
        json_set(object, "id", json_text(item->outcomes[i].identifier));
        json_set(object, "cardinality", json_text(cardinality_names[item->outcomes[i].cardinality]));
        json_set(object, "base_type", json_text(base_type_names[item->outcomes[i].base_type]));
        json_set(object, "normal_maximum", json_int(item->outcomes[i].normal_maximum));
        json_add(array, object);
    }
    return array;
}

static struct json *encode_item_names(const struct exam *exam, const size_t *indices, size_t count)
{
    struct json *array = json_new_array();

    for (size_t i = 0; i < count; i++)
        json_add(array, json_text(exam->items[indices[i]].identifier));
    return array;
}

static struct json *encode_item(const struct exam *exam, const struct item *item)
{
    struct json *object = json_new_object();

    json_set(object, "id", json_text(item->identifier));
    json_set(object, "version", json_text(item->version));
    json_set(object, "use", json_text(item_use_names[item->use]));
    json_set(object, "max_score", json_int(item->max_score));
    json_set(object, "enemies", encode_item_names(exam, item->enemies, item->enemy_count));
    json_set(object, "responses", encode_responses(item));
    json_set(object, "outcomes", encode_outcomes(item));
    json_set(object, "interactions", encode_interactions(item));
    json_set(object, "body", blocks_encode(&item->body));
    return object;
}

static struct json *encode_items(const struct exam *exam)
{
    struct json *array = json_new_array();

    for (size_t i = 0; i < exam->item_count; i++)
        json_add(array, encode_item(exam, &exam->items[i]));
    return array;
}

/* --- the test ------------------------------------------------------------------------------------------- */

static struct json *encode_selections(const struct exam *exam, const struct section *section)
{
    struct json *array = json_new_array();

    for (size_t i = 0; i < section->selection_count; i++) {
        const struct selection *selection = &section->selections[i];
        struct json *object = json_new_object();
        json_set(object, "count", json_int(selection->count));
        json_set(object, "items", encode_item_names(exam, selection->items, selection->item_count));
        json_add(array, object);
    }
    return array;
}

static struct json *encode_sections(const struct exam *exam, const struct test_part *part)
{
    struct json *array = json_new_array();

    for (size_t i = 0; i < part->section_count; i++) {
        struct json *object = json_new_object();
        json_set(object, "id", json_text(part->sections[i].identifier));
        json_set(object, "title", json_text(part->sections[i].title));
        json_set(object, "max_time_ms", json_int(part->sections[i].max_time_ms));
        json_set(object, "selections", encode_selections(exam, &part->sections[i]));
        json_add(array, object);
    }
    return array;
}

static struct json *encode_parts(const struct exam *exam)
{
    struct json *array = json_new_array();

    for (size_t i = 0; i < exam->part_count; i++) {
        struct json *object = json_new_object();
        json_set(object, "id", json_text(exam->parts[i].identifier));
        json_set(object, "navigation", json_text(navigation_mode_names[exam->parts[i].navigation]));
        json_set(object, "max_time_ms", json_int(exam->parts[i].max_time_ms));
        json_set(object, "sections", encode_sections(exam, &exam->parts[i]));
        json_add(array, object);
    }
    return array;
}

/* --- the exam ------------------------------------------------------------------------------------------- */

static struct json *encode_survey(const struct exam *exam)
{
    struct json *array = json_new_array();

    for (size_t i = 0; i < exam->survey_count; i++) {
        struct json *object = json_new_object(), *choices = json_new_array();
        for (size_t k = 0; k < exam->survey[i].choice_count; k++)
            json_add(choices, json_text(exam->survey[i].choices[k]));
        json_set(object, "id", json_text(exam->survey[i].identifier));
        json_set(object, "ask", json_text(exam->survey[i].ask));
        json_set(object, "choices", choices);
        json_add(array, object);
    }
    return array;
}

static struct json *encode_exam(const struct exam *exam)
{
    struct json *object = json_new_object();

    json_set(object, "format", json_int(EXAM_FORMAT));
    json_set(object, "id", json_text(exam->identifier));
    json_set(object, "version", json_text(exam->version));
    json_set(object, "title", json_text(exam->title));
    json_set(object, "short", json_text(exam->short_title));
    json_set(object, "language", json_text(exam->language));
    json_set(object, "lowest_software", json_text(exam->lowest_software));
    json_set(object, "content", json_text(exam_content_names[exam->content]));
    json_set(object, "result_policy", json_text(result_policy_names[exam->result_policy]));
    json_set(object, "max_time_ms", json_int(exam->max_time_ms));
    json_set(object, "pass_mark", json_int(exam->pass_mark));
    json_set(object, "nda", blocks_encode(&exam->nda));
    json_set(object, "nda_max_time_ms", json_int(exam->nda_max_time_ms));
    json_set(object, "tutorial", blocks_encode(&exam->tutorial));
    json_set(object, "survey", encode_survey(exam));
    json_set(object, "items", encode_items(exam));
    json_set(object, "parts", encode_parts(exam));
    return object;
}

bool exam_encode(const struct exam *exam, struct buffer *json, struct error *err)
{
    struct json *value;
    bool ok;

    if (!exam_check(exam, err))
        return false;
    value = encode_exam(exam);
    ok = json_write(value, json, err);
    json_free(value);
    return ok;
}
