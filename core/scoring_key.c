#include "core/scoring_key.h"

#include <stdlib.h>
#include <string.h>

#include "core/exam_text.h"
#include "core/identifier.h"

static const char *const method_names[SCORING_METHODS] = {[SCORING_MATCH_CORRECT] = "match_correct"};

static bool is_in_order(const char *before, const char *text)
{
    return before == NULL || strcmp(before, text) < 0;
}

/* --- what can be wrong ---------------------------------------------------------------------------------- */

static bool topic_exists(const struct scoring_key *key, const char *identifier)
{
    for (size_t i = 0; i < key->topic_count; i++)
        if (strcmp(key->topics[i].identifier, identifier) == 0)
            return true;
    return false;
}

static const char *fault_of_item(const struct scoring_key *key, const struct item_key *item)
{
    if (!identifier_valid(item->item) || !identifier_valid(item->version) ||
        !identifier_valid_qti(item->response))
        return "it has no identifier, version or response";
    if (!topic_exists(key, item->topic))
        return "its topic is not there";
    if (item->points < 1 || item->points > POINTS_MAX)
        return "its points are out of range";
    if (item->correct_count < 1 || item->correct_count > CHOICES_MAX)
        return "it has no correct values, or too many";
    for (size_t i = 0; i < item->correct_count; i++)
        if (!identifier_valid_qti(item->correct[i]) ||
            !is_in_order(i == 0 ? NULL : item->correct[i - 1], item->correct[i]))
            return "its correct values are not identifiers in order";
    return NULL;
}

static bool check_topics(const struct scoring_key *key, struct error *err)
{
    for (size_t i = 0; i < key->topic_count; i++) {
        if (!identifier_valid(key->topics[i].identifier) || key->topics[i].title[0] == '\0')
            return error_set(err, ERROR_FORMAT, "scoring key: topic %zu has no identifier or title", i + 1);
        for (size_t k = 0; k < i; k++)
            if (strcmp(key->topics[i].identifier, key->topics[k].identifier) == 0)
                return error_set(
                    err, ERROR_FORMAT, "scoring key: topic %s is there twice", key->topics[i].identifier);
    }
    return true;
}

static bool check(const struct scoring_key *key, struct error *err)
{
    if (!identifier_valid(key->exam) || !identifier_valid(key->version))
        return error_set(err, ERROR_FORMAT, "scoring key: it does not say of which exam and version");
    if (strlen(key->package_id) != SESSION_ID_SIZE - 1 ||
        strspn(key->package_id, "0123456789abcdef") != SESSION_ID_SIZE - 1)
        return error_set(err, ERROR_FORMAT, "scoring key: its package id is not 16 bytes in hex");
    if (key->pass_mark < 1 || key->pass_mark > 100)
        return error_set(err, ERROR_FORMAT, "scoring key: its pass mark is out of range");
    if (key->topic_count < 1 || key->topic_count > TOPICS_MAX || key->item_count < 1 ||
        key->item_count > ITEMS_MAX)
        return error_set(err, ERROR_FORMAT, "scoring key: too few or too many topics or items");
    if (!check_topics(key, err))
        return false;
    for (size_t i = 0; i < key->item_count; i++) {
        const char *fault = fault_of_item(key, &key->items[i]);
        if (fault != NULL)
            return error_set(err, ERROR_FORMAT, "key of item %s: %s", key->items[i].item, fault);
        if (!is_in_order(i == 0 ? NULL : key->items[i - 1].item, key->items[i].item))
            return error_set(
                err, ERROR_FORMAT, "key of item %s: it is there twice or out of order", key->items[i].item);
    }
    return true;
}

/* --- reading -------------------------------------------------------------------------------------------- */

static const char *get_text(struct json_reader *reader, const char *name, size_t size, struct arena *arena)
{
    const char *text = json_get_string(reader, name, arena, size - 1);

    return text == NULL ? "" : text;
}

