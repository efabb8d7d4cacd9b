#include "kiosk/screens/link.h"

#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { WELCOME_WAIT_MS = 5000, ALIVE_MS = 1000 };

static bool receive(struct link *link, struct message *message, struct error *err)
{
    struct pollfd ready = {.fd = link->socket, .events = POLLIN};

    if (poll(&ready, 1, WELCOME_WAIT_MS) != 1)
        return error_set(err, ERROR_IO, "the guard does not answer");
    return message_receive(link->socket, MESSAGE_FROM_GUARD, message) == MESSAGE_GOT ||
           error_set(err, ERROR_FORMAT, "the guard says something else than expected");
}

static bool receive_memory(struct link *link, struct error *err)
{
    struct message message;

    if (!receive(link, &message, err))
        return false;
    if (message.kind != MESSAGE_MEMORY)
        return error_set(err, ERROR_FORMAT, "the guard keeps back a memory file");
    if (link->memories[message.memory.kind] >= 0)
        (void)close(link->memories[message.memory.kind]); /* replaced */
    link->memories[message.memory.kind] = message.fd;
    memcpy(link->memory_session, message.memory.session, sizeof link->memory_session);
    return true;
}

bool link_open(struct link *link, int socket, struct error *err)
{
    struct message hello = {.kind = MESSAGE_HELLO, .fd = -1, .hello.version = MESSAGE_VERSION};
    struct message message;

    *link = (struct link){.socket = socket, .memories = {-1, -1}};
    if (!message_send(socket, &hello))
        return error_set(err, ERROR_IO, "carrel-screen is started by carrel-kiosk, not by hand");
    if (!receive(link, &message, err))
        return false;
    if (message.kind != MESSAGE_WELCOME)
        return error_set(err, ERROR_FORMAT, "the guard does not say welcome");
    link->welcome = message.welcome;
    for (unsigned i = 0; i < link->welcome.memories; i++)
        if (!receive_memory(link, err))
            return false;
    return true;
}

void link_close(struct link *link)
{
    for (int kind = 0; kind < MESSAGE_MEMORY_KINDS; kind++) {
        if (link->memories[kind] >= 0)
            (void)close(link->memories[kind]); /* the guard has its own */
        link->memories[kind] = -1;
    }
}

bool link_has_memories(const struct link *link)
{
    return link->memories[MESSAGE_MEMORY_KEYS] >= 0 && link->memories[MESSAGE_MEMORY_PACKAGE] >= 0;
}

bool link_ready(struct link *link, uint64_t window)
{
    struct message message = {.kind = MESSAGE_WINDOW, .fd = -1, .window.window = window};

    if (link->welcome.lock == MESSAGE_LOCK_X11 && !message_send(link->socket, &message))
        return false;
    return message_send_plain(link->socket, MESSAGE_READY);
}

/* The anchor moves with every record; the guard needs it only when it starts, stops or changes otherwise. */
static bool tell_clock(struct link *link, const struct exam_time *time)
{
    const struct exam_time *told = &link->told_time;
    struct message message = {.kind = MESSAGE_CLOCK, .fd = -1};

    if (link->has_told_time && time->is_running == told->is_running && time->limit_ms == told->limit_ms &&
        exam_time_used(told, time->boot_ms) == time->exam_ms)
        return true;
    message.clock = (struct message_clock){.exam_ms = time->exam_ms,
        .boot_ms = time->boot_ms,
        .limit_ms = time->limit_ms,
        .is_running = time->is_running,
        .is_set = 1};
    link->told_time = *time;
    link->has_told_time = true;
    return message_send(link->socket, &message);
}

static bool tell_saved(struct link *link, const struct sitting *sitting)
{
    struct message message = {.kind = MESSAGE_SAVED, .fd = -1};

    if (sitting->saved_boot_ms == link->told_saved_boot_ms || sitting->saved_boot_ms == 0)
        return true;
    message.saved = (struct message_saved){sitting->saved_exam_ms, sitting->saved_boot_ms};
    link->told_saved_boot_ms = sitting->saved_boot_ms;
    return message_send(link->socket, &message);
}

bool link_report(struct link *link, const struct clock *clock, const struct sitting *sitting)
{
    const int64_t now = clock_boot_ms(clock);
    struct exam_time time;

    if (sitting != NULL && sitting->journal != NULL) {
        time = sitting_time(sitting);
        if (!tell_clock(link, &time) || !tell_saved(link, sitting))
            return false;
    }
    if (now - link->told_alive_ms < ALIVE_MS / 2)
        return true;
    link->told_alive_ms = now;
    return message_send_plain(link->socket, MESSAGE_ALIVE);
}

static bool give_memory(
    struct link *link, enum message_memory_kind kind, int fd, const char *session, struct error *err)
{
    struct message message = {.kind = MESSAGE_MEMORY, .fd = fd, .memory.kind = kind};
    bool ok;

    if (fd < 0)
        return false;
    memcpy(message.memory.session, session, sizeof message.memory.session);
    ok = message_send(link->socket, &message);
    (void)close(fd); /* the guard has its own */
    return ok || error_set(err, ERROR_IO, "the guard takes no memory file");
}

bool link_keep(struct link *link, const struct sitting *sitting, struct error *err)
{
    const char *session = sitting->ticket->session;

    return give_memory(link, MESSAGE_MEMORY_KEYS, sitting_keys_memory(sitting, err), session, err) &&
           give_memory(link, MESSAGE_MEMORY_PACKAGE, sitting_package_memory(sitting, err), session, err);
}

bool link_forget(struct link *link)
{
    link->has_told_time = false;
    link->told_saved_boot_ms = 0;
    return message_send_plain(link->socket, MESSAGE_FORGET);
}

void link_log(struct link *link, const char *format, ...)
{
    struct message message = {.kind = MESSAGE_LOG, .fd = -1};
    va_list args;

    va_start(args, format);
    (void)vsnprintf(message.log.line, sizeof message.log.line, format, args); /* cut is fine: a log */
    va_end(args);
    (void)message_send(link->socket, &message); /* a log line may be lost; a dead guard is seen elsewhere */
}
