/* lane.h: one direction of carrel-sync: round after round in a thread of its own, waiting in between as the
 * round went. */
#ifndef CARREL_SYNC_LANE_H
#define CARREL_SYNC_LANE_H

#include "kiosk/sync/link.h"
#include "kiosk/sync/round.h"

struct lane {
    struct link *link;
    enum link_lane place;
    int64_t interval_ms;
    struct round (*run)(void *context);
    void (*wait)(void *context, int64_t ms, bool in_trouble);
    void *context;
};

/* One round, and its report to the link. */
struct round lane_round(const struct lane *lane);
/* Until stop.h is asked; fits pthread_create with a struct lane. Always NULL. */
void *lane_run(void *lane);

#endif
