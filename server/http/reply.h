/* reply.h: what is answered to one request.
 *
 * Set by a handler on any thread, sent by the connection on the loop's. Every setter replaces what was there,
 * so the last one wins. Errors are {"error":{"code","message"}} (docs/api.md). */
#ifndef CARREL_SERVER_HTTP_REPLY_H
#define CARREL_SERVER_HTTP_REPLY_H

#include <stdint.h>

#include "core/buffer.h"
#include "core/error.h"
#include "core/json.h"
#include "server/http/range.h"

#define REPLY_MAX_BYTES (16u << 20)

struct reply {
    int status;       /* 0: none set yet */
    const char *type; /* of the body; a literal */
    struct buffer body;
    int file;           /* sent instead of body; −1: none. The reply owns it */
    struct range part;  /* of the file */
    int64_t file_bytes; /* of all of it */
    char etag[72];      /* with its quotes; "" none */
    const char *allow;  /* 405: a literal; NULL none */
    int retry_after_s;  /* 0: none */
    bool takes_ranges;
    bool closes; /* the connection after it */
};

void reply_init(struct reply *reply);
void reply_release(struct reply *reply);

void reply_empty(struct reply *reply, int status);
void reply_bytes(struct reply *reply, int status, const char *type, struct bytes body);
void reply_json(struct reply *reply, int status, struct json *value_take);
/* Takes the open file over. Answers 200, 206 or 416 by what was asked for. */
void reply_file_take(struct reply *reply, int file, int64_t bytes, const char *range, const char *type);
void reply_error(struct reply *reply, int status, const char *code, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* The status that docs/api.md gives this kind of error. What is our own trouble is not told in detail. */
void reply_failure(struct reply *reply, const struct error *err);
void reply_retry(struct reply *reply, int status, int seconds, const char *message); /* 429, 503 */

/* "Not Found"; "Status" for one that we never send. */
const char *reply_reason(int status);
/* Appends status line and header fields with the empty line behind them. */
bool reply_head(const struct reply *reply, int64_t now_ms, struct buffer *head);

#endif
