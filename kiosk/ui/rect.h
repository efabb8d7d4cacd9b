/* rect.h: a rectangle of pixels. x grows from the leading edge, y from the top; what is at x + width is
 * outside. A rectangle without width or height is empty. */
#ifndef CARREL_UI_RECT_H
#define CARREL_UI_RECT_H

#include <stdbool.h>

struct rect {
    int x, y, width, height;
};

static inline bool rect_is_empty(struct rect rect)
{
    return rect.width <= 0 || rect.height <= 0;
}

static inline bool rect_contains(struct rect rect, int x, int y)
{
    return x >= rect.x && y >= rect.y && x < rect.x + rect.width && y < rect.y + rect.height;
}

/* What lies in both; empty when nothing does. */
static inline struct rect rect_intersect(struct rect a, struct rect b)
{
    int x = a.x > b.x ? a.x : b.x;
    int y = a.y > b.y ? a.y : b.y;
    int end_x = a.x + a.width < b.x + b.width ? a.x + a.width : b.x + b.width;
    int end_y = a.y + a.height < b.y + b.height ? a.y + a.height : b.y + b.height;

    if (end_x <= x || end_y <= y)
        return (struct rect){x, y, 0, 0};
    return (struct rect){x, y, end_x - x, end_y - y};
}

/* Moved inwards by `by` on all four sides; a negative number grows it. */
static inline struct rect rect_inset(struct rect rect, int by)
{
    return (struct rect){rect.x + by, rect.y + by, rect.width - 2 * by, rect.height - 2 * by};
}

#endif
