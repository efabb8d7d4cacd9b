#include "core/crypto/gcm.h"

#include <limits.h>
#include <openssl/evp.h>
#include <string.h>

#include "core/crypto/openssl.h"

static EVP_CIPHER_CTX *context_new(const struct secret *key, const uint8_t nonce[GCM_NONCE_BYTES],
    struct bytes associated, bool is_sealing, struct error *err)
{
    EVP_CIPHER_CTX *context = NULL;
    int len = 0;

    if (secret_bytes(key).len != KEY_BYTES || associated.len > INT_MAX) {
        error_set(err, ERROR_LIMIT, "the key has %zu bytes, not %d", secret_bytes(key).len, KEY_BYTES);
        return NULL;
    }
    context = EVP_CIPHER_CTX_new(); /* OpenSSL's nonce length for GCM is 12 unless told otherwise */
    if (context != NULL &&
        EVP_CipherInit_ex(context, EVP_aes_256_gcm(), NULL, secret_bytes(key).data, nonce, is_sealing) == 1 &&
        (associated.len == 0 ||
            EVP_CipherUpdate(context, NULL, &len, associated.data, (int)associated.len) == 1))
        return context;
    openssl_fail(err, ERROR_NOMEM, "cannot set up the cipher");
    EVP_CIPHER_CTX_free(context);
    return NULL;
}

/* An empty input must not reach EVP_CipherUpdate: OpenSSL takes NULL as the end. */
static bool update(EVP_CIPHER_CTX *context, struct bytes from, uint8_t *to)
{
    int len = 0;

    return from.len == 0 ||
           (EVP_CipherUpdate(context, to, &len, from.data, (int)from.len) == 1 && (size_t)len == from.len);
}

bool gcm_seal(const struct secret *key, const uint8_t nonce[GCM_NONCE_BYTES], struct bytes associated,
    struct bytes plain, uint8_t *to, uint8_t tag[GCM_TAG_BYTES], struct error *err)
{
    EVP_CIPHER_CTX *context = NULL;
    int len = 0;
    bool ok = false;

    if (plain.len > INT_MAX)
        return error_set(err, ERROR_LIMIT, "too large to encrypt in one piece");
    context = context_new(key, nonce, associated, true, err);
    if (context == NULL)
        return false;
    ok = (update(context, plain, to) && EVP_CipherFinal_ex(context, tag, &len) == 1 &&
             EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, GCM_TAG_BYTES, tag) == 1) ||
         openssl_fail(err, ERROR_NOMEM, "cannot encrypt");
    EVP_CIPHER_CTX_free(context);
    return ok;
}

static bool is_authentic(EVP_CIPHER_CTX *context, const uint8_t tag[GCM_TAG_BYTES])
{
    uint8_t copy[GCM_TAG_BYTES]; /* the control call takes no const */
    uint8_t behind[1];           /* GCM ends without a last block: nothing is written */
    int len = 0;

    memcpy(copy, tag, GCM_TAG_BYTES);
    return EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, GCM_TAG_BYTES, copy) == 1 &&
           EVP_CipherFinal_ex(context, behind, &len) == 1;
}

bool gcm_open(const struct secret *key, const uint8_t nonce[GCM_NONCE_BYTES], struct bytes associated,
    struct bytes sealed, const uint8_t tag[GCM_TAG_BYTES], uint8_t *to, struct error *err)
{
    EVP_CIPHER_CTX *context = NULL;
    bool ok = false;

    if (sealed.len > INT_MAX)
        return error_set(err, ERROR_LIMIT, "too large to decrypt in one piece");
    context = context_new(key, nonce, associated, false, err);
    if (context == NULL)
        return false;
    ok = (update(context, sealed, to) && is_authentic(context, tag)) ||
         openssl_fail(err, ERROR_UNTRUSTED, "the key does not open it, or it was changed");
    if (!ok)
        explicit_bzero(to, sealed.len); /* nothing unauthenticated stays behind */
    EVP_CIPHER_CTX_free(context);
    return ok;
}
