#include "core/crypto/certificate.h"

#include <openssl/asn1.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <string.h>

#include "core/crypto/oids.h"
#include "core/crypto/openssl.h"
#include "core/crypto/signature.h"
#include "core/crypto/x509.h"
#include "core/encoding.h"
#include "core/file.h"

struct certificate {
    X509 *x509; /* counted by OpenSSL: copies share it */
};

/* --- the one form of a certificate --------------------------------------------------------------------- */

bool certificate_key_is_p256(const X509_PUBKEY *key)
{
    static const uint8_t head[] = {0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02,
        0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04};
    unsigned char info[sizeof head + 64], *at = info;

    if (key == NULL || i2d_X509_PUBKEY(key, NULL) != (int)sizeof info)
        return false;
    return i2d_X509_PUBKEY(key, &at) == (int)sizeof info && memcmp(info, head, sizeof head) == 0 &&
           X509_PUBKEY_get0(key) != NULL; /* NULL: not a point of the curve */
}

static bool is_signed_canonically(const X509 *x509)
{
    const ASN1_BIT_STRING *signature = NULL;
    const X509_ALGOR *algorithm = NULL;
    const ASN1_OBJECT *object = NULL;
    int parameter = 0;

    X509_get0_signature(&signature, &algorithm, x509);
    X509_ALGOR_get0(&object, &parameter, NULL, algorithm);
    return OBJ_obj2nid(object) == NID_ecdsa_with_SHA256 && parameter == V_ASN1_UNDEF &&
           signature_is_canonical(
               bytes_of(ASN1_STRING_get0_data(signature), (size_t)ASN1_STRING_length(signature)));
}

/* The one entry of that kind, as UTF-8 without control characters, at most size − 1 bytes. Absent: "" and
 * true. */
static bool subject_text(const X509 *x509, int nid, char *text, size_t size)
{
    const X509_NAME *subject = X509_get_subject_name(x509);
    int index = X509_NAME_get_index_by_NID(subject, nid, -1);
    unsigned char *utf8 = NULL;
    int len;
    bool ok;

    text[0] = '\0';
    if (index < 0)
        return true;
    if (X509_NAME_get_index_by_NID(subject, nid, index) >= 0)
        return false;
    len = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, index)));
    ok = len > 0 && (size_t)len < size && utf8_valid((const char *)utf8, (size_t)len);
    for (int i = 0; ok && i < len; i++)
        ok = utf8[i] >= 0x20 && utf8[i] != 0x7f;
    if (ok) {
        memcpy(text, utf8, (size_t)len);
        text[len] = '\0';
    }
    OPENSSL_free(utf8);
    return ok;
}

/* What about it is not of our form; NULL if nothing. Says nothing about trust. */
static const char *fault_of(X509 *x509)
{
    char name[NAME_SIZE], center[IDENTIFIER_SIZE];
    const ASN1_INTEGER *serial = X509_get0_serialNumber(x509);
    const ASN1_OCTET_STRING *key_id = X509_get0_subject_key_id(x509);

    (void)X509_check_purpose(x509, -1, 0); /* fills the cached extensions, so that threads may share it */
    if ((X509_get_extension_flags(x509) & EXFLAG_INVALID) != 0)
        return "has extensions that contradict each other";
    if (X509_get_version(x509) != X509_VERSION_3)
        return "is not of version 3";
    if (!certificate_key_is_p256(X509_get_X509_PUBKEY(x509)))
        return "does not hold a P-256 key";
    if (!is_signed_canonically(x509))
        return "is not signed with ECDSA and SHA-256 in the one form";
    if (serial == NULL || ASN1_STRING_length(serial) > 20 || ASN1_STRING_type(serial) != V_ASN1_INTEGER)
        return "has no proper serial number";
    if (key_id == NULL || ASN1_STRING_length(key_id) < 1 || ASN1_STRING_length(key_id) > 64)
        return "has no subject key id";
    if (!subject_text(x509, NID_commonName, name, sizeof name) || name[0] == '\0')
        return "has no proper name";
    if (!subject_text(x509, NID_organizationalUnitName, center, sizeof center))
        return "has no proper center";
    return NULL;
}

struct certificate *certificate_of_x509(X509 *x509_take, struct error *err)
{
    struct certificate *certificate = NULL;
    const char *fault = fault_of(x509_take);

