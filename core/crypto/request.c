#include "core/crypto/request.h"

#include <openssl/err.h>
#include <string.h>

#include "core/crypto/openssl.h"
#include "core/crypto/x509.h"
#include "core/encoding.h"
#include "core/identifier.h"

enum { REQUEST_MAX_BYTES = 4096 };

static bool is_plain_text(const char *text)
{
    size_t len = strlen(text);

    if (len == 0 || len >= NAME_SIZE || !utf8_valid(text, len))
        return false;
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
            return false;
    return true;
}

static bool add_entry(X509_NAME *subject, int nid, const char *text)
{
    return X509_NAME_add_entry_by_NID(subject, nid, MBSTRING_UTF8, (const unsigned char *)text, -1, -1, 0) ==
           1;
}

X509_NAME *request_subject(const char *common_name, const char *center, struct error *err)
{
    X509_NAME *subject = NULL;

    if ((center[0] != '\0' && !identifier_valid(center)) || !is_plain_text(common_name)) {
        error_set(err, ERROR_USAGE,
            "a center is named by a-z 0-9 - _ . : and everybody by 1 to %d bytes of text", NAME_SIZE - 1);
        return NULL;
    }
    subject = X509_NAME_new();
    if (subject != NULL && (center[0] == '\0' || add_entry(subject, NID_organizationalUnitName, center)) &&
        add_entry(subject, NID_commonName, common_name))
        return subject;
    openssl_fail(
        err, ERROR_USAGE, "cannot make the name %.60s", common_name); /* X.520 allows 64 characters */
    X509_NAME_free(subject);
    return NULL;
}

bool request_make(
    EVP_PKEY *key, const char *common_name, const char *center, struct buffer *request, struct error *err)
{
    X509_NAME *subject = request_subject(common_name, center, err);
    X509_REQ *made = X509_REQ_new();
    unsigned char *der = NULL;
    int len = 0;
    bool ok = false;

    if (subject == NULL)
        goto done;
    if (made == NULL || X509_REQ_set_version(made, X509_REQ_VERSION_1) != 1 ||
        X509_REQ_set_subject_name(made, subject) != 1 || X509_REQ_set_pubkey(made, key) != 1 ||
        X509_REQ_sign(made, key, EVP_sha256()) <= 0 || (len = i2d_X509_REQ(made, &der)) <= 0)
        openssl_fail(err, ERROR_NOMEM, "cannot make the certificate request");
    else
        ok = buffer_add(request, der, (size_t)len) || error_set(err, ERROR_LIMIT, "no room for the request");
done:
    OPENSSL_free(der);
    X509_REQ_free(made);
    X509_NAME_free(subject);
    return ok;
}

EVP_PKEY *request_key(struct bytes request, struct error *err)
{
    const unsigned char *at = request.data;
    X509_REQ *parsed = request.len > REQUEST_MAX_BYTES ? NULL : d2i_X509_REQ(NULL, &at, (long)request.len);
    EVP_PKEY *key = NULL;

    if (parsed == NULL || (size_t)(at - request.data) != request.len)
        error_set(err, ERROR_FORMAT, "not a certificate request in DER");
    else if (!certificate_key_is_p256(X509_REQ_get_X509_PUBKEY(parsed)))
        error_set(err, ERROR_FORMAT, "the certificate request is not for a P-256 key");
    else if (X509_REQ_verify(parsed, X509_REQ_get0_pubkey(parsed)) != 1)
        error_set(err, ERROR_UNTRUSTED, "the certificate request is not signed by its own key");
    else
        key = X509_REQ_get_pubkey(parsed);
    ERR_clear_error();
    X509_REQ_free(parsed);
    return key;
}
