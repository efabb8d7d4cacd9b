/* icon.h: what the icons look like: strokes and filled outlines on a grid of 24 × 24. */
#ifndef CARREL_UI_ICON_H
#define CARREL_UI_ICON_H

#include "kiosk/ui/display.h"

#include <stdint.h>

/* Writes size × size bytes of coverage. */
void icon_render(enum icon icon, int size, uint8_t *coverage);

#endif
