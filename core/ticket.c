#include "core/ticket.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/encoding.h"
#include "core/field.h"
#include "core/identifier.h"
#include "core/json.h"

enum { TICKET_FORMAT = 1 };

static const char *const themes[] = {"light", "dark", "contrast"};

/* --- ids ----------------------------------------------------------------------------------------------- */

void object_id(const char *session, unsigned epoch, char id[OBJECT_ID_SIZE])
{
    (void)snprintf(id, OBJECT_ID_SIZE, "%.32s-%u", session, epoch % (EPOCH_MAX + 1));
}

bool object_id_parse(const char *id, char session[SESSION_ID_SIZE], unsigned *epoch)
{
    char text[SESSION_ID_SIZE];
    int64_t number;

    if (strlen(id) < SESSION_ID_SIZE + 1 || id[SESSION_ID_SIZE - 1] != '-')
        return false;
    memcpy(text, id, SESSION_ID_SIZE - 1);
    text[SESSION_ID_SIZE - 1] = '\0';
    if (!field_is_session(text) || !number_parse(id + SESSION_ID_SIZE, 1, EPOCH_MAX, &number))
        return false;
    memcpy(session, text, sizeof text);
    *epoch = (unsigned)number;
    return true;
}

/* --- JSON out ------------------------------------------------------------------------------------------ */

static struct json *encode_candidate(const struct ticket *ticket)
{
    struct json *object = json_new_object();

    json_set(object, "id", json_text(ticket->candidate_id));
    json_set(object, "name", json_text(ticket->candidate_name));
    return object;
}

static struct json *encode_exam(const struct ticket *ticket)
{
    struct json *object = json_new_object();

    json_set(object, "package", json_text(ticket->package_id));
    json_set(object, "package_digest", json_hex(ticket->package_digest.bytes, DIGEST_BYTES));
    json_set(object, "title", json_text(ticket->exam_title));
    json_set(object, "short", json_text(ticket->exam_short));
    json_set(object, "language", json_text(ticket->exam_language));
    json_set(object, "items", json_int(ticket->item_count));
    json_set(object, "max_time_ms", json_int(ticket->max_time_ms));
    return object;
}

static struct json *encode_window(const struct ticket *ticket)
{
    struct json *object = json_new_object();

    json_set(object, "opens", json_time(ticket->opens_ms));
    json_set(object, "closes", json_time(ticket->closes_ms));
    json_set(object, "time_zone", json_text(ticket->time_zone));
    return object;
}

static struct json *encode_accommodations(const struct accommodations *accommodations)
{
    struct json *object = json_new_object();

    json_set(object, "time_factor", json_int(accommodations->time_factor));
    json_set(object, "theme", json_text(accommodations->theme));
    json_set(object, "zoom", json_int(accommodations->zoom));
    return object;
}

static struct json *encode_wraps(const struct wrap *wraps, size_t count)
{
    struct json *array = json_new_array();

    for (size_t i = 0; i < count; i++)
        json_add(array, json_hex(wraps[i].bytes, WRAPPED_BYTES));
    return array;
}

static struct json *encode_all_wraps(const struct ticket *ticket)
{
    struct json *object = json_new_object();

    json_set(object, "start", json_hex(ticket->start.bytes, WRAPPED_BYTES));
    json_set(object, "resume", encode_wraps(ticket->resume, RESUME_CODES));
    json_set(object, "room", encode_wraps(ticket->room, ROOM_CODES));
    return object;
}

static struct json *encode_seen(const struct ticket *ticket)
{
    struct json *array = json_new_array();

    for (size_t i = 0; i < ticket->seen_count; i++)
        json_add(array, json_text(ticket->seen[i]));
    return array;
}

static struct json *encode(const struct ticket *ticket)
{
    struct json *object = json_new_object();

