/* widget.h: what screens are made of.
 *
 * Each widget takes the full width of the column it stands in and the height it needs; the next one stands
 * below. Containers (body, card, row, split, grid, response) come in pairs, begin and end. Tab and Shift-Tab
 * follow the order of the calls; Enter, Space, or a press and release of the pointer inside, activate.
 * Strings are UTF-8, already translated, and borrowed until ui_end(). Lengths ending in _u are units.
 *
 * A screen: header, notices, body with its content, footer. */
#ifndef CARREL_UI_WIDGET_H
#define CARREL_UI_WIDGET_H

#include "kiosk/ui/ui.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- bars ------------------------------------------------------------------------------------------- */

struct header {
    const char *title;          /* strong, leading */
    const char *section;        /* after the title, behind a dot; or NULL */
    const char *middle;         /* NULL, or dropped where there is no room */
    const char *trailing;       /* muted, where there is no time: "Seat 12"; or NULL */
    const char *state;          /* "Saved", "Not saved"; or NULL */
    enum icon state_icon;       /* ICON_CHECK, ICON_CROSS */
    enum color_role state_role; /* ROLE_SAVED, ROLE_DANGER */
    const char *time;           /* "0:27:41"; or NULL */
    enum color_role time_role;  /* ROLE_INHERIT: ink; ROLE_CAUTION, ROLE_DANGER */
    bool is_staff;              /* striped */
};
void ui_header(struct ui *ui, const struct header *header);

enum notice_look { NOTICE_CAUTION, NOTICE_DANGER, NOTICE_PLAIN };
/* A bar under the header. code is for staff, small ("seat 12 · E-NET-3"); or NULL. */
void ui_notice(struct ui *ui, enum notice_look look, const char *text, const char *code);

/* The footer is called last, after the body, so that Tab comes to it last; its content is a row. */
void ui_footer_begin(struct ui *ui);
void ui_footer_end(struct ui *ui);

/* ---- where content stands --------------------------------------------------------------------------- */

#define UI_READING_U 760.0 /* one column of text and responses */
#define UI_SPLIT_U 1184.0  /* two columns: 600 and 560, and the gutter; wider for long lines */
#define UI_GRID_U 900.0

struct body {
    ui_id id;         /* of its scrolling; 0: UI_BODY */
    double width_u;   /* of its column, at most */
    bool is_centered; /* in height too, where there is room: cards */
};
#define UI_BODY UI_ID(0x3fff, 1)
/* All that is left between the bars. Scrolls when its content is higher: wheel, arrows, Page keys, thumb. */
void ui_body_begin(struct ui *ui, const struct body *body);
void ui_body_end(struct ui *ui);

/* Two columns side by side where the window is wide, else one below the other. The trailing one is trailing_u
 * wide, at most half of the room; the leading one has the rest. */
void ui_split_begin(struct ui *ui, double trailing_u);
void ui_split_next(struct ui *ui);
void ui_split_end(struct ui *ui);

/* A sheet of surface colour with a border and room around its content. */
void ui_card_begin(struct ui *ui);
void ui_card_end(struct ui *ui);

/* Widgets side by side, each as wide as it needs, in up to three groups; what does not fit goes to a new
 * line. In a footer the row is there already: just name the groups. */
void ui_row_begin(struct ui *ui);
void ui_row_group(struct ui *ui, enum align align);
void ui_row_end(struct ui *ui);

void ui_space(struct ui *ui, double units);
void ui_rule(struct ui *ui); /* a thin line */

/* ---- text ------------------------------------------------------------------------------------------- */

void ui_heading(struct ui *ui, const char *text); /* 24/32, strong, with room below */
void ui_text(struct ui *ui, const char *text);    /* 18/28, ink */
void ui_label(struct ui *ui, const char *text);   /* 15/22, muted */
void ui_styled(struct ui *ui, enum text_size size, enum color_role role, enum align align, const char *text);
void ui_runs(struct ui *ui, enum text_size size, enum color_role role, const struct run *runs, size_t count);
/* A label at either edge: "Choose two answers." and "1 of 2 chosen". */
void ui_label_pair(struct ui *ui, const char *leading, const char *trailing);
/* A paragraph behind a bullet or a number ("•", "1."). */
void ui_list_item(struct ui *ui, const char *bullet, const struct run *runs, size_t count);
/* A term, and what it stands for, in strong; role ROLE_INHERIT is ink; icon may be ICON_NONE. */
void ui_definition(struct ui *ui, const char *term, enum icon icon, enum color_role role, const char *text);

