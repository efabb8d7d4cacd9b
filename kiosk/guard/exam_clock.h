/* exam_clock.h: exam time, kept by the process that survives the screen process.
 *
 * An anchor: at boot_ms of CLOCK_BOOTTIME exam time was exam_ms, and it runs or stands since. So it goes on
 * as it really ran while the screen process is dead, stopped or hung, and while the machine sleeps. It never
 * goes back within a session, but for one thing: a screen process that died may have stopped it on disk and
 * not told it any more. So the first anchor of the next one may go back, to what was saved and not before it.
 * All times come in as arguments; nothing here asks for the time. */
#ifndef CARREL_GUARD_EXAM_CLOCK_H
#define CARREL_GUARD_EXAM_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "kiosk/guard/message.h"

/* All zero: no session. */
struct exam_clock {
    struct message_clock anchor;
    int64_t saved_ms; /* boot time of the last heartbeat that is on disk */
    bool is_replayed; /* the next anchor comes from what another screen process left on disk */
};

/* While exam time runs, what is on screen may be this much newer than what is on disk. */
#define EXAM_CLOCK_UNSAVED_MAX_MS 1000
/* A stop may be told this late; a slower screen process is hung anyway. */
#define EXAM_CLOCK_TOLD_LATE_MAX_MS 3000

/* Exam time at that moment of boot time; before the anchor it is the anchor's. 0 without a session. */
int64_t exam_clock_at(const struct exam_clock *clock, int64_t boot_ms);

/* Takes an anchor that the screen process sent. False, and nothing changed, if it would set exam time back or
 * comes from the future: a lie. */
bool exam_clock_set(struct exam_clock *clock, const struct message_clock *anchor, int64_t now_ms);

/* Another screen process has started: it reads on disk how far exam time has come. */
void exam_clock_replay(struct exam_clock *clock);

/* Notes a synced heartbeat. False, and nothing changed, if it is from the future or runs ahead of exam time.
 */
bool exam_clock_saved(struct exam_clock *clock, const struct message_saved *saved, int64_t now_ms);

/* The boot time from which on the screen must not be seen unless a newer heartbeat is saved; INT64_MAX while
 * exam time stands. */
int64_t exam_clock_unsaved_at(const struct exam_clock *clock);

/* The session is over. */
void exam_clock_forget(struct exam_clock *clock);

#endif
