/* Signing and sealing, there and back, with the stock `openssl` as a referee in both directions.
 * test_cms_attack.c does what an attacker would. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/crypto/cms.h"
#include "core/crypto/oids.h"
#include "core/crypto/x509.h"
#include "tests/support/pki.h"
#include "tests/support/run.h"

#define ARC "2.25.116422175487976235538088701686193240821."
#define NOW_SECONDS "1795332890"

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

static struct buffer sign(enum object_kind kind, const char *content, enum pki_member signer)
{
    struct buffer out = {.max = 1 << 20};
    struct error err = {0};

    if (!cms_sign(kind, bytes_of_text(content), pki.members[signer], PKI_NOW_MS, &out, &err))
        fail_msg("%s", err.text);
    return out;
}

static struct buffer seal(const char *content, const enum pki_member *members, size_t count)
{
    const struct certificate *recipients[PKI_MEMBERS];
    struct buffer out = {.max = 1 << 20};
    struct error err = {0};

    for (size_t i = 0; i < count; i++)
        recipients[i] = pki_certificate(&pki, members[i]);
    if (!cms_seal(bytes_of_text(content), recipients, count, &out, &err))
        fail_msg("%s", err.text);
    return out;
}

static const struct {
    enum pki_member member;
    enum role role;
} signers[] = {{PKI_EXAM_SIGNER, ROLE_EXAM_SIGNER}, {PKI_SERVER, ROLE_SERVER}, {PKI_SEAT_1, ROLE_SEAT},
    {PKI_STAFF_2, ROLE_STAFF}};

static void every_signer_signs_every_kind(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof signers / sizeof signers[0]; i++)
        for (enum object_kind kind = 0; kind < OBJECT_KINDS; kind++) {
            struct buffer object = sign(kind, "content", signers[i].member), content = {.max = 7};
            struct cms_rules rules = {kind, signers[i].role, pki.trust, CMS_AT_SIGNING};
            struct cms_signer signer = {0};
            struct error err = {0};
            if (!cms_verify(buffer_bytes(&object), &rules, &content, &signer, &err))
                fail_msg("%s", err.text);
            assert_string_equal(buffer_text(&content), "content");
            assert_int_equal(signer.signing_time_ms, PKI_NOW_MS);
            assert_true(certificate_same_key(signer.certificate, pki_certificate(&pki, signers[i].member)));
            cms_signer_release(&signer);
            buffer_release(&content);
            buffer_release(&object);
        }
}

static void contents_of_every_size_come_back(void **state)
{
    static const size_t sizes[] = {0, 1, 127, 128, 255, 256, 65535, 65536, 1000000};
    uint8_t *bytes = malloc(1000000);
    const struct cms_rules rules = {OBJECT_EXAM, ROLE_EXAM_SIGNER, pki.trust, CMS_AT_SIGNING};
    const struct certificate *seat = pki_certificate(&pki, PKI_SEAT_1);

    (void)state;
    random_bytes(bytes, 1000000);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        const struct bytes content = bytes_of(bytes, sizes[i]);
        struct buffer object = {.max = 1 << 21}, back = {.max = sizes[i]};
        assert_true(cms_sign(OBJECT_EXAM, content, pki.members[PKI_EXAM_SIGNER], PKI_NOW_MS, &object, NULL));
        assert_true(cms_verify(buffer_bytes(&object), &rules, &back, NULL, NULL));
        assert_true(bytes_equal(buffer_bytes(&back), content));
        buffer_clear(&object);
        buffer_clear(&back);
        assert_true(cms_seal(content, &seat, 1, &object, NULL));
        assert_true(cms_open(buffer_bytes(&object), pki.members[PKI_SEAT_1], &back, NULL));
        assert_true(bytes_equal(buffer_bytes(&back), content));
        buffer_clear(&object);
        buffer_clear(&back);
        assert_true(cms_digest(OBJECT_PRACTICE, content, &object, NULL));
        assert_true(cms_digest_open(buffer_bytes(&object), OBJECT_PRACTICE, &back, NULL));
        assert_true(bytes_equal(buffer_bytes(&back), content));
        buffer_release(&object);
        buffer_release(&back);
    }
    free(bytes);
}

static void signing_times_are_read_as_written(void **state)
{
    static const int64_t times[] = {PKI_FROM_MS, PKI_NOW_MS, INT64_C(2524607999000), INT64_C(2524608000000)};
    const struct cms_rules rules = {OBJECT_RECEIPT, ROLE_SERVER, pki.trust, PKI_NOW_MS};

    (void)state;
    for (size_t i = 0; i < sizeof times / sizeof times[0];
         i++) { /* the last two: the end of 2049, and 2050 */
        struct buffer object = {.max = 4096}, content = {.max = 10};
        struct cms_signer signer = {0};
        assert_true(
            cms_sign(OBJECT_RECEIPT, bytes_of_text("x"), pki.members[PKI_SERVER], times[i], &object, NULL));
        assert_true(cms_verify(buffer_bytes(&object), &rules, &content, &signer, NULL));
        assert_int_equal(signer.signing_time_ms, times[i]);
        cms_signer_release(&signer);
        buffer_release(&object);
        buffer_release(&content);
    }
}

