/* display.c: the list is an array of commands, an array of nested clips, and one buffer for all text. */
#include "kiosk/ui/display.h"

#include <assert.h>
#include <stdlib.h>

#define MAX_CLIPS 2000u
#define MAX_TEXT (2u << 20)
#define MAX_DEPTH 32

struct clip {
    struct rect rect; /* as pushed */
    uint32_t parent;  /* index; the first is its own */
};

struct display_list {
    struct display_command *commands;
    size_t count, capacity;
    struct clip *clips;
    size_t clip_count, clip_capacity;
    uint32_t stack[MAX_DEPTH];
    size_t depth;
    struct buffer text;
    int width, height;
    bool is_incomplete;
};

struct display_list *display_new(void)
{
    struct display_list *list = calloc(1, sizeof *list);

    if (list == NULL)
        return NULL;
    list->text.max = MAX_TEXT;
    display_clear(list, 0, 0);
    return list;
}

void display_free(struct display_list *list)
{
    if (list == NULL)
        return;
    free(list->commands);
    free(list->clips);
    buffer_release(&list->text);
    free(list);
}

/* Room for one more of an array that doubles up to max. */
static bool reserve(void **items, size_t *capacity, size_t count, size_t max, size_t size)
{
    size_t wanted = *capacity == 0 ? 64 : *capacity * 2;
    void *grown;

    if (count < *capacity)
        return true;
    if (count >= max)
        return false;
    grown = realloc(*items, (wanted < max ? wanted : max) * size);
    if (grown == NULL)
        return false;
    *items = grown;
    *capacity = wanted < max ? wanted : max;
    return true;
}

static bool add_clip(struct display_list *list, struct rect rect, uint32_t parent)
{
    void *items = list->clips;
    bool ok = reserve(&items, &list->clip_capacity, list->clip_count, MAX_CLIPS, sizeof *list->clips);

    list->clips = items;
    if (!ok) {
        list->is_incomplete = true;
        return false;
    }
    list->clips[list->clip_count++] = (struct clip){rect, parent};
    return true;
}

void display_clear(struct display_list *list, int width, int height)
{
    list->count = 0;
    list->clip_count = 0;
    list->depth = 0;
    list->width = width;
    list->height = height;
    list->is_incomplete = false;
    buffer_clear(&list->text);
    if (add_clip(list, (struct rect){0, 0, width, height}, 0))
        list->stack[list->depth++] = 0;
}

bool display_is_complete(const struct display_list *list)
{
    return !list->is_incomplete && !list->text.failed;
}

static void add(struct display_list *list, const struct display_command *command)
{
    void *items = list->commands;
    bool ok = reserve(&items, &list->capacity, list->count, DISPLAY_MAX_COMMANDS, sizeof *list->commands);

    list->commands = items;
    if (!ok || list->depth == 0) {
        list->is_incomplete = true;
        return;
    }
    list->commands[list->count] = *command;
    list->commands[list->count++].clip = list->stack[list->depth - 1];
}

void display_box(struct display_list *list, struct rect rect, int radius, color fill, int border, color line)
{
    add(list, &(struct display_command){.kind = DISPLAY_BOX,
                  .rect = rect,
                  .radius = radius,
                  .fill = fill,
                  .border = border,
                  .line = line});
}

void display_fill(struct display_list *list, struct rect rect, color fill)
{
    display_box(list, rect, 0, fill, 0, COLOR_NONE);
}

void display_icon(struct display_list *list, struct rect rect, enum icon icon, color ink)
{
    if (icon != ICON_NONE)
        add(list, &(struct display_command){.kind = DISPLAY_ICON, .rect = rect, .icon = icon, .fill = ink});
}

void display_stripes(struct display_list *list, struct rect rect, int step, color even, color odd)
{
    add(list, &(struct display_command){
                  .kind = DISPLAY_STRIPES, .rect = rect, .radius = step, .fill = even, .line = odd});
}

void display_text(struct display_list *list, struct rect rect, enum font_face face, int pixels, int x,
    int baseline, color ink, const char *text, size_t length)
{
    struct display_command command = {.kind = DISPLAY_TEXT,
        .rect = rect,
        .face = face,
        .pixels = pixels,
        .x = x,
        .baseline = baseline,
        .fill = ink,
        .text = (uint32_t)list->text.len,
        .length = (uint32_t)length};

    if (length > 0 && buffer_add(&list->text, text, length))
        add(list, &command);
}

void display_clip_push(struct display_list *list, struct rect rect)
{
    assert(list->depth < MAX_DEPTH);
    if (list->depth == 0 || !add_clip(list, rect, list->stack[list->depth - 1]))
        return; /* marked incomplete */
    list->stack[list->depth++] = (uint32_t)(list->clip_count - 1);
}

void display_clip_pop(struct display_list *list)
{
    if (list->depth > 1)
        list->depth--;
    else
        assert(list->is_incomplete);
}

struct display_mark display_mark(const struct display_list *list)
{
    return (struct display_mark){list->count, list->clip_count};
}

void display_shift(struct display_list *list, struct display_mark from, int dx, int dy)
{
    for (size_t i = from.command; i < list->count; i++) {
        struct display_command *command = &list->commands[i];
        command->rect.x += dx;
        command->rect.y += dy;
        command->x += dx;
        command->baseline += dy;
    }
    for (size_t i = from.clip; i < list->clip_count; i++) {
        list->clips[i].rect.x += dx;
        list->clips[i].rect.y += dy;
    }
}

struct display_command *display_at(struct display_list *list, struct display_mark mark)
{
    return mark.command < list->count && !list->is_incomplete ? &list->commands[mark.command] : NULL;
}

size_t display_count(const struct display_list *list)
{
    return list->count;
}

const struct display_command *display_get(const struct display_list *list, size_t index)
{
    assert(index < list->count);
    return &list->commands[index];
}

const char *display_get_text(const struct display_list *list, const struct display_command *command)
{
    return buffer_text(&list->text) + command->text;
}

uint32_t display_clip_current(const struct display_list *list)
{
    return list->depth > 0 ? list->stack[list->depth - 1] : 0;
}

struct rect display_clip_rect(const struct display_list *list, uint32_t clip)
{
    struct rect rect = {0};

    if (clip >= list->clip_count)
        return rect;
    rect = list->clips[clip].rect;
    while (clip != 0) {
        clip = list->clips[clip].parent;
        rect = rect_intersect(rect, list->clips[clip].rect);
    }
    return rect;
}

struct rect display_clip(const struct display_list *list, const struct display_command *command)
{
    return display_clip_rect(list, command->clip);
}

void display_size(const struct display_list *list, int *width, int *height)
{
    *width = list->width;
    *height = list->height;
}
