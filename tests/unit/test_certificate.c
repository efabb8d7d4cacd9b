/* Who is believed to be what, and every way of pretending. A forger here holds the key of a center's
 * authority, or even the root's: what comes out must still carry its role, its center and its usages, and no
 * other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <openssl/pem.h>
#include <string.h>
#include <sys/stat.h>

#include "core/crypto/oids.h"
#include "core/crypto/signature.h"
#include "core/crypto/x509.h"
#include "core/outfile.h"
#include "tests/support/pki.h"

static struct pki pki;

static int set_up(void **state)
{
    (void)state;
    pki_remove("pki");
    pki_init(&pki, "pki");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    pki_release(&pki);
    return 0;
}

static bool check(enum pki_member member, enum role role, int64_t at_ms, struct error *err)
{
    const struct certificate *const *chain;
    size_t count = identity_chain(pki.members[member], &chain);

    return trust_check(pki.trust, pki_certificate(&pki, member), chain, count, role, at_ms, err);
}

static const enum role roles[PKI_MEMBERS] = {
    [PKI_EXAM_SIGNER] = ROLE_EXAM_SIGNER,
    [PKI_SCORING] = ROLE_SCORING,
    [PKI_SERVER] = ROLE_SERVER,
    [PKI_TICKET] = ROLE_TICKET,
    [PKI_INTAKE] = ROLE_INTAKE,
    [PKI_BOARD] = ROLE_BOARD,
    [PKI_TLS_SERVER] = ROLE_TLS_SERVER,
    [PKI_CENTER_1] = ROLE_CENTER_CA,
    [PKI_SEAT_1] = ROLE_SEAT,
    [PKI_SEAT_1_TLS] = ROLE_SEAT_TLS,
    [PKI_STAFF_1] = ROLE_STAFF,
    [PKI_CENTER_2] = ROLE_CENTER_CA,
    [PKI_SEAT_2] = ROLE_SEAT,
    [PKI_SEAT_2_TLS] = ROLE_SEAT_TLS,
    [PKI_STAFF_2] = ROLE_STAFF,
};

static void everybody_has_one_role(void **state)
{
    (void)state;
    for (enum pki_member member = PKI_ROOT; member < PKI_MEMBERS; member++)
        for (enum role role = ROLE_NONE + 1; role < ROLES; role++) {
            struct error err = {0};
            assert_int_equal(check(member, role, PKI_NOW_MS, &err), role == roles[member]);
            assert_int_equal(err.code, role == roles[member] ? ERROR_NONE : ERROR_UNTRUSTED);
        }
}

static void certificate_says_who_it_is(void **state)
{
    const struct certificate *staff = pki_certificate(&pki, PKI_STAFF_1);
    char name[NAME_SIZE], center[IDENTIFIER_SIZE], serial[SERIAL_SIZE];

    (void)state;
    certificate_name(staff, name);
    certificate_center(staff, center);
    certificate_serial(staff, serial);
    assert_string_equal(name, "Ada Ng");
    assert_string_equal(center, "center-1");
    assert_int_equal(strspn(serial, "0123456789abcdef"), 32);
    assert_int_equal(certificate_role(staff), ROLE_STAFF);
    assert_int_equal(certificate_not_before_ms(staff), PKI_FROM_MS);
    assert_int_equal(certificate_not_after_ms(staff), PKI_UNTIL_MS);
    certificate_center(pki_certificate(&pki, PKI_SERVER), center);
    assert_string_equal(center, "");
}

static void certificate_reads_what_it_wrote(void **state)
{
    const struct certificate *seat = pki_certificate(&pki, PKI_SEAT_1);
    struct buffer der = {.max = 4096}, pem = {.max = 4096};
    struct certificate *from_der, *from_pem, *copy = certificate_copy(seat);
    struct digest a, b;

    (void)state;
    assert_true(certificate_der(seat, &der, NULL));
    assert_true(certificate_pem(seat, &pem, NULL));
    from_der = certificate_parse(buffer_bytes(&der), NULL);
    from_pem = certificate_parse(buffer_bytes(&pem), NULL);
    certificate_digest(from_der, &a);
    certificate_digest(from_pem, &b);
    assert_true(digest_equal(&a, &b));
    certificate_digest(copy, &a);
    assert_true(digest_equal(&a, &b));
    assert_true(certificate_same_key(from_der, seat));
    assert_false(certificate_same_key(from_der, pki_certificate(&pki, PKI_SEAT_2)));
    certificate_free(copy);
    certificate_free(from_der);
    certificate_free(from_pem);
    buffer_release(&der);
    buffer_release(&pem);
}

static void certificate_refuses_what_is_cut_or_longer(void **state)
{
    struct buffer der = {.max = 4096}, pem = {.max = 4096};
    struct error err = {0};

    (void)state;
    assert_true(certificate_der(pki_certificate(&pki, PKI_SEAT_1), &der, NULL));
    for (size_t len = 0; len < der.len; len++) {
        assert_null(certificate_parse(bytes_of(der.data, len), &err));
        assert_int_equal(err.code, ERROR_FORMAT);
    }
    assert_true(buffer_add(&der, "", 1));
    assert_null(certificate_parse(buffer_bytes(&der), &err));
    assert_true(certificate_pem(pki_certificate(&pki, PKI_SEAT_1), &pem, NULL));
    for (size_t len = 0; len + 1 < pem.len; len++) /* the last newline may be missing */
        assert_null(certificate_parse(bytes_of(pem.data, len), &err));
    assert_true(buffer_add_text(&pem, "x\n"));
    assert_null(certificate_parse(buffer_bytes(&pem), &err));
    buffer_release(&der);
    buffer_release(&pem);
}

