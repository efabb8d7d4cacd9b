/* One table row a kind: its name, what it writes besides the common members, and how that is read. */
#include "core/record.h"

#include <assert.h>

#include "core/field.h"
#include "core/identifier.h"
#include "core/json.h"

enum { RECORD_FORMAT = 1 };
#define MOMENT_MAX_MS (INT64_C(1) << 52)          /* boot and exam time: what comes later is a lie */
#define WALL_MAX_MS INT64_C(253402300799999)      /* the last ms of the year 9999 */
#define DECODE_ARENA_BYTES (4 * RECORD_MAX_BYTES) /* a record's text and lists */

static const char *const run_reasons[RUN_REASONS] = {
    [RUN_BEGIN] = "begin",
    [RUN_SCREEN_RESTART] = "screen-restart",
    [RUN_RESUME] = "resume",
    [RUN_DISK] = "disk",
};
static const char *const phases[PHASES] = {
    [PHASE_AGREEMENT] = "agreement",
    [PHASE_TUTORIAL] = "tutorial",
    [PHASE_EXAM] = "exam",
    [PHASE_SURVEY] = "survey",
    [PHASE_ENDED] = "ended",
};
static const char *const end_reasons[END_REASONS] = {
    [END_SUBMITTED] = "submitted",
    [END_TIME] = "time",
    [END_DECLINED] = "declined",
    [END_STAFF] = "staff",
    [END_WINDOW] = "window",
};
static const char *const cover_reasons[COVER_REASONS] = {
    [COVER_NONE] = "none",
    [COVER_STAFF] = "staff",
    [COVER_LATE_SAVE] = "late-save",
    [COVER_SCREEN_GONE] = "screen-gone",
    [COVER_LOCK] = "lock",
};
static const char *const locks[LOCK_KINDS] = {
    [LOCK_NONE] = "none",
    [LOCK_X11] = "x11",
    [LOCK_CONSOLE] = "console",
    [LOCK_WAYLAND] = "wayland",
};
static const char *const contents[EXAM_CONTENTS] = {
    [CONTENT_LIVE] = "live",
    [CONTENT_PUBLIC] = "public",
    [CONTENT_PRACTICE] = "practice",
};

const char *end_reason_name(enum end_reason reason)
{
    return end_reasons[reason];
}

const char *phase_name(enum phase phase)
{
    return phases[phase];
}

/* --- start --------------------------------------------------------------------------------------------- */

static void encode_start(const struct record *record, struct json *object)
{
    json_set(object, "format", json_int(RECORD_FORMAT));
    json_set(object, "session", json_text(record->u.start.session));
    json_set(object, "epoch", json_int(record->u.start.epoch));
    json_set(object, "admission", json_text(record->u.start.admission));
    json_set(object, "candidate", json_text(record->u.start.candidate_id));
    json_set(object, "center", json_text(record->u.start.center));
    json_set(object, "seat", json_text(record->u.start.seat));
    json_set(object, "software", json_text(record->u.start.software));
    json_set(object, "package", json_text(record->u.start.package_id));
    json_set(object, "package_digest", json_hex(record->u.start.package.bytes, DIGEST_BYTES));
    json_set(object, "ticket_digest", json_hex(record->u.start.ticket.bytes, DIGEST_BYTES));
    json_set(object, "lock", json_text(locks[record->u.start.lock]));
    json_set(object, "content", json_text(contents[record->u.start.content]));
    json_set(object, "max_time_ms", json_int(record->u.start.max_time_ms));
}

