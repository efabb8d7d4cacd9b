/* head.h: the head of an HTTP/1.1 request, read strictly.
 *
 * Where a request ends is decided here and nowhere else, so nothing is left to interpretation (RFC 9112, with
 * every "MAY accept" turned down). Refused with 400 unless another status is named:
 *   - lines not ended by CRLF, a bare CR or LF, control characters, bytes above 0x7e
 *   - a line that begins with a space or tab (obs-fold), a space before a field's colon, an empty name
 *   - no Host, two of them, or one that is no host
 *   - two Content-Length, or one that is not digits only; any Transfer-Encoding
 *   - a PUT or POST without Content-Length (411), a body where none belongs
 *   - a target that is no absolute path; an Expect that is not 100-continue (417); a version but 1.1 (505)
 *   - more than HEAD_FIELDS_MAX fields or HEAD_MAX_BYTES bytes (431) */
#ifndef CARREL_SERVER_HTTP_HEAD_H
#define CARREL_SERVER_HTTP_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/buffer.h"
#include "core/error.h"

#define HEAD_MAX_BYTES (16u << 10)
#define HEAD_FIELDS_MAX 64u

enum method { METHOD_OTHER, METHOD_GET, METHOD_PUT, METHOD_POST, METHODS };
const char *method_name(enum method method); /* "GET"; METHOD_OTHER is "-" */

struct head_field {
    const char *name; /* lower case */
    const char *value;
};

struct head {
    enum method method;
    const char *path;  /* as sent, begins with '/'; still percent-encoded */
    const char *query; /* behind the '?', or "" */
    struct head_field fields[HEAD_FIELDS_MAX];
    size_t field_count;
    int64_t body_bytes; /* Content-Length, 0 without one */
    bool wants_close, expects_continue;
    char *text; /* what the pointers above point into */
};

/* The length of the head with the empty line that ends it; 0 while that is still to come. */
size_t head_length(struct bytes received);

/* Reads exactly one whole head. On failure *status is what to answer before closing, err says why, and *head
 * is untouched. Free with head_release. */
bool head_parse(struct bytes block, struct head *head, int *status, struct error *err);
/* The field's value by lower-case name, NULL if there is none. Of two, the first. */
const char *head_field(const struct head *head, const char *name);
void head_release(struct head *head); /* a zeroed one is fine */

#endif