    json_set(object, "format", json_int(TICKET_FORMAT));
    json_set(object, "session", json_text(ticket->session));
    json_set(object, "epoch", json_int(ticket->epoch));
    json_set(object, "number", json_int(ticket->number));
    json_set(object, "admission", json_text(ticket->admission));
    json_set(object, "sitting", json_text(ticket->sitting));
    json_set(object, "center", json_text(ticket->center));
    json_set(object, "candidate", encode_candidate(ticket));
    json_set(object, "exam", encode_exam(ticket));
    json_set(object, "form_seed", json_hex(ticket->form_seed, FORM_SEED_BYTES));
    json_set(object, "seen", encode_seen(ticket));
    json_set(object, "window", encode_window(ticket));
    json_set(object, "lowest_software", json_text(ticket->lowest_software));
    json_set(object, "accommodations", encode_accommodations(&ticket->accommodations));
    json_set(object, "wraps", encode_all_wraps(ticket));
    return object;
}

/* What we write we can read: every bound is checked in one place, the decoder. */
bool ticket_encode(const struct ticket *ticket, struct buffer *json, struct error *err)
{
    const size_t before = json->len;
    struct json *object = encode(ticket);
    struct ticket *again = NULL;

    if (json_write(object, json, err))
        again = ticket_decode(bytes_of(json->data + before, json->len - before), err);
    if (again == NULL)
        buffer_cut(json, before);
    json_free(object);
    ticket_free(again);
    return again != NULL;
}

/* --- JSON in ------------------------------------------------------------------------------------------- */

static bool is_theme(const char *text)
{
    for (size_t i = 0; i < sizeof themes / sizeof themes[0]; i++)
        if (strcmp(text, themes[i]) == 0)
            return true;
    return false;
}

static bool decode_candidate(const struct json *object, struct ticket *ticket, struct error *err)
{
    struct json_reader reader = json_reader(object, "the ticket's candidate", err);

    field_get(&reader, "id", field_is_candidate, ticket->candidate_id, sizeof ticket->candidate_id);
    field_get(&reader, "name", field_is_line, ticket->candidate_name, sizeof ticket->candidate_name);
    return json_done(&reader);
}

static bool decode_exam(const struct json *object, struct ticket *ticket, struct error *err)
{
    struct json_reader reader = json_reader(object, "the ticket's exam", err);

    field_get(&reader, "package", field_is_session, ticket->package_id, sizeof ticket->package_id);
    json_get_hex(&reader, "package_digest", ticket->package_digest.bytes, DIGEST_BYTES);
    field_get(&reader, "title", field_is_line, ticket->exam_title, sizeof ticket->exam_title);
    field_get(&reader, "short", field_is_line, ticket->exam_short, sizeof ticket->exam_short);
    field_get(&reader, "language", field_is_language, ticket->exam_language, sizeof ticket->exam_language);
    ticket->item_count = (unsigned)json_get_int(&reader, "items", 1, FORM_ITEMS_MAX);
    ticket->max_time_ms = json_get_int(&reader, "max_time_ms", 1000, SESSION_TIME_MAX_MS);
    return json_done(&reader);
}

static bool decode_window(const struct json *object, struct ticket *ticket, struct error *err)
{
    struct json_reader reader = json_reader(object, "the ticket's window", err);

    ticket->opens_ms = json_get_time(&reader, "opens");
    ticket->closes_ms = json_get_time(&reader, "closes");
    field_get(&reader, "time_zone", field_is_zone, ticket->time_zone, sizeof ticket->time_zone);
    if (!reader.failed && ticket->opens_ms >= ticket->closes_ms)
        json_fail(&reader, "it closes before it opens");
    return json_done(&reader);
}

static bool decode_accommodations(const struct json *object, struct accommodations *into, struct error *err)
{
    struct json_reader reader = json_reader(object, "the ticket's accommodations", err);

    into->time_factor = (unsigned)json_get_int(&reader, "time_factor", 1000, 4000);
    field_get(&reader, "theme", is_theme, into->theme, sizeof into->theme);
    into->zoom = (unsigned)json_get_int(&reader, "zoom", 100, 300);
    return json_done(&reader);
}

