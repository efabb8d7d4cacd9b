/* buffer.h: a view of bytes, and a growing buffer that knows its maximum.
 *
 * Every growing buffer is born with its maximum, so that no input can make it grow without bound:
 *
 *     struct buffer out = {.max = RECEIPT_MAX_BYTES};
 *     if (!buffer_add(&out, data, len))     // false: it would pass max, or no memory
 *         …
 *     buffer_release(&out);
 *
 * A failed add leaves the content as it was and marks the buffer (`failed`), so that a run of adds can be
 * checked once at its end. What is released is wiped first: a buffer may have held a secret. */
#ifndef CARREL_BUFFER_H
#define CARREL_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Borrowed bytes. data may be NULL when len is 0. */
struct bytes {
    const uint8_t *data;
    size_t len;
};

struct bytes bytes_of(const void *data, size_t len);
struct bytes bytes_of_text(const char *text); /* without the final NUL */
bool bytes_equal(struct bytes a, struct bytes b);

struct buffer {
    uint8_t *data; /* always followed by one NUL that len does not count, once anything was added */
    size_t len;
    size_t capacity;
    size_t max;
    bool failed;
};

bool buffer_add(struct buffer *buffer, const void *data, size_t len);
bool buffer_add_bytes(struct buffer *buffer, struct bytes bytes);
bool buffer_add_text(struct buffer *buffer, const char *text);
bool buffer_addf(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Makes len bytes of room at the end and counts them as content; NULL on failure. The room is zeroed. */
uint8_t *buffer_extend(struct buffer *buffer, size_t len);

/* Forgets, and wipes, what is behind the first len bytes: how a writer that fails leaves what was there before. The mark of
 * a failure stays. */
void buffer_cut(struct buffer *buffer, size_t len);

/* The content as a view; as text (never NULL). Valid until the next change. */
struct bytes buffer_bytes(const struct buffer *buffer);
const char *buffer_text(const struct buffer *buffer);

/* Forgets content and failure, keeps the room (wiped). */
void buffer_clear(struct buffer *buffer);
/* Wipes, frees, and leaves an empty buffer with the same maximum. */
void buffer_release(struct buffer *buffer);

#endif
