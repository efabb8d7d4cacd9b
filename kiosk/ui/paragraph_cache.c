/* paragraph_cache.c: 64 sets of eight; the least recently used of a full set goes. */
#include "kiosk/ui/paragraph_cache.h"

#include "kiosk/ui/hash.h"

#include <stdlib.h>

#define SETS 64u
#define WAYS 8u

struct entry {
    uint64_t hash; /* 0: free */
    uint64_t last_use;
    struct paragraph *paragraph;
};

struct paragraph_cache {
    struct fonts *fonts;
    uint64_t uses;
    struct entry entries[SETS][WAYS];
};

struct paragraph_cache *paragraph_cache_new(struct fonts *fonts)
{
    struct paragraph_cache *cache = calloc(1, sizeof *cache);

    if (cache != NULL)
        cache->fonts = fonts;
    return cache;
}

void paragraph_cache_clear(struct paragraph_cache *cache)
{
    for (size_t set = 0; set < SETS; set++)
        for (size_t way = 0; way < WAYS; way++) {
            paragraph_free(cache->entries[set][way].paragraph);
            cache->entries[set][way] = (struct entry){0};
        }
}

void paragraph_cache_free(struct paragraph_cache *cache)
{
    if (cache == NULL)
        return;
    paragraph_cache_clear(cache);
    free(cache);
}

static uint64_t hash_all(const struct paragraph_style *style, const struct run *runs, size_t count)
{
    uint64_t hash = hash_number(HASH_START, (uint64_t)style->size << 8 | (uint64_t)style->align);

    hash = hash_number(hash, (uint32_t)style->width);
    hash = hash_bytes(hash, &style->scale, sizeof style->scale);
    for (size_t i = 0; i < count; i++) {
        size_t length = runs[i].length > 0 ? runs[i].length : strlen(runs[i].text);
        hash = hash_number(hash, (uint64_t)runs[i].style << 8 | (uint64_t)runs[i].role);
        hash = hash_bytes(hash, runs[i].text, length);
    }
    return hash != 0 ? hash : 1;
}

static struct entry *oldest_of(struct entry set[WAYS])
{
    struct entry *oldest = &set[0];

    for (size_t way = 1; way < WAYS; way++)
        if (set[way].last_use < oldest->last_use)
            oldest = &set[way];
    return oldest;
}

const struct paragraph *paragraph_cache_get(
    struct paragraph_cache *cache, const struct paragraph_style *style, const struct run *runs, size_t count)
{
    uint64_t hash = hash_all(style, runs, count);
    struct entry *set = cache->entries[hash % SETS], *entry;

    for (size_t way = 0; way < WAYS; way++)
        if (set[way].hash == hash) {
            set[way].last_use = ++cache->uses;
            return set[way].paragraph;
        }
    entry = oldest_of(set);
    paragraph_free(entry->paragraph);
    *entry = (struct entry){.paragraph = paragraph_new(cache->fonts, style, runs, count)};
    if (entry->paragraph == NULL)
        return NULL;
    entry->hash = hash;
    entry->last_use = ++cache->uses;
    return entry->paragraph;
}
