#include "core/exam_check.h"

#include <stdlib.h>
#include <string.h>

#include "core/field.h"
#include "core/identifier.h"

/* --- the exam's own members ----------------------------------------------------------------------------- */

static bool is_name(const char *text)
{
    return text != NULL && strlen(text) < NAME_SIZE && field_is_line(text);
}

static bool check_head(const struct exam *exam, struct error *err)
{
    const char *wrong = NULL;

    if (exam->identifier == NULL || !identifier_valid(exam->identifier))
        wrong = "its id is not an identifier";
    else if (exam->version == NULL || !identifier_valid(exam->version))
        wrong = "its version is not an identifier";
    else if (!is_name(exam->title) || !is_name(exam->short_title))
        wrong = "its title is empty or too long";
    else if (exam->language == NULL || !identifier_valid_qti(exam->language))
        wrong = "its language is not a language tag";
    else if (exam->lowest_software == NULL || !version_valid(exam->lowest_software))
        wrong = "its lowest software is not a version like 1.2.3";
    else if (exam->max_time_ms < 1 || exam->max_time_ms > EXAM_TIME_MAX_MS)
        wrong = "its time limit is out of range";
    else if (exam->nda_max_time_ms < 0 || exam->nda_max_time_ms > EXAM_TIME_MAX_MS)
        wrong = "the time limit of its agreement is out of range";
    else if (exam->nda_max_time_ms > 0 && exam->nda.count == 0)
        wrong = "it has a time limit for an agreement and no agreement";
    else if (exam->pass_mark < 1 || exam->pass_mark > 100)
        wrong = "its pass mark is out of range";
    return wrong == NULL || error_set(err, ERROR_FORMAT, "exam: %s", wrong);
}

static bool check_survey(const struct exam *exam, struct error *err)
{
    for (size_t i = 0; i < exam->survey_count; i++) {
        const struct survey_question *question = &exam->survey[i];
        if (!identifier_valid(question->identifier) || !is_name(question->ask))
            return error_set(err, ERROR_FORMAT, "survey: question %zu has no identifier or no text", i + 1);
        if (question->choice_count < 2 || question->choice_count > CHOICES_MAX)
            return error_set(
                err, ERROR_FORMAT, "survey: %s has too few or too many choices", question->identifier);
        for (size_t k = 0; k < question->choice_count; k++)
            if (!is_name(question->choices[k]))
                return error_set(err, ERROR_FORMAT, "survey: %s has an empty choice", question->identifier);
        for (size_t k = 0; k < i; k++)
            if (strcmp(exam->survey[k].identifier, question->identifier) == 0)
                return error_set(err, ERROR_FORMAT, "survey: %s is there twice", question->identifier);
    }
    return exam->survey_count <= SURVEY_MAX || error_set(err, ERROR_FORMAT, "survey: too many questions");
}

/* --- items ---------------------------------------------------------------------------------------------- */

/* NULL, or what is wrong. */
static const char *fault_of_choices(const struct interaction *interaction)
{
    for (size_t i = 0; i < interaction->choice_count; i++) {
        if (!identifier_valid_qti(interaction->choices[i].identifier))
            return "a choice has no identifier";
        if (interaction->choices[i].content.count == 0)
            return "a choice is empty";
        for (size_t k = 0; k < i; k++)
            if (strcmp(interaction->choices[k].identifier, interaction->choices[i].identifier) == 0)
                return "two choices have the same identifier";
    }
    return NULL;
}

static const char *fault_of_interaction(const struct item *item, const struct interaction *interaction)
{
    const struct response_declaration *response;

    if (interaction->response >= item->response_count)
        return "an interaction has no response declaration";
    response = &item->responses[interaction->response];
    if (interaction->choice_count < 2 || interaction->choice_count > CHOICES_MAX)
        return "it has too few or too many choices";
    if (interaction->max_choices < 1 || interaction->max_choices > interaction->choice_count ||
        interaction->min_choices > interaction->max_choices)
        return "the number of choices to make is out of range";
    if (response->base_type != BASE_IDENTIFIER ||
        response->cardinality != (interaction->max_choices == 1 ? CARDINALITY_SINGLE : CARDINALITY_MULTIPLE))
        return "its response declaration does not fit its interaction";
    return fault_of_choices(interaction);
}

