/* guard_state.h: the guard as a state machine. Deciding is here and pure; doing is in guard.c.
 *
 *                        ┌──────────────────────── GONE ───────────────────────┐
 *                        ▼                                                     │
 *     start ──────► LOCKING ── LOCKED ──► STARTING ── READY ──► COVERED ◄─────►│SHOWN    (COVER, CLEAR)
 *                        ▲                   │                     │           │  │
 *                        │                   └──── MISBEHAVED ─────┴───────────┼──┘
 *                        │                              ▼                      │
 *                        │                           ENDING ───────────────────┤
 *                        └───────── RETRY ────────── WAITING ◄──── GONE_OFTEN ─┘
 *
 * From anywhere UNLOCK leads to UNLOCKING, and QUIT and LEFT (which happen only where nothing is locked) to
 * QUITTING. The screen process's window is seen in SHOWN and nowhere else. */
#ifndef CARREL_GUARD_GUARD_STATE_H
#define CARREL_GUARD_GUARD_STATE_H

#include <stdbool.h>

enum guard_state {
    GUARD_ENDING,   /* a screen process that misbehaved is being killed. 0: where every surprise leads */
    GUARD_LOCKING,  /* no screen process; the lock does not hold yet */
    GUARD_STARTING, /* there is one, which has drawn nothing yet */
    GUARD_COVERED,  /* it has, and there is a reason not to show it */
    GUARD_SHOWN,
    GUARD_WAITING,   /* it failed too often: none; the guard's own staff screen */
    GUARD_UNLOCKING, /* the right code was typed: the screen process is told to stop */
    GUARD_UNLOCKED,  /* the end, by the right code */
    GUARD_QUITTING,  /* nothing is locked and the user wants out */
    GUARD_QUIT,      /* the end, where nothing is locked */
    GUARD_STATES
};

enum guard_event {
    GUARD_LOCKED,     /* covered, keyboard and pointer held */
    GUARD_READY,      /* the screen process says that its first frame is drawn */
    GUARD_COVER,      /* a reason to cover appeared */
    GUARD_CLEAR,      /* the last one went */
    GUARD_MISBEHAVED, /* a lie, a flood, a message that is none, or silence */
    GUARD_GONE,       /* the screen process has exited, and was reaped */
    GUARD_GONE_OFTEN, /* the same, once too often */
    GUARD_LEFT,       /* the same, by its own will; only where nothing is locked */
    GUARD_RETRY,      /* time, or staff, say: try again */
    GUARD_UNLOCK,     /* the right unlock code */
    GUARD_STOPPED,    /* SIGTERM and its like; only where nothing is locked */
    GUARD_EVENTS
};

enum guard_state guard_state_next(enum guard_state state, enum guard_event event);

/* Is it the end? */
bool guard_state_is_over(enum guard_state state);

const char *guard_state_name(enum guard_state state);
const char *guard_event_name(enum guard_event event);

#endif
