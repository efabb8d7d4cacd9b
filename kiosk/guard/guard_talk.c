#include <unistd.h>

#include "kiosk/guard/guard_parts.h"
#include "kiosk/guard/report.h"

/* Each handler returns false for a lie: the screen process is killed, and the screen stays covered. */

static void send_welcome(struct guard *guard)
{
    struct message message = {.kind = MESSAGE_WELCOME, .fd = -1};
    struct message_welcome *welcome = &message.welcome;

    *welcome = (struct message_welcome){
        .clock = guard->exam.anchor,
        .version = MESSAGE_VERSION,
        .lock = (uint32_t)lock_kind(guard->lock),
        .is_practice = guard->is_practice ? 1 : 0,
        .restarts = guard->restarts.total,
        .memories = memory_count(&guard->memory),
    };
    lock_size(guard->lock, &welcome->width, &welcome->height);
    clock_boot_id(welcome->boot_id);
    guard_tell(guard, &message);
    if (guard->child.socket >= 0 && !memory_send(&guard->memory, guard->child.socket))
        guard_happen(guard, GUARD_MISBEHAVED);
}

static bool hear_hello(struct guard *guard, const struct message *message)
{
    if (guard->has_greeted || message->hello.version != MESSAGE_VERSION)
        return false;
    guard->has_greeted = true;
    send_welcome(guard);
    return true;
}

static bool hear_window(struct guard *guard, const struct message *message)
{
    if (guard->state != GUARD_STARTING || guard->has_window ||
        !lock_adopt(guard->lock, message->window.window))
        return false;
    guard->has_window = true;
    return true;
}

static bool hear_ready(struct guard *guard, const struct message *message)
{
    (void)message;
    if (guard->state != GUARD_STARTING || !lock_has_screen(guard->lock))
        return false;
    guard->alive_ms = clock_awake_ms(guard->clock);
    guard_happen(guard, GUARD_READY);
    return true;
}

static bool hear_alive(struct guard *guard, const struct message *message)
{
    (void)message;
    guard->alive_ms = clock_awake_ms(guard->clock);
    return true;
}

static bool hear_saved(struct guard *guard, const struct message *message)
{
    return exam_clock_saved(&guard->exam, &message->saved, clock_boot_ms(guard->clock));
}

static bool hear_clock(struct guard *guard, const struct message *message)
{
    return exam_clock_set(&guard->exam, &message->clock, clock_boot_ms(guard->clock));
}

static bool hear_memory(struct guard *guard, const struct message *message)
{
    return memory_take(&guard->memory, &message->memory, message->fd);
}

static bool hear_forget(struct guard *guard, const struct message *message)
{
    (void)message;
    memory_forget(&guard->memory);
    exam_clock_forget(&guard->exam);
    return true;
}

static void answer(struct guard *guard, struct message_answer verdict)
{
    guard_tell(guard, &(struct message){.kind = MESSAGE_ANSWER, .fd = -1, .answer = verdict});
}

static bool hear_try_code(struct guard *guard, const struct message *message)
{
    const int64_t now = clock_boot_ms(guard->clock);
    const bool is_allowed = codes_try(&guard->staff_codes, now);

    (void)message;
    answer(guard, (struct message_answer){.verdict = is_allowed ? MESSAGE_ALLOWED : MESSAGE_WAIT,
                      .wait_ms = codes_wait(&guard->staff_codes, now)});
    return true;
}

static bool hear_result(struct guard *guard, const struct message *message)
{
    return codes_report(&guard->staff_codes, message->code_result.is_right == 1, clock_boot_ms(guard->clock));
}

static bool hear_unlock(struct guard *guard, const struct message *message)
{
    const struct message_answer verdict = guard_try_unlock(guard, message->unlock.code);

    if (guard->state != GUARD_UNLOCKING)
        answer(guard, verdict);
    return true;
}

static bool hear_log(struct guard *guard, const struct message *message)
{
    if (guard->rate.lines++ < GUARD_LOG_MAX)
        report("screen: %s", message->log.line);
    return true;
}

typedef bool hear_function(struct guard *guard, const struct message *message);

static hear_function *const hear[MESSAGE_KINDS] = {
    [MESSAGE_HELLO] = hear_hello,
    [MESSAGE_WINDOW] = hear_window,
    [MESSAGE_READY] = hear_ready,
    [MESSAGE_ALIVE] = hear_alive,
    [MESSAGE_SAVED] = hear_saved,
    [MESSAGE_CLOCK] = hear_clock,
    [MESSAGE_MEMORY] = hear_memory,
    [MESSAGE_FORGET] = hear_forget,
    [MESSAGE_TRY_CODE] = hear_try_code,
    [MESSAGE_RESULT] = hear_result,
    [MESSAGE_UNLOCK] = hear_unlock,
    [MESSAGE_LOG] = hear_log,
};

static bool is_flooding(struct guard *guard)
{
    const int64_t second = clock_awake_ms(guard->clock) / 1000;

    if (guard->rate.second != second)
        guard->rate = (struct guard_rate){.second = second};
    return ++guard->rate.messages > GUARD_FLOOD_MAX;
}

bool guard_is_listening(const struct guard *guard)
{
    return guard->child.socket >= 0 &&
           (guard->state == GUARD_STARTING || guard->state == GUARD_COVERED || guard->state == GUARD_SHOWN);
}

static void end_talk(struct guard *guard, const char *why)
{
    report("screen process %s", why);
    child_hang_up(&guard->child);
    guard_happen(guard, GUARD_MISBEHAVED);
}

static void hear_one(struct guard *guard, struct message *message)
{
    const char *name = NULL;

    if (is_flooding(guard))
        name = "floods";
    else if (!guard->has_greeted && message->kind != MESSAGE_HELLO)
        name = "did not say hello";
    if (name == NULL && !hear[message->kind](guard, message))
        name = "lied";
    else if (name != NULL && message->fd >= 0)
        (void)close(message->fd);             /* not taken */
    explicit_bzero(message, sizeof *message); /* it may have been an unlock code */
    if (name != NULL)
        end_talk(guard, name);
}

void guard_talk(struct guard *guard)
{
    for (int i = 0; i < GUARD_TURN_MAX && guard_is_listening(guard); i++) {
        struct message message;

        switch (message_receive(guard->child.socket, MESSAGE_FROM_SCREEN, &message)) {
        case MESSAGE_GOT: hear_one(guard, &message); break;
        case MESSAGE_NONE: return;
        case MESSAGE_CLOSED: child_hang_up(&guard->child); return; /* its exit follows, or the watchdog */
        case MESSAGE_BAD: end_talk(guard, "sent what is no message"); return;
        }
    }
}
