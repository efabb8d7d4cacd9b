/* screen.h: an X display from outside, as somebody in front of it: what is seen, when it changes, and a hand
 * for the mouse.
 *
 * It knows nothing of the program that draws. Changes come from the DAMAGE extension, so that watching costs
 * the X server nothing while nothing happens; events of the mouse are XTEST's, which no program can tell from
 * a real one. */
#ifndef CARREL_BENCH_SCREEN_H
#define CARREL_BENCH_SCREEN_H

#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"

struct screen;

struct area {
    int x, y, width, height; /* pixels from the upper left corner */
};

/* DISPLAY's. NULL on failure. */
struct screen *screen_open(struct error *err);
struct area screen_area(const struct screen *screen); /* all of it */
/* Waits until something in the area is drawn, at most timeout_ms. */
bool screen_wait(struct screen *screen, struct area area, int timeout_ms);
/* Waits until nothing in the area was drawn for quiet_ms; false if it doesn't stop within limit_ms. */
bool screen_wait_quiet(struct screen *screen, struct area area, int quiet_ms, int limit_ms);
/* What is seen: width × height pixels, 0x00RRGGBB. The area must lie on the screen. */
void screen_look(struct screen *screen, struct area area, uint32_t *pixels);
void screen_point(struct screen *screen, int x, int y);
/* The left button down and up again, where the pointer is. */
void screen_click(struct screen *screen);
void screen_close(struct screen *screen); /* NULL is fine */

int64_t screen_now_us(void); /* monotonic */

#endif
