/* key.h: symmetric keys: derived from codes and other keys, wrapped under them, and used to encrypt records.
 *
 * Every function returns a new secret the caller frees, or NULL with the reason. */
#ifndef CARREL_CRYPTO_KEY_H
#define CARREL_CRYPTO_KEY_H

#include "core/buffer.h"
#include "core/error.h"
#include "core/secret.h"

#define KEY_BYTES 32
#define GCM_TAG_BYTES 16
#define GCM_NONCE_BYTES 12

/* scrypt (RFC 7914), r = 8, p = 1, 32 bytes out. cost is log2 of N: 17 takes 128 MiB and a quarter of a second. */
struct secret *key_scrypt(struct bytes code, struct bytes salt, unsigned cost, struct error *err);

/* HKDF-SHA256 (RFC 5869), 32 bytes out. info says what the key is for. */
struct secret *key_hkdf(const struct secret *key, struct bytes salt, const char *info, struct error *err);

/* AES-256 key wrap (RFC 3394): plain is a multiple of 8 bytes, wrapped is 8 bytes longer. Unwrapping with
 * another key fails with ERROR_UNTRUSTED. */
bool key_wrap(const struct secret *wrapping, struct bytes plain, struct buffer *wrapped, struct error *err);
struct secret *key_unwrap(const struct secret *wrapping, struct bytes wrapped, struct error *err);

/* AES-256-GCM with a 16-byte tag behind the ciphertext. A nonce is used once with a key: the caller's duty.
 * Opening appends to plain only what was authenticated. */
bool key_seal(const struct secret *key, const uint8_t nonce[GCM_NONCE_BYTES], struct bytes associated,
    struct bytes plain, struct buffer *sealed, struct error *err);
bool key_open(const struct secret *key, const uint8_t nonce[GCM_NONCE_BYTES], struct bytes associated,
    struct bytes sealed, struct buffer *plain, struct error *err);

#endif
