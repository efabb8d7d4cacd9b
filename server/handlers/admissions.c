/* POST /v1/sittings/{id}/admissions and /v1/admissions/{number}/readmit: a ticket for one candidate. */
#include "core/field.h"
#include "core/form.h"
#include "server/call.h"
#include "server/handlers/handlers.h"
#include "server/handlers/shapes.h"
#include "server/programmes.h"
#include "server/reseal.h"
#include "server/seen.h"
#include "server/tickets.h"

/* Either kind: one session comes into being, perhaps in the place of another. */
struct admitting {
    char candidate_id[IDENTIFIER_SIZE], name[NAME_SIZE], number[NUMBER_SIZE];
    struct accommodations accommodations;
    struct sitting_row sitting;
    struct exam_row exam;
    struct seen seen;
    struct made_ticket made;
    bool replaces;
    struct session_row replaced;
    char reason[REASON_SIZE];
    bool is_stale;
};

static void release(void *state)
{
    struct admitting *admitting = state;
    seen_release(&admitting->seen);
    made_ticket_release(&admitting->made);
}

static struct admitting *begin(struct call *call)
{
    struct admitting *admitting = call_state(call, sizeof *admitting, release);
    if (admitting != NULL) {
        made_ticket_init(&admitting->made);
        admitting->accommodations =
            (struct accommodations){.time_factor = 1000, .theme = "light", .zoom = 100};
    }
    return admitting;
}

/* --- the session, once all is known ----------------------------------------------------------- */

/* Certificates that came while the ticket was made: it is sealed again. */
static void seal_again(struct call *call)
{
    const struct admitting *admitting = call->state;
    metrics_add(METRIC_TICKETS_MADE, 1);
    if (admitting->is_stale)
        reseal_start(call->server, admitting->sitting.center, NULL, NULL);
    call_send(call);
}

/* Whatever still comes of the session before is held; if nothing has come yet, it is void. */
static bool replace(struct admitting *admitting, struct store *writer, struct error *err)
{
    struct session_row *replaced = &admitting->replaced;
    if (!admitting->replaces)
        return true;
    replaced->is_replaced = true;
    if (replaced->result_epoch == 0) {
        replaced->standing = STANDING_VOID;
        snprintf(replaced->reason, sizeof replaced->reason, "%s", admitting->reason);
    }
    return writer->session_decide(writer, replaced, err);
}

/* Whether the candidate's programme lets them sit this exam, but for the session that is replaced. False: the
 * reply is set. Asked before the work of making a ticket, and again where nobody else writes: a title may
 * have been revoked, or another center have admitted, meanwhile. */
static bool is_allowed(
    struct call *call, const struct admitting *admitting, struct store *store, struct error *err)
{
    struct ladder_answer answer;
    if (!ladder_ask(store, &admitting->sitting, admitting->exam.facts.identifier, admitting->candidate_id,
            admitting->replaced.id, call->now_ms, &answer, err))
        call_fail(call, err);
    else if (answer.verdict != LADDER_MAY)
        reply_error(call_reply(call), 409, ladder_verdict_code(answer.verdict), "%s", answer.reason);
    else
        return true;
    return false;
}

static bool take_newest(void *context, const struct session_row *row, struct error *err)
{
    (void)err;
    *(struct session_row *)context = *row; /* they come oldest first */
    return true;
}

/* Making a ticket takes a second, and a roster that was interrupted is run again at once: the same candidate
 * may have been admitted since this handler looked. ERROR_BUSY makes it look again. */
static bool is_still_new(const struct admitting *admitting, struct store *writer, struct error *err)
{
    struct session_row there = {.epoch = 0};
    const struct session_filter filter = {
        .sitting = admitting->sitting.id, .candidate_id = admitting->candidate_id};
    if (admitting->replaces)
        return true;
    if (!writer->session_each(writer, &filter, take_newest, &there, err))
        return false;
    return there.epoch == 0 || error_set(err, ERROR_BUSY, "this candidate was admitted a moment ago");
}