static void signer_is_judged_when_the_rules_say(void **state)
{
    static const struct {
        int64_t signed_ms, at_ms;
        bool accepted;
    } cases[] = {
        {PKI_NOW_MS, PKI_NOW_MS, true},
        {PKI_NOW_MS, PKI_FROM_MS - 1000, false},
        {PKI_NOW_MS, PKI_UNTIL_MS + 1000, false},
        {PKI_NOW_MS, CMS_AT_SIGNING, true},
        {PKI_UNTIL_MS + 1000, CMS_AT_SIGNING, false},
        {PKI_UNTIL_MS + 1000, PKI_NOW_MS, true},
        {PKI_UNTIL_MS + 1000, CMS_AT_ISSUE, true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct cms_rules rules = {OBJECT_RESULT, ROLE_SEAT, pki.trust, cases[i].at_ms};
        struct buffer object = {.max = 4096}, content = {.max = 10};
        assert_true(cms_sign(
            OBJECT_RESULT, bytes_of_text("x"), pki.members[PKI_SEAT_1], cases[i].signed_ms, &object, NULL));
        assert_int_equal(cms_verify(buffer_bytes(&object), &rules, &content, NULL, NULL), cases[i].accepted);
        buffer_release(&object);
        buffer_release(&content);
    }
}

/* The same certificate in memory both times: it was not read again. */
static void known_signer_is_read_once_and_only_for_its_role(void **state)
{
    struct trust *trust = trust_new(pki_certificate(&pki, PKI_ROOT), NULL);
    const struct cms_rules as_seat = {OBJECT_RESULT, ROLE_SEAT, trust, CMS_AT_ISSUE};
    const struct cms_rules as_server = {OBJECT_RESULT, ROLE_SERVER, trust, CMS_AT_ISSUE};
    const struct cms_rules later = {OBJECT_RESULT, ROLE_SEAT, trust, PKI_UNTIL_MS + 1000};
    struct buffer object = {.max = 4096}, content = {.max = 10};
    struct cms_signer first = {0}, second = {0};
    struct error err = {0};

    (void)state;
    assert_true(trust_remember_signers(trust, NULL));
    assert_true(
        cms_sign(OBJECT_RESULT, bytes_of_text("x"), pki.members[PKI_SEAT_1], PKI_NOW_MS, &object, NULL));
    assert_true(cms_verify(buffer_bytes(&object), &as_seat, &content, &first, NULL));
    assert_true(cms_verify(buffer_bytes(&object), &as_seat, &content, &second, NULL));
    assert_string_equal(buffer_text(&content), "xx");
    assert_ptr_equal(certificate_x509(first.certificate), certificate_x509(second.certificate));
    assert_false(cms_verify(buffer_bytes(&object), &as_server, &content, NULL, NULL));
    assert_false(cms_verify(buffer_bytes(&object), &later, &content, NULL, NULL));
    assert_false(
        trust_add_intermediate(trust, pki_certificate(&pki, PKI_CENTER_1), &err)); /* it would change that */
    assert_int_equal(err.code, ERROR_USAGE);
    assert_false(trust_add_crl(trust, buffer_bytes(&object), &err));
    assert_int_equal(err.code, ERROR_USAGE);
    cms_signer_release(&first);
    cms_signer_release(&second);
    buffer_release(&object);
    buffer_release(&content);
    trust_free(trust);
}

static void sealed_opens_for_each_recipient_and_nobody_else(void **state)
{
    static const enum pki_member recipients[] = {
        PKI_SEAT_1, PKI_STAFF_1, PKI_SCORING, PKI_INTAKE, PKI_TICKET, PKI_SEAT_2};
    struct buffer object = seal("inside", recipients, 6);

    (void)state;
    for (enum pki_member member = PKI_ROOT; member < PKI_MEMBERS; member++) {
        struct buffer content = {.max = 6};
        struct error err = {0};
        bool is_recipient = false;
        for (size_t i = 0; i < 6; i++)
            is_recipient |= recipients[i] == member;
        assert_int_equal(cms_open(buffer_bytes(&object), pki.members[member], &content, &err), is_recipient);
        assert_string_equal(buffer_text(&content), is_recipient ? "inside" : "");
        assert_int_equal(err.code, is_recipient ? ERROR_NONE : ERROR_UNTRUSTED);
        buffer_release(&content);
    }
    buffer_release(&object);
}

static void sealed_under_a_key_opens_with_that_key_and_its_name(void **state)
{
    struct secret *key = secret_random(32, NULL), *other = secret_random(32, NULL);
    struct buffer object = {.max = 4096}, content = {.max = 100};
    const struct bytes id = bytes_of_text("package-1");
    struct error err = {0};

    (void)state;
    assert_true(cms_seal_key(bytes_of_text("inside"), key, id, &object, &err));
    assert_true(cms_open_key(buffer_bytes(&object), key, id, &content, &err));
    assert_string_equal(buffer_text(&content), "inside");
    assert_false(cms_open_key(buffer_bytes(&object), other, id, &content, &err));
    assert_int_equal(err.code, ERROR_UNTRUSTED);
    assert_false(cms_open_key(buffer_bytes(&object), key, bytes_of_text("package-2"), &content, &err));
    assert_int_equal(err.code, ERROR_UNTRUSTED);
    assert_false(cms_open(buffer_bytes(&object), pki.members[PKI_SEAT_1], &content, &err)); /* other kind */
    assert_int_equal(err.code, ERROR_FORMAT);
    assert_int_equal(content.len, 6);
    buffer_release(&object);
    buffer_release(&content);
    secret_free(key);
    secret_free(other);
}

static void writers_keep_to_maximum_and_usage(void **state)
{
    const struct certificate *twice[] = {
        pki_certificate(&pki, PKI_SEAT_1), pki_certificate(&pki, PKI_SEAT_1)};
    const struct certificate *signer_only = pki_certificate(&pki, PKI_SERVER);
    struct secret *key = secret_random(32, NULL);
    struct buffer out = {.max = 100};
    struct error err = {0};
    char text[100];

    (void)state;
    memset(text, 'x', sizeof text);
    assert_true(buffer_add_text(&out, "before"));
    assert_false(
        cms_sign(OBJECT_KEY, bytes_of(text, 100), pki.members[PKI_EXAM_SIGNER], PKI_NOW_MS, &out, &err));
    assert_int_equal(err.code, ERROR_LIMIT);
    assert_int_equal(out.len, 6);
    out.failed = false;
    assert_false(cms_seal(bytes_of(text, 100), twice, 1, &out, &err));
    assert_int_equal(err.code, ERROR_LIMIT);
    out.failed = false;
    assert_false(cms_digest(OBJECT_PRACTICE, bytes_of(text, 100), &out, &err));
    assert_int_equal(err.code, ERROR_LIMIT);
    out.failed = false;
    assert_false(cms_seal_key(bytes_of(text, 100), key, bytes_of_text("id"), &out, &err));
    assert_int_equal(err.code, ERROR_LIMIT);
    assert_string_equal(buffer_text(&out), "before");
    buffer_release(&out);
    out.max = 4096;
    assert_false(cms_sign(OBJECT_KEY, bytes_of(text, 1), pki.members[PKI_SCORING], PKI_NOW_MS, &out, &err));
    assert_int_equal(err.code, ERROR_USAGE); /* opens, does not sign */
    assert_false(cms_seal(bytes_of(text, 1), &signer_only, 1, &out, &err));
    assert_int_equal(err.code, ERROR_USAGE); /* signs, does not open */
    assert_false(cms_seal(bytes_of(text, 1), twice, 2, &out, &err));
    assert_false(cms_seal(bytes_of(text, 1), twice, 0, &out, &err));
    assert_false(cms_seal_key(bytes_of(text, 1), key, bytes_of(text, 0), &out, &err));
    assert_false(cms_seal_key(bytes_of(text, 1), key, bytes_of(text, 65), &out, &err));
    assert_int_equal(out.len, 0);
    buffer_release(&out);
    secret_free(key);
}

/* A CRL-less trust for many threads at once would be another test; here: a revoked signer, judged before and
 * after. */
static void revoked_signer_is_refused_from_its_date_on(void **state)
{
    struct trust *trust = trust_new(pki_certificate(&pki, PKI_ROOT), NULL);
    struct cms_rules rules = {OBJECT_RECEIPT, ROLE_SERVER, trust, PKI_NOW_MS};
    struct buffer object = sign(OBJECT_RECEIPT, "x", PKI_SERVER), crl = {.max = 4096}, content = {.max = 10};
    const int64_t revoked_ms = PKI_NOW_MS - 1000;
    char serial[SERIAL_SIZE];
    const char *serials[] = {serial};
    struct error err = {0};

    (void)state;
    certificate_serial(pki_certificate(&pki, PKI_SERVER), serial);
    assert_true(authority_crl(
        pki.members[PKI_ROOT], serials, &revoked_ms, 1, 7, PKI_FROM_MS, PKI_NOW_MS, &crl, NULL));
    assert_true(trust_add_crl(trust, buffer_bytes(&crl), NULL));
    assert_false(cms_verify(buffer_bytes(&object), &rules, &content, NULL, &err));
    assert_int_equal(err.code, ERROR_UNTRUSTED);
    assert_non_null(strstr(err.text, "revoked"));
    rules.at_ms = revoked_ms - 1000;
    assert_true(cms_verify(buffer_bytes(&object), &rules, &content, NULL, &err));
    buffer_release(&object);
    buffer_release(&crl);
    buffer_release(&content);
    trust_free(trust);
}

/* --- openssl reads what we write ----------------------------------------------------------------------- */

static void assert_file(const char *path, const char *text)
{
    struct buffer content = {.max = 1 << 20};

    read_file(path, &content);
    assert_string_equal(buffer_text(&content), text);
    buffer_release(&content);
}

static void openssl_verifies_what_we_sign(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof signers / sizeof signers[0]; i++) {
        struct buffer object = sign(OBJECT_TICKET, "content", signers[i].member);
        write_file("signed.der", buffer_bytes(&object));
        assert_int_equal(
            run_line("openssl", "cms", "-verify", "-inform", "DER", "-in", "signed.der", "-CAfile",
                "pki/root.pem", "-attime", NOW_SECONDS, "-binary", "-out", "verified", NULL),
            0);
        assert_file("verified", "content");
        assert_int_not_equal(run_line("openssl", "cms", "-verify", "-inform", "DER", "-in", "signed.der",
                                 "-CAfile", "pki/center-1.pem", "-attime", NOW_SECONDS, "-binary", NULL),
            0);
        buffer_release(&object);
    }
}

