#include "server/metrics.h"

#include <stdatomic.h>

static _Atomic uint64_t counts[METRICS];

static const struct {
    const char *name, *labels, *help;
} forms[METRICS] = {
    [METRIC_TURNED_AWAY] = {"carrel_connections_turned_away_total", "",
        "Connections that never came to a request: no certificate that counts, or too many"},
    [METRIC_REQUESTS_1XX] = {"carrel_requests_total", "{status=\"1xx\"}", "Requests answered, by status"},
    [METRIC_REQUESTS_2XX] = {"carrel_requests_total", "{status=\"2xx\"}", NULL},
    [METRIC_REQUESTS_3XX] = {"carrel_requests_total", "{status=\"3xx\"}", NULL},
    [METRIC_REQUESTS_4XX] = {"carrel_requests_total", "{status=\"4xx\"}", NULL},
    [METRIC_REQUESTS_5XX] = {"carrel_requests_total", "{status=\"5xx\"}", NULL},
    [METRIC_CLIENT_GONE] = {"carrel_requests_abandoned_total", "",
        "Requests whose client left before the answer"},
    [METRIC_SENT_BYTES] = {"carrel_sent_bytes_total", "", "Bytes of bodies sent"},
    [METRIC_RESULTS_SCORED] = {"carrel_results_total", "{standing=\"scored\"}",
        "Results and journals taken in"},
    [METRIC_RESULTS_HELD] = {"carrel_results_total", "{standing=\"held\"}", NULL},
    [METRIC_RESULTS_RECEIVED] = {"carrel_results_total", "{standing=\"received\"}", NULL},
    [METRIC_RESULTS_AGAIN] = {"carrel_results_again_total", "", "Results handed in that were here already"},
    [METRIC_RESULTS_REFUSED] = {"carrel_results_refused_total", "",
        "Results that failed size, form, seal or signature"},
    [METRIC_TICKETS_MADE] = {"carrel_tickets_made_total", "", "Tickets of new admissions"},
    [METRIC_TICKETS_RESEALED] = {"carrel_tickets_resealed_total", "",
        "Tickets sealed again because seats changed"},
};

void metrics_add(enum metric metric, uint64_t count)
{
    atomic_fetch_add_explicit(&counts[metric], count, memory_order_relaxed);
}

uint64_t metrics_get(enum metric metric)
{
    return atomic_load_explicit(&counts[metric], memory_order_relaxed);
}

static void write_head(struct buffer *text, const char *name, const char *type, const char *help)
{
    buffer_addf(text, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

void metrics_write(struct buffer *text)
{
    for (int metric = 0; metric < METRICS; metric++) {
        if (forms[metric].help != NULL)
            write_head(text, forms[metric].name, "counter", forms[metric].help);
        buffer_addf(text, "%s%s %llu\n", forms[metric].name, forms[metric].labels,
            (unsigned long long)metrics_get((enum metric)metric));
    }
}

void metrics_write_one(
    struct buffer *text, const char *name, const char *type, const char *help, uint64_t value)
{
    write_head(text, name, type, help);
    buffer_addf(text, "%s %llu\n", name, (unsigned long long)value);
}