static bool decode_correct(
    const struct json *array, struct json_reader *reader, struct arena *arena, struct item_key *item)
{
    const char **values = arena_array(arena, json_count(array), sizeof *values);

    if (reader->failed || values == NULL)
        return false;
    for (size_t i = 0; i < json_count(array); i++) {
        const char *text = json_text_value(json_at(array, i));
        if (text == NULL)
            return json_fail(reader, "a correct value is not a text");
        values[i] = arena_text(arena, text, strlen(text));
        if (values[i] == NULL)
            return false;
    }
    item->correct = values;
    item->correct_count = json_count(array);
    return true;
}

static bool decode_item(
    const struct json *value, struct arena *arena, struct item_key *item, struct error *err)
{
    struct json_reader reader = json_reader(value, "key of an item", err);
    const struct json *rationale;

    item->item = get_text(&reader, "item", IDENTIFIER_SIZE, arena);
    item->version = get_text(&reader, "version", IDENTIFIER_SIZE, arena);
    item->topic = get_text(&reader, "topic", IDENTIFIER_SIZE, arena);
    item->response = get_text(&reader, "response", IDENTIFIER_SIZE, arena);
    item->method = (enum scoring_method)json_get_enum(&reader, "method", method_names, SCORING_METHODS);
    item->points = (unsigned)json_get_int(&reader, "points", 1, POINTS_MAX);
    item->is_scored = json_get_bool(&reader, "scored");
    rationale = json_get_array(&reader, "rationale", BLOCKS_MAX);
    return decode_correct(json_get_array(&reader, "correct", CHOICES_MAX), &reader, arena, item) &&
           blocks_decode(rationale, item->item, 0, arena, &item->rationale, err) && json_done(&reader);
}

static bool decode_items(const struct json *array, struct scoring_key *key, struct error *err)
{
    struct item_key *items = arena_array(&key->arena, json_count(array), sizeof *items);

    for (size_t i = 0; items != NULL && i < json_count(array); i++)
        if (!decode_item(json_at(array, i), &key->arena, &items[i], err))
            return false;
    key->items = items;
    key->item_count = json_count(array);
    return items != NULL;
}

static bool decode_topics(const struct json *array, struct scoring_key *key, struct error *err)
{
    struct topic *topics = arena_array(&key->arena, json_count(array), sizeof *topics);

    for (size_t i = 0; topics != NULL && i < json_count(array); i++) {
        struct json_reader reader = json_reader(json_at(array, i), "topic", err);
        topics[i].identifier = get_text(&reader, "id", IDENTIFIER_SIZE, &key->arena);
        topics[i].title = get_text(&reader, "title", NAME_SIZE, &key->arena);
        if (!json_done(&reader))
            return false;
    }
    key->topics = topics;
    key->topic_count = json_count(array);
    return topics != NULL;
}

static bool decode_key(const struct json *value, struct scoring_key *key, struct error *err)
{
    struct json_reader reader = json_reader(value, "scoring key", err);
    const struct json *topics, *items;

    (void)json_get_int(&reader, "format", SCORING_KEY_FORMAT, SCORING_KEY_FORMAT);
    key->exam = get_text(&reader, "exam", IDENTIFIER_SIZE, &key->arena);
    key->version = get_text(&reader, "version", IDENTIFIER_SIZE, &key->arena);
    json_get_text(&reader, "package", key->package_id, sizeof key->package_id);
    key->pass_mark = (unsigned)json_get_int(&reader, "pass_mark", 1, 100);
    topics = json_get_array(&reader, "topics", TOPICS_MAX);
    items = json_get_array(&reader, "items", ITEMS_MAX);
    return json_done(&reader) && decode_topics(topics, key, err) && decode_items(items, key, err) &&
           check(key, err);
}

struct scoring_key *scoring_key_decode(struct bytes json, struct error *err)
{
    struct scoring_key *key = NULL;
    struct json *value = NULL;
    bool ok;

    if (json.len > SCORING_KEY_MAX_BYTES) {
        error_set(err, ERROR_LIMIT, "the scoring key is larger than %u bytes", SCORING_KEY_MAX_BYTES);
        return NULL;
    }
    key = calloc(1, sizeof *key);
    if (key == NULL) {
        error_set(err, ERROR_NOMEM, "out of memory");
        return NULL;
    }
    value = json_parse(json, err);
    ok = value != NULL && decode_key(value, key, err);
    json_free(value);
    if (ok)
        return key;
    if (key->arena.failed)
        error_set(err, ERROR_NOMEM, "out of memory");
    scoring_key_free(key);
    return NULL;
}

