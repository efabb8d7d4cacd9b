/* guard_probe: another client of the display that the guard locks: looks at it, or tries to get round the
 * lock.
 *
 *     pixel X Y            prints the colour that is seen there
 *     picture              prints a sum over all that is seen
 *     size                 prints the display's width and height
 *     hostile HOW SECONDS  keeps putting a red window on top in one way or another, and prints how often it
 * was seen grab                 prints what XGrabKeyboard and XGrabPointer answer (0: got it, 1: someone else
 * has it) hold SECONDS         grabs both, and keeps them so long listen SECONDS       a focused window with
 * every event selected and every key grabbed: prints what arrives resize W H           changes the size of
 * the display */
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/extensions/Xcomposite.h>
#include <X11/extensions/Xrandr.h>
#include <unistd.h>

#include "core/clock.h"

#define RED 0xff0000u

static Display *display;
static Window root;

static int ignore_error(Display *broken, XErrorEvent *event)
{
    (void)broken;
    (void)event;
    return 0;
}

static int64_t now_ms(void)
{
    return clock_awake_ms(clock_system());
}

static unsigned long pixel_at(int x, int y)
{
    XImage *image = XGetImage(display, root, x, y, 1, 1, AllPlanes, ZPixmap);
    const unsigned long pixel = image == NULL ? 0 : XGetPixel(image, 0, 0) & 0xffffff;

    if (image != NULL)
        XDestroyImage(image);
    return pixel;
}

static void print_picture(void)
{
    const int width = DisplayWidth(display, DefaultScreen(display)),
              height = DisplayHeight(display, DefaultScreen(display));
    XImage *image = XGetImage(display, root, 0, 0, (unsigned)width, (unsigned)height, AllPlanes, ZPixmap);
    unsigned long sum = 0;

    for (int y = 0; image != NULL && y < height; y++)
        for (int x = 0; x < width; x++)
            sum = sum * 31 + XGetPixel(image, x, y);
    if (image != NULL)
        XDestroyImage(image);
    printf("%lx\n", sum);
}

static Window make_red(Window parent)
{
    XSetWindowAttributes wanted = {.override_redirect = True,
        .background_pixel = RED,
        .event_mask =
            KeyPressMask | KeyReleaseMask | ButtonPressMask | ButtonReleaseMask | PointerMotionMask};
    Window window = XCreateWindow(display, parent, 0, 0, 300, 300, 0, CopyFromParent, InputOutput,
        CopyFromParent, CWOverrideRedirect | CWBackPixel | CWEventMask, &wanted);

    XMapRaised(display, window);
    return window;
}

/* The guard's outermost window: the child of the overlay that is not ours. */
static Window find_ground(Window overlay)
{
    Window ignored, *children = NULL, ground = None;
    unsigned count = 0;

    if (XQueryTree(display, overlay, &ignored, &ignored, &children, &count) != 0 && count > 0)
        ground = children[0];
    if (children != NULL)
        XFree(children);
    return ground;
}

static void attack(const char *how, Window red, Window overlay)
{
    if (strcmp(how, "raise") == 0)
        XMapRaised(display, red);
    else if (strcmp(how, "lower") == 0) {
        XLowerWindow(display, overlay);
        XRaiseWindow(display, red);
    } else if (strcmp(how, "unmap") == 0)
        XUnmapWindow(display, overlay);
    else if (strcmp(how, "overlay") == 0) {
        XReparentWindow(display, red, overlay, 0, 0);
        XMapRaised(display, red);
    } else if (strcmp(how, "inside") == 0) {
        XReparentWindow(display, red, find_ground(overlay), 0, 0);
        XMapRaised(display, red);
    } else if (strcmp(how, "destroy") == 0)
        XDestroyWindow(display, find_ground(overlay));
    else if (strcmp(how, "kill") == 0)
        XKillClient(display, find_ground(overlay));
    XSync(display, False);
}

static void hostile(const char *how, double seconds)
{
    Window overlay = XCompositeGetOverlayWindow(display, root);
    Window red = make_red(root);
    const int64_t end = now_ms() + (int64_t)(seconds * 1000);
    int64_t seen_since = 0, longest = 0;
    unsigned samples = 0, seen = 0, attacks = 0;

    while (now_ms() < end) {
        /* Every 20th sample an attack: time enough for the guard to answer, and to see how long it takes. */
        if (samples++ % 20 == 0) {
            attack(how, red, overlay);
            attacks++;
        }
        if (pixel_at(10, 10) == RED) {
            seen++;
            if (seen_since == 0)
                seen_since = now_ms();
            if (now_ms() - seen_since > longest)
                longest = now_ms() - seen_since;
        } else
            seen_since = 0;
        usleep(500);
    }
    printf("attacks %u samples %u seen %u longest %lld\n", attacks, samples, seen, (long long)longest);
}

static int grab_keyboard(Window window)
{
    return XGrabKeyboard(display, window, True, GrabModeAsync, GrabModeAsync, CurrentTime);
}

