/* /healthz and /metrics, for this machine only. */
#include "server/call.h"
#include "server/handlers/handlers.h"

/* Healthy is who can read the store. */
void health_get(struct call *call, struct store *reader)
{
    struct error err = {ERROR_NONE, ""};
    int64_t generation;
    if (reader->center_generation(reader, "", &generation, &err))
        reply_bytes(call_reply(call), 200, "text/plain; charset=utf-8", bytes_of_text("ok\n"));
    else
        reply_retry(call_reply(call), 503, 10, "the store can't be read");
}

static void write_threads(struct server *server, struct buffer *text)
{
    struct workers_counts counts;
    workers_count(server->workers, &counts);
    metrics_write_one(text, "carrel_commits_total", "counter", "Groups the writer took in", counts.groups);
    metrics_write_one(text, "carrel_writes_total", "counter", "Requests in these groups", counts.written);
    metrics_write_one(text, "carrel_waiting_fast", "gauge", "Requests that wait for a fast worker",
        counts.waiting[LANE_FAST]);
    metrics_write_one(text, "carrel_waiting_slow", "gauge", "Requests that wait for the slow worker",
        counts.waiting[LANE_SLOW]);
    metrics_write_one(
        text, "carrel_waiting_writes", "gauge", "Requests that wait to be written", counts.waiting_writes);
}

void metrics_get_text(struct call *call, struct store *reader)
{
    struct buffer text = {.max = 64u << 10};
    (void)reader;
    metrics_write(&text);
    write_threads(call->server, &text);
    reply_bytes(call_reply(call), 200, "text/plain; version=0.0.4; charset=utf-8", buffer_bytes(&text));
    buffer_release(&text);
}
