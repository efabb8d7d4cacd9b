/* theme.h: the colours of the screen, by what they mean.
 *
 * A theme is a constant table; nothing else in the kiosk names a colour. Each theme keeps the contrast that
 * WCAG 2.2 AA asks for, 4.5:1 for text and 3:1 for marks and large text, on every ground a role is used on:
 * a test walks the pairs. */
#ifndef CARREL_UI_THEME_H
#define CARREL_UI_THEME_H

#include <stdint.h>

/* 0xFFRRGGBB; COLOR_NONE paints nothing. */
typedef uint32_t color;
#define COLOR_NONE ((color)0)

enum color_role {
    ROLE_INHERIT, /* in a run: the colour of the text around it */
    ROLE_GROUND,
    ROLE_SURFACE,
    ROLE_INK,
    ROLE_MUTED,
    ROLE_LINE, /* quiet borders; never the only sign of anything */
    ROLE_EDGE, /* the border of what can be typed into or dragged: 3:1 */
    ROLE_ACCENT,
    ROLE_ON_ACCENT,
    ROLE_SELECTED, /* the ground of what is chosen */
    ROLE_HOVER,    /* the ground of what the pointer is on */
    ROLE_DISABLED, /* ink and border of what can't be used now */
    ROLE_CAUTION,
    ROLE_CAUTION_GROUND,
    ROLE_DANGER,
    ROLE_DANGER_GROUND,
    ROLE_SAVED,
    ROLE_STAFF_GROUND, /* the striped header of staff screens */
    ROLE_STAFF_STRIPE,
    ROLE_ON_STAFF,
    ROLE_CODE_GROUND,
    ROLE_CODE_KEYWORD,
    ROLE_CODE_STRING,
    ROLE_CODE_NUMBER,
    ROLE_CODE_COMMENT,
    ROLE_CODE_NAME, /* of what is being defined */
    ROLE_CODE_OPERATOR,
    COLOR_ROLES
};

enum theme_id { THEME_LIGHT, THEME_DARK, THEME_CONTRAST, THEMES };

struct theme {
    const char *name; /* as a ticket writes it: light, dark, contrast */
    color colors[COLOR_ROLES];
    double selected_border_u; /* how thick the border of what is chosen is */
};

const struct theme *theme_get(enum theme_id id);
/* By name; NULL when there is no such theme. */
const struct theme *theme_find(const char *name);
color theme_color(const struct theme *theme, enum color_role role);

/* The contrast ratio of WCAG, 1 to 21. */
double theme_contrast(color a, color b);

#endif
