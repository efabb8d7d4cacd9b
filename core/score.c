#include "core/score.h"

#include <string.h>

/* True if the responses are the correct values as a set: each once, all of them, no other. */
static bool match_correct(const struct item_key *key, const char *const *values, size_t count)
{
    if (count != key->correct_count)
        return false;
    for (size_t i = 0; i < key->correct_count; i++) {
        size_t found = 0;
        for (size_t k = 0; k < count; k++)
            found += strcmp(values[k], key->correct[i]) == 0;
        if (found != 1)
            return false;
    }
    return true;
}

unsigned score_item(const struct item_key *key, const char *const *values, size_t count)
{
    switch (key->method) {
    case SCORING_MATCH_CORRECT: return match_correct(key, values, count) ? key->points : 0;
    case SCORING_METHODS: break;
    }
    return 0;
}

static struct topic_score *topic_of(struct score *score, const struct item_key *key)
{
    for (size_t i = 0; i < score->topic_count; i++)
        if (strcmp(score->topics[i].topic->identifier, key->topic) == 0)
            return &score->topics[i];
    return NULL;
}

static void add_item(struct score *score, const struct item_key *key, const struct item_response *response)
{
    struct topic_score *topic = topic_of(score, key);
    const unsigned points = score_item(key, response->values, response->value_count);
    const bool is_unanswered = response->value_count == 0;

    topic->points += points;
    topic->maximum += key->points;
    topic->items++;
    topic->unanswered += is_unanswered;
    score->points += points;
    score->maximum += key->points;
    score->items++;
    score->unanswered += is_unanswered;
}

/* Topics of which the form has nothing are left out. */
static void drop_empty_topics(struct score *score)
{
    size_t kept = 0;

    for (size_t i = 0; i < score->topic_count; i++)
        if (score->topics[i].items > 0)
            score->topics[kept++] = score->topics[i];
    score->topic_count = kept;
}

static bool is_twice(const struct item_response *responses, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(responses[i].item, responses[count].item) == 0)
            return true;
    return false;
}

bool score_compute(const struct scoring_key *key, const struct item_response *responses, size_t count,
    struct score *score, struct error *err)
{
    struct score sum = {.topic_count = key->topic_count};

    for (size_t i = 0; i < key->topic_count; i++)
        sum.topics[i].topic = &key->topics[i];
    for (size_t i = 0; i < count; i++) {
        const struct item_key *item = scoring_key_find(key, responses[i].item);
        if (item == NULL || strcmp(item->version, responses[i].version) != 0)
            return error_set(err, ERROR_NOT_FOUND, "the scoring key lacks item %s in version %s",
                responses[i].item, responses[i].version);
        if (is_twice(responses, i))
            return error_set(err, ERROR_FORMAT, "item %s is there twice", responses[i].item);
        if (item->is_scored)
            add_item(&sum, item, &responses[i]);
    }
    if (sum.maximum == 0)
        return error_set(err, ERROR_FORMAT, "the form has no item that is scored");
    sum.scaled = sum.points * 1000 / sum.maximum;
    sum.passed = sum.points * 100 >= key->pass_mark * sum.maximum;
    drop_empty_topics(&sum);
    *score = sum;
    return true;
}

static struct json *topic_json(const struct topic_score *topic)
{
    struct json *object = json_new_object();

    json_set(object, "id", json_text(topic->topic->identifier));
    json_set(object, "title", json_text(topic->topic->title));
    json_set(object, "points", json_int(topic->points));
    json_set(object, "maximum", json_int(topic->maximum));
    json_set(object, "items", json_int(topic->items));
    json_set(object, "unanswered", json_int(topic->unanswered));
    return object;
}

struct json *score_json(const struct score *score)
{
    struct json *object = json_new_object(), *topics = json_new_array();

    for (size_t i = 0; i < score->topic_count; i++)
        json_add(topics, topic_json(&score->topics[i]));
    json_set(object, "scorer", json_text(SCORER_VERSION));
    json_set(object, "points", json_int(score->points));
    json_set(object, "maximum", json_int(score->maximum));
    json_set(object, "scaled", json_int(score->scaled));
    json_set(object, "passed", json_bool(score->passed));
    json_set(object, "items", json_int(score->items));
    json_set(object, "unanswered", json_int(score->unanswered));
    json_set(object, "topics", topics);
    return object;
}
