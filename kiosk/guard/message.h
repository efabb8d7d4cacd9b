/* message.h: what the guard and the screen process say to each other.
 *
 * The guard starts carrel-screen with one end of a SOCK_SEQPACKET pair as descriptor MESSAGE_SOCKET. Each
 * packet is one message: one kind, of exactly that kind's size, with at most one descriptor. Whatever differs
 * is refused; the guard then covers the screen and starts another screen process, the screen process exits.
 *
 *     screen                               guard
 *       HELLO version ────────────────────►  first of all, READY within 10 s of the start
 *                     ◄──────────────────── WELCOME, then as many MEMORY as it announces
 *       WINDOW xid ───────────────────────►  (X11 lock only) once: taken into the cover, given the keys
 *       READY ────────────────────────────►  first frame is drawn: the screen is seen from now on
 *       ALIVE, at least once a second ────►  3 s without: killed and started again
 *       MEMORY keys, MEMORY package ──────►  at check-in: held for the next screen process
 *       CLOCK anchor ─────────────────────►  at each start and stop of exam time
 *       SAVED ────────────────────────────►  at each synced heartbeat. Exam time runs and the last one
 *                     ◄──────────────────── is older than 1 s: COVERED; fresh again: UNCOVERED
 *       TRY_CODE ─────────────────────────►
 *                     ◄──────────────────── ANSWER allowed, or wait so long
 *       RESULT right or wrong ────────────►  after each ANSWER allowed, before the next TRY_CODE
 *       UNLOCK text ──────────────────────►
 *                     ◄──────────────────── ANSWER wrong, wait, or never; right: STOP
 *       FORGET ───────────────────────────►  session over: memory closed, exam time gone
 *       LOG text ─────────────────────────►  one line of the seat's log; never a secret, never content
 *                     ◄──────────────────── STOP: exit now (2 s, then killed)
 *
 * Exam time is an anchor: at boot_ms (CLOCK_BOOTTIME) it was exam_ms, it runs or stands since, and it ends at
 * limit_ms. WELCOME gives the one the guard holds, so that a screen process that died took no time with it.
 * By a new CLOCK exam time must not be less than by the held one, now or, for one that is older, 3 s ago:
 * time that staff give raises limit_ms, it never lowers exam_ms. Such a CLOCK, and one or a SAVED from the
 * future, is a lie: killed and covered. After FORGET any first anchor is taken. A screen process that is
 * handed a clock or memory of a session which its journal says is over sends FORGET.
 *
 * More than 1000 messages in a second are a flood: killed and covered.
 *
 * When the screen process exits it is started again, whatever its exit code; except without a lock (--window,
 * --practice), where exit code 0 ends the guard too: the window was closed. Exit code MESSAGE_EXIT_SUCCESSOR
 * after 10 s asks for a fresh process, for the next candidate, and is no failure. */
#ifndef CARREL_GUARD_MESSAGE_H
#define CARREL_GUARD_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/clock.h"
#include "core/limits.h"

#define MESSAGE_SOCKET 3
#define MESSAGE_VERSION 1u
#define MESSAGE_EXIT_SUCCESSOR 75        /* EX_TEMPFAIL */
#define MESSAGE_SUCCESSOR_AFTER_MS 10000 /* one that lived shorter has failed */
#define MESSAGE_CODE_SIZE 65             /* an unlock code, with its NUL */
#define MESSAGE_LOG_SIZE 201             /* a log line, with its NUL; printable UTF-8, no newline */

enum message_side { MESSAGE_FROM_SCREEN, MESSAGE_FROM_GUARD };

enum message_kind {
    MESSAGE_HELLO = 1, /* screen: hello */
    MESSAGE_WINDOW,    /* screen: window */
    MESSAGE_READY,     /* screen, nothing in it */
    MESSAGE_ALIVE,     /* screen, nothing in it */
    MESSAGE_SAVED,     /* screen: saved */
    MESSAGE_CLOCK,     /* screen: clock */
    MESSAGE_MEMORY,    /* both: memory, with a descriptor */
    MESSAGE_FORGET,    /* screen, nothing in it */
    MESSAGE_TRY_CODE,  /* screen, nothing in it */
    MESSAGE_RESULT,    /* screen: code_result */
    MESSAGE_UNLOCK,    /* screen: unlock; wipe it after sending */
    MESSAGE_LOG,       /* screen: log */
    MESSAGE_WELCOME,   /* guard: welcome */
    MESSAGE_ANSWER,    /* guard: answer */
    MESSAGE_COVERED,   /* guard: covered; what is drawn is not seen. Keep drawing, keep saving */
    MESSAGE_UNCOVERED, /* guard, nothing in it: draw the whole frame again */
    MESSAGE_STOP,      /* guard, nothing in it */
    MESSAGE_KINDS
};

