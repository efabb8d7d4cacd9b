/* paragraph_cache.h: paragraphs by what they say, so that a screen can name its text anew in every frame and
 * still have it laid out once. */
#ifndef CARREL_UI_PARAGRAPH_CACHE_H
#define CARREL_UI_PARAGRAPH_CACHE_H

#include "kiosk/ui/paragraph.h"

struct paragraph_cache;

struct paragraph_cache *paragraph_cache_new(struct fonts *fonts); /* NULL without memory */
void paragraph_cache_free(struct paragraph_cache *cache);

/* NULL as paragraph_new(). Valid for the next three calls at least. */
const struct paragraph *paragraph_cache_get(
    struct paragraph_cache *cache, const struct paragraph_style *style, const struct run *runs, size_t count);
/* Drops all: a candidate's exam must not stay in memory for the next. */
void paragraph_cache_clear(struct paragraph_cache *cache);

#endif
