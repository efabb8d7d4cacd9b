#include "core/catalog.h"

#include <stdlib.h>
#include <string.h>

#include "core/field.h"
#include "core/identifier.h"
#include "core/json.h"
#include "core/ticket.h"

enum { CATALOG_FORMAT = 1 };

static const char *const states[KNOWN_STATES] = {
    [KNOWN_OPEN] = "open",
    [KNOWN_BEGUN] = "begun",
    [KNOWN_ENDED] = "ended",
    [KNOWN_MOVED] = "moved",
    [KNOWN_VOID] = "void",
};

/* --- JSON out ------------------------------------------------------------------------------------------ */

static struct json *encode_objects(const struct catalog_object *objects, size_t count)
{
    struct json *array = json_new_array();

    for (size_t i = 0; i < count; i++) {
        struct json *object = json_new_object();
        json_set(object, "id", json_text(objects[i].id));
        json_set(object, "digest", json_hex(objects[i].digest.bytes, DIGEST_BYTES));
        json_set(object, "bytes", json_int(objects[i].bytes));
        json_add(array, object);
    }
    return array;
}

static struct json *encode_sessions(const struct catalog *catalog)
{
    struct json *array = json_new_array();

    for (size_t i = 0; i < catalog->session_count; i++) {
        struct json *object = json_new_object();
        json_set(object, "id", json_text(catalog->sessions[i].id));
        json_set(object, "state", json_text(states[catalog->sessions[i].state]));
        json_set(object, "wanted", json_bool(catalog->sessions[i].is_wanted));
        json_add(array, object);
    }
    return array;
}

static struct json *encode(const struct catalog *catalog)
{
    struct json *object = json_new_object();

    json_set(object, "format", json_int(CATALOG_FORMAT));
    json_set(object, "center", json_text(catalog->center));
    json_set(object, "number", json_int(catalog->number));
    json_set(object, "issued", json_time(catalog->issued_ms));
    json_set(object, "lowest_software", json_text(catalog->lowest_software));
    json_set(object, "crl_digest", json_hex(catalog->crl_digest.bytes, DIGEST_BYTES));
    json_set(object, "packages", encode_objects(catalog->packages, catalog->package_count));
    json_set(object, "tickets", encode_objects(catalog->tickets, catalog->ticket_count));
    json_set(object, "sessions", encode_sessions(catalog));
    return object;
}

/* What we write we can read: every bound is checked in one place, the decoder. */
bool catalog_encode(const struct catalog *catalog, struct buffer *json, struct error *err)
{
    const size_t before = json->len;
    struct json *object = encode(catalog);
    struct catalog *again = NULL;

    if (json_write(object, json, err))
        again = catalog_decode(bytes_of(json->data + before, json->len - before), err);
    if (again == NULL)
        buffer_cut(json, before);
    json_free(object);
    catalog_free(again);
    return again != NULL;
}

/* --- JSON in ------------------------------------------------------------------------------------------- */

static bool is_object_id(const char *text)
{
    char session[SESSION_ID_SIZE];
    unsigned epoch;

    return object_id_parse(text, session, &epoch);
}

static void *array_of(struct json_reader *reader, struct catalog *catalog, size_t count, size_t size)
{
    void *room = arena_array(&catalog->arena, count, size);

    if (room == NULL)
        json_fail(reader, "no memory for its lists");
    return room;
}

static bool decode_object(const struct json *value, field_rule *id_rule, struct arena *arena,
    struct catalog_object *object, struct error *err)
{
    struct json_reader reader = json_reader(value, "an object of the catalog", err);

    object->id = field_get_string(&reader, "id", id_rule, arena, OBJECT_ID_SIZE - 1);
    json_get_hex(&reader, "digest", object->digest.bytes, DIGEST_BYTES);
    object->bytes = json_get_int(&reader, "bytes", 1, PACKAGE_MAX_BYTES);
    return json_done(&reader);
}

static const struct catalog_object *decode_objects(struct json_reader *reader, const char *name, size_t max,
    field_rule *id_rule, struct catalog *catalog, size_t *count)
{
    const struct json *array = json_get_array(reader, name, max);
    const size_t entries = json_count(array);
    struct catalog_object *objects = array_of(reader, catalog, entries, sizeof *objects);

    for (size_t i = 0; i < entries && !reader->failed; i++)
        if (!decode_object(json_at(array, i), id_rule, &catalog->arena, &objects[i], reader->err))
            reader->failed = true;
    *count = entries;
    return objects;
}