static void decode_start(struct json_reader *reader, struct arena *arena, struct record *record)
{
    const size_t max = IDENTIFIER_SIZE - 1;

    (void)field_get_format(reader, RECORD_FORMAT);
    record->u.start.session =
        field_get_string(reader, "session", field_is_session, arena, SESSION_ID_SIZE - 1);
    record->u.start.epoch = (unsigned)json_get_int(reader, "epoch", 1, EPOCH_MAX);
    record->u.start.admission =
        field_get_string(reader, "admission", field_is_number, arena, NUMBER_SIZE - 1);
    record->u.start.candidate_id = field_get_string(reader, "candidate", field_is_candidate, arena, max);
    record->u.start.center = field_get_string(reader, "center", identifier_valid, arena, max);
    record->u.start.seat = field_get_string(reader, "seat", identifier_valid, arena, max);
    record->u.start.software = field_get_string(reader, "software", version_valid, arena, VERSION_SIZE - 1);
    record->u.start.package_id =
        field_get_string(reader, "package", field_is_session, arena, SESSION_ID_SIZE - 1);
    json_get_hex(reader, "package_digest", record->u.start.package.bytes, DIGEST_BYTES);
    json_get_hex(reader, "ticket_digest", record->u.start.ticket.bytes, DIGEST_BYTES);
    record->u.start.lock = (enum lock_kind)json_get_enum(reader, "lock", locks, LOCK_KINDS);
    record->u.start.content = (enum exam_content)json_get_enum(reader, "content", contents, EXAM_CONTENTS);
    record->u.start.max_time_ms = json_get_int(reader, "max_time_ms", 1000, EXAM_TIME_MAX_MS);
}

/* --- run ----------------------------------------------------------------------------------------------- */

static bool is_by_code(enum run_reason reason)
{
    return reason == RUN_BEGIN || reason == RUN_RESUME;
}

static void encode_run(const struct record *record, struct json *object)
{
    json_set(object, "reason", json_text(run_reasons[record->u.run.reason]));
    json_set(object, "boot_id", json_text(record->u.run.boot_id));
    if (!is_by_code(record->u.run.reason))
        return;
    json_set(object, "code", json_text(code_kind_name(record->u.run.code)));
    json_set(object, "code_number", json_int(record->u.run.code_number));
    json_set(object, "initials", json_text(record->u.run.initials));
    if (record->u.run.reason != RUN_RESUME)
        return;
    json_set(object, "gap_ms", json_int(record->u.run.gap_ms));
    json_set(object, "second", json_text(record->u.run.second));
}

static void decode_run(struct json_reader *reader, struct arena *arena, struct record *record)
{
    const char *const codes[CODE_KINDS] = {
        code_kind_name(CODE_START), code_kind_name(CODE_RESUME), code_kind_name(CODE_ROOM)};
    static_assert(CODE_KINDS == 3, "name them all");

    record->u.run.reason = (enum run_reason)json_get_enum(reader, "reason", run_reasons, RUN_REASONS);
    record->u.run.boot_id = field_get_string(reader, "boot_id", identifier_valid, arena, BOOT_ID_SIZE - 1);
    record->u.run.initials = record->u.run.second = "";
    if (!is_by_code(record->u.run.reason))
        return;
    record->u.run.code = (enum code_kind)json_get_enum(reader, "code", codes, CODE_KINDS);
    record->u.run.code_number = (unsigned)json_get_int(reader, "code_number", 1, RESUME_CODES);
    record->u.run.initials =
        field_get_string(reader, "initials", field_is_initials, arena, INITIALS_SIZE - 1);
    if (record->u.run.reason != RUN_RESUME)
        return;
    record->u.run.gap_ms = json_get_int(reader, "gap_ms", 0, WALL_MAX_MS);
    record->u.run.second = field_get_string(reader, "second", field_is_initials, arena, INITIALS_SIZE - 1);
}

/* --- form ---------------------------------------------------------------------------------------------- */

static struct json *encode_texts(const char *const *texts, size_t count)
{
    struct json *array = json_new_array();

    for (size_t i = 0; i < count; i++)
        json_add(array, json_text(texts[i]));
    return array;
}

