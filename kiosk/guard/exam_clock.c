#include "kiosk/guard/exam_clock.h"

static int64_t anchor_at(const struct message_clock *anchor, int64_t boot_ms)
{
    const bool has_run = anchor->is_running == 1 && boot_ms > anchor->boot_ms;
    const int64_t exam_ms = anchor->exam_ms + (has_run ? boot_ms - anchor->boot_ms : 0);

    return anchor->limit_ms > 0 && exam_ms > anchor->limit_ms ? anchor->limit_ms : exam_ms;
}

int64_t exam_clock_at(const struct exam_clock *clock, int64_t boot_ms)
{
    return anchor_at(&clock->anchor, boot_ms);
}

bool exam_clock_set(struct exam_clock *clock, const struct message_clock *anchor, int64_t now_ms)
{
    const bool was_running = clock->anchor.is_running == 1;
    const int64_t earliest = now_ms - EXAM_CLOCK_TOLD_LATE_MAX_MS;
    const int64_t late_ms = anchor->boot_ms > earliest ? anchor->boot_ms : earliest;
    const int64_t told_ms = clock->is_replayed ? clock->saved_ms : late_ms;

    if (anchor->boot_ms > now_ms)
        return false;
    if (clock->anchor.is_set == 1 && anchor_at(anchor, told_ms) < exam_clock_at(clock, told_ms))
        return false;
    clock->anchor = *anchor;
    clock->is_replayed = false;
    /* The record that starts the clock is synced before the anchor is sent. Only a start counts: an anchor
     * sent again and again must not stand in for heartbeats. */
    if (anchor->is_running == 1 && !was_running)
        clock->saved_ms = anchor->boot_ms;
    return true;
}

void exam_clock_replay(struct exam_clock *clock)
{
    clock->is_replayed = true;
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
