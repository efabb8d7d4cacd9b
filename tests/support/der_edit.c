#include "tests/support/der_edit.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/crypto/der.h"

enum { DER_MAX_BYTES = 1 << 20 };

struct element {
    int tag;
    struct bytes whole, content;
};

static void lost(void)
{
    (void)fprintf(stderr, "der_edit: there is no such element\n");
    abort();
}

static struct element next(struct bytes *rest)
{
    struct element element = {rest->data[0], {NULL, 0}, {NULL, 0}};
    size_t header = 2, len = rest->data[1];

    if (len >= 0x80) {
        header += len & 0x7f;
        len = 0;
        for (size_t i = 2; i < header; i++)
            len = len << 8 | rest->data[i];
    }
    element.content = bytes_of(rest->data + header, len);
    element.whole = bytes_of(rest->data, header + len);
    if (element.whole.len > rest->len)
        lost();
    *rest = bytes_of(rest->data + element.whole.len, rest->len - element.whole.len);
    return element;
}

/* Copies the elements of content to out, the edit done. */
static void copy(
    struct bytes content, const char *path, enum der_edit edit, struct bytes with, struct buffer *out)
{
    char *below = NULL;
    const unsigned long wanted = strtoul(path, &below, 10);
    unsigned long index = 0;

    for (; content.len > 0; index++) {
        struct element element = next(&content);
        if (index != wanted) {
            (void)buffer_add_bytes(out, element.whole);
        } else if (*below == '.') {
            struct buffer inside = {.max = DER_MAX_BYTES};
            copy(element.content, below + 1, edit, with, &inside);
            der_element(out, element.tag, buffer_bytes(&inside));
            buffer_release(&inside);
        } else {
            if (edit != DER_DELETE)
                (void)buffer_add_bytes(out, with);
            if (edit == DER_INSERT)
                (void)buffer_add_bytes(out, element.whole);
        }
    }
    if (wanted == index && edit == DER_INSERT)
        (void)buffer_add_bytes(out, with);
    else if (wanted >= index)
        lost();
}

struct buffer der_edit(struct bytes der, const char *path, enum der_edit edit, struct bytes with)
{
    struct buffer out = {.max = DER_MAX_BYTES};

    copy(der, path, edit, with, &out);
    if (out.failed)
        lost();
    return out;
}

struct bytes der_at(struct bytes der, const char *path)
{
    char *below = NULL;
    unsigned long wanted = strtoul(path, &below, 10);
    struct element element = {0, {NULL, 0}, {NULL, 0}};

    for (unsigned long index = 0; index <= wanted; index++) {
        if (der.len == 0)
            lost();
        element = next(&der);
    }
    return *below == '.' ? der_at(element.content, below + 1) : element.whole;
}
