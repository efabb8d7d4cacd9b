/* window.c: SDL2 behind window.h: the window, its pixels, its events, and the wait for them.
 *
 * The wait is poll(2) on the descriptors that can bring something: the connection to the X server (or the
 * input devices on the console), and what is watched. SDL's own wait knows only the first, and on the console
 * it looks every millisecond. Events that Xlib has read already are taken out before each poll, so none can
 * be slept over. */
#include "kiosk/ui/window.h"

#include "kiosk/ui/paint.h"

#include <SDL2/SDL.h>
#include <SDL2/SDL_syswm.h>
#include <fcntl.h>
#include <glob.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <time.h>
#include <unistd.h>

#define DEVICES "/dev/input"
#define MAX_DEVICES 32
#define LOOK_MS 15
#define BAND_PIXELS 400000 /* painted and sent at once */

struct window {
    SDL_Window *window;
    struct painter *painter;
    /* With a plain surface: `pixels` is the window's own, or a copy where its format is another. */
    SDL_Surface *copy;
    /* On the console: */
    SDL_Renderer *renderer;
    SDL_Texture *texture;
    SDL_Texture *pointer; /* ours, where the display has no plane for a cursor; else NULL */
    bool is_video_started;
    bool is_textured;
    bool is_exposed; /* the screen lost what the surface still has */
    int width, height;
    int connection;        /* to the X server; -1 elsewhere */
    bool cannot_be_waited; /* a driver without a descriptor: it is looked at every LOOK_MS */
    uint64_t number;
    int watched[WINDOW_MAX_WATCHED];
    size_t watched_count;
    int devices[MAX_DEVICES];
    size_t device_count;
    int device_watch; /* tells that a keyboard or mouse came or went; -1 elsewhere */
};

static bool set_sdl_error(struct error *err, const char *what)
{
    return error_set(err, ERROR_IO, "%s: %s", what, SDL_GetError());
}

/* ---- opening ---------------------------------------------------------------------------------------- */

/* The console is what is left without a display server. Never SDL's last resort, which draws for nobody to see. The
 * environment's own SDL_VIDEODRIVER goes before. */
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
            return set_sdl_error(err, "the display has no size");
    }
    window->window = SDL_CreateWindow(options->title, area.x, area.y, area.w, area.h, flags);
    if (window->window == NULL)
        return set_sdl_error(err, "no window");
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

static void close_devices(struct window *window)
{
    while (window->device_count > 0)
        close(window->devices[--window->device_count]);
}

/* On the console SDL reads the devices by itself but can't be waited for: the same devices, opened once more,
 * tell when there is something to read. Again when one comes or goes. */
static void open_devices(struct window *window)
{
    glob_t found;

    close_devices(window);
    if (glob(DEVICES "/event*", 0, NULL, &found) != 0)
        return;
    for (size_t i = 0; i < found.gl_pathc && window->device_count < MAX_DEVICES; i++) {
        int device = open(found.gl_pathv[i], O_RDONLY | O_NONBLOCK | O_CLOEXEC);
        if (device >= 0)
            window->devices[window->device_count++] = device;
    }
    globfree(&found);
}

/* A new device may be opened once its attributes say so. */
static void watch_devices(struct window *window)
{
    window->device_watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (window->device_watch >= 0)
        (void)inotify_add_watch(window->device_watch, DEVICES, IN_ATTRIB | IN_DELETE); /* else those of now */
    open_devices(window);
}

static bool create_texture(struct window *window, struct error *err)
{
    if (window->texture != NULL)
        SDL_DestroyTexture(window->texture);
    SDL_FreeSurface(window->copy);
    window->texture = SDL_CreateTexture(window->renderer, SDL_PIXELFORMAT_ARGB8888,
        SDL_TEXTUREACCESS_STREAMING, window->width, window->height);
    window->copy =
        SDL_CreateRGBSurfaceWithFormat(0, window->width, window->height, 32, SDL_PIXELFORMAT_ARGB8888);
    if (window->texture == NULL || window->copy == NULL)
        return set_sdl_error(err, "no texture");
    SDL_SetTextureBlendMode(window->texture, SDL_BLENDMODE_NONE);
    return true;
}

