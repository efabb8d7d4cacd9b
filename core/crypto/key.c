#include "core/crypto/key.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <string.h>

#include "core/crypto/gcm.h"
#include "core/crypto/openssl.h"

/* OpenSSL's own bound is 32 MiB, too little for N = 2^17 with r = 8. */
#define SCRYPT_MAX_MEMORY (UINT64_C(256) << 20)
enum { SCRYPT_R = 8, SCRYPT_P = 1, SCRYPT_COST_MAX = 17 };

struct secret *key_scrypt(struct bytes code, struct bytes salt, unsigned cost, struct error *err)
{
    struct secret *key = NULL;

    if (cost == 0 || cost > SCRYPT_COST_MAX) {
        error_set(err, ERROR_LIMIT, "the scrypt cost is 1 to %d, not %u", SCRYPT_COST_MAX, cost);
        return NULL;
    }
    key = secret_new(KEY_BYTES, err);
    if (key == NULL)
        return NULL;
    if (EVP_PBE_scrypt((const char *)code.data, code.len, salt.data, salt.len, UINT64_C(1) << cost, SCRYPT_R,
            SCRYPT_P, SCRYPT_MAX_MEMORY, secret_data(key), KEY_BYTES) != 1) {
        openssl_fail(err, ERROR_NOMEM, "cannot derive a key from the code");
        secret_free(key);
        return NULL;
    }
    return key;
}

static OSSL_PARAM octets(const char *name, struct bytes bytes)
{
    union {
        const uint8_t *in;
        void *out;
    } both = {bytes.data}; /* OSSL_PARAM has no const; these are only read */

    return OSSL_PARAM_construct_octet_string(name, both.out, bytes.len);
}

struct secret *key_hkdf(const struct secret *key, struct bytes salt, const char *info, struct error *err)
{
    char digest[] = "SHA256";
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
        octets(OSSL_KDF_PARAM_KEY, secret_bytes(key)),
        octets(OSSL_KDF_PARAM_SALT, salt.len == 0 ? bytes_of("", 0) : salt),
        octets(OSSL_KDF_PARAM_INFO, bytes_of_text(info)),
        OSSL_PARAM_construct_end(),
    };
    EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
    EVP_KDF_CTX *context = kdf == NULL ? NULL : EVP_KDF_CTX_new(kdf);
    struct secret *derived = secret_new(KEY_BYTES, err);

    if (derived != NULL &&
        (context == NULL || EVP_KDF_derive(context, secret_data(derived), KEY_BYTES, params) != 1)) {
        openssl_fail(err, ERROR_NOMEM, "cannot derive a key");
        secret_free(derived);
        derived = NULL;
    }
    EVP_KDF_CTX_free(context);
    EVP_KDF_free(kdf);
    return derived;
}

/* --- key wrap ------------------------------------------------------------------------------------------ */

