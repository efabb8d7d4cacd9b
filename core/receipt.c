#include "core/receipt.h"

#include <stdlib.h>
#include <string.h>

#include "core/code.h"
#include "core/field.h"
#include "core/json.h"

enum { RECEIPT_FORMAT = 1, POINTS_IN_ALL_MAX = 1000000 };

static const char *const kinds[] = {"result", "journal"};
static const char *const policies[RESULT_POLICIES] = {
    [RESULT_NOTHING] = "nothing",
    [RESULT_PASS_FAIL] = "pass-fail",
    [RESULT_TOPICS] = "topics",
};

void receipt_code(const struct digest *transcript, char code[RECEIPT_CODE_SIZE])
{
    char letters[9];

    code_letters(transcript->bytes, 8, letters);
    memcpy(code, letters, 4);
    code[4] = '-';
    memcpy(code + 5, letters + 4, 5);
}

/* --- JSON out ------------------------------------------------------------------------------------------ */

static struct json *encode_topics(const struct receipt *receipt)
{
    struct json *array = json_new_array();

    for (size_t i = 0; i < receipt->topic_count; i++) {
        const struct receipt_topic *topic = &receipt->topics[i];
        struct json *object = json_new_object();
        json_set(object, "title", json_text(topic->title));
        json_set(object, "points", json_int(topic->points));
        json_set(object, "maximum", json_int(topic->maximum));
        json_add(array, object);
    }
    return array;
}

/* A receipt says no more than the exam's policy shows. */
static void encode_preliminary(const struct receipt *receipt, struct json *object)
{
    json_set(object, "shown", json_text(policies[receipt->shown]));
    if (receipt->shown == RESULT_NOTHING)
        return;
    json_set(object, "passed", json_bool(receipt->passed));
    if (receipt->shown == RESULT_PASS_FAIL)
        return;
    json_set(object, "points", json_int(receipt->points));
    json_set(object, "maximum", json_int(receipt->maximum));
    json_set(object, "scaled", json_int(receipt->scaled));
    json_set(object, "topics", encode_topics(receipt));
}

static struct json *encode(const struct receipt *receipt)
{
    struct json *object = json_new_object(), *preliminary = json_new_object();

    encode_preliminary(receipt, preliminary);
    json_set(object, "format", json_int(RECEIPT_FORMAT));
    json_set(object, "state", json_text("stored"));
    json_set(object, "kind", json_text(kinds[receipt->is_journal]));
    json_set(object, "session", json_text(receipt->session));
    json_set(object, "epoch", json_int(receipt->epoch));
    json_set(object, "transcript", json_hex(receipt->transcript.bytes, DIGEST_BYTES));
    json_set(object, "file", json_hex(receipt->file.bytes, DIGEST_BYTES));
    json_set(object, "stored", json_time(receipt->stored_ms));
    json_set(object, "code", json_text(receipt->code));
    json_set(object, "preliminary", preliminary);
    return object;
}

/* What we write we can read: every bound is checked in one place, the decoder. */
bool receipt_encode(const struct receipt *receipt, struct buffer *json, struct error *err)
{
    const size_t before = json->len;
    struct json *object = encode(receipt);
    struct receipt *again = malloc(sizeof *again);
    bool ok = false;

    if (again == NULL)
        error_set(err, ERROR_NOMEM, "out of memory");
    else
        ok = json_write(object, json, err) &&
             receipt_decode(bytes_of(json->data + before, json->len - before), again, err);
    if (!ok)
        buffer_cut(json, before);
    free(again);
    json_free(object);
    return ok;
}

/* --- JSON in ------------------------------------------------------------------------------------------- */

static bool decode_topic(const struct json *object, struct receipt_topic *topic, struct error *err)
{
    struct json_reader reader = json_reader(object, "the receipt's topic", err);

    field_get(&reader, "title", field_is_line, topic->title, sizeof topic->title);
    topic->maximum = (unsigned)json_get_int(&reader, "maximum", 0, POINTS_IN_ALL_MAX);
    topic->points = (unsigned)json_get_int(&reader, "points", 0, topic->maximum);
    return json_done(&reader);
}