static void openssl_opens_what_we_seal(void **state)
{
    static const enum pki_member recipients[] = {PKI_SEAT_1, PKI_STAFF_1, PKI_SCORING};
    struct buffer object = seal("inside", recipients, 3);

    (void)state;
    write_file("sealed.der", buffer_bytes(&object));
    for (size_t i = 0; i < 3; i++) {
        char key[64], certificate[64];
        (void)snprintf(key, sizeof key, "pki/%s.key", pki_name(recipients[i]));
        (void)snprintf(certificate, sizeof certificate, "pki/%s.pem", pki_name(recipients[i]));
        assert_int_equal(run_line("openssl", "cms", "-decrypt", "-inform", "DER", "-in", "sealed.der",
                             "-recip", certificate, "-inkey", key, "-binary", "-out", "opened", NULL),
            0);
        assert_file("opened", "inside");
    }
    buffer_release(&object);
}

static void openssl_opens_what_we_seal_under_a_key(void **state)
{
    uint8_t bytes[32];
    struct secret *key;
    struct buffer object = {.max = 4096};

    (void)state;
    for (size_t i = 0; i < 32; i++)
        bytes[i] = (uint8_t)i;
    key = secret_copy(bytes_of(bytes, 32), NULL);
    assert_true(cms_seal_key(bytes_of_text("inside"), key, bytes_of("\xaa\xbb", 2), &object, NULL));
    write_file("sealed.der", buffer_bytes(&object));
    assert_int_equal(run_line("openssl", "cms", "-decrypt", "-inform", "DER", "-in", "sealed.der",
                         "-secretkey", "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
                         "-secretkeyid", "aabb", "-binary", "-out", "opened", NULL),
        0);
    assert_file("opened", "inside");
    buffer_release(&object);
    secret_free(key);
}

