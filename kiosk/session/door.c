#include "kiosk/session/door.h"

#include <string.h>

static bool is_same_boot(const struct door_clock *clock, const struct door_seen *seen)
{
    return strcmp(clock->boot_id, seen->boot_id) == 0 && strcmp(clock->boot_id, "unknown") != 0;
}

/* What the newest signature makes it now: exactly so in the boot it came in, at least so later. */
static int64_t signed_now(const struct door_clock *clock, const struct door_seen *seen)
{
    const int64_t passed = is_same_boot(clock, seen) ? clock->boot_ms - seen->boot_ms : 0;

    return seen->signed_ms + (passed > 0 ? passed : 0);
}

static enum door_trust trust_of(int64_t off_ms, bool is_exact)
{
    if (off_ms < -DOOR_TOLERANCE_MS)
        return DOOR_CLOCK_BEHIND;
    if (!is_exact)
        return DOOR_CLOCK_UNKNOWN;
    return off_ms > DOOR_TOLERANCE_MS ? DOOR_CLOCK_AHEAD : DOOR_CLOCK_RIGHT;
}

struct door_time door_time(const struct door_clock *clock, const struct door_seen *seen)
{
    struct door_time time = {
        .now_ms = clock->host_ms, .host_ms = clock->host_ms, .trust = DOOR_CLOCK_UNKNOWN};

    if (seen->signed_ms == 0)
        return time;
    time.signed_ms = signed_now(clock, seen);
    time.trust = trust_of(clock->host_ms - time.signed_ms, seen->is_fresh && is_same_boot(clock, seen));
    if (time.trust != DOOR_CLOCK_UNKNOWN)
        time.off_ms = clock->host_ms - time.signed_ms;
    if (time.signed_ms > time.now_ms)
        time.now_ms = time.signed_ms;
    return time;
}

struct door_answer door_check(const struct door_time *time, int64_t opens_ms, int64_t closes_ms)
{
    if (time->trust == DOOR_CLOCK_AHEAD)
        return (struct door_answer){DOOR_WRONG_CLOCK, time->off_ms};
    if (time->now_ms < opens_ms)
        return (struct door_answer){DOOR_EARLY, opens_ms - time->now_ms};
    if (time->now_ms >= closes_ms)
        return (struct door_answer){DOOR_LATE, time->now_ms - closes_ms};
    return (struct door_answer){DOOR_OPEN, 0};
}