static int grab_pointer(Window window)
{
    return XGrabPointer(
        display, window, True, ButtonPressMask, GrabModeAsync, GrabModeAsync, None, None, CurrentTime);
}

static void hold(double seconds)
{
    printf("keyboard %d pointer %d\n", grab_keyboard(root), grab_pointer(root));
    (void)fflush(stdout);
    usleep((useconds_t)(seconds * 1e6));
}

static void listen_in(double seconds)
{
    const int64_t end = now_ms() + (int64_t)(seconds * 1000);
    unsigned keys = 0, clicks = 0;
    Window red = make_red(root);

    XSelectInput(display, root, KeyPressMask | KeyReleaseMask | SubstructureNotifyMask);
    XGrabKey(display, AnyKey, AnyModifier, root, True, GrabModeAsync, GrabModeAsync);
    XSync(display, False);
    XSetInputFocus(display, red, RevertToParent, CurrentTime);
    XSync(display, False);
    printf("listening\n");
    (void)fflush(stdout);
    while (now_ms() < end) {
        XEvent event;

        while (XPending(display) > 0) {
            XNextEvent(display, &event);
            keys += event.type == KeyPress || event.type == KeyRelease;
            clicks += event.type == ButtonPress || event.type == ButtonRelease || event.type == MotionNotify;
        }
        usleep(2000);
    }
    printf("keys %u clicks %u\n", keys, clicks);
}

/* Xvfb starts with one mode; it takes others, up to its first size. */
static void resize(int width, int height)
{
    static char name[] = "test";
    XRRModeInfo mode = {.width = (unsigned)width,
        .height = (unsigned)height,
        .hTotal = 2000,
        .vTotal = 2000,
        .dotClock = 240000000,
        .name = name,
        .nameLength = sizeof name - 1};
    XRRScreenResources *resources = XRRGetScreenResources(display, root);
    const RRCrtc crtc = resources->crtcs[0];
    const RRMode id = XRRCreateMode(display, root, &mode);

    XRRAddOutputMode(display, resources->outputs[0], id);
    (void)XRRSetCrtcConfig(display, resources, crtc, CurrentTime, 0, 0, None, RR_Rotate_0, NULL, 0);
    XRRSetScreenSize(display, root, width, height, width / 4, height / 4);
    if (XRRSetCrtcConfig(display, resources, crtc, CurrentTime, 0, 0, id, RR_Rotate_0, resources->outputs,
            1) == RRSetConfigSuccess)
        printf("resized\n");
    XRRFreeScreenResources(resources);
    XSync(display, False);
}

static void set_monitor(const char *name, int x, int width, int height, RROutput output)
{
    XRRMonitorInfo *monitor = XRRAllocateMonitor(display, output == None ? 0 : 1);

    monitor->name = XInternAtom(display, name, False);
    monitor->primary = x == 0;
    monitor->x = x;
    monitor->width = width;
    monitor->height = height;
    monitor->mwidth = width / 4;
    monitor->mheight = height / 4;
    if (output != None)
        monitor->outputs[0] = output;
    XRRSetMonitor(display, root, monitor);
    XRRFreeMonitors(monitor);
}

static void split(void)
{
    const int width = DisplayWidth(display, DefaultScreen(display)),
              height = DisplayHeight(display, DefaultScreen(display));
    XRRScreenResources *resources = XRRGetScreenResources(display, root);

    set_monitor("left", 0, width / 2, height, resources->outputs[0]);
    set_monitor("right", width / 2, width - width / 2, height, None);
    XRRFreeScreenResources(resources);
    XSync(display, False);
    printf("split\n");
}

static void print_size(void)
{
    Window ignored;
    int x, y;
    unsigned width = 0, height = 0, border, depth;

    (void)XGetGeometry(display, root, &ignored, &x, &y, &width, &height, &border, &depth);
    printf("%u %u\n", width, height);
}

int main(int argc, char *argv[])
{
    const char *what = argc > 1 ? argv[1] : "";
    const double first = argc > 2 ? strtod(argv[2], NULL) : 0, second = argc > 3 ? strtod(argv[3], NULL) : 0;

    display = XOpenDisplay(NULL);
    if (display == NULL)
        return 1;
    (void)XSetErrorHandler(ignore_error);
    root = DefaultRootWindow(display);
    if (strcmp(what, "pixel") == 0)
        printf("%06lx\n", pixel_at((int)first, (int)second));
    else if (strcmp(what, "picture") == 0)
        print_picture();
    else if (strcmp(what, "size") == 0)
        print_size();
    else if (strcmp(what, "hostile") == 0 && argc > 3)
        hostile(argv[2], second);
    else if (strcmp(what, "grab") == 0)
        printf("%d %d\n", grab_keyboard(root), grab_pointer(root));
    else if (strcmp(what, "hold") == 0)
        hold(first);
    else if (strcmp(what, "listen") == 0)
        listen_in(first);
    else if (strcmp(what, "split") == 0)
        split();
    else if (strcmp(what, "resize") == 0)
        resize((int)first, (int)second);
    (void)XCloseDisplay(display);
    return 0;
}
