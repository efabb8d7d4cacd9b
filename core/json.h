/* json.h: JSON (RFC 8259) read strictly and written in one form. Jansson enters through json.c alone.
 *
 * Reading: one object or array, UTF-8, no duplicate names, no NUL, no null, nothing behind the value, at most
 * JSON_MAX_DEPTH deep, whole numbers within 64 bits. Error texts never repeat what was read. An object's
 * reader names every member it knows with json_get_*, then calls json_done, which refuses members nobody
 * asked for: what we do not understand we do not accept. Writing: names sorted, no spaces, no escapes that
 * are not needed: the same value gives the same bytes. */
#ifndef CARREL_JSON_H
#define CARREL_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/buffer.h"
#include "core/error.h"

struct json; /* a value; counted */

struct json *json_parse(struct bytes text, struct error *err);
bool json_write(const struct json *value, struct buffer *out, struct error *err);
void json_free(struct json *value); /* NULL is fine */

/* --- reading ----------------------------------------------------------------------------------------------
 */
/* A cursor over one object. what names it in error texts ("ticket"). After the first failure every further
 * call returns nothing, so a decoder may read all its members and check json_done once. Ask for each name
 * once: a member counted twice would hide one that nobody asked for. */
struct json_reader {
    const struct json *object;
    const char *what;
    struct error *err;
    unsigned members; /* asked for and found */
    bool failed;
};

struct json_reader json_reader(const struct json *value, const char *what, struct error *err);
bool json_has(const struct json_reader *reader, const char *name);
/* Copies into text[size]; a longer one is an error. */
void json_get_text(struct json_reader *reader, const char *name, char *text, size_t size);
/* A copy in the arena, of at most max bytes. NULL on failure. */
const char *json_get_string(struct json_reader *reader, const char *name, struct arena *arena, size_t max);
int64_t json_get_int(struct json_reader *reader, const char *name, int64_t min, int64_t max);
bool json_get_bool(struct json_reader *reader, const char *name);
int64_t json_get_time(struct json_reader *reader, const char *name); /* RFC 3339, encoding.h */
/* Exactly len bytes as lower-case hex. */
void json_get_hex(struct json_reader *reader, const char *name, uint8_t *data, size_t len);
/* The index of the text in names[0..count-1]. */
size_t json_get_enum(struct json_reader *reader, const char *name, const char *const *names, size_t count);
const struct json *json_get_object(struct json_reader *reader, const char *name);
/* At most max elements. NULL on failure; borrowed. */
const struct json *json_get_array(struct json_reader *reader, const char *name, size_t max);
/* True if nothing failed and every member of the object was asked for. */
bool json_done(struct json_reader *reader);
/* For what a decoder itself finds wrong. Always false. */
bool json_fail(struct json_reader *reader, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* json_count is 0 for what is no list; json_is_list tells an empty one from something else. */
bool json_is_list(const struct json *value);
size_t json_count(const struct json *array);
const struct json *json_at(const struct json *array, size_t index);
const char *json_text_value(const struct json *value); /* NULL if it is no string; borrowed */

/* --- writing ----------------------------------------------------------------------------------------------
 */
/* Built from the leaves up. Every json_set/json_add takes its value over, and NULL values (no memory, text
 * that is not UTF-8) make the whole fail when it is written; so no call in between needs a check. Only
 * objects and arrays are written. */
struct json *json_new_object(void); /* Jansson has taken the shorter names */
struct json *json_new_array(void);
struct json *json_text(const char *text);
struct json *json_int(int64_t number);
struct json *json_bool(bool value);
struct json *json_time(int64_t wall_ms);
struct json *json_hex(const uint8_t *data, size_t len);
void json_set(struct json *object, const char *name, struct json *value_take);
void json_add(struct json *array, struct json *value_take);

#endif