static bool present_texture(struct window *window, struct error *err)
{
    SDL_Rect at = {.w = 0};

    if (SDL_RenderCopy(window->renderer, window->texture, NULL, NULL) != 0)
        return set_sdl_error(err, "the texture can't be drawn");
    if (window->pointer != NULL) {
        (void)SDL_QueryTexture(window->pointer, NULL, NULL, &at.w, &at.h); /* ours: can't fail */
        SDL_GetMouseState(&at.x, &at.y);
        (void)SDL_RenderCopy(window->renderer, window->pointer, NULL, &at); /* the exam goes on without */
    }
    SDL_RenderPresent(window->renderer);
    return true;
}

/* SDL puts its cursor into a plane of the display. Some drivers have none, and SDL tells only when it is shown again. */
static bool has_cursor_plane(void)
{
    SDL_ClearError();
    SDL_SetCursor(NULL);
    return SDL_GetError()[0] == '\0';
}

/* An arrow of 12 by 17 points: black edges, white inside. */
static uint32_t pointer_point(int x, int y)
{
    const int lowest = 16 - x * 5 / 11;

    if (x > y || y > lowest)
        return 0;
    return x == 0 || x == y || y >= lowest - 1 ? 0xff000000 : 0xffffffff;
}

static void create_pointer(struct window *window)
{
    const int point = 1 + (int)window_scale(window->width, window->height) / 2;
    SDL_Surface *arrow =
        SDL_CreateRGBSurfaceWithFormat(0, 12 * point, 17 * point, 32, SDL_PIXELFORMAT_ARGB8888);

    if (arrow == NULL)
        return;
    for (int y = 0; y < arrow->h; y++)
        for (int x = 0; x < arrow->w; x++)
            ((uint32_t *)arrow->pixels)[y * arrow->pitch / 4 + x] = pointer_point(x / point, y / point);
    window->pointer = SDL_CreateTextureFromSurface(window->renderer, arrow);
    SDL_FreeSurface(arrow);
}

static bool create_renderer(struct window *window, bool is_console, struct error *err)
{
    SDL_SetHint(SDL_HINT_RENDER_DRIVER, is_console ? "opengles2" : "software");
    window->renderer = SDL_CreateRenderer(window->window, -1, 0);
    if (window->renderer == NULL)
        return set_sdl_error(err, "no renderer");
    if (!create_texture(window, err))
        return false;
    if (is_console && !has_cursor_plane())
        create_pointer(window);
    /* One black frame: whatever the driver loads for drawing is loaded before a sandbox would refuse it. */
    if (SDL_UpdateTexture(window->texture, NULL, window->copy->pixels, window->copy->pitch) != 0)
        return set_sdl_error(err, "the texture can't be updated");
    return present_texture(window, err);
}

struct window *window_open(const struct window_options *options, struct fonts *fonts, struct error *err)
{
    struct window *window = calloc(1, sizeof *window);
    bool is_console;

