#include "kiosk/seat/memory.h"

#include <stdlib.h>
#include <string.h>

#include "core/json.h"
#include "core/outfile.h"

static const char *const state_names[MEMORY_STATES] = {
    [MEMORY_OPENING] = "opening",
    [MEMORY_BEGUN] = "begun",
    [MEMORY_STORED] = "stored",
    [MEMORY_RECEIVED] = "received",
};

static void decode_session(
    const struct json *value, struct memory_session *session, struct error *err, bool *ok)
{
    struct json_reader reader = json_reader(value, "state.json: session", err);

    json_get_text(&reader, "id", session->id, sizeof session->id);
    session->state = (enum memory_state)json_get_enum(&reader, "state", state_names, MEMORY_STATES);
    for (int kind = 0; kind < CODE_KINDS; kind++)
        session->codes_used[kind] =
            (unsigned)json_get_int(&reader, code_kind_name((enum code_kind)kind), 0, UINT32_MAX);
    session->closes_ms = json_get_time(&reader, "closes");
    session->limit_ms = json_get_int(&reader, "limit_ms", 0, INT64_MAX);
    session->done_ms = json_get_time(&reader, "done");
    json_get_hex(&reader, "transcript", session->transcript.bytes, sizeof session->transcript.bytes);
    *ok = json_done(&reader) && *ok;
}

static bool decode(struct memory *memory, struct bytes text, struct error *err)
{
    struct json *json = json_parse(text, err);
    struct json_reader reader = json_reader(json, "state.json", err);
    const struct json *sessions = NULL;
    bool ok = json != NULL;

    if (!ok)
        return false;
    (void)json_get_int(&reader, "format", 1, 1);
    memory->catalog_number = json_get_int(&reader, "catalog", 0, INT64_MAX);
    memory->seen.signed_ms = json_get_time(&reader, "newest");
    memory->seen.is_fresh = json_get_bool(&reader, "newest_fresh");
    memory->seen.boot_ms = json_get_int(&reader, "newest_boot_ms", 0, INT64_MAX);
    json_get_text(&reader, "newest_boot_id", memory->seen.boot_id, sizeof memory->seen.boot_id);
    sessions = json_get_array(&reader, "sessions", MEMORY_SESSIONS_MAX);
    ok = json_done(&reader);
    for (size_t i = 0; ok && i < json_count(sessions); i++)
        decode_session(json_at(sessions, i), &memory->sessions[memory->count++], err, &ok);
    json_free(json);
    return ok;
}

struct memory *memory_load(const char *seat_folder, struct error *err)
{
    struct memory *memory = calloc(1, sizeof *memory);
    struct buffer text = {.max = MEMORY_MAX_BYTES};
    struct error reason = {0};
    bool ok = false;

    if (memory != NULL)
        memory->sessions = calloc(MEMORY_SESSIONS_MAX, sizeof *memory->sessions);
    if (memory == NULL || memory->sessions == NULL) {
        error_set(err, ERROR_NOMEM, "out of memory");
        goto done;
    }
    if (!path_join(memory->path, seat_folder, MEMORY_FILE, err))
        goto done;
    ok = file_read(memory->path, &text, &reason) ? decode(memory, buffer_bytes(&text), err)
                                                 : reason.code == ERROR_NOT_FOUND;
    if (!ok && reason.code != ERROR_NONE)
        *err = reason;
done:
    buffer_release(&text);
    if (!ok) {
        memory_free(memory);
        return NULL;
    }
    return memory;
}

void memory_free(struct memory *memory)
{
    if (memory == NULL)
        return;
    free(memory->sessions);
    free(memory);
}

struct memory_session *memory_find(struct memory *memory, const char *id)
{
    for (size_t i = 0; i < memory->count; i++)
        if (strcmp(memory->sessions[i].id, id) == 0)
            return &memory->sessions[i];
    return NULL;
}

struct memory_session *memory_add(struct memory *memory, const char *id, struct error *err)
{
    struct memory_session *session;

    if (memory->count == MEMORY_SESSIONS_MAX || strlen(id) >= sizeof session->id) {
        error_set(
            err, ERROR_LIMIT, "this seat remembers %u sessions and can take no more", MEMORY_SESSIONS_MAX);
        return NULL;
    }
    session = &memory->sessions[memory->count++];
    *session = (struct memory_session){0};
    memcpy(session->id, id, strlen(id) + 1);
    return session;
}

void memory_remove(struct memory *memory, struct memory_session *session)
{
    size_t place = (size_t)(session - memory->sessions);

    memmove(session, session + 1, (memory->count - place - 1) * sizeof *session);
    memory->count--;
}

static struct json *encode_session(const struct memory_session *session)
{
    struct json *json = json_new_object();

    json_set(json, "id", json_text(session->id));
    json_set(json, "state", json_text(state_names[session->state]));
    for (int kind = 0; kind < CODE_KINDS; kind++)
        json_set(json, code_kind_name((enum code_kind)kind), json_int(session->codes_used[kind]));
    json_set(json, "closes", json_time(session->closes_ms));
    json_set(json, "limit_ms", json_int(session->limit_ms));
    json_set(json, "done", json_time(session->done_ms));
    json_set(json, "transcript", json_hex(session->transcript.bytes, sizeof session->transcript.bytes));
    return json;
}