static void openssl_checks_what_we_digest(void **state)
{
    struct buffer object = {.max = 4096};

    (void)state;
    assert_true(cms_digest(OBJECT_PRACTICE, bytes_of_text("content"), &object, NULL));
    write_file("digested.der", buffer_bytes(&object));
    assert_int_equal(run_line("openssl", "cms", "-digest_verify", "-inform", "DER", "-in", "digested.der",
                         "-binary", "-out", "verified", NULL),
        0);
    assert_file("verified", "content");
    buffer_release(&object);
}

/* --- we read what openssl writes, where it is the one form --------------------------------------------- */

#define SIGN_BY_SERVER                                                                                       \
    "openssl", "cms", "-sign", "-inform", "DER", "-outform", "DER", "-in", "content", "-out", "theirs.der",  \
        "-signer", "pki/server.pem", "-inkey", "pki/server.key", "-binary", "-nodetach", "-md", "sha256"

static bool read_theirs(struct error *err)
{
    const struct cms_rules rules = {OBJECT_TICKET, ROLE_SERVER, pki.trust, PKI_NOW_MS};
    struct buffer object = {.max = 1 << 16}, content = {.max = 100};
    bool ok;

    read_file("theirs.der", &object);
    ok = cms_verify(buffer_bytes(&object), &rules, &content, NULL, err);
    assert_string_equal(buffer_text(&content), ok ? "content" : "");
    buffer_release(&object);
    buffer_release(&content);
    return ok;
}

