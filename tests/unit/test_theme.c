/* Every colour that is read is far enough from every ground it is read on. */
#include "kiosk/ui/theme.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define TEXT 4.5 /* WCAG 1.4.3 */
#define MARK 3.0 /* large text, and what is no text: WCAG 1.4.3, 1.4.11 */

struct pair {
    enum color_role ink, ground;
    double least;
};

static const struct pair pairs[] = {
    {ROLE_INK, ROLE_GROUND, TEXT},
    {ROLE_INK, ROLE_SURFACE, TEXT},
    {ROLE_INK, ROLE_SELECTED, TEXT},
    {ROLE_INK, ROLE_HOVER, TEXT},
    {ROLE_INK, ROLE_CODE_GROUND, TEXT},
    {ROLE_INK, ROLE_CAUTION_GROUND, TEXT},
    {ROLE_INK, ROLE_DANGER_GROUND, TEXT},
    {ROLE_MUTED, ROLE_GROUND, TEXT},
    {ROLE_MUTED, ROLE_SURFACE, TEXT},
    {ROLE_MUTED, ROLE_SELECTED, TEXT},
    {ROLE_MUTED, ROLE_HOVER, TEXT},
    {ROLE_MUTED, ROLE_CODE_GROUND, TEXT},
    {ROLE_EDGE, ROLE_GROUND, MARK},
    {ROLE_EDGE, ROLE_SURFACE, MARK},
    {ROLE_EDGE, ROLE_CODE_GROUND, MARK},
    {ROLE_DISABLED, ROLE_GROUND, 2.5}, /* WCAG asks nothing of it; it is still to be read */
    {ROLE_ACCENT, ROLE_GROUND, TEXT},
    {ROLE_ACCENT, ROLE_SURFACE, TEXT},
    {ROLE_ACCENT, ROLE_SELECTED, TEXT},
    {ROLE_ON_ACCENT, ROLE_ACCENT, TEXT},
    {ROLE_CAUTION, ROLE_GROUND, TEXT},
    {ROLE_CAUTION, ROLE_SURFACE, TEXT},
    {ROLE_CAUTION, ROLE_SELECTED, TEXT},
    {ROLE_CAUTION, ROLE_HOVER, TEXT},
    {ROLE_CAUTION, ROLE_CAUTION_GROUND, TEXT},
    {ROLE_DANGER, ROLE_GROUND, TEXT},
    {ROLE_DANGER, ROLE_SURFACE, TEXT},
    {ROLE_DANGER, ROLE_SELECTED, TEXT},
    {ROLE_DANGER, ROLE_HOVER, TEXT},
    {ROLE_DANGER, ROLE_DANGER_GROUND, TEXT},
    {ROLE_SAVED, ROLE_GROUND, TEXT},
    {ROLE_SAVED, ROLE_SURFACE, TEXT},
    {ROLE_SAVED, ROLE_SELECTED, TEXT},
    {ROLE_ON_STAFF, ROLE_STAFF_GROUND, TEXT},
    {ROLE_ON_STAFF, ROLE_STAFF_STRIPE, TEXT},
    {ROLE_CODE_KEYWORD, ROLE_CODE_GROUND, TEXT},
    {ROLE_CODE_STRING, ROLE_CODE_GROUND, TEXT},
    {ROLE_CODE_NUMBER, ROLE_CODE_GROUND, TEXT},
    {ROLE_CODE_COMMENT, ROLE_CODE_GROUND, TEXT},
    {ROLE_CODE_NAME, ROLE_CODE_GROUND, TEXT},
    {ROLE_CODE_OPERATOR, ROLE_CODE_GROUND, TEXT},
};

static void theme_keeps_contrast_on_every_ground(void **state)
{
    (void)state;
    for (int id = 0; id < THEMES; id++) {
        const struct theme *theme = theme_get((enum theme_id)id);
        for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
            double ratio =
                theme_contrast(theme_color(theme, pairs[i].ink), theme_color(theme, pairs[i].ground));
            if (ratio < pairs[i].least)
                fail_msg("%s: role %d on %d: %.2f, below %.1f", theme->name, (int)pairs[i].ink,
                    (int)pairs[i].ground, ratio, pairs[i].least);
        }
    }
}

static void theme_names_every_role(void **state)
{
    (void)state;
    for (int id = 0; id < THEMES; id++)
        for (int role = ROLE_INHERIT + 1; role < COLOR_ROLES; role++)
            assert_int_not_equal(
                theme_color(theme_get((enum theme_id)id), (enum color_role)role), COLOR_NONE);
}

static void theme_contrast_is_that_of_wcag(void **state)
{
    (void)state;
    assert_float_equal(theme_contrast(0xff000000, 0xffffffff), 21.0, 0.001);
    assert_float_equal(theme_contrast(0xff777777, 0xffffffff), 4.478, 0.001);
    assert_float_equal(theme_contrast(0xffffffff, 0xff777777), 4.478, 0.001);
}

static void theme_is_found_by_name_only(void **state)
{
    (void)state;
    assert_ptr_equal(theme_find("contrast"), theme_get(THEME_CONTRAST));
    assert_null(theme_find("Light"));
    assert_null(theme_find(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(theme_keeps_contrast_on_every_ground),
        cmocka_unit_test(theme_names_every_role),
        cmocka_unit_test(theme_contrast_is_that_of_wcag),
        cmocka_unit_test(theme_is_found_by_name_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