static bool encode(const struct memory *memory, struct buffer *text, struct error *err)
{
    struct json *json = json_new_object();
    struct json *sessions = json_new_array();
    bool ok;

    for (size_t i = 0; i < memory->count; i++)
        json_add(sessions, encode_session(&memory->sessions[i]));
    json_set(json, "format", json_int(1));
    json_set(json, "catalog", json_int(memory->catalog_number));
    json_set(json, "newest", json_time(memory->seen.signed_ms));
    json_set(json, "newest_fresh", json_bool(memory->seen.is_fresh));
    json_set(json, "newest_boot_ms", json_int(memory->seen.boot_ms));
    json_set(json, "newest_boot_id", json_text(memory->seen.boot_id));
    json_set(json, "sessions", sessions);
    ok = json_write(json, text, err);
    json_free(json);
    return ok;
}

bool memory_save(const struct memory *memory, struct error *err)
{
    struct buffer text = {.max = MEMORY_MAX_BYTES};
    bool ok = encode(memory, &text, err) && outfile_save(memory->path, 0600, buffer_bytes(&text), err);

    buffer_release(&text);
    return ok;
}

bool memory_save_through(const struct memory *memory, const char *place, struct error *err)
{
    struct buffer text = {.max = MEMORY_MAX_BYTES};
    bool ok = encode(memory, &text, err) && outfile_fill(place, memory->path, buffer_bytes(&text), err);

    buffer_release(&text);
    return ok;
}

/* --- time
 * -------------------------------------------------------------------------------------------------------- */

static struct door_clock door_clock_of(const struct clock *clock)
{
    struct door_clock now = {.host_ms = clock_wall_ms(clock), .boot_ms = clock_boot_ms(clock)};

    clock_boot_id(now.boot_id);
    return now;
}

struct door_time memory_time(const struct memory *memory, const struct clock *clock)
{
    const struct door_clock now = door_clock_of(clock);

    return door_time(&now, &memory->seen);
}

int64_t memory_now_ms(const struct memory *memory, const struct clock *clock)
{
    const struct door_time time = memory_time(memory, clock);

    return time.trust == DOOR_CLOCK_AHEAD ? time.signed_ms : time.now_ms;
}

/* What is not fresh says less: it takes the place of a fresh time only where it is clearly later than that is by now. */
static bool is_news(const struct memory *memory, const struct clock *clock, int64_t signed_ms, bool is_fresh)
{
    const int64_t margin_ms = memory->seen.is_fresh ? DOOR_TOLERANCE_MS : 0;

    if (is_fresh)
        return signed_ms > memory->seen.signed_ms;
    return signed_ms > memory_time(memory, clock).signed_ms + margin_ms;
}

bool memory_saw(struct memory *memory, int64_t catalog_number, int64_t signed_ms, bool is_fresh,
    const struct clock *clock, struct error *err)
{
    const struct door_clock now = door_clock_of(clock);
    const bool is_later = is_news(memory, clock, signed_ms, is_fresh);

    if (is_later) {
        memory->seen =
            (struct door_seen){.signed_ms = signed_ms, .is_fresh = is_fresh, .boot_ms = now.boot_ms};
        memcpy(memory->seen.boot_id, now.boot_id, sizeof now.boot_id);
    }
    if (catalog_number <= memory->catalog_number)
        return !is_later || memory_save(memory, err);
    memory->catalog_number = catalog_number;
    return memory_save(memory, err);
}

/* --- codes
 * ------------------------------------------------------------------------------------------------------- */

static bool may_use(
    const struct memory_session *session, enum code_kind kind, unsigned number, struct error *err)
{
    const unsigned used = session->codes_used[kind];

    if (session->state >= MEMORY_STORED)
        return error_set(err, ERROR_REFUSED, "This exam was finished on this seat");
    if (kind == CODE_START && used != 0 && session->state != MEMORY_OPENING)
        return error_set(err, ERROR_REFUSED,
            "The start code has started this exam once. Use the next resume code of this candidate");
    if (kind == CODE_RESUME && used >> (number - 1) != 0)
        return error_set(
            err, ERROR_REFUSED, "This resume code, or a later one, was used. Use the next one on the sheet");
    if (kind == CODE_ROOM && (used >> (number - 1)) != 0)
        return error_set(err, ERROR_REFUSED, "This room code, or a later one, was used. Use the next one");
    return true;
}

bool memory_use_code(struct memory *memory, struct memory_session *session, enum code_kind kind,
    unsigned number, struct error *err)
{
    const unsigned before = session->codes_used[kind];

    if (!may_use(session, kind, number, err))
        return false;
    session->codes_used[kind] |= 1u << (number - 1);
    if (memory_save(memory, err))
        return true;
    session->codes_used[kind] = before;
    return false;
}
