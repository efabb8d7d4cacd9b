/* icon.c: icons as data, and their distance field.
 *
 * Each icon is a few strokes with round ends, outlines to fill, and rings. For every pixel the signed
 * distance to the nearest of them gives the coverage, which is smooth at any size. */
#include "kiosk/ui/icon.h"

#include <math.h>
#include <stddef.h>

#define GRID 24.0
#define MAX_POINTS 8
#define MAX_PARTS 5

enum part_kind { PART_NONE, PART_STROKE, PART_FILL, PART_RING, PART_DISC, PART_HALF };

struct point {
    double x, y;
};

/* A stroke has `width`; a ring and a disc have their centre in points[0] and the radius in points[1].x. */
struct part {
    enum part_kind kind;
    double width;
    int count;
    struct point points[MAX_POINTS];
};

static const struct part icons[ICONS][MAX_PARTS] = {
    [ICON_CHECK] = {{PART_STROKE, 2.8, 3, {{4.5, 12.8}, {9.6, 17.8}, {19.5, 6.6}}}},
    [ICON_CROSS] = {{PART_STROKE, 2.8, 2, {{6, 6}, {18, 18}}}, {PART_STROKE, 2.8, 2, {{18, 6}, {6, 18}}}},
    [ICON_FLAG] = {{PART_STROKE, 2.2, 2, {{6, 3.5}, {6, 21}}},
        {PART_STROKE, 2.2, 5, {{6, 4.6}, {19, 4.6}, {16, 9.3}, {19, 14}, {6, 14}}}},
    [ICON_FLAG_FULL] = {{PART_STROKE, 2.2, 2, {{6, 3.5}, {6, 21}}},
        {PART_STROKE, 2.2, 5, {{6, 4.6}, {19, 4.6}, {16, 9.3}, {19, 14}, {6, 14}}},
        {PART_FILL, 0, 5, {{6, 4.6}, {19, 4.6}, {16, 9.3}, {19, 14}, {6, 14}}}},
    [ICON_BACK] = {{PART_STROKE, 2.4, 3, {{14.5, 6}, {8.5, 12}, {14.5, 18}}}},
    [ICON_FORWARD] = {{PART_STROKE, 2.4, 3, {{9.5, 6}, {15.5, 12}, {9.5, 18}}}},
    [ICON_UP] = {{PART_STROKE, 2.4, 3, {{6, 14.5}, {12, 8.5}, {18, 14.5}}}},
    [ICON_DOWN] = {{PART_STROKE, 2.4, 3, {{6, 9.5}, {12, 15.5}, {18, 9.5}}}},
    [ICON_WARNING] = {{PART_STROKE, 2, 4, {{12, 4}, {21.5, 20}, {2.5, 20}, {12, 4}}},
        {PART_STROKE, 2.2, 2, {{12, 10}, {12, 14}}}, {PART_DISC, 0, 2, {{12, 17.2}, {1.3, 0}}}},
    [ICON_CLOCK] = {{PART_RING, 2.2, 2, {{12, 12}, {9, 0}}},
        {PART_STROKE, 2.2, 3, {{12, 6.8}, {12, 12}, {15.6, 14.2}}}},
    [ICON_PAUSE] = {{PART_STROKE, 3.4, 2, {{8, 6}, {8, 18}}}, {PART_STROKE, 3.4, 2, {{16, 6}, {16, 18}}}},
    [ICON_HAND] = {{PART_STROKE, 2.6, 2, {{8, 12}, {8, 6}}}, {PART_STROKE, 2.6, 2, {{11.4, 11}, {11.4, 4}}},
        {PART_STROKE, 2.6, 2, {{14.8, 11}, {14.8, 5}}},
        {PART_STROKE, 2.6, 6, {{18, 8}, {18, 16}, {15.5, 20.5}, {10, 20.5}, {4.5, 13.5}, {8, 15.5}}},
        {PART_FILL, 0, 5, {{7, 11}, {18, 11}, {18, 16}, {15.5, 20.5}, {10, 20.5}}}},
    [ICON_CORNER] = {{PART_FILL, 0, 3, {{0, 0}, {24, 0}, {24, 24}}}},
    [ICON_TEXT_SIZE] = {{PART_STROKE, 2.2, 3, {{2.5, 19}, {8.5, 5}, {14.5, 19}}},
        {PART_STROKE, 2, 2, {{4.8, 14.5}, {12.2, 14.5}}},
        {PART_STROKE, 1.9, 3, {{14.8, 19}, {18.6, 10.5}, {22.4, 19}}},
        {PART_STROKE, 1.7, 2, {{16.2, 16.2}, {21, 16.2}}}},
    [ICON_CONTRAST] = {{PART_RING, 2.2, 2, {{12, 12}, {9, 0}}}, {PART_HALF, 0, 2, {{12, 12}, {9, 0}}}},
    [ICON_HELP] = {{PART_RING, 2, 2, {{12, 12}, {9.4, 0}}},
        {PART_STROKE, 2, 6, {{9, 9.6}, {9.8, 7.6}, {12, 6.8}, {14.6, 8}, {14.2, 10.6}, {12, 13.4}}},
        {PART_DISC, 0, 2, {{12, 16.8}, {1.3, 0}}}},
    [ICON_LIST] = {{PART_STROKE, 2.2, 2, {{4, 6.5}, {20, 6.5}}}, {PART_STROKE, 2.2, 2, {{4, 12}, {20, 12}}},
        {PART_STROKE, 2.2, 2, {{4, 17.5}, {20, 17.5}}}},
};

