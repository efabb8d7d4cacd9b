#include <X11/Xutil.h>
#include <X11/cursorfont.h>
#include <X11/extensions/Xcomposite.h>
#include <X11/extensions/Xrandr.h>

#include "kiosk/guard/lock_x11.h"

const struct x11_area *x11_primary(const struct x11 *x11)
{
    return &x11->outputs[x11->primary];
}

/* ---- measuring ---- */

static void ask_size(struct x11 *x11)
{
    Window root;
    int x, y;
    unsigned width, height, border, depth;

    if (XGetGeometry(x11->display, x11->root, &root, &x, &y, &width, &height, &border, &depth) != 0)
        x11->display_area = (struct x11_area){0, 0, width, height};
}

static void ask_outputs(struct x11 *x11)
{
    int count = 0;
    XRRMonitorInfo *monitors = x11->randr < 0 ? NULL : XRRGetMonitors(x11->display, x11->root, True, &count);

    x11->output_count = 0;
    x11->primary = 0;
    for (int i = 0; i < count && monitors != NULL && x11->output_count < X11_OUTPUTS_MAX; i++) {
        const XRRMonitorInfo *monitor = &monitors[i];

        if (monitor->width <= 0 || monitor->height <= 0)
            continue;
        if (monitor->primary)
            x11->primary = x11->output_count;
        x11->outputs[x11->output_count++] =
            (struct x11_area){monitor->x, monitor->y, (unsigned)monitor->width, (unsigned)monitor->height};
    }
    if (monitors != NULL)
        XRRFreeMonitors(monitors);
    if (x11->output_count == 0)
        x11->outputs[x11->output_count++] = x11->display_area;
}

void x11_cover_measure(struct x11 *x11)
{
    ask_size(x11);
    ask_outputs(x11);
    x11->must_draw = true;
    x11_cover_restore(x11);
}

/* ---- making ---- */

/* The overlay window, if there is one that can be seen; else None. */
static Window ask_overlay(struct x11 *x11)
{
    int event, error;
    Window overlay;
    XWindowAttributes about;

    if (!XCompositeQueryExtension(x11->display, &event, &error))
        return None;
    overlay = XCompositeGetOverlayWindow(x11->display, x11->root);
    if (overlay == None || XGetWindowAttributes(x11->display, overlay, &about) == 0)
        return None;
    XSelectInput(x11->display, overlay, StructureNotifyMask);
    return overlay;
}

static Window make_window(struct x11 *x11, Window parent, const struct x11_area *area, long events)
{
    XSetWindowAttributes wanted = {
        .override_redirect = True, .background_pixel = x11_draw_ground(), .event_mask = events};

    return XCreateWindow(x11->display, parent, area->x, area->y, area->width, area->height, 0, CopyFromParent,
        InputOutput, CopyFromParent, CWOverrideRedirect | CWBackPixel | CWEventMask, &wanted);
}

bool x11_cover_make(struct x11 *x11)
{
    Cursor arrow;

    ask_size(x11);
    ask_outputs(x11);
    x11->overlay = ask_overlay(x11);
    x11->ground = make_window(x11, x11->overlay == None ? x11->root : x11->overlay, &x11->display_area,
        StructureNotifyMask | SubstructureNotifyMask | VisibilityChangeMask | FocusChangeMask | KeyPressMask |
            KeyReleaseMask);
    x11->stage = make_window(x11, x11->ground, x11_primary(x11), SubstructureNotifyMask);
    x11->curtain = make_window(x11, x11->ground, &x11->display_area, ExposureMask);
    x11->context = XCreateGC(x11->display, x11->curtain, 0, NULL);
    arrow = XCreateFontCursor(x11->display, XC_left_ptr);
    XDefineCursor(x11->display, x11->ground, arrow);
    XFreeCursor(x11->display, arrow);
    x11_cover_restore(x11);
    XSync(x11->display, False);
    return x11->ground != None && x11->stage != None && x11->curtain != None && !x11->is_broken;
}

/* ---- keeping it so ---- */

static void place(struct x11 *x11, Window window, const struct x11_area *area)
{
    XMoveResizeWindow(x11->display, window, area->x, area->y, area->width, area->height);
}

void x11_cover_restore(struct x11 *x11)
{
    const struct x11_area inside = {0, 0, x11_primary(x11)->width, x11_primary(x11)->height};

    if (x11->ground == None)
        return;
    if (x11->overlay != None)
        XMapRaised(x11->display, x11->overlay);
    place(x11, x11->ground, &x11->display_area);
    place(x11, x11->stage, x11_primary(x11));
    place(x11, x11->curtain, &x11->display_area);
    if (x11->screen != None)
        place(x11, x11->screen, &inside);
    XMapWindow(x11->display, x11->stage);
    if (x11->is_covered)
        XMapRaised(x11->display, x11->curtain);
    else
        XUnmapWindow(x11->display, x11->curtain);
    XMapRaised(x11->display, x11->ground);
}

