#include "provisioning/client.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "provisioning/cancel.h"
#include "provisioning/moment.h"
#include "provisioning/report.h"

/* A sitting takes its server a second of stretching codes, and on a busy machine much longer; somebody is there, and can
 * press Ctrl-C. */
enum { PATIENCE_S = 120, ANSWER_MAX_BYTES = 16 << 20, LIST_MAX = 100000, TEXT_MAX_BYTES = 64 << 10 };

static bool is_cancelled(void *context)
{
    (void)context;
    return cancel_signal() != 0;
}

bool client_open(struct client *client, const struct call *call, struct error *err)
{
    struct transport_peer peer = {.is_cancelled = is_cancelled, .idle_timeout_s = PATIENCE_S};

    if (!profile_load(&client->profile, call, err))
        return false;
    peer.server = client->profile.server;
    peer.root = buffer_bytes(&client->profile.root);
    peer.identity_dir = client->profile.dir;
    peer.identity_name = client->profile.name;
    client->transport = transport_new(&peer, err);
    return client->transport != NULL;
}

void client_release(struct client *client)
{
    transport_free(client->transport);
    profile_release(&client->profile);
    client->transport = NULL;
}

bool client_ask(struct client *client, const char *method, const char *path, struct json *body_take,
    struct json **answer, struct error *err)
{
    struct buffer body = {.max = ANSWER_MAX_BYTES}, text = {.max = ANSWER_MAX_BYTES};
    struct request request = {.method = method, .path = path, .into = &text};
    struct json *parsed = NULL;
    struct reply reply = {0};
    bool ok = body_take == NULL || json_write(body_take, &body, err);

    if (body_take != NULL) {
        request.content_type = "application/json";
        request.body = buffer_bytes(&body);
    }
    ok = ok && transport_send(client->transport, &request, &reply, err);
    client->status = reply.status;
    memcpy(client->code, reply.code, sizeof client->code);
    memcpy(client->message, reply.message, sizeof client->message);
    if (ok && answer != NULL) {
        parsed = json_parse(buffer_bytes(&text), err);
        ok = parsed != NULL || error_prefix(err, "the answer of %s", transport_host(client->transport));
    }
    if (ok && answer != NULL)
        *answer = parsed;
    json_free(body_take);
    buffer_release(&body);
    buffer_release(&text);
    return ok;
}

bool client_run(const struct call *call, const char *method, const char *path, struct json *body_take,
    client_show *show, struct error *err)
{
    struct client client = {.status = 0};
    struct arena arena = {.max = ANSWER_MAX_BYTES};
    struct json *answer = NULL;
    bool ok = client_open(&client, call, err);

    if (ok)
        ok = client_ask(&client, method, path, body_take, &answer, err);
    else
        json_free(body_take);
    if (ok)
        ok = call->as_json ? report_json(answer, err) : show(call, answer, &arena, err);
    json_free(answer);
    arena_release(&arena);
    client_release(&client);
    return ok;
}

/* --- answers, for tables -------------------------------------------------------------------------------- */

static const char *number_text(int64_t number, struct arena *arena)
{
    char text[24];

    (void)snprintf(text, sizeof text, "%" PRId64, number);
    return arena_text(arena, text, strlen(text));
}

static const char *member_text(const struct json *object, const char *name, struct arena *arena)
{
    struct json_reader as_text = json_reader(object, "", NULL), as_number = as_text, as_switch = as_text;
    const char *text = json_get_string(&as_text, name, arena, TEXT_MAX_BYTES);
    int64_t number;
    bool is_on;

    if (text != NULL)
        return text;
    number = json_get_int(&as_number, name, INT64_MIN, INT64_MAX);
    if (!as_number.failed)
        return number_text(number, arena);
    is_on = json_get_bool(&as_switch, name);
    return as_switch.failed ? NULL : is_on ? "yes" : "no";
}

const char *answer_text(const struct json *object, const char *name, struct arena *arena)
{
    const char *text = member_text(object, name, arena);
    char *shown = text == NULL ? NULL : arena_text(arena, text, strlen(text));

    for (char *at = shown; at != NULL && *at != '\0'; at++)
        if (iscntrl((unsigned char)*at))
            *at = '?';
    return shown == NULL ? "" : shown;
}

const char *answer_time(const struct json *object, const char *name, const char *zone, struct arena *arena)
{
    struct json_reader reader = json_reader(object, "", NULL);
    char text[MOMENT_TEXT_SIZE];
    int64_t wall_ms;
    const char *copy;

    wall_ms = json_get_time(&reader, name);
    if (reader.failed)
        return answer_text(object, name, arena);
    moment_format(wall_ms, zone, text);
    copy = arena_text(arena, text, strlen(text));
    return copy == NULL ? "" : copy;
}

bool answer_list(const struct json *object, const char *name, const struct json **list, struct error *err)
{
    struct json_reader reader = json_reader(object, "the answer", err);
    const struct json *found = json_get_array(&reader, name, LIST_MAX);

    if (reader.failed)
        return false;
    *list = found;
    return true;
}
