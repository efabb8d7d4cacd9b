/* Whom we trust. The chain, the policy, the name constraint and the CRL are OpenSSL's to check; what only we
 * know (the usages of a role, who issues it, that a CRL may be old) is checked around it. */
#include <assert.h>
#include <openssl/err.h>
#include <string.h>

#include "core/crypto/certificate.h"
#include "core/crypto/oids.h"
#include "core/crypto/openssl.h"
#include "core/crypto/x509.h"

/* clang-format takes OpenSSL's macros for functions. */
typedef STACK_OF(X509) certificate_list;
typedef STACK_OF(X509_CRL) crl_list;

/* A center CA, signed by the root; the digest finds it again where it travels along in an object. */
struct intermediate {
    struct digest digest;
    struct certificate *certificate;
};

struct trust {
    X509_STORE *store; /* the root and nothing else */
    struct certificate *root;
    struct intermediate *intermediates;
    size_t count;
    crl_list *crls;          /* the newest of each issuer */
    struct signers *signers; /* NULL: none are remembered */
};

/* --- building ------------------------------------------------------------------------------------------ */

static bool is_root(const struct certificate *certificate)
{
    X509 *x509 = certificate_x509(certificate);

    return X509_self_signed(x509, 1) == 1 && (X509_get_extension_flags(x509) & EXFLAG_CA) != 0 &&
           X509_get_key_usage(x509) == (KU_KEY_CERT_SIGN | KU_CRL_SIGN);
}

struct trust *trust_new(const struct certificate *root, struct error *err)
{
    struct trust *trust = NULL;

    if (!is_root(root)) {
        openssl_fail(err, ERROR_UNTRUSTED, "the certificate is not a root");
        return NULL;
    }
    trust = calloc(1, sizeof *trust);
    if (trust == NULL) {
        error_set(err, ERROR_NOMEM, "no memory for certificates");
        return NULL;
    }
    trust->store = X509_STORE_new();
    trust->root = certificate_copy(root);
    trust->crls = sk_X509_CRL_new_null();
    if (trust->store != NULL && trust->root != NULL && trust->crls != NULL &&
        X509_STORE_add_cert(trust->store, certificate_x509(root)) == 1)
        return trust;
    openssl_fail(err, ERROR_NOMEM, "no memory for certificates");
    trust_free(trust);
    return NULL;
}

struct trust *trust_load(const char *root_path, struct error *err)
{
    struct certificate *root = certificate_load(root_path, err);
    struct trust *trust = root == NULL ? NULL : trust_new(root, err);

    if (root != NULL && trust == NULL)
        error_prefix(err, "%s", root_path);
    certificate_free(root);
    return trust;
}

void trust_free(struct trust *trust)
{
    if (trust == NULL)
        return;
    signers_free(trust->signers);
    sk_X509_CRL_pop_free(trust->crls, X509_CRL_free);
    for (size_t i = 0; i < trust->count; i++)
        certificate_free(trust->intermediates[i].certificate);
    free(trust->intermediates);
    certificate_free(trust->root);
    X509_STORE_free(trust->store);
    free(trust);
}

const struct certificate *trust_root(const struct trust *trust)
{
    return trust->root;
}

bool trust_remember_signers(struct trust *trust, struct error *err)
{
    if (trust->signers == NULL)
        trust->signers = signers_new(err);
    return trust->signers != NULL;
}

struct signers *trust_signers(const struct trust *trust)
{
    return trust->signers;
}

const struct certificate *trust_find(const struct trust *trust, const struct digest *digest)
{
    for (size_t i = 0; i < trust->count; i++)
        if (digest_equal(&trust->intermediates[i].digest, digest))
            return trust->intermediates[i].certificate;
    return NULL;
}

/* Always false: what signers are remembered by must not change. */
static bool refuse_addition(struct error *err)
{
    return error_set(err, ERROR_USAGE, "nothing is added to a trust that remembers signers");
}

