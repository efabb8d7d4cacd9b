/* hash.h: 64-bit hashes of what is on the screen. They tell frames and texts apart on our own machine; they
 * protect nothing. */
#ifndef CARREL_UI_HASH_H
#define CARREL_UI_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define HASH_START 0x243f6a8885a308d3u

static inline uint64_t hash_number(uint64_t hash, uint64_t number)
{
    hash = (hash ^ number) * 0x9e3779b97f4a7c15u;
    return hash ^ hash >> 32;
}

static inline uint64_t hash_bytes(uint64_t hash, const void *data, size_t length)
{
    const unsigned char *bytes = data;

    hash = hash_number(hash, length);
    for (; length >= 8; bytes += 8, length -= 8) {
        uint64_t word;
        memcpy(&word, bytes, sizeof word);
        hash = hash_number(hash, word);
    }
    if (length > 0) {
        uint64_t word = 0;
        memcpy(&word, bytes, length);
        hash = hash_number(hash, word);
    }
    return hash;
}

#endif
