#include "core/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct bytes bytes_of(const void *data, size_t len)
{
    return (struct bytes){data, len};
}

struct bytes bytes_of_text(const char *text)
{
    return bytes_of(text, strlen(text));
}

bool bytes_equal(struct bytes a, struct bytes b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

/* Grows into fresh memory and wipes the old, so that no copy of a secret stays behind in the heap. */
static bool reserve(struct buffer *buffer, size_t extra)
{
    size_t capacity;
    uint8_t *data;

    if (buffer->failed || extra > buffer->max || buffer->len > buffer->max - extra) {
        buffer->failed = true;
        return false;
    }
    if (buffer->len + extra + 1 <= buffer->capacity)
        return true;
    capacity = buffer->capacity == 0 ? 256 : buffer->capacity * 2;
    if (capacity < buffer->len + extra + 1)
        capacity = buffer->len + extra + 1;
    data = malloc(capacity);
    if (data == NULL) {
        buffer->failed = true;
        return false;
    }
    if (buffer->data != NULL) {
        memcpy(data, buffer->data, buffer->len);
        explicit_bzero(buffer->data, buffer->capacity);
        free(buffer->data);
    }
    buffer->data = data;
    buffer->capacity = capacity;
    return true;
}

uint8_t *buffer_extend(struct buffer *buffer, size_t len)
{
    uint8_t *room;

    if (!reserve(buffer, len))
        return NULL;
    room = buffer->data + buffer->len;
    memset(room, 0, len + 1);
    buffer->len += len;
    return room;
}

bool buffer_add(struct buffer *buffer, const void *data, size_t len)
{
    uint8_t *room = buffer_extend(buffer, len);

    if (room == NULL)
        return false;
    if (len > 0)
        memcpy(room, data, len);
    return true;
}

bool buffer_add_bytes(struct buffer *buffer, struct bytes bytes)
{
    return buffer_add(buffer, bytes.data, bytes.len);
}

bool buffer_add_text(struct buffer *buffer, const char *text)
{
    return buffer_add(buffer, text, strlen(text));
}

bool buffer_addf(struct buffer *buffer, const char *format, ...)
{
    va_list args, again;
    int len;

    va_start(args, format);
    va_copy(again, args);
    len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len < 0 || !reserve(buffer, (size_t)len)) {
        buffer->failed = true;
    } else {
        (void)vsnprintf((char *)buffer->data + buffer->len, (size_t)len + 1, format, again);
        buffer->len += (size_t)len;
    }
    va_end(again);
    return !buffer->failed;
}

void buffer_cut(struct buffer *buffer, size_t len)
{
    if (buffer->data == NULL || len > buffer->len)
        return;
    explicit_bzero(buffer->data + len, buffer->len - len);
    buffer->len = len;
}

struct bytes buffer_bytes(const struct buffer *buffer)
{
    return bytes_of(buffer->data, buffer->len);
}

const char *buffer_text(const struct buffer *buffer)
{
    return buffer->data == NULL ? "" : (const char *)buffer->data;
}

void buffer_clear(struct buffer *buffer)
{
    if (buffer->data != NULL)
        explicit_bzero(buffer->data, buffer->capacity);
    buffer->len = 0;
    buffer->failed = false;
}

void buffer_release(struct buffer *buffer)
{
    buffer_clear(buffer);
    free(buffer->data);
    *buffer = (struct buffer){.max = buffer->max};
}
