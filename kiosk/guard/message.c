#include "kiosk/guard/message.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define DESCRIPTORS_MAX 4 /* room to receive, and close, more than are allowed */

enum { SCREEN = 1 << MESSAGE_FROM_SCREEN, GUARD = 1 << MESSAGE_FROM_GUARD };

/* On the wire: this, then the kind's struct. */
struct header {
    uint32_t kind;
    uint32_t reserved;
};

static_assert(sizeof(struct message_memory) == 40, "no padding on the wire");
static_assert(sizeof(struct message_unlock) == 68, "no padding on the wire");
static_assert(sizeof(struct message_log) == 204, "no padding on the wire");
static_assert(sizeof(struct message_clock) == 32, "no padding on the wire");
static_assert(sizeof(struct message_welcome) == 104, "no padding on the wire");
static_assert(sizeof(struct message_answer) == 16, "no padding on the wire");

static bool is_zero(const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (bytes[i] != '\0')
            return false;
    return true;
}

/* A text, its NUL, and nothing but zeros behind it. */
static bool is_text(const char *field, size_t size)
{
    const size_t len = strnlen(field, size);

    return len < size && is_zero(field + len, size - len);
}

static bool is_session(const char session[SESSION_ID_SIZE])
{
    const size_t len = strspn(session, "0123456789abcdef");

    return is_text(session, SESSION_ID_SIZE) && len == SESSION_ID_SIZE - 1;
}

static bool is_line(const char *line)
{
    for (; *line != '\0'; line++)
        if (iscntrl((unsigned char)*line))
            return false;
    return true;
}

static bool check_anchor(const struct message_clock *clock)
{
    const bool is_empty =
        clock->is_running == 0 && clock->exam_ms == 0 && clock->boot_ms == 0 && clock->limit_ms == 0;

    return clock->is_running <= 1 && clock->is_set <= 1 && clock->exam_ms >= 0 && clock->boot_ms >= 0 &&
           clock->limit_ms >= 0 && (clock->is_set == 1 || is_empty);
}

static bool check_clock(const struct message *message)
{
    return check_anchor(&message->clock) && message->clock.is_set == 1;
}

static bool check_saved(const struct message *message)
{
    return message->saved.exam_ms >= 0 && message->saved.boot_ms >= 0;
}

static bool check_memory(const struct message *message)
{
    const struct message_memory *memory = &message->memory;

    return memory->kind < MESSAGE_MEMORY_KINDS && is_session(memory->session) &&
           is_zero(memory->reserved, sizeof memory->reserved);
}

static bool check_result(const struct message *message)
{
    return message->code_result.is_right <= 1;
}

static bool check_unlock(const struct message *message)
{
    return is_text(message->unlock.code, sizeof message->unlock.code) &&
           is_zero(message->unlock.reserved, sizeof message->unlock.reserved);
}

static bool check_log(const struct message *message)
{
    return is_text(message->log.line, sizeof message->log.line) && is_line(message->log.line) &&
           is_zero(message->log.reserved, sizeof message->log.reserved);
}

static bool check_welcome(const struct message *message)
{
    const struct message_welcome *welcome = &message->welcome;

    return check_anchor(&welcome->clock) && welcome->lock < MESSAGE_LOCK_KINDS && welcome->is_practice <= 1 &&
           welcome->memories <= MESSAGE_MEMORY_KINDS && is_text(welcome->boot_id, sizeof welcome->boot_id) &&
           is_zero(welcome->reserved, sizeof welcome->reserved);
}

static bool check_answer(const struct message *message)
{
    return message->answer.verdict < MESSAGE_VERDICTS && message->answer.reserved == 0 &&
           message->answer.wait_ms >= 0;
}

static bool check_covered(const struct message *message)
{
    return message->covered.reason < MESSAGE_REASONS;
}

static const struct rule {
    size_t size;
    unsigned sides; /* who may send it */
    bool has_descriptor;
    bool (*check)(const struct message *message); /* NULL: any value will do */
} rules[MESSAGE_KINDS] = {
    [MESSAGE_HELLO] = {sizeof(struct message_hello), SCREEN, false, NULL},
    [MESSAGE_WINDOW] = {sizeof(struct message_window), SCREEN, false, NULL},
    [MESSAGE_READY] = {0, SCREEN, false, NULL},
    [MESSAGE_ALIVE] = {0, SCREEN, false, NULL},
    [MESSAGE_SAVED] = {sizeof(struct message_saved), SCREEN, false, check_saved},
    [MESSAGE_CLOCK] = {sizeof(struct message_clock), SCREEN, false, check_clock},
    [MESSAGE_MEMORY] = {sizeof(struct message_memory), SCREEN | GUARD, true, check_memory},
    [MESSAGE_FORGET] = {0, SCREEN, false, NULL},
    [MESSAGE_TRY_CODE] = {0, SCREEN, false, NULL},
    [MESSAGE_RESULT] = {sizeof(struct message_result), SCREEN, false, check_result},
    [MESSAGE_UNLOCK] = {sizeof(struct message_unlock), SCREEN, false, check_unlock},
    [MESSAGE_LOG] = {sizeof(struct message_log), SCREEN, false, check_log},
    [MESSAGE_WELCOME] = {sizeof(struct message_welcome), GUARD, false, check_welcome},
    [MESSAGE_ANSWER] = {sizeof(struct message_answer), GUARD, false, check_answer},
    [MESSAGE_COVERED] = {sizeof(struct message_covered), GUARD, false, check_covered},
    [MESSAGE_UNCOVERED] = {0, GUARD, false, NULL},
    [MESSAGE_STOP] = {0, GUARD, false, NULL},
};

