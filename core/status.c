#include "core/status.h"

#include "core/field.h"
#include "core/identifier.h"
#include "core/json.h"

enum { STATUS_FORMAT = 1 };

static struct json *encode_session(const struct status *status)
{
    struct json *object = json_new_object();

    json_set(object, "id", json_text(status->session));
    json_set(object, "epoch", json_int(status->epoch));
    json_set(object, "time_left_ms", json_int(status->time_left_ms));
    json_set(object, "last_sequence", json_int((int64_t)status->last_sequence));
    json_set(object, "last_tag", json_hex(status->last_tag, sizeof status->last_tag));
    return object;
}

static struct json *encode(const struct status *status)
{
    struct json *object = json_new_object(), *alarms = json_new_array();

    for (size_t i = 0; i < status->alarm_count; i++)
        json_add(alarms, json_text(status->alarms[i]));
    json_set(object, "format", json_int(STATUS_FORMAT));
    json_set(object, "center", json_text(status->center));
    json_set(object, "seat", json_text(status->seat));
    json_set(object, "number", json_int(status->number));
    json_set(object, "state", json_text(status->state));
    json_set(object, "alarms", alarms);
    if (status->session[0] != '\0')
        json_set(object, "session", encode_session(status));
    return object;
}

/* What we write we can read: every bound is checked in one place, the decoder. */
bool status_encode(const struct status *status, struct buffer *json, struct error *err)
{
    const size_t before = json->len;
    struct json *object = encode(status);
    struct status again;
    bool ok = json_write(object, json, err) &&
              status_decode(bytes_of(json->data + before, json->len - before), &again, err);

    if (!ok)
        buffer_cut(json, before);
    json_free(object);
    return ok;
}

static bool decode_session(const struct json *object, struct status *status, struct error *err)
{
    struct json_reader reader = json_reader(object, "the status's session", err);

    field_get(&reader, "id", field_is_session, status->session, sizeof status->session);
    status->epoch = (unsigned)json_get_int(&reader, "epoch", 1, EPOCH_MAX);
    status->time_left_ms = json_get_int(&reader, "time_left_ms", 0, SESSION_TIME_MAX_MS);
    status->last_sequence = (uint64_t)json_get_int(&reader, "last_sequence", 0, INT64_MAX);
    json_get_hex(&reader, "last_tag", status->last_tag, sizeof status->last_tag);
    return json_done(&reader);
}

static void decode_alarms(struct json_reader *reader, struct status *status)
{
    const struct json *array = json_get_array(reader, "alarms", STATUS_ALARMS);
    struct arena arena = {.max = STATUS_ALARMS * 2 * IDENTIFIER_SIZE};

    status->alarm_count = json_count(array);
    for (size_t i = 0; i < status->alarm_count; i++) {
        const char *alarm =
            field_at(reader, array, i, "alarms", identifier_valid, &arena, IDENTIFIER_SIZE - 1);
        (void)snprintf(status->alarms[i], IDENTIFIER_SIZE, "%s", alarm); /* field_at bounds it */
    }
    arena_release(&arena);
}

static bool decode(const struct json *value, struct status *status, struct error *err)
{
    struct json_reader reader = json_reader(value, "the status", err);
    const struct json *session = NULL;

    (void)field_get_format(&reader, STATUS_FORMAT);
    field_get(&reader, "center", identifier_valid, status->center, sizeof status->center);
    field_get(&reader, "seat", identifier_valid, status->seat, sizeof status->seat);
    status->number = json_get_int(&reader, "number", 1, INT64_MAX);
    field_get(&reader, "state", identifier_valid, status->state, sizeof status->state);
    decode_alarms(&reader, status);
    if (json_has(&reader, "session"))
        session = json_get_object(&reader, "session");
    return json_done(&reader) && (session == NULL || decode_session(session, status, err));
}

bool status_decode(struct bytes json, struct status *status, struct error *err)
{
    struct status found = {.number = 0};
    struct json *value = NULL;
    bool ok;

    if (json.len > TICKET_MAX_BYTES)
        return error_set(err, ERROR_LIMIT, "a status has at most %u bytes", TICKET_MAX_BYTES);
    value = json_parse(json, err);
    ok = value != NULL && decode(value, &found, err);
    if (ok)
        *status = found;
    json_free(value);
    return ok;
}

bool status_sign(const struct status *status, const struct identity *seat, int64_t now_ms,
    struct buffer *file, struct error *err)
{
    struct buffer json = {.max = TICKET_MAX_BYTES};
    bool ok = status_encode(status, &json, err) &&
              cms_sign(OBJECT_STATUS, buffer_bytes(&json), seat, now_ms, file, err);

    buffer_release(&json);
    return ok;
}

bool status_verify(struct bytes file, const struct trust *trust, struct status *status,
    struct cms_signer *signer, struct error *err)
{
    const struct cms_rules rules = {OBJECT_STATUS, ROLE_SEAT, trust, CMS_AT_SIGNING};
    struct buffer json = {.max = TICKET_MAX_BYTES};
    struct cms_signer found = {NULL, 0};
    bool ok = false;

    if (file.len > TICKET_MAX_BYTES) {
        error_set(err, ERROR_LIMIT, "a status has at most %u bytes", TICKET_MAX_BYTES);
        goto done;
    }
    if (!cms_verify(file, &rules, &json, &found, err) || !status_decode(buffer_bytes(&json), status, err))
        goto done;
    if (signer != NULL) {
        *signer = found;
        found.certificate = NULL; /* transferred */
    }
    ok = true;
done:
    cms_signer_release(&found);
    buffer_release(&json);
    return ok;
}
