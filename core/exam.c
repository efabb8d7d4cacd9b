#include "core/exam.h"

#include <stdlib.h>
#include <string.h>

#include "core/exam_names.h"

const char *const cardinality_names[CARDINALITIES] = {
    [CARDINALITY_SINGLE] = "single",
    [CARDINALITY_MULTIPLE] = "multiple",
    [CARDINALITY_ORDERED] = "ordered",
    [CARDINALITY_RECORD] = "record",
};
const char *const base_type_names[BASE_TYPES] = {
    [BASE_IDENTIFIER] = "identifier",
    [BASE_BOOLEAN] = "boolean",
    [BASE_INTEGER] = "integer",
    [BASE_FLOAT] = "float",
    [BASE_STRING] = "string",
    [BASE_POINT] = "point",
    [BASE_PAIR] = "pair",
    [BASE_DIRECTED_PAIR] = "directedPair",
    [BASE_DURATION] = "duration",
    [BASE_FILE] = "file",
    [BASE_URI] = "uri",
};
const char *const interaction_type_names[INTERACTION_TYPES] = {[INTERACTION_CHOICE] = "choice"};
const char *const item_use_names[ITEM_USES] = {[ITEM_LIVE] = "live", [ITEM_PILOT] = "pilot"};
const char *const navigation_mode_names[NAVIGATION_MODES] = {
    [NAVIGATION_NONLINEAR] = "nonlinear",
    [NAVIGATION_LINEAR] = "linear",
};
const char *const exam_content_names[EXAM_CONTENTS] = {
    [CONTENT_LIVE] = "live",
    [CONTENT_PUBLIC] = "public",
    [CONTENT_PRACTICE] = "practice",
};
const char *const result_policy_names[RESULT_POLICIES] = {
    [RESULT_NOTHING] = "nothing",
    [RESULT_PASS_FAIL] = "pass-fail",
    [RESULT_TOPICS] = "topics",
};

void exam_free(struct exam *exam)
{
    if (exam == NULL)
        return;
    arena_release(&exam->arena);
    free(exam);
}

size_t exam_form_length(const struct exam *exam)
{
    size_t length = 0;

    for (size_t p = 0; p < exam->part_count; p++)
        for (size_t s = 0; s < exam->parts[p].section_count; s++)
            for (size_t i = 0; i < exam->parts[p].sections[s].selection_count; i++)
                length += exam->parts[p].sections[s].selections[i].count;
    return length;
}

/* Items of one selection are worth the same, so the first one speaks for all. */
unsigned exam_form_points(const struct exam *exam)
{
    unsigned points = 0;

    for (size_t p = 0; p < exam->part_count; p++)
        for (size_t s = 0; s < exam->parts[p].section_count; s++)
            for (size_t i = 0; i < exam->parts[p].sections[s].selection_count; i++) {
                const struct selection *selection = &exam->parts[p].sections[s].selections[i];
                points += selection->count * exam->items[selection->items[0]].max_score;
            }
    return points;
}

static int compare_identifier(const void *identifier, const void *item)
{
    return strcmp(identifier, ((const struct item *)item)->identifier);
}

bool exam_find_item(const struct exam *exam, const char *identifier, size_t *index)
{
    const struct item *item;

    if (exam->item_count == 0)
        return false;
    item = bsearch(identifier, exam->items, exam->item_count, sizeof *item, compare_identifier);
    if (item == NULL)
        return false;
    *index = (size_t)(item - exam->items);
    return true;
}
