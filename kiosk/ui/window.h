/* window.h: the one window of the kiosk. SDL2 enters here only.
 *
 * On X11 it is a borderless window of the display's size with a plain pixel surface (no GL stack is loaded);
 * on the console (SDL_VIDEODRIVER=kmsdrm) a texture drawn by the opengles2 renderer. For developers it is a
 * resizable window on the desktop. One thread uses it: wait → translate → step → draw.
 *
 *     window = window_open(&(struct window_options){.title = "Carrel"}, fonts, &err);
 *     while (running) {
 *         window_wait(window, deadline_ms, &event);
 *         …
 *         window_show(window, list, &err);
 *     }
 *     window_free(window);
 */
#ifndef CARREL_UI_WINDOW_H
#define CARREL_UI_WINDOW_H

#include "core/error.h"
#include "kiosk/ui/display.h"
#include "kiosk/ui/event.h"
#include "kiosk/ui/font.h"

#include <stdbool.h>
#include <stdint.h>

#define WINDOW_MAX_WATCHED 4
#define WINDOW_NO_DEADLINE UINT64_MAX

struct window_options {
    const char *title;
    bool is_windowed;  /* a developer's window, with a frame */
    int width, height; /* windowed: its size; 0: 1280 × 800 */
    bool is_textured;  /* draws as on the console, whatever the driver: for tests */
};

struct window;

/* NULL with the reason in *err. Borrows fonts. Shows the window, empty. */
struct window *window_open(const struct window_options *options, struct fonts *fonts, struct error *err);
void window_free(struct window *window); /* NULL is fine */

void window_size(const struct window *window, int *width, int *height);

/* Pixels per unit for a display of this size at a zoom of 1 (screens.md): its height / 800, bounded so that
 * a narrow display keeps room for a reading column. */
double window_scale(int width, int height);

/* The window system's own number for the window (X11: the XID the guard sends keys to); 0 elsewhere. */
uint64_t window_number(const struct window *window);

/* The folder of the console's keyboards and mice: one that is plugged in later is opened there. NULL elsewhere. */
const char *window_devices(const struct window *window);

/* Lets window_wait() end when there is something to read. Borrows the descriptor. */
bool window_watch(struct window *window, int descriptor, struct error *err);
void window_unwatch(struct window *window, int descriptor);

/* Milliseconds of CLOCK_MONOTONIC: what deadlines are given in. */
uint64_t window_now_ms(void);

/* Sleeps until something happens or the deadline comes (then the kind is UI_EVENT_NONE). Nothing is polled
 * on X11 and on the console; on Wayland, where SDL shows no descriptor, every 15 ms. */
void window_wait(struct window *window, uint64_t deadline_ms, struct ui_event *event);

/* Puts the list on the screen, repainting what changed. */
bool window_show(struct window *window, const struct display_list *list, struct error *err);

#endif