/* A changed certificate is not read, or not believed. */
static void certificate_with_any_bit_flipped_is_not_believed(void **state)
{
    const struct certificate *const *chain;
    size_t count = identity_chain(pki.members[PKI_SEAT_1], &chain);
    struct buffer der = {.max = 4096};

    (void)state;
    assert_true(certificate_der(pki_certificate(&pki, PKI_SEAT_1), &der, NULL));
    for (size_t bit = 0; bit < 8 * der.len; bit++) {
        struct error err = {0};
        struct certificate *changed;
        der.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
        changed = certificate_parse(buffer_bytes(&der), &err);
        if (changed != NULL)
            assert_false(trust_check(pki.trust, changed, chain, count, ROLE_SEAT, PKI_NOW_MS, &err));
        assert_int_not_equal(err.code, ERROR_NONE);
        certificate_free(changed);
        der.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    buffer_release(&der);
}

static void trust_counts_time(void **state)
{
    struct error err = {0};

    (void)state;
    assert_true(check(PKI_SEAT_1, ROLE_SEAT, PKI_FROM_MS, &err));
    assert_true(check(PKI_SEAT_1, ROLE_SEAT, PKI_UNTIL_MS - 1000, &err));
    assert_false(check(PKI_SEAT_1, ROLE_SEAT, PKI_FROM_MS - 1000, &err));
    assert_non_null(strstr(err.text, "not yet valid"));
    assert_false(check(PKI_SEAT_1, ROLE_SEAT, PKI_UNTIL_MS, &err));
    assert_non_null(strstr(err.text, "expired"));
    assert_false(check(PKI_SEAT_1, ROLE_SEAT, 0, &err));
}

static void trust_needs_the_chain(void **state)
{
    const struct certificate *other = pki_certificate(&pki, PKI_CENTER_2);
    const struct certificate *seat = pki_certificate(&pki, PKI_SEAT_1);
    struct error err = {0};

    (void)state;
    assert_false(trust_check(pki.trust, seat, NULL, 0, ROLE_SEAT, PKI_NOW_MS, &err));
    assert_false(trust_check(pki.trust, seat, &other, 1, ROLE_SEAT, PKI_NOW_MS, &err));
    assert_int_equal(err.code, ERROR_UNTRUSTED);
}

static void trust_uses_intermediates_it_was_given(void **state)
{
    struct trust *trust = trust_new(pki_certificate(&pki, PKI_ROOT), NULL);
    struct error err = {0};

    (void)state;
    assert_true(trust_add_intermediate(trust, pki_certificate(&pki, PKI_CENTER_1), &err));
    assert_true(trust_add_intermediate(trust, pki_certificate(&pki, PKI_CENTER_1), &err)); /* twice is fine */
    assert_false(trust_add_intermediate(trust, pki_certificate(&pki, PKI_SERVER), &err));
    assert_int_equal(err.code, ERROR_UNTRUSTED);
    assert_true(trust_check(trust, pki_certificate(&pki, PKI_SEAT_1), NULL, 0, ROLE_SEAT, PKI_NOW_MS, &err));
    trust_free(trust);
}

static void trust_takes_a_root_only(void **state)
{
    struct error err = {0};

    (void)state;
    assert_null(trust_new(pki_certificate(&pki, PKI_CENTER_1), &err));
    assert_int_equal(err.code, ERROR_UNTRUSTED);
    assert_null(trust_new(pki_certificate(&pki, PKI_SEAT_1), &err));
    assert_null(trust_load("pki/seat-1.pem", &err));
    assert_null(trust_load("pki/absent.pem", &err));
    assert_int_equal(err.code, ERROR_NOT_FOUND);
}

/* --- forgeries ----------------------------------------------------------------------------------------- */

static struct certificate *signed_by(X509 *x509, enum pki_member issuer, struct error *err)
{
    EVP_PKEY *key = identity_private(pki.members[issuer]);
    const ASN1_BIT_STRING *signature;

    do {
        assert_true(X509_sign(x509, key, EVP_sha256()) > 0);
        X509_get0_signature(&signature, NULL, x509);
    } while (!signature_is_canonical(
        bytes_of(ASN1_STRING_get0_data(signature), (size_t)ASN1_STRING_length(signature))));
    { /* through DER, so that nothing is cached from before the change */
        unsigned char *der = NULL;
        int len = i2d_X509(x509, &der);
        struct certificate *certificate = certificate_parse(bytes_of(der, (size_t)len), err);
        OPENSSL_free(der);
        return certificate;
    }
}

static void drop(X509 *x509, int nid)
{
    X509_EXTENSION_free(X509_delete_ext(x509, X509_get_ext_by_NID(x509, nid, -1)));
}

static void replace(X509 *x509, int nid, const char *value)
{
    CONF *conf = NCONF_new(NULL);
    X509V3_CTX context;
    X509_EXTENSION *extension;

    drop(x509, nid);
    X509V3_set_ctx(&context, x509, x509, NULL, NULL, 0);
    X509V3_set_nconf(&context, conf);
    extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    assert_non_null(extension);
    assert_int_equal(X509_add_ext(x509, extension, -1), 1);
    X509_EXTENSION_free(extension);
    NCONF_free(conf);
}

static void rename_to(X509 *x509, const char *center, const char *name)
{
    X509_NAME *subject = X509_NAME_new();

    if (center != NULL)
        X509_NAME_add_entry_by_NID(
            subject, NID_organizationalUnitName, MBSTRING_UTF8, (const unsigned char *)center, -1, -1, 0);
    if (name != NULL)
        X509_NAME_add_entry_by_NID(
            subject, NID_commonName, MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0);
    assert_int_equal(X509_set_subject_name(x509, subject), 1);
    X509_NAME_free(subject);
}

#define ARC "2.25.116422175487976235538088701686193240821."

static void to_other_center(X509 *x509)
{
    rename_to(x509, "center-2", "seat-1");
}
static void to_no_center(X509 *x509)
{
    rename_to(x509, NULL, "seat-1");
}
static void to_server_role(X509 *x509)
{
    replace(x509, NID_certificate_policies, ARC "2.3");
}
static void to_two_roles(X509 *x509)
{
    replace(x509, NID_certificate_policies, ARC "2.9," ARC "2.11");
}
static void to_any_role(X509 *x509)
{
    replace(x509, NID_certificate_policies, "2.5.29.32.0");
}
static void to_no_role(X509 *x509)
{
    drop(x509, NID_certificate_policies);
}
static void to_authority(X509 *x509)
{
    replace(x509, NID_basic_constraints, "critical,CA:TRUE");
}
static void to_cert_sign(X509 *x509)
{
    replace(x509, NID_key_usage, "critical,digitalSignature,keyAgreement,keyCertSign");
}
static void to_no_key_usage(X509 *x509)
{
    drop(x509, NID_key_usage);
}
static void to_tls_server(X509 *x509)
{
    replace(x509, NID_ext_key_usage, "serverAuth");
}
static void to_unknown_critical(X509 *x509)
{
    X509_EXTENSION *extension = X509_EXTENSION_create_by_NID(NULL, NID_netscape_comment, 1,
        X509_EXTENSION_get_data(X509_get_ext(x509, X509_get_ext_by_NID(x509, NID_basic_constraints, -1))));
    assert_int_equal(X509_add_ext(x509, extension, -1), 1);
    X509_EXTENSION_free(extension);
}
static void to_version_1(X509 *x509)
{
    assert_int_equal(X509_set_version(x509, X509_VERSION_1), 1);
}
static void to_no_key_id(X509 *x509)
{
    drop(x509, NID_subject_key_identifier);
}
static void to_no_name(X509 *x509)
{
    rename_to(x509, "center-1", NULL);
}
static void to_name_with_newline(X509 *x509)
{
    rename_to(x509, "center-1", "seat-1\nseat-2");
}
static void to_two_names(X509 *x509)
{
    X509_NAME *subject = X509_NAME_dup(X509_get_subject_name(x509));
    X509_NAME_add_entry_by_NID(
        subject, NID_commonName, MBSTRING_UTF8, (const unsigned char *)"seat-2", -1, -1, 0);
    assert_int_equal(X509_set_subject_name(x509, subject), 1);
    X509_NAME_free(subject);
}
static void to_negative_serial(X509 *x509)
{
    assert_int_equal(ASN1_INTEGER_set(X509_get_serialNumber(x509), -7), 1);
}
static void to_other_curve(X509 *x509)
{
    EVP_PKEY *key = EVP_EC_gen("secp256k1");
    assert_int_equal(X509_set_pubkey(x509, key), 1);
    EVP_PKEY_free(key);
}
static void to_rsa(X509 *x509)
{
    EVP_PKEY *key = EVP_RSA_gen(2048);
    assert_int_equal(X509_set_pubkey(x509, key), 1);
    EVP_PKEY_free(key);
}
static void unchanged(X509 *x509)
{
    (void)x509;
}

struct forgery {
    const char *name;
    enum pki_member base, issuer;
    void (*change)(X509 *x509);
    enum role role;     /* asked for */
    const char *reason; /* part of it; NULL: accepted */
};

static void assert_forgery(const struct forgery *forgery)
{
    X509 *x509 = X509_dup(certificate_x509(pki_certificate(&pki, forgery->base)));
    struct error err = {0};
    const struct certificate *const *chain;
    size_t count = identity_chain(pki.members[forgery->base], &chain);
    struct certificate *forged;
    bool accepted;

    forgery->change(x509);
    forged = signed_by(x509, forgery->issuer, &err);
    accepted =
        forged != NULL && trust_check(pki.trust, forged, chain, count, forgery->role, PKI_NOW_MS, &err);
    if (accepted != (forgery->reason == NULL))
        fail_msg("%s: %s", forgery->name, accepted ? "accepted" : err.text);
    if (forgery->reason != NULL && strstr(err.text, forgery->reason) == NULL)
        fail_msg("%s: %s", forgery->name, err.text);
    certificate_free(forged);
    X509_free(x509);
}

static void trust_refuses_what_a_center_may_not_issue(void **state)
{
    static const struct forgery forgeries[] = {
        {"the same again", PKI_SEAT_1, PKI_CENTER_1, unchanged, ROLE_SEAT, NULL},
        {"other center", PKI_SEAT_1, PKI_CENTER_1, to_other_center, ROLE_SEAT, "permitted subtree"},
        {"no center", PKI_SEAT_1, PKI_CENTER_1, to_no_center, ROLE_SEAT, "permitted subtree"},
        {"server role", PKI_SEAT_1, PKI_CENTER_1, to_server_role, ROLE_SERVER, "no explicit policy"},
        {"two roles", PKI_SEAT_1, PKI_CENTER_1, to_two_roles, ROLE_SEAT, "for the role none"},
        {"any role", PKI_SEAT_1, PKI_CENTER_1, to_any_role, ROLE_SEAT, "for the role none"},
        {"no role", PKI_SEAT_1, PKI_CENTER_1, to_no_role, ROLE_SEAT, "for the role none"},
        {"authority", PKI_SEAT_1, PKI_CENTER_1, to_authority, ROLE_SEAT, "for the role none"},
        {"key usage", PKI_SEAT_1, PKI_CENTER_1, to_cert_sign, ROLE_SEAT, "not trusted"},
        {"no key usage", PKI_SEAT_1, PKI_CENTER_1, to_no_key_usage, ROLE_SEAT, "other usages"},
        {"TLS server", PKI_SEAT_1_TLS, PKI_CENTER_1, to_tls_server, ROLE_SEAT_TLS, "other usages"},
        {"critical", PKI_SEAT_1, PKI_CENTER_1, to_unknown_critical, ROLE_SEAT, "unhandled critical"},
        {"version 1", PKI_SEAT_1, PKI_CENTER_1, to_version_1, ROLE_SEAT, "version"},
        {"no key id", PKI_SEAT_1, PKI_CENTER_1, to_no_key_id, ROLE_SEAT, "no subject key id"},
        {"no name", PKI_SEAT_1, PKI_CENTER_1, to_no_name, ROLE_SEAT, "no proper name"},
        {"newline", PKI_SEAT_1, PKI_CENTER_1, to_name_with_newline, ROLE_SEAT, "no proper name"},
        {"two names", PKI_SEAT_1, PKI_CENTER_1, to_two_names, ROLE_SEAT, "no proper name"},
        {"negative serial", PKI_SEAT_1, PKI_CENTER_1, to_negative_serial, ROLE_SEAT, "serial"},
        {"other curve", PKI_SEAT_1, PKI_CENTER_1, to_other_curve, ROLE_SEAT, "P-256"},
        {"RSA", PKI_SEAT_1, PKI_CENTER_1, to_rsa, ROLE_SEAT, "P-256"},
        {"another center's key", PKI_SEAT_1, PKI_CENTER_2, unchanged, ROLE_SEAT, "signature"},
        {"center in the board", PKI_SERVER, PKI_ROOT, to_other_center, ROLE_SERVER, "names a center"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof forgeries / sizeof forgeries[0]; i++)
        assert_forgery(&forgeries[i]);
}

/* A root that once forgot the name constraint: the center is compared again. */
static void trust_compares_the_center_without_a_name_constraint(void **state)
{
    X509 *authority = X509_dup(certificate_x509(pki_certificate(&pki, PKI_CENTER_1)));
    X509 *seat = X509_dup(certificate_x509(pki_certificate(&pki, PKI_SEAT_1)));
    struct certificate *ca, *leaf;
    struct error err = {0};

    (void)state;
    drop(authority, NID_name_constraints);
    rename_to(seat, "center-2", "seat-1");
    ca = signed_by(authority, PKI_ROOT, &err);
    leaf = signed_by(seat, PKI_CENTER_1, &err);
    assert_false(
        trust_check(pki.trust, leaf, (const struct certificate *const *)&ca, 1, ROLE_SEAT, PKI_NOW_MS, &err));
    assert_non_null(strstr(err.text, "not issued by its center"));
    certificate_free(ca);
    certificate_free(leaf);
    X509_free(authority);
    X509_free(seat);
}

static void trust_refuses_a_center_below_a_center(void **state)
{
    X509 *x509 = X509_dup(certificate_x509(pki_certificate(&pki, PKI_CENTER_1)));
    const struct certificate *above = pki_certificate(&pki, PKI_CENTER_1);
    const struct certificate *chain[2] = {NULL, above};
    struct certificate *ca, *leaf;
    X509 *seat = X509_dup(certificate_x509(pki_certificate(&pki, PKI_SEAT_1)));
    struct error err = {0};

    (void)state;
    rename_to(x509, "center-1", "Sub-center");
    assert_int_equal(X509_set_issuer_name(x509, X509_get_subject_name(certificate_x509(above))), 1);
    drop(x509, NID_authority_key_identifier);
    chain[0] = ca = signed_by(x509, PKI_CENTER_1, &err);
    assert_int_equal(X509_set_issuer_name(seat, X509_get_subject_name(x509)), 1);
    leaf = signed_by(seat, PKI_CENTER_1, &err);
    assert_false(trust_check(pki.trust, leaf, chain, 2, ROLE_SEAT, PKI_NOW_MS, &err));
    assert_false(trust_check(pki.trust, ca, &above, 1, ROLE_CENTER_CA, PKI_NOW_MS, &err));
    certificate_free(ca);
    certificate_free(leaf);
    X509_free(x509);
    X509_free(seat);
}

/* (r, n − s) is as valid, and a second form. */
static void certificate_refuses_a_mirrored_signature(void **state)
{
    X509 *x509 = X509_dup(certificate_x509(pki_certificate(&pki, PKI_SEAT_1)));
    const ASN1_BIT_STRING *signature;
    unsigned char *der = NULL;
    struct error err = {0};
    int len;

    (void)state;
    do {
        assert_true(X509_sign(x509, identity_private(pki.members[PKI_CENTER_1]), EVP_sha256()) > 0);
        X509_get0_signature(&signature, NULL, x509);
    } while (signature_is_canonical(
        bytes_of(ASN1_STRING_get0_data(signature), (size_t)ASN1_STRING_length(signature))));
    len = i2d_X509(x509, &der);
    assert_null(certificate_parse(bytes_of(der, (size_t)len), &err));
    assert_non_null(strstr(err.text, "in the one form"));
    OPENSSL_free(der);
    X509_free(x509);
}

/* --- revocation ---------------------------------------------------------------------------------------- */

#define DAY_MS INT64_C(86400000)

static void make_crl(enum pki_member issuer, enum pki_member revoked, int64_t revoked_at_ms, int64_t number,
    struct buffer *der)
{
    char serial[SERIAL_SIZE];
    const char *serials[] = {serial};

    certificate_serial(pki_certificate(&pki, revoked), serial);
    *der = (struct buffer){.max = CRL_MAX_BYTES};
    assert_true(authority_crl(pki.members[issuer], serials, &revoked_at_ms, 1, number, PKI_NOW_MS - DAY_MS,
        PKI_NOW_MS + DAY_MS, der, NULL));
}

static bool seat_is_trusted(const struct trust *trust, enum pki_member seat, int64_t at_ms, struct error *err)
{
    const struct certificate *const *chain;
    size_t count = identity_chain(pki.members[seat], &chain);

    return trust_check(trust, pki_certificate(&pki, seat), chain, count, ROLE_SEAT, at_ms, err);
}

static void revocation_counts_from_its_date(void **state)
{
    struct trust *trust = trust_new(pki_certificate(&pki, PKI_ROOT), NULL);
    const int64_t revoked_ms = PKI_NOW_MS - 10 * DAY_MS;
    struct error err = {0};
    struct buffer crl;

    (void)state;
    assert_true(trust_add_intermediate(trust, pki_certificate(&pki, PKI_CENTER_1), NULL));
    make_crl(PKI_CENTER_1, PKI_SEAT_1, revoked_ms, 5, &crl);
    assert_true(trust_add_crl(trust, buffer_bytes(&crl), &err));
    assert_false(seat_is_trusted(trust, PKI_SEAT_1, PKI_NOW_MS, &err));
    assert_non_null(strstr(err.text, "revoked"));
    assert_false(seat_is_trusted(trust, PKI_SEAT_1, revoked_ms, &err));
    assert_true(
        seat_is_trusted(trust, PKI_SEAT_1, revoked_ms - 1000, &err));  /* signed before: still counts */
    assert_true(seat_is_trusted(trust, PKI_SEAT_2, PKI_NOW_MS, &err)); /* no CRL of its center */
    assert_false(
        seat_is_trusted(trust, PKI_SEAT_1, PKI_NOW_MS + 100 * DAY_MS, &err)); /* an old list counts */
    assert_true(trust_check(
        trust, pki_certificate(&pki, PKI_STAFF_1), NULL, 0, ROLE_STAFF, PKI_NOW_MS + 100 * DAY_MS, &err));
    buffer_release(&crl);
    trust_free(trust);
}

static void revoking_a_center_revokes_its_seats(void **state)
{
    struct trust *trust = trust_new(pki_certificate(&pki, PKI_ROOT), NULL);
    struct error err = {0};
    struct buffer crl;

    (void)state;
    make_crl(PKI_ROOT, PKI_CENTER_1, PKI_NOW_MS - DAY_MS, 1, &crl);
    assert_true(trust_add_crl(trust, buffer_bytes(&crl), &err));
    assert_false(seat_is_trusted(trust, PKI_SEAT_1, PKI_NOW_MS, &err));
    assert_true(seat_is_trusted(trust, PKI_SEAT_2, PKI_NOW_MS, &err));
    buffer_release(&crl);
    trust_free(trust);
}

static void revocation_lists_do_not_go_back(void **state)
{
    struct trust *trust = trust_new(pki_certificate(&pki, PKI_ROOT), NULL);
    struct buffer old, new;
    struct error err = {0};

    (void)state;
    assert_true(trust_add_intermediate(trust, pki_certificate(&pki, PKI_CENTER_1), NULL));
    make_crl(PKI_CENTER_1, PKI_STAFF_1, PKI_NOW_MS - DAY_MS, 4, &old);
    make_crl(PKI_CENTER_1, PKI_SEAT_1, PKI_NOW_MS - DAY_MS, 5, &new);
    assert_true(trust_add_crl(trust, buffer_bytes(&old), &err));
    assert_true(seat_is_trusted(trust, PKI_SEAT_1, PKI_NOW_MS, &err));
    assert_true(trust_add_crl(trust, buffer_bytes(&new), &err));
    assert_false(seat_is_trusted(trust, PKI_SEAT_1, PKI_NOW_MS, &err));
    assert_false(trust_add_crl(trust, buffer_bytes(&old), &err));
    assert_int_equal(err.code, ERROR_REFUSED);
    assert_true(trust_add_crl(trust, buffer_bytes(&new), &err)); /* the same again is fine */
    assert_false(seat_is_trusted(trust, PKI_SEAT_1, PKI_NOW_MS, &err));
    buffer_release(&old);
    buffer_release(&new);
    trust_free(trust);
}

/* Whoever carries the lists can't make one up, and so can't stop a sitting with it. */
static void revocation_lists_are_signed(void **state)
{
    struct trust *trust = trust_new(pki_certificate(&pki, PKI_ROOT), NULL);
    struct error err = {0};
    struct buffer crl;

    (void)state;
    make_crl(PKI_CENTER_1, PKI_SEAT_1, PKI_NOW_MS - DAY_MS, 5, &crl);
    assert_false(trust_add_crl(trust, buffer_bytes(&crl), &err)); /* its issuer is not known here */
    assert_int_equal(err.code, ERROR_UNTRUSTED);
    assert_true(trust_add_intermediate(trust, pki_certificate(&pki, PKI_CENTER_1), NULL));
    for (size_t bit = 0; bit < 8 * crl.len; bit++) {
        crl.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_false(trust_add_crl(trust, buffer_bytes(&crl), &err));
        crl.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    for (size_t len = 0; len < crl.len; len++)
        assert_false(trust_add_crl(trust, bytes_of(crl.data, len), &err));
    assert_true(trust_add_crl(trust, buffer_bytes(&crl), &err));
    assert_true(buffer_add(&crl, "", 1));
    assert_false(trust_add_crl(trust, buffer_bytes(&crl), &err));
    assert_int_equal(err.code, ERROR_FORMAT);
    buffer_release(&crl);
    trust_free(trust);
}

/* --- issuing ------------------------------------------------------------------------------------------- */

static bool issues(enum pki_member issuer, const struct subject *subject, struct error *err)
{
    struct buffer request = {.max = 4096};
    struct certificate *certificate;

    assert_true(identity_request("pki", "seat-1", "whatever", NULL, &request, NULL));
    certificate =
        authority_issue(pki.members[issuer], buffer_bytes(&request), subject, PKI_FROM_MS, PKI_UNTIL_MS, err);
    certificate_free(certificate);
    buffer_release(&request);
    return certificate != NULL;
}

static void authority_issues_only_what_is_its_to_give(void **state)
{
    static const struct {
        enum pki_member issuer;
        struct subject subject;
        enum error_code code;
    } cases[] = {
        {PKI_CENTER_1, {ROLE_SEAT, "seat-9", "center-1", NULL}, ERROR_NONE},
        {PKI_CENTER_1, {ROLE_SEAT, "seat-9", "center-2", NULL}, ERROR_REFUSED},
        {PKI_CENTER_1, {ROLE_SEAT, "seat-9", "", NULL}, ERROR_REFUSED},
        {PKI_CENTER_1, {ROLE_SERVER, "server", "", NULL}, ERROR_REFUSED},
        {PKI_CENTER_1, {ROLE_CENTER_CA, "c", "center-1", NULL}, ERROR_REFUSED},
        {PKI_ROOT, {ROLE_SEAT, "seat-9", "center-1", NULL}, ERROR_REFUSED},
        {PKI_ROOT, {ROLE_CENTER_CA, "c", "", NULL}, ERROR_USAGE},
        {PKI_ROOT, {ROLE_SERVER, "server", "center-1", NULL}, ERROR_USAGE},
        {PKI_ROOT, {ROLE_NONE, "nobody", "", NULL}, ERROR_REFUSED},
        {PKI_SERVER, {ROLE_SERVER, "server", "", NULL}, ERROR_REFUSED},
        {PKI_SEAT_1, {ROLE_SEAT, "seat-9", "center-1", NULL}, ERROR_REFUSED},
        {PKI_CENTER_1, {ROLE_SEAT, "", "center-1", NULL}, ERROR_USAGE},
        {PKI_CENTER_1, {ROLE_SEAT, "seat\n9", "center-1", NULL}, ERROR_USAGE},
        {PKI_ROOT, {ROLE_CENTER_CA, "c", "Center 1", NULL}, ERROR_USAGE},
        {PKI_ROOT, {ROLE_TLS_SERVER, "s", "", "a.example,192.0.2.1,2001:db8::1"}, ERROR_NONE},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error err = {0};
        assert_int_equal(issues(cases[i].issuer, &cases[i].subject, &err), cases[i].code == ERROR_NONE);
        assert_int_equal(err.code, cases[i].code);
    }
}

static void authority_believes_only_signed_requests(void **state)
{
    static const struct subject subject = {ROLE_SEAT, "seat-9", "center-1", NULL};
    struct buffer request = {.max = 4096};
    struct error err = {0};

    (void)state;
    assert_true(identity_request("pki", "seat-1", "whatever", "center-1", &request, NULL));
    for (size_t bit = 0; bit < 8 * request.len; bit++) {
        request.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_null(authority_issue(
            pki.members[PKI_CENTER_1], buffer_bytes(&request), &subject, PKI_FROM_MS, PKI_UNTIL_MS, &err));
        request.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    assert_true(buffer_add(&request, "", 1));
    assert_null(authority_issue(
        pki.members[PKI_CENTER_1], buffer_bytes(&request), &subject, PKI_FROM_MS, PKI_UNTIL_MS, &err));
    buffer_release(&request);
}

static void keys_are_never_overwritten_and_nobody_else_reads_them(void **state)
{
    struct error err = {0};
    struct stat info;

    (void)state;
    assert_int_equal(stat("pki/seat-1.key", &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_false(identity_make_key("pki", "seat-1", &err));
    assert_int_equal(err.code, ERROR_REFUSED);
    assert_false(authority_make_root("pki", "root", "Another", PKI_FROM_MS, PKI_UNTIL_MS, &err));
    assert_int_equal(err.code, ERROR_REFUSED);
    assert_int_equal(chmod("pki/seat-1.key", 0640), 0);
    assert_null(identity_load("pki", "seat-1", &err));
    assert_int_equal(err.code, ERROR_REFUSED);
    assert_int_equal(chmod("pki/seat-1.key", 0600), 0);
}

static void identity_is_key_and_certificate_of_one(void **state)
{
    struct buffer pem = {.max = PEM_MAX_BYTES};
    struct error err = {0};

    (void)state;
    assert_null(identity_load("pki", "absent", &err));
    assert_int_equal(err.code, ERROR_NOT_FOUND);
    (void)remove("pki/mixed.key");
    assert_true(identity_make_key("pki", "mixed", &err));
    assert_true(certificate_pem(pki_certificate(&pki, PKI_SEAT_1), &pem, &err));
    assert_true(outfile_save("pki/mixed.pem", 0644, buffer_bytes(&pem), &err));
    assert_null(identity_load("pki", "mixed", &err));
    assert_int_equal(err.code, ERROR_FORMAT);
    assert_true(certificate_pem(pki_certificate(&pki, PKI_CENTER_2), &pem, &err)); /* not its chain */
    assert_true(outfile_save("pki/mixed.pem", 0644, buffer_bytes(&pem), &err));
    assert_null(identity_load("pki", "mixed", &err));
    assert_non_null(strstr(err.text, "chain"));
    buffer_release(&pem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everybody_has_one_role),
        cmocka_unit_test(certificate_says_who_it_is),
        cmocka_unit_test(certificate_reads_what_it_wrote),
        cmocka_unit_test(certificate_refuses_what_is_cut_or_longer),
        cmocka_unit_test(certificate_with_any_bit_flipped_is_not_believed),
        cmocka_unit_test(certificate_refuses_a_mirrored_signature),
        cmocka_unit_test(trust_counts_time),
        cmocka_unit_test(trust_needs_the_chain),
        cmocka_unit_test(trust_uses_intermediates_it_was_given),
        cmocka_unit_test(trust_takes_a_root_only),
        cmocka_unit_test(trust_refuses_what_a_center_may_not_issue),
        cmocka_unit_test(trust_compares_the_center_without_a_name_constraint),
        cmocka_unit_test(trust_refuses_a_center_below_a_center),
        cmocka_unit_test(revocation_counts_from_its_date),
        cmocka_unit_test(revoking_a_center_revokes_its_seats),
        cmocka_unit_test(revocation_lists_do_not_go_back),
        cmocka_unit_test(revocation_lists_are_signed),
        cmocka_unit_test(authority_issues_only_what_is_its_to_give),
        cmocka_unit_test(authority_believes_only_signed_requests),
        cmocka_unit_test(keys_are_never_overwritten_and_nobody_else_reads_them),
        cmocka_unit_test(identity_is_key_and_certificate_of_one),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
