/* shape.h: the coverage of round corners and icons, computed once for each size.
 *
 * SDL draws no smooth shape by itself. A shape here is a square of bytes, 255 where it covers the whole
 * pixel; the painter lays colour through it. */
#ifndef CARREL_UI_SHAPE_H
#define CARREL_UI_SHAPE_H

#include "kiosk/ui/display.h"

#include <stdint.h>

#define SHAPE_MAX_PIXELS 512

struct shapes;

struct shapes *shapes_new(void); /* NULL without memory */
void shapes_free(struct shapes *shapes);

/* The upper leading quarter of a disc, radius × radius bytes; with a border, of the ring that is that wide.
 * NULL without memory, or for a radius of 0 or above SHAPE_MAX_PIXELS. Valid until the next call. */
const uint8_t *shapes_corner(struct shapes *shapes, int radius, int border);

/* An icon: size × size bytes; NULL as above. */
const uint8_t *shapes_icon(struct shapes *shapes, enum icon icon, int size);

#endif
