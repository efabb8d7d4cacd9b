/* POST /v1/titles/{review|revoke|restore}: the board decides on somebody's title. Who, when and why are kept.
 */
#include "server/titles.h"
#include "core/field.h"
#include "core/identifier.h"
#include "server/call.h"
#include "server/handlers/handlers.h"
#include "server/handlers/shapes.h"

struct deciding {
    char candidate_id[IDENTIFIER_SIZE], title[IDENTIFIER_SIZE], reason[NAME_SIZE];
};

/* The route takes these words only. */
static enum title_act act_of(const struct call *call)
{
    enum title_act act = TITLE_REVIEW;
    while (act < TITLE_RESTORE && strcmp(call_parameter(call, 0), title_act_name(act)) != 0)
        act++;
    return act;
}

static bool read_decision(struct call *call, struct deciding *deciding)
{
    struct error err = {ERROR_NONE, ""};
    struct json *json = call_read_json(call);
    if (json == NULL)
        return false;
    struct json_reader reader = json_reader(json, "the decision", &err);
    field_get(
        &reader, "candidate_id", field_is_candidate, deciding->candidate_id, sizeof deciding->candidate_id);
    field_get(&reader, "title", identifier_valid, deciding->title, sizeof deciding->title);
    field_get(&reader, "reason", field_is_line, deciding->reason, sizeof deciding->reason);
    bool ok = json_done(&reader);
    if (!ok)
        call_fail(call, &err);
    json_free(json);
    return ok;
}

static enum write_end decide_it(struct call *call, struct store *writer)
{
    const struct deciding *deciding = call->state;
    struct error err = {ERROR_NONE, ""};
    struct json *json = NULL;
    char who[WHO_SIZE];
    call_who(call, who);
    if (!titles_decide(writer, deciding->candidate_id, deciding->title, act_of(call), who, deciding->reason,
            call->now_ms, &err) ||
        (json = candidate_json(writer, deciding->candidate_id, "", call->now_ms, &err)) == NULL)
        return call_fail_write(call, &err);
    call_json(call, 200, json);
    return WRITE_KEEP;
}

void titles_decide_post(struct call *call, struct store *reader)
{
    struct deciding *deciding = call_state(call, sizeof *deciding, NULL);
    (void)reader;
    if (deciding != NULL && read_decision(call, deciding))
        call->write = decide_it;
}