static EVP_CIPHER_CTX *wrap_context(const struct secret *wrapping, bool is_wrapping, struct error *err)
{
    EVP_CIPHER_CTX *context = NULL;

    if (secret_bytes(wrapping).len != KEY_BYTES) {
        error_set(err, ERROR_LIMIT, "a wrapping key has %d bytes", KEY_BYTES);
        return NULL;
    }
    context = EVP_CIPHER_CTX_new();
    if (context == NULL)
        goto fail;
    EVP_CIPHER_CTX_set_flags(context, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
    if (EVP_CipherInit_ex(
            context, EVP_aes_256_wrap(), NULL, secret_bytes(wrapping).data, NULL, is_wrapping) == 1)
        return context;
fail:
    openssl_fail(err, ERROR_NOMEM, "cannot set up the key wrap");
    EVP_CIPHER_CTX_free(context);
    return NULL;
}

enum { WRAP_UNIT = 8, WRAP_PLAIN_MAX = 4096 };

bool key_wrap(const struct secret *wrapping, struct bytes plain, struct buffer *wrapped, struct error *err)
{
    const size_t before = wrapped->len;
    EVP_CIPHER_CTX *context = NULL;
    uint8_t *room = NULL;
    int len = 0;
    bool ok = false;

    if (plain.len < 2 * WRAP_UNIT || plain.len > WRAP_PLAIN_MAX || plain.len % WRAP_UNIT != 0)
        return error_set(err, ERROR_LIMIT, "a wrapped key has 16 to %d bytes in eights", WRAP_PLAIN_MAX);
    context = wrap_context(wrapping, true, err);
    if (context == NULL)
        return false;
    room = buffer_extend(wrapped, plain.len + WRAP_UNIT);
    if (room == NULL)
        error_set(err, ERROR_LIMIT, "no room for the wrapped key");
    else if (EVP_CipherUpdate(context, room, &len, plain.data, (int)plain.len) != 1)
        openssl_fail(err, ERROR_NOMEM, "cannot wrap the key");
    else
        ok = true;
    if (!ok)
        buffer_cut(wrapped, before);
    EVP_CIPHER_CTX_free(context);
    return ok;
}

struct secret *key_unwrap(const struct secret *wrapping, struct bytes wrapped, struct error *err)
{
    EVP_CIPHER_CTX *context = NULL;
    struct secret *plain = NULL;
    int len = 0;

    if (wrapped.len < 3 * WRAP_UNIT || wrapped.len > WRAP_PLAIN_MAX + WRAP_UNIT ||
        wrapped.len % WRAP_UNIT != 0) {
        error_set(err, ERROR_FORMAT, "a wrapped key of %zu bytes", wrapped.len);
        return NULL;
    }
    context = wrap_context(wrapping, false, err);
    plain = context == NULL ? NULL : secret_new(wrapped.len - WRAP_UNIT, err);
    if (plain != NULL &&
        EVP_CipherUpdate(context, secret_data(plain), &len, wrapped.data, (int)wrapped.len) != 1) {
        openssl_fail(err, ERROR_UNTRUSTED, "the key does not open what was wrapped");
        secret_free(plain);
        plain = NULL;
    }
    EVP_CIPHER_CTX_free(context);
    return plain;
}

/* --- AES-256-GCM --------------------------------------------------------------------------------------- */

bool key_seal(const struct secret *key, const uint8_t nonce[GCM_NONCE_BYTES], struct bytes associated,
    struct bytes plain, struct buffer *sealed, struct error *err)
{
    const size_t before = sealed->len;
    uint8_t *room = NULL;

    if (plain.len > SIZE_MAX - GCM_TAG_BYTES)
        return error_set(err, ERROR_LIMIT, "too large to encrypt");
    room = buffer_extend(sealed, plain.len + GCM_TAG_BYTES);
    if (room == NULL)
        return error_set(err, ERROR_LIMIT, "larger than %zu bytes once encrypted", sealed->max);
    if (gcm_seal(key, nonce, associated, plain, room, room + plain.len, err))
        return true;
    buffer_cut(sealed, before);
    return false;
}

bool key_open(const struct secret *key, const uint8_t nonce[GCM_NONCE_BYTES], struct bytes associated,
    struct bytes sealed, struct buffer *plain, struct error *err)
{
    const size_t before = plain->len;
    struct bytes inside;
    uint8_t *room = NULL;

    if (sealed.len < GCM_TAG_BYTES)
        return error_set(err, ERROR_FORMAT, "%zu bytes are no encrypted piece", sealed.len);
    inside = bytes_of(sealed.data, sealed.len - GCM_TAG_BYTES);
    room = buffer_extend(plain, inside.len);
    if (room == NULL)
        return error_set(err, ERROR_LIMIT, "larger than %zu bytes once decrypted", plain->max);
    if (gcm_open(key, nonce, associated, inside, sealed.data + inside.len, room, err))
        return true;
    buffer_cut(plain, before);
    return false;
}