static bool decode_session(
    const struct json *value, struct arena *arena, struct catalog_session *session, struct error *err)
{
    struct json_reader reader = json_reader(value, "a session of the catalog", err);

    session->id = field_get_string(&reader, "id", is_object_id, arena, OBJECT_ID_SIZE - 1);
    session->state = (enum session_state_known)json_get_enum(&reader, "state", states, KNOWN_STATES);
    session->is_wanted = json_get_bool(&reader, "wanted");
    return json_done(&reader);
}

static void decode_sessions(struct json_reader *reader, struct catalog *catalog)
{
    const struct json *array = json_get_array(reader, "sessions", CATALOG_SESSIONS_MAX);
    const size_t count = json_count(array);
    struct catalog_session *sessions = array_of(reader, catalog, count, sizeof *sessions);

    for (size_t i = 0; i < count && !reader->failed; i++)
        if (!decode_session(json_at(array, i), &catalog->arena, &sessions[i], reader->err))
            reader->failed = true;
    catalog->sessions = sessions;
    catalog->session_count = count;
}

static bool decode(const struct json *value, struct catalog *catalog, struct error *err)
{
    struct json_reader reader = json_reader(value, "the catalog", err);

    (void)field_get_format(&reader, CATALOG_FORMAT);
    field_get(&reader, "center", identifier_valid, catalog->center, sizeof catalog->center);
    catalog->number = json_get_int(&reader, "number", 1, INT64_MAX);
    catalog->issued_ms = json_get_time(&reader, "issued");
    field_get(&reader, "lowest_software", version_valid, catalog->lowest_software, VERSION_SIZE);
    json_get_hex(&reader, "crl_digest", catalog->crl_digest.bytes, DIGEST_BYTES);
    catalog->packages = decode_objects(
        &reader, "packages", CATALOG_PACKAGES_MAX, field_is_session, catalog, &catalog->package_count);
    catalog->tickets = decode_objects(
        &reader, "tickets", CATALOG_TICKETS_MAX, is_object_id, catalog, &catalog->ticket_count);
    decode_sessions(&reader, catalog);
    return json_done(&reader);
}

struct catalog *catalog_decode(struct bytes json, struct error *err)
{
    struct catalog *catalog = NULL;
    struct json *value = NULL;
    bool ok = false;

    if (json.len > CATALOG_MAX_BYTES) {
        error_set(err, ERROR_LIMIT, "a catalog has at most %u bytes", CATALOG_MAX_BYTES);
        goto done;
    }
    catalog = calloc(1, sizeof *catalog);
    if (catalog == NULL) {
        error_set(err, ERROR_NOMEM, "out of memory");
        goto done;
    }
    catalog->arena.max = 2 * CATALOG_MAX_BYTES;
    value = json_parse(json, err);
    ok = value != NULL && decode(value, catalog, err);
done:
    json_free(value);
    if (ok)
        return catalog;
    catalog_free(catalog);
    return NULL;
}

void catalog_free(struct catalog *catalog)
{
    if (catalog == NULL)
        return;
    arena_release(&catalog->arena);
    free(catalog);
}

/* --- signed -------------------------------------------------------------------------------------------- */

bool catalog_sign(
    const struct catalog *catalog, const struct identity *server, struct buffer *file, struct error *err)
{
    struct buffer json = {.max = CATALOG_MAX_BYTES};
    bool ok = catalog_encode(catalog, &json, err) &&
              cms_sign(OBJECT_CATALOG, buffer_bytes(&json), server, catalog->issued_ms, file, err);

    buffer_release(&json);
    return ok;
}

static bool is_ours(
    const struct catalog *catalog, const char *center, int64_t lowest_number, struct error *err)
{
    if (strcmp(catalog->center, center) != 0)
        return error_set(
            err, ERROR_REFUSED, "this catalog is for center %s, not %s", catalog->center, center);
    if (catalog->number < lowest_number)
        return error_set(err, ERROR_REFUSED, "this catalog has number %lld, and %lld was seen before",
            (long long)catalog->number, (long long)lowest_number);
    return true;
}

struct catalog *catalog_verify(struct bytes file, const struct trust *trust, const char *center,
    int64_t lowest_number, struct error *err)
{
    const struct cms_rules rules = {OBJECT_CATALOG, ROLE_SERVER, trust, CMS_AT_SIGNING};
    struct buffer json = {.max = CATALOG_MAX_BYTES};
    struct catalog *catalog = NULL;

    if (file.len > CATALOG_MAX_BYTES)
        error_set(err, ERROR_LIMIT, "a catalog has at most %u bytes", CATALOG_MAX_BYTES);
    else if (cms_verify(file, &rules, &json, NULL, err))
        catalog = catalog_decode(buffer_bytes(&json), err);
    buffer_release(&json);
    if (catalog == NULL || is_ours(catalog, center, lowest_number, err))
        return catalog;
    catalog_free(catalog);
    return NULL;
}
