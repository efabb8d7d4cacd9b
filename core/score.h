/* score.h: what a session is worth: a pure function of responses, scoring key and scorer version.
 *
 * All integers. Passed when points × 100 ≥ pass mark × maximum. Scaled score = points × 1000 / maximum,
 * rounded down. An item without a response is unanswered, counted apart, and worth nothing. */
#ifndef CARREL_SCORE_H
#define CARREL_SCORE_H

#include "core/json.h"
#include "core/scoring_key.h"

#define SCORER_VERSION "1"

/* One item of the form and what was answered at the end. */
struct item_response {
    const char *item;
    const char *version;
    const char *const *values; /* of the item's one response variable */
    size_t value_count;
};

struct topic_score {
    const struct topic *topic;
    unsigned points, maximum, items, unanswered;
};

struct score {
    unsigned points, maximum, scaled;
    unsigned items, unanswered;
    bool passed;
    struct topic_score topics[TOPICS_MAX];
    size_t topic_count;
};

/* ERROR_NOT_FOUND if the key lacks an item or its version, ERROR_FORMAT if an item is there twice or nothing
 * is scored. The topics point into the key. */
bool score_compute(const struct scoring_key *key, const struct item_response *responses, size_t count,
    struct score *score, struct error *err);
/* Points of one item, for practice. */
unsigned score_item(const struct item_key *key, const char *const *values, size_t count);

/* As in score.json, receipts and the API. */
struct json *score_json(const struct score *score);

#endif
