#include "server/call.h"

static struct call *call_of(struct job *job)
{
    return (struct call *)((char *)job - offsetof(struct call, job));
}

static void release_state(struct call *call)
{
    if (call->state != NULL && call->release != NULL)
        call->release(call->state);
    free(call->state);
    call->state = NULL;
}

static enum write_end write_call(struct job *job, struct store *writer)
{
    struct call *call = call_of(job);
    return call->write(call, writer);
}

static void work_call(struct job *job, struct store *reader)
{
    struct call *call = call_of(job);
    release_state(call); /* of a try that came to nothing */
    reply_release(call_reply(call));
    call->write = NULL;
    call->committed = NULL;
    call->now_ms = clock_wall_ms(call->server->clock);
    call->route->handle(call, reader);
    if (call->write != NULL)
        job->write = write_call;
}

void call_send(void *context)
{
    struct call *call = context;
    struct exchange *exchange = call->exchange;
    release_state(call);
    free(call);
    exchange_send(exchange);
}

static void finish_call(struct job *job)
{
    struct call *call = call_of(job);
    if (job->is_lost)
        reply_retry(call_reply(call), 503, 5, "the server could not store this; nothing of it is stored");
    if (!job->is_lost && call->committed != NULL)
        call->committed(call);
    else
        call_send(call);
}

void call_start(struct server *server, struct exchange *exchange, const struct route *route,
    const struct target_parameters *parameters, const char *query)
{
    struct call *call = calloc(1, sizeof *call);
    if (call == NULL) {
        reply_retry(&exchange->reply, 503, 10, "the server can't do this now");
        exchange_send(exchange);
        return;
    }
    call->server = server;
    call->exchange = exchange;
    call->route = route;
    call->parameters = *parameters;
    snprintf(call->query, sizeof call->query, "%s", query);
    call->job = (struct job){.lane = route->lane, .work = work_call, .done = finish_call};
    workers_submit(server->workers, &call->job);
}

void *call_state(struct call *call, size_t size, void (*release)(void *state))
{
    call->state = calloc(1, size);
    call->release = release;
    if (call->state == NULL)
        reply_retry(call_reply(call), 503, 10, "the server can't do this now");
    return call->state;
}

struct json *call_read_json(struct call *call)
{
    struct error err = {ERROR_NONE, ""};
    struct json *json = json_parse(call_body(call), &err);
    if (json == NULL)
        call_fail(call, &err);
    return json;
}

bool call_object_id(struct call *call, char session[SESSION_ID_SIZE], unsigned *epoch)
{
    if (object_id_parse(call_parameter(call, 0), session, epoch))
        return true;
    reply_error(call_reply(call), 400, "format", "%s is no session and epoch", call_parameter(call, 0));
    return false;
}

void call_who(const struct call *call, char who[WHO_SIZE])
{
    char serial[SERIAL_SIZE];
    certificate_serial(call_peer(call)->certificate, serial);
    snprintf(who, WHO_SIZE, "%s %s", call_peer(call)->name, serial);
}

void call_json(struct call *call, int status, struct json *value_take)
{
    reply_json(call_reply(call), status, value_take);
}

void call_fail(struct call *call, const struct error *err)
{
    reply_failure(call_reply(call), err);
}

enum write_end call_fail_write(struct call *call, const struct error *err)
{
    call_fail(call, err);
    return write_failed(err);
}
