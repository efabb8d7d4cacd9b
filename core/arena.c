#include "core/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The first chunk is small, because a record is; each later one doubles what is used, up to the largest. */
enum { CHUNK_MIN_BYTES = 1024, CHUNK_MAX_BYTES = 64 * 1024 };

struct arena_chunk {
    struct arena_chunk *next;
    size_t used, size;
    alignas(max_align_t) unsigned char data[];
};

static struct arena_chunk *chunk_with_room(struct arena *arena, size_t size)
{
    struct arena_chunk *chunk = arena->chunks;
    size_t room;

    if (chunk != NULL && chunk->size - chunk->used >= size)
        return chunk;
    room = arena->used < CHUNK_MIN_BYTES ? CHUNK_MIN_BYTES : arena->used;
    room = room > CHUNK_MAX_BYTES ? CHUNK_MAX_BYTES : room;
    room = room < size ? size : room;
    chunk = calloc(1, sizeof *chunk + room);
    if (chunk == NULL)
        return NULL;
    chunk->size = room;
    chunk->next = arena->chunks;
    arena->chunks = chunk;
    return chunk;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    const size_t unit = alignof(max_align_t);
    struct arena_chunk *chunk = NULL;
    void *room;

    if (size > SIZE_MAX / 2)
        arena->failed = true;
    size = (size + unit - 1) / unit * unit;
    if (arena->max != 0 && size > arena->max - arena->used)
        arena->failed = true;
    if (!arena->failed)
        chunk = chunk_with_room(arena, size);
    if (chunk == NULL) {
        arena->failed = true;
        return NULL;
    }
    room = chunk->data + chunk->used;
    chunk->used += size;
    arena->used += size;
    return room;
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size) {
        arena->failed = true;
        return NULL;
    }
    return arena_alloc(arena, count * size);
}

char *arena_text(struct arena *arena, const char *text, size_t len)
{
    char *copy = arena_alloc(arena, len + 1);

    if (copy != NULL && len > 0)
        memcpy(copy, text, len);
    return copy;
}

void arena_release(struct arena *arena)
{
    while (arena->chunks != NULL) {
        struct arena_chunk *chunk = arena->chunks;
        arena->chunks = chunk->next;
        explicit_bzero(chunk->data, chunk->used);
        free(chunk);
    }
    *arena = (struct arena){.max = arena->max};
}