    ERR_clear_error();
    if (fault != NULL) {
        error_set(err, ERROR_FORMAT, "the certificate %s", fault);
        X509_free(x509_take);
        return NULL;
    }
    certificate = calloc(1, sizeof *certificate);
    if (certificate == NULL) {
        error_set(err, ERROR_NOMEM, "no memory for a certificate");
        X509_free(x509_take);
        return NULL;
    }
    certificate->x509 = x509_take;
    return certificate;
}

/* --- reading and writing ------------------------------------------------------------------------------- */

static bool is_same_der(X509 *x509, struct bytes der)
{
    unsigned char *again = NULL;
    int len = i2d_X509(x509, &again);
    bool same = len > 0 && bytes_equal(bytes_of(again, (size_t)len), der);

    OPENSSL_free(again);
    return same;
}

static struct certificate *parse_der(struct bytes der, struct error *err)
{
    const unsigned char *at = der.data;
    X509 *x509 = der.len > PEM_MAX_BYTES ? NULL : d2i_X509(NULL, &at, (long)der.len);

    ERR_clear_error();
    if (x509 == NULL || !is_same_der(x509, der)) {
        error_set(err, ERROR_FORMAT, "not a certificate in DER");
        X509_free(x509);
        return NULL;
    }
    return certificate_of_x509(x509, err);
}

/* The certificates of a PEM text; anything but them in it is refused. */
static size_t parse_pem(struct bytes pem, struct certificate **certificates, size_t max, struct error *err)
{
    BIO *input = pem.len > PEM_MAX_BYTES ? NULL : BIO_new_mem_buf(pem.data, (int)pem.len);
    size_t count = 0;
    bool ok = input != NULL;

    while (ok && BIO_pending(input) > 0) {
        X509 *x509 = PEM_read_bio_X509(input, NULL, NULL, NULL);
        if (x509 == NULL || count == max) {
            ok = openssl_fail(err, ERROR_FORMAT, "not a list of at most %zu certificates in PEM", max);
            X509_free(x509);
        } else {
            certificates[count] = certificate_of_x509(x509, err);
            ok = certificates[count] != NULL;
            count += ok ? 1 : 0;
        }
    }
    BIO_free(input);
    if (ok && count == 0)
        ok = error_set(err, ERROR_FORMAT, "no certificate");
    while (!ok && count > 0)
        certificate_free(certificates[--count]);
    return count;
}

struct certificate *certificate_parse(struct bytes encoded, struct error *err)
{
    static const char head[] = "-----BEGIN ";
    struct certificate *certificate = NULL;

    if (encoded.len < sizeof head || memcmp(encoded.data, head, sizeof head - 1) != 0)
        return parse_der(encoded, err);
    return parse_pem(encoded, &certificate, 1, err) == 1 ? certificate : NULL;
}

size_t certificates_load(const char *path, struct certificate **certificates, size_t max, struct error *err)
{
    struct buffer content = {.max = PEM_MAX_BYTES};
    size_t count = 0;

    if (file_read(path, &content, err)) {
        count = parse_pem(buffer_bytes(&content), certificates, max, err);
        if (count == 0)
            error_prefix(err, "%s", path);
    }
    buffer_release(&content);
    return count;
}

struct certificate *certificate_load(const char *path, struct error *err)
{
    struct certificate *certificates[CHAIN_MAX];
    size_t count = certificates_load(path, certificates, CHAIN_MAX, err);

    for (size_t i = 1; i < count; i++)
        certificate_free(certificates[i]);
    return count == 0 ? NULL : certificates[0];
}

struct certificate *certificate_copy(const struct certificate *certificate)
{
    struct certificate *copy = calloc(1, sizeof *copy);

    if (copy == NULL || X509_up_ref(certificate->x509) != 1) {
        free(copy);
        return NULL;
    }
    copy->x509 = certificate->x509;
    return copy;
}

void certificate_free(struct certificate *certificate)
{
    if (certificate == NULL)
        return;
    X509_free(certificate->x509);
    free(certificate);
}

bool certificate_pem(const struct certificate *certificate, struct buffer *pem, struct error *err)
{
    BIO *output = BIO_new(BIO_s_mem());
    char *text = NULL;
    long len = 0;
    bool ok = false;

    if (output == NULL || PEM_write_bio_X509(output, certificate->x509) != 1 ||
        (len = BIO_get_mem_data(output, &text)) <= 0)
        openssl_fail(err, ERROR_NOMEM, "cannot write the certificate");
    else
        ok = buffer_add(pem, text, (size_t)len) ||
             error_set(err, ERROR_LIMIT, "the certificates are larger than %zu bytes", pem->max);
    BIO_free(output);
    return ok;
}

