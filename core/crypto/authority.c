/* Issuing: roots, certificates and revocation lists in the form that docs/formats/certificates.md describes.
 */
#include <openssl/err.h>
#include <string.h>

#include "core/crypto/certificate.h"
#include "core/crypto/identity.h"
#include "core/crypto/oids.h"
#include "core/crypto/openssl.h"
#include "core/crypto/request.h"
#include "core/crypto/signature.h"
#include "core/crypto/x509.h"
#include "core/encoding.h"
#include "core/file.h"
#include "core/outfile.h"

/* --- extensions ---------------------------------------------------------------------------------------- */

static bool add_extension(X509 *x509, int nid, void *value, bool is_critical)
{
    return value != NULL && X509_add1_ext_i2d(x509, nid, value, is_critical, X509V3_ADD_DEFAULT) == 1;
}

static bool add_basic_constraints(X509 *x509, bool is_authority, long path_len)
{
    BASIC_CONSTRAINTS *constraints = BASIC_CONSTRAINTS_new();
    bool ok = constraints != NULL;

    if (ok && is_authority) {
        constraints->ca = 0xff;
        constraints->pathlen = ASN1_INTEGER_new();
        ok = constraints->pathlen != NULL && ASN1_INTEGER_set(constraints->pathlen, path_len) == 1;
    }
    ok = ok && add_extension(x509, NID_basic_constraints, constraints, true);
    BASIC_CONSTRAINTS_free(constraints);
    return ok;
}

static bool add_key_usage(X509 *x509, uint32_t usage)
{
    static const struct {
        uint32_t usage;
        int bit;
    } bits[] = {{KU_DIGITAL_SIGNATURE, 0}, {KU_KEY_AGREEMENT, 4}, {KU_KEY_CERT_SIGN, 5}, {KU_CRL_SIGN, 6}};
    ASN1_BIT_STRING *string = ASN1_BIT_STRING_new();
    bool ok = string != NULL;

    for (size_t i = 0; ok && i < sizeof bits / sizeof bits[0]; i++)
        if ((usage & bits[i].usage) != 0)
            ok = ASN1_BIT_STRING_set_bit(string, bits[i].bit, 1) == 1;
    ok = ok && add_extension(x509, NID_key_usage, string, true);
    ASN1_BIT_STRING_free(string);
    return ok;
}

static bool add_extended_usage(X509 *x509, uint32_t usage)
{
    static const struct {
        uint32_t usage;
        int nid;
    } purposes[] = {
        {XKU_SSL_SERVER, NID_server_auth}, {XKU_SSL_CLIENT, NID_client_auth}, {XKU_SMIME, NID_email_protect}};
    EXTENDED_KEY_USAGE *list = NULL;
    bool ok;

    if (usage == 0)
        return true;
    list = EXTENDED_KEY_USAGE_new();
    ok = list != NULL;
    for (size_t i = 0; ok && i < sizeof purposes / sizeof purposes[0]; i++)
        if ((usage & purposes[i].usage) != 0)
            ok = sk_ASN1_OBJECT_push(list, OBJ_nid2obj(purposes[i].nid)) != 0;
    ok = ok && add_extension(x509, NID_ext_key_usage, list, false);
    EXTENDED_KEY_USAGE_free(list);
    return ok;
}

static bool push_policy(CERTIFICATEPOLICIES *policies, enum role role)
{
    const unsigned char *at = oid_roles[role].der;
    POLICYINFO *policy = POLICYINFO_new();

    if (policy == NULL)
        return false;
    ASN1_OBJECT_free(policy->policyid);
    policy->policyid = d2i_ASN1_OBJECT(NULL, &at, OID_BYTES);
    if (policy->policyid != NULL && sk_POLICYINFO_push(policies, policy) != 0)
        return true;
    POLICYINFO_free(policy);
    return false;
}

/* Its own role; for a center CA also those it may give, since a policy counts only where every certificate
 * has it. */
