/* theme.c: the three tables, and how contrast is measured. */
#include "kiosk/ui/theme.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define RGB(hex) (0xff000000u | 0x##hex##u)

static const struct theme
    themes[THEMES] =
        {
            [THEME_LIGHT] =
                {
                    .name = "light",
                    .selected_border_u = 1.5,
                    .colors =
                        {
                            [ROLE_GROUND] = RGB(F6F6F3),
                            [ROLE_SURFACE] = RGB(FFFFFF),
                            [ROLE_INK] = RGB(1B1F24),
                            [ROLE_MUTED] = RGB(56606C),
                            [ROLE_LINE] = RGB(D5DAE0),
                            [ROLE_EDGE] = RGB(7D8793),
                            [ROLE_ACCENT] = RGB(1D5BB8),
                            [ROLE_ON_ACCENT] = RGB(FFFFFF),
                            [ROLE_SELECTED] = RGB(E6EFFC),
                            [ROLE_HOVER] = RGB(F3F6FA),
                            [ROLE_DISABLED] = RGB(8A93A0),
                            [ROLE_CAUTION] = RGB(7A4300),
                            [ROLE_CAUTION_GROUND] = RGB(FFF3DF),
                            [ROLE_DANGER] = RGB(A1211B),
                            [ROLE_DANGER_GROUND] = RGB(FBE9E7),
                            [ROLE_SAVED] = RGB(17663A),
                            [ROLE_STAFF_GROUND] = RGB(2B333D),
                            [ROLE_STAFF_STRIPE] = RGB(353F4B),
                            [ROLE_ON_STAFF] = RGB(FFFFFF),
                            [ROLE_CODE_GROUND] = RGB(F2F4F7),
                            [ROLE_CODE_KEYWORD] = RGB(8A2C8F),
                            [ROLE_CODE_STRING] = RGB(1F6B3A),
                            [ROLE_CODE_NUMBER] = RGB(9A4B00),
                            [ROLE_CODE_COMMENT] = RGB(5C6570),
                            [ROLE_CODE_NAME] = RGB(1D5BB8),
                            [ROLE_CODE_OPERATOR] = RGB(40474F),
                        },
                },
            [THEME_DARK] =
                {
                    .name = "dark",
                    .selected_border_u = 1.5,
                    .colors =
                        {
                            [ROLE_GROUND] = RGB(14171B),
                            [ROLE_SURFACE] = RGB(1D2127),
                            [ROLE_INK] = RGB(E8EAED),
                            [ROLE_MUTED] = RGB(A5AFBA),
                            [ROLE_LINE] = RGB(39414B),
                            [ROLE_EDGE] = RGB(7A8592),
                            [ROLE_ACCENT] = RGB(8AB8FF),
                            [ROLE_ON_ACCENT] = RGB(0B1B33),
                            [ROLE_SELECTED] = RGB(22344F),
                            [ROLE_HOVER] = RGB(252A31),
                            [ROLE_DISABLED] = RGB(6F7985),
                            [ROLE_CAUTION] = RGB(FFC978),
                            [ROLE_CAUTION_GROUND] = RGB(33270F),
                            [ROLE_DANGER] = RGB(FF9C95),
                            [ROLE_DANGER_GROUND] = RGB(3B1A18),
                            [ROLE_SAVED] = RGB(83D6A4),
                            [ROLE_STAFF_GROUND] = RGB(2B333D),
                            [ROLE_STAFF_STRIPE] = RGB(353F4B),
                            [ROLE_ON_STAFF] = RGB(FFFFFF),
                            [ROLE_CODE_GROUND] = RGB(171B20),
                            [ROLE_CODE_KEYWORD] = RGB(D7A6FF),
                            [ROLE_CODE_STRING] = RGB(9BD6A8),
                            [ROLE_CODE_NUMBER] = RGB(FFB877),
                            [ROLE_CODE_COMMENT] = RGB(9AA5B1),
                            [ROLE_CODE_NAME] = RGB(8AB8FF),
                            [ROLE_CODE_OPERATOR] = RGB(C9D1DA),
                        },
                },
            [THEME_CONTRAST] =
                {
                    .name = "contrast",
                    .selected_border_u = 4,
                    .colors =
                        {
                            [ROLE_GROUND] = RGB(000000),
                            [ROLE_SURFACE] = RGB(000000),
                            [ROLE_INK] = RGB(FFFFFF),
                            [ROLE_MUTED] = RGB(FFFFFF),
                            [ROLE_LINE] = RGB(FFFFFF),
                            [ROLE_EDGE] = RGB(FFFFFF),
                            [ROLE_ACCENT] = RGB(FFFF00),
                            [ROLE_ON_ACCENT] = RGB(000000),
                            [ROLE_SELECTED] = RGB(000000),
                            [ROLE_HOVER] = RGB(262626),
                            [ROLE_DISABLED] = RGB(9A9A9A),
                            [ROLE_CAUTION] = RGB(FFFF00),
                            [ROLE_CAUTION_GROUND] = RGB(000000),
                            [ROLE_DANGER] = RGB(FFFFFF),
                            [ROLE_DANGER_GROUND] = RGB(C00000),
                            [ROLE_SAVED] = RGB(FFFFFF),
                            [ROLE_STAFF_GROUND] = RGB(000000),
                            [ROLE_STAFF_STRIPE] = RGB(333333),
                            [ROLE_ON_STAFF] = RGB(FFFFFF),
                            [ROLE_CODE_GROUND] = RGB(000000),
                            [ROLE_CODE_KEYWORD] = RGB(FFA6FF),
                            [ROLE_CODE_STRING] = RGB(8CFF9E),
                            [ROLE_CODE_NUMBER] = RGB(FFC266),
                            [ROLE_CODE_COMMENT] = RGB(D0D0D0),
                            [ROLE_CODE_NAME] = RGB(8FD0FF),
                            [ROLE_CODE_OPERATOR] = RGB(FFFFFF),
                        },
                },
};

const struct theme *theme_get(enum theme_id id)
{
    assert(id < THEMES);
    return &themes[id];
}

const struct theme *theme_find(const char *name)
{
    for (int i = 0; i < THEMES; i++)
        if (strcmp(themes[i].name, name) == 0)
            return &themes[i];
    return NULL;
}

color theme_color(const struct theme *theme, enum color_role role)
{
    assert(role > ROLE_INHERIT && role < COLOR_ROLES);
    return theme->colors[role];
}

/* One channel of sRGB as light (WCAG 2.2, relative luminance). */
static double linear(unsigned channel)
{
    double value = channel / 255.0;

    return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4);
}

static double luminance(color value)
{
    return 0.2126 * linear(value >> 16 & 0xff) + 0.7152 * linear(value >> 8 & 0xff) +
           0.0722 * linear(value & 0xff);
}

double theme_contrast(color a, color b)
{
    double light = luminance(a), dark = luminance(b);

    if (light < dark) {
        double swap = light;
        light = dark;
        dark = swap;
    }
    return (light + 0.05) / (dark + 0.05);
}
