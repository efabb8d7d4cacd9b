/* /v1/sittings: an exam, a center, a window; its codes; its admissions as they stand. */
#include "core/field.h"
#include "server/call.h"
#include "server/handlers/handlers.h"
#include "server/handlers/shapes.h"
#include "server/sealed_codes.h"

#define WINDOW_MAX_MS (366LL * 24 * 3600 * 1000)
#define EXAM_NAME_SIZE IDENTIFIER_SIZE

bool sitting_of_center(
    struct store *reader, const char *id, const char *center, struct sitting_row *row, struct error *err)
{
    return reader->sitting_get(reader, id, row, err) &&
           (strcmp(row->center, center) == 0 || error_set(err, ERROR_NOT_FOUND, "this sitting is not there"));
}

static struct json *sitting_json(const struct sitting_row *row, const struct exam_row *exam, int sessions)
{
    struct json *json = json_new_object();
    json_set(json, "id", json_text(row->id));
    json_set(json, "title", json_text(row->title));
    json_set(json, "exam", json_text(row->package_id));
    json_set(json, "exam_title", json_text(exam->facts.title));
    json_set(json, "sessions", json_int(sessions));
    json_set(json, "opens", json_time(row->opens_ms));
    json_set(json, "closes", json_time(row->closes_ms));
    json_set(json, "time_zone", json_text(row->time_zone));
    return json;
}

/* --- making ----------------------------------------------------------------------------------- */

struct creating {
    struct sitting_row row;
    struct exam_row exam;
    char exam_name[EXAM_NAME_SIZE];
    struct buffer sealed_codes;
};

static void release(void *state)
{
    buffer_release(&((struct creating *)state)->sealed_codes);
}

static void read_members(struct json_reader *reader, struct creating *creating, int64_t now_ms)
{
    struct sitting_row *row = &creating->row;
    json_get_text(reader, "exam", creating->exam_name, sizeof creating->exam_name);
    field_get(reader, "title", field_is_line, row->title, sizeof row->title);
    field_get(reader, "time_zone", field_is_zone, row->time_zone, sizeof row->time_zone);
    row->opens_ms = json_get_time(reader, "opens");
    row->closes_ms = json_get_time(reader, "closes");
    if (reader->failed)
        return;
    if (row->closes_ms <= row->opens_ms)
        json_fail(reader, "it closes before it opens");
    else if (row->closes_ms <= now_ms)
        json_fail(reader, "it is over already");
    else if (row->closes_ms - row->opens_ms > WINDOW_MAX_MS)
        json_fail(reader, "its window is longer than a year");
}

static bool read_request(struct call *call, struct creating *creating)
{
    struct error err = {ERROR_NONE, ""};
    struct json *json = call_read_json(call);
    if (json == NULL)
        return false;
    struct json_reader reader = json_reader(json, "the sitting", &err);
    read_members(&reader, creating, call->now_ms);
    bool ok = json_done(&reader);
    if (!ok)
        call_fail(call, &err);
    json_free(json);
    return ok;
}

/* By package id, or the newest of that name. */
static bool find_exam(struct store *reader, struct creating *creating, struct error *err)
{
    const char *name = creating->exam_name;
    struct error missing = {ERROR_NONE, ""};
    bool ok = field_is_session(name) ? reader->exam_get(reader, name, &creating->exam, &missing)
                                     : reader->exam_newest(reader, name, &creating->exam, &missing);
    if (!ok && missing.code == ERROR_NOT_FOUND)
        return error_set(err, ERROR_REFUSED, "no exam %s is published", name);
    return ok || error_set(err, missing.code, "%s", missing.text);
}

static bool make_codes(struct call *call, struct creating *creating, struct error *err)
{
    struct secret *codes = sitting_codes_make(creating->row.id, err);
    bool ok =
        codes != NULL && sealed_codes_seal(codes, call->server->board->ticket, &creating->sealed_codes, err);
    secret_free(codes);
    return ok;
}

static enum write_end keep(struct call *call, struct store *writer)
{
    const struct creating *creating = call->state;
    struct error err = {ERROR_NONE, ""};
    if (!writer->sitting_add(writer, &creating->row, buffer_bytes(&creating->sealed_codes), &err))
        return call_fail_write(call, &err);
    call_json(call, 201, sitting_json(&creating->row, &creating->exam, 0));
    return WRITE_KEEP;
}

void sittings_create(struct call *call, struct store *reader)
{
    struct error err = {ERROR_NONE, ""};
    struct creating *creating = call_state(call, sizeof *creating, release);
    if (creating == NULL || !read_request(call, creating))
        return;
    struct sitting_row *row = &creating->row;
    creating->sealed_codes.max = SEALED_CODES_MAX_BYTES;
    random_id(row->id);
    memcpy(row->center, call_peer(call)->center, sizeof row->center);
    row->created_ms = call->now_ms;
    if (!find_exam(reader, creating, &err) || !make_codes(call, creating, &err)) {
        call_fail(call, &err);
        return;
    }
    memcpy(row->package_id, creating->exam.facts.package_id, sizeof row->package_id);
    call->write = keep;
}

