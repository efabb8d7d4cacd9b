/* gcm.h: inside core/crypto/ only: AES-256-GCM with the tag apart, as CMS lays it out. key.h is for everybody else. */
#ifndef CARREL_CRYPTO_GCM_H
#define CARREL_CRYPTO_GCM_H

#include "core/crypto/key.h"

/* to has room for plain.len bytes. */
bool gcm_seal(const struct secret *key, const uint8_t nonce[GCM_NONCE_BYTES], struct bytes associated,
    struct bytes plain, uint8_t *to, uint8_t tag[GCM_TAG_BYTES], struct error *err);
/* On failure to is wiped. */
bool gcm_open(const struct secret *key, const uint8_t nonce[GCM_NONCE_BYTES], struct bytes associated,
    struct bytes sealed, const uint8_t tag[GCM_TAG_BYTES], uint8_t *to, struct error *err);

#endif
