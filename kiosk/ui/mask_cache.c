/* mask_cache.c: a hash table with chains, and one list through all entries in the order of their last use. */
#include "kiosk/ui/mask_cache.h"

#include "kiosk/ui/hash.h"

#include <stdlib.h>
#include <string.h>

#define BUCKETS 1024u /* a full screen of text has some 200 pieces */

struct entry {
    struct entry *next_in_bucket;
    struct entry *newer, *older;
    uint64_t hash;
    enum font_face face;
    int pixels;
    size_t length;
    size_t bytes;
    struct mask mask;
    char text[];
};

struct mask_cache {
    struct entry *buckets[BUCKETS];
    struct entry *newest, *oldest;
    size_t bytes, max_bytes;
};

struct mask_cache *mask_cache_new(size_t max_bytes)
{
    struct mask_cache *cache = calloc(1, sizeof *cache);

    if (cache != NULL)
        cache->max_bytes = max_bytes;
    return cache;
}

static void unlink_use(struct mask_cache *cache, struct entry *entry)
{
    *(entry->newer != NULL ? &entry->newer->older : &cache->newest) = entry->older;
    *(entry->older != NULL ? &entry->older->newer : &cache->oldest) = entry->newer;
}

static void link_newest(struct mask_cache *cache, struct entry *entry)
{
    entry->newer = NULL;
    entry->older = cache->newest;
    *(cache->newest != NULL ? &cache->newest->newer : &cache->oldest) = entry;
    cache->newest = entry;
}

static void entry_free(struct entry *entry)
{
    if (entry == NULL)
        return;
    free(entry->mask.coverage);
    free(entry);
}

static void drop_oldest(struct mask_cache *cache)
{
    struct entry *entry = cache->oldest;
    struct entry **link = &cache->buckets[entry->hash % BUCKETS];

    while (*link != entry)
        link = &(*link)->next_in_bucket;
    *link = entry->next_in_bucket;
    unlink_use(cache, entry);
    cache->bytes -= entry->bytes;
    entry_free(entry);
}

/* The newest stays, however large it is. */
static void drop_beyond(struct mask_cache *cache)
{
    while (cache->bytes > cache->max_bytes && cache->oldest != cache->newest)
        drop_oldest(cache);
}

void mask_cache_keep(struct mask_cache *cache, size_t max_bytes)
{
    cache->max_bytes = max_bytes;
    drop_beyond(cache);
}

void mask_cache_free(struct mask_cache *cache)
{
    if (cache == NULL)
        return;
    while (cache->oldest != NULL)
        drop_oldest(cache);
    free(cache);
}

static uint64_t key_hash(const struct mask_key *key)
{
    uint64_t hash = hash_number(HASH_START, (uint64_t)key->face << 32 | (uint32_t)key->pixels);

    return hash_bytes(hash, key->text, key->length);
}

static bool is_for(const struct entry *entry, uint64_t hash, const struct mask_key *key)
{
    return entry->hash == hash && entry->face == key->face && entry->pixels == key->pixels &&
           entry->length == key->length && memcmp(entry->text, key->text, key->length) == 0;
}

const struct mask *mask_cache_find(struct mask_cache *cache, const struct mask_key *key)
{
    uint64_t hash = key_hash(key);

    for (struct entry *entry = cache->buckets[hash % BUCKETS]; entry != NULL; entry = entry->next_in_bucket)
        if (is_for(entry, hash, key)) {
            unlink_use(cache, entry);
            link_newest(cache, entry);
            return &entry->mask;
        }
    return NULL;
}

const struct mask *mask_cache_put_take(
    struct mask_cache *cache, const struct mask_key *key, const struct mask *mask)
{
    struct entry *entry = malloc(sizeof *entry + key->length);

    if (entry == NULL) {
        free(mask->coverage);
        return NULL;
    }
    *entry = (struct entry){.hash = key_hash(key),
        .face = key->face,
        .pixels = key->pixels,
        .length = key->length,
        .mask = *mask,
        .bytes = sizeof *entry + key->length + (size_t)mask->pitch * (size_t)mask->height};
    memcpy(entry->text, key->text, key->length);
    entry->next_in_bucket = cache->buckets[entry->hash % BUCKETS];
    cache->buckets[entry->hash % BUCKETS] = entry;
    link_newest(cache, entry);
    cache->bytes += entry->bytes;
    drop_beyond(cache);
    return &entry->mask;
}

size_t mask_cache_bytes(const struct mask_cache *cache)
{
    return cache->bytes;
}
