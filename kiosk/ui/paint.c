/* paint.c: executes the commands that touch a damaged rectangle. */
#include "kiosk/ui/paint.h"

#include "kiosk/ui/canvas.h"
#include "kiosk/ui/damage.h"
#include "kiosk/ui/shape.h"

#include <stdlib.h>

struct painter {
    struct fonts *fonts;
    struct shapes *shapes;
    struct damage *damage;
};

struct painter *painter_new(struct fonts *fonts)
{
    struct painter *painter = calloc(1, sizeof *painter);

    if (painter == NULL)
        return NULL;
    painter->fonts = fonts;
    painter->shapes = shapes_new();
    painter->damage = damage_new();
    if (painter->shapes != NULL && painter->damage != NULL)
        return painter;
    painter_free(painter);
    return NULL;
}

void painter_free(struct painter *painter)
{
    if (painter == NULL)
        return;
    shapes_free(painter->shapes);
    damage_free(painter->damage);
    free(painter);
}

void painter_forget(struct painter *painter)
{
    damage_forget(painter->damage);
}

/* Where one piece of work paints: the canvas, and the damaged part of it within the command's clip. */
struct target {
    struct canvas canvas;
    struct rect clip;
};

/* A quarter disc or quarter ring in each corner. */
static void paint_corners(
    const struct target *target, struct rect rect, int radius, const uint8_t *coverage, color ink)
{
    for (int i = 0; i < 4; i++) {
        struct canvas_mask mask = {.coverage = coverage,
            .x = i & 1 ? rect.x + rect.width - radius : rect.x,
            .y = i & 2 ? rect.y + rect.height - radius : rect.y,
            .width = radius,
            .height = radius,
            .pitch = radius,
            .flips_x = i & 1,
            .flips_y = i & 2};
        canvas_mask(target->canvas, target->clip, &mask, ink);
    }
}

static void paint_fill(const struct target *target, int x, int y, int width, int height, color ink)
{
    canvas_fill(target->canvas, target->clip, (struct rect){x, y, width, height}, ink);
}

static int bounded_radius(struct rect rect, int radius)
{
    int most = (rect.width < rect.height ? rect.width : rect.height) / 2;

    return radius < most ? radius : most;
}

static void paint_solid(
    struct painter *painter, const struct target *target, struct rect rect, int radius, color ink)
{
    const uint8_t *corner;

    radius = bounded_radius(rect, radius);
    corner = shapes_corner(painter->shapes, radius, 0);
    if (corner == NULL)
        radius = 0;
    else
        paint_corners(target, rect, radius, corner, ink);
    paint_fill(target, rect.x + radius, rect.y, rect.width - 2 * radius, radius, ink);
    paint_fill(target, rect.x, rect.y + radius, rect.width, rect.height - 2 * radius, ink);
    paint_fill(target, rect.x + radius, rect.y + rect.height - radius, rect.width - 2 * radius, radius, ink);
}

static void paint_border(
    struct painter *painter, const struct target *target, struct rect rect, int radius, int border, color ink)
{
    int end_x = rect.x + rect.width, end_y = rect.y + rect.height;
    const uint8_t *corner;

    radius = bounded_radius(rect, radius > border || radius == 0 ? radius : border);
    corner = shapes_corner(painter->shapes, radius, border);
    if (corner == NULL)
        radius = 0;
    else
        paint_corners(target, rect, radius, corner, ink);
    paint_fill(target, rect.x + radius, rect.y, rect.width - 2 * radius, border, ink);
    paint_fill(target, rect.x + radius, end_y - border, rect.width - 2 * radius, border, ink);
    paint_fill(target, rect.x, rect.y + radius, border, rect.height - 2 * radius, ink);
    paint_fill(target, end_x - border, rect.y + radius, border, rect.height - 2 * radius, ink);
}

/* The filling reaches half under the border, so that no ground shines through where the two meet. */
static void paint_box(
    struct painter *painter, const struct target *target, const struct display_command *command)
{
    int under = command->border / 2;

    if (command->fill != COLOR_NONE)
        paint_solid(painter, target, rect_inset(command->rect, under),
            command->radius > under ? command->radius - under : 0, command->fill);
    if (command->border > 0 && command->line != COLOR_NONE)
        paint_border(painter, target, command->rect, command->radius, command->border, command->line);
}

static void paint_text(struct painter *painter, const struct target *target, const struct display_list *list,
    const struct display_command *command)
{
    struct mask made = fonts_mask(
        painter->fonts, command->face, command->pixels, display_get_text(list, command), command->length);
    struct canvas_mask mask = {.coverage = made.coverage,
        .x = command->x + made.offset_x,
        .y = command->baseline + made.offset_y,
        .width = made.width,
        .height = made.height,
        .pitch = made.pitch};

    if (made.coverage != NULL)
        canvas_mask(target->canvas, target->clip, &mask, command->fill);
}

static void paint_icon(
    struct painter *painter, const struct target *target, const struct display_command *command)
{
    int size = command->rect.width;
    struct canvas_mask mask = {.coverage = shapes_icon(painter->shapes, command->icon, size),
        .x = command->rect.x,
        .y = command->rect.y,
        .width = size,
        .height = size,
        .pitch = size};

    if (mask.coverage != NULL)
        canvas_mask(target->canvas, target->clip, &mask, command->fill);
}

static void paint_command(struct painter *painter, const struct target *target,
    const struct display_list *list, const struct display_command *command)
{
    switch (command->kind) {
    case DISPLAY_BOX: paint_box(painter, target, command); break;
    case DISPLAY_TEXT: paint_text(painter, target, list, command); break;
    case DISPLAY_ICON: paint_icon(painter, target, command); break;
    case DISPLAY_STRIPES:
        canvas_stripes(
            target->canvas, target->clip, command->rect, command->radius, command->fill, command->line);
        break;
    }
}

size_t painter_changes(
    struct painter *painter, const struct display_list *list, struct rect changed[PAINT_MAX_RECTS])
{
    return damage_find(painter->damage, list, changed, PAINT_MAX_RECTS);
}

void painter_paint_part(
    struct painter *painter, const struct display_list *list, struct canvas canvas, struct rect part)
{
    part = rect_intersect(part, (struct rect){0, 0, canvas.width, canvas.height});
    for (size_t i = 0; i < display_count(list); i++) {
        const struct display_command *command = display_get(list, i);
        struct rect seen = rect_intersect(command->rect, part);
        struct target target = {canvas, seen};
        if (rect_is_empty(seen))
            continue;
        target.clip = rect_intersect(seen, display_clip(list, command));
        if (!rect_is_empty(target.clip))
            paint_command(painter, &target, list, command);
    }
}

size_t painter_paint(struct painter *painter, const struct display_list *list, struct canvas canvas,
    struct rect changed[PAINT_MAX_RECTS])
{
    size_t count = painter_changes(painter, list, changed);

    for (size_t i = 0; i < count; i++)
        painter_paint_part(painter, list, canvas, changed[i]);
    return count;
}
