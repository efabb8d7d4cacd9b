/* exam.h: the exam model, in QTI 3's terms, as it is inside a package (exam.json, docs/formats/exam.md).
 *
 *     test ── test part ── sections ── selections ── items ── body: blocks, interactions
 *
 * A selection draws `count` of its items (qti-selection). A seat's exam holds no correct responses: they are
 * in the scoring key. Everything lives in the exam's arena and is read-only once decoded.
 *
 * Room is left for every QTI 3 interaction, stimulus and limits at every level: an interaction says its type,
 * and a program that does not know one refuses the package with its name (lowest_software guards that). */
#ifndef CARREL_EXAM_H
#define CARREL_EXAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/buffer.h"
#include "core/error.h"
#include "core/limits.h"

/* --- text ----------------------------------------------------------------------------------------------- */
enum inline_style { INLINE_TEXT, INLINE_EMPHASIS, INLINE_STRONG, INLINE_CODE, INLINE_STYLES };

struct inline_run {
    enum inline_style style;
    const char *text;
};

enum token {
    TOKEN_PLAIN,
    TOKEN_KEYWORD,
    TOKEN_STRING,
    TOKEN_NUMBER,
    TOKEN_COMMENT,
    TOKEN_NAME,
    TOKEN_OPERATOR,
    TOKENS
};

struct span {
    enum token token;
    const char *text;
};

struct code_line {
    const struct span *spans;
    size_t count;
};

enum block_kind { BLOCK_PARAGRAPH, BLOCK_LIST_ITEM, BLOCK_LISTING, BLOCK_INTERACTION, BLOCK_KINDS };

struct block {
    enum block_kind kind;
    const struct inline_run *runs; /* paragraph, list item */
    size_t run_count;
    const char *language;          /* listing: "python", "text" */
    const struct code_line *lines; /* listing */
    size_t line_count;
    size_t interaction; /* interaction: index in the item's interactions */
};

struct blocks {
    const struct block *items;
    size_t count;
};

/* --- items ---------------------------------------------------------------------------------------------- */
enum cardinality {
    CARDINALITY_SINGLE,
    CARDINALITY_MULTIPLE,
    CARDINALITY_ORDERED,
    CARDINALITY_RECORD,
    CARDINALITIES
};
enum base_type {
    BASE_IDENTIFIER,
    BASE_BOOLEAN,
    BASE_INTEGER,
    BASE_FLOAT,
    BASE_STRING,
    BASE_POINT,
    BASE_PAIR,
    BASE_DIRECTED_PAIR,
    BASE_DURATION,
    BASE_FILE,
    BASE_URI,
    BASE_TYPES
};

struct response_declaration {
    const char *identifier; /* "RESPONSE" */
    enum cardinality cardinality;
    enum base_type base_type;
};

struct outcome_declaration {
    const char *identifier; /* "SCORE" */
    enum cardinality cardinality;
    enum base_type base_type;
    int64_t normal_maximum; /* points */
};

struct simple_choice {
    const char *identifier; /* stable over shuffles */
    bool is_fixed;          /* keeps its place when the others are shuffled */
    struct blocks content;
};

enum interaction_type { INTERACTION_CHOICE, INTERACTION_TYPES };

struct interaction {
    enum interaction_type type;
    size_t response; /* index in the item's response declarations */
    bool shuffle;
    unsigned min_choices, max_choices; /* choice: max 1 is single response */
    const struct simple_choice *choices;
    size_t choice_count;
};

enum item_use { ITEM_LIVE, ITEM_PILOT, ITEM_USES };

struct item {
    const char *identifier;
    const char *version; /* digest of its source, 16 hex digits: what exactly was shown */
    enum item_use use;
    struct blocks body;
    const struct interaction *interactions;
    size_t interaction_count;
    const struct response_declaration *responses;
    size_t response_count;
    const struct outcome_declaration *outcomes;
    size_t outcome_count;
    unsigned max_score;    /* points, whole */
    const size_t *enemies; /* indices of items, in order; kept on both sides */
    size_t enemy_count;
};

/* --- test ----------------------------------------------------------------------------------------------- */
struct selection {
    unsigned count;
    const size_t
        *items; /* indices of the live items it draws from, all worth the same, in no other selection */
    size_t item_count;
};

struct section {
    const char *identifier; /* the objective */
    const char *title;
    const struct selection *selections;
    size_t selection_count;
    int64_t max_time_ms; /* 0: none of its own (qti-time-limits) */
};

enum navigation_mode { NAVIGATION_NONLINEAR, NAVIGATION_LINEAR, NAVIGATION_MODES };

struct test_part {
    const char *identifier;
    enum navigation_mode navigation;
    const struct section *sections;
    size_t section_count;
    int64_t max_time_ms;
};

enum exam_content { CONTENT_LIVE, CONTENT_PUBLIC, CONTENT_PRACTICE, EXAM_CONTENTS };
enum result_policy { RESULT_NOTHING, RESULT_PASS_FAIL, RESULT_TOPICS, RESULT_POLICIES };

struct survey_question {
    const char *identifier;
    const char *ask;
    const char *const *choices;
    size_t choice_count;
};

#define EXAM_FORMAT 1 /* "format" in exam.json */

struct exam {
    struct arena arena;
    const char *identifier; /* "pcep" */
    const char *version;
    const char *title, *short_title, *language;
    const char *lowest_software;
    enum exam_content content;
    enum result_policy result_policy;
    int64_t max_time_ms; /* the whole test, before any time factor */
    unsigned pass_mark;  /* percent, for the seat to show; the scoring key decides */
    struct blocks nda;   /* count 0: none */
    int64_t nda_max_time_ms;
    struct blocks tutorial;
    const struct survey_question *survey;
    size_t survey_count;
    const struct test_part *parts;
    size_t part_count;
    const struct item *items; /* sorted by identifier */
    size_t item_count;
};

/* Decodes and checks everything that can be checked (exam_check.h). NULL on failure. Free with exam_free. */
struct exam *exam_decode(struct bytes json, struct error *err);
/* Appends exam.json. decode(encode(x)) is x, and encode(decode(b)) is b for what we wrote. */
bool exam_encode(const struct exam *exam, struct buffer *json, struct error *err);
void exam_free(struct exam *exam); /* NULL is fine; wipes */

/* The number of items in each form, and the points they are worth together. */
size_t exam_form_length(const struct exam *exam);
unsigned exam_form_points(const struct exam *exam);
/* Index by identifier; false if there is none. */
bool exam_find_item(const struct exam *exam, const char *identifier, size_t *index);

#endif
