#include "kiosk/guard/guard_state.h"

/* Each row lists what a state answers; an empty cell is GUARD_ENDING: covered, and the screen process, if
 * there is one, killed. UNLOCKED and QUIT are for good: their rows are full. */
static const enum guard_state next[GUARD_STATES][GUARD_EVENTS] = {
    [GUARD_ENDING] =
        {
            [GUARD_GONE] = GUARD_LOCKING,
            [GUARD_GONE_OFTEN] = GUARD_WAITING,
            [GUARD_LEFT] = GUARD_LOCKING,
            [GUARD_STOPPED] = GUARD_QUITTING,
        },
    [GUARD_LOCKING] =
        {
            [GUARD_LOCKED] = GUARD_STARTING,
            [GUARD_COVER] = GUARD_LOCKING,
            [GUARD_CLEAR] = GUARD_LOCKING,
            [GUARD_STOPPED] = GUARD_QUITTING,
        },
    [GUARD_STARTING] =
        {
            [GUARD_LOCKED] = GUARD_STARTING,
            [GUARD_READY] = GUARD_COVERED, /* shown only when CLEAR says so */
            [GUARD_COVER] = GUARD_STARTING,
            [GUARD_CLEAR] = GUARD_STARTING,
            [GUARD_GONE] = GUARD_LOCKING,
            [GUARD_GONE_OFTEN] = GUARD_WAITING,
            [GUARD_LEFT] = GUARD_QUITTING,
            [GUARD_UNLOCK] = GUARD_UNLOCKING,
            [GUARD_STOPPED] = GUARD_QUITTING,
        },
    [GUARD_COVERED] =
        {
            [GUARD_LOCKED] = GUARD_COVERED,
            [GUARD_COVER] = GUARD_COVERED,
            [GUARD_CLEAR] = GUARD_SHOWN,
            [GUARD_GONE] = GUARD_LOCKING,
            [GUARD_GONE_OFTEN] = GUARD_WAITING,
            [GUARD_LEFT] = GUARD_QUITTING,
            [GUARD_UNLOCK] = GUARD_UNLOCKING,
            [GUARD_STOPPED] = GUARD_QUITTING,
        },
    [GUARD_SHOWN] =
        {
            [GUARD_LOCKED] = GUARD_SHOWN,
            [GUARD_COVER] = GUARD_COVERED,
            [GUARD_CLEAR] = GUARD_SHOWN,
            [GUARD_GONE] = GUARD_LOCKING,
            [GUARD_GONE_OFTEN] = GUARD_WAITING,
            [GUARD_LEFT] = GUARD_QUITTING,
            [GUARD_UNLOCK] = GUARD_UNLOCKING,
            [GUARD_STOPPED] = GUARD_QUITTING,
        },
    [GUARD_WAITING] =
        {
            [GUARD_LOCKED] = GUARD_WAITING,
            [GUARD_COVER] = GUARD_WAITING,
            [GUARD_CLEAR] = GUARD_WAITING,
            [GUARD_RETRY] = GUARD_LOCKING,
            [GUARD_UNLOCK] = GUARD_UNLOCKING,
            [GUARD_STOPPED] = GUARD_QUITTING,
        },
    [GUARD_UNLOCKING] =
        {
            [GUARD_LOCKED] = GUARD_UNLOCKING,
            [GUARD_READY] = GUARD_UNLOCKING,
            [GUARD_COVER] = GUARD_UNLOCKING,
            [GUARD_CLEAR] = GUARD_UNLOCKING,
            [GUARD_MISBEHAVED] = GUARD_UNLOCKING,
            [GUARD_GONE] = GUARD_UNLOCKED,
            [GUARD_GONE_OFTEN] = GUARD_UNLOCKED,
            [GUARD_LEFT] = GUARD_UNLOCKED,
            [GUARD_RETRY] = GUARD_UNLOCKING,
            [GUARD_UNLOCK] = GUARD_UNLOCKING,
            [GUARD_STOPPED] = GUARD_UNLOCKING,
        },
    [GUARD_UNLOCKED] = {GUARD_UNLOCKED, GUARD_UNLOCKED, GUARD_UNLOCKED, GUARD_UNLOCKED, GUARD_UNLOCKED,
        GUARD_UNLOCKED, GUARD_UNLOCKED, GUARD_UNLOCKED, GUARD_UNLOCKED, GUARD_UNLOCKED, GUARD_UNLOCKED},
    [GUARD_QUITTING] =
        {
            [GUARD_LOCKED] = GUARD_QUITTING,
            [GUARD_READY] = GUARD_QUITTING,
            [GUARD_COVER] = GUARD_QUITTING,
            [GUARD_CLEAR] = GUARD_QUITTING,
            [GUARD_MISBEHAVED] = GUARD_QUITTING,
            [GUARD_GONE] = GUARD_QUIT,
            [GUARD_GONE_OFTEN] = GUARD_QUIT,
            [GUARD_LEFT] = GUARD_QUIT,
            [GUARD_RETRY] = GUARD_QUITTING,
            [GUARD_UNLOCK] = GUARD_QUITTING,
            [GUARD_STOPPED] = GUARD_QUITTING,
        },
    [GUARD_QUIT] = {GUARD_QUIT, GUARD_QUIT, GUARD_QUIT, GUARD_QUIT, GUARD_QUIT, GUARD_QUIT, GUARD_QUIT,
        GUARD_QUIT, GUARD_QUIT, GUARD_QUIT, GUARD_QUIT},
};

enum guard_state guard_state_next(enum guard_state state, enum guard_event event)
{
    return next[state][event];
}

bool guard_state_is_over(enum guard_state state)
{
    return state == GUARD_UNLOCKED || state == GUARD_QUIT;
}

const char *guard_state_name(enum guard_state state)
{
    static const char *const names[GUARD_STATES] = {"ending", "locking", "starting", "covered", "shown",
        "waiting", "unlocking", "unlocked", "quitting", "quit"};

    return names[state];
}

const char *guard_event_name(enum guard_event event)
{
    static const char *const names[GUARD_EVENTS] = {"locked", "ready", "cover", "clear", "misbehaved", "gone",
        "gone often", "left", "retry", "unlock", "stopped"};

    return names[event];
}
