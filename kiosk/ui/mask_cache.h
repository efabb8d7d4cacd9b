/* mask_cache.h: pictures of text that were made already, within a bound of memory.
 *
 * The least recently used go first. What is put in last stays, however large it is. */
#ifndef CARREL_UI_MASK_CACHE_H
#define CARREL_UI_MASK_CACHE_H

#include "kiosk/ui/font.h"

struct mask_key {
    enum font_face face;
    int pixels;
    const char *text; /* borrowed */
    size_t length;
};

struct mask_cache;

struct mask_cache *mask_cache_new(size_t max_bytes);              /* NULL without memory */
void mask_cache_keep(struct mask_cache *cache, size_t max_bytes); /* from now on */
void mask_cache_free(struct mask_cache *cache);

/* NULL when it is not there. Valid until the next put. */
const struct mask *mask_cache_find(struct mask_cache *cache, const struct mask_key *key);
/* Takes mask->coverage (from malloc) in any case. NULL without memory. */
const struct mask *mask_cache_put_take(
    struct mask_cache *cache, const struct mask_key *key, const struct mask *mask);
size_t mask_cache_bytes(const struct mask_cache *cache);

#endif