bool trust_add_intermediate(struct trust *trust, const struct certificate *ca, struct error *err)
{
    struct intermediate added, *more = NULL;

    if (trust->signers != NULL)
        return refuse_addition(err);
    if (certificate_role(ca) != ROLE_CENTER_CA ||
        X509_verify(certificate_x509(ca), certificate_public(trust->root)) != 1)
        return openssl_fail(
            err, ERROR_UNTRUSTED, "the certificate is not a center's authority under this root");
    certificate_digest(ca, &added.digest);
    if (trust_find(trust, &added.digest) != NULL)
        return true;
    more = reallocarray(trust->intermediates, trust->count + 1, sizeof *more);
    if (more == NULL)
        return error_set(err, ERROR_NOMEM, "no memory for certificates");
    trust->intermediates = more;
    added.certificate = certificate_copy(ca);
    if (added.certificate == NULL)
        return error_set(err, ERROR_NOMEM, "no memory for certificates");
    trust->intermediates[trust->count++] = added;
    return true;
}

/* --- revocation lists ---------------------------------------------------------------------------------- */

static bool crl_number(const X509_CRL *crl, int64_t *number)
{
    ASN1_INTEGER *value = X509_CRL_get_ext_d2i(crl, NID_crl_number, NULL, NULL);
    bool ok = value != NULL && ASN1_INTEGER_get_int64(number, value) == 1 && *number >= 0;

    ASN1_INTEGER_free(value);
    return ok;
}

/* Signed by the root or by a center CA that is held: one made up by whoever carries it would otherwise push
 * the true one out, or stop every check. */
static bool crl_is_signed(const struct trust *trust, X509_CRL *crl)
{
    const X509_NAME *issuer = X509_CRL_get_issuer(crl);

    if (X509_NAME_cmp(issuer, X509_get_subject_name(certificate_x509(trust->root))) == 0)
        return X509_CRL_verify(crl, certificate_public(trust->root)) == 1;
    for (size_t i = 0; i < trust->count; i++) {
        X509 *ca = certificate_x509(trust->intermediates[i].certificate);
        if (X509_NAME_cmp(issuer, X509_get_subject_name(ca)) == 0 &&
            X509_CRL_verify(crl, X509_get0_pubkey(ca)) == 1)
            return true;
    }
    return false;
}

/* Covers a part only, or says something we do not know and must not ignore. */
static bool crl_is_special(const X509_CRL *crl)
{
    for (int i = 0; i < X509_CRL_get_ext_count(crl); i++)
        if (X509_EXTENSION_get_critical(X509_CRL_get_ext(crl, i)))
            return true;
    return X509_CRL_get_ext_by_NID(crl, NID_delta_crl, -1) >= 0 ||
           X509_CRL_get_ext_by_NID(crl, NID_issuing_distribution_point, -1) >= 0;
}

static X509_CRL *crl_parse(struct bytes der)
{
    const unsigned char *at = der.data;
    X509_CRL *crl = der.len > CRL_MAX_BYTES ? NULL : d2i_X509_CRL(NULL, &at, (long)der.len);

    if (crl != NULL && (size_t)(at - der.data) != der.len) {
        X509_CRL_free(crl);
        crl = NULL;
    }
    return crl;
}

/* Puts it where an older one of the same issuer is, or behind the others. Takes it over when it succeeds. */
static bool crl_put(struct trust *trust, X509_CRL *crl, int64_t number, struct error *err)
{
    for (int i = 0; i < sk_X509_CRL_num(trust->crls); i++) {
        X509_CRL *held = sk_X509_CRL_value(trust->crls, i);
        int64_t held_number = 0;
        if (X509_NAME_cmp(X509_CRL_get_issuer(held), X509_CRL_get_issuer(crl)) != 0)
            continue;
        if (!crl_number(held, &held_number) || number < held_number)
            return error_set(err, ERROR_REFUSED,
                "the revocation list is older than the one held (%lld < %lld)", (long long)number,
                (long long)held_number);
        (void)sk_X509_CRL_set(trust->crls, i, crl);
        X509_CRL_free(held);
        return true;
    }
    return sk_X509_CRL_push(trust->crls, crl) != 0 || openssl_fail(err, ERROR_NOMEM, "no memory for a CRL");
}

