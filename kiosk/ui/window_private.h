/* window_private.h: the window from the inside, for its own files:
 *
 *     window.c         opening, and the wait for what comes
 *     window_events.c  what SDL says, in the words of ui.h
 *     window_show.c    pixels: onto the window's surface, or on the console onto a texture */
#ifndef CARREL_UI_WINDOW_PRIVATE_H
#define CARREL_UI_WINDOW_PRIVATE_H

#include <SDL2/SDL.h>

#include "kiosk/ui/devices.h"
#include "kiosk/ui/paint.h"
#include "kiosk/ui/window.h"

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
    struct devices devices; /* of the console */
};

/* Always false: what failed, and what SDL says of it. */
bool window_fail(struct error *err, const char *what);

/* False for what nobody needs to know. */
bool window_translate(struct window *window, const SDL_Event *from, struct ui_event *event);

/* The renderer with its texture, and one black frame: whatever the driver loads for drawing is loaded before a sandbox
 * would refuse it. */
bool window_make_texture(struct window *window, bool is_console, struct error *err);
void window_free_texture(struct window *window);

#endif
