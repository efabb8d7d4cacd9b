#include "kiosk/guard/lock_x11.h"

#include <X11/XKBlib.h>
#include <X11/extensions/Xrandr.h>

#include "kiosk/guard/report.h"

#define RETRY_MS 50   /* while keyboard, pointer or display are not to be had */
#define RENEW_MS 2000 /* the grabs are asked for again, in case one was lost unseen */

/* ---- errors: none may end the guard ---- */

/* Windows of others go away at any time, and requests on them fail: that is expected. */
static int ignore_error(Display *display, XErrorEvent *event)
{
    (void)display;
    (void)event;
    return 0;
}

static int ignore_end(Display *display)
{
    (void)display;
    return 0;
}

/* Without this Xlib would call exit() when the server goes away. */
static void note_end(Display *display, void *x11)
{
    (void)display;
    ((struct x11 *)x11)->is_broken = true;
}

/* ---- connecting ---- */

static void prepare_keyboard(struct x11 *x11)
{
    const unsigned wanted = XkbPCF_GrabsUseXKBStateMask | XkbPCF_LookupStateWhenGrabbed;
    unsigned values = wanted;

    /* A held key is a run of presses, not of pairs; and with the grab the state still says which layout is
     * on. */
    (void)XkbSetDetectableAutoRepeat(x11->display, True, NULL);
    (void)XkbSetPerClientControls(x11->display, wanted, &values);
}

static void prepare_events(struct x11 *x11)
{
    int error, major = 1, minor = 5;

    XSelectInput(x11->display, x11->root, StructureNotifyMask);
    if (!XRRQueryExtension(x11->display, &x11->randr, &error) ||
        XRRQueryVersion(x11->display, &major, &minor) == 0 || major < 1 || (major == 1 && minor < 5))
        x11->randr = -1;
    else
        XRRSelectInput(x11->display, x11->root, RRScreenChangeNotifyMask | RRCrtcChangeNotifyMask);
}

/* Blanking would put the server's own window above everything. */
static void stay_awake(struct x11 *x11)
{
    XSetScreenSaver(x11->display, 0, 0, DontPreferBlanking, DontAllowExposures);
    XForceScreenSaver(x11->display, ScreenSaverReset);
}

static void disconnect(struct x11 *x11)
{
    if (x11->context != NULL)
        XFreeGC(x11->display, x11->context);
    x11->context = NULL;
    if (x11->display != NULL)
        XCloseDisplay(x11->display); /* our windows go with it, and the screen process's inside them */
    x11->display = NULL;
    x11->root = x11->overlay = x11->ground = x11->stage = x11->curtain = x11->screen = None;
    x11->is_viewable = x11->has_keyboard = x11->has_pointer = false;
    x11->is_broken = false;
}

static bool connect(struct x11 *x11)
{
    x11->display = XOpenDisplay(NULL);
    if (x11->display == NULL)
        return false;
    XSetIOErrorExitHandler(x11->display, note_end, x11);
    x11->root = DefaultRootWindow(x11->display);
    prepare_events(x11);
    prepare_keyboard(x11);
    stay_awake(x11);
    x11->must_draw = true;
    if (x11_cover_make(x11))
        return true;
    disconnect(x11);
    return false;
}

/* ---- grabs ---- */

static void ask_for_grabs(struct x11 *x11)
{
    const unsigned events = (unsigned)(ButtonPressMask | ButtonReleaseMask | PointerMotionMask);
    const bool was_held = x11->has_keyboard && x11->has_pointer;

    x11->has_keyboard = XGrabKeyboard(x11->display, x11->ground, False, GrabModeAsync, GrabModeAsync,
                            CurrentTime) == GrabSuccess;
    x11->has_pointer = XGrabPointer(x11->display, x11->ground, False, events, GrabModeAsync, GrabModeAsync,
                           x11->stage, None, CurrentTime) == GrabSuccess;
    if (was_held && !(x11->has_keyboard && x11->has_pointer))
        report("keyboard or pointer were taken away");
}

/* ---- one turn ---- */

static void take_event(struct x11 *x11, XEvent *event)
{
    if (x11->randr >= 0 &&
        (event->type == x11->randr + RRScreenChangeNotify || event->type == x11->randr + RRNotify)) {
        (void)XRRUpdateConfiguration(event); /* Xlib's own copy of the sizes */
        x11_cover_measure(x11);
    } else if (event->type == MappingNotify)
        (void)XRefreshKeyboardMapping(&event->xmapping); /* on failure the old names of keys stay */
    else {
        x11_cover_event(x11, event);
        x11_input_event(x11, event);
    }
}

static void take_events(struct x11 *x11)
{
    while (!x11->is_broken && XPending(x11->display) > 0) {
        XEvent event;

        XNextEvent(x11->display, &event);
        take_event(x11, &event);
    }
}

static void begin_anew(struct x11 *x11)
{
    report(x11->display == NULL ? "trying to reach the display" : "the lock is made anew");
    disconnect(x11);
    (void)connect(x11); /* else tried again */
}

