/* door.h: wall time at the door: may this ticket start now? Everywhere else wall time changes nothing.
 *
 * Any clock of a host may be wrong, and a seat may be offline; signed time can't be forged, but it ages. So a seat's
 * now is the later of its clock and the newest time it has seen signed, plus the time of this boot since it saw it. Where
 * a fresh signature from the network shows the host's clock to differ, that is said, with both times; a clock that is
 * ahead then opens no door early. A boot that ended in between leaves only "not before": then the host's clock
 * counts as long as it isn't behind what was signed.
 *
 * All times are UTC in ms; a zone is for showing only, so that a change to summer time moves no window. */
#ifndef CARREL_KIOSK_DOOR_H
#define CARREL_KIOSK_DOOR_H

#include "core/clock.h"
#include "core/error.h"
#include "core/ticket.h"

#define DOOR_TOLERANCE_MS (2 * 60000)

/* The newest signed time that was seen, and when it came. */
struct door_seen {
    int64_t signed_ms;          /* 0: none yet */
    bool is_fresh;              /* it came over the network, signed when it was asked for; false: from a stick */
    int64_t boot_ms;            /* CLOCK_BOOTTIME when it came … */
    char boot_id[BOOT_ID_SIZE]; /* … of this boot */
};

struct door_clock {
    int64_t host_ms;   /* the host's wall clock, now */
    int64_t boot_ms;   /* CLOCK_BOOTTIME, now */
    char boot_id[BOOT_ID_SIZE];
};

enum door_trust {
    DOOR_CLOCK_UNKNOWN, /* nothing signed in this boot to compare with */
    DOOR_CLOCK_RIGHT,   /* within DOOR_TOLERANCE_MS of a fresh signature */
    DOOR_CLOCK_BEHIND,  /* earlier than what was signed: wrong for certain */
    DOOR_CLOCK_AHEAD    /* later than a fresh signature */
};

struct door_time {
    int64_t now_ms;    /* what counts */
    int64_t signed_ms; /* what the newest signature makes it at least; 0: none */
    int64_t host_ms;
    int64_t off_ms;    /* host − signed where that says something, else 0 */
    enum door_trust trust;
};
struct door_time door_time(const struct door_clock *clock, const struct door_seen *seen);

enum door_verdict {
    DOOR_OPEN,
    DOOR_EARLY,   /* by_ms until it opens */
    DOOR_LATE,    /* by_ms since it closed */
    DOOR_WRONG_CLOCK, /* ahead by by_ms: it would open by a clock that is known to be wrong */
};

struct door_answer {
    enum door_verdict verdict;
    int64_t by_ms;
};
/* The window limits starting only: a session that began goes on whatever the time is. A second member of staff may
 * start outside it, with a reason: that is the caller's question to ask. */
struct door_answer door_check(const struct door_time *time, int64_t opens_ms, int64_t closes_ms);

#endif