static void encode_form(const struct record *record, struct json *object)
{
    struct json *items = json_new_array();

    for (size_t i = 0; i < record->u.form.count; i++) {
        const struct record_form_item *item = &record->u.form.items[i];
        struct json *entry = json_new_object();
        json_set(entry, "item", json_text(item->item));
        json_set(entry, "version", json_text(item->version));
        json_set(entry, "choices", encode_texts(item->choices, item->choice_count));
        json_add(items, entry);
    }
    json_set(object, "items", items);
}

/* A list of texts of at most max entries; their number in *count. */
static const char *const *decode_texts(struct json_reader *reader, const char *name, size_t max,
    field_rule *rule, size_t max_bytes, struct arena *arena, size_t *count)
{
    const struct json *array = json_get_array(reader, name, max);
    const size_t entries = json_count(array);
    const char **texts = arena_array(arena, entries, sizeof *texts);

    *count = 0;
    if (texts == NULL) {
        json_fail(reader, "no memory for \"%s\"", name);
        return NULL;
    }
    for (size_t i = 0; i < entries; i++)
        texts[i] = field_at(reader, array, i, name, rule, arena, max_bytes);
    *count = entries;
    return texts;
}

static bool decode_form_item(
    const struct json *value, struct arena *arena, struct record_form_item *item, struct error *err)
{
    struct json_reader reader = json_reader(value, "an item of the form", err);

    item->item = field_get_string(&reader, "item", identifier_valid, arena, IDENTIFIER_SIZE - 1);
    item->version = field_get_string(&reader, "version", identifier_valid, arena, IDENTIFIER_SIZE - 1);
    item->choices = decode_texts(&reader, "choices", CHOICES_MAX, identifier_valid_qti, IDENTIFIER_SIZE - 1,
        arena, &item->choice_count);
    return json_done(&reader);
}

static void decode_form(struct json_reader *reader, struct arena *arena, struct record *record)
{
    const struct json *array = json_get_array(reader, "items", FORM_ITEMS_MAX);
    const size_t count = json_count(array);
    struct record_form_item *items = arena_array(arena, count, sizeof *items);

    if (items == NULL) {
        json_fail(reader, "no memory for \"items\"");
        return;
    }
    for (size_t i = 0; i < count && !reader->failed; i++)
        if (!decode_form_item(json_at(array, i), arena, &items[i], reader->err))
            reader->failed = true;
    record->u.form.items = items;
    record->u.form.count = count;
}

/* --- what the candidate does --------------------------------------------------------------------------- */

static void encode_phase(const struct record *record, struct json *object)
{
    json_set(object, "phase", json_text(phases[record->u.phase.phase]));
}

static void decode_phase(struct json_reader *reader, struct arena *arena, struct record *record)
{
    (void)arena; /* no text in it */
    record->u.phase.phase = (enum phase)json_get_enum(reader, "phase", phases, PHASES);
}

static void set_position(struct json *object, size_t position)
{
    json_set(object, "position", json_int((int64_t)position));
}

static size_t get_position(struct json_reader *reader)
{
    return (size_t)json_get_int(reader, "position", 0, FORM_ITEMS_MAX);
}

static void encode_visit(const struct record *record, struct json *object)
{
    set_position(object, record->u.visit.position);
}

static void decode_visit(struct json_reader *reader, struct arena *arena, struct record *record)
{
    (void)arena; /* no text in it */
    record->u.visit.position = get_position(reader);
}

static void encode_response(const struct record *record, struct json *object)
{
    set_position(object, record->u.response.position);
    json_set(object, "response", json_text(record->u.response.response));
    json_set(object, "values", encode_texts(record->u.response.values, record->u.response.count));
}

/* A value may be a text that a candidate wrote: anything but NUL, which JSON's reader refuses. */
static bool is_value(const char *text)
{
    (void)text;
    return true;
}