static bool is_held(const struct lock *lock)
{
    const struct x11 *x11 = (const struct x11 *)lock;

    return x11->display != NULL && !x11->is_broken && x11->is_viewable && x11->has_keyboard &&
           x11->has_pointer;
}

/* Returns when it wants to be called again. */
static int64_t draw_words(struct x11 *x11, int64_t awake_ms)
{
    if (!x11->is_covered || !x11->must_draw)
        return INT64_MAX;
    if (x11->words_ms == X11_WORDS_UNSET)
        x11->words_ms = awake_ms + X11_WORDS_AFTER_MS;
    if (awake_ms < x11->words_ms)
        return x11->words_ms;
    x11_draw(x11);
    return INT64_MAX;
}

static int64_t step(struct lock *lock, int64_t awake_ms)
{
    struct x11 *x11 = (struct x11 *)lock;
    int64_t words_ms = INT64_MAX;

    if ((x11->display == NULL && awake_ms >= x11->retry_ms) || x11->is_broken)
        begin_anew(x11);
    if (x11->display != NULL) {
        take_events(x11);
        if (!is_held(lock) || awake_ms >= x11->retry_ms)
            ask_for_grabs(x11);
        take_events(x11);
        words_ms = draw_words(x11, awake_ms);
        XFlush(x11->display);
    }
    if (awake_ms >= x11->retry_ms || !is_held(lock))
        x11->retry_ms = awake_ms + (is_held(lock) ? RENEW_MS : RETRY_MS);
    return words_ms < x11->retry_ms ? words_ms : x11->retry_ms;
}

/* ---- the rest of the table ---- */

static int descriptor(const struct lock *lock)
{
    const struct x11 *x11 = (const struct x11 *)lock;

    return x11->display == NULL ? -1 : ConnectionNumber(x11->display);
}

static bool adopt(struct lock *lock, uint64_t window)
{
    struct x11 *x11 = (struct x11 *)lock;

    return x11->display != NULL && window <= UINT32_MAX && x11_cover_adopt(x11, (Window)window);
}

static bool has_screen(const struct lock *lock)
{
    return ((const struct x11 *)lock)->screen != None;
}

static void abandon(struct lock *lock)
{
    struct x11 *x11 = (struct x11 *)lock;

    if (x11->display != NULL && x11->screen != None)
        XUnmapWindow(x11->display, x11->screen); /* if it outlived its process */
    x11->screen = None;
    x11->has_keyboard = x11->has_pointer = false; /* until asked for again: the display may have gone with it */
    x11->buttons = 0;
    memset(x11->pressed, 0, sizeof x11->pressed);
}

static void cover(struct lock *lock, const struct lock_notice *notice)
{
    struct x11 *x11 = (struct x11 *)lock;

    if (!x11->is_covered)
        x11->words_ms = X11_WORDS_UNSET;
    x11->notice = *notice;
    x11->is_covered = x11->must_draw = true;
    x11_cover_restore(x11);
    if (x11->display != NULL)
        XFlush(x11->display); /* before anything else is done */
}

static void uncover(struct lock *lock)
{
    struct x11 *x11 = (struct x11 *)lock;

    explicit_bzero(x11->typed, sizeof x11->typed); /* typed on the staff screen, and never read */
    x11->typed_count = 0;
    x11->is_covered = false;
    x11_cover_restore(x11);
}

static int read_key(struct lock *lock)
{
    struct x11 *x11 = (struct x11 *)lock;
    int key;

    if (x11->typed_count == 0)
        return LOCK_NO_KEY;
    key = x11->typed[0];
    memmove(x11->typed, x11->typed + 1, --x11->typed_count);
    x11->typed[x11->typed_count] = '\0';
    return key;
}

static void size(const struct lock *lock, uint32_t *width, uint32_t *height)
{
    const struct x11_area *area = x11_primary((const struct x11 *)lock);

    *width = area->width;
    *height = area->height;
}

static void release(struct lock *lock)
{
    struct x11 *x11 = (struct x11 *)lock;

    disconnect(x11);
    explicit_bzero(x11, sizeof *x11);
    free(x11);
}

struct lock *lock_x11_new(struct error *err)
{
    static const struct lock_class class = {MESSAGE_LOCK_X11, descriptor, step, is_held, adopt, has_screen,
        abandon, cover, uncover, read_key, size, release};
    struct x11 *x11 = calloc(1, sizeof *x11);

    if (x11 == NULL) {
        error_set(err, ERROR_NOMEM, "not enough memory");
        return NULL;
    }
    x11->lock.class = &class;
    x11->is_covered = true;
    x11->words_ms = X11_WORDS_UNSET;
    (void)XSetErrorHandler(ignore_error);
    (void)XSetIOErrorHandler(ignore_end);
    if (!connect(x11)) {
        error_set(err, ERROR_NOT_FOUND,
            "No X server can be reached (DISPLAY is %.40s), and a console alone can't be locked yet. Nothing was started, "
            "nothing is lost. Start the seat with xinit, as docs/guard.md says",
            getenv("DISPLAY") == NULL ? "not set" : getenv("DISPLAY"));
        free(x11);
        return NULL;
    }
    return &x11->lock;
}
