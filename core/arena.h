/* arena.h: memory that is freed all at once.
 *
 * What is decoded from one object (an exam, a record) lives in one arena and as long as it. Allocation can
 * fail; once it has, every later one fails too, so a decoder may check once. */
#ifndef CARREL_ARENA_H
#define CARREL_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct arena {
    struct arena_chunk *chunks; /* newest first */
    size_t used, max;           /* bytes; max is the bound, 0 for none */
    bool failed;
};

void *arena_alloc(struct arena *arena, size_t size); /* zeroed, aligned for anything; NULL on failure */
void *arena_array(struct arena *arena, size_t count, size_t size); /* checks the product */
char *arena_text(struct arena *arena, const char *text, size_t len); /* copies, adds the NUL */
void arena_release(struct arena *arena); /* wipes and frees; the arena is empty and usable again */

#endif
