/* shape.c: a small table of masks; there are few sizes on a screen. When it is full it starts anew. */
#include "kiosk/ui/shape.h"

#include "kiosk/ui/icon.h"

#include <stdlib.h>

#define MAX_SHAPES 64
#define SAMPLES 8 /* across a pixel, each way */

struct shape {
    enum icon icon; /* ICON_NONE: a corner */
    int size;
    int border; /* of a ring; 0: a disc */
    uint8_t *coverage;
};

struct shapes {
    struct shape items[MAX_SHAPES];
    size_t count;
};

struct shapes *shapes_new(void)
{
    return calloc(1, sizeof(struct shapes));
}

static void forget_all(struct shapes *shapes)
{
    while (shapes->count > 0)
        free(shapes->items[--shapes->count].coverage);
}

void shapes_free(struct shapes *shapes)
{
    if (shapes == NULL)
        return;
    forget_all(shapes);
    free(shapes);
}

/* How much of pixel (x, y) lies within `radius` of the square's far corner, and outside `hole`. */
static uint8_t corner_pixel(int x, int y, int radius, int hole)
{
    int inside = 0;

    for (int i = 0; i < SAMPLES; i++)
        for (int j = 0; j < SAMPLES; j++) {
            double dx = radius - x - (i + 0.5) / SAMPLES;
            double dy = radius - y - (j + 0.5) / SAMPLES;
            double square = dx * dx + dy * dy;
            inside += square <= (double)radius * radius && square >= (double)hole * hole;
        }
    return (uint8_t)(inside * 255 / (SAMPLES * SAMPLES));
}

static void corner_render(int radius, int border, uint8_t *coverage)
{
    int hole = border > 0 && border < radius ? radius - border : 0;

    for (int y = 0; y < radius; y++)
        for (int x = 0; x < radius; x++)
            coverage[y * radius + x] = corner_pixel(x, y, radius, hole);
}

static const uint8_t *get(struct shapes *shapes, enum icon icon, int size, int border)
{
    uint8_t *coverage;

    if (size <= 0 || size > SHAPE_MAX_PIXELS)
        return NULL;
    for (size_t i = 0; i < shapes->count; i++)
        if (shapes->items[i].icon == icon && shapes->items[i].size == size &&
            shapes->items[i].border == border)
            return shapes->items[i].coverage;
    coverage = malloc((size_t)size * (size_t)size);
    if (coverage == NULL)
        return NULL;
    if (icon == ICON_NONE)
        corner_render(size, border, coverage);
    else
        icon_render(icon, size, coverage);
    if (shapes->count == MAX_SHAPES)
        forget_all(shapes);
    shapes->items[shapes->count++] = (struct shape){icon, size, border, coverage};
    return coverage;
}

const uint8_t *shapes_corner(struct shapes *shapes, int radius, int border)
{
    return get(shapes, ICON_NONE, radius, border);
}

const uint8_t *shapes_icon(struct shapes *shapes, enum icon icon, int size)
{
    return icon == ICON_NONE ? NULL : get(shapes, icon, size, 0);
}