bool certificate_der(const struct certificate *certificate, struct buffer *der, struct error *err)
{
    unsigned char *bytes = NULL;
    int len = i2d_X509(certificate->x509, &bytes);
    bool ok = false;

    if (len <= 0)
        openssl_fail(err, ERROR_NOMEM, "cannot write the certificate");
    else
        ok = buffer_add(der, bytes, (size_t)len) ||
             error_set(err, ERROR_LIMIT, "the certificates are larger than %zu bytes", der->max);
    OPENSSL_free(bytes);
    return ok;
}

/* --- what it says -------------------------------------------------------------------------------------- */

X509 *certificate_x509(const struct certificate *certificate)
{
    return certificate->x509;
}

EVP_PKEY *certificate_public(const struct certificate *certificate)
{
    return X509_get0_pubkey(certificate->x509);
}

struct bytes certificate_key_id(const struct certificate *certificate)
{
    const ASN1_OCTET_STRING *key_id = X509_get0_subject_key_id(certificate->x509);

    return bytes_of(ASN1_STRING_get0_data(key_id), (size_t)ASN1_STRING_length(key_id));
}

void certificate_digest(const struct certificate *certificate, struct digest *digest)
{
    if (X509_digest(certificate->x509, EVP_sha256(), digest->bytes, NULL) != 1)
        abort(); /* OpenSSL without SHA-256 */
}

void certificate_name(const struct certificate *certificate, char name[NAME_SIZE])
{
    (void)subject_text(certificate->x509, NID_commonName, name, NAME_SIZE); /* looked at when it was parsed */
}

void certificate_center(const struct certificate *certificate, char center[IDENTIFIER_SIZE])
{
    (void)subject_text(certificate->x509, NID_organizationalUnitName, center, IDENTIFIER_SIZE);
}

static enum role role_of_policy(const POLICYINFO *policy)
{
    struct bytes value = bytes_of(OBJ_get0_data(policy->policyid), OBJ_length(policy->policyid));

    for (enum role role = ROLE_NONE + 1; role < ROLES; role++)
        if (bytes_equal(value, bytes_of(oid_roles[role].der + 2, OID_BYTES - 2)))
            return role;
    return ROLE_NONE;
}

/* A center CA lists the roles it may give beside its own; everybody else has one policy and no other. */
enum role certificate_role(const struct certificate *certificate)
{
    CERTIFICATEPOLICIES *policies = X509_get_ext_d2i(certificate->x509, NID_certificate_policies, NULL, NULL);
    const bool is_authority = (X509_get_extension_flags(certificate->x509) & EXFLAG_CA) != 0;
    enum role role = ROLE_NONE;

    if (is_authority) {
        for (int i = 0; i < sk_POLICYINFO_num(policies); i++)
            if (role_of_policy(sk_POLICYINFO_value(policies, i)) == ROLE_CENTER_CA)
                role = ROLE_CENTER_CA;
    } else if (sk_POLICYINFO_num(policies) == 1) {
        role = role_of_policy(sk_POLICYINFO_value(policies, 0));
        if (role == ROLE_CENTER_CA)
            role = ROLE_NONE;
    }
    CERTIFICATEPOLICIES_free(policies);
    ERR_clear_error();
    return role;
}

static int64_t time_ms(const ASN1_TIME *time)
{
    struct tm tm;

    return ASN1_TIME_to_tm(time, &tm) == 1 ? (int64_t)timegm(&tm) * 1000 : 0;
}

int64_t certificate_not_before_ms(const struct certificate *certificate)
{
    return time_ms(X509_get0_notBefore(certificate->x509));
}

int64_t certificate_not_after_ms(const struct certificate *certificate)
{
    return time_ms(X509_get0_notAfter(certificate->x509));
}

void certificate_serial(const struct certificate *certificate, char serial[SERIAL_SIZE])
{
    const ASN1_INTEGER *number = X509_get0_serialNumber(certificate->x509);

    hex_encode(ASN1_STRING_get0_data(number), (size_t)ASN1_STRING_length(number), serial);
}

bool certificate_same_key(const struct certificate *a, const struct certificate *b)
{
    return EVP_PKEY_eq(certificate_public(a), certificate_public(b)) == 1;
}
