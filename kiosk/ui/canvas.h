/* canvas.h: colour onto pixels: fills, and colour through a mask. Nothing is touched outside `clip`, which
 * must lie on the canvas. */
#ifndef CARREL_UI_CANVAS_H
#define CARREL_UI_CANVAS_H

#include "kiosk/ui/paint.h"

void canvas_fill(struct canvas canvas, struct rect clip, struct rect rect, color ink);

/* Coverage at (x, y) on the canvas, possibly mirrored in itself. */
struct canvas_mask {
    const uint8_t *coverage;
    int x, y, width, height, pitch;
    bool flips_x, flips_y;
};
void canvas_mask(struct canvas canvas, struct rect clip, const struct canvas_mask *mask, color ink);

/* Slanting stripes; the pattern starts at the rectangle's corner. */
void canvas_stripes(
    struct canvas canvas, struct rect clip, struct rect rect, int step, color even, color odd);

#endif
