/* paragraph.h: text laid out in lines.
 *
 * A paragraph is made of runs, each with its own style; it is broken into lines once, for one width, and can
 * then be drawn any number of times. Callers never compute where a letter goes, so that shaping and
 * right-to-left text can come in behind this header. Lines break at spaces and after hyphens and dashes, a
 * word wider than the whole line is broken where it must be, and a newline always breaks. Spaces inside a run
 * are kept as they are (code needs them); those at the end of a line hang over. */
#ifndef CARREL_UI_PARAGRAPH_H
#define CARREL_UI_PARAGRAPH_H

#include "kiosk/ui/display.h"
#include "kiosk/ui/font.h"
#include "kiosk/ui/theme.h"

#include <stddef.h>

#define PARAGRAPH_MAX_BYTES (256u << 10)

enum run_style { RUN_TEXT, RUN_STRONG, RUN_EMPHASIS, RUN_CODE };

struct run {
    const char *text;
    size_t length; /* 0: up to the NUL */
    enum run_style style;
    enum color_role role; /* ROLE_INHERIT: the colour given when drawing */
};

enum text_size {
    SIZE_TEXT,    /* 18/28 */
    SIZE_HEADING, /* 24/32, strong */
    SIZE_LABEL,   /* 15/22 */
    SIZE_NOTICE,  /* 16/24 */
    SIZE_BUTTON,  /* 16/24, strong */
    SIZE_TIME,    /* 20/28, strong */
    SIZE_NUMBER,  /* 18/28, strong: the cells of a grid */
    SIZE_FIELD,   /* 22/32, code */
    TEXT_SIZES
};

enum align { ALIGN_LEADING, ALIGN_MIDDLE, ALIGN_TRAILING };

struct paragraph;

/* How a paragraph is to be set: scale is pixels per unit, width in pixels (0: never break). */
struct paragraph_style {
    enum text_size size;
    enum align align;
    double scale;
    int width;
};

/* Copies the text. NULL without memory or when the text is longer than PARAGRAPH_MAX_BYTES. */
struct paragraph *paragraph_new(
    struct fonts *fonts, const struct paragraph_style *style, const struct run *runs, size_t count);
void paragraph_free(struct paragraph *paragraph); /* NULL is fine */

int paragraph_height(const struct paragraph *paragraph);
int paragraph_width(const struct paragraph *paragraph); /* of its widest line, without hanging spaces */
int paragraph_lines(const struct paragraph *paragraph);

/* Adds its lines to the list, with (x, y) as the upper leading corner. */
void paragraph_draw(const struct paragraph *paragraph, struct display_list *list, const struct theme *theme,
    enum color_role role, int x, int y);
/* The same in a colour of its own, whatever the runs say. */
void paragraph_draw_color(
    const struct paragraph *paragraph, struct display_list *list, color ink, int x, int y);

/* The em size in pixels of a text size at a scale, and the height of its line. */
int text_size_pixels(enum text_size size, double scale);
int text_size_line(enum text_size size, double scale);

#endif