/* Half of OpenSSL's signatures have the higher s, and are refused for that and nothing else. */
static void we_verify_what_openssl_signs_in_the_one_form(void **state)
{
    unsigned accepted = 0, mirrored = 0;

    (void)state;
    write_file("content", bytes_of_text("content"));
    for (int i = 0; i < 40 && (accepted == 0 || mirrored == 0); i++) {
        struct error err = {0};
        assert_int_equal(
            run_line(SIGN_BY_SERVER, "-keyid", "-nosmimecap", "-econtent_type", ARC "1.6", NULL), 0);
        if (read_theirs(&err))
            accepted++;
        else if (strstr(err.text, "mirrored") != NULL)
            mirrored++;
        else
            fail_msg("%s", err.text);
    }
    assert_true(accepted > 0 && mirrored > 0);
}

static void we_refuse_what_openssl_signs_in_another_form(void **state)
{
    static const struct {
        const char *arguments[10];
        const char *reason;
    } cases[] = {
        {{"-keyid", "-nosmimecap", "-econtent_type", ARC "1.7"}, "of the kind result, not ticket"},
        {{"-keyid", "-nosmimecap", "-econtent_type", ARC "1.99"}, "content type is none of ours"},
        {{"-keyid", "-nosmimecap", "-econtent_type", "1.2.3.4"}, "signed attribute"},
        {{"-keyid", "-nosmimecap"}, "signed attribute"},
        {{"-keyid", "-econtent_type", ARC "1.6"}, "the list of signed attributes"},
        {{"-nosmimecap", "-econtent_type", ARC "1.6"}, "the version of the signer"},
        {{"-keyid", "-noattr", "-econtent_type", ARC "1.6"}, "signed attributes"},
        {{"-keyid", "-nosmimecap", "-nocerts", "-econtent_type", ARC "1.6"}, "certificates"},
        {{"-keyid", "-nosmimecap", "-certfile", "pki/seat-1.pem", "-econtent_type", ARC "1.6"},
            "not exactly its chain"},
        {{"-keyid", "-nosmimecap", "-certfile", "pki/root.pem", "-econtent_type", ARC "1.6"},
            "not exactly its chain"},
        {{"-keyid", "-nosmimecap", "-md", "sha384", "-econtent_type", ARC "1.6"}, "digest algorithm"},
        {{"-keyid", "-nosmimecap", "-stream", "-econtent_type", ARC "1.6"}, "not of the one form"},
        {{"-keyid", "-nosmimecap", "-receipt_request_to", "a@example.org", "-econtent_type", ARC "1.6"},
            "signed attributes"},
        {{"-keyid", "-nosmimecap", "-cades", "-econtent_type", ARC "1.6"}, "signed attributes"},
        {{"-keyid", "-nosmimecap", "-econtent_type", ARC "1.6", "-signer", "pki/exam-signer.pem", "-inkey",
             "pki/exam-signer.key"},
            "the list of signers has more in it"},
    };

    (void)state;
    write_file("content", bytes_of_text("content"));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *argv[64] = {SIGN_BY_SERVER};
        struct error err = {0};
        size_t count = 0;
        int tries = 0;
        while (argv[count] != NULL)
            count++;
        memcpy(argv + count, cases[i].arguments, sizeof cases[i].arguments);
        do {
            err.text[0] = '\0';
            assert_int_equal(run(argv), 0);
            assert_false(read_theirs(&err));
        } while (strstr(err.text, "mirrored") != NULL && ++tries < 40);
        if (strstr(err.text, cases[i].reason) == NULL)
            fail_msg("case %zu: %s", i, err.text);
    }
}

