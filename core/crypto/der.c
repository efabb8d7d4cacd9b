#include "core/crypto/der.h"

#include <assert.h>
#include <string.h>

enum { DEPTH_MAX = 16, LENGTH_BYTES_MAX = 4 };

static bool fail(struct error *err, const char *what, const char *how)
{
    return error_set(err, ERROR_FORMAT, "%s %s", what, how);
}

/* Takes a tag and length off the front of *rest; *len bytes of content follow and are there. */
static bool take_header(struct bytes *rest, int *tag, size_t *len)
{
    const uint8_t *at = rest->data;
    size_t count, value = 0;

    if (rest->len < 2)
        return false;
    *tag = at[0];
    if (at[1] < 0x80) {
        *len = at[1];
        *rest = bytes_of(at + 2, rest->len - 2);
        return *len <= rest->len;
    }
    count = at[1] & 0x7fu;
    if (count == 0 || count > LENGTH_BYTES_MAX || rest->len < 2 + count)
        return false;
    for (size_t i = 0; i < count; i++)
        value = value << 8 | at[2 + i];
    if (at[2] == 0 || value < 0x80) /* could be written shorter */
        return false;
    *len = value;
    *rest = bytes_of(at + 2 + count, rest->len - 2 - count);
    return value <= rest->len;
}

static struct bytes take_bytes(struct bytes *rest, size_t len)
{
    struct bytes taken = bytes_of(rest->data, len);

    *rest = bytes_of(rest->data + len, rest->len - len);
    return taken;
}

/* Takes the element off *rest if its tag is that one. */
static bool take_element(struct bytes *rest, int wanted, struct bytes *content)
{
    size_t len = 0;
    int tag = 0;

    if (!take_header(rest, &tag, &len) || tag != wanted)
        return false;
    *content = take_bytes(rest, len);
    return true;
}

/* levels[0] is what is left to walk, levels[depth] what is left of the element entered last. */
static bool step_into(struct bytes *levels, size_t *depth, const struct der_step *step)
{
    struct bytes inside;

    assert(*depth + 1 < DEPTH_MAX);
    if (!take_element(&levels[*depth], step->tag, &inside))
        return false;
    levels[++*depth] = inside;
    return true;
}

static bool step_over(struct bytes *rest, struct bytes value)
{
    if (rest->len < value.len || memcmp(rest->data, value.data, value.len) != 0)
        return false;
    (void)take_bytes(rest, value.len);
    return true;
}

bool der_walk(
    const struct der_step *steps, size_t count, struct bytes *rest, struct bytes *fields, struct error *err)
{
    struct bytes levels[DEPTH_MAX] = {*rest};
    size_t depth = 0;

    for (const struct der_step *step = steps; step < steps + count; step++) {
        switch (step->action) {
        case DER_DO_ENTER:
            if (!step_into(levels, &depth, step))
                return fail(err, step->what, "is not of the one form");
            break;
        case DER_DO_LEAVE:
            assert(depth > 0);
            if (levels[depth--].len != 0)
                return fail(err, step->what, "has more in it than the one form allows");
            break;
        case DER_DO_IS:
            if (!step_over(&levels[depth], step->value))
                return fail(err, step->what, "is not the only one that is allowed");
            break;
        case DER_DO_TAKE:
            if (!take_element(&levels[depth], step->tag, &fields[step->field]))
                return fail(err, step->what, "is not of the one form");
            break;
        }
    }
    assert(depth == 0);
    *rest = levels[0];
    return true;
}

bool der_walk_all(
    const struct der_step *steps, size_t count, struct bytes der, struct bytes *fields, struct error *err)
{
    return der_walk(steps, count, &der, fields, err) &&
           (der.len == 0 || error_set(err, ERROR_FORMAT, "%zu bytes follow where nothing may", der.len));
}

/* Each element of a set has its own length, so that none begins with the whole of another. */
int der_compare(const void *a, const void *b)
{
    const struct bytes *first = a, *second = b;
    const size_t len = first->len < second->len ? first->len : second->len;

    return memcmp(first->data, second->data, len);
}

bool der_next_of_set(struct bytes *rest, struct bytes *previous, struct error *err)
{
    struct bytes behind = *rest, element;
    size_t len = 0;
    int tag = 0;

    if (!take_header(&behind, &tag, &len))
        return fail(err, "an element of a set", "is not of the one form");
    element = bytes_of(rest->data, (size_t)(behind.data - rest->data) + len);
    if (previous->len != 0 && der_compare(previous, &element) >= 0)
        return fail(err, "a set", "is not in its order");
    (void)take_bytes(rest, element.len);
    *previous = element;
    return true;
}

/* --- writing ------------------------------------------------------------------------------------------- */

static size_t length_bytes(size_t len)
{
    size_t count = 0;

    if (len < 0x80)
        return 0;
    for (; len > 0; len >>= 8)
        count++;
    return count;
}

size_t der_size(size_t len)
{
    return 2 + length_bytes(len) + len;
}

void der_header(struct buffer *out, int tag, size_t len)
{
    const size_t count = length_bytes(len);
    uint8_t header[2 + sizeof len] = {(uint8_t)tag, (uint8_t)(count == 0 ? len : 0x80 | count)};

    for (size_t i = 0; i < count; i++)
        header[2 + i] = (uint8_t)(len >> 8 * (count - 1 - i));
    (void)buffer_add(out, header, 2 + count); /* a failure stays marked in the buffer */
}

void der_element(struct buffer *out, int tag, struct bytes content)
{
    der_header(out, tag, content.len);
    (void)buffer_add_bytes(out, content); /* a failure stays marked in the buffer */
}
