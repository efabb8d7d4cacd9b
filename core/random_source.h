/* random_source.h: numbers that look random and that another program can make again from the same seed.
 *
 * The stream of bytes is SHA-256(seed ‖ counter) for the counter 0, 1, 2 … as 8 bytes, big-endian; numbers
 * are taken from it 4 bytes at a time, big-endian (docs/formats/form.md). Not for keys: for those,
 * random_bytes. */
#ifndef CARREL_RANDOM_SOURCE_H
#define CARREL_RANDOM_SOURCE_H

#include <stddef.h>
#include <stdint.h>

#include "core/crypto/digest.h"

#define RANDOM_SEED_BYTES 32

struct random_source {
    uint8_t input[RANDOM_SEED_BYTES + 8]; /* seed, counter of the next block */
    uint64_t counter;
    struct digest block;
    size_t used; /* bytes of the block */
};

struct random_source random_source(const uint8_t seed[RANDOM_SEED_BYTES]);
/* Each of 0 … limit − 1 with the same chance; limit ≥ 1. Takes no numbers for a limit of 1. */
uint32_t random_below(struct random_source *source, uint32_t limit);
/* Every order of the values with the same chance. */
void random_shuffle(struct random_source *source, size_t *values, size_t count);

#endif
