#include "kiosk/guard/exam_clock.h"

int64_t exam_clock_at(const struct exam_clock *clock, int64_t boot_ms)
{
    const struct message_clock *anchor = &clock->anchor;

    if (anchor->is_running == 0 || boot_ms <= anchor->boot_ms)
        return anchor->exam_ms;
    return anchor->exam_ms + (boot_ms - anchor->boot_ms);
}

bool exam_clock_set(struct exam_clock *clock, const struct message_clock *anchor, int64_t now_ms)
{
    const bool was_running = clock->anchor.is_running == 1;

    if (anchor->boot_ms > now_ms || anchor->boot_ms < now_ms - EXAM_CLOCK_ANCHOR_MAX_AGE_MS)
        return false;
    if (clock->anchor.is_set == 1 &&
        (anchor->boot_ms < clock->anchor.boot_ms || anchor->exam_ms < exam_clock_at(clock, anchor->boot_ms)))
        return false;
    clock->anchor = *anchor;
    /* The record that starts the clock is synced before the anchor is sent. Only a start counts: an anchor
     * sent again and again must not stand in for heartbeats. */
    if (anchor->is_running == 1 && !was_running)
        clock->saved_ms = anchor->boot_ms;
    return true;
}

bool exam_clock_saved(struct exam_clock *clock, const struct message_saved *saved, int64_t now_ms)
{
    if (saved->boot_ms > now_ms || saved->exam_ms > exam_clock_at(clock, saved->boot_ms))
        return false;
    if (saved->boot_ms > clock->saved_ms)
        clock->saved_ms = saved->boot_ms;
    return true;
}

int64_t exam_clock_unsaved_at(const struct exam_clock *clock)
{
    return clock->anchor.is_running == 1 ? clock->saved_ms + EXAM_CLOCK_UNSAVED_MAX_MS : INT64_MAX;
}

void exam_clock_forget(struct exam_clock *clock)
{
    *clock = (struct exam_clock){0};
}
