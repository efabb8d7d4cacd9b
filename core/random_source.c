#include "core/random_source.h"

#include <assert.h>
#include <string.h>

#include "core/encoding.h"

struct random_source random_source(const uint8_t seed[RANDOM_SEED_BYTES])
{
    struct random_source source = {.used = DIGEST_BYTES};

    memcpy(source.input, seed, RANDOM_SEED_BYTES);
    return source;
}

static uint32_t next_number(struct random_source *source)
{
    uint32_t number;

    if (source->used == DIGEST_BYTES) {
        put_u64(source->input + RANDOM_SEED_BYTES, source->counter++);
        digest_of(bytes_of(source->input, sizeof source->input), &source->block);
        source->used = 0;
    }
    number = get_u32(source->block.bytes + source->used);
    source->used += sizeof number;
    return number;
}

/* Numbers past the last whole multiple of the limit are thrown away: they would favour the small results. */
uint32_t random_below(struct random_source *source, uint32_t limit)
{
    uint32_t number, rest;

    assert(limit >= 1);
    if (limit == 1)
        return 0;
    rest = (uint32_t)(((uint64_t)UINT32_MAX + 1) % limit);
    do
        number = next_number(source);
    while (number > UINT32_MAX - rest);
    return number % limit;
}

/* Fisher and Yates, from the end. */
void random_shuffle(struct random_source *source, size_t *values, size_t count)
{
    for (size_t i = count; i > 1; i--) {
        const size_t other = random_below(source, (uint32_t)i);
        const size_t value = values[i - 1];
        values[i - 1] = values[other];
        values[other] = value;
    }
}