bool trust_add_crl(struct trust *trust, struct bytes der, struct error *err)
{
    X509_CRL *crl = NULL;
    int64_t number = 0;
    bool ok = false;

    if (trust->signers != NULL)
        return refuse_addition(err);
    crl = crl_parse(der);
    if (crl == NULL || !crl_number(crl, &number))
        openssl_fail(err, ERROR_FORMAT, "not a numbered revocation list");
    else if (crl_is_special(crl))
        error_set(err, ERROR_FORMAT, "the revocation list covers only a part");
    else if (!crl_is_signed(trust, crl))
        openssl_fail(err, ERROR_UNTRUSTED, "the revocation list is by nobody we trust");
    else
        ok = crl_put(trust, crl, number, err);
    if (!ok)
        X509_CRL_free(crl);
    return ok;
}

/* --- checking ------------------------------------------------------------------------------------------ */

/* Revoked by that moment: a result signed before stays what it was. OpenSSL's own check is not used: it wants
 * a list for every authority and a fresh one, and no network must ever end a sitting. The lists' signatures
 * were checked when they came. */
static bool is_revoked(const struct trust *trust, X509 *x509, int64_t at_ms)
{
    for (int i = 0; i < sk_X509_CRL_num(trust->crls); i++) {
        X509_CRL *crl = sk_X509_CRL_value(trust->crls, i);
        X509_REVOKED *entry = NULL;
        struct tm tm;
        if (X509_NAME_cmp(X509_CRL_get_issuer(crl), X509_get_issuer_name(x509)) != 0 ||
            X509_CRL_get0_by_cert(crl, &entry, x509) != 1)
            continue;
        if (ASN1_TIME_to_tm(X509_REVOKED_get0_revocationDate(entry), &tm) != 1 ||
            (int64_t)timegm(&tm) * 1000 <= at_ms)
            return true;
    }
    return false;
}

static bool chain_is_revoked(const struct trust *trust, const certificate_list *chain, int64_t at_ms)
{
    for (int i = 0; i + 1 < sk_X509_num(chain); i++)
        if (is_revoked(trust, sk_X509_value(chain, i), at_ms))
            return true;
    return false;
}

static bool set_rules(X509_VERIFY_PARAM *rules, enum role role, int64_t at_ms)
{
    const unsigned char *at = oid_roles[role].der;
    ASN1_OBJECT *policy = d2i_ASN1_OBJECT(NULL, &at, OID_BYTES);
    const unsigned long flags = X509_V_FLAG_X509_STRICT | X509_V_FLAG_POLICY_CHECK |
                                X509_V_FLAG_EXPLICIT_POLICY | X509_V_FLAG_INHIBIT_ANY |
                                X509_V_FLAG_INHIBIT_MAP;

    if (policy == NULL || X509_VERIFY_PARAM_add0_policy(rules, policy) != 1) {
        ASN1_OBJECT_free(policy);
        return false;
    }
    X509_VERIFY_PARAM_set_time(rules, (time_t)(at_ms / 1000));
    X509_VERIFY_PARAM_set_depth(rules, CHAIN_MAX - 2);
    /* 128 bits, as P-256 with SHA-256 has: said here so that no openssl.cnf lowers it. */
    X509_VERIFY_PARAM_set_auth_level(rules, 3);
    return X509_VERIFY_PARAM_set_flags(rules, flags) == 1;
}

/* Borrows the certificates: free the list alone. */
static certificate_list *untrusted_of(
    const struct trust *trust, const struct certificate *const *extra, size_t count)
{
    certificate_list *untrusted = sk_X509_new_reserve(NULL, (int)(trust->count + count));

    for (size_t i = 0; untrusted != NULL && i < trust->count; i++)
        (void)sk_X509_push(untrusted, certificate_x509(trust->intermediates[i].certificate)); /* reserved */
    for (size_t i = 0; untrusted != NULL && i < count; i++)
        (void)sk_X509_push(untrusted, certificate_x509(extra[i]));
    return untrusted;
}

/* The center CA above it is of the same center: once more what its name constraint says. */
static bool is_under_its_center(const struct certificate *certificate, const certificate_list *chain)
{
    X509 *issuer = sk_X509_value(chain, 1);
    char center[IDENTIFIER_SIZE], issuer_center[IDENTIFIER_SIZE];
    struct certificate *ca = X509_up_ref(issuer) == 1 ? certificate_of_x509(issuer, NULL) : NULL;
    bool ok = ca != NULL && certificate_role(ca) == ROLE_CENTER_CA;

    if (ok) {
        certificate_center(certificate, center);
        certificate_center(ca, issuer_center);
        ok = strcmp(center, issuer_center) == 0;
    }
    certificate_free(ca);
    return ok;
}

