/* GET /v1/candidates?id=: a person's attempts and titles, and what the next steps need. */
#include "core/field.h"
#include "server/call.h"
#include "server/handlers/handlers.h"
#include "server/handlers/shapes.h"
#include "server/programmes.h"

struct showing {
    struct store *store;
    const char *candidate_id, *center; /* who looks; "": the board, which sees all of it */
    int64_t now_ms;
    char name[NAME_SIZE]; /* the newest it may see */
    struct json *attempts, *titles, *steps;
    bool is_known;
};

static bool sees_all(const struct showing *showing)
{
    return showing->center[0] == '\0';
}

/* --- attempts --------------------------------------------------------------------------------- */

/* Of another center's: what was sat, when, and what became of it. */
static bool add_attempt(void *context, const struct session_row *row, struct error *err)
{
    struct showing *showing = context;
    struct exam_row exam;
    char id[OBJECT_ID_SIZE];
    const bool is_own = sees_all(showing) || strcmp(row->center, showing->center) == 0;
    if (!showing->store->exam_get(showing->store, row->package_id, &exam, err))
        return false;
    struct json *json = json_new_object();
    object_id(row->id, row->epoch, id);
    json_set(json, "id", json_text(is_own ? id : ""));
    json_set(json, "admission", json_text(is_own ? row->admission : ""));
    json_set(json, "name", json_text(is_own ? row->candidate_name : ""));
    json_set(json, "reason", json_text(is_own ? row->reason : ""));
    json_set(json, "exam", json_text(exam.facts.identifier));
    json_set(json, "exam_title", json_text(exam.facts.title));
    json_set(json, "center", json_text(row->center));
    json_set(json, "opens", json_time(row->opens_ms));
    json_set(json, "outcome", json_text(turn_name(turn_of(row, showing->now_ms))));
    if (row->taken_ms != 0)
        json_set(json, "taken", json_time(row->taken_ms));
    json_add(showing->attempts, json);
    showing->is_known = showing->is_known || is_own;
    if (is_own)
        memcpy(showing->name, row->candidate_name, sizeof showing->name);
    return true;
}

/* --- titles ----------------------------------------------------------------------------------- */

static bool add_decision(void *context, const struct title_decision *decision, struct error *err)
{
    struct json *json = json_new_object();
    (void)err;
    json_set(json, "at", json_time(decision->at_ms));
    json_set(json, "act", json_text(decision->act));
    json_set(json, "who", json_text(decision->who));
    json_set(json, "reason", json_text(decision->reason));
    json_add(context, json);
    return true;
}

static const char *state_of(enum title_state state, int64_t expires_ms, int64_t now_ms)
{
    const bool has_expired = expires_ms != 0 && expires_ms <= now_ms;
    return state == TITLE_HELD && has_expired ? "expired" : title_state_name(state);
}

/* As the rules called it when it was given. */
static void set_name(struct json *json, const struct programme *programme, const struct title_row *row)
{
    size_t index;
    const bool is_there = programme_find(programme, row->title, programme->title_count, &index);
    json_set(json, "name", json_text(is_there ? programme->titles[index].name : row->title));
}

/* Why the board decided is the board's own. */
static bool set_decisions(
    const struct showing *showing, const struct title_row *row, struct json *json, struct error *err)
{
    struct json *decisions = json_new_array();
    bool ok = !sees_all(showing) ||
              showing->store->title_decisions(showing->store, row->number, add_decision, decisions, err);
    json_set(json, "decisions", decisions);
    return ok;
}

static bool add_title(void *context, const struct title_row *row, struct error *err)
{
    struct showing *showing = context;
    struct programme *programme = programme_in_force(showing->store, row->programme, row->rules_ms, err);
    if (programme == NULL)
        return false;
    struct json *json = json_new_object();
    json_set(json, "programme", json_text(row->programme));
    json_set(json, "title", json_text(row->title));
    set_name(json, programme, row);
    json_set(json, "state", json_text(state_of(row->state, row->expires_ms, showing->now_ms)));
    json_set(json, "awarded", json_time(row->awarded_ms));
    if (row->expires_ms != 0)
        json_set(json, "expires", json_time(row->expires_ms));
    bool ok = set_decisions(showing, row, json, err);
    json_add(showing->titles, json);
    showing->is_known = showing->is_known || sees_all(showing);
    free(programme);
    return ok;
}

