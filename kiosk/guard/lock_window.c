/* lock_window.c: no lock at all, for developers and for practice. The screen process has a window like any
 * other program's; what a cover would say goes to the log. */
#include "kiosk/guard/lock.h"

#include <linux/kd.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "kiosk/guard/report.h"

struct lock_window {
    struct lock lock;
    uint32_t width, height;
};

static int descriptor(const struct lock *lock)
{
    (void)lock;
    return -1;
}

static int64_t step(struct lock *lock, int64_t awake_ms)
{
    (void)lock;
    (void)awake_ms;
    return INT64_MAX;
}

static bool always(const struct lock *lock)
{
    (void)lock;
    return true;
}

static bool adopt(struct lock *lock, uint64_t window)
{
    (void)lock;
    (void)window;
    return true;
}

static void nothing(struct lock *lock)
{
    (void)lock;
}

static void cover(struct lock *lock, const struct lock_notice *notice)
{
    (void)lock;
    if (notice->is_staff)
        report("%s %s", notice->title, notice->lines[0] == NULL ? "" : notice->lines[0]);
}

static int read_key(struct lock *lock)
{
    (void)lock;
    return LOCK_NO_KEY;
}

static void size(const struct lock *lock, uint32_t *width, uint32_t *height)
{
    const struct lock_window *window = (const struct lock_window *)lock;

    *width = window->width;
    *height = window->height;
}

/* Without an X server every key has gone to the terminal too: the shell behind must not run what was typed into an exam. */
static void forget_typed(void)
{
    char kind;

    if (ioctl(STDIN_FILENO, KDGKBTYPE, &kind) == 0 && tcgetpgrp(STDIN_FILENO) == getpgrp())
        (void)tcflush(STDIN_FILENO, TCIFLUSH); /* best effort: nothing is locked */
}

static void release(struct lock *lock)
{
    forget_typed();
    free(lock);
}

struct lock *lock_window_new(uint32_t width, uint32_t height, struct error *err)
{
    static const struct lock_class class = {MESSAGE_LOCK_WINDOW, descriptor, step, always, adopt, always,
        nothing, cover, nothing, read_key, size, release};
    struct lock_window *window = calloc(1, sizeof *window);

    if (window == NULL) {
        error_set(err, ERROR_NOMEM, "not enough memory");
        return NULL;
    }
    *window = (struct lock_window){{&class}, width, height};
    return &window->lock;
}