static void decode_response(struct json_reader *reader, struct arena *arena, struct record *record)
{
    record->u.response.position = get_position(reader);
    record->u.response.response =
        field_get_string(reader, "response", identifier_valid_qti, arena, IDENTIFIER_SIZE - 1);
    record->u.response.values = decode_texts(
        reader, "values", CHOICES_MAX, is_value, RECORD_MAX_BYTES, arena, &record->u.response.count);
}

static void encode_flag(const struct record *record, struct json *object)
{
    set_position(object, record->u.flag.position);
    json_set(object, "on", json_bool(record->u.flag.on));
}

static void decode_flag(struct json_reader *reader, struct arena *arena, struct record *record)
{
    (void)arena; /* no text in it */
    record->u.flag.position = get_position(reader);
    record->u.flag.on = json_get_bool(reader, "on");
}

static void encode_survey(const struct record *record, struct json *object)
{
    json_set(object, "question", json_text(record->u.survey.question));
    json_set(object, "choice", json_text(record->u.survey.choice));
}

static void decode_survey(struct json_reader *reader, struct arena *arena, struct record *record)
{
    record->u.survey.question =
        field_get_string(reader, "question", identifier_valid, arena, IDENTIFIER_SIZE - 1);
    record->u.survey.choice = field_get_string(reader, "choice", is_value, arena, BLOCK_TEXT_MAX_BYTES);
}

/* --- what staff and the seat do ------------------------------------------------------------------------ */

static void encode_beat(const struct record *record, struct json *object)
{
    (void)record;
    (void)object; /* the common members are all it says */
}

static void decode_beat(struct json_reader *reader, struct arena *arena, struct record *record)
{
    (void)reader;
    (void)arena;
    (void)record;
}

static void encode_cover(const struct record *record, struct json *object)
{
    json_set(object, "reason", json_text(cover_reasons[record->u.cover.reason]));
}

static void decode_cover(struct json_reader *reader, struct arena *arena, struct record *record)
{
    (void)arena; /* no text in it */
    record->u.cover.reason = (enum cover_reason)json_get_enum(reader, "reason", cover_reasons, COVER_REASONS);
}

static void encode_staff(const struct record *record, struct json *object)
{
    json_set(object, "act", json_text(record->u.staff.act));
    json_set(object, "initials", json_text(record->u.staff.initials));
    json_set(object, "reason", json_text(record->u.staff.reason));
}

static void decode_staff(struct json_reader *reader, struct arena *arena, struct record *record)
{
    record->u.staff.act = field_get_string(reader, "act", identifier_valid, arena, IDENTIFIER_SIZE - 1);
    record->u.staff.initials =
        field_get_string(reader, "initials", field_is_initials, arena, INITIALS_SIZE - 1);
    record->u.staff.reason = field_get_string(reader, "reason", field_is_remark, arena, NAME_SIZE - 1);
}

static void encode_credit(const struct record *record, struct json *object)
{
    json_set(object, "ms", json_int(record->u.credit.ms));
    json_set(object, "reason", json_text(record->u.credit.reason));
    json_set(object, "initials", json_text(record->u.credit.initials));
    json_set(object, "second", json_text(record->u.credit.second));
}

static void decode_credit(struct json_reader *reader, struct arena *arena, struct record *record)
{
    const size_t max = INITIALS_SIZE - 1;

    record->u.credit.ms = json_get_int(reader, "ms", 1, SESSION_TIME_MAX_MS);
    record->u.credit.reason = field_get_string(reader, "reason", field_is_line, arena, NAME_SIZE - 1);
    record->u.credit.initials = field_get_string(reader, "initials", field_is_initials, arena, max);
    record->u.credit.second = field_get_string(reader, "second", field_is_initials, arena, max);
}

static void encode_end(const struct record *record, struct json *object)
{
    json_set(object, "reason", json_text(end_reasons[record->u.end.reason]));
}

static void decode_end(struct json_reader *reader, struct arena *arena, struct record *record)
{
    (void)arena; /* no text in it */
    record->u.end.reason = (enum end_reason)json_get_enum(reader, "reason", end_reasons, END_REASONS);
}

