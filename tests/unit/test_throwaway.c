/* certs/make-throwaway writes the form of our certificates down a second time, for the stock openssl: what it
 * makes must be what authority_issue makes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "core/crypto/cms.h"
#include "core/crypto/x509.h"
#include "tests/support/pki.h"
#include "tests/support/run.h"

#define SCRIPT CARREL_SOURCE_DIR "/certs/make-throwaway"

static const struct {
    const char *name;
    enum pki_member same; /* of ours */
    enum role role;
} members[] = {
    {"exam-signer", PKI_EXAM_SIGNER, ROLE_EXAM_SIGNER},
    {"scoring", PKI_SCORING, ROLE_SCORING},
    {"server", PKI_SERVER, ROLE_SERVER},
    {"ticket", PKI_TICKET, ROLE_TICKET},
    {"intake", PKI_INTAKE, ROLE_INTAKE},
    {"board", PKI_BOARD, ROLE_BOARD},
    {"tls-server", PKI_TLS_SERVER, ROLE_TLS_SERVER},
    {"center-1", PKI_CENTER_1, ROLE_CENTER_CA},
    {"seat-1", PKI_SEAT_1, ROLE_SEAT},
    {"seat-1-tls", PKI_SEAT_1_TLS, ROLE_SEAT_TLS},
    {"staff-1", PKI_STAFF_1, ROLE_STAFF},
};
#define MEMBERS (sizeof members / sizeof members[0])

static struct pki pki;
static struct trust *trust;

static int set_up(void **state)
{
    (void)state;
    pki_remove("pki");
    pki_init(&pki, "pki");
    assert_int_equal(run_line("rm", "-rf", "throwaway", NULL), 0);
    assert_int_equal(run_line(SCRIPT, "throwaway", NULL), 0);
    trust = trust_load("throwaway/root.pem", NULL);
    assert_non_null(trust);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    trust_free(trust);
    pki_release(&pki);
    return 0;
}

static void every_member_has_its_role(void **state)
{
    (void)state;
    for (size_t i = 0; i < MEMBERS; i++) {
        struct error err = {0};
        struct identity *identity = identity_load("throwaway", members[i].name, &err);
        const struct certificate *const *chain;
        size_t count = identity == NULL ? 0 : identity_chain(identity, &chain);
        if (identity == NULL ||
            !trust_check(trust, identity_certificate(identity), chain, count, members[i].role,
                certificate_not_before_ms(identity_certificate(identity)), &err))
            fail_msg("%s: %s", members[i].name, err.text);
        identity_free(identity);
    }
}

/* Its extensions sorted by number: name, "!" where critical, and the value but for key ids. */
static void extensions_of(const struct certificate *certificate, struct buffer *text)
{
    X509 *x509 = certificate_x509(certificate);

    for (int nid = 1; nid < 2000; nid++) {
        const int index = X509_get_ext_by_NID(x509, nid, -1);
        X509_EXTENSION *extension = index < 0 ? NULL : X509_get_ext(x509, index);
        const ASN1_OCTET_STRING *value = extension == NULL ? NULL : X509_EXTENSION_get_data(extension);
        if (extension == NULL)
            continue;
        (void)buffer_addf(text, "%s%s ", OBJ_nid2sn(nid), X509_EXTENSION_get_critical(extension) ? "!" : "");
        if (nid == NID_subject_key_identifier || nid == NID_authority_key_identifier)
            continue;
        for (int i = 0; i < ASN1_STRING_length(value); i++)
            (void)buffer_addf(text, "%02x", ASN1_STRING_get0_data(value)[i]);
        (void)buffer_add_text(text, " ");
    }
}

static void every_member_has_the_extensions_of_ours(void **state)
{
    (void)state;
    for (size_t i = 0; i < MEMBERS; i++) {
        struct identity *identity = identity_load("throwaway", members[i].name, NULL);
        struct buffer theirs = {.max = 5000}, ours = {.max = 5000};
        extensions_of(identity_certificate(identity), &theirs);
        extensions_of(pki_certificate(&pki, members[i].same), &ours);
        assert_string_equal(buffer_text(&theirs), buffer_text(&ours));
        buffer_release(&theirs);
        buffer_release(&ours);
        identity_free(identity);
    }
}

static void signed_and_sealed_by_it_is_read(void **state)
{
    struct identity *seat = identity_load("throwaway", "seat-1", NULL);
    struct identity *intake = identity_load("throwaway", "intake", NULL);
    const struct certificate *recipient = identity_certificate(intake);
    const int64_t now_ms = certificate_not_before_ms(identity_certificate(seat)) + 1000;
    const struct cms_rules rules = {OBJECT_RESULT, ROLE_SEAT, trust, CMS_AT_SIGNING};
    struct buffer inside = {.max = 4096}, outside = {.max = 4096}, content = {.max = 100};
    struct error err = {0};

    (void)state;
    if (!cms_sign(OBJECT_RESULT, bytes_of_text("x"), seat, now_ms, &inside, &err) ||
        !cms_seal(buffer_bytes(&inside), &recipient, 1, &outside, &err))
        fail_msg("%s", err.text);
    buffer_clear(&inside);
    if (!cms_open(buffer_bytes(&outside), intake, &inside, &err) ||
        !cms_verify(buffer_bytes(&inside), &rules, &content, NULL, &err))
        fail_msg("%s", err.text);
    assert_string_equal(buffer_text(&content), "x");
    buffer_release(&inside);
    buffer_release(&outside);
    buffer_release(&content);
    identity_free(seat);
    identity_free(intake);
}

static void nothing_is_overwritten(void **state)
{
    (void)state;
    assert_int_equal(run_line(SCRIPT, "throwaway", NULL), 73);
    assert_int_equal(run_line(SCRIPT, NULL), 64);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_member_has_its_role),
        cmocka_unit_test(every_member_has_the_extensions_of_ours),
        cmocka_unit_test(signed_and_sealed_by_it_is_read),
        cmocka_unit_test(nothing_is_overwritten),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
