#include "tests/bench/screen.h"

#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/extensions/XShm.h>
#include <X11/extensions/XTest.h>
#include <X11/extensions/Xdamage.h>
#include <poll.h>
#include <sys/ipc.h>
#include <sys/shm.h>

struct screen {
    Display *display;
    Window root;
    Damage damage;
    int damage_event;
    XShmSegmentInfo memory; /* room for one picture of the whole screen */
};

int64_t screen_now_us(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now); /* can't fail */
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* --- opening and closing
 * ------------------------------------------------------------------------------------------ */

static bool share_memory(struct screen *screen, struct error *err)
{
    const struct area all = screen_area(screen);
    screen->memory.shmid = shmget(IPC_PRIVATE, (size_t)all.width * (size_t)all.height * 4, IPC_CREAT | 0600);
    if (screen->memory.shmid < 0)
        return error_set_errno(err, "no shared memory for a picture of the screen");
    screen->memory.shmaddr = shmat(screen->memory.shmid, NULL, 0);
    const bool is_attached =
        screen->memory.shmaddr != (char *)-1 && XShmAttach(screen->display, &screen->memory);
    XSync(screen->display, False);
    (void)shmctl(screen->memory.shmid, IPC_RMID, NULL); /* goes with the last process that has it */
    return is_attached || error_set(err, ERROR_IO, "the X server does not share memory");
}

static bool watch_changes(struct screen *screen, struct error *err)
{
    int error_base, major, minor;
    if (!XDamageQueryExtension(screen->display, &screen->damage_event, &error_base) ||
        !XTestQueryExtension(screen->display, &error_base, &error_base, &major, &minor))
        return error_set(err, ERROR_IO, "the X server lacks DAMAGE or XTEST");
    screen->damage = XDamageCreate(screen->display, screen->root, XDamageReportRawRectangles);
    XSync(screen->display, False);
    return true;
}

struct screen *screen_open(struct error *err)
{
    struct screen *screen = calloc(1, sizeof *screen);
    if (screen == NULL) {
        error_set(err, ERROR_NOMEM, "out of memory");
        return NULL;
    }
    screen->display = XOpenDisplay(NULL);
    if (screen->display == NULL)
        error_set(err, ERROR_IO, "no X display (DISPLAY)");
    else
        screen->root = DefaultRootWindow(screen->display);
    if (screen->display != NULL && share_memory(screen, err) && watch_changes(screen, err))
        return screen;
    screen_close(screen);
    return NULL;
}

void screen_close(struct screen *screen)
{
    if (screen == NULL)
        return;
    if (screen->display != NULL)
        XCloseDisplay(screen->display);
    if (screen->memory.shmaddr != NULL && screen->memory.shmaddr != (char *)-1)
        (void)shmdt(screen->memory.shmaddr);
    free(screen);
}

struct area screen_area(const struct screen *screen)
{
    const int number = DefaultScreen(screen->display);
    return (struct area){0, 0, DisplayWidth(screen->display, number), DisplayHeight(screen->display, number)};
}

/* --- watching
 * ----------------------------------------------------------------------------------------------------- */

static bool overlaps(struct area area, const XRectangle *drawn)
{
    return drawn->x < area.x + area.width && area.x < drawn->x + drawn->width &&
           drawn->y < area.y + area.height && area.y < drawn->y + drawn->height;
}

/* Takes all events that are here; true if one was in the area. */
static bool take_events(struct screen *screen, struct area area)
{
    bool is_drawn = false;
    while (XPending(screen->display) > 0) {
        XEvent event;
        XNextEvent(screen->display, &event);
        if (event.type == screen->damage_event + XDamageNotify)
            is_drawn |= overlaps(area, &((const XDamageNotifyEvent *)&event)->area);
    }
    return is_drawn;
}

bool screen_wait(struct screen *screen, struct area area, int timeout_ms)
{
    const int64_t end_us = screen_now_us() + (int64_t)timeout_ms * 1000;
    while (!take_events(screen, area)) {
        const int64_t left_us = end_us - screen_now_us();
        struct pollfd input = {ConnectionNumber(screen->display), POLLIN, 0};
        if (left_us <= 0)
            return false;
        (void)poll(
            &input, 1, (int)((left_us + 999) / 1000)); /* however it ends, the events say what happened */
    }
    return true;
}

bool screen_wait_quiet(struct screen *screen, struct area area, int quiet_ms, int limit_ms)
{
    const int64_t end_us = screen_now_us() + (int64_t)limit_ms * 1000;
    while (screen_wait(screen, area, quiet_ms))
        if (screen_now_us() > end_us)
            return false;
    return true;
}

void screen_look(struct screen *screen, struct area area, uint32_t *pixels)
{
    const int number = DefaultScreen(screen->display);
    XImage *image = XShmCreateImage(screen->display, DefaultVisual(screen->display, number),
        (unsigned)DefaultDepth(screen->display, number), ZPixmap, screen->memory.shmaddr, &screen->memory,
        (unsigned)area.width, (unsigned)area.height);
    if (image != NULL && XShmGetImage(screen->display, screen->root, image, area.x, area.y, AllPlanes))
        for (int y = 0; y < area.height; y++)
            memcpy(pixels + (size_t)y * (size_t)area.width,
                image->data + (size_t)y * (size_t)image->bytes_per_line, (size_t)area.width * 4);
    if (image != NULL)
        XDestroyImage(image); /* MIT-SHM's own leaves the shared memory alone */
}

/* --- the hand
 * ----------------------------------------------------------------------------------------------------- */

void screen_point(struct screen *screen, int x, int y)
{
    XTestFakeMotionEvent(screen->display, -1, x, y, CurrentTime);
    XFlush(screen->display);
}

void screen_click(struct screen *screen)
{
    XTestFakeButtonEvent(screen->display, Button1, True, CurrentTime);
    XTestFakeButtonEvent(screen->display, Button1, False, CurrentTime);
    XFlush(screen->display);
}
