/* display_dump.c: a display list as text, one line a command, for people and golden tests. */
#include "kiosk/ui/display.h"

static const char *const role_names[COLOR_ROLES] = {
    [ROLE_INHERIT] = "inherit",
    [ROLE_GROUND] = "ground",
    [ROLE_SURFACE] = "surface",
    [ROLE_INK] = "ink",
    [ROLE_MUTED] = "muted",
    [ROLE_LINE] = "line",
    [ROLE_EDGE] = "edge",
    [ROLE_ACCENT] = "accent",
    [ROLE_ON_ACCENT] = "on-accent",
    [ROLE_SELECTED] = "selected",
    [ROLE_HOVER] = "hover",
    [ROLE_DISABLED] = "disabled",
    [ROLE_CAUTION] = "caution",
    [ROLE_CAUTION_GROUND] = "caution-ground",
    [ROLE_DANGER] = "danger",
    [ROLE_DANGER_GROUND] = "danger-ground",
    [ROLE_SAVED] = "saved",
    [ROLE_STAFF_GROUND] = "staff-ground",
    [ROLE_STAFF_STRIPE] = "staff-stripe",
    [ROLE_ON_STAFF] = "on-staff",
    [ROLE_CODE_GROUND] = "code-ground",
    [ROLE_CODE_KEYWORD] = "code-keyword",
    [ROLE_CODE_STRING] = "code-string",
    [ROLE_CODE_NUMBER] = "code-number",
    [ROLE_CODE_COMMENT] = "code-comment",
    [ROLE_CODE_NAME] = "code-name",
    [ROLE_CODE_OPERATOR] = "code-operator",
};

static const char *const icon_names[ICONS] = {
    [ICON_NONE] = "none",
    [ICON_CHECK] = "check",
    [ICON_CROSS] = "cross",
    [ICON_FLAG] = "flag",
    [ICON_FLAG_FULL] = "flag-full",
    [ICON_BACK] = "back",
    [ICON_FORWARD] = "forward",
    [ICON_UP] = "up",
    [ICON_DOWN] = "down",
    [ICON_WARNING] = "warning",
    [ICON_CLOCK] = "clock",
    [ICON_PAUSE] = "pause",
    [ICON_HAND] = "hand",
    [ICON_CORNER] = "corner",
    [ICON_TEXT_SIZE] = "text-size",
    [ICON_CONTRAST] = "contrast",
    [ICON_HELP] = "help",
    [ICON_LIST] = "list",
};

static const char *const face_names[FACES] = {
    [FACE_TEXT] = "text",
    [FACE_STRONG] = "strong",
    [FACE_EMPHASIS] = "emphasis",
    [FACE_CODE] = "code",
    [FACE_CODE_STRONG] = "code-strong",
    [FACE_CODE_EMPHASIS] = "code-emphasis",
};

/* The first role with this colour: themes share colours between roles, a dump then names the first. */
static const char *role_of(const struct theme *theme, color value)
{
    if (value == COLOR_NONE)
        return "none";
    for (int role = ROLE_INHERIT + 1; role < COLOR_ROLES; role++)
        if (theme->colors[role] == value)
            return role_names[role];
    return "other";
}

static void dump_box(const struct display_command *command, const struct theme *theme, struct buffer *out)
{
    if (command->fill != COLOR_NONE)
        buffer_addf(out, " fill %s", role_of(theme, command->fill));
    if (command->border > 0)
        buffer_addf(out, " border %d %s", command->border, role_of(theme, command->line));
    if (command->radius > 0)
        buffer_addf(out, " radius %d", command->radius);
}

static void dump_text(const struct display_list *list, const struct display_command *command,
    const struct theme *theme, struct buffer *out)
{
    const char *face = face_names[command->face];

    buffer_addf(out, " %s %d %s \"%.*s\"", face != NULL ? face : "fallback", command->pixels,
        role_of(theme, command->fill), (int)command->length, display_get_text(list, command));
}

bool display_dump(const struct display_list *list, const struct theme *theme, struct buffer *out)
{
    static const char *const kinds[] = {[DISPLAY_BOX] = "box",
        [DISPLAY_TEXT] = "text",
        [DISPLAY_ICON] = "icon",
        [DISPLAY_STRIPES] = "stripes"};

    for (size_t i = 0; i < display_count(list); i++) {
        const struct display_command *command = display_get(list, i);
        struct rect rect = command->rect;
        if (command->kind == DISPLAY_TEXT)
            buffer_addf(out, "text %d,%d", command->x, command->baseline);
        else
            buffer_addf(out, "%s %d,%d %dx%d", kinds[command->kind], rect.x, rect.y, rect.width, rect.height);
        if (command->kind == DISPLAY_BOX)
            dump_box(command, theme, out);
        else if (command->kind == DISPLAY_TEXT)
            dump_text(list, command, theme, out);
        else if (command->kind == DISPLAY_ICON)
            buffer_addf(out, " %s %s", icon_names[command->icon], role_of(theme, command->fill));
        if (rect_is_empty(rect_intersect(rect, display_clip(list, command))))
            buffer_add_text(out, " (outside)");
        buffer_add_text(out, "\n");
    }
    return !out->failed;
}