    if (window == NULL) {
        error_set(err, ERROR_NOMEM, "no memory for the window");
        return NULL;
    }
    window->connection = window->device_watch = -1;
    set_hints();
    window->is_video_started = SDL_InitSubSystem(SDL_INIT_VIDEO) == 0;
    if (!window->is_video_started) {
        set_sdl_error(err, "no display");
        goto failed;
    }
    is_console = strcmp(SDL_GetCurrentVideoDriver(), "KMSDRM") == 0;
    window->is_textured = is_console || options->is_textured;
    if (!create_window(window, options, is_console, err))
        goto failed;
    find_connection(window);
    if (is_console)
        watch_devices(window);
    window->cannot_be_waited = strcmp(SDL_GetCurrentVideoDriver(), "wayland") == 0;
    if (window->is_textured && !create_renderer(window, is_console, err))
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
    close_devices(window);
    if (window->device_watch >= 0)
        close(window->device_watch);
    SDL_FreeSurface(window->copy);
    if (window->pointer != NULL)
        SDL_DestroyTexture(window->pointer);
    if (window->texture != NULL)
        SDL_DestroyTexture(window->texture);
    if (window->renderer != NULL)
        SDL_DestroyRenderer(window->renderer);
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
    return window->device_watch >= 0 ? DEVICES : NULL;
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

static void drain(int device)
{
    char scrap[1024];

    while (read(device, scrap, sizeof scrap) > 0)
        continue;
}

/* Sleeps until something can be read. A watched descriptor that is readable goes to *descriptor, else -1. */
static void sleep_until(struct window *window, uint64_t deadline_ms, int *descriptor)
{
    struct pollfd polled[WINDOW_MAX_WATCHED + MAX_DEVICES + 2];
    size_t count = 0;
    bool must_reopen = false;
    int timeout_ms = remaining_ms(deadline_ms);

    if (window->cannot_be_waited && (timeout_ms < 0 || timeout_ms > LOOK_MS))
        timeout_ms = LOOK_MS;
    for (size_t i = 0; i < window->watched_count; i++)
        polled[count++] = (struct pollfd){.fd = window->watched[i], .events = POLLIN};
    for (size_t i = 0; i < window->device_count; i++)
        polled[count++] = (struct pollfd){.fd = window->devices[i], .events = POLLIN};
    if (window->connection >= 0)
        polled[count++] = (struct pollfd){.fd = window->connection, .events = POLLIN};
    if (window->device_watch >= 0)
        polled[count++] = (struct pollfd){.fd = window->device_watch, .events = POLLIN};
    *descriptor = -1;
    if (poll(polled, count, timeout_ms) <= 0)
        return;
    for (size_t i = 0; i < count; i++) {
        if (polled[i].revents == 0)
            continue;
        if (i < window->watched_count)
            *descriptor = polled[i].fd;
        else if (polled[i].fd != window->connection) {
            drain(polled[i].fd);
            must_reopen |= polled[i].fd == window->device_watch || (polled[i].revents & ~POLLIN) != 0;
        }
    }
    if (must_reopen)
        open_devices(window);
}

/* ---- translating ------------------------------------------------------------------------------------ */

static unsigned modifiers_of(SDL_Keymod state)
{
    unsigned modifiers = 0;

    if (state & KMOD_SHIFT)
        modifiers |= UI_SHIFT;
    if (state & KMOD_CTRL)
        modifiers |= UI_CONTROL;
    if (state & (KMOD_LALT | KMOD_LGUI | KMOD_RGUI)) /* the right Alt makes characters */
        modifiers |= UI_ALT;
    return modifiers;
}

static enum ui_key named_key(SDL_Keycode code)
{
    static const struct {
        SDL_Keycode code;
        enum ui_key key;
    } names[] = {
        {SDLK_TAB, UI_KEY_TAB},
        {SDLK_RETURN, UI_KEY_ENTER},
        {SDLK_KP_ENTER, UI_KEY_ENTER},
        {SDLK_ESCAPE, UI_KEY_ESCAPE},
        {SDLK_BACKSPACE, UI_KEY_BACKSPACE},
        {SDLK_DELETE, UI_KEY_DELETE},
        {SDLK_UP, UI_KEY_UP},
        {SDLK_DOWN, UI_KEY_DOWN},
        {SDLK_LEFT, UI_KEY_LEFT},
        {SDLK_RIGHT, UI_KEY_RIGHT},
        {SDLK_HOME, UI_KEY_HOME},
        {SDLK_END, UI_KEY_END},
        {SDLK_PAGEUP, UI_KEY_PAGE_UP},
        {SDLK_PAGEDOWN, UI_KEY_PAGE_DOWN},
    };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i].code == code)
            return names[i].key;
    if (code >= SDLK_F1 && code <= SDLK_F12)
        return (enum ui_key)(UI_KEY_F1 + (code - SDLK_F1));
    return UI_KEY_NONE;
}

static bool translate_key(const SDL_KeyboardEvent *from, struct ui_event *event)
{
    SDL_Keycode code = from->keysym.sym;

    event->kind = UI_EVENT_KEY;
    event->key = named_key(code);
    event->modifiers = modifiers_of((SDL_Keymod)from->keysym.mod);
    event->is_repeat = from->repeat != 0;
    if (event->key == UI_KEY_NONE && code >= ' ' && !(code & SDLK_SCANCODE_MASK)) {
        event->key = UI_KEY_CHARACTER;
        event->character = (uint32_t)code;
    }
    return event->key != UI_KEY_NONE;
}

