#include "provisioning/authoring/mistakes.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static bool has_room(struct mistakes *mistakes)
{
    const size_t capacity = mistakes->capacity == 0 ? 64 : 2 * mistakes->capacity;
    struct mistake *items;

    if (mistakes->count < mistakes->capacity)
        return true;
    items = reallocarray(mistakes->items, capacity, sizeof *items);
    if (items == NULL)
        return false;
    mistakes->items = items;
    mistakes->capacity = capacity;
    return true;
}

/* Two tags in one line are one mistake to mend. */
static bool was_just_noted(
    const struct mistakes *mistakes, const char *file, unsigned line, const char *reason)
{
    const struct mistake *last = mistakes->count == 0 ? NULL : &mistakes->items[mistakes->count - 1];

    return last != NULL && last->line == line && strcmp(last->file, file) == 0 &&
           strcmp(last->reason, reason) == 0;
}

bool mistakes_add(struct mistakes *mistakes, const char *file, unsigned line, const char *format, ...)
{
    char reason[400];
    struct mistake *mistake;
    va_list args;

    va_start(args, format);
    (void)vsnprintf(reason, sizeof reason, format, args); /* cut is fine: for people */
    va_end(args);
    if (was_just_noted(mistakes, file, line, reason))
        return false;
    if (!has_room(mistakes)) {
        mistakes->failed = true;
        return false;
    }
    mistake = &mistakes->items[mistakes->count];
    mistake->file = arena_text(&mistakes->arena, file, strlen(file));
    mistake->line = line == 0 ? 1 : line;
    mistake->reason = arena_text(&mistakes->arena, reason, strlen(reason));
    if (mistakes->arena.failed)
        mistakes->failed = true;
    else
        mistakes->count++;
    return false;
}

/* Insertion: there are few, and equal ones keep their order. */
void mistakes_sort(struct mistakes *mistakes)
{
    for (size_t i = 1; i < mistakes->count; i++) {
        const struct mistake mistake = mistakes->items[i];
        size_t place = i;
        for (; place > 0; place--) {
            const struct mistake *before = &mistakes->items[place - 1];
            const int order = strcmp(before->file, mistake.file);
            if (order < 0 || (order == 0 && before->line <= mistake.line))
                break;
            mistakes->items[place] = *before;
        }
        mistakes->items[place] = mistake;
    }
}

void mistakes_print(const struct mistakes *mistakes, FILE *to)
{
    for (size_t i = 0; i < mistakes->count; i++)
        (void)fprintf(
            to, "%s:%u: %s\n", mistakes->items[i].file, mistakes->items[i].line, mistakes->items[i].reason);
}

struct json *mistakes_json(const struct mistakes *mistakes)
{
    struct json *array = json_new_array();

    for (size_t i = 0; i < mistakes->count; i++) {
        struct json *object = json_new_object();
        json_set(object, "file", json_text(mistakes->items[i].file));
        json_set(object, "line", json_int(mistakes->items[i].line));
        json_set(object, "reason", json_text(mistakes->items[i].reason));
        json_add(array, object);
    }
    return array;
}

void mistakes_release(struct mistakes *mistakes)
{
    arena_release(&mistakes->arena);
    free(mistakes->items);
    *mistakes = (struct mistakes){0};
}
