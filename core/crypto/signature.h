/* signature.h: ECDSA on P-256 with SHA-256, in its one form. From every valid signature (r, s) anybody can make a
 * second one, (r, n − s), without the key. We write the one with the lower s and refuse the other. */
#ifndef CARREL_CRYPTO_SIGNATURE_H
#define CARREL_CRYPTO_SIGNATURE_H

#include <openssl/evp.h>

#include "core/buffer.h"
#include "core/error.h"

#define SIGNATURE_MAX_BYTES 72 /* SEQUENCE of two INTEGERs of at most 33 bytes */

/* Appends the DER of a signature over content. */
bool signature_make(EVP_PKEY *key, struct bytes content, struct buffer *signature, struct error *err);
/* True if it is strict DER with the lower s. Says nothing about what it signs. */
bool signature_is_canonical(struct bytes signature);
bool signature_verify(EVP_PKEY *key, struct bytes content, struct bytes signature);

#endif
