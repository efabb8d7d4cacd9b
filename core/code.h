/* code.h: the codes staff type, and the keys they unwrap (docs/formats/codes.md).
 *
 * Alphabet of 32: 23456789ABCDEFGHJKLMNPQRSTUVWXYZ without look-alikes 0 O 1 I (32 letters). Typed codes may be
 * lower case and may hold spaces and hyphens. Start and room codes: 8 random characters and a check character,
 * shown 4-5 ("7KQ4-M2XTT"). Resume codes: 10 and a check character, shown 4-4-3. The check character catches every
 * single wrong character and every swap of two: it says "mistyped", at once, without costing a try. */
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

/* The alphabet, in the order of its values 0 … 31. */
extern const char code_alphabet[33];
/* The first 5 × count bits of data, high bits first, as letters and a NUL: receipt and enrolment codes. */
void code_letters(const uint8_t *data, size_t count, char *text);

/* A fresh code as it is shown, without NUL. */
struct secret *code_make(enum code_kind kind, struct error *err);
/* From what was typed to the plain characters without check character; ERROR_FORMAT with "mistyped …" if it can't be
 * a code of this kind. Start and room codes have one form, told apart by which wrap they open. */
struct secret *code_normalise(enum code_kind kind, struct bytes typed, struct error *err);

/* The code's scrypt output: the slow part (0.25 s for start and room codes, 0.06 s for resume codes). number is 1 for the
 * start code, 1 … ROOM_CODES, 1 … RESUME_CODES. Once per sitting and code for start and room codes: the salt is the
 * sitting id, "/room/1" … behind it for room codes. For resume codes it is the session id and "/resume/1" … */
struct secret *code_stretch(enum code_kind kind, unsigned number, const char *id, const struct secret *plain_code,
    struct error *err);
/* The key that wraps this session's keys: HKDF(stretched, salt: session id, info: "carrel wrap"). */
struct secret *code_wrapping_key(const struct secret *stretched, const char *session, struct error *err);

#endif
