/* window.c: SDL2 behind window.h: the window, its pixels, its events, and the wait for them.
 *
 * The wait is poll(2) on the descriptors that can bring something: the connection to the X server (or the
 * input devices on the console), and what is watched. SDL's own wait knows only the first, and on the console
 * it looks every millisecond. Events that Xlib has read already are taken out before each poll, so none can
 * be slept over. */
#include "kiosk/ui/window.h"

#include <SDL2/SDL.h>
#include <SDL2/SDL_syswm.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "kiosk/ui/window_private.h"

#define LOOK_MS 15

bool window_fail(struct error *err, const char *what)
{
    return error_set(err, ERROR_IO, "%s: %s", what, SDL_GetError());
}

/* ---- opening ---------------------------------------------------------------------------------------- */

/* The console is what is left without a display server. Never SDL's last resort, which draws for nobody to
 * see. The environment's own SDL_VIDEODRIVER goes before. */
#define DRIVERS "x11,wayland,kmsdrm"

static void set_hints(void)
{
    SDL_SetHint(SDL_HINT_VIDEODRIVER, DRIVERS);
    setenv("MESA_SHADER_CACHE_DISABLE", "true", 1); /* on the console Mesa would write into the home folder */
    /* SDL would start a message bus to ask it for screen savers and input methods. */
    setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/dev/null", 1);
    SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0"); /* no GL stack: 100 MB */
    SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");       /* ours are ours */
    SDL_SetHint(SDL_HINT_MOUSE_FOCUS_CLICKTHROUGH, "1");
    SDL_SetHint(SDL_HINT_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR, "0");
}

/* On the console every window is the whole display. */
static bool create_window(
    struct window *window, const struct window_options *options, bool is_console, struct error *err)
{
    SDL_Rect area = {SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED, options->width, options->height};
    uint32_t flags = SDL_WINDOW_RESIZABLE;

    if (area.w <= 0 || area.h <= 0) {
        area.w = 1280;
        area.h = 800;
    }
    if (!options->is_windowed || is_console) {
        flags = SDL_WINDOW_BORDERLESS;
        if (SDL_GetDisplayBounds(0, &area) != 0)
            return window_fail(err, "the display has no size");
    }
    window->window = SDL_CreateWindow(options->title, area.x, area.y, area.w, area.h, flags);
    if (window->window == NULL)
        return window_fail(err, "no window");
    SDL_GetWindowSize(window->window, &window->width, &window->height);
    return true;
}

static void find_connection(struct window *window)
{
    SDL_SysWMinfo info;

    SDL_VERSION(&info.version);
    if (!SDL_GetWindowWMInfo(window->window, &info) || info.subsystem != SDL_SYSWM_X11)
        return;
    window->connection = ConnectionNumber(info.info.x11.display);
    window->number = info.info.x11.window;
}

struct window *window_open(const struct window_options *options, struct fonts *fonts, struct error *err)
{
    struct window *window = calloc(1, sizeof *window);
    bool is_console;

    if (window == NULL) {
        error_set(err, ERROR_NOMEM, "no memory for the window");
        return NULL;
    }
    window->connection = window->devices.watch = -1;
    set_hints();
    window->is_video_started = SDL_InitSubSystem(SDL_INIT_VIDEO) == 0;
    if (!window->is_video_started) {
        window_fail(err, "no display");
        goto failed;
    }
    is_console = strcmp(SDL_GetCurrentVideoDriver(), "KMSDRM") == 0;
    window->is_textured = is_console || options->is_textured;
    if (!create_window(window, options, is_console, err))
        goto failed;
    find_connection(window);
    if (is_console)
        devices_open(&window->devices);
    window->cannot_be_waited = strcmp(SDL_GetCurrentVideoDriver(), "wayland") == 0;
    if (window->is_textured && !window_make_texture(window, is_console, err))
        goto failed;
    window->painter = painter_new(fonts);
    if (window->painter == NULL) {
        error_set(err, ERROR_NOMEM, "no memory for the painter");
        goto failed;
    }
    /* A sentinel left in the queue would make SDL say "nothing there" with events behind it: sleep_until()
     * would sleep over them. */
    SDL_EventState(SDL_POLLSENTINEL, SDL_IGNORE);
    SDL_StartTextInput();
    return window;
failed:
    window_free(window);
    return NULL;
}