static enum write_end keep(struct call *call, struct store *writer)
{
    struct admitting *admitting = call->state;
    struct error err = {ERROR_NONE, ""};
    int64_t generation = 0;
    if (!is_still_new(admitting, writer, &err)) /* first: the same again is told so, not refused */
        return call_fail_write(call, &err);
    if (!is_allowed(call, admitting, writer, &err))
        return write_failed(&err); /* no error: refused by the rules */
    if (!replace(admitting, writer, &err) || !ticket_store(&admitting->made, writer, &err) ||
        !writer->center_generation(writer, admitting->sitting.center, &generation, &err)) {
        if (err.code == ERROR_REFUSED)
            error_set(
                &err, ERROR_REFUSED, "the admission number %s is taken in this center", admitting->number);
        return call_fail_write(call, &err);
    }
    admitting->is_stale = generation != admitting->made.ticket.generation;
    call_json(
        call, 201, session_json(writer, &admitting->made.session, &err)); /* not scored: it reads nothing */
    call->committed = seal_again;
    return WRITE_KEEP;
}

static void make(struct call *call, struct admitting *admitting, struct store *reader)
{
    struct error err = {ERROR_NONE, ""};
    const struct admission admission = {
        .board = call->server->board,
        .sitting = &admitting->sitting,
        .exam = &admitting->exam,
        .admission = admitting->number,
        .candidate_id = admitting->candidate_id,
        .candidate_name = admitting->name,
        .accommodations = admitting->accommodations,
        .seen = admitting->seen.items,
        .seen_count = admitting->seen.count,
        .now_ms = call->now_ms,
    };
    if (ticket_make(&admission, reader, &admitting->made, &err))
        call->write = keep;
    else
        call_fail(call, &err);
}

static bool find_sitting(
    struct call *call, struct store *reader, const char *id, struct admitting *admitting, struct error *err)
{
    if (!sitting_of_center(reader, id, call_peer(call)->center, &admitting->sitting, err))
        return false;
    if (admitting->sitting.closes_ms <= call->now_ms)
        return error_set(err, ERROR_REFUSED, "the sitting is over");
    return reader->exam_get(reader, admitting->sitting.package_id, &admitting->exam, err);
}

/* Eight letters, shown 4-4. Another try where it is taken comes with the next request of the client. */
static void make_number(char number[NUMBER_SIZE])
{
    uint8_t bits[5];
    char letters[9];
    random_bytes(bits, sizeof bits);
    code_letters(bits, 8, letters);
    snprintf(number, NUMBER_SIZE, "%.4s-%.4s", letters, letters + 4);
}

/* --- admitting -------------------------------------------------------------------------------- */

static void read_accommodations(struct json_reader *reader, struct accommodations *accommodations)
{
    static const char *const themes[] = {"light", "dark", "contrast"};
    if (json_has(reader, "time_factor"))
        accommodations->time_factor = (unsigned)json_get_int(reader, "time_factor", 1000, 4000);
    if (json_has(reader, "theme"))
        snprintf(accommodations->theme, sizeof accommodations->theme, "%s",
            themes[json_get_enum(reader, "theme", themes, sizeof themes / sizeof themes[0])]);
    if (json_has(reader, "zoom"))
        accommodations->zoom = (unsigned)json_get_int(reader, "zoom", 100, 300);
}

static bool read_candidate(struct call *call, struct admitting *admitting)
{
    struct error err = {ERROR_NONE, ""};
    struct json *json = call_read_json(call);
    if (json == NULL)
        return false;
    struct json_reader reader = json_reader(json, "the admission", &err);
    field_get(
        &reader, "candidate_id", field_is_candidate, admitting->candidate_id, sizeof admitting->candidate_id);
    field_get(&reader, "name", field_is_line, admitting->name, sizeof admitting->name);
    if (json_has(&reader, "admission"))
        field_get(&reader, "admission", field_is_number, admitting->number, sizeof admitting->number);
    read_accommodations(&reader, &admitting->accommodations);
    bool ok = json_done(&reader);
    if (!ok)
        call_fail(call, &err);
    json_free(json);
    return ok;
}

/* Rerunning a roster is safe: who is admitted already is told so. True: the reply is set. */
static bool is_admitted(struct call *call, const struct admitting *admitting, struct store *reader)
{
    struct error err = {ERROR_NONE, ""};
    struct session_row there = {.epoch = 0};
    const struct session_filter filter = {
        .sitting = admitting->sitting.id, .candidate_id = admitting->candidate_id};
    if (!reader->session_each(reader, &filter, take_newest, &there, &err)) {
        call_fail(call, &err);
        return true;
    }
    if (there.epoch == 0)
        return false;
    struct json *json = session_json(reader, &there, &err);
    if (json != NULL)
        call_json(call, 200, json);
    else
        call_fail(call, &err);
    return true;
}

