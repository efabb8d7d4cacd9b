#include "core/crypto/signature.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>

#include "core/crypto/openssl.h"

/* The order n of P-256 (FIPS 186-5), and n / 2 rounded down: the highest s we accept. */
static const char order_hex[] = "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551";
static const char half_hex[] = "7FFFFFFF800000007FFFFFFFFFFFFFFFDE737D56D38BCF4279DCE5617E3192A8";

static bool is_high(const BIGNUM *s)
{
    BIGNUM *half = NULL;
    bool high = BN_hex2bn(&half, half_hex) == 0 || BN_cmp(s, half) > 0;

    BN_free(half);
    return high;
}

static ECDSA_SIG *decode(struct bytes signature)
{
    const unsigned char *at = signature.data;

    if (signature.len == 0 || signature.len > SIGNATURE_MAX_BYTES)
        return NULL;
    return d2i_ECDSA_SIG(NULL, &at, (long)signature.len);
}

static bool encode(const ECDSA_SIG *pair, struct buffer *signature)
{
    unsigned char room[SIGNATURE_MAX_BYTES], *at = room;
    int len = i2d_ECDSA_SIG(pair, NULL);

    return len > 0 && len <= (int)sizeof room && i2d_ECDSA_SIG(pair, &at) == len &&
           buffer_add(signature, room, (size_t)len);
}

bool signature_is_canonical(struct bytes signature)
{
    ECDSA_SIG *pair = decode(signature);
    struct buffer again = {.max = SIGNATURE_MAX_BYTES};
    bool ok = pair != NULL && encode(pair, &again) && bytes_equal(buffer_bytes(&again), signature) &&
              !is_high(ECDSA_SIG_get0_s(pair));

    buffer_release(&again);
    ECDSA_SIG_free(pair);
    return ok;
}

/* s becomes n − s where that is the lower one. */
static bool lower(ECDSA_SIG *pair)
{
    BIGNUM *order = NULL, *r = BN_dup(ECDSA_SIG_get0_r(pair)), *s = BN_new();
    bool ok = false;

    if (!is_high(ECDSA_SIG_get0_s(pair))) {
        ok = true;
        goto done;
    }
    if (r == NULL || s == NULL || BN_hex2bn(&order, order_hex) == 0 ||
        BN_sub(s, order, ECDSA_SIG_get0_s(pair)) != 1)
        goto done;
    ok = ECDSA_SIG_set0(pair, r, s) == 1;
    if (ok)
        r = s = NULL; /* taken by the pair */
done:
    BN_free(order);
    BN_free(r);
    BN_free(s);
    return ok;
}

bool signature_make(EVP_PKEY *key, struct bytes content, struct buffer *signature, struct error *err)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    unsigned char room[SIGNATURE_MAX_BYTES];
    size_t len = sizeof room;
    ECDSA_SIG *pair = NULL;
    bool ok = false;

    if (context != NULL && EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
        EVP_DigestSign(context, room, &len, content.data, content.len) == 1)
        pair = decode(bytes_of(room, len));
    ok = pair != NULL && lower(pair) && encode(pair, signature);
    if (!ok)
        openssl_fail(err, ERROR_NOMEM, "cannot sign");
    ECDSA_SIG_free(pair);
    EVP_MD_CTX_free(context);
    return ok;
}

bool signature_verify(EVP_PKEY *key, struct bytes content, struct bytes signature)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool ok = context != NULL && EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
              EVP_DigestVerify(context, signature.data, signature.len, content.data, content.len) == 1;

    EVP_MD_CTX_free(context);
    return ok;
}