static void decode_wrap_list(struct json_reader *reader, const char *name, struct wrap *wraps, size_t count)
{
    const struct json *array = json_get_array(reader, name, count);

    if (!reader->failed && json_count(array) != count)
        json_fail(reader, "\"%s\" has %zu entries, not %zu", name, json_count(array), count);
    for (size_t i = 0; i < count && !reader->failed; i++) {
        const char *text = json_text_value(json_at(array, i));
        if (text == NULL || !hex_decode(text, wraps[i].bytes, WRAPPED_BYTES))
            json_fail(
                reader, "\"%s\" has an entry that is not %u bytes in lower-case hex", name, WRAPPED_BYTES);
    }
}

static bool decode_all_wraps(const struct json *object, struct ticket *ticket, struct error *err)
{
    struct json_reader reader = json_reader(object, "the ticket's wraps", err);

    json_get_hex(&reader, "start", ticket->start.bytes, WRAPPED_BYTES);
    decode_wrap_list(&reader, "resume", ticket->resume, RESUME_CODES);
    decode_wrap_list(&reader, "room", ticket->room, ROOM_CODES);
    return json_done(&reader);
}

static void decode_seen(struct json_reader *reader, struct ticket *ticket)
{
    const struct json *array = json_get_array(reader, "seen", ITEMS_MAX);
    const size_t count = json_count(array);
    const char **seen = arena_array(&ticket->arena, count, sizeof *seen);

    if (seen == NULL) {
        json_fail(reader, "no memory for \"seen\"");
        return;
    }
    for (size_t i = 0; i < count; i++)
        seen[i] = field_at(reader, array, i, "seen", identifier_valid, &ticket->arena, IDENTIFIER_SIZE - 1);
    ticket->seen = seen;
    ticket->seen_count = count;
}

static bool decode(const struct json *value, struct ticket *ticket, struct error *err)
{
    struct json_reader reader = json_reader(value, "the ticket", err);
    const struct json *candidate, *exam, *window, *accommodations, *wraps;

    (void)field_get_format(&reader, TICKET_FORMAT);
    field_get(&reader, "session", field_is_session, ticket->session, sizeof ticket->session);
    ticket->epoch = (unsigned)json_get_int(&reader, "epoch", 1, EPOCH_MAX);
    ticket->number = json_get_int(&reader, "number", 1, INT64_MAX);
    field_get(&reader, "admission", field_is_number, ticket->admission, sizeof ticket->admission);
    field_get(&reader, "sitting", field_is_session, ticket->sitting, sizeof ticket->sitting);
    field_get(&reader, "center", identifier_valid, ticket->center, sizeof ticket->center);
    json_get_hex(&reader, "form_seed", ticket->form_seed, FORM_SEED_BYTES);
    decode_seen(&reader, ticket);
    field_get(&reader, "lowest_software", version_valid, ticket->lowest_software, VERSION_SIZE);
    candidate = json_get_object(&reader, "candidate");
    exam = json_get_object(&reader, "exam");
    window = json_get_object(&reader, "window");
    accommodations = json_get_object(&reader, "accommodations");
    wraps = json_get_object(&reader, "wraps");
    return json_done(&reader) && decode_candidate(candidate, ticket, err) && decode_exam(exam, ticket, err) &&
           decode_window(window, ticket, err) &&
           decode_accommodations(accommodations, &ticket->accommodations, err) &&
           decode_all_wraps(wraps, ticket, err);
}

struct ticket *ticket_decode(struct bytes json, struct error *err)
{
    struct ticket *ticket = NULL;
    struct json *value = NULL;
    bool ok = false;

    if (json.len > TICKET_MAX_BYTES) {
        error_set(err, ERROR_LIMIT, "a ticket has at most %u bytes", TICKET_MAX_BYTES);
        goto done;
    }
    ticket = calloc(1, sizeof *ticket);
    if (ticket == NULL) {
        error_set(err, ERROR_NOMEM, "out of memory");
        goto done;
    }
    ticket->arena.max = TICKET_MAX_BYTES;
    value = json_parse(json, err);
    ok = value != NULL && decode(value, ticket, err);
done:
    json_free(value);
    if (ok)
        return ticket;
    ticket_free(ticket);
    return NULL;
}

void ticket_free(struct ticket *ticket)
{
    if (ticket == NULL)
        return;
    arena_release(&ticket->arena);
    explicit_bzero(ticket, sizeof *ticket);
    free(ticket);
}
