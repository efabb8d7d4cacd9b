/* ui_private.h: what the files behind ui.h and widget.h share. Nothing else includes it.
 *
 * How a frame is built: a widget takes a place in the column it stands in, registers itself with its
 * rectangle, asks what happened to it, and writes drawing commands. What happened was decided before, by
 * ui_event(), from the rectangles of the last frame (ui_input.c). A container that learns its size only after
 * its content moves what was written since its mark (private_shift). */
#ifndef CARREL_UI_PRIVATE_H
#define CARREL_UI_PRIVATE_H

#include "kiosk/ui/paragraph_cache.h"
#include "kiosk/ui/ui.h"
#include "kiosk/ui/widget.h"

#define MAX_WIDGETS 1000
#define MAX_COLUMNS 16
#define MAX_ROW_ITEMS 48
#define MAX_STATES 64

#define NARROW_U 700 /* a window below this spends less on edges */

enum widget_flag {
    WIDGET_FOCUS = 1,  /* Tab stops here */
    WIDGET_PRESS = 2,  /* Enter, Space, or the pointer activate it */
    WIDGET_TEXT = 4,   /* takes text and editing keys */
    WIDGET_SCROLL = 8, /* takes arrows and Page keys while it has the focus */
    WIDGET_ENTER = 16, /* Enter activates it from anywhere else */
    WIDGET_DRAG = 32,  /* follows the pointer while pressed; never has the focus */
};

struct widget {
    ui_id id;
    unsigned flags;
    uint32_t group; /* arrows move between widgets of one group; 0: none */
    struct rect rect;
    uint32_t clip;
    struct rect seen; /* rect within its clip; set when the frame is complete */
};

struct widget_list {
    struct widget items[MAX_WIDGETS];
    size_t count;
};

struct column {
    int x, y, width;
};

/* What lives on from frame to frame for one id: how far an area is scrolled. Forgotten with the scope. */
struct state {
    ui_id id;
    int scroll_x, scroll_y;
    int drag_from; /* scroll when the thumb was taken */
};

struct private_mark {
    struct display_mark display;
    size_t widget;
};

struct row_item {
    struct private_mark mark;
    enum align group;
    int width, height;
};

struct row {
    bool is_open;
    struct column column; /* it stands in */
    enum align group;
    struct row_item items[MAX_ROW_ITEMS];
    size_t count;
};

struct grid {
    bool is_open;
    int columns, next;
};

struct split {
    bool is_open, is_side_by_side;
    struct column outer;
    int leading, trailing; /* widths */
    int lowest;
};

struct body_area {
    struct rect view;
    ui_id id;
    struct private_mark mark;
    bool is_centered, is_open;
};

struct card {
    struct private_mark mark;
    struct column outer;
    int top;
};

struct response_row {
    struct private_mark mark, content;
    struct response response;
    struct widget *widget;
    struct column outer;
    ui_id id;
    struct rect rect;
    bool is_open;
};

struct ui {
    struct fonts *fonts;
    struct display_list *list;
    struct paragraph_cache *paragraphs;
    enum theme_id theme_id;
    const struct theme *theme;
    int width, height;
    double base_scale, zoom, scale;
    bool has_failed; /* no memory, or past a limit */

    /* kept within a scope */
    uint32_t scope;
    ui_id focus;
    size_t focus_place;  /* its place in the order: where Tab goes on when it is gone */
    bool focus_is_shown; /* the keyboard was used */
    struct state states[MAX_STATES];
    size_t state_count;
    int footer_height;
    struct {
        ui_id id;
        int top, room; /* pixels: its place in the body's content, and how high the body's view is */
    } stood;           /* what had the focus in the last build */

    /* the pointer */
    int pointer_x, pointer_y;
    bool pointer_is_inside;
    ui_id hover, pressed;
    int pressed_x, pressed_y;