/* 32-bit fields that say is_ hold 0 or 1. No struct has padding: what is on the wire is what is here. */

struct message_hello {
    uint32_t version; /* MESSAGE_VERSION, or the guard refuses */
};

struct message_window {
    uint64_t window; /* X11: the id of the window that gets the keys and is shown */
};

/* Exam time, as an anchor. */
struct message_clock {
    int64_t exam_ms;
    int64_t boot_ms;
    int64_t limit_ms; /* exam time never passes it; 0: there is none */
    uint32_t is_running;
    uint32_t is_set; /* 0: there is no session, the rest is 0. Always 1 from the screen */
};

/* The last heartbeat that is synced to disk. */
struct message_saved {
    int64_t exam_ms; /* as written in it */
    int64_t boot_ms; /* when it was made, not when it was synced */
};

enum message_memory_kind { MESSAGE_MEMORY_KEYS, MESSAGE_MEMORY_PACKAGE, MESSAGE_MEMORY_KINDS };

/* A memfd sealed with F_SEAL_SEAL, SHRINK, GROW and WRITE. The guard passes it on and never maps it. Both
 * kinds are of one session; a second of the same kind takes the place of the first. */
struct message_memory {
    uint32_t kind;                 /* enum message_memory_kind */
    char session[SESSION_ID_SIZE]; /* lower-case hex */
    char reserved[3];              /* zeros */
};
#define MESSAGE_MEMORY_KEYS_MAX_BYTES (64u << 10)
#define MESSAGE_MEMORY_PACKAGE_MAX_BYTES PACKAGE_MAX_UNZIPPED

struct message_result {
    uint32_t is_right;
};

struct message_unlock {
    char code[MESSAGE_CODE_SIZE]; /* as typed */
    char reserved[3];
};

struct message_log {
    char line[MESSAGE_LOG_SIZE];
    char reserved[3];
};

enum message_lock_kind { MESSAGE_LOCK_WINDOW, MESSAGE_LOCK_X11, MESSAGE_LOCK_CONSOLE, MESSAGE_LOCK_KINDS };

struct message_welcome {
    struct message_clock clock;
    uint32_t version;
    uint32_t lock;        /* enum message_lock_kind; WINDOW: nothing is locked */
    uint32_t is_practice; /* the file is an argument of the process: --practice FILE */
    uint32_t width;       /* of the window to open, in pixels; 0: the whole display */
    uint32_t height;
    uint32_t restarts; /* of the screen process since the guard began */
    uint32_t memories; /* MEMORY messages that follow at once: 0 to 2 */
    char boot_id[BOOT_ID_SIZE];
    char reserved[7];
};

enum message_verdict {
    MESSAGE_ALLOWED, /* to TRY_CODE: check the typed code, then send RESULT */
    MESSAGE_WAIT,    /* to TRY_CODE and UNLOCK: not before wait_ms from now; nothing was checked */
    MESSAGE_WRONG,   /* to UNLOCK */
    MESSAGE_NEVER,   /* to UNLOCK: this seat's policy has no unlock code */
    MESSAGE_VERDICTS
};

struct message_answer {
    int64_t wait_ms; /* with WAIT, and with WRONG when a pause began; else 0 */
    uint32_t verdict;
    uint32_t reserved; /* 0 */
};

enum message_reason {
    MESSAGE_UNSAVED,   /* the last synced heartbeat is older than a second */
    MESSAGE_LOCK_LOST, /* keyboard or pointer are not held, until they are again */
    MESSAGE_REASONS
};

struct message_covered {
    uint32_t reason; /* enum message_reason */
};

struct message {
    enum message_kind kind;
    int fd; /* MEMORY's; else -1. Received: the receiver's to close. Sent: stays the sender's */
    union {
        struct message_hello hello;
        struct message_window window;
        struct message_clock clock;
        struct message_saved saved;
        struct message_memory memory;
        struct message_result code_result;
        struct message_unlock unlock;
        struct message_log log;
        struct message_welcome welcome;
        struct message_answer answer;
        struct message_covered covered;
    };
};

/* Never waits. False: the other side is gone, or reads so slowly that its queue is full. */
bool message_send(int socket, const struct message *message);

/* The same for a kind with nothing in it. */
bool message_send_plain(int socket, enum message_kind kind);

enum message_outcome {
    MESSAGE_GOT,    /* *message is whole and each field within its range */
    MESSAGE_NONE,   /* nothing there yet: poll */
    MESSAGE_CLOSED, /* the other side is gone */
    MESSAGE_BAD     /* not a message, or not one that `from` may send; its descriptors are closed */
};

/* Takes the next message that `from` sent. Never waits. *message is written with MESSAGE_GOT only. */
enum message_outcome message_receive(int socket, enum message_side from, struct message *message);

#endif
