/* damage.h: which parts of the screen differ from what is on it.
 *
 * The screen is a grid of square cells. A cell's hash covers every command that can paint in it, in order;
 * equal hashes mean equal pixels, so nothing is ever missed, whatever a frame changed. */
#ifndef CARREL_UI_DAMAGE_H
#define CARREL_UI_DAMAGE_H

#include "kiosk/ui/display.h"
#include "kiosk/ui/rect.h"

#include <stddef.h>

#define DAMAGE_CELL 32 /* pixels */

struct damage;

struct damage *damage_new(void); /* NULL without memory */
void damage_free(struct damage *damage);
void damage_forget(struct damage *damage); /* the next list counts as new everywhere */

/* Compares the list with the last one and writes the rectangles that differ, at most max; when more would be
 * needed, some are joined. A frame of another size, or without memory to compare, is new everywhere. */
size_t damage_find(struct damage *damage, const struct display_list *list, struct rect *rects, size_t max);

#endif