static bool add_policies(X509 *x509, enum role role)
{
    CERTIFICATEPOLICIES *policies = CERTIFICATEPOLICIES_new();
    bool ok = policies != NULL && push_policy(policies, role);

    for (enum role below = ROLE_NONE + 1; ok && below < ROLES; below++)
        if (role == ROLE_CENTER_CA && role_form(below)->issuer == ROLE_CENTER_CA)
            ok = push_policy(policies, below);
    ok = ok && add_extension(x509, NID_certificate_policies, policies, false);
    CERTIFICATEPOLICIES_free(policies);
    return ok;
}

static GENERAL_SUBTREE *subtree_of_center(const char *center)
{
    GENERAL_SUBTREE *subtree = GENERAL_SUBTREE_new();
    X509_NAME *name = X509_NAME_new();

    if (subtree == NULL || name == NULL ||
        X509_NAME_add_entry_by_NID(
            name, NID_organizationalUnitName, MBSTRING_UTF8, (const unsigned char *)center, -1, -1, 0) != 1) {
        GENERAL_SUBTREE_free(subtree);
        X509_NAME_free(name);
        return NULL;
    }
    GENERAL_NAME_set0_value(subtree->base, GEN_DIRNAME, name);
    return subtree;
}

/* Only subjects that begin with the center's OU. */
static bool add_name_constraint(X509 *x509, const char *center)
{
    NAME_CONSTRAINTS *constraints = NAME_CONSTRAINTS_new();
    GENERAL_SUBTREE *subtree = subtree_of_center(center);
    bool ok = false;

    if (constraints == NULL || subtree == NULL)
        goto done;
    constraints->permittedSubtrees = sk_GENERAL_SUBTREE_new_null();
    if (constraints->permittedSubtrees == NULL ||
        sk_GENERAL_SUBTREE_push(constraints->permittedSubtrees, subtree) == 0)
        goto done;
    subtree = NULL; /* taken by the constraints */
    ok = add_extension(x509, NID_name_constraints, constraints, true);
done:
    GENERAL_SUBTREE_free(subtree);
    NAME_CONSTRAINTS_free(constraints);
    return ok;
}

/* One name of "localhost,127.0.0.1": an address where it reads as one. */
static bool push_server_name(GENERAL_NAMES *names, const char *text)
{
    ASN1_OCTET_STRING *address = a2i_IPADDRESS(text);
    GENERAL_NAME *name = NULL;

    ASN1_OCTET_STRING_free(address);
    ERR_clear_error();
    name = a2i_GENERAL_NAME(NULL, NULL, NULL, address != NULL ? GEN_IPADD : GEN_DNS, text, 0);
    if (name != NULL && sk_GENERAL_NAME_push(names, name) != 0)
        return true;
    GENERAL_NAME_free(name);
    return false;
}

static bool add_server_names(X509 *x509, const char *dns_names)
{
    GENERAL_NAMES *names = NULL;
    char *copy = NULL, *rest = NULL;
    bool ok = false;

    if (dns_names == NULL)
        return true;
    names = GENERAL_NAMES_new();
    copy = strdup(dns_names);
    ok = names != NULL && copy != NULL;
    for (char *name = ok ? strtok_r(copy, ",", &rest) : NULL; ok && name != NULL;
         name = strtok_r(NULL, ",", &rest))
        ok = push_server_name(names, name);
    ok = ok && add_extension(x509, NID_subject_alt_name, names, false);
    free(copy);
    GENERAL_NAMES_free(names);
    return ok;
}

/* The first 20 bytes of the key's SHA-256 (RFC 7093, method 1). */
static bool add_key_id(X509 *x509)
{
    const ASN1_BIT_STRING *key = X509_get0_pubkey_bitstr(x509);
    ASN1_OCTET_STRING *id = ASN1_OCTET_STRING_new();
    struct digest digest;
    bool ok;

    digest_of(bytes_of(ASN1_STRING_get0_data(key), (size_t)ASN1_STRING_length(key)), &digest);
    ok = id != NULL && ASN1_OCTET_STRING_set(id, digest.bytes, 20) == 1 &&
         add_extension(x509, NID_subject_key_identifier, id, false);
    ASN1_OCTET_STRING_free(id);
    return ok;
}

