/* enrolment_code.h: the one-time code a seat is enrolled with: "XXXX-XXXX-XXXX-" and 16 characters of the
 * root's digest (docs/api.md). The first twelve are the secret; the rest lets the seat know the root it is
 * given. */
#ifndef CARREL_SERVER_ENROLMENT_CODE_H
#define CARREL_SERVER_ENROLMENT_CODE_H

#include "core/crypto/digest.h"

#define ENROLMENT_CODE_SIZE 32 /* 12 and 16 letters, 3 hyphens, NUL */

/* A fresh one as it is shown, and the digest the store keeps of it. */
void enrolment_code_make(const struct digest *root, char code[ENROLMENT_CODE_SIZE], struct digest *digest);

/* From what was typed: spaces, hyphens and case don't matter. ERROR_FORMAT if it is none, ERROR_REFUSED if it
 * is of another root. */
bool enrolment_code_parse(
    const char *typed, const struct digest *root, struct digest *digest, struct error *err);

#endif
