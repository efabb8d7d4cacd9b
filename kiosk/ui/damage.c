/* damage.c: hash the cells, compare, join the different ones into rectangles. */
#include "kiosk/ui/damage.h"

#include "kiosk/ui/hash.h"

#include <stdlib.h>

struct damage {
    uint64_t *last, *next; /* columns × rows each */
    int width, height;     /* of the last frame, pixels */
    int columns, rows;
    bool is_known; /* last says what is on the screen */
};

struct damage *damage_new(void)
{
    return calloc(1, sizeof(struct damage));
}

void damage_free(struct damage *damage)
{
    if (damage == NULL)
        return;
    free(damage->last);
    free(damage->next);
    free(damage);
}

void damage_forget(struct damage *damage)
{
    damage->is_known = false;
}

static bool resize(struct damage *damage, int width, int height)
{
    int columns = (width + DAMAGE_CELL - 1) / DAMAGE_CELL, rows = (height + DAMAGE_CELL - 1) / DAMAGE_CELL;
    size_t cells = (size_t)columns * (size_t)rows;

    if (damage->last != NULL && damage->width == width && damage->height == height)
        return true;
    free(damage->last);
    free(damage->next);
    damage->last = calloc(cells, sizeof *damage->last);
    damage->next = calloc(cells, sizeof *damage->next);
    damage->is_known = false;
    damage->width = width;
    damage->height = height;
    damage->columns = columns;
    damage->rows = rows;
    if (damage->last != NULL && damage->next != NULL)
        return true;
    free(damage->last);
    free(damage->next);
    damage->last = damage->next = NULL;
    return false;
}

/* The fields one by one: padding between them has no value. */
static uint64_t command_hash(
    const struct display_list *list, const struct display_command *command, struct rect clip)
{
    uint64_t hash = hash_number(HASH_START, (uint64_t)command->kind << 32 | (uint64_t)command->icon);

    hash = hash_bytes(hash, &command->rect, sizeof command->rect);
    hash = hash_bytes(hash, &clip, sizeof clip);
    hash = hash_number(hash, (uint64_t)command->fill << 32 | command->line);
    hash = hash_number(hash, (uint64_t)(uint32_t)command->radius << 32 | (uint32_t)command->border);
    if (command->kind != DISPLAY_TEXT)
        return hash;
    hash = hash_number(hash, (uint64_t)command->face << 32 | (uint32_t)command->pixels);
    hash = hash_number(hash, (uint64_t)(uint32_t)command->x << 32 | (uint32_t)command->baseline);
    return hash_bytes(hash, display_get_text(list, command), command->length);
}

static void hash_cells(struct damage *damage, const struct display_list *list)
{
    struct rect screen = {0, 0, damage->width, damage->height};

    for (int i = 0; i < damage->columns * damage->rows; i++)
        damage->next[i] = HASH_START;
    for (size_t i = 0; i < display_count(list); i++) {
        const struct display_command *command = display_get(list, i);
        struct rect clip = rect_intersect(display_clip(list, command), screen);
        struct rect seen = rect_intersect(command->rect, clip);
        uint64_t hash;
        if (rect_is_empty(seen))
            continue;
        hash = command_hash(list, command, clip);
        for (int row = seen.y / DAMAGE_CELL; row <= (seen.y + seen.height - 1) / DAMAGE_CELL; row++)
            for (int column = seen.x / DAMAGE_CELL; column <= (seen.x + seen.width - 1) / DAMAGE_CELL;
                 column++) {
                uint64_t *cell = &damage->next[row * damage->columns + column];
                *cell = hash_number(*cell, hash);
            }
    }
}

static struct rect cells_rect(const struct damage *damage, int column, int row, int columns, int rows)
{
    struct rect rect = {column * DAMAGE_CELL, row * DAMAGE_CELL, columns * DAMAGE_CELL, rows * DAMAGE_CELL};

    return rect_intersect(rect, (struct rect){0, 0, damage->width, damage->height});
}

static struct rect rect_join(struct rect a, struct rect b)
{
    int x = a.x < b.x ? a.x : b.x, y = a.y < b.y ? a.y : b.y;
    int end_x = a.x + a.width > b.x + b.width ? a.x + a.width : b.x + b.width;
    int end_y = a.y + a.height > b.y + b.height ? a.y + a.height : b.y + b.height;

    return (struct rect){x, y, end_x - x, end_y - y};
}

/* A run of cells in one row goes below the rectangle that ends just above it with the same width. */
static size_t add_run(struct rect *rects, size_t count, size_t max, struct rect run)
{
    for (size_t i = 0; i < count; i++)
        if (rects[i].x == run.x && rects[i].width == run.width && rects[i].y + rects[i].height == run.y) {
            rects[i].height += run.height;
            return count;
        }
    if (count == max) {
        rects[max - 1] = rect_join(rects[max - 1], run);
        return max;
    }
    rects[count] = run;
    return count + 1;
}

static bool differs(const struct damage *damage, int column, int row)
{
    int cell = row * damage->columns + column;

    return !damage->is_known || damage->last[cell] != damage->next[cell];
}

static size_t join_cells(const struct damage *damage, struct rect *rects, size_t max)
{
    size_t count = 0;

    for (int row = 0; row < damage->rows; row++)
        for (int column = 0; column < damage->columns; column++) {
            int first = column;
            while (column < damage->columns && differs(damage, column, row))
                column++;
            if (column > first)
                count = add_run(rects, count, max, cells_rect(damage, first, row, column - first, 1));
        }
    return count;
}

size_t damage_find(struct damage *damage, const struct display_list *list, struct rect *rects, size_t max)
{
    int width, height;
    size_t count;
    uint64_t *swap;

    display_size(list, &width, &height);
    if (width <= 0 || height <= 0)
        return 0;
    if (!resize(damage, width, height)) {
        rects[0] = (struct rect){0, 0, width, height};
        return 1;
    }
    hash_cells(damage, list);
    count = join_cells(damage, rects, max);
    swap = damage->last;
    damage->last = damage->next;
    damage->next = swap;
    damage->is_known = true;
    return count;
}