static const char *fault_of_declarations(const struct item *item)
{
    if (item->response_count != item->interaction_count)
        return "it does not have one response declaration for each interaction";
    for (size_t i = 0; i < item->response_count; i++) {
        if (!identifier_valid_qti(item->responses[i].identifier))
            return "a response declaration has no identifier";
        for (size_t k = 0; k < i; k++) {
            if (strcmp(item->responses[i].identifier, item->responses[k].identifier) == 0)
                return "two response declarations have the same identifier";
            if (item->interactions[i].response == item->interactions[k].response)
                return "two interactions share a response declaration";
        }
    }
    for (size_t i = 0; i < item->outcome_count; i++)
        if (strcmp(item->outcomes[i].identifier, "SCORE") == 0 && item->outcomes[i].base_type == BASE_FLOAT &&
            item->outcomes[i].cardinality == CARDINALITY_SINGLE &&
            item->outcomes[i].normal_maximum == item->max_score)
            return NULL;
    return "it has no outcome SCORE with its points";
}

static bool is_item_version(const char *text)
{
    return text != NULL && strlen(text) == 16 && strspn(text, "0123456789abcdef") == 16;
}

static const char *fault_of_item(const struct item *item)
{
    const char *fault = NULL;

    if (!is_item_version(item->version))
        return "its version is not 16 hex digits";
    if (item->max_score < 1 || item->max_score > POINTS_MAX)
        return "its points are out of range";
    if (item->interaction_count < 1 || item->interaction_count > INTERACTIONS_MAX)
        return "it has no interaction, or too many";
    for (size_t i = 0; i < item->interaction_count && fault == NULL; i++)
        fault = fault_of_interaction(item, &item->interactions[i]);
    return fault == NULL ? fault_of_declarations(item) : fault;
}

static int compare_index(const void *left, const void *right)
{
    const size_t a = *(const size_t *)left, b = *(const size_t *)right;

    return (a > b) - (a < b);
}

static const char *fault_of_enemies(const struct exam *exam, size_t index)
{
    const struct item *item = &exam->items[index];

    if (item->enemy_count > ENEMIES_MAX)
        return "it has too many enemies";
    for (size_t i = 0; i < item->enemy_count; i++) {
        const size_t enemy = item->enemies[i];
        if (enemy >= exam->item_count || enemy == index)
            return "one of its enemies is not another item";
        if (i > 0 && enemy <= item->enemies[i - 1])
            return "its enemies are not in order";
        if (exam->items[enemy].enemy_count == 0 ||
            bsearch(&index, exam->items[enemy].enemies, exam->items[enemy].enemy_count, sizeof index,
                compare_index) == NULL)
            return "one of its enemies does not name it in turn";
    }
    return NULL;
}

static bool check_items(const struct exam *exam, struct error *err)
{
    const char *before = "";

    if (exam->item_count < 1 || exam->item_count > ITEMS_MAX)
        return error_set(err, ERROR_FORMAT, "exam: it has no items, or too many");
    for (size_t i = 0; i < exam->item_count; before = exam->items[i++].identifier) {
        const struct item *item = &exam->items[i];
        const char *fault;
        if (item->identifier == NULL || !identifier_valid(item->identifier))
            return error_set(err, ERROR_FORMAT, "exam: item %zu has no identifier", i + 1);
        if (strcmp(item->identifier, before) <= 0)
            return error_set(
                err, ERROR_FORMAT, "item %s: it is there twice or out of order", item->identifier);
        fault = fault_of_item(item);
        if (fault == NULL)
            fault = fault_of_enemies(exam, i);
        if (fault != NULL)
            return error_set(err, ERROR_FORMAT, "item %s: %s", item->identifier, fault);
    }
    return true;
}

/* --- the test ------------------------------------------------------------------------------------------- */