/* --- all kinds ----------------------------------------------------------------------------------------- */

static const struct kind {
    const char *name;
    void (*encode)(const struct record *record, struct json *object);
    void (*decode)(struct json_reader *reader, struct arena *arena, struct record *record);
} kinds[RECORD_KINDS] = {
    [RECORD_START] = {"start", encode_start, decode_start},
    [RECORD_RUN] = {"run", encode_run, decode_run},
    [RECORD_FORM] = {"form", encode_form, decode_form},
    [RECORD_PHASE] = {"phase", encode_phase, decode_phase},
    [RECORD_VISIT] = {"visit", encode_visit, decode_visit},
    [RECORD_RESPONSE] = {"response", encode_response, decode_response},
    [RECORD_FLAG] = {"flag", encode_flag, decode_flag},
    [RECORD_BEAT] = {"beat", encode_beat, decode_beat},
    [RECORD_COVER] = {"cover", encode_cover, decode_cover},
    [RECORD_STAFF] = {"staff", encode_staff, decode_staff},
    [RECORD_CREDIT] = {"credit", encode_credit, decode_credit},
    [RECORD_SURVEY] = {"survey", encode_survey, decode_survey},
    [RECORD_END] = {"end", encode_end, decode_end},
};

const char *record_kind_name(enum record_kind kind)
{
    return kinds[kind].name;
}

static struct json *encode(const struct record *record)
{
    struct json *object = json_new_object();

    json_set(object, "kind", json_text(kinds[record->kind].name));
    json_set(object, "sequence", json_int((int64_t)record->sequence));
    json_set(object, "exam_ms", json_int(record->exam_ms));
    json_set(object, "boot_ms", json_int(record->boot_ms));
    json_set(object, "wall_ms", json_int(record->wall_ms));
    kinds[record->kind].encode(record, object);
    return object;
}

/* What is written can be read: a journal that holds a record nobody decodes would be lost as a whole. */
bool record_encode(const struct record *record, struct buffer *json, struct error *err)
{
    const size_t before = json->len;
    struct arena arena = {.max = DECODE_ARENA_BYTES};
    struct json *object = encode(record);
    struct record again;
    bool ok = json_write(object, json, err) &&
              record_decode(bytes_of(json->data + before, json->len - before), &arena, &again, err);

    if (!ok)
        buffer_cut(json, before);
    json_free(object);
    arena_release(&arena);
    return ok;
}

static bool decode(const struct json *value, struct arena *arena, struct record *record, struct error *err)
{
    struct json_reader reader = json_reader(value, "the record", err);
    const char *names[RECORD_KINDS];

    for (size_t i = 0; i < RECORD_KINDS; i++)
        names[i] = kinds[i].name;
    record->kind = (enum record_kind)json_get_enum(&reader, "kind", names, RECORD_KINDS);
    record->sequence = (uint64_t)json_get_int(&reader, "sequence", 0, INT64_MAX);
    record->exam_ms = json_get_int(&reader, "exam_ms", 0, MOMENT_MAX_MS);
    record->boot_ms = json_get_int(&reader, "boot_ms", 0, MOMENT_MAX_MS);
    record->wall_ms = json_get_int(&reader, "wall_ms", 0, WALL_MAX_MS);
    if (!reader.failed)
        kinds[record->kind].decode(&reader, arena, record);
    return json_done(&reader);
}

bool record_decode(struct bytes json, struct arena *arena, struct record *record, struct error *err)
{
    struct record found = {.kind = RECORD_BEAT};
    struct json *value = NULL;
    bool ok;

    if (json.len > RECORD_MAX_BYTES)
        return error_set(err, ERROR_LIMIT, "a record has at most %u bytes", RECORD_MAX_BYTES);
    value = json_parse(json, err);
    ok = value != NULL && decode(value, arena, &found, err);
    if (ok)
        *record = found;
    json_free(value);
    return ok;
}