/* --- next steps ------------------------------------------------------------------------------- */

static void answer_step(
    const struct ladder *ladder, size_t title, int64_t now_ms, struct ladder_answer *answer)
{
    *answer = (struct ladder_answer){.verdict = LADDER_MAY};
    if (ladder->programme->titles[title].has_exam)
        ladder_may_sit(ladder, title, now_ms, answer);
    else if (!ladder->steps[title].has_title)
        (void)ladder_has_needs(ladder, title, now_ms, answer);
}

static struct json *step_json(const struct ladder *ladder, size_t title, int64_t now_ms)
{
    const struct programme_title *rule = &ladder->programme->titles[title];
    const struct ladder_step *step = &ladder->steps[title];
    struct ladder_answer answer;
    answer_step(ladder, title, now_ms, &answer);
    struct json *json = json_new_object();
    json_set(json, "programme", json_text(ladder->programme->id));
    json_set(json, "title", json_text(rule->id));
    json_set(json, "name", json_text(rule->name));
    json_set(
        json, "state", json_text(step->has_title ? state_of(step->state, step->expires_ms, now_ms) : "none"));
    json_set(json, "may_sit", json_bool(rule->has_exam && answer.verdict == LADDER_MAY));
    json_set(json, "reason", json_text(answer.reason));
    if (answer.verdict == LADDER_EARLY)
        json_set(json, "from", json_time(answer.from_ms));
    if (rule->has_exam) {
        json_set(json, "fee", json_int(rule->exam.fee));
        json_set(json, "currency", json_text(ladder->programme->currency));
    }
    return json;
}

static bool add_steps(void *context, const struct programme_row *row, struct bytes content, struct error *err)
{
    struct showing *showing = context;
    struct ladder ladder;
    struct programme *programme = programme_stored(content, row->id, err);
    bool ok = programme != NULL && ladder_load(&ladder, showing->store, programme, showing->candidate_id, "",
                                       showing->now_ms, err);
    for (size_t i = 0; ok && i < programme->title_count; i++)
        json_add(showing->steps, step_json(&ladder, i, showing->now_ms));
    free(programme);
    return ok;
}

/* --- the whole -------------------------------------------------------------------------------- */

static bool collect(struct showing *showing, struct error *err)
{
    struct store *store = showing->store;
    const struct session_filter filter = {.candidate_id = showing->candidate_id};
    return store->session_each(store, &filter, add_attempt, showing, err) &&
           store->title_each(store, showing->candidate_id, add_title, showing, err) &&
           store->programme_each(store, showing->now_ms, add_steps, showing, err) &&
           (showing->is_known ||
               error_set(err, ERROR_NOT_FOUND,
                   sees_all(showing) ? "nobody was ever admitted under this candidate_id"
                                     : "nobody was ever admitted under this candidate_id in this center"));
}

struct json *candidate_json(
    struct store *store, const char *candidate_id, const char *center, int64_t now_ms, struct error *err)
{
    struct showing showing = {store, candidate_id, center, now_ms, .attempts = json_new_array(),
        .titles = json_new_array(), .steps = json_new_array()};
    bool ok = collect(&showing, err);
    struct json *json = json_new_object();
    json_set(json, "candidate_id", json_text(candidate_id));
    json_set(json, "name", json_text(showing.name));
    json_set(json, "attempts", showing.attempts);
    json_set(json, "titles", showing.titles);
    json_set(json, "steps", showing.steps);
    if (ok)
        return json;
    json_free(json);
    return NULL;
}

void candidates_get(struct call *call, struct store *reader)
{
    struct error err = {ERROR_NONE, ""};
    struct json *json = NULL;
    if (!field_is_candidate(call->query))
        reply_error(call_reply(call), 400, "format", "the query should be id= and a candidate_id");
    else if ((json = candidate_json(reader, call->query, call_peer(call)->center, call->now_ms, &err)) !=
             NULL)
        call_json(call, 200, json);
    else
        call_fail(call, &err);
}
