#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kiosk/guard/message.h"

#define SESSION "0123456789abcdef0123456789abcdef"

struct pair {
    int guard, screen;
};

static int pair_open(void **state)
{
    static struct pair pair;
    int fds[2];

    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds), 0);
    pair = (struct pair){fds[0], fds[1]};
    *state = &pair;
    return 0;
}

static int pair_close(void **state)
{
    struct pair *pair = *state;

    if (pair->screen >= 0)
        assert_int_equal(close(pair->screen), 0);
    return close(pair->guard);
}

static int open_count(void)
{
    int count = 0;

    for (int fd = 0; fd < 256; fd++)
        count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

/* One packet, as raw as it gets: header words, then a payload, then descriptors. */
static void send_raw(int socket, const void *bytes, size_t len, int fd, int times)
{
    struct iovec part = {(void *)(uintptr_t)bytes, len};
    union {
        char space[CMSG_SPACE(sizeof(int) * 16)];
        struct cmsghdr align;
    } control = {0};
    struct msghdr packet = {.msg_iov = &part, .msg_iovlen = 1};

    if (times > 0) {
        packet.msg_control = control.space;
        packet.msg_controllen = CMSG_SPACE(sizeof(int) * (size_t)times);
        struct cmsghdr *head = CMSG_FIRSTHDR(&packet);
        head->cmsg_level = SOL_SOCKET;
        head->cmsg_type = SCM_RIGHTS;
        head->cmsg_len = CMSG_LEN(sizeof(int) * (size_t)times);
        for (int i = 0; i < times; i++)
            memcpy(CMSG_DATA(head) + sizeof(int) * (size_t)i, &fd, sizeof fd);
    }
    assert_int_equal(sendmsg(socket, &packet, 0), len);
}

static struct message sample(enum message_kind kind)
{
    struct message message = {.kind = kind, .fd = -1};

    switch (kind) {
    case MESSAGE_HELLO: message.hello.version = MESSAGE_VERSION; break;
    case MESSAGE_WINDOW: message.window.window = 0x1400007; break;
    case MESSAGE_SAVED: message.saved = (struct message_saved){1000, 99000}; break;
    case MESSAGE_CLOCK: message.clock = (struct message_clock){1000, 99000, 5000, 1, 1}; break;
    case MESSAGE_MEMORY: message.memory = (struct message_memory){1, SESSION, {0}}; break;
    case MESSAGE_RESULT: message.code_result.is_right = 1; break;
    case MESSAGE_UNLOCK: message.unlock = (struct message_unlock){"open sesame", {0}}; break;
    case MESSAGE_LOG: message.log = (struct message_log){"a line", {0}}; break;
    case MESSAGE_WELCOME: message.welcome = (struct message_welcome){.version = 1, .boot_id = "x"}; break;
    case MESSAGE_ANSWER: message.answer = (struct message_answer){60000, MESSAGE_WAIT, 0}; break;
    case MESSAGE_COVERED: message.covered.reason = MESSAGE_UNSAVED; break;
    case MESSAGE_READY:
    case MESSAGE_ALIVE:
    case MESSAGE_FORGET:
    case MESSAGE_TRY_CODE:
    case MESSAGE_UNCOVERED:
    case MESSAGE_STOP:
    case MESSAGE_KINDS: break;
    }
    return message;
}

static enum message_side sender(enum message_kind kind)
{
    return kind >= MESSAGE_WELCOME ? MESSAGE_FROM_GUARD : MESSAGE_FROM_SCREEN;
}

static void every_kind_arrives_as_sent_and_only_from_its_side(void **state)
{
    const struct pair *pair = *state;
    const int memory = memfd_create("test", MFD_CLOEXEC);

    for (enum message_kind kind = MESSAGE_HELLO; kind < MESSAGE_KINDS; kind++) {
        const enum message_side side = sender(kind);
        const enum message_side other = side == MESSAGE_FROM_GUARD ? MESSAGE_FROM_SCREEN : MESSAGE_FROM_GUARD;
        struct message sent = sample(kind), got = {0};
        const int before = open_count();

        sent.fd = kind == MESSAGE_MEMORY ? memory : -1;
        assert_true(message_send(pair->screen, &sent));
        assert_int_equal(message_receive(pair->guard, side, &got), MESSAGE_GOT);
        assert_int_equal(got.kind, kind);
        assert_memory_equal(&got.hello, &sent.hello, sizeof sent - offsetof(struct message, hello));
        if (got.fd >= 0)
            assert_int_equal(close(got.fd), 0);

        assert_true(message_send(pair->screen, &sent));
        assert_int_equal(
            message_receive(pair->guard, other, &got), kind == MESSAGE_MEMORY ? MESSAGE_GOT : MESSAGE_BAD);
        if (kind == MESSAGE_MEMORY)
            assert_int_equal(close(got.fd), 0);
        assert_int_equal(open_count(), before);
    }
    assert_int_equal(close(memory), 0);
}

static void a_message_of_any_other_length_is_refused(void **state)
{
    const struct pair *pair = *state;
    unsigned char bytes[4096] = {0};

    for (uint32_t kind = MESSAGE_HELLO; kind < MESSAGE_KINDS; kind++) {
        const struct message message = sample((enum message_kind)kind);
        int taken = 0;

        if (kind == MESSAGE_MEMORY)
            continue; /* never good without its descriptor */
        memcpy(bytes, &kind, sizeof kind);
        memcpy(bytes + 8, &message.hello, sizeof message - offsetof(struct message, hello));
        for (size_t len = 1; len < 400; len++) {
            struct message got;

            send_raw(pair->screen, bytes, len, -1, 0);
            switch (message_receive(pair->guard, sender((enum message_kind)kind), &got)) {
            case MESSAGE_GOT: taken++; break;
            case MESSAGE_BAD: break;
            case MESSAGE_NONE:
            case MESSAGE_CLOSED: fail();
            }
        }
        assert_int_equal(taken, 1);
    }
    send_raw(pair->screen, bytes, sizeof bytes, -1, 0);
    assert_int_equal(message_receive(pair->guard, MESSAGE_FROM_SCREEN, &(struct message){0}), MESSAGE_BAD);
}

static void unknown_kinds_and_reserved_words_are_refused(void **state)
{
    const struct pair *pair = *state;
    const uint32_t headers[][2] = {
        {0, 0}, {MESSAGE_KINDS, 0}, {0xffffffff, 0}, {MESSAGE_ALIVE, 1}, {MESSAGE_ALIVE | 0x100, 0}};

    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        send_raw(pair->screen, headers[i], sizeof headers[i], -1, 0);
        assert_int_equal(
            message_receive(pair->guard, MESSAGE_FROM_SCREEN, &(struct message){0}), MESSAGE_BAD);
    }
}

