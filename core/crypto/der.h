/* der.h: the distinguished encoding rules of ASN.1, written and walked strictly.
 *
 * A form is a table: at each place one tag, and either the one value allowed there or a field to take it
 * into. What the table does not name is not accepted. Lengths are definite, in as few bytes as can be, up to
 * four. */
#ifndef CARREL_CRYPTO_DER_H
#define CARREL_CRYPTO_DER_H

#include "core/buffer.h"
#include "core/error.h"

enum der_tag {
    DER_INTEGER = 0x02,
    DER_BIT_STRING = 0x03,
    DER_OCTET_STRING = 0x04,
    DER_OID = 0x06,
    DER_UTC_TIME = 0x17,
    DER_GENERALIZED_TIME = 0x18,
    DER_SEQUENCE = 0x30,
    DER_SET = 0x31,
    DER_CONTEXT = 0x80,            /* [0] without structure; + n for [n] */
    DER_CONTEXT_STRUCTURED = 0xa0, /* [0] with structure; + n for [n] */
};

/* --- walking ----------------------------------------------------------------------------------------------
 */

enum der_action {
    DER_DO_ENTER, /* an element with that tag; go on inside it */
    DER_DO_LEAVE, /* the element entered last has nothing more in it */
    DER_DO_IS,    /* exactly these bytes: a whole element or several */
    DER_DO_TAKE,  /* an element with that tag: its content into the field */
};

struct der_step {
    enum der_action action;
    const char *what;   /* for error texts: "the version", "the signers" */
    int tag;            /* of what is entered or taken */
    int field;          /* of what is taken */
    struct bytes value; /* what it is */
};
/* clang-format off */
#define DER_ENTER(tag, what) {DER_DO_ENTER, what, tag, 0, {NULL, 0}}
#define DER_LEAVE(what) {DER_DO_LEAVE, what, 0, 0, {NULL, 0}}
#define DER_IS(literal, what) {DER_DO_IS, what, 0, 0, {(const uint8_t *)(literal), sizeof(literal) - 1}}
#define DER_TAKE(tag, field, what) {DER_DO_TAKE, what, tag, field, {NULL, 0}}
/* clang-format on */

/* Walks the front of *rest and moves *rest behind it. fields point into it. ERROR_FORMAT names what was off.
 */
bool der_walk(
    const struct der_step *steps, size_t count, struct bytes *rest, struct bytes *fields, struct error *err);
/* The same, and nothing may be left behind. */
bool der_walk_all(
    const struct der_step *steps, size_t count, struct bytes der, struct bytes *fields, struct error *err);

/* The next whole element of a SET OF, header counted; *previous is the one before it (len 0: none), which
 * must sort before it. */
bool der_next_of_set(struct bytes *rest, struct bytes *previous, struct error *err);

/* --- writing ----------------------------------------------------------------------------------------------
 */

/* Failure to add marks the buffer; look once at its end. */
void der_header(struct buffer *out, int tag, size_t len);
void der_element(struct buffer *out, int tag, struct bytes content);
/* The length of an element with len bytes of content. */
size_t der_size(size_t len);
/* The order in which a SET OF holds its elements, for qsort over struct bytes. */
int der_compare(const void *a, const void *b);

#endif
