/* GET /v1/sessions: where every admission stands. */
#include "server/call.h"
#include "server/handlers/handlers.h"
#include "server/handlers/shapes.h"

/* What the result's score.json says, as it was stored with it. */
static struct json *score_of(struct store *store, const struct session_row *row, struct error *err)
{
    struct buffer text = {.max = TICKET_MAX_BYTES};
    struct json *score = NULL;
    if (store->result_read(store, row->id, row->result_epoch, &row->transcript, NULL, NULL, &text, err))
        score = json_parse(buffer_bytes(&text), err);
    buffer_release(&text);
    return score;
}

struct json *session_json(struct store *store, const struct session_row *row, struct error *err)
{
    char id[OBJECT_ID_SIZE];
    struct json *json = json_new_object();
    object_id(row->id, row->epoch, id);
    json_set(json, "id", json_text(id));
    json_set(json, "sitting", json_text(row->sitting));
    json_set(json, "admission", json_text(row->admission));
    json_set(json, "candidate_id", json_text(row->candidate_id));
    json_set(json, "name", json_text(row->candidate_name));
    json_set(json, "state", json_text(standing_name(row->standing)));
    json_set(json, "receipt", json_text(row->receipt_code));
    json_set(json, "reason", json_text(row->reason));
    json_set(json, "time_factor", json_int(row->accommodations.time_factor));
    json_set(json, "theme", json_text(row->accommodations.theme));
    json_set(json, "zoom", json_int(row->accommodations.zoom));
    if (row->standing != STANDING_SCORED)
        return json;
    struct json *score = score_of(store, row, err);
    if (score == NULL) {
        json_free(json);
        return NULL;
    }
    json_set(json, "score", score);
    return json;
}

bool session_list_add(void *context, const struct session_row *row, struct error *err)
{
    struct session_list *list = context;
    struct json *session = session_json(list->reader, row, err);
    if (session == NULL)
        return false;
    json_add(list->list, session);
    return true;
}

struct json *named_list(const char *name, struct json *list_take)
{
    struct json *object = json_new_object();
    json_set(object, name, list_take);
    return object;
}

void sessions_list(struct call *call, struct store *reader)
{
    struct error err = {ERROR_NONE, ""};
    /* The board's certificate names no center: it sees all of them. */
    const struct session_filter filter = {.center = call_peer(call)->center, .sitting = call->query};
    struct session_list list = {json_new_array(), reader};
    if (reader->session_each(reader, &filter, session_list_add, &list, &err)) {
        call_json(call, 200, named_list("sessions", list.list));
        return;
    }
    json_free(list.list);
    call_fail(call, &err);
}