/* is_drawn has a place for each item and says which ones an earlier selection has. */
static const char *fault_of_selection(
    const struct exam *exam, const struct selection *selection, bool *is_drawn)
{
    if (selection->count < 1 || selection->count > selection->item_count)
        return "a selection has fewer items than it draws";
    for (size_t i = 0; i < selection->item_count; i++) {
        const size_t item = selection->items[i];
        if (item >= exam->item_count || is_drawn[item])
            return "a selection names an item that is not there or in another selection too";
        is_drawn[item] = true;
        if (exam->items[item].use != ITEM_LIVE)
            return "a selection draws from an item that is not live";
        if (exam->items[item].max_score != exam->items[selection->items[0]].max_score)
            return "the items of a selection are not worth the same";
    }
    return NULL;
}

static const char *fault_of_section(const struct exam *exam, const struct section *section, bool *is_drawn)
{
    const char *fault = NULL;

    if (!is_name(section->title))
        return "its title is empty or too long";
    if (section->max_time_ms < 0 || section->max_time_ms > EXAM_TIME_MAX_MS)
        return "its time limit is out of range";
    if (section->selection_count < 1 || section->selection_count > SELECTIONS_MAX)
        return "it has no selection, or too many";
    for (size_t i = 0; i < section->selection_count && fault == NULL; i++)
        fault = fault_of_selection(exam, &section->selections[i], is_drawn);
    return fault;
}

/* A result's topics are the sections by name, so no two of the whole test share one. */
static bool section_name_is_taken(const struct exam *exam, size_t part, size_t section)
{
    const char *identifier = exam->parts[part].sections[section].identifier;

    for (size_t p = 0; p <= part; p++)
        for (size_t s = 0; s < (p < part ? exam->parts[p].section_count : section); s++)
            if (strcmp(exam->parts[p].sections[s].identifier, identifier) == 0)
                return true;
    return false;
}

static bool check_part(const struct exam *exam, size_t part, bool *is_drawn, struct error *err)
{
    const struct test_part *it = &exam->parts[part];

    if (!identifier_valid(it->identifier))
        return error_set(err, ERROR_FORMAT, "exam: a test part has no identifier");
    for (size_t i = 0; i < part; i++)
        if (strcmp(exam->parts[i].identifier, it->identifier) == 0)
            return error_set(err, ERROR_FORMAT, "test part %s: it is there twice", it->identifier);
    if (it->max_time_ms < 0 || it->max_time_ms > EXAM_TIME_MAX_MS)
        return error_set(err, ERROR_FORMAT, "test part %s: its time limit is out of range", it->identifier);
    if (it->section_count < 1 || it->section_count > SECTIONS_MAX)
        return error_set(err, ERROR_FORMAT, "test part %s: it has no section, or too many", it->identifier);
    for (size_t i = 0; i < it->section_count; i++) {
        const char *fault;
        if (!identifier_valid(it->sections[i].identifier) || section_name_is_taken(exam, part, i))
            return error_set(err, ERROR_FORMAT, "test part %s: section %zu has no identifier of its own",
                it->identifier, i + 1);
        fault = fault_of_section(exam, &it->sections[i], is_drawn);
        if (fault != NULL)
            return error_set(err, ERROR_FORMAT, "section %s: %s", it->sections[i].identifier, fault);
    }
    return true;
}

static bool check_parts(const struct exam *exam, struct error *err)
{
    bool *is_drawn = calloc(exam->item_count, sizeof *is_drawn);
    bool ok = false;

    if (is_drawn == NULL)
        return error_set(err, ERROR_NOMEM, "out of memory");
    if (exam->part_count < 1 || exam->part_count > PARTS_MAX) {
        error_set(err, ERROR_FORMAT, "exam: it has no test part, or too many");
        goto done;
    }
    for (size_t i = 0; i < exam->part_count; i++)
        if (!check_part(exam, i, is_drawn, err))
            goto done;
    ok = exam_form_length(exam) <= FORM_ITEMS_MAX ||
         error_set(err, ERROR_LIMIT, "exam: a form has more than %u items", FORM_ITEMS_MAX);
done:
    free(is_drawn);
    return ok;
}

bool exam_check(const struct exam *exam, struct error *err)
{
    return check_head(exam, err) && check_survey(exam, err) && check_items(exam, err) &&
           check_parts(exam, err);
}