static AUTHORITY_KEYID *issuer_key_id(const struct certificate *issuer)
{
    const struct bytes key_id = certificate_key_id(issuer);
    AUTHORITY_KEYID *id = AUTHORITY_KEYID_new();

    if (id != NULL && (id->keyid = ASN1_OCTET_STRING_new()) != NULL &&
        ASN1_OCTET_STRING_set(id->keyid, key_id.data, (int)key_id.len) == 1)
        return id;
    AUTHORITY_KEYID_free(id);
    return NULL;
}

static bool add_issuer_key_id(X509 *x509, const struct certificate *issuer)
{
    AUTHORITY_KEYID *id = issuer_key_id(issuer);
    bool ok = add_extension(x509, NID_authority_key_identifier, id, false);

    AUTHORITY_KEYID_free(id);
    return ok;
}

/* --- the certificate ----------------------------------------------------------------------------------- */

/* 16 random bytes, positive and without a leading zero. */
static bool set_serial(X509 *x509)
{
    ASN1_INTEGER *serial = X509_get_serialNumber(x509);
    uint8_t bytes[16];

    random_bytes(bytes, sizeof bytes);
    bytes[0] = (uint8_t)((bytes[0] & 0x3f) | 0x40);
    return ASN1_STRING_set(serial, bytes, sizeof bytes) == 1;
}

static bool set_time(ASN1_TIME *time, int64_t wall_ms)
{
    return ASN1_TIME_set(time, (time_t)(wall_ms / 1000)) != NULL;
}

static X509 *blank(EVP_PKEY *key, const X509_NAME *subject, const X509_NAME *issuer, int64_t not_before_ms,
    int64_t not_after_ms)
{
    X509 *x509 = X509_new();

    if (x509 != NULL && X509_set_version(x509, X509_VERSION_3) == 1 && set_serial(x509) &&
        X509_set_subject_name(x509, subject) == 1 && X509_set_issuer_name(x509, issuer) == 1 &&
        set_time(X509_getm_notBefore(x509), not_before_ms) &&
        set_time(X509_getm_notAfter(x509), not_after_ms) && X509_set_pubkey(x509, key) == 1)
        return x509;
    X509_free(x509);
    return NULL;
}

/* Half of all signatures have the higher s, which our readers refuse (signature.h): again until it is the
 * lower. */
static bool sign(X509 *x509, EVP_PKEY *key)
{
    const ASN1_BIT_STRING *signature = NULL;

    for (int i = 0; i < 128; i++) {
        if (X509_sign(x509, key, EVP_sha256()) <= 0)
            return false;
        X509_get0_signature(&signature, NULL, x509);
        if (signature_is_canonical(
                bytes_of(ASN1_STRING_get0_data(signature), (size_t)ASN1_STRING_length(signature))))
            return true;
    }
    return false;
}

static bool save_certificate(
    const struct certificate *certificate, const char *dir, const char *name, struct error *err)
{
    struct buffer pem = {.max = PEM_MAX_BYTES};
    char path[FILE_PATH_SIZE];
    struct outfile *file = NULL;
    int len = snprintf(path, sizeof path, "%s/%s.pem", dir, name);
    bool ok = false;

    if (len < 0 || (size_t)len >= sizeof path)
        error_set(err, ERROR_LIMIT, "the path %.60s… is too long", dir);
    else if (certificate_pem(certificate, &pem, err)) {
        file = outfile_create(path, 0644, err);
        ok = file != NULL && outfile_write(file, pem.data, pem.len, err) && outfile_commit_new(file, err);
    }
    outfile_free(file);
    buffer_release(&pem);
    return ok;
}

