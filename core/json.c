/* The one module that knows Jansson. A struct json is a json_t under a name of ours: nothing is wrapped, so
 * that an exam.json of many megabytes is held once. */
#include "core/json.h"

#include <assert.h>
#include <jansson.h>
#include <malloc.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <threads.h>

#include "core/encoding.h"
#include "core/limits.h"
#include "core/secret.h"

/* Jansson ran out of memory while a value was put into another. Which tree is incomplete now is not known, so
 * nothing is written any more: an answer or a ticket with a member missing would be worse than none. */
static atomic_bool is_exhausted;

static json_t *raw(const struct json *value)
{
    union {
        const struct json *ours;
        json_t *jansson;
    } both = {value};

    return both.jansson;
}

static struct json *ours(json_t *value)
{
    return (struct json *)value;
}

/* What was parsed may be an exam or a ticket: Jansson's memory is wiped like every other of ours. */
static void wipe_and_free(void *memory)
{
    if (memory != NULL)
        explicit_bzero(memory, malloc_usable_size(memory));
    free(memory);
}

/* Seeding here keeps Jansson from opening /dev/urandom inside the sandbox. */
static void set_up_once(void)
{
    size_t seed = 0;

    json_set_alloc_funcs(malloc, wipe_and_free);
    while (seed == 0)
        random_bytes(&seed, sizeof seed);
    json_object_seed(seed);
}

static void set_up(void)
{
    static once_flag once = ONCE_FLAG_INIT;

    call_once(&once, set_up_once);
}

/* --- the values we accept ------------------------------------------------------------------------------ */

static const char *fault_of(json_t *value, unsigned depth);

static const char *fault_of_object(json_t *object, unsigned depth)
{
    const char *name, *fault;
    json_t *value;

    json_object_foreach(object, name, value)
    {
        fault = fault_of(value, depth + 1);
        if (fault != NULL)
            return fault;
    }
    return NULL;
}

static const char *fault_of_array(json_t *array, unsigned depth)
{
    const char *fault;
    json_t *value;
    size_t i;

    json_array_foreach(array, i, value)
    {
        fault = fault_of(value, depth + 1);
        if (fault != NULL)
            return fault;
    }
    return NULL;
}

/* What is wrong with a value at that depth, NULL if nothing. */
static const char *fault_of(json_t *value, unsigned depth)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT: return depth > JSON_MAX_DEPTH ? "it is nested too deep" : fault_of_object(value, depth);
    case JSON_ARRAY: return depth > JSON_MAX_DEPTH ? "it is nested too deep" : fault_of_array(value, depth);
    case JSON_NULL: return "it has a null";
    case JSON_REAL: return "it has a number that is not whole";
    case JSON_STRING:
    case JSON_INTEGER:
    case JSON_TRUE:
    case JSON_FALSE: return NULL;
    }
    return "it has a value of no known type";
}

/* Jansson's texts end in "near 'what stood there'", which may be an answer or a name: cut off. */
static bool set_parse_error(struct error *err, const json_error_t *reason)
{
    const char *near = strstr(reason->text, " near ");
    const int len = near == NULL ? (int)strlen(reason->text) : (int)(near - reason->text);

    return error_set(err, ERROR_FORMAT, "not strict JSON: %.*s in line %d, column %d", len, reason->text,
        reason->line, reason->column);
}

struct json *json_parse(struct bytes text, struct error *err)
{
    const char *fault;
    json_error_t reason;
    json_t *value;

    set_up();
    value =
        json_loadb(text.len == 0 ? "" : (const char *)text.data, text.len, JSON_REJECT_DUPLICATES, &reason);
    if (value == NULL) {
        set_parse_error(err, &reason);
        return NULL;
    }
    fault = fault_of(value, 1);
    if (fault != NULL) {
        error_set(err, ERROR_FORMAT, "not strict JSON: %s", fault);
        json_decref(value);
        return NULL;
    }
    return ours(value);
}

static int add_to_buffer(const char *text, size_t len, void *buffer)
{
    return buffer_add(buffer, text, len) ? 0 : -1;
}