/* ---- code ------------------------------------------------------------------------------------------- */

struct code_span {
    uint32_t start, length; /* bytes of the text, in order, not overlapping; may cross lines */
    enum color_role role;   /* ROLE_CODE_… */
};

struct listing {
    const char *text; /* lines end with \n, tabs are 4 wide */
    size_t length;
    const struct code_span *spans;
    size_t span_count;
    bool has_numbers;
    bool is_bare;    /* no sheet around it: code within a response */
    double height_u; /* at most; then it scrolls. 0: as high as it is; LISTING_FIT: what the body shows */
};
#define LISTING_FIT (-1.0)
/* Scrolls sideways by itself when a line does not fit; has the focus only when it scrolls. */
void ui_listing(struct ui *ui, ui_id id, const struct listing *listing);
/* How wide it has to be for its longest line, in units. */
double ui_listing_width_u(struct ui *ui, const struct listing *listing);

/* ---- controls: true when activated ------------------------------------------------------------------ */

enum button_look { BUTTON_PLAIN, BUTTON_PRIMARY, BUTTON_GHOST, BUTTON_DANGER };

struct button {
    const char *label;
    enum button_look look;
    enum icon icon;       /* before the label; ICON_FORWARD after it */
    enum color_role role; /* of label and icon; ROLE_INHERIT: as the look says */
    bool is_disabled;
    bool is_chosen;   /* a filter that is on */
    bool takes_enter; /* Enter in a text field of this screen, or with no focus, activates it */
    bool is_key;      /* of a keyboard on the screen: leaves the focus where it is, and Tab passes it by */
};
bool ui_button(struct ui *ui, ui_id id, const struct button *button);

enum choice_mark { MARK_RING, MARK_BOX };

struct response {
    const char *letter; /* "A": shown, and the key that activates it; NULL: none */
    enum choice_mark mark;
    bool is_chosen;
    bool is_disabled;
    enum icon verdict; /* after the exam, in practice: ICON_CHECK, ICON_CROSS; else ICON_NONE */
    enum color_role verdict_role;
};
/* A response row; between begin and end stands its content, any widgets that are no controls. */
void ui_response_begin(struct ui *ui, ui_id id, const struct response *response);
bool ui_response_end(struct ui *ui);

/* Text being typed. The storage is the caller's: a code lives in a secret, and is wiped by who made it. */
struct field_text {
    char *bytes;     /* NUL-terminated */
    size_t capacity; /* with the NUL */
    size_t length;
    size_t caret; /* bytes before it */
};

struct field {
    const char *label;
    bool is_masked;        /* shows a dot a character */
    bool is_upper;         /* a-z become A-Z: codes and initials */
    const char *allowed;   /* the ASCII characters that can be typed, after is_upper; NULL: all */
    size_t max_characters; /* 0: what fits */
    size_t group;          /* a wider gap after every so many characters: codes; 0: none */
    bool has_error;
    const char *hint; /* under it, in danger colour where has_error; or NULL */
};
/* True when Enter was pressed in it. Arrows, Home, End, Backspace, Delete and the pointer edit. */
bool ui_field(struct ui *ui, ui_id id, const struct field *field, struct field_text *text);

/* The grid of the review: numbers with what is known of each. */
void ui_grid_begin(struct ui *ui);
struct cell {
    const char *label;
    bool is_answered;
    bool is_flagged;
    bool is_current;
    bool is_disabled;
};
bool ui_cell(struct ui *ui, ui_id id, const struct cell *cell);
void ui_grid_end(struct ui *ui);

/* A bar that fills, with the words above it that say the same. */
void ui_progress(struct ui *ui, const char *words, uint64_t done, uint64_t total);

#endif