/* --- reading ---------------------------------------------------------------------------------- */

struct listing {
    struct json *list;
    struct store *reader;
};

static bool count_session(void *context, const struct session_row *row, struct error *err)
{
    (void)row;
    (void)err;
    (*(int *)context)++;
    return true;
}

static bool add_sitting(void *context, const struct sitting_row *row, struct error *err)
{
    struct listing *listing = context;
    struct exam_row exam;
    int sessions = 0;
    const struct session_filter filter = {.sitting = row->id};
    if (!listing->reader->exam_get(listing->reader, row->package_id, &exam, err) ||
        !listing->reader->session_each(listing->reader, &filter, count_session, &sessions, err))
        return false;
    json_add(listing->list, sitting_json(row, &exam, sessions));
    return true;
}

void sittings_list(struct call *call, struct store *reader)
{
    struct error err = {ERROR_NONE, ""};
    struct listing listing = {json_new_array(), reader};
    if (reader->sitting_each(reader, call_peer(call)->center, add_sitting, &listing, &err)) {
        call_json(call, 200, named_list("sittings", listing.list));
        return;
    }
    json_free(listing.list);
    call_fail(call, &err);
}

void sittings_get(struct call *call, struct store *reader)
{
    struct error err = {ERROR_NONE, ""};
    struct sitting_row row;
    struct exam_row exam;
    struct session_list admissions = {json_new_array(), reader};
    const struct session_filter filter = {.sitting = call_parameter(call, 0)};
    if (!sitting_of_center(reader, call_parameter(call, 0), call_peer(call)->center, &row, &err) ||
        !reader->exam_get(reader, row.package_id, &exam, &err) ||
        !reader->session_each(reader, &filter, session_list_add, &admissions, &err)) {
        json_free(admissions.list);
        call_fail(call, &err);
        return;
    }
    struct json *json = sitting_json(&row, &exam, (int)json_count(admissions.list));
    json_set(json, "admissions", admissions.list);
    call_json(call, 200, json);
}

/* --- codes ------------------------------------------------------------------------------------ */

struct code_listing {
    struct json *list;
    struct store *reader;
    const struct board *board;
};

static bool add_codes(void *context, const struct session_row *row, struct error *err)
{
    struct code_listing *listing = context;
    struct buffer sealed = {.max = SEALED_CODES_MAX_BYTES};
    struct secret *codes = NULL;
    if (row->is_replaced)
        return true;
    if (listing->reader->session_codes(listing->reader, row->id, &sealed, err))
        codes = session_codes_open(buffer_bytes(&sealed), listing->board->ticket, err);
    buffer_release(&sealed);
    if (codes == NULL)
        return false;
    struct json *resume = json_new_array(), *session = json_new_object();
    for (size_t i = 0; i < RESUME_CODES; i++)
        json_add(resume, json_text(session_codes(codes)->resume[i]));
    json_set(session, "admission", json_text(row->admission));
    json_set(session, "name", json_text(row->candidate_name));
    json_set(session, "resume", resume);
    json_add(listing->list, session);
    secret_free(codes);
    return true;
}

static void send_codes(struct call *call, struct code_listing *listing, const struct secret *codes)
{
    struct json *json = json_new_object(), *room = json_new_array();
    for (size_t i = 0; i < ROOM_CODES; i++)
        json_add(room, json_text(sitting_codes(codes)->room[i].text));
    json_set(json, "start", json_text(sitting_codes(codes)->start.text));
    json_set(json, "room", room);
    json_set(json, "sessions", listing->list);
    listing->list = NULL;
    call_json(call, 200, json);
}

static bool open_codes(
    struct code_listing *listing, const char *sitting, struct secret **codes, struct error *err)
{
    struct buffer sealed = {.max = SEALED_CODES_MAX_BYTES};
    const struct session_filter filter = {.sitting = sitting};
    if (listing->reader->sitting_codes(listing->reader, sitting, &sealed, err))
        *codes = sitting_codes_open(buffer_bytes(&sealed), listing->board->ticket, err);
    buffer_release(&sealed);
    return *codes != NULL && listing->reader->session_each(listing->reader, &filter, add_codes, listing, err);
}

void sitting_codes_get(struct call *call, struct store *reader)
{
    struct error err = {ERROR_NONE, ""};
    struct sitting_row row;
    struct secret *codes = NULL;
    struct code_listing listing = {json_new_array(), reader, call->server->board};
    if (!sitting_of_center(reader, call_parameter(call, 0), call_peer(call)->center, &row, &err))
        call_fail(call, &err);
    else if (call->now_ms < row.opens_ms)
        reply_error(
            call_reply(call), 403, "too-early", "the codes are shown from the opening of the window on");
    else if (open_codes(&listing, row.id, &codes, &err))
        send_codes(call, &listing, codes);
    else
        call_fail(call, &err);
    secret_free(codes);
    json_free(listing.list);
}