bool json_write(const struct json *value, struct buffer *out, struct error *err)
{
    const size_t before = out->len;
    const char *fault;

    if (value == NULL || atomic_load(&is_exhausted))
        return error_set(err, ERROR_NOMEM, "no memory for JSON");
    fault = fault_of(raw(value), 1);
    if (fault != NULL)
        return error_set(err, ERROR_FORMAT, "cannot write JSON: %s", fault);
    if (json_dump_callback(raw(value), add_to_buffer, out, JSON_COMPACT | JSON_SORT_KEYS) == 0)
        return true;
    buffer_cut(out, before);
    return out->failed ? error_set(err, ERROR_LIMIT, "the JSON is larger than %zu bytes", out->max)
                       : error_set(err, ERROR_FORMAT, "only an object or an array is written as JSON");
}

void json_free(struct json *value)
{
    json_decref(raw(value));
}

/* --- reading ------------------------------------------------------------------------------------------- */

bool json_fail(struct json_reader *reader, const char *format, ...)
{
    char text[sizeof((struct error *)NULL)->text];
    va_list args;

    if (reader->failed)
        return false; /* the first reason is the one that tells */
    reader->failed = true;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return error_set(reader->err, ERROR_FORMAT, "%s: %s", reader->what, text);
}

struct json_reader json_reader(const struct json *value, const char *what, struct error *err)
{
    struct json_reader reader = {.object = value, .what = what, .err = err};

    if (value == NULL || !json_is_object(raw(value)))
        json_fail(&reader, "is not an object");
    return reader;
}

bool json_has(const struct json_reader *reader, const char *name)
{
    return !reader->failed && json_object_get(raw(reader->object), name) != NULL;
}

static json_t *take(struct json_reader *reader, const char *name)
{
    json_t *value;

    if (reader->failed)
        return NULL;
    value = json_object_get(raw(reader->object), name);
    if (value == NULL)
        json_fail(reader, "\"%s\" is missing", name);
    else
        reader->members++;
    return value;
}

/* A member that is a string of at most max bytes; "" and *len 0 otherwise. */
static const char *take_text(struct json_reader *reader, const char *name, size_t max, size_t *len)
{
    json_t *value = take(reader, name);

    *len = 0;
    if (value == NULL)
        return "";
    if (!json_is_string(value)) {
        json_fail(reader, "\"%s\" is not a text", name);
        return "";
    }
    if (json_string_length(value) > max) {
        json_fail(reader, "\"%s\" is longer than %zu bytes", name, max);
        return "";
    }
    *len = json_string_length(value);
    return json_string_value(value);
}

void json_get_text(struct json_reader *reader, const char *name, char *text, size_t size)
{
    size_t len;
    const char *value = take_text(reader, name, size - 1, &len);

    memcpy(text, value, len);
    text[len] = '\0';
}

const char *json_get_string(struct json_reader *reader, const char *name, struct arena *arena, size_t max)
{
    size_t len;
    const char *value = take_text(reader, name, max, &len);
    const char *copy = reader->failed ? NULL : arena_text(arena, value, len);

    if (copy == NULL && !reader->failed) {
        reader->failed = true;
        error_set(reader->err, ERROR_NOMEM, "%s: no memory for \"%s\"", reader->what, name);
    }
    return copy;
}

int64_t json_get_int(struct json_reader *reader, const char *name, int64_t min, int64_t max)
{
    json_t *value = take(reader, name);

    if (value == NULL)
        return 0;
    if (!json_is_integer(value)) {
        json_fail(reader, "\"%s\" is not a number", name);
        return 0;
    }
    if (json_integer_value(value) < min || json_integer_value(value) > max) {
        json_fail(reader, "\"%s\" is not between %lld and %lld", name, (long long)min, (long long)max);
        return 0;
    }
    return json_integer_value(value);
}

bool json_get_bool(struct json_reader *reader, const char *name)
{
    json_t *value = take(reader, name);

    if (value == NULL)
        return false;
    return json_is_boolean(value) ? json_is_true(value)
                                  : json_fail(reader, "\"%s\" is not true or false", name);
}

