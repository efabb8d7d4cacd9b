/* display.h: a screen as a list of drawing commands.
 *
 * Widgets write the list, the painter reads it: it is what two frames are compared by, and what golden tests
 * look at (display_dump). Coordinates are pixels, x from the leading edge; at scale 1 a pixel is a unit.
 * Commands are painted in order, each inside the clip that was in force when it was added.
 *
 * A list is filled again each frame and keeps its memory. Adding cannot fail half-way: without memory, or
 * past DISPLAY_MAX_COMMANDS, the list is marked, and display_is_complete() says so once at the end. */
#ifndef CARREL_UI_DISPLAY_H
#define CARREL_UI_DISPLAY_H

#include "core/buffer.h"
#include "kiosk/ui/font.h"
#include "kiosk/ui/rect.h"
#include "kiosk/ui/theme.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DISPLAY_MAX_COMMANDS 20000u

enum icon {
    ICON_NONE,
    ICON_CHECK,
    ICON_CROSS,
    ICON_FLAG,      /* outlined */
    ICON_FLAG_FULL, /* filled: the thing is flagged */
    ICON_BACK,      /* towards the leading edge */
    ICON_FORWARD,
    ICON_UP,
    ICON_DOWN,
    ICON_WARNING,
    ICON_CLOCK,
    ICON_PAUSE,
    ICON_HAND,
    ICON_CORNER, /* a triangle in the upper trailing corner */
    ICON_TEXT_SIZE,
    ICON_CONTRAST,
    ICON_HELP,
    ICON_LIST,
    ICONS
};

enum display_kind { DISPLAY_BOX, DISPLAY_TEXT, DISPLAY_ICON, DISPLAY_STRIPES };

struct display_command {
    enum display_kind kind;
    uint32_t clip;    /* an index; see display_clip() */
    struct rect rect; /* where it may paint */
    color fill, line; /* text and icon: fill; stripes: both */
    int radius;       /* box: of its corners; stripes: how wide one is */
    int border;       /* box: how wide its line is, inside rect */
    enum icon icon;
    enum font_face face;
    int pixels;      /* text: em size */
    int x, baseline; /* text: where the pen starts */
    uint32_t text, length;
};

struct display_list;

struct display_list *display_new(void); /* NULL without memory */
void display_free(struct display_list *list);

/* Empties the list for a frame of this size. */
void display_clear(struct display_list *list, int width, int height);
bool display_is_complete(const struct display_list *list);

/* A rectangle with round corners: filled, bordered inside its edge, or both (COLOR_NONE leaves one out).
 * A radius of half its side makes a disc or a ring. */
void display_box(struct display_list *list, struct rect rect, int radius, color fill, int border, color line);
void display_fill(struct display_list *list, struct rect rect, color fill);
void display_icon(struct display_list *list, struct rect rect, enum icon icon, color ink);
/* Slanting stripes, each `step` wide across. */
void display_stripes(struct display_list *list, struct rect rect, int step, color even, color odd);
/* One piece of text in one face. rect is where it may paint. Copies the text. */
void display_text(struct display_list *list, struct rect rect, enum font_face face, int pixels, int x,
    int baseline, color ink, const char *text, size_t length);

/* From push to pop nothing is painted outside rect (nor outside the clip before). */
void display_clip_push(struct display_list *list, struct rect rect);
void display_clip_pop(struct display_list *list);
/* The clip in force now, as an index; and what such an index stands for, after all shifts. */
uint32_t display_clip_current(const struct display_list *list);
struct rect display_clip_rect(const struct display_list *list, uint32_t clip);

/* A place in the list, and what came after it, moved: a box whose height is known only after its content, a
 * row aligned to the trailing edge. Clips pushed after the mark move along. */
struct display_mark {
    size_t command, clip;
};
struct display_mark display_mark(const struct display_list *list);
void display_shift(struct display_list *list, struct display_mark from, int dx, int dy);
/* The command at a mark, to be completed later; NULL when the list is incomplete. */
struct display_command *display_at(struct display_list *list, struct display_mark mark);

/* For the painter and for tests. */
size_t display_count(const struct display_list *list);
const struct display_command *display_get(const struct display_list *list, size_t index);
const char *display_get_text(const struct display_list *list, const struct display_command *command);
struct rect display_clip(const struct display_list *list, const struct display_command *command);
void display_size(const struct display_list *list, int *width, int *height);

/* One line a command, for golden tests: kind, rectangle, colours by role in this theme, text. */
bool display_dump(const struct display_list *list, const struct theme *theme, struct buffer *out);

#endif
