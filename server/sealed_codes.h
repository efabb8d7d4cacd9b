/* sealed_codes.h: the codes of sittings and sessions and the keys behind them, as the store has them: sealed
 * to the ticket certificate. The slow part of each code (scrypt) is done once, when it is made, and kept
 * beside it. */
#ifndef CARREL_SERVER_SEALED_CODES_H
#define CARREL_SERVER_SEALED_CODES_H

#include "core/code.h"
#include "core/crypto/cms.h"

#define SEALED_CODES_MAX_BYTES 4096u

struct kept_code {
    char text[CODE_TEXT_SIZE]; /* as shown */
    uint8_t stretched[KEY_BYTES];
};

/* Both are bytes only, so that they are sealed as they lie in memory. */
struct sitting_codes {
    uint8_t format; /* 1 */
    struct kept_code start, room[ROOM_CODES];
};

struct session_codes {
    uint8_t format; /* 1 */
    uint8_t session_key[KEY_BYTES];
    char resume[RESUME_CODES][CODE_TEXT_SIZE];
};

/* Fresh ones. 5 × 0.25 s. The secret holds a struct sitting_codes. */
struct secret *sitting_codes_make(const char *sitting, struct error *err);
struct secret *sitting_codes_open(struct bytes sealed, const struct identity *ticket, struct error *err);
const struct sitting_codes *sitting_codes(const struct secret *secret);

struct secret *session_codes_open(struct bytes sealed, const struct identity *ticket, struct error *err);
const struct session_codes *session_codes(const struct secret *secret);

bool sealed_codes_seal(
    const struct secret *codes, const struct identity *ticket, struct buffer *sealed, struct error *err);

/* A fresh code, its text and stretched key into kept. id: of the sitting, for resume codes of the session. */
bool kept_code_make(
    enum code_kind kind, unsigned number, const char *id, struct kept_code *kept, struct error *err);

#endif
