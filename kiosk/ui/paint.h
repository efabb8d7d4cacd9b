/* paint.h: puts a display list on a canvas, and only where it changed.
 *
 * The screen is cut into cells. Each cell has a hash of the commands that touch it, in order; a cell whose
 * hash is that of the last frame is left alone, the others are painted anew, merged into few rectangles. So
 * what is on the canvas after any number of frames is bit by bit what painting the last one alone gives. */
#ifndef CARREL_UI_PAINT_H
#define CARREL_UI_PAINT_H

#include "kiosk/ui/display.h"
#include "kiosk/ui/font.h"
#include "kiosk/ui/rect.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAINT_MAX_RECTS 64

/* Borrowed pixels, 0xXXRRGGBB each, `pitch` of them from one line to the next. */
struct canvas {
    uint32_t *pixels;
    int width, height, pitch;
};

struct painter;

struct painter *painter_new(struct fonts *fonts); /* NULL without memory; borrows fonts */
void painter_free(struct painter *painter);

/* Forgets what is on the canvas: it was resized, or someone else painted on it. */
void painter_forget(struct painter *painter);

/* What differs from the last list, as rectangles within the list's size. The caller now owes their painting.
 */
size_t painter_changes(
    struct painter *painter, const struct display_list *list, struct rect changed[PAINT_MAX_RECTS]);
/* Paints what the list has within one rectangle. */
void painter_paint_part(
    struct painter *painter, const struct display_list *list, struct canvas canvas, struct rect part);
/* Both: paints what changed and returns how many rectangles that were. */
size_t painter_paint(struct painter *painter, const struct display_list *list, struct canvas canvas,
    struct rect changed[PAINT_MAX_RECTS]);

#endif