/* The screen process's SDL answers to the focus; keys it gets from us in any case. */
static void give_focus(struct x11 *x11)
{
    if (x11->screen != None)
        XSetInputFocus(x11->display, x11->screen, RevertToParent, CurrentTime);
}

static bool is_ours(const struct x11 *x11, Window window)
{
    return window == x11->root || window == x11->overlay || window == x11->ground || window == x11->stage ||
           window == x11->curtain;
}

bool x11_cover_adopt(struct x11 *x11, Window window)
{
    XWindowAttributes about;

    if (x11->ground == None || window == None || is_ours(x11, window) ||
        XGetWindowAttributes(x11->display, window, &about) == 0 || about.class != InputOutput ||
        about.root != x11->root)
        return false;
    x11->screen = window;
    XSelectInput(x11->display, window, StructureNotifyMask | FocusChangeMask);
    XReparentWindow(x11->display, window, x11->stage, 0, 0);
    XSetWindowBorderWidth(x11->display, window, 0);
    /* SDL leaves it without, so what another window has put over it would stay until it draws again. */
    XSetWindowBackground(x11->display, window, x11_draw_ground());
    XMapWindow(x11->display, window);
    x11_cover_restore(x11);
    give_focus(x11);
    return true;
}

/* Somebody put a window of their own into ours. */
static void put_out(struct x11 *x11, Window window)
{
    XUnmapWindow(x11->display, window);
    XReparentWindow(x11->display, window, x11->root, 0, 0);
}

static void stranger_event(struct x11 *x11, Window parent, Window window)
{
    const bool is_inside = parent == x11->ground || parent == x11->stage;

    if (is_inside && !is_ours(x11, window) && window != x11->screen)
        put_out(x11, window);
}

static void destroyed(struct x11 *x11, Window window)
{
    if (window == x11->screen)
        x11->screen = None;
    else if (window != None && is_ours(x11, window))
        x11->is_broken = true;
}

static void reparented(struct x11 *x11, const XReparentEvent *event)
{
    if (event->window == x11->screen && event->parent != x11->stage)
        XReparentWindow(x11->display, x11->screen, x11->stage, 0, 0);
    else if (is_ours(x11, event->window))
        x11->is_broken = true; /* nobody but an attacker moves them: made anew */
    else
        stranger_event(x11, event->parent, event->window);
}

static void mapped(struct x11 *x11, const XMapEvent *event)
{
    if (event->window == x11->ground)
        x11->is_viewable = true;
    if (event->window == x11->screen)
        give_focus(x11);
    stranger_event(x11, event->event, event->window);
}

static void unmapped(struct x11 *x11, const XUnmapEvent *event)
{
    /* A grab ends when its window can't be seen any more. */
    if (event->window == x11->ground || event->window == x11->overlay || event->window == x11->stage)
        x11->has_keyboard = x11->has_pointer = false;
    if (event->window == x11->screen)
        XMapWindow(x11->display, x11->screen);
    x11_cover_restore(x11);
}

static void focus_lost(struct x11 *x11, const XFocusChangeEvent *event)
{
    if (event->window == x11->ground && event->mode == NotifyUngrab)
        x11->has_keyboard = false;
    if (event->window == x11->screen && (event->mode == NotifyNormal || event->mode == NotifyWhileGrabbed) &&
        event->detail != NotifyInferior && event->detail != NotifyPointer)
        give_focus(x11);
}

void x11_cover_event(struct x11 *x11, const XEvent *event)
{
    switch (event->type) {
    case DestroyNotify: destroyed(x11, event->xdestroywindow.window); break;
    case ReparentNotify: reparented(x11, &event->xreparent); break;
    case CreateNotify: stranger_event(x11, event->xcreatewindow.parent, event->xcreatewindow.window); break;
    case MapNotify: mapped(x11, &event->xmap); break;
    case UnmapNotify: unmapped(x11, &event->xunmap); break;
    case VisibilityNotify:
        if (event->xvisibility.state != VisibilityUnobscured)
            x11_cover_restore(x11);
        break;
    case ConfigureNotify:
        if (event->xconfigure.window == x11->root)
            x11_cover_measure(x11);
        else
            x11_cover_restore(x11);
        break;
    case Expose: x11->must_draw = x11->must_draw || event->xexpose.count == 0; break;
    case FocusOut: focus_lost(x11, &event->xfocus); break;
    default: break;
    }
}