static bool decode_topics(struct json_reader *reader, struct receipt *receipt)
{
    const struct json *array = json_get_array(reader, "topics", TOPICS_MAX);

    receipt->topic_count = json_count(array);
    for (size_t i = 0; i < receipt->topic_count; i++)
        if (!decode_topic(json_at(array, i), &receipt->topics[i], reader->err))
            return false;
    return true;
}

static bool decode_preliminary(const struct json *object, struct receipt *receipt, struct error *err)
{
    struct json_reader reader = json_reader(object, "the receipt's preliminary result", err);

    receipt->shown = (enum result_policy)json_get_enum(&reader, "shown", policies, RESULT_POLICIES);
    if (receipt->shown >= RESULT_PASS_FAIL)
        receipt->passed = json_get_bool(&reader, "passed");
    if (receipt->shown == RESULT_TOPICS) {
        receipt->maximum = (unsigned)json_get_int(&reader, "maximum", 1, POINTS_IN_ALL_MAX);
        receipt->points = (unsigned)json_get_int(&reader, "points", 0, receipt->maximum);
        receipt->scaled = (unsigned)json_get_int(&reader, "scaled", 0, 1000);
        if (!decode_topics(&reader, receipt))
            return false;
    }
    return json_done(&reader);
}

static bool decode(const struct json *value, struct receipt *receipt, struct error *err)
{
    struct json_reader reader = json_reader(value, "the receipt", err);
    char code[RECEIPT_CODE_SIZE];
    const struct json *preliminary;
    static const char *const states[] = {"stored"};

    (void)field_get_format(&reader, RECEIPT_FORMAT);
    (void)json_get_enum(&reader, "state", states, 1);
    receipt->is_journal = json_get_enum(&reader, "kind", kinds, 2) == 1;
    field_get(&reader, "session", field_is_session, receipt->session, sizeof receipt->session);
    receipt->epoch = (unsigned)json_get_int(&reader, "epoch", 1, EPOCH_MAX);
    json_get_hex(&reader, "transcript", receipt->transcript.bytes, DIGEST_BYTES);
    json_get_hex(&reader, "file", receipt->file.bytes, DIGEST_BYTES);
    receipt->stored_ms = json_get_time(&reader, "stored");
    json_get_text(&reader, "code", receipt->code, sizeof receipt->code);
    receipt_code(&receipt->transcript, code);
    if (!reader.failed && strcmp(code, receipt->code) != 0)
        json_fail(&reader, "its code is not the transcript's");
    preliminary = json_get_object(&reader, "preliminary");
    return json_done(&reader) && decode_preliminary(preliminary, receipt, err);
}

bool receipt_decode(struct bytes json, struct receipt *receipt, struct error *err)
{
    struct receipt *found = calloc(1, sizeof *found); /* too large for the stack of a worker */
    struct json *value = NULL;
    bool ok = false;

    if (found == NULL)
        error_set(err, ERROR_NOMEM, "out of memory");
    else if (json.len > TICKET_MAX_BYTES)
        error_set(err, ERROR_LIMIT, "a receipt has at most %u bytes", TICKET_MAX_BYTES);
    else
        value = json_parse(json, err);
    ok = value != NULL && decode(value, found, err);
    if (ok)
        *receipt = *found;
    json_free(value);
    free(found);
    return ok;
}

/* --- signed -------------------------------------------------------------------------------------------- */

bool receipt_sign(
    const struct receipt *receipt, const struct identity *server, struct buffer *file, struct error *err)
{
    struct buffer json = {.max = TICKET_MAX_BYTES};
    bool ok = receipt_encode(receipt, &json, err) &&
              cms_sign(OBJECT_RECEIPT, buffer_bytes(&json), server, receipt->stored_ms, file, err);

    buffer_release(&json);
    return ok;
}

bool receipt_verify(struct bytes file, const struct trust *trust, struct receipt *receipt, struct error *err)
{
    const struct cms_rules rules = {OBJECT_RECEIPT, ROLE_SERVER, trust, CMS_AT_SIGNING};
    struct buffer json = {.max = TICKET_MAX_BYTES};
    bool ok;

    if (file.len > TICKET_MAX_BYTES)
        return error_set(err, ERROR_LIMIT, "a receipt has at most %u bytes", TICKET_MAX_BYTES);
    ok = cms_verify(file, &rules, &json, NULL, err) && receipt_decode(buffer_bytes(&json), receipt, err);
    buffer_release(&json);
    return ok;
}