void admissions_create(struct call *call, struct store *reader)
{
    struct error err = {ERROR_NONE, ""};
    struct admitting *admitting = begin(call);
    if (admitting == NULL || !read_candidate(call, admitting))
        return;
    if (!find_sitting(call, reader, call_parameter(call, 0), admitting, &err)) {
        call_fail(call, &err);
        return;
    }
    if (is_admitted(call, admitting, reader) || !is_allowed(call, admitting, reader, &err))
        return;
    if (admitting->number[0] == '\0')
        make_number(admitting->number);
    if (!seen_by_candidate(&admitting->seen, call->server->board, call->server->packages, reader,
            admitting->exam.facts.identifier, admitting->candidate_id, &err))
        call_fail(call, &err);
    else
        make(call, admitting, reader);
}

/* --- readmitting ------------------------------------------------------------------------------ */

static bool read_reason(struct call *call, struct admitting *admitting)
{
    struct error err = {ERROR_NONE, ""};
    struct json *json = call_read_json(call);
    if (json == NULL)
        return false;
    struct json_reader reader = json_reader(json, "the request", &err);
    field_get(&reader, "reason", field_is_line, admitting->reason, sizeof admitting->reason);
    bool ok = json_done(&reader);
    if (!ok)
        call_fail(call, &err);
    json_free(json);
    return ok;
}

/* "A-17" becomes "A-17-2", then "A-17-3": the next that is free. */
static bool next_number(
    struct store *reader, const struct session_row *replaced, char number[NUMBER_SIZE], struct error *err)
{
    for (unsigned i = 2; i < 100; i++) {
        struct session_row taken;
        struct error missing = {ERROR_NONE, ""};
        int len = snprintf(number, NUMBER_SIZE, "%s-%u", replaced->admission, i);
        if (len >= NUMBER_SIZE)
            return error_set(err, ERROR_LIMIT, "the admission number has no room for another");
        if (!reader->session_by_admission(reader, replaced->center, number, &taken, &missing))
            return missing.code == ERROR_NOT_FOUND || error_set(err, missing.code, "%s", missing.text);
    }
    return error_set(err, ERROR_LIMIT, "this candidate was readmitted too often");
}

static bool find_replaced(
    struct call *call, struct store *reader, struct admitting *admitting, struct error *err)
{
    struct session_row *replaced = &admitting->replaced;
    if (!reader->session_by_admission(
            reader, call_peer(call)->center, call_parameter(call, 0), replaced, err))
        return false;
    if (replaced->is_replaced)
        return error_set(err, ERROR_REFUSED, "this admission was replaced already");
    if (replaced->standing == STANDING_SCORED)
        return error_set(err, ERROR_REFUSED, "this admission has a scored result: admit to another sitting");
    admitting->replaces = true;
    memcpy(admitting->candidate_id, replaced->candidate_id, sizeof admitting->candidate_id);
    memcpy(admitting->name, replaced->candidate_name, sizeof admitting->name);
    return next_number(reader, replaced, admitting->number, err);
}

/* The same accommodations; and what the first one showed, or was about to, is seen. */
static bool take_from_replaced(
    struct call *call, struct store *reader, struct admitting *admitting, struct error *err)
{
    const struct server *server = call->server;
    struct ticket *ticket = ticket_stored(server->board, reader, admitting->replaced.id, err);
    if (ticket == NULL)
        return false;
    admitting->accommodations = ticket->accommodations;
    bool ok = seen_by_ticket(&admitting->seen, server->board, server->packages, reader, ticket, err);
    ticket_free(ticket);
    return ok;
}

void admissions_readmit(struct call *call, struct store *reader)
{
    struct error err = {ERROR_NONE, ""};
    struct admitting *admitting = begin(call);
    if (admitting == NULL || !read_reason(call, admitting))
        return;
    if (!find_replaced(call, reader, admitting, &err) ||
        !find_sitting(call, reader, admitting->replaced.sitting, admitting, &err))
        call_fail(call, &err);
    else if (!is_allowed(call, admitting, reader, &err))
        return;
    else if (take_from_replaced(call, reader, admitting, &err))
        make(call, admitting, reader);
    else
        call_fail(call, &err);
}