/* What OpenSSL does not know of: the usages of the role, and that its issuer is of the right kind and center.
 */
static const char *fault_of(
    const struct certificate *certificate, enum role role, const certificate_list *chain)
{
    const struct role_form *form = role_form(role);
    X509 *x509 = certificate_x509(certificate);
    uint32_t extended = X509_get_extended_key_usage(x509);
    char center[IDENTIFIER_SIZE];

    certificate_center(certificate, center);
    if (X509_get_key_usage(x509) != form->key_usage ||
        (extended == UINT32_MAX ? 0 : extended) != form->extended_usage)
        return "it has other usages than its role";
    if (role_is_of_center(role) != (center[0] != '\0'))
        return center[0] == '\0' ? "it names no center" : "it names a center and its role has none";
    if (sk_X509_num(chain) != (form->issuer == ROLE_CENTER_CA ? 3 : 2))
        return "it was not issued by who issues its role";
    if (form->issuer == ROLE_CENTER_CA && !is_under_its_center(certificate, chain))
        return "it was not issued by its center";
    return NULL;
}

static bool is_exactly(const certificate_list *chain, const struct certificate *const *extra, size_t count)
{
    if ((size_t)sk_X509_num(chain) != count + 2)
        return false;
    for (size_t i = 0; i < count; i++)
        if (X509_cmp(sk_X509_value(chain, (int)i + 1), certificate_x509(extra[i])) != 0)
            return false;
    return true;
}

static bool check(const struct trust *trust, const struct certificate *certificate,
    const struct certificate *const *extra, size_t count, enum role role, int64_t at_ms, bool exactly,
    struct error *err)
{
    certificate_list *untrusted = untrusted_of(trust, extra, count);
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    const certificate_list *chain = NULL;
    const char *fault = NULL;
    bool ok = false;

    if (untrusted == NULL || context == NULL ||
        X509_STORE_CTX_init(context, trust->store, certificate_x509(certificate), untrusted) != 1 ||
        !set_rules(X509_STORE_CTX_get0_param(context), role, at_ms)) {
        openssl_fail(err, ERROR_NOMEM, "no memory to check a certificate");
        goto done;
    }
    if (X509_verify_cert(context) != 1) {
        fault = X509_verify_cert_error_string(X509_STORE_CTX_get_error(context));
    } else {
        chain = X509_STORE_CTX_get0_chain(context);
        fault = fault_of(certificate, role, chain);
        if (fault == NULL && chain_is_revoked(trust, chain, at_ms))
            fault = "it was revoked";
        if (fault == NULL && exactly && !is_exactly(chain, extra, count))
            fault = "the certificates beside it are not exactly its chain";
    }
    ok = fault == NULL || error_set(err, ERROR_UNTRUSTED, "%s", fault);
done:
    ERR_clear_error();
    X509_STORE_CTX_free(context);
    sk_X509_free(untrusted);
    return ok;
}

static bool check_named(const struct trust *trust, const struct certificate *certificate,
    const struct certificate *const *extra, size_t count, enum role role, int64_t at_ms, bool exactly,
    struct error *err)
{
    const enum role said = certificate_role(certificate);
    char name[NAME_SIZE];

    certificate_name(certificate, name);
    if (said != role)
        return error_set(err, ERROR_UNTRUSTED, "the certificate of %.100s is for the role %s, not %s", name,
            role_name(said), role_name(role));
    return check(trust, certificate, extra, count, role, at_ms, exactly, err) ||
           error_prefix(err, "the certificate of %.100s is not trusted", name);
}

bool trust_check(const struct trust *trust, const struct certificate *certificate,
    const struct certificate *const *extra, size_t extra_count, enum role role, int64_t at_ms,
    struct error *err)
{
    return check_named(trust, certificate, extra, extra_count, role, at_ms, false, err);
}

bool trust_check_exactly(const struct trust *trust, const struct certificate *certificate,
    const struct certificate *const *extra, size_t extra_count, enum role role, int64_t at_ms,
    struct error *err)
{
    return check_named(trust, certificate, extra, extra_count, role, at_ms, true, err);
}