static void fields_out_of_range_are_refused(void **state)
{
    const struct pair *pair = *state;
    struct message bad[] = {sample(MESSAGE_CLOCK), sample(MESSAGE_CLOCK), sample(MESSAGE_CLOCK),
        sample(MESSAGE_CLOCK), sample(MESSAGE_CLOCK), sample(MESSAGE_SAVED), sample(MESSAGE_RESULT),
        sample(MESSAGE_UNLOCK), sample(MESSAGE_UNLOCK), sample(MESSAGE_LOG), sample(MESSAGE_LOG)};

    bad[0].clock.is_running = 2;
    bad[1].clock.exam_ms = -1;
    bad[2].clock.boot_ms = INT64_MIN;
    bad[3].clock = (struct message_clock){0};
    bad[4].clock.limit_ms = -1;
    bad[5].saved.boot_ms = -1;
    bad[6].code_result.is_right = 2;
    memset(bad[7].unlock.code, 'x', sizeof bad[7].unlock.code);
    bad[8].unlock.code[40] = 'x'; /* something behind the NUL */
    bad[9].log.line[2] = '\n';
    bad[10].log.reserved[0] = 1;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_true(message_send(pair->screen, &bad[i]));
        assert_int_equal(
            message_receive(pair->guard, MESSAGE_FROM_SCREEN, &(struct message){0}), MESSAGE_BAD);
    }
}

