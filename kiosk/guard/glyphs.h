/* glyphs.h: the few letters that the guard can draw by itself, as coverage masks of one large size.
 *
 * The guard links no text library and must not depend on the fonts an X server happens to have. So the build
 * makes masks of the printable ASCII characters, from the font that the screen process uses too
 * (glyphs_make.c); they are scaled when drawn. */
#ifndef CARREL_GUARD_GLYPHS_H
#define CARREL_GUARD_GLYPHS_H

#include <stdint.h>

#define GLYPHS_FIRST 32
#define GLYPHS_DOT 127 /* stands for a typed character of a code */
#define GLYPHS_COUNT (GLYPHS_DOT - GLYPHS_FIRST + 1)
#define GLYPHS_EM 64 /* pixels: the size that the masks are made at */

struct glyph {
    uint32_t offset; /* of its first row in glyphs_masks, one byte a pixel, 255 is full */
    uint16_t width, height;
    int16_t left, top; /* of the mask's corner, from the pen and up from the base line */
    int16_t advance;
};

extern const struct glyph glyphs[GLYPHS_COUNT];
extern const uint8_t glyphs_masks[];

#endif
