#include "kiosk/guard/guard_parts.h"
#include "kiosk/guard/report.h"

struct message_answer guard_try_unlock(struct guard *guard, const char *code)
{
    const int64_t now = clock_boot_ms(guard->clock);
    bool is_right;

    if (guard->policy.unlock[0] == '\0')
        return (struct message_answer){.verdict = MESSAGE_NEVER};
    if (!codes_try(&guard->unlock_codes, now))
        return (struct message_answer){
            .verdict = MESSAGE_WAIT, .wait_ms = codes_wait(&guard->unlock_codes, now)};
    is_right = policy_is_unlock_code(&guard->policy, code);
    (void)codes_report(&guard->unlock_codes, is_right, now); /* just allowed */
    report("unlock code: %s", is_right ? "right" : "wrong");
    if (is_right)
        guard_happen(guard, GUARD_UNLOCK); /* the one place that unlocks */
    return (struct message_answer){
        .verdict = MESSAGE_WRONG, .wait_ms = codes_wait(&guard->unlock_codes, now)};
}

/* ---- the guard's own staff screen ---- */

void guard_forget_typed(struct guard *guard)
{
    explicit_bzero(guard->typed, sizeof guard->typed);
    guard->typed_len = 0;
}

/* Enter alone tries the screen process again; with a code, it tries to unlock. */
static void take_entry(struct guard *guard)
{
    if (guard->typed_len == 0) {
        guard_happen(guard, GUARD_RETRY);
        return;
    }
    guard->typed_answer = guard_try_unlock(guard, guard->typed).verdict;
    guard_forget_typed(guard);
}

static void take_key(struct guard *guard, int key)
{
    guard->typed_answer = MESSAGE_ALLOWED;
    guard->since_ms = clock_awake_ms(guard->clock); /* not tried again under the fingers of staff */
    if (key == LOCK_ENTER)
        take_entry(guard);
    else if (key == LOCK_ESCAPE)
        guard_forget_typed(guard);
    else if (key == LOCK_BACKSPACE && guard->typed_len > 0)
        guard->typed[--guard->typed_len] = '\0';
    else if (key >= ' ' && guard->typed_len + 1 < sizeof guard->typed)
        guard->typed[guard->typed_len++] = (char)key;
}

bool guard_take_keys(struct guard *guard)
{
    bool was_typed = false;
    int key;

    while ((key = lock_read_key(guard->lock)) != LOCK_NO_KEY) {
        if (guard->state == GUARD_WAITING)
            take_key(guard, key);
        was_typed = true;
    }
    if (was_typed && guard->state == GUARD_WAITING)
        guard_show_cover(guard);
    return was_typed;
}
