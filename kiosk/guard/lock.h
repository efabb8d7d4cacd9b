/* lock.h: the ways to lock a display, behind one table of functions.
 *
 * A lock is taken when it is made (or as soon as the world lets it: lock_is_held), and covered. From then on
 * the screen process's window is seen only between lock_uncover and lock_cover, and only it gets keys and
 * clicks. What ends the lock is lock_release, or the end of the guard; nothing else here does.
 *
 * One file per way: lock_window.c (none: a developer's window, or practice), lock_x11.c. */
#ifndef CARREL_GUARD_LOCK_H
#define CARREL_GUARD_LOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"
#include "kiosk/guard/message.h"

/* What the guard itself says on the cover, where the screen process can't. Texts are ASCII, and borrowed for
 * good: literals. */
#define LOCK_LINES 5
struct lock_notice {
    const char *title;
    const char *lines[LOCK_LINES]; /* NULL: the rest is empty */
    const char *code;              /* small, for staff: "E-SCREEN"; NULL: none */
    bool is_staff;                 /* looks like a staff screen and takes keys */
    unsigned typed;                /* how many characters of a code are typed: shown as dots */
};

/* A key typed on a cover that takes keys: a printable ASCII character, or one of these. */
enum { LOCK_NO_KEY = 0, LOCK_BACKSPACE = 8, LOCK_ENTER = 13, LOCK_ESCAPE = 27 };

struct lock;

struct lock_class {
    enum message_lock_kind kind;
    int (*descriptor)(const struct lock *lock);
    int64_t (*step)(struct lock *lock, int64_t awake_ms);
    bool (*is_held)(const struct lock *lock);
    bool (*adopt)(struct lock *lock, uint64_t window);
    bool (*has_screen)(const struct lock *lock);
    void (*abandon)(struct lock *lock);
    void (*cover)(struct lock *lock, const struct lock_notice *notice);
    void (*uncover)(struct lock *lock);
    int (*read_key)(struct lock *lock);
    void (*size)(const struct lock *lock, uint32_t *width, uint32_t *height);
    void (*release)(struct lock *lock);
};

/* Each way's own struct begins with this. */
struct lock {
    const struct lock_class *class;
};

/* Nothing is locked: the screen process opens a window of that size; 0 by 0: of the whole display. */
struct lock *lock_window_new(uint32_t width, uint32_t height, struct error *err);
/* The display that DISPLAY names. NULL only if it can't be reached or there is no memory. */
struct lock *lock_x11_new(struct error *err);

enum message_lock_kind lock_kind(const struct lock *lock);

/* Becomes readable when there is something to do; -1: never. May change with each step. */
int lock_descriptor(const struct lock *lock);

/* Does what is to do: events, taking back what was taken away, keys to the screen process. Returns when it
 * wants to be called again at the latest, in awake time; INT64_MAX: never. Call it before each wait. */
int64_t lock_step(struct lock *lock, int64_t awake_ms);

/* The display is covered, and keyboard and pointer are ours. */
bool lock_is_held(const struct lock *lock);

/* Takes the screen process's window in. False if it is none that can be shown. */
bool lock_adopt(struct lock *lock, uint64_t window);
/* It is still there, or none is needed. */
bool lock_has_screen(const struct lock *lock);
/* The screen process is gone; whatever it left is not shown again. */
void lock_abandon(struct lock *lock);

/* Covers, or changes what the cover says. The first cover comes with the lock. */
void lock_cover(struct lock *lock, const struct lock_notice *notice);
void lock_uncover(struct lock *lock);

/* The next key typed on a cover that takes keys; LOCK_NO_KEY: none. */
int lock_read_key(struct lock *lock);

/* The size of the window that the screen process is to open. */
void lock_size(const struct lock *lock, uint32_t *width, uint32_t *height);

/* Unlocks, and frees. NULL is fine. */
void lock_release(struct lock *lock);

#endif
