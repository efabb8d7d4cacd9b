#include "kiosk/guard/guard_parts.h"

/* How long the lock may take before the cover says why nothing happens. */
#define PATIENCE_MS 3000

static const struct lock_notice moment = {.title = "One moment, please"};

static const struct lock_notice again = {
    .title = "One moment, please",
    .lines = {"The exam screen is being started again.",
        "Everything shown as saved is safe on this computer.", "Your exam will go on where it was."},
};

static const struct lock_notice unsaved = {
    .title = "Saving takes longer than it should",
    .lines = {"Everything shown as saved is safe on this computer.",
        "Please wait. If this stays, raise your hand."},
    .code = "E-SAVE",
};

static const struct lock_notice not_held = {
    .title = "This seat needs staff",
    .lines = {"Another program holds the keyboard or the mouse.", "Nothing was lost.",
        "Staff: end that program, or restart this computer."},
    .code = "E-LOCK",
};

static const struct lock_notice failed = {
    .title = "This seat needs staff",
    .lines = {"The exam screen failed several times and was stopped.",
        "Everything shown as saved is safe on this computer.",
        "Staff: press Enter to try again; it is also tried every 30 seconds."},
    .code = "E-SCREEN",
    .is_staff = true,
};

static const struct lock_notice unlocking = {.title = "This seat is being unlocked"};

static const char *words_of(enum message_verdict answer)
{
    switch (answer) {
    case MESSAGE_WRONG: return "That code was wrong.";
    case MESSAGE_WAIT: return "Too many wrong codes. Please wait some minutes before the next.";
    case MESSAGE_NEVER: return "This seat has no unlock code.";
    case MESSAGE_ALLOWED:
    case MESSAGE_VERDICTS: break;
    }
    return NULL;
}

static struct lock_notice failed_notice(const struct guard *guard)
{
    struct lock_notice notice = failed;
    int line = 3;

    if (guard->policy.unlock[0] != '\0')
        notice.lines[line++] = "To unlock this computer, type the unlock code and press Enter.";
    notice.lines[line] = words_of(guard->typed_answer);
    notice.typed = (unsigned)guard->typed_len;
    return notice;
}

struct lock_notice guard_notice(const struct guard *guard)
{
    const bool is_late = clock_awake_ms(guard->clock) - guard->since_ms >= PATIENCE_MS;

    switch (guard->state) {
    case GUARD_LOCKING: return is_late ? not_held : moment;
    case GUARD_COVERED: return (guard->reasons & 1u << MESSAGE_LOCK_LOST) != 0 ? not_held : unsaved;
    case GUARD_WAITING: return failed_notice(guard);
    case GUARD_UNLOCKING:
    case GUARD_UNLOCKED: return unlocking;
    case GUARD_ENDING:
    case GUARD_STARTING:
    case GUARD_SHOWN:
    case GUARD_QUITTING:
    case GUARD_QUIT:
    case GUARD_STATES: break;
    }
    return guard->restarts.total > 0 ? again : moment;
}
