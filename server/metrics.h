/* metrics.h: what is counted, in Prometheus' text form. Any thread counts. */
#ifndef CARREL_SERVER_METRICS_H
#define CARREL_SERVER_METRICS_H

#include <stdint.h>

#include "core/buffer.h"

enum metric {
    METRIC_TURNED_AWAY,  /* connections that never came to a request */
    METRIC_REQUESTS_1XX, /* never: keeps the classes in a row */
    METRIC_REQUESTS_2XX,
    METRIC_REQUESTS_3XX,
    METRIC_REQUESTS_4XX,
    METRIC_REQUESTS_5XX,
    METRIC_CLIENT_GONE, /* requests whose client left before the answer */
    METRIC_SENT_BYTES,  /* bodies */
    METRIC_RESULTS_SCORED,
    METRIC_RESULTS_HELD,
    METRIC_RESULTS_RECEIVED, /* stored, not judged here */
    METRIC_RESULTS_AGAIN,    /* handed in that were here already */
    METRIC_RESULTS_REFUSED,
    METRIC_TICKETS_MADE,
    METRIC_TICKETS_RESEALED,
    METRICS
};

void metrics_add(enum metric metric, uint64_t count);
uint64_t metrics_get(enum metric metric);
/* All of them. */
void metrics_write(struct buffer *text);
/* One more, that is not counted but measured: its type is "gauge" or "counter". */
void metrics_write_one(
    struct buffer *text, const char *name, const char *type, const char *help, uint64_t value);

#endif