/* --- writing -------------------------------------------------------------------------------------------- */

static struct json *encode_item(const struct item_key *item)
{
    struct json *object = json_new_object(), *correct = json_new_array();

    for (size_t i = 0; i < item->correct_count; i++)
        json_add(correct, json_text(item->correct[i]));
    json_set(object, "item", json_text(item->item));
    json_set(object, "version", json_text(item->version));
    json_set(object, "topic", json_text(item->topic));
    json_set(object, "response", json_text(item->response));
    json_set(object, "method", json_text(method_names[item->method]));
    json_set(object, "correct", correct);
    json_set(object, "points", json_int(item->points));
    json_set(object, "scored", json_bool(item->is_scored));
    json_set(object, "rationale", blocks_encode(&item->rationale));
    return object;
}

static struct json *encode_key(const struct scoring_key *key)
{
    struct json *object = json_new_object(), *topics = json_new_array(), *items = json_new_array();

    for (size_t i = 0; i < key->topic_count; i++) {
        struct json *topic = json_new_object();
        json_set(topic, "id", json_text(key->topics[i].identifier));
        json_set(topic, "title", json_text(key->topics[i].title));
        json_add(topics, topic);
    }
    for (size_t i = 0; i < key->item_count; i++)
        json_add(items, encode_item(&key->items[i]));
    json_set(object, "format", json_int(SCORING_KEY_FORMAT));
    json_set(object, "exam", json_text(key->exam));
    json_set(object, "version", json_text(key->version));
    json_set(object, "package", json_text(key->package_id));
    json_set(object, "pass_mark", json_int(key->pass_mark));
    json_set(object, "topics", topics);
    json_set(object, "items", items);
    return object;
}

bool scoring_key_encode(const struct scoring_key *key, struct buffer *json, struct error *err)
{
    struct json *value;
    bool ok;

    if (!check(key, err))
        return false;
    value = encode_key(key);
    ok = json_write(value, json, err);
    json_free(value);
    return ok;
}

/* --- using ---------------------------------------------------------------------------------------------- */

static int compare_item(const void *item, const void *key)
{
    return strcmp(item, ((const struct item_key *)key)->item);
}

const struct item_key *scoring_key_find(const struct scoring_key *key, const char *item)
{
    return bsearch(item, key->items, key->item_count, sizeof *key->items, compare_item);
}

static bool is_choice(const struct item *item, const char *response, const char *value)
{
    for (size_t i = 0; i < item->interaction_count; i++) {
        const struct interaction *interaction = &item->interactions[i];
        if (strcmp(item->responses[interaction->response].identifier, response) != 0)
            continue;
        for (size_t k = 0; k < interaction->choice_count; k++)
            if (strcmp(interaction->choices[k].identifier, value) == 0)
                return true;
    }
    return false;
}

bool scoring_key_fits(const struct scoring_key *key, const struct exam *exam, struct error *err)
{
    if (strcmp(key->exam, exam->identifier) != 0 || strcmp(key->version, exam->version) != 0)
        return error_set(err, ERROR_FORMAT, "the scoring key is that of %s %s", key->exam, key->version);
    for (size_t i = 0; i < exam->item_count; i++) {
        const struct item *item = &exam->items[i];
        const struct item_key *found = scoring_key_find(key, item->identifier);
        if (found == NULL || strcmp(found->version, item->version) != 0 || found->points != item->max_score)
            return error_set(
                err, ERROR_FORMAT, "the scoring key lacks item %s as it is in the exam", item->identifier);
        for (size_t k = 0; k < found->correct_count; k++)
            if (!is_choice(item, found->response, found->correct[k]))
                return error_set(err, ERROR_FORMAT,
                    "the scoring key of item %s names a choice that is not there", item->identifier);
    }
    return true;
}

void scoring_key_free(struct scoring_key *key)
{
    if (key == NULL)
        return;
    arena_release(&key->arena);
    free(key);
}