    /* what this frame brings */
    struct ui_event input; /* not taken by anyone yet; UI_EVENT_NONE when it is */
    bool drops_text;       /* the letter of the last key was a command: its text is none */
    ui_id activated;
    ui_id reveal; /* to be scrolled into view */
    bool again;
    int builds;

    struct widget_list *now, *last;
    struct column columns[MAX_COLUMNS];
    size_t depth;
    int top, bottom; /* what header and notices, and the footer, leave */
    bool has_footer;
    struct row row;
    struct grid grid;
    struct split split;
    struct body_area body;
    struct card card;
    struct response_row response;
};

color private_color(const struct ui *ui, enum color_role role);
size_t private_text_room(int width, int height); /* bytes for the pictures of text on a display of that size */
int private_line(const struct ui *ui, double units); /* the width of a border, at least a pixel */

/* ---- place ------------------------------------------------------------------------------------------ */

struct column *private_column(struct ui *ui);
void private_push(struct ui *ui, struct column column);
struct column private_pop(struct ui *ui);
/* The full width of the column; in a row, and for cells of a grid, what was asked for. */
struct rect private_take(struct ui *ui, int height);
struct rect private_place(struct ui *ui, int width, int height);
/* The most a widget may be wide here. */
int private_room(struct ui *ui);

struct private_mark private_mark(const struct ui *ui);
void private_shift(struct ui *ui, struct private_mark from, int dx, int dy);

/* ---- widgets ---------------------------------------------------------------------------------------- */

struct widget *private_register(struct ui *ui, ui_id id, struct rect rect, unsigned flags, uint32_t group);
/* True once, in the build after it was activated. */
bool private_activated(struct ui *ui, ui_id id);
bool private_is_hovered(const struct ui *ui, ui_id id);
bool private_is_pressed(const struct ui *ui, ui_id id);
bool private_shows_focus(const struct ui *ui, ui_id id);
const struct widget *private_find(const struct widget_list *list, ui_id id);
void private_draw_focus(struct ui *ui, struct rect rect, int radius);
void private_take_input(struct ui *ui); /* nobody else gets it */
struct state *private_state(struct ui *ui, ui_id id);

/* ---- typing: pure, see field_edit.c ----------------------------------------------------------------- */

/* Puts what was typed in at the caret, as the field allows. True when anything went in. */
bool private_field_insert(const struct field *field, struct field_text *text, const char *typed);
/* True when the key is one that edits a field, whether or not it changed anything. */
bool private_field_key(struct field_text *text, enum ui_key key);

/* ---- text ------------------------------------------------------------------------------------------- */

const struct paragraph *private_paragraph(
    struct ui *ui, enum text_size size, enum align align, int width, const struct run *runs, size_t count);
const struct paragraph *private_text(struct ui *ui, enum text_size size, int width, const char *text);
/* One line, cut with … where it is wider than `width`. */
const struct paragraph *private_fitted(struct ui *ui, enum text_size size, int width, const char *text);
void private_draw(struct ui *ui, const struct paragraph *paragraph, enum color_role role, int x, int y);
int private_text_width(const struct paragraph *paragraph); /* 0 for NULL */
int private_text_height(const struct paragraph *paragraph);

/* ---- scrolling -------------------------------------------------------------------------------------- */

struct scroll {
    ui_id id;
    struct rect view;
    int content_width, content_height;
    bool takes_keys; /* now: it has the focus, or nothing else wants them */
};
/* Bounds the state and moves it by what came in. True when it moved. */
bool private_scroll(struct ui *ui, const struct scroll *scroll, struct state *state);
/* Draws the thumbs that are needed, and takes hold of them. */
void private_scroll_bars(struct ui *ui, const struct scroll *scroll, struct state *state);
/* Moves the state so that `rect`, given as it is on the screen now, is in view. True when it moved. */
bool private_scroll_to(
    const struct ui *ui, const struct scroll *scroll, struct state *state, struct rect rect);

#endif
