/* canvas.c: the innermost loops. */
#include "kiosk/ui/canvas.h"

#include <math.h>
#include <stdlib.h>

static uint32_t *row_of(struct canvas canvas, int y)
{
    return canvas.pixels + (ptrdiff_t)y * canvas.pitch;
}

void canvas_fill(struct canvas canvas, struct rect clip, struct rect rect, color ink)
{
    rect = rect_intersect(rect, clip);
    for (int y = 0; y < rect.height; y++) {
        uint32_t *pixel = row_of(canvas, rect.y + y) + rect.x;
        for (int x = 0; x < rect.width; x++)
            pixel[x] = ink;
    }
}

/* Red and blue in one multiplication, green in another; cover is 0 to 255, scaled to 0 to 256 so that full
 * coverage is exact. */
static uint32_t blend(uint32_t ground, uint32_t ink, uint32_t cover)
{
    uint32_t part = cover + (cover >> 7);
    uint32_t red_blue = ground & 0xff00ff, green = ground & 0x00ff00;

    red_blue += (((ink & 0xff00ff) - red_blue) * part) >> 8;
    green += (((ink & 0x00ff00) - green) * part) >> 8;
    return 0xff000000u | (red_blue & 0xff00ff) | (green & 0x00ff00);
}

static void mask_row(uint32_t *pixel, const uint8_t *cover, int step, int count, color ink)
{
    for (int x = 0; x < count; x++, cover += step) {
        if (*cover == 255)
            pixel[x] = ink;
        else if (*cover != 0)
            pixel[x] = blend(pixel[x], ink, *cover);
    }
}

void canvas_mask(struct canvas canvas, struct rect clip, const struct canvas_mask *mask, color ink)
{
    struct rect rect = rect_intersect((struct rect){mask->x, mask->y, mask->width, mask->height}, clip);
    int from_x = rect.x - mask->x;

    if (mask->flips_x)
        from_x = mask->width - 1 - from_x;
    for (int y = rect.y; y < rect.y + rect.height; y++) {
        int from_y = mask->flips_y ? mask->height - 1 - (y - mask->y) : y - mask->y;
        mask_row(row_of(canvas, y) + rect.x, mask->coverage + (ptrdiff_t)from_y * mask->pitch + from_x,
            mask->flips_x ? -1 : 1, rect.width, ink);
    }
}

/* The colour at a place along the row: the even band, then the odd one, with soft borders. */
static color stripe_color(int at, int period, color even, color odd)
{
    double away = fabs(at + 0.5 - period * 0.75); /* from the middle of the odd band */
    double inside = period / 4.0 - fmin(away, period - away);
    double cover = 0.5 + inside / M_SQRT2;

    cover = cover < 0 ? 0 : cover > 1 ? 1 : cover;
    return blend(even, odd, (uint32_t)lround(cover * 255));
}

void canvas_stripes(struct canvas canvas, struct rect clip, struct rect rect, int step, color even, color odd)
{
    int period = (int)lround(2 * step * M_SQRT2);
    struct rect area = rect_intersect(rect, clip);
    color *table = period > 0 ? malloc((size_t)period * sizeof *table) : NULL;

    if (table == NULL) {
        canvas_fill(canvas, clip, rect, even);
        return;
    }
    for (int i = 0; i < period; i++)
        table[i] = stripe_color(i, period, even, odd);
    for (int y = area.y; y < area.y + area.height; y++) {
        uint32_t *pixel = row_of(canvas, y);
        int at = (area.x - rect.x + y - rect.y) % period;
        for (int x = area.x; x < area.x + area.width; x++) {
            pixel[x] = table[at];
            at = at + 1 == period ? 0 : at + 1;
        }
    }
    free(table);
}
