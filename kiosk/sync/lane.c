#include "kiosk/sync/lane.h"

#include <string.h>

#include "core/secret.h"
#include "kiosk/sync/backoff.h"
#include "kiosk/sync/log.h"
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

/* Says trouble once, and when it is over. */
static void say_news(struct error *said, const struct error *trouble)
{
    if (stop_is_asked(NULL) || strcmp(said->text, trouble->text) == 0)
        return;
    log_line("%s", trouble->code == ERROR_NONE ? "the trouble is over" : trouble->text);
    *said = *trouble;
}

void *lane_run(void *context)
{
    const struct lane *lane = context;
    struct error said = {0};
    unsigned failures = 0;

    while (!stop_is_asked(NULL)) {
        const struct round round = lane_round(lane);
        say_news(&said, &round.trouble);
        failures = round.must_back_off ? failures + 1 : 0;
        lane->wait(lane->context, wait_after(lane, &round, failures), round.must_back_off);
    }
    return NULL;
}
