/* guard_parts.h: the guard from the inside, for its own files:
 *
 *     guard.c         its life and its loop: wait, hear, settle
 *     guard_unlock.c  the unlock code, and the guard's own staff screen
 *     guard_talk.c    what each message of the screen process does
 *     guard_notice.c  what the cover says in which state
 *     guard_state.c   deciding, pure */
#ifndef CARREL_GUARD_GUARD_PARTS_H
#define CARREL_GUARD_GUARD_PARTS_H

#include "kiosk/guard/child.h"
#include "kiosk/guard/codes.h"
#include "kiosk/guard/exam_clock.h"
#include "kiosk/guard/guard.h"
#include "kiosk/guard/guard_state.h"
#include "kiosk/guard/lock.h"
#include "kiosk/guard/memory.h"
#include "kiosk/guard/policy.h"
#include "kiosk/guard/restarts.h"

#define GUARD_START_MAX_MS 10000 /* from the start of a screen process to its READY */
#define GUARD_SILENT_MAX_MS 3000 /* without ALIVE, after READY */
#define GUARD_STOP_MAX_MS 2000   /* from STOP to its exit */
#define GUARD_FLOOD_MAX 1000     /* messages in one second */
#define GUARD_LOG_MAX 20         /* of them, lines that reach the log */
#define GUARD_TURN_MAX 64        /* messages heard before the lock gets its turn */

/* What is counted anew for each second of the screen process. */
struct guard_rate {
    int64_t second;
    unsigned messages, lines;
};

struct guard {
    const struct clock *clock;
    struct policy policy;
    bool is_practice;

    enum guard_state state;
    int64_t since_ms; /* awake time at which it began */
    struct lock *lock;
    int signals, timer;

    struct child child;
    struct child_plan plan;
    bool has_greeted;   /* HELLO came */
    bool has_window;    /* WINDOW came */
    int64_t started_ms; /* awake time */
    int64_t alive_ms;   /* awake time of its last ALIVE */
    struct guard_rate rate;
    unsigned reasons; /* to cover: bits 1 << enum message_reason */
    unsigned told_reasons;
    bool has_told_why; /* LOCKING takes long, and the cover says why */
    struct restarts restarts;

    struct exam_clock exam;
    struct memory memory;
    struct codes staff_codes, unlock_codes;
    char typed[MESSAGE_CODE_SIZE]; /* on the guard's own staff screen */
    size_t typed_len;
    enum message_verdict typed_answer; /* to the last code typed there; MESSAGE_ALLOWED: none to tell */
};

/* Every change of state goes through here. */
void guard_happen(struct guard *guard, enum guard_event event);

/* Only some states hear anything; in the others the screen process is dead, or about to be. */
bool guard_is_listening(const struct guard *guard);
/* Hears what the screen process has said. */
void guard_talk(struct guard *guard);

/* Checks an unlock code, if the pause after wrong ones is over. Right: the guard unlocks. */
struct message_answer guard_try_unlock(struct guard *guard, const char *code);

void guard_forget_typed(struct guard *guard);
/* Takes what was typed on the guard's own staff screen. True if anything was. */
bool guard_take_keys(struct guard *guard);

/* Covers, and says what there is to say. */
void guard_show_cover(struct guard *guard);
/* What the cover says now. */
struct lock_notice guard_notice(const struct guard *guard);

/* To the screen process; one that does not take it is hung. */
void guard_tell(struct guard *guard, const struct message *message);

#endif