void window_free(struct window *window)
{
    if (window == NULL)
        return;
    painter_free(window->painter);
    devices_close(&window->devices);
    window_free_texture(window);
    if (window->window != NULL)
        SDL_DestroyWindow(window->window);
    if (window->is_video_started)
        SDL_QuitSubSystem(SDL_INIT_VIDEO);
    free(window);
}

void window_size(const struct window *window, int *width, int *height)
{
    *width = window->width;
    *height = window->height;
}

double window_scale(int width, int height)
{
    double by_height = height / 800.0, by_width = width / 1024.0;
    double scale = by_height < by_width ? by_height : by_width;

    return scale < 0.75 ? 0.75 : scale > 8 ? 8 : scale;
}

uint64_t window_number(const struct window *window)
{
    return window->number;
}

const char *window_devices(const struct window *window)
{
    return window->devices.watch >= 0 ? DEVICES_FOLDER : NULL;
}

/* ---- waiting ---------------------------------------------------------------------------------------- */

bool window_watch(struct window *window, int descriptor, struct error *err)
{
    if (window->watched_count == WINDOW_MAX_WATCHED)
        return error_set(err, ERROR_LIMIT, "too many descriptors are watched");
    window->watched[window->watched_count++] = descriptor;
    return true;
}

void window_unwatch(struct window *window, int descriptor)
{
    for (size_t i = 0; i < window->watched_count; i++)
        if (window->watched[i] == descriptor) {
            window->watched[i] = window->watched[--window->watched_count];
            return;
        }
}

uint64_t window_now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* Rounded up: waking early would only mean to wait once more. */
static int remaining_ms(uint64_t deadline_ms)
{
    uint64_t now = window_now_ms();

    if (deadline_ms == WINDOW_NO_DEADLINE)
        return -1;
    if (deadline_ms <= now)
        return 0;
    return deadline_ms - now > 3600000 ? 3600000 : (int)(deadline_ms - now);
}

/* Sleeps until something can be read. A watched descriptor that is readable goes to *descriptor, else -1. */
static void sleep_until(struct window *window, uint64_t deadline_ms, int *descriptor)
{
    struct pollfd polled[WINDOW_MAX_WATCHED + DEVICES_POLLED_MAX + 1];
    struct pollfd *const of_devices = polled + window->watched_count;
    size_t device_count, count;
    int timeout_ms = remaining_ms(deadline_ms);

    if (window->cannot_be_waited && (timeout_ms < 0 || timeout_ms > LOOK_MS))
        timeout_ms = LOOK_MS;
    for (size_t i = 0; i < window->watched_count; i++)
        polled[i] = (struct pollfd){.fd = window->watched[i], .events = POLLIN};
    device_count = devices_add(&window->devices, of_devices);
    count = window->watched_count + device_count;
    if (window->connection >= 0)
        polled[count++] = (struct pollfd){.fd = window->connection, .events = POLLIN};
    *descriptor = -1;
    if (poll(polled, count, timeout_ms) <= 0)
        return;
    for (size_t i = 0; i < window->watched_count; i++)
        if (polled[i].revents != 0)
            *descriptor = polled[i].fd;
    devices_take(&window->devices, of_devices, device_count);
}

void window_wait(struct window *window, uint64_t deadline_ms, struct ui_event *event)
{
    SDL_Event from;
    int descriptor;

    do {
        while (SDL_PollEvent(&from))
            if (window_translate(window, &from, event))
                return;
        *event = (struct ui_event){.kind = UI_EVENT_NONE};
        if (remaining_ms(deadline_ms) == 0)
            return;
        sleep_until(window, deadline_ms, &descriptor);
    } while (descriptor < 0);
    event->kind = UI_EVENT_READABLE;
    event->descriptor = descriptor;
}