bool authority_make_root(const char *dir, const char *name, const char *common_name, int64_t not_before_ms,
    int64_t not_after_ms, struct error *err)
{
    EVP_PKEY *key = identity_read_key(dir, name, err);
    X509_NAME *subject = key == NULL ? NULL : request_subject(common_name, "", err);
    X509 *x509 = subject == NULL ? NULL : blank(key, subject, subject, not_before_ms, not_after_ms);
    struct certificate *certificate = NULL;
    bool ok = false;

    if (subject == NULL)
        goto done;
    if (x509 == NULL || !add_basic_constraints(x509, true, 1) ||
        !add_key_usage(x509, KU_KEY_CERT_SIGN | KU_CRL_SIGN) || !add_key_id(x509) || !sign(x509, key)) {
        openssl_fail(err, ERROR_NOMEM, "cannot make the root certificate");
        goto done;
    }
    certificate = certificate_of_x509(x509, err);
    x509 = NULL; /* taken */
    ok = certificate != NULL && save_certificate(certificate, dir, name, err);
done:
    certificate_free(certificate);
    X509_free(x509);
    X509_NAME_free(subject);
    EVP_PKEY_free(key);
    return ok;
}

/* The root issues what its form says; a center CA what is of its own center. */
static bool may_issue(const struct identity *issuer, const struct subject *subject, struct error *err)
{
    const struct certificate *certificate = identity_certificate(issuer);
    const bool is_center = certificate_role(certificate) == ROLE_CENTER_CA;
    char center[IDENTIFIER_SIZE];

    certificate_center(certificate, center);
    if (subject->role == ROLE_NONE ||
        (X509_get_extension_flags(certificate_x509(certificate)) & EXFLAG_CA) == 0 ||
        role_form(subject->role)->issuer != (is_center ? ROLE_CENTER_CA : ROLE_NONE))
        return error_set(
            err, ERROR_REFUSED, "this authority does not issue the role %s", role_name(subject->role));
    if (is_center && strcmp(center, subject->center) != 0)
        return error_set(
            err, ERROR_REFUSED, "the authority of %s does not issue for %s", center, subject->center);
    if (role_is_of_center(subject->role) != (subject->center[0] != '\0'))
        return error_set(err, ERROR_USAGE, "the role %s %s a center", role_name(subject->role),
            role_is_of_center(subject->role) ? "needs" : "has not");
    return true;
}

static bool add_extensions(X509 *x509, const struct subject *subject, const struct certificate *issuer)
{
    const struct role_form *form = role_form(subject->role);
    const bool is_authority = subject->role == ROLE_CENTER_CA;

    return add_basic_constraints(x509, is_authority, 0) && add_key_usage(x509, form->key_usage) &&
           add_extended_usage(x509, form->extended_usage) && add_policies(x509, subject->role) &&
           (!is_authority || add_name_constraint(x509, subject->center)) &&
           add_server_names(x509, subject->role == ROLE_TLS_SERVER ? subject->dns_names : NULL) &&
           add_key_id(x509) && add_issuer_key_id(x509, issuer);
}

struct certificate *authority_issue(const struct identity *issuer, struct bytes request,
    const struct subject *subject, int64_t not_before_ms, int64_t not_after_ms, struct error *err)
{
    const struct certificate *above = identity_certificate(issuer);
    struct certificate *certificate = NULL;
    X509_NAME *name = NULL;
    EVP_PKEY *key = NULL;
    X509 *x509 = NULL;

    if (!may_issue(issuer, subject, err) || (key = request_key(request, err)) == NULL ||
        (name = request_subject(subject->name, subject->center, err)) == NULL)
        goto done;
    x509 = blank(key, name, X509_get_subject_name(certificate_x509(above)), not_before_ms, not_after_ms);
    if (x509 == NULL || !add_extensions(x509, subject, above) || !sign(x509, identity_private(issuer))) {
        openssl_fail(err, ERROR_NOMEM, "cannot make the certificate of %.60s", subject->name);
        goto done;
    }
    certificate = certificate_of_x509(x509, err);
    x509 = NULL; /* taken */
done:
    X509_free(x509);
    X509_NAME_free(name);
    EVP_PKEY_free(key);
    return certificate;
}

/* --- revocation ---------------------------------------------------------------------------------------- */