static bool translate_window(struct window *window, const SDL_WindowEvent *from, struct ui_event *event)
{
    switch (from->event) {
    case SDL_WINDOWEVENT_SIZE_CHANGED:
        window->width = from->data1;
        window->height = from->data2;
        painter_forget(window->painter);
        event->kind = UI_EVENT_RESIZE;
        event->width = from->data1;
        event->height = from->data2;
        return true;
    case SDL_WINDOWEVENT_EXPOSED:
        window->is_exposed = true;
        event->kind = UI_EVENT_EXPOSE;
        return true;
    case SDL_WINDOWEVENT_LEAVE: event->kind = UI_EVENT_POINTER_LEAVE; return true;
    default: return false;
    }
}

static bool translate_button(const SDL_MouseButtonEvent *from, struct ui_event *event)
{
    event->kind = from->type == SDL_MOUSEBUTTONDOWN ? UI_EVENT_POINTER_DOWN : UI_EVENT_POINTER_UP;
    event->x = from->x;
    event->y = from->y;
    event->modifiers = modifiers_of(SDL_GetModState());
    return from->button == SDL_BUTTON_LEFT;
}

static bool translate_wheel(const SDL_MouseWheelEvent *from, struct ui_event *event)
{
    double turn = from->direction == SDL_MOUSEWHEEL_FLIPPED ? -1 : 1;

    event->kind = UI_EVENT_WHEEL;
    event->wheel_x = turn * (double)from->preciseX;
    event->wheel_y = -turn * (double)from->preciseY;
    event->modifiers = modifiers_of(SDL_GetModState());
    SDL_GetMouseState(&event->x, &event->y);
    return true;
}

/* Only where the pointer is now matters, not the way it took. */
static bool is_followed_by_motion(void)
{
    SDL_Event next;

    return SDL_PeepEvents(&next, 1, SDL_PEEKEVENT, SDL_FIRSTEVENT, SDL_LASTEVENT) == 1 &&
           next.type == SDL_MOUSEMOTION;
}

/* False for what nobody needs to know. */
static bool translate(struct window *window, const SDL_Event *from, struct ui_event *event)
{
    *event = (struct ui_event){.kind = UI_EVENT_NONE};
    switch (from->type) {
    case SDL_KEYDOWN: return translate_key(&from->key, event);
    case SDL_MOUSEBUTTONDOWN:
    case SDL_MOUSEBUTTONUP: return translate_button(&from->button, event);
    case SDL_MOUSEWHEEL: return translate_wheel(&from->wheel, event);
    case SDL_WINDOWEVENT: return translate_window(window, &from->window, event);
    case SDL_MOUSEMOTION:
        event->kind = UI_EVENT_POINTER_MOVE;
        event->x = from->motion.x;
        event->y = from->motion.y;
        window->is_exposed |= window->pointer != NULL;
        return !is_followed_by_motion();
    case SDL_TEXTINPUT:
        event->kind = UI_EVENT_TEXT;
        snprintf(event->text, sizeof event->text, "%s", from->text.text);
        return event->text[0] != '\0';
    case SDL_QUIT: event->kind = UI_EVENT_QUIT; return true;
    default: return false;
    }
}

void window_wait(struct window *window, uint64_t deadline_ms, struct ui_event *event)
{
    SDL_Event from;
    int descriptor;

    do {
        while (SDL_PollEvent(&from))
            if (translate(window, &from, event))
                return;
        *event = (struct ui_event){.kind = UI_EVENT_NONE};
        if (remaining_ms(deadline_ms) == 0)
            return;
        sleep_until(window, deadline_ms, &descriptor);
    } while (descriptor < 0);
    event->kind = UI_EVENT_READABLE;
    event->descriptor = descriptor;
}

/* ---- showing ---------------------------------------------------------------------------------------- */

static struct canvas canvas_of(SDL_Surface *surface)
{
    return (struct canvas){surface->pixels, surface->w, surface->h, surface->pitch / 4};
}

static bool is_plain(const SDL_Surface *surface)
{
    return surface->format->format == SDL_PIXELFORMAT_RGB888 ||
           surface->format->format == SDL_PIXELFORMAT_ARGB8888;
}

