/* lock_x11.h: the X11 lock from the inside, for its own files:
 *
 *     lock_x11.c         its life, its events, the two grabs
 *     lock_x11_cover.c   the windows: what is above what, and putting it right again
 *     lock_x11_input.c   keys and clicks: to the screen process, or to the guard's staff screen
 *     lock_x11_draw.c    the words on the cover
 *
 * The windows, each a child of the one before:
 *
 *     root
 *       overlay    the X server's composite overlay window: above every window that any client maps or
 * raises. Without the Composite extension the ground is a child of the root, and is raised again. ground
 * ours, the whole display stage  ours, the primary output; the pointer is confined to it. The screen
 * process's window is in it curtain  ours, above the stage, the whole display: mapped is covered
 *
 * Because the screen process's window is inside the ground, nothing can come between them, nothing of it
 * shows once the curtain is up, and it is destroyed with the ground. */
#ifndef CARREL_GUARD_LOCK_X11_H
#define CARREL_GUARD_LOCK_X11_H

#include <X11/Xlib.h>

#include "kiosk/guard/lock.h"

#define X11_OUTPUTS_MAX 16
#define X11_TYPED_MAX 16
#define X11_WORDS_UNSET INT64_MIN
#define X11_WORDS_AFTER_MS                                                                                   \
    200 /* a cover that goes at once, as at a restart, says nothing: calm, and quicker */

struct x11_area {
    int x, y;
    unsigned width, height;
};

struct x11 {
    struct lock lock;
    Display *display; /* NULL: not connected, and trying again */
    bool is_broken;   /* the connection broke, or one of our windows was destroyed: all is made anew */
    int64_t retry_ms; /* awake time; INT64_MAX: nothing to try again */
    int randr;        /* first event number of RandR; -1: the server has none */

    Window root, overlay, ground, stage, curtain; /* None: not there */
    Window screen;                                /* the screen process's; None: none */
    struct x11_area display_area, outputs[X11_OUTPUTS_MAX];
    unsigned output_count, primary;

    bool is_covered, is_viewable, has_keyboard, has_pointer;
    bool must_draw;
    int64_t words_ms; /* awake time from which the cover has words; X11_WORDS_UNSET: it was just put up */
    struct lock_notice notice;
    GC context;

    unsigned char pressed[32]; /* keys whose press was passed on, one bit per keycode */
    unsigned buttons;          /* likewise, one bit per button */
    char typed[X11_TYPED_MAX]; /* for the staff screen, not read yet */
    unsigned typed_count;
};

/* ---- lock_x11_cover.c ---- */

/* Makes the windows on a fresh connection. False: not enough to cover with. */
bool x11_cover_make(struct x11 *x11);
/* Puts everything where it belongs. Does nothing that is so already, so it ends by itself when its own events
 * come. */
void x11_cover_restore(struct x11 *x11);
/* Asks the server for outputs and sizes again, and restores. */
void x11_cover_measure(struct x11 *x11);
/* The events that concern the windows. */
void x11_cover_event(struct x11 *x11, const XEvent *event);
bool x11_cover_adopt(struct x11 *x11, Window window);
const struct x11_area *x11_primary(const struct x11 *x11);

/* ---- lock_x11_input.c ---- */

void x11_input_event(struct x11 *x11, XEvent *event);
/* May this key go to the screen process? symbol is what it means as pressed, plain what it means without
 * modifiers. */
bool x11_input_may_pass(KeySym symbol, KeySym plain, unsigned modifiers);

/* ---- lock_x11_draw.c ---- */

void x11_draw(struct x11 *x11);
/* The ground colour of all that we draw, as a pixel. */
unsigned long x11_draw_ground(void);

#endif