static bool add_revoked(X509_CRL *crl, const char *serial, int64_t revoked_at_ms)
{
    X509_REVOKED *entry = X509_REVOKED_new();
    ASN1_INTEGER *number = ASN1_INTEGER_new();
    ASN1_TIME *time = ASN1_TIME_set(NULL, (time_t)(revoked_at_ms / 1000));
    uint8_t bytes[SERIAL_SIZE / 2];
    size_t len = strlen(serial) / 2;
    bool ok = entry != NULL && number != NULL && time != NULL && len > 0 && len <= 20 &&
              hex_decode(serial, bytes, len) && ASN1_STRING_set(number, bytes, (int)len) == 1 &&
              X509_REVOKED_set_serialNumber(entry, number) == 1 &&
              X509_REVOKED_set_revocationDate(entry, time) == 1 && X509_CRL_add0_revoked(crl, entry) == 1;

    if (!ok)
        X509_REVOKED_free(entry);
    ASN1_TIME_free(time);
    ASN1_INTEGER_free(number);
    return ok;
}

static bool add_crl_extensions(X509_CRL *crl, const struct certificate *issuer, int64_t number)
{
    ASN1_INTEGER *value = ASN1_INTEGER_new();
    AUTHORITY_KEYID *id = issuer_key_id(issuer);
    bool ok = value != NULL && id != NULL && ASN1_INTEGER_set_int64(value, number) == 1 &&
              X509_CRL_add1_ext_i2d(crl, NID_crl_number, value, 0, X509V3_ADD_DEFAULT) == 1 &&
              X509_CRL_add1_ext_i2d(crl, NID_authority_key_identifier, id, 0, X509V3_ADD_DEFAULT) == 1;

    AUTHORITY_KEYID_free(id);
    ASN1_INTEGER_free(value);
    return ok;
}

static bool set_crl_head(
    X509_CRL *crl, const X509_NAME *issuer, int64_t this_update_ms, int64_t next_update_ms)
{
    ASN1_TIME *this_update = ASN1_TIME_set(NULL, (time_t)(this_update_ms / 1000));
    ASN1_TIME *next_update = ASN1_TIME_set(NULL, (time_t)(next_update_ms / 1000));
    bool ok = this_update != NULL && next_update != NULL &&
              X509_CRL_set_version(crl, X509_CRL_VERSION_2) == 1 &&
              X509_CRL_set_issuer_name(crl, issuer) == 1 && X509_CRL_set1_lastUpdate(crl, this_update) == 1 &&
              X509_CRL_set1_nextUpdate(crl, next_update) == 1;

    ASN1_TIME_free(this_update);
    ASN1_TIME_free(next_update);
    return ok;
}

bool authority_crl(const struct identity *issuer, const char *const *serials, const int64_t *revoked_at_ms,
    size_t count, int64_t number, int64_t this_update_ms, int64_t next_update_ms, struct buffer *der,
    struct error *err)
{
    const struct certificate *above = identity_certificate(issuer);
    const X509_NAME *name = X509_get_subject_name(certificate_x509(above));
    X509_CRL *crl = X509_CRL_new();
    unsigned char *bytes = NULL;
    int len = 0;
    bool ok = false;

    if (crl == NULL || !set_crl_head(crl, name, this_update_ms, next_update_ms)) {
        openssl_fail(err, ERROR_NOMEM, "cannot make the revocation list");
        goto done;
    }
    for (size_t i = 0; i < count; i++)
        if (!add_revoked(crl, serials[i], revoked_at_ms[i])) {
            openssl_fail(err, ERROR_USAGE, "cannot revoke the serial number %.43s", serials[i]);
            goto done;
        }
    if (!add_crl_extensions(crl, above, number) || X509_CRL_sort(crl) != 1 ||
        X509_CRL_sign(crl, identity_private(issuer), EVP_sha256()) <= 0 ||
        (len = i2d_X509_CRL(crl, &bytes)) <= 0)
        openssl_fail(err, ERROR_NOMEM, "cannot make the revocation list");
    else
        ok = buffer_add(der, bytes, (size_t)len) ||
             error_set(err, ERROR_LIMIT, "no room for the revocation list");
done:
    OPENSSL_free(bytes);
    X509_CRL_free(crl);
    return ok;
}