/* A display of another format gets a converted copy of each changed rectangle. */
static SDL_Surface *canvas_surface(struct window *window, SDL_Surface *surface)
{
    if (is_plain(surface))
        return surface;
    if (window->copy == NULL || window->copy->w != surface->w || window->copy->h != surface->h) {
        SDL_FreeSurface(window->copy);
        window->copy = SDL_CreateRGBSurfaceWithFormat(0, surface->w, surface->h, 32, SDL_PIXELFORMAT_RGB888);
        painter_forget(window->painter);
    }
    return window->copy;
}

/* Rectangles that are painted but not yet sent to the display. */
struct batch {
    SDL_Rect rects[PAINT_MAX_RECTS];
    int count;
    int pixels;
};

static bool send(struct window *window, struct batch *batch, struct error *err)
{
    int result =
        batch->count > 0 ? SDL_UpdateWindowSurfaceRects(window->window, batch->rects, batch->count) : 0;

    batch->count = 0;
    batch->pixels = 0;
    return result == 0 || set_sdl_error(err, "the window can't be updated");
}

/* A large rectangle goes out in bands from the top: the first text is seen while the rest is painted. */
static bool show_part(struct window *window, const struct display_list *list, SDL_Surface *surface,
    SDL_Surface *canvas, struct rect part, struct batch *batch, struct error *err)
{
    int rows = BAND_PIXELS / part.width + 1;

    for (int y = part.y; y < part.y + part.height; y += rows) {
        struct rect band = rect_intersect(part, (struct rect){part.x, y, part.width, rows});
        SDL_Rect rect = {band.x, band.y, band.width, band.height};
        painter_paint_part(window->painter, list, canvas_of(canvas), band);
        if (canvas != surface)
            SDL_BlitSurface(canvas, &rect, surface, &(SDL_Rect){band.x, band.y, 0, 0});
        batch->rects[batch->count++] = rect;
        batch->pixels += band.width * band.height;
        if ((batch->pixels >= BAND_PIXELS || batch->count == PAINT_MAX_RECTS) && !send(window, batch, err))
            return false;
    }
    return true;
}

static bool show_on_surface(struct window *window, const struct display_list *list, struct error *err)
{
    SDL_Surface *surface = SDL_GetWindowSurface(window->window);
    SDL_Surface *canvas = surface != NULL ? canvas_surface(window, surface) : NULL;
    struct rect changed[PAINT_MAX_RECTS];
    struct batch batch = {.count = 0};
    size_t count;
    bool ok;

    if (canvas == NULL)
        return set_sdl_error(err, "the window has no surface");
    count = painter_changes(window->painter, list, changed);
    ok = true;
    for (size_t i = 0; ok && i < count; i++)
        ok = show_part(window, list, surface, canvas, changed[i], &batch, err);
    ok = ok && send(window, &batch, err);
    if (ok && window->is_exposed && SDL_UpdateWindowSurface(window->window) != 0)
        ok = set_sdl_error(err, "the window can't be updated");
    window->is_exposed = false;
    if (!ok)
        painter_forget(window->painter); /* what is on the screen is not known */
    return ok;
}

static bool show_on_texture(struct window *window, const struct display_list *list, struct error *err)
{
    struct rect changed[PAINT_MAX_RECTS];
    size_t count;

    if ((window->copy->w != window->width || window->copy->h != window->height) &&
        !create_texture(window, err))
        return false;
    count = painter_paint(window->painter, list, canvas_of(window->copy), changed);
    for (size_t i = 0; i < count; i++) {
        SDL_Rect rect = {changed[i].x, changed[i].y, changed[i].width, changed[i].height};
        const uint8_t *pixels = (const uint8_t *)window->copy->pixels +
                                (ptrdiff_t)rect.y * window->copy->pitch + (ptrdiff_t)rect.x * 4;
        if (SDL_UpdateTexture(window->texture, &rect, pixels, window->copy->pitch) != 0)
            return set_sdl_error(err, "the texture can't be updated");
    }
    if (count == 0 && !window->is_exposed)
        return true;
    window->is_exposed = false;
    return present_texture(window, err);
}

bool window_show(struct window *window, const struct display_list *list, struct error *err)
{
    return window->is_textured ? show_on_texture(window, list, err) : show_on_surface(window, list, err);
}