static double to_segment(struct point p, struct point a, struct point b)
{
    double dx = b.x - a.x, dy = b.y - a.y;
    double along = ((p.x - a.x) * dx + (p.y - a.y) * dy) / (dx * dx + dy * dy);

    along = along < 0 ? 0 : along > 1 ? 1 : along;
    return hypot(p.x - a.x - along * dx, p.y - a.y - along * dy);
}

static double to_line(struct point p, const struct part *part, bool is_closed)
{
    double least = INFINITY;

    for (int i = 0; i + 1 < part->count; i++)
        least = fmin(least, to_segment(p, part->points[i], part->points[i + 1]));
    if (is_closed)
        least = fmin(least, to_segment(p, part->points[part->count - 1], part->points[0]));
    return least;
}

static bool is_inside(struct point p, const struct part *part)
{
    bool inside = false;

    for (int i = 0, j = part->count - 1; i < part->count; j = i++) {
        struct point a = part->points[i], b = part->points[j];
        if ((a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x)
            inside = !inside;
    }
    return inside;
}

/* Negative inside. */
static double distance(struct point p, const struct part *part)
{
    double from_center = hypot(p.x - part->points[0].x, p.y - part->points[0].y);
    double radius = part->points[1].x;

    switch (part->kind) {
    case PART_STROKE: return to_line(p, part, false) - part->width / 2;
    case PART_FILL: return is_inside(p, part) ? -to_line(p, part, true) : to_line(p, part, true);
    case PART_RING: return fabs(from_center - radius) - part->width / 2;
    case PART_DISC: return from_center - radius;
    case PART_HALF: return fmax(from_center - radius, part->points[0].x - p.x);
    case PART_NONE: break;
    }
    return INFINITY;
}

void icon_render(enum icon icon, int size, uint8_t *coverage)
{
    double scale = size / GRID;

    for (int y = 0; y < size; y++)
        for (int x = 0; x < size; x++) {
            struct point p = {(x + 0.5) / scale, (y + 0.5) / scale};
            double least = INFINITY, cover;
            for (int i = 0; i < MAX_PARTS; i++)
                least = fmin(least, distance(p, &icons[icon][i]));
            cover = 0.5 - least * scale;
            cover = cover < 0 ? 0 : cover > 1 ? 1 : cover;
            coverage[y * size + x] = (uint8_t)lround(cover * 255);
        }
}
