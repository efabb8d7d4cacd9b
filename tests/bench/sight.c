#include "tests/bench/sight.h"

#define PICTURES 400u
#define TEXT_PIXELS_MIN 300u /* less is a cursor or a border */

enum { TEXT_DISTANCE = 64, SAME_DISTANCE = 24 };

struct picture {
    uint8_t *brightness;
    int64_t taken_us;
};

struct sight {
    struct area area;
    size_t pixel_count, count;
    uint32_t *pixels;
    struct picture pictures[PICTURES];
};

struct sight *sight_new(struct area area, struct error *err)
{
    struct sight *sight = calloc(1, sizeof *sight);
    if (sight != NULL) {
        sight->area = area;
        sight->pixel_count = (size_t)area.width * (size_t)area.height;
        sight->pixels = calloc(sight->pixel_count, sizeof *sight->pixels);
    }
    if (sight != NULL && sight->pixels != NULL)
        return sight;
    sight_free(sight);
    error_set(err, ERROR_NOMEM, "out of memory");
    return NULL;
}

void sight_free(struct sight *sight)
{
    if (sight == NULL)
        return;
    for (size_t i = 0; i < sight->count; i++)
        free(sight->pictures[i].brightness);
    free(sight->pixels);
    free(sight);
}

static uint8_t brightness_of(uint32_t pixel)
{
    return (uint8_t)(((pixel >> 16 & 255) * 77 + (pixel >> 8 & 255) * 151 + (pixel & 255) * 28) >> 8);
}

bool sight_take(struct sight *sight, struct screen *screen, struct error *err)
{
    if (sight->count == PICTURES)
        free(sight->pictures[--sight->count].brightness);
    struct picture *picture = &sight->pictures[sight->count];
    picture->brightness = malloc(sight->pixel_count);
    if (picture->brightness == NULL)
        return error_set(err, ERROR_NOMEM, "out of memory");
    sight->count++;
    screen_look(screen, sight->area, sight->pixels);
    picture->taken_us = screen_now_us();
    for (size_t i = 0; i < sight->pixel_count; i++)
        picture->brightness[i] = brightness_of(sight->pixels[i]);
    return true;
}

size_t sight_count(const struct sight *sight)
{
    return sight->count;
}

/* --- judging
 * ------------------------------------------------------------------------------------------------------ */

static int distance(uint8_t a, uint8_t b)
{
    return a > b ? a - b : b - a;
}

static uint8_t ground_of(const struct sight *sight, const struct picture *picture)
{
    size_t counts[256] = {0};
    uint8_t ground = 0;
    for (size_t i = 0; i < sight->pixel_count; i++)
        counts[picture->brightness[i]]++;
    for (int value = 0; value < 256; value++)
        if (counts[value] > counts[ground])
            ground = (uint8_t)value;
    return ground;
}

static size_t count_text(const struct sight *sight, const struct picture *picture, uint8_t ground)
{
    size_t count = 0;
    for (size_t i = 0; i < sight->pixel_count; i++)
        count += distance(picture->brightness[i], ground) > TEXT_DISTANCE;
    return count;
}

bool sight_has_text(const struct sight *sight)
{
    if (sight->count == 0)
        return false;
    const struct picture *last = &sight->pictures[sight->count - 1];
    const size_t text = count_text(sight, last, ground_of(sight, last));
    return text > TEXT_PIXELS_MIN && text < sight->pixel_count / 4;
}

static bool shows_text(
    const struct sight *sight, const struct picture *picture, const struct picture *last, uint8_t ground)
{
    size_t text = 0, same_text = 0, same_ground = 0;
    for (size_t i = 0; i < sight->pixel_count; i++) {
        const bool is_text = distance(last->brightness[i], ground) > TEXT_DISTANCE;
        const bool is_same = distance(last->brightness[i], picture->brightness[i]) <= SAME_DISTANCE;
        text += is_text;
        same_text += is_text && is_same;
        same_ground += !is_text && is_same;
    }
    return same_text * 2 >= text && same_ground * 10 >= (sight->pixel_count - text) * 9;
}

int64_t sight_text_us(const struct sight *sight)
{
    if (!sight_has_text(sight))
        return -1;
    const struct picture *last = &sight->pictures[sight->count - 1];
    const uint8_t ground = ground_of(sight, last);
    for (size_t i = 0; i < sight->count; i++)
        if (shows_text(sight, &sight->pictures[i], last, ground))
            return sight->pictures[i].taken_us;
    return -1;
}