union control {
    char space[CMSG_SPACE(sizeof(int) * DESCRIPTORS_MAX)];
    struct cmsghdr align;
};

static void attach(struct msghdr *packet, union control *control, int fd)
{
    struct cmsghdr *head;

    packet->msg_control = control->space;
    packet->msg_controllen = CMSG_SPACE(sizeof fd);
    head = CMSG_FIRSTHDR(packet);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(sizeof fd);
    memcpy(CMSG_DATA(head), &fd, sizeof fd);
}

bool message_send(int socket, const struct message *message)
{
    const struct rule *rule = &rules[message->kind];
    struct message copy = *message;
    struct header header = {.kind = (uint32_t)message->kind};
    struct iovec parts[] = {{&header, sizeof header}, {&copy.hello, rule->size}};
    struct msghdr packet = {.msg_iov = parts, .msg_iovlen = 2};
    union control control = {0};
    ssize_t sent;

    assert(message->kind > 0 && message->kind < MESSAGE_KINDS && (message->fd >= 0) == rule->has_descriptor);
    if (rule->has_descriptor)
        attach(&packet, &control, message->fd);
    do
        sent = sendmsg(socket, &packet, MSG_DONTWAIT | MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    explicit_bzero(&copy, sizeof copy); /* it may have been an unlock code */
    return sent == (ssize_t)(sizeof header + rule->size);
}

bool message_send_plain(int socket, enum message_kind kind)
{
    return message_send(socket, &(struct message){.kind = kind, .fd = -1});
}

/* Takes the one descriptor of a packet into *fd; false, with all closed, if there are more. */
static bool detach(struct msghdr *packet, int *fd)
{
    int fds[DESCRIPTORS_MAX];
    size_t count = 0;

    for (struct cmsghdr *head = CMSG_FIRSTHDR(packet); head != NULL; head = CMSG_NXTHDR(packet, head)) {
        if (head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_RIGHTS)
            continue;
        count = (head->cmsg_len - CMSG_LEN(0)) / sizeof fds[0];
        assert(count <= DESCRIPTORS_MAX); /* the kernel cuts at the room we gave */
        memcpy(fds, CMSG_DATA(head), count * sizeof fds[0]);
    }
    if (count == 1 && (packet->msg_flags & MSG_CTRUNC) == 0) {
        *fd = fds[0];
        return true;
    }
    for (size_t i = 0; i < count; i++)
        (void)close(fds[i]); /* never used: nothing to lose */
    return count == 0 && (packet->msg_flags & MSG_CTRUNC) == 0;
}

static bool is_allowed(const struct header *header, const struct message *message, size_t len, unsigned side)
{
    const struct rule *rule;

    if (len < sizeof *header || header->reserved != 0 || header->kind == 0 || header->kind >= MESSAGE_KINDS)
        return false;
    rule = &rules[header->kind];
    return (rule->sides & side) != 0 && len == sizeof *header + rule->size &&
           rule->has_descriptor == (message->fd >= 0) && (rule->check == NULL || rule->check(message));
}

enum message_outcome message_receive(int socket, enum message_side from, struct message *message)
{
    struct header header = {0};
    struct message got = {.fd = -1};
    struct iovec parts[] = {
        {&header, sizeof header}, {&got.hello, sizeof got - offsetof(struct message, hello)}};
    union control control = {0};
    struct msghdr packet = {.msg_iov = parts,
        .msg_iovlen = 2,
        .msg_control = control.space,
        .msg_controllen = sizeof control.space};
    enum message_outcome outcome = MESSAGE_BAD;
    ssize_t len;

    do
        len = recvmsg(socket, &packet, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    while (len < 0 && errno == EINTR);
    if (len < 0)
        return errno == EAGAIN ? MESSAGE_NONE : MESSAGE_CLOSED;
    if (!detach(&packet, &got.fd) || (packet.msg_flags & MSG_TRUNC) != 0)
        goto done;
    if (len == 0 && got.fd < 0) {
        /* A packet without a byte looks the same as the end; either is no more to be talked with. */
        outcome = MESSAGE_CLOSED;
        goto done;
    }
    if (!is_allowed(&header, &got, (size_t)len, 1u << from))
        goto done;
    got.kind = (enum message_kind)header.kind;
    *message = got;
    got.fd = -1; /* the caller's now */
    outcome = MESSAGE_GOT;
done:
    if (got.fd >= 0)
        (void)close(got.fd); /* never used: nothing to lose */
    explicit_bzero(&got, sizeof got);
    return outcome;
}