static void descriptors_come_with_memory_alone_and_one_at_a_time(void **state)
{
    const struct pair *pair = *state;
    const int memory = memfd_create("test", MFD_CLOEXEC);
    const int before = open_count();
    struct {
        uint32_t header[2];
        struct message_memory memory;
    } packet = {{MESSAGE_MEMORY, 0}, {0, SESSION, {0}}};
    const uint32_t alive[2] = {MESSAGE_ALIVE, 0};
    static const int counts[] = {0, 2, 4, 9};

    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        send_raw(pair->screen, &packet, sizeof packet, memory, counts[i]);
        assert_int_equal(
            message_receive(pair->guard, MESSAGE_FROM_SCREEN, &(struct message){0}), MESSAGE_BAD);
        assert_int_equal(open_count(), before);
    }
    send_raw(pair->screen, alive, sizeof alive, memory, 1);
    assert_int_equal(message_receive(pair->guard, MESSAGE_FROM_SCREEN, &(struct message){0}), MESSAGE_BAD);
    packet.memory.session[3] = 'G';
    send_raw(pair->screen, &packet, sizeof packet, memory, 1);
    assert_int_equal(message_receive(pair->guard, MESSAGE_FROM_SCREEN, &(struct message){0}), MESSAGE_BAD);
    assert_int_equal(open_count(), before);
    assert_int_equal(close(memory), 0);
}

static void a_received_descriptor_does_not_pass_to_other_programs(void **state)
{
    const struct pair *pair = *state;
    struct message sent = sample(MESSAGE_MEMORY), got = {0};

    sent.fd = memfd_create("test", 0);
    assert_true(message_send(pair->screen, &sent));
    assert_int_equal(message_receive(pair->guard, MESSAGE_FROM_SCREEN, &got), MESSAGE_GOT);
    assert_int_equal(fcntl(got.fd, F_GETFD), FD_CLOEXEC);
    assert_int_equal(close(got.fd), 0);
    assert_int_equal(close(sent.fd), 0);
}

static void an_empty_queue_and_a_closed_end_are_told_apart(void **state)
{
    struct pair *pair = *state;
    struct message got;

    assert_int_equal(message_receive(pair->guard, MESSAGE_FROM_SCREEN, &got), MESSAGE_NONE);
    assert_true(message_send_plain(pair->screen, MESSAGE_READY));
    assert_int_equal(close(pair->screen), 0);
    pair->screen = -1;
    assert_int_equal(message_receive(pair->guard, MESSAGE_FROM_SCREEN, &got), MESSAGE_GOT);
    assert_int_equal(message_receive(pair->guard, MESSAGE_FROM_SCREEN, &got), MESSAGE_CLOSED);
    assert_false(message_send_plain(pair->guard, MESSAGE_STOP));
}

static void sending_to_one_who_does_not_read_fails_and_never_waits(void **state)
{
    const struct pair *pair = *state;
    int sent = 0;

    while (sent < 100000 && message_send_plain(pair->guard, MESSAGE_UNCOVERED))
        sent++;
    assert_in_range(sent, 10, 99999);
}

int main(void)
{
#define WITH_PAIR(test) cmocka_unit_test_setup_teardown(test, pair_open, pair_close)
    const struct CMUnitTest tests[] = {
        WITH_PAIR(every_kind_arrives_as_sent_and_only_from_its_side),
        WITH_PAIR(a_message_of_any_other_length_is_refused),
        WITH_PAIR(unknown_kinds_and_reserved_words_are_refused),
        WITH_PAIR(fields_out_of_range_are_refused),
        WITH_PAIR(descriptors_come_with_memory_alone_and_one_at_a_time),
        WITH_PAIR(a_received_descriptor_does_not_pass_to_other_programs),
        WITH_PAIR(an_empty_queue_and_a_closed_end_are_told_apart),
        WITH_PAIR(sending_to_one_who_does_not_read_fails_and_never_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
