#include "kiosk/sync/lane.h"

#include "core/secret.h"
#include "kiosk/sync/backoff.h"
#include "kiosk/sync/stop.h"

struct round lane_round(const struct lane *lane)
{
    struct round round = lane->run(lane->context);

    if (!stop_is_asked(NULL)) /* what was interrupted by ourselves is no trouble */
        link_report(lane->link, lane->place, round.was_reached, round.trouble.text);
    return round;
}

static int64_t wait_after(const struct lane *lane, const struct round *round, unsigned failures)
{
    uint64_t random;

    random_bytes(&random, sizeof random);
    if (round->must_back_off)
        return backoff_delay_ms(failures, round->retry_after_s, random);
    if (round->has_more)
        return 0;
    return round->wait_ms < lane->interval_ms ? round->wait_ms : lane->interval_ms;
}

void *lane_run(void *context)
{
    const struct lane *lane = context;
    unsigned failures = 0;

    while (!stop_is_asked(NULL)) {
        const struct round round = lane_round(lane);
        failures = round.must_back_off ? failures + 1 : 0;
        lane->wait(lane->context, wait_after(lane, &round, failures), round.must_back_off);
    }
    return NULL;
}