int64_t json_get_time(struct json_reader *reader, const char *name)
{
    size_t len;
    const char *text = take_text(reader, name, TIMESTAMP_SIZE - 1, &len);
    int64_t wall_ms = 0;

    if (!reader->failed && !timestamp_parse(text, &wall_ms))
        json_fail(reader, "\"%s\" is not a time like 2026-11-22T07:34:50.000Z", name);
    return wall_ms;
}

void json_get_hex(struct json_reader *reader, const char *name, uint8_t *data, size_t len)
{
    size_t text_len;
    const char *text = take_text(reader, name, 2 * len, &text_len);

    if (!reader->failed && !hex_decode(text, data, len))
        json_fail(reader, "\"%s\" is not %zu bytes in lower-case hex", name, len);
}

size_t json_get_enum(struct json_reader *reader, const char *name, const char *const *names, size_t count)
{
    size_t len;
    const char *text = take_text(reader, name, SIZE_MAX, &len);

    if (reader->failed)
        return 0;
    for (size_t i = 0; i < count; i++)
        if (names[i] != NULL && strcmp(text, names[i]) == 0)
            return i;
    json_fail(reader, "\"%s\" has a value that is not known", name);
    return 0;
}

const struct json *json_get_object(struct json_reader *reader, const char *name)
{
    json_t *value = take(reader, name);

    if (value != NULL && !json_is_object(value)) {
        json_fail(reader, "\"%s\" is not an object", name);
        return NULL;
    }
    return ours(value);
}

const struct json *json_get_array(struct json_reader *reader, const char *name, size_t max)
{
    json_t *value = take(reader, name);

    if (value == NULL)
        return NULL;
    if (!json_is_array(value)) {
        json_fail(reader, "\"%s\" is not a list", name);
        return NULL;
    }
    if (json_array_size(value) > max) {
        json_fail(reader, "\"%s\" has more than %zu entries", name, max);
        return NULL;
    }
    return ours(value);
}

bool json_done(struct json_reader *reader)
{
    if (reader->failed)
        return false;
    return reader->members == json_object_size(raw(reader->object)) ||
           json_fail(reader, "has members that are not known");
}

bool json_is_list(const struct json *value)
{
    return value != NULL && json_is_array(raw(value));
}

size_t json_count(const struct json *array)
{
    return array == NULL ? 0 : json_array_size(raw(array));
}

const struct json *json_at(const struct json *array, size_t index)
{
    return array == NULL ? NULL : ours(json_array_get(raw(array), index));
}

const char *json_text_value(const struct json *value)
{
    return value == NULL ? NULL : json_string_value(raw(value));
}

/* --- writing ------------------------------------------------------------------------------------------- */

struct json *json_new_object(void)
{
    set_up();
    return ours(json_object());
}

struct json *json_new_array(void)
{
    set_up();
    return ours(json_array());
}

struct json *json_text(const char *text)
{
    set_up();
    return ours(json_string(text));
}

struct json *json_int(int64_t number)
{
    set_up();
    return ours(json_integer(number));
}

struct json *json_bool(bool value)
{
    return ours(json_boolean(value));
}

struct json *json_time(int64_t wall_ms)
{
    char text[TIMESTAMP_SIZE];

    timestamp_format(wall_ms, text);
    return json_text(text);
}

struct json *json_hex(const uint8_t *data, size_t len)
{
    char *text = malloc(2 * len + 1);
    struct json *value;

    if (text == NULL)
        return NULL;
    hex_encode(data, len, text);
    value = json_text(text);
    wipe_and_free(text);
    return value;
}

/* A value that could not be made becomes a null, which json_write refuses. */
static json_t *or_null(struct json *value)
{
    return value == NULL ? json_null() : raw(value);
}

void json_set(struct json *object, const char *name, struct json *value_take)
{
    if (object == NULL) {
        json_free(value_take);
        return; /* whoever gets the object fails */
    }
    if (json_object_set_new(raw(object), name, or_null(value_take)) != 0)
        atomic_store(&is_exhausted, true);
}

void json_add(struct json *array, struct json *value_take)
{
    if (array == NULL) {
        json_free(value_take);
        return;
    }
    if (json_array_append_new(raw(array), or_null(value_take)) != 0)
        atomic_store(&is_exhausted, true);
}
