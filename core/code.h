/* code.h: the codes staff type, and the keys they unwrap (docs/formats/codes.md).
 *
 * Alphabet of 32: 23456789ABCDEFGHJKLMNPQRSTUVWXYZ without look-alikes 0 O 1 I (32 letters). Typed codes may be
 * lower case and may hold spaces and hyphens. Start and room codes: 8 random characters and a check character,
 * shown 4-5 ("7KQ4-M2XTA"). Resume codes: 10 and a check character. The check character catches every single
 * wrong character and every swap of neighbours: it says "mistyped", at once, without costing a try. */
#ifndef CARREL_CODE_H
#define CARREL_CODE_H

#include "core/crypto/key.h"
#include "core/limits.h"

#define RESUME_CODES 8u
#define ROOM_CODES 4u
#define CODE_TEXT_SIZE 16 /* of the longest code as shown, with NUL */
#define WRAPPED_BYTES 72u /* exam key ‖ session key, AES key wrap */

enum code_kind { CODE_START, CODE_RESUME, CODE_ROOM, CODE_KINDS };
const char *code_kind_name(enum code_kind kind); /* "start", "resume", "room" */

/* A fresh code as it is shown. */
struct secret *code_make(enum code_kind kind, struct error *err);
/* From what was typed to the plain characters without check character; ERROR_FORMAT with "mistyped …" if it can't be
 * a code of this kind. Start and room codes have one form, told apart by which wrap they open. */
struct secret *code_normalise(enum code_kind kind, struct bytes typed, struct error *err);

/* The code's scrypt output: the slow part (0.25 s for start and room codes, 0.06 s for resume codes). Once per sitting and
 * code for start and room codes: salt is the sitting id, "/room/1" … "/room/4" behind it for room codes. For resume codes
 * it is the session id and "/resume/1" … */
struct secret *code_stretch(enum code_kind kind, unsigned number, const char *id, const struct secret *plain_code,
    struct error *err);
/* The key that wraps this session's keys: HKDF(stretched, session id, "carrel wrap"). */
struct secret *code_wrapping_key(const struct secret *stretched, const char *session, struct error *err);

#endif