/* What openssl seals is of the form but for the nonce, which does not bind the recipients. */
static void we_refuse_what_openssl_seals(void **state)
{
    static const struct {
        const char *arguments[16];
        const char *reason;
    } cases[] = {
        {{"-aes-256-gcm", "-recip", "pki/seat-1.pem", "-keyid", "-keyopt", "ecdh_kdf_md:sha256"},
            "the nonce"},
        {{"-aes-256-gcm", "-recip", "pki/seat-1.pem", "-keyid"}, "the key agreement"},
        {{"-aes-256-gcm", "-recip", "pki/seat-1.pem", "-keyid", "-keyopt", "ecdh_kdf_md:sha256", "-keyopt",
             "ecdh_cofactor_mode:1"},
            "the key agreement"},
        {{"-aes-256-gcm", "-recip", "pki/seat-1.pem", "-keyopt", "ecdh_kdf_md:sha256"}, "a recipient's name"},
        {{"-aes-128-gcm", "-recip", "pki/seat-1.pem", "-keyid", "-keyopt", "ecdh_kdf_md:sha256"},
            "the cipher"},
        {{"-aes-256-cbc", "-recip", "pki/seat-1.pem", "-keyid", "-keyopt", "ecdh_kdf_md:sha256"},
            "the type of the object"},
        {{"-aes-256-gcm", "-secretkey", "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
             "-secretkeyid", "aabb"},
            "a recipient"},
        {{"-aes-256-gcm", "-secretkey", "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
             "-secretkeyid", "aabb", "-recip", "pki/seat-1.pem", "-keyid", "-keyopt", "ecdh_kdf_md:sha256"},
            "a recipient"},
        {{"-aes-256-gcm", "-recip", "pki/seat-2.pem", "-keyid", "-keyopt", "ecdh_kdf_md:sha256"},
            "sealed to 1 others"},
    };

    (void)state;
    write_file("content", bytes_of_text("content"));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *argv[64] = {"openssl", "cms", "-encrypt", "-outform", "DER", "-in", "content", "-out",
            "theirs.der", "-binary"};
        struct buffer object = {.max = 1 << 16}, content = {.max = 100};
        struct error err = {0};
        memcpy(argv + 10, cases[i].arguments, sizeof cases[i].arguments);
        assert_int_equal(run(argv), 0);
        read_file("theirs.der", &object);
        assert_false(cms_open(buffer_bytes(&object), pki.members[PKI_SEAT_1], &content, &err));
        assert_int_equal(content.len, 0);
        if (strstr(err.text, cases[i].reason) == NULL)
            fail_msg("case %zu: %s", i, err.text);
        buffer_release(&object);
    }
}

/* --- the page's examples
 * ------------------------------------------------------------------------------------ */

#define KEPT CARREL_SOURCE_DIR "/tests/fuzz/corpus/"

static void worked_examples_of_the_page_are_read(void **state)
{
    struct certificate *root;
    struct cms_rules rules = {OBJECT_RECEIPT, ROLE_SERVER, NULL, CMS_AT_SIGNING};
    struct buffer der = {.max = 4096}, content = {.max = 100};
    struct secret *key = secret_new(32, NULL);
    struct trust *trust;

    (void)state;
    for (size_t i = 0; i < 32; i++)
        secret_data(key)[i] = (uint8_t)i;
    read_file(KEPT "root.der", &der);
    root = certificate_parse(buffer_bytes(&der), NULL);
    rules.trust = trust = trust_new(root, NULL);
    buffer_clear(&der);
    read_file(KEPT "cms/signed-server.der", &der);
    assert_true(cms_verify(buffer_bytes(&der), &rules, &content, NULL, NULL));
    buffer_clear(&der);
    read_file(KEPT "cms/held.der", &der);
    assert_true(cms_open_key(buffer_bytes(&der), key, bytes_of_text("\xaa\xbb"), &content, NULL));
    buffer_clear(&der);
    read_file(KEPT "cms/digested.der", &der);
    assert_true(cms_digest_open(buffer_bytes(&der), OBJECT_PRACTICE, &content, NULL));
    assert_string_equal(buffer_text(&content), "{\"a\":1}{\"a\":1}{\"a\":1}");
    buffer_release(&der);
    buffer_release(&content);
    certificate_free(root);
    trust_free(trust);
    secret_free(key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_signer_signs_every_kind),
        cmocka_unit_test(contents_of_every_size_come_back),
        cmocka_unit_test(signing_times_are_read_as_written),
        cmocka_unit_test(signer_is_judged_when_the_rules_say),
        cmocka_unit_test(known_signer_is_read_once_and_only_for_its_role),
        cmocka_unit_test(sealed_opens_for_each_recipient_and_nobody_else),
        cmocka_unit_test(sealed_under_a_key_opens_with_that_key_and_its_name),
        cmocka_unit_test(writers_keep_to_maximum_and_usage),
        cmocka_unit_test(revoked_signer_is_refused_from_its_date_on),
        cmocka_unit_test(openssl_verifies_what_we_sign),
        cmocka_unit_test(openssl_opens_what_we_seal),
        cmocka_unit_test(openssl_opens_what_we_seal_under_a_key),
        cmocka_unit_test(openssl_checks_what_we_digest),
        cmocka_unit_test(we_verify_what_openssl_signs_in_the_one_form),
        cmocka_unit_test(we_refuse_what_openssl_signs_in_another_form),
        cmocka_unit_test(we_refuse_what_openssl_seals),
        cmocka_unit_test(worked_examples_of_the_page_are_read),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
