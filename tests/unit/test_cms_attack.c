/* What an attacker can do to an object without a key: every value of every byte, every length, and each hole
 * that a reader of CMS usually has, built on purpose. Where the stock `openssl` accepts the change, the test
 * says so and checks it: that is what makes it a hole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "core/crypto/cms.h"
#include "core/crypto/der.h"
#include "core/crypto/signature.h"
#include "core/crypto/x509.h"
#include "tests/support/der_edit.h"
#include "tests/support/pki.h"
#include "tests/support/run.h"

#define ARC "2.25.116422175487976235538088701686193240821."
#define NOW_SECONDS "1795332890"

static struct pki pki;
static struct trust *remembering;
static struct secret *held;

static int set_up(void **state)
{
    uint8_t bytes[32];

    (void)state;
    pki_remove("pki");
    pki_init(&pki, "pki");
    remembering = trust_new(pki_certificate(&pki, PKI_ROOT), NULL);
    assert_true(trust_remember_signers(remembering, NULL));
    for (size_t i = 0; i < 32; i++)
        bytes[i] = (uint8_t)i;
    held = secret_copy(bytes_of(bytes, 32), NULL);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    secret_free(held);
    trust_free(remembering);
    pki_release(&pki);
    return 0;
}

/* --- an object of each structure, and how it is read --------------------------------------------------- */

enum structure {
    SIGNED,
    SIGNED_BY_SEAT,
    SIGNED_BY_KNOWN,
    SEALED,
    SEALED_TO_THREE,
    SEALED_UNDER_KEY,
    DIGESTED,
    STRUCTURES
};

static struct buffer make(enum structure structure)
{
    static const enum pki_member three[] = {PKI_INTAKE, PKI_SCORING, PKI_SEAT_1};
    const struct certificate *recipients[] = {pki_certificate(&pki, PKI_SEAT_1), NULL, NULL};
    const struct bytes content = bytes_of_text("{\"a\":1}");
    struct buffer out = {.max = 1 << 16};
    bool ok = false;

    switch (structure) {
    case SIGNED:
        ok = cms_sign(OBJECT_RECEIPT, content, pki.members[PKI_SERVER], PKI_NOW_MS, &out, NULL);
        break;
    case SIGNED_BY_SEAT:
    case SIGNED_BY_KNOWN:
        ok = cms_sign(OBJECT_RECEIPT, content, pki.members[PKI_SEAT_1], PKI_NOW_MS, &out, NULL);
        break;
    case SEALED: ok = cms_seal(content, recipients, 1, &out, NULL); break;
    case SEALED_TO_THREE:
        for (size_t i = 0; i < 3; i++)
            recipients[i] = pki_certificate(&pki, three[i]);
        ok = cms_seal(content, recipients, 3, &out, NULL);
        break;
    case SEALED_UNDER_KEY: ok = cms_seal_key(content, held, bytes_of("\xaa\xbb", 2), &out, NULL); break;
    case DIGESTED: ok = cms_digest(OBJECT_RECEIPT, content, &out, NULL); break;
    case STRUCTURES: break;
    }
    assert_true(ok);
    return out;
}

static bool read_into(
    enum structure structure, struct bytes object, struct buffer *content, struct error *err)
{
    const enum role role = structure == SIGNED ? ROLE_SERVER : ROLE_SEAT;
    const struct cms_rules rules = {OBJECT_RECEIPT, role, pki.trust, PKI_NOW_MS};
    const struct cms_rules known = {OBJECT_RECEIPT, ROLE_SEAT, remembering, CMS_AT_ISSUE};

    switch (structure) {
    case SIGNED:
    case SIGNED_BY_SEAT: return cms_verify(object, &rules, content, NULL, err);
    case SIGNED_BY_KNOWN: return cms_verify(object, &known, content, NULL, err);
    case SEALED:
    case SEALED_TO_THREE: return cms_open(object, pki.members[PKI_SEAT_1], content, err);
    case SEALED_UNDER_KEY: return cms_open_key(object, held, bytes_of("\xaa\xbb", 2), content, err);
    case DIGESTED: return cms_digest_open(object, OBJECT_RECEIPT, content, err);
    case STRUCTURES: break;
    }
    return false;
}

/* Refused, with a reason, and nothing handed on. */
static void assert_refused(enum structure structure, struct bytes object, const char *what, size_t place)
{
    struct buffer content = {.max = 1 << 16};
    struct error err = {0};

    if (read_into(structure, object, &content, &err))
        fail_msg("structure %d: accepted: %s at %zu", (int)structure, what, place);
    assert_true(err.code == ERROR_FORMAT || err.code == ERROR_UNTRUSTED || err.code == ERROR_LIMIT);
    assert_true(err.text[0] != '\0');
    assert_int_equal(content.len, 0);
    buffer_release(&content);
}

static void assert_accepted(enum structure structure, struct bytes object)
{
    struct buffer content = {.max = 1 << 16};
    struct error err = {0};

    if (!read_into(structure, object, &content, &err))
        fail_msg("structure %d: %s", (int)structure, err.text);
    assert_string_equal(buffer_text(&content), "{\"a\":1}");
    buffer_release(&content);
}

/* --- blind changes ------------------------------------------------------------------------------------- */

static void every_value_of_every_byte(enum structure structure)
{
    struct buffer object = make(structure);

    assert_accepted(structure, buffer_bytes(&object));
    for (size_t i = 0; i < object.len; i++) {
        const uint8_t was = object.data[i];
        for (unsigned other = 0; other < 256; other++) {
            if (other == was)
                continue;
            object.data[i] = (uint8_t)other;
            assert_refused(structure, buffer_bytes(&object), "a byte changed", i);
        }
        object.data[i] = was;
    }
    assert_accepted(structure, buffer_bytes(&object));
    buffer_release(&object);
}

static void signed_refuses_every_value_of_every_byte(void **state)
{
    (void)state;
    every_value_of_every_byte(SIGNED);
}
static void sealed_refuses_every_value_of_every_byte(void **state)
{
    (void)state;
    every_value_of_every_byte(SEALED);
}
static void sealed_to_three_refuses_every_value_of_every_byte(void **state)
{
    (void)state;
    every_value_of_every_byte(SEALED_TO_THREE);
}
static void sealed_under_key_refuses_every_value_of_every_byte(void **state)
{
    (void)state;
    every_value_of_every_byte(SEALED_UNDER_KEY);
}
static void digested_refuses_every_value_of_every_byte(void **state)
{
    (void)state;
    every_value_of_every_byte(DIGESTED);
}

static void every_flipped_bit(enum structure structure)
{
    struct buffer object = make(structure);

    assert_accepted(structure, buffer_bytes(&object));
    for (size_t bit = 0; bit < 8 * object.len; bit++) {
        object.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_refused(structure, buffer_bytes(&object), "a bit flipped", bit);
        object.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    buffer_release(&object);
}

static void signed_by_seat_refuses_every_flipped_bit(void **state)
{
    (void)state;
    every_flipped_bit(SIGNED_BY_SEAT);
}
static void signed_by_known_signer_refuses_every_flipped_bit(void **state)
{
    (void)state;
    every_flipped_bit(SIGNED_BY_KNOWN); /* known from the first, whole reading on */
}

/* Against an unreadable page: a reader that looks past the end dies. */
static void every_length_but_its_own_is_refused(void **state)
{
    const size_t page = 4096;
    uint8_t *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    (void)state;
    assert_int_equal(mprotect(pages + page, page, PROT_NONE), 0);
    for (enum structure structure = 0; structure < STRUCTURES; structure++) {
        struct buffer object = make(structure);
        assert_true(object.len < page);
        for (size_t len = 0; len < object.len; len++) {
            uint8_t *at = pages + page - len;
            memcpy(at, object.data, len);
            assert_refused(structure, bytes_of(at, len), "cut", len);
        }
        for (unsigned last = 0; last < 256; last++) {
            const uint8_t byte = (uint8_t)last;
            struct buffer longer = {.max = page};
            assert_true(buffer_add_bytes(&longer, buffer_bytes(&object)) && buffer_add(&longer, &byte, 1));
            assert_refused(structure, buffer_bytes(&longer), "a byte behind", last);
            buffer_release(&longer);
        }
        buffer_release(&object);
    }
    assert_int_equal(munmap(pages, 2 * page), 0);
}

static void content_larger_than_the_room_is_refused(void **state)
{
    (void)state;
    for (enum structure structure = 0; structure < STRUCTURES; structure++) {
        struct buffer object = make(structure), content = {.max = 6};
        struct error err = {0};
        assert_false(read_into(structure, buffer_bytes(&object), &content, &err));
        assert_int_equal(err.code, ERROR_LIMIT);
        assert_int_equal(content.len, 0);
        buffer_release(&object);
        buffer_release(&content);
    }
}

/* The same structure in another case of it. */
static enum structure kin(enum structure structure)
{
    switch (structure) {
    case SIGNED_BY_KNOWN: return SIGNED_BY_SEAT;
    case SEALED_TO_THREE: return SEALED;
    case SIGNED:
    case SIGNED_BY_SEAT:
    case SEALED:
    case SEALED_UNDER_KEY:
    case DIGESTED:
    case STRUCTURES: break;
    }
    return structure;
}

static void each_structure_is_refused_as_another(void **state)
{
    (void)state;
    for (enum structure made = 0; made < STRUCTURES; made++)
        for (enum structure read = 0; read < STRUCTURES; read++) {
            struct buffer object = make(made);
            if (kin(made) == kin(read))
                assert_accepted(read, buffer_bytes(&object));
            else
                assert_refused(read, buffer_bytes(&object), "another structure", made);
            buffer_release(&object);
        }
}

static void each_kind_is_refused_as_another(void **state)
{
    (void)state;
    for (enum object_kind kind = 0; kind < OBJECT_KINDS; kind++) {
        struct buffer object = {.max = 1 << 16};
        assert_true(cms_sign(kind, bytes_of_text("x"), pki.members[PKI_SERVER], PKI_NOW_MS, &object, NULL));
        for (enum object_kind asked = 0; asked < OBJECT_KINDS; asked++) {
            const struct cms_rules rules = {asked, ROLE_SERVER, pki.trust, PKI_NOW_MS};
            struct buffer content = {.max = 10};
            struct error err = {0};
            assert_int_equal(cms_verify(buffer_bytes(&object), &rules, &content, NULL, &err), kind == asked);
            if (kind != asked)
                assert_non_null(strstr(err.text, object_name(kind)));
            buffer_release(&content);
        }
        buffer_release(&object);
    }
}

/* --- holes, built on purpose --------------------------------------------------------------------------- */

/* What `openssl cms` says to the same object; of some holes its releases think differently. */
enum stock { STOCK_ACCEPTS, STOCK_REFUSES, STOCK_VARIES };

static bool stock_reads(enum structure structure, struct bytes object)
{
    write_file("attack.der", object);
    switch (structure) {
    case SIGNED:
    case SIGNED_BY_SEAT:
    case SIGNED_BY_KNOWN:
        return run_line("openssl", "cms", "-verify", "-inform", "DER", "-in", "attack.der", "-CAfile",
                   "pki/root.pem", "-attime", NOW_SECONDS, "-binary", "-out", "attack.out", NULL) == 0;
    case SEALED:
    case SEALED_TO_THREE:
        return run_line("openssl", "cms", "-decrypt", "-inform", "DER", "-in", "attack.der", "-recip",
                   "pki/seat-1.pem", "-inkey", "pki/seat-1.key", "-binary", "-out", "attack.out", NULL) == 0;
    case SEALED_UNDER_KEY:
        return run_line("openssl", "cms", "-decrypt", "-inform", "DER", "-in", "attack.der", "-secretkey",
                   "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", "-secretkeyid", "aabb",
                   "-binary", "-out", "attack.out", NULL) == 0;
    case DIGESTED:
        return run_line("openssl", "cms", "-digest_verify", "-inform", "DER", "-in", "attack.der", "-binary",
                   "-out", "attack.out", NULL) == 0;
    case STRUCTURES: break;
    }
    return false;
}

static void assert_attack(
    const char *name, enum structure structure, struct bytes object, const char *reason, enum stock stock)
{
    struct buffer content = {.max = 1 << 16};
    struct error err = {0};

    if (read_into(structure, object, &content, &err))
        fail_msg("%s: accepted", name);
    if (strstr(err.text, reason) == NULL)
        fail_msg("%s: %s", name, err.text);
    if (stock != STOCK_VARIES && stock_reads(structure, object) != (stock == STOCK_ACCEPTS))
        fail_msg("%s: the stock openssl does otherwise", name);
    assert_int_equal(content.len, 0);
    buffer_release(&content);
}

/* An edit whose material is known beforehand. */
struct attack {
    const char *name;
    enum structure structure;
    const char *path;
    enum der_edit edit;
    struct bytes with;
    const char *reason;
    enum stock stock;
};
#define BYTES(literal)                                                                                       \
    {                                                                                                        \
        (const uint8_t *)(literal), sizeof(literal) - 1                                                      \
    }
#define NOTHING                                                                                              \
    {                                                                                                        \
        NULL, 0                                                                                              \
    }

static void changes_of_form_are_refused(void **state)
{
    static const struct attack attacks[] = {
        {"signed data of version 1", SIGNED, "0.1.0.0", DER_REPLACE, BYTES("\x02\x01\x01"),
            "the version of the signed data", STOCK_ACCEPTS},
        {"signer of version 1", SIGNED, "0.1.0.4.0.0", DER_REPLACE, BYTES("\x02\x01\x01"),
            "the version of the signer", STOCK_ACCEPTS},
        {"version in two bytes", SIGNED, "0.1.0.0", DER_REPLACE, BYTES("\x02\x02\x00\x03"),
            "the version of the signed data", STOCK_REFUSES},
        {"content type of another kind", SIGNED, "0.1.0.2.0", DER_REPLACE,
            BYTES("\x06\x16\x69\x81\xaf\x96\x8c\x9a\xfc\xc5\xa2\x90\xc7\x8c\xce\xe8\xd3\x8b\xec\xba\xf5\x75"
                  "\x01\x06"),
            "of the kind ticket", STOCK_ACCEPTS},
        {"content type data", SIGNED, "0.1.0.2.0", DER_REPLACE,
            BYTES("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01"), "none of ours", STOCK_ACCEPTS},
        {"a second digest algorithm", SIGNED, "0.1.0.1.1", DER_INSERT,
            BYTES("\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02"), "the digest algorithm",
            STOCK_ACCEPTS},
        {"digest algorithm with NULL parameters", SIGNED, "0.1.0.4.0.2", DER_REPLACE,
            BYTES("\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00"),
            "the signer's digest algorithm", STOCK_ACCEPTS},
        {"signature algorithm ecPublicKey", SIGNED, "0.1.0.4.0.4", DER_REPLACE,
            BYTES("\x30\x09\x06\x07\x2a\x86\x48\xce\x3d\x02\x01"), "the signature algorithm", STOCK_ACCEPTS},
        {"an unsigned attribute", SIGNED, "0.1.0.4.0.6", DER_INSERT,
            BYTES("\xa1\x0d\x30\x0b\x06\x03\x2a\x03\x04\x31\x04\x04\x02hi"), "the signer has more in it",
            STOCK_ACCEPTS},
        {"an attribute among the signed", SIGNED, "0.1.0.4.0.3.0", DER_INSERT,
            BYTES("\x30\x0b\x06\x03\x2a\x03\x04\x31\x04\x04\x02hi"), "the list of signed attributes",
            STOCK_REFUSES},
        {"no signing time", SIGNED, "0.1.0.4.0.3.0", DER_DELETE, NOTHING, "the list of signed attributes",
            STOCK_REFUSES},
        {"no certificates", SIGNED, "0.1.0.3", DER_DELETE, NOTHING, "the list of certificates",
            STOCK_REFUSES},
        {"no signers", SIGNED, "0.1.0.4.0", DER_DELETE, NOTHING, "the signer", STOCK_REFUSES},
        {"no content", SIGNED, "0.1.0.2.1", DER_DELETE, NOTHING, "the content", STOCK_REFUSES},
        {"content in pieces", SIGNED, "0.1.0.2.1.0", DER_REPLACE, BYTES("\x24\x09\x04\x07{\"a\":1}"),
            "the content", STOCK_ACCEPTS},
        {"something behind the signers", SIGNED, "0.1.0.5", DER_INSERT, BYTES("\x05\x00"),
            "the signed data has more in it", STOCK_REFUSES},

        {"sealed data of version 4", SEALED, "0.1.0.0", DER_REPLACE, BYTES("\x02\x01\x04"),
            "the version of the sealed data", STOCK_ACCEPTS},
        {"recipient of version 4", SEALED, "0.1.0.1.0.0", DER_REPLACE, BYTES("\x02\x01\x04"),
            "the version of a recipient", STOCK_ACCEPTS},
        {"cofactor key agreement", SEALED, "0.1.0.1.0.2.0", DER_REPLACE,
            BYTES("\x06\x06\x2b\x81\x04\x01\x0e\x01"), "the key agreement", STOCK_ACCEPTS},
        {"sender's key with parameters", SEALED, "0.1.0.1.0.1.0.0", DER_REPLACE,
            BYTES("\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07"),
            "the algorithm of the sender's key", STOCK_ACCEPTS},
        {"sealed content of another type", SEALED, "0.1.0.2.0", DER_REPLACE,
            BYTES("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"), "the type of the sealed content",
            STOCK_ACCEPTS},
        {"a tag said to have 12 bytes", SEALED, "0.1.0.2.1.1.1", DER_REPLACE, BYTES("\x02\x01\x0c"),
            "the length of the tag", STOCK_ACCEPTS},
        {"no length of the tag", SEALED, "0.1.0.2.1.1.1", DER_DELETE, NOTHING, "the length of the tag",
            STOCK_REFUSES},
        {"an unauthenticated attribute", SEALED, "0.1.0.4", DER_INSERT,
            BYTES("\xa2\x0d\x30\x0b\x06\x03\x2a\x03\x04\x31\x04\x04\x02hi"), "the sealed data has more in it",
            STOCK_VARIES},
        {"an authenticated attribute", SEALED, "0.1.0.3", DER_INSERT,
            BYTES("\xa1\x0d\x30\x0b\x06\x03\x2a\x03\x04\x31\x04\x04\x02hi"), "the tag", STOCK_REFUSES},
        {"no recipients", SEALED, "0.1.0.1.0", DER_DELETE, NOTHING, "sealed to 0 others", STOCK_REFUSES},
        {"a recipient under a key besides", SEALED, "0.1.0.1.1", DER_INSERT,
            BYTES("\xa2\x40\x02\x01\x04\x30\x04\x04\x02\xaa\xbb\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04"
                  "\x01\x2d"
                  "\x04\x28----------------------------------------"),
            "a recipient", STOCK_ACCEPTS},
        {"a key recipient of version 3", SEALED_UNDER_KEY, "0.1.0.1.0.0", DER_REPLACE, BYTES("\x02\x01\x03"),
            "the version of the recipient", STOCK_ACCEPTS},
        {"a key id with a date", SEALED_UNDER_KEY, "0.1.0.1.0.1.1", DER_INSERT,
            BYTES("\x18\x0f"
                  "20261122000000Z"),
            "the recipient's name has more in it", STOCK_ACCEPTS},

        {"digested data of version 0", DIGESTED, "0.1.0.0", DER_REPLACE, BYTES("\x02\x01\x00"),
            "the version of the digested data", STOCK_ACCEPTS},
        {"digested content of another type", DIGESTED, "0.1.0.2.0", DER_REPLACE,
            BYTES("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01"), "of another kind", STOCK_ACCEPTS},
    };

    (void)state;
    for (size_t i = 0; i < sizeof attacks / sizeof attacks[0]; i++) {
        const struct attack *attack = &attacks[i];
        struct buffer object = make(attack->structure);
        struct buffer changed = der_edit(buffer_bytes(&object), attack->path, attack->edit, attack->with);
        assert_attack(attack->name, attack->structure, buffer_bytes(&changed), attack->reason, attack->stock);
        buffer_release(&changed);
        buffer_release(&object);
    }
}

/* (r, n − s) for (r, s), as DER within an OCTET STRING. */
static struct buffer mirrored(struct bytes element)
{
    const unsigned char *at = element.data + 2;
    ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &at, (long)element.len - 2);
    BIGNUM *order = NULL, *s = BN_new();
    unsigned char *der = NULL;
    struct buffer out = {.max = 200};
    int len;

    assert_non_null(pair);
    BN_hex2bn(&order, "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");
    assert_int_equal(BN_sub(s, order, ECDSA_SIG_get0_s(pair)), 1);
    assert_int_equal(ECDSA_SIG_set0(pair, BN_dup(ECDSA_SIG_get0_r(pair)), s), 1);
    len = i2d_ECDSA_SIG(pair, &der);
    der_element(&out, DER_OCTET_STRING, bytes_of(der, (size_t)len));
    OPENSSL_free(der);
    BN_free(order);
    ECDSA_SIG_free(pair);
    return out;
}

static void mirrored_signature_is_refused(void **state)
{
    struct buffer object = make(SIGNED);
    struct buffer other = mirrored(der_at(buffer_bytes(&object), "0.1.0.4.0.5"));
    struct buffer changed = der_edit(buffer_bytes(&object), "0.1.0.4.0.5", DER_REPLACE, buffer_bytes(&other));

    (void)state;
    assert_attack("mirrored", SIGNED, buffer_bytes(&changed), "mirrored", STOCK_ACCEPTS);
    buffer_release(&changed);
    buffer_release(&other);
    buffer_release(&object);
}

static void signature_with_a_leading_zero_is_refused(void **state)
{
    struct buffer object = make(SIGNED), padded = {.max = 200}, changed;
    const struct bytes element = der_at(buffer_bytes(&object), "0.1.0.4.0.5");

    (void)state;
    (void)buffer_add_bytes(&padded, element);
    (void)buffer_add(&padded, "\0", 1);
    padded.data[1]++;
    changed = der_edit(buffer_bytes(&object), "0.1.0.4.0.5", DER_REPLACE, buffer_bytes(&padded));
    assert_attack("a byte in the signature", SIGNED, buffer_bytes(&changed), "the one form", STOCK_REFUSES);
    buffer_release(&changed);
    buffer_release(&padded);
    buffer_release(&object);
}

static void added_certificate_is_refused(void **state)
{
    static const enum pki_member added[] = {PKI_SEAT_2, PKI_ROOT, PKI_EXAM_SIGNER, PKI_CENTER_1, PKI_SERVER};
    struct buffer object = make(SIGNED);

    (void)state;
    for (size_t i = 0; i < sizeof added / sizeof added[0]; i++)
        for (int place = 0; place < 2; place++) { /* in the order of the set, and not */
            struct buffer der = {.max = 4096}, changed;
            assert_true(certificate_der(pki_certificate(&pki, added[i]), &der, NULL));
            changed = der_edit(buffer_bytes(&object), place == 0 ? "0.1.0.3.0" : "0.1.0.3.1", DER_INSERT,
                buffer_bytes(&der));
            assert_attack("added certificate", SIGNED, buffer_bytes(&changed), "certificates", STOCK_ACCEPTS);
            buffer_release(&changed);
            buffer_release(&der);
        }
    buffer_release(&object);
}

static void chain_in_another_order_or_incomplete_is_refused(void **state)
{
    struct buffer object = make(SIGNED_BY_SEAT), first = {.max = 4096}, without, swapped;

    (void)state;
    (void)buffer_add_bytes(&first, der_at(buffer_bytes(&object), "0.1.0.3.0"));
    without = der_edit(buffer_bytes(&object), "0.1.0.3.0", DER_DELETE, bytes_of(NULL, 0));
    assert_attack("a certificate less", SIGNED_BY_SEAT, buffer_bytes(&without), "", STOCK_REFUSES);
    swapped = der_edit(buffer_bytes(&without), "0.1.0.3.1", DER_INSERT, buffer_bytes(&first));
    assert_attack("swapped", SIGNED_BY_SEAT, buffer_bytes(&swapped), "order", STOCK_ACCEPTS);
    buffer_release(&swapped);
    buffer_release(&without);
    buffer_release(&first);
    buffer_release(&object);
}

static void added_revocation_list_is_refused(void **state)
{
    struct buffer object = make(SIGNED), crl = {.max = 4096}, list = {.max = 4096}, changed;

    (void)state;
    assert_true(
        authority_crl(pki.members[PKI_ROOT], NULL, NULL, 0, 1, PKI_FROM_MS, PKI_UNTIL_MS, &crl, NULL));
    der_element(&list, DER_CONTEXT_STRUCTURED + 1, buffer_bytes(&crl));
    changed = der_edit(buffer_bytes(&object), "0.1.0.4", DER_INSERT, buffer_bytes(&list));
    assert_attack("a CRL", SIGNED, buffer_bytes(&changed), "the list of signers", STOCK_ACCEPTS);
    buffer_release(&changed);
    buffer_release(&list);
    buffer_release(&crl);
    buffer_release(&object);
}

static void second_signer_is_refused(void **state)
{
    struct buffer object = make(SIGNED), again = make(SIGNED), both;

    (void)state;
    both =
        der_edit(buffer_bytes(&object), "0.1.0.4.1", DER_INSERT, der_at(buffer_bytes(&again), "0.1.0.4.0"));
    assert_attack(
        "two signers", SIGNED, buffer_bytes(&both), "the list of signers has more in it", STOCK_ACCEPTS);
    buffer_release(&both);
    buffer_release(&again);
    buffer_release(&object);
}

/* The parts of two genuine objects, put together. */
static void parts_of_two_objects_are_refused(void **state)
{
    static const char *const paths[] = {"0.1.0.4.0.3", "0.1.0.4.0.5", "0.1.0.2.1"};
    struct buffer object = make(SIGNED), other = {.max = 4096};

    (void)state;
    assert_true(cms_sign(OBJECT_RECEIPT, bytes_of_text("{\"a\":2}"), pki.members[PKI_SERVER],
        PKI_NOW_MS + 5000, &other, NULL));
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        struct buffer changed =
            der_edit(buffer_bytes(&object), paths[i], DER_REPLACE, der_at(buffer_bytes(&other), paths[i]));
        assert_attack(paths[i], SIGNED, buffer_bytes(&changed), "", STOCK_REFUSES);
        buffer_release(&changed);
    }
    buffer_release(&other);
    buffer_release(&object);
}

/* Somebody with a true signing key signs attributes of a form or a kind of their own choice. */
static struct buffer resigned(struct bytes object, const char *path, enum der_edit edit, struct bytes with)
{
    struct buffer changed = der_edit(object, path, edit, with), set = {.max = 1024};
    struct buffer signature = {.max = 100}, element = {.max = 100}, out;

    (void)buffer_add_bytes(&set, der_at(buffer_bytes(&changed), "0.1.0.4.0.3"));
    set.data[0] = DER_SET;
    assert_true(
        signature_make(identity_private(pki.members[PKI_SERVER]), buffer_bytes(&set), &signature, NULL));
    der_element(&element, DER_OCTET_STRING, buffer_bytes(&signature));
    out = der_edit(buffer_bytes(&changed), "0.1.0.4.0.5", DER_REPLACE, buffer_bytes(&element));
    buffer_release(&element);
    buffer_release(&signature);
    buffer_release(&set);
    buffer_release(&changed);
    return out;
}

static void truly_signed_attributes_of_another_form_are_refused(void **state)
{
    static const struct attack attacks[] = {
        {"the same again", SIGNED, "0.1.0.4.0.0", DER_REPLACE, BYTES("\x02\x01\x03"), NULL, STOCK_ACCEPTS},
        {"one more", SIGNED, "0.1.0.4.0.3.0", DER_INSERT,
            BYTES("\x30\x0b\x06\x03\x2a\x03\x04\x31\x04\x04\x02hi"), "the list of signed attributes",
            STOCK_ACCEPTS},
        {"no signing time", SIGNED, "0.1.0.4.0.3.0", DER_DELETE, NOTHING, "the list of signed attributes",
            STOCK_ACCEPTS},
        {"another kind", SIGNED, "0.1.0.4.0.3.1.1.0", DER_REPLACE,
            BYTES("\x06\x16\x69\x81\xaf\x96\x8c\x9a\xfc\xc5\xa2\x90\xc7\x8c\xce\xe8\xd3\x8b\xec\xba\xf5\x75"
                  "\x01\x06"),
            "the signed content type is another", STOCK_ACCEPTS},
        {"two signing times in one", SIGNED, "0.1.0.4.0.3.0.1.1", DER_INSERT,
            BYTES("\x17\x0d"
                  "261122073450Z"),
            "the signing time", STOCK_REFUSES},
        {"a time that is none", SIGNED, "0.1.0.4.0.3.0.1.0", DER_REPLACE,
            BYTES("\x17\x0d"
                  "260230073450Z"),
            "the signing time", STOCK_ACCEPTS},
        {"a time with an offset", SIGNED, "0.1.0.4.0.3.0.1.0", DER_REPLACE,
            BYTES("\x17\x11"
                  "261122073450+0100"),
            "the signing time", STOCK_ACCEPTS},
        {"a time without seconds", SIGNED, "0.1.0.4.0.3.0.1.0", DER_REPLACE,
            BYTES("\x17\x0b"
                  "2611220734Z"),
            "the signing time", STOCK_ACCEPTS},
        {"a long time before 2050", SIGNED, "0.1.0.4.0.3.0.1.0", DER_REPLACE,
            BYTES("\x18\x0f"
                  "20261122073450Z"),
            "the signing time", STOCK_ACCEPTS},
    };
    struct buffer object = make(SIGNED);

    (void)state;
    for (size_t i = 0; i < sizeof attacks / sizeof attacks[0]; i++) {
        const struct attack *attack = &attacks[i];
        struct buffer changed = resigned(buffer_bytes(&object), attack->path, attack->edit, attack->with);
        if (attack->reason == NULL)
            assert_accepted(SIGNED, buffer_bytes(&changed));
        else
            assert_attack(attack->name, SIGNED, buffer_bytes(&changed), attack->reason, attack->stock);
        buffer_release(&changed);
    }
    buffer_release(&object);
}

/* A tag cut to 4 bytes can be guessed; OpenSSL 3.0 takes it. */
static void short_tag_is_refused(void **state)
{
    (void)state;
    for (size_t len = 0; len < 16; len++) {
        struct buffer object = make(SEALED), tag = {.max = 20}, changed;
        der_element(&tag, DER_OCTET_STRING, bytes_of(der_at(buffer_bytes(&object), "0.1.0.3").data + 2, len));
        changed = der_edit(buffer_bytes(&object), "0.1.0.3", DER_REPLACE, buffer_bytes(&tag));
        assert_attack("short tag", SEALED, buffer_bytes(&changed), "the tag has", STOCK_VARIES);
        buffer_release(&changed);
        buffer_release(&tag);
        buffer_release(&object);
    }
}

static void compressed_point_is_refused(void **state)
{
    struct buffer object = make(SEALED), bits = {.max = 40}, element = {.max = 40}, changed;
    const struct bytes whole = der_at(buffer_bytes(&object), "0.1.0.1.0.1.0.1"); /* 03 42 00 04 x y */

    (void)state;
    (void)buffer_add(&bits, (whole.data[whole.len - 1] & 1) == 0 ? "\0\x02" : "\0\x03", 2);
    (void)buffer_add(&bits, whole.data + 4, 32);
    der_element(&element, DER_BIT_STRING, buffer_bytes(&bits));
    changed = der_edit(buffer_bytes(&object), "0.1.0.1.0.1.0.1", DER_REPLACE, buffer_bytes(&element));
    assert_attack("compressed", SEALED, buffer_bytes(&changed), "uncompressed point", STOCK_ACCEPTS);
    buffer_release(&changed);
    buffer_release(&element);
    buffer_release(&bits);
    buffer_release(&object);
}

/* A point that is not on the curve would leak the recipient's key bit by bit, were it multiplied. */
static void point_off_the_curve_is_refused(void **state)
{
    struct buffer object = make(SEALED);

    (void)state;
    for (size_t i = 0; i < object.len - 70; i++)
        if (memcmp(object.data + i, "\x03\x42\x00\x04", 4) == 0)
            memset(object.data + i + 4, 0x11, 64);
    assert_attack("off the curve", SEALED, buffer_bytes(&object), "not", STOCK_REFUSES);
    buffer_release(&object);
}

static bool is_of_seat(struct bytes recipient)
{
    const struct bytes key_id = certificate_key_id(pki_certificate(&pki, PKI_SEAT_1));

    return recipient.len > 0 && memmem(recipient.data, recipient.len, key_id.data, key_id.len) != NULL;
}

/* An edit of the recipient at the path: where neither it nor what comes is the seat's, OpenSSL does not see
 * it. */
static void assert_bound(struct bytes object, const char *path, enum der_edit edit, struct bytes with)
{
    struct buffer changed = der_edit(object, path, edit, with);

    if (is_of_seat(der_at(object, path)) || is_of_seat(with))
        assert_refused(SEALED_TO_THREE, buffer_bytes(&changed), "own recipient", 0);
    else
        assert_attack(path, SEALED_TO_THREE, buffer_bytes(&changed), "", STOCK_ACCEPTS);
    buffer_release(&changed);
}

/* What another recipient needs is theirs, but it is refused to all if it was changed. */
static void another_recipient_is_not_added_taken_or_swapped(void **state)
{
    struct buffer object = make(SEALED_TO_THREE), other = make(SEALED_TO_THREE);

    (void)state;
    for (int i = 0; i < 3; i++) {
        char path[20];
        (void)snprintf(path, sizeof path, "0.1.0.1.%d", i);
        assert_bound(buffer_bytes(&object), path, DER_REPLACE, der_at(buffer_bytes(&other), path));
        assert_bound(buffer_bytes(&object), path, DER_INSERT, der_at(buffer_bytes(&object), path));
        assert_bound(buffer_bytes(&object), path, DER_DELETE, bytes_of(NULL, 0));
    }
    buffer_release(&other);
    buffer_release(&object);
}

/* Two entries for one key: which of them is meant would be a matter of taste. */
static void recipient_named_twice_is_refused(void **state)
{
    struct buffer object = make(SEALED), other = make(SEALED);
    const struct bytes one = der_at(buffer_bytes(&object), "0.1.0.1.0");
    const struct bytes two = der_at(buffer_bytes(&other), "0.1.0.1.0");
    const char *path = der_compare(&one, &two) < 0 ? "0.1.0.1.1" : "0.1.0.1.0"; /* in the order of the set */
    struct buffer changed = der_edit(buffer_bytes(&object), path, DER_INSERT, two);
    struct buffer content = {.max = 100};
    struct error err = {0};

    (void)state;
    assert_false(cms_open(buffer_bytes(&changed), pki.members[PKI_SEAT_1], &content, &err));
    assert_non_null(strstr(err.text, "sealed to this key 2 times"));
    buffer_release(&changed);
    buffer_release(&other);
    buffer_release(&object);
}

/* Lengths in more bytes than needed, and without end: BER, not DER. */
static void other_encodings_of_the_same_are_refused(void **state)
{
    (void)state;
    for (enum structure structure = 0; structure < STRUCTURES; structure++) {
        struct buffer object = make(structure), changed = {.max = 1 << 16};
        const struct bytes inside = der_at(buffer_bytes(&object), "0.1.0");
        const struct bytes type = der_at(buffer_bytes(&object), "0.0");
        (void)buffer_add(&changed, "\x30\x80", 2); /* indefinite, as openssl -stream writes */
        (void)buffer_add_bytes(&changed, type);
        (void)buffer_add(&changed, "\xa0\x80", 2);
        (void)buffer_add_bytes(&changed, inside);
        (void)buffer_add(&changed, "\0\0\0\0", 4);
        assert_attack("indefinite", structure, buffer_bytes(&changed), "the object", STOCK_ACCEPTS);
        buffer_clear(&changed);
        const size_t len = type.len + der_size(inside.len);
        const uint8_t header[] = {0x30, 0x84, 0, 0, (uint8_t)(len >> 8), (uint8_t)len};
        (void)buffer_add(&changed, header, sizeof header);
        (void)buffer_add_bytes(&changed, type);
        der_element(&changed, DER_CONTEXT_STRUCTURED, inside);
        assert_attack("long length", structure, buffer_bytes(&changed), "the object", STOCK_ACCEPTS);
        buffer_release(&changed);
        buffer_release(&object);
    }
}

/* A length that promises what is not there, at every place that has a length. */
static void wrong_lengths_at_the_front_are_refused(void **state)
{
    static const char *const headers[] = {"\x30\x84\xff\xff\xff\xff", "\x30\x85\x01\x00\x00\x00\x00",
        "\x30\x80", "\x30\xff", "\x30\x81", "\x30\x82\x01", "\x30", "\x30\x81\x7f", "\x30\x82\x00\xff",
        "\x30\x00", "\x3f\x30"};

    (void)state;
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++)
        for (enum structure structure = 0; structure < STRUCTURES; structure++)
            assert_refused(structure, bytes_of_text(headers[i]), "a header alone", i);
}

/* --- true keys in wrong hands -------------------------------------------------------------------------- */

static void assert_untrusted(const struct identity *signer, enum role role, const char *reason)
{
    const struct cms_rules rules = {OBJECT_RECEIPT, role, pki.trust, PKI_NOW_MS};
    struct buffer object = {.max = 1 << 16}, content = {.max = 10};
    struct error err = {0};

    assert_true(cms_sign(OBJECT_RECEIPT, bytes_of_text("x"), signer, PKI_NOW_MS, &object, NULL));
    assert_false(cms_verify(buffer_bytes(&object), &rules, &content, NULL, &err));
    assert_int_equal(err.code, ERROR_UNTRUSTED);
    if (strstr(err.text, reason) == NULL)
        fail_msg("%s", err.text);
    buffer_release(&object);
    buffer_release(&content);
}

static void wrong_role_is_refused(void **state)
{
    (void)state;
    assert_untrusted(pki.members[PKI_SEAT_1], ROLE_SERVER, "for the role seat, not server");
    assert_untrusted(pki.members[PKI_SEAT_1], ROLE_STAFF, "for the role seat, not staff");
    assert_untrusted(pki.members[PKI_EXAM_SIGNER], ROLE_SERVER, "for the role exam-signer, not server");
    assert_untrusted(pki.members[PKI_BOARD], ROLE_EXAM_SIGNER, "for the role board, not exam-signer");
}

static void expired_and_foreign_signers_are_refused(void **state)
{
    static const struct subject subject = {ROLE_SEAT, "seat-9", "center-1", NULL};
    struct identity *expired =
        pki_issue("pki", "expired", pki.members[PKI_CENTER_1], &subject, PKI_FROM_MS, PKI_NOW_MS - 1000);
    struct pki foreign;

    (void)state;
    assert_untrusted(expired, ROLE_SEAT, "expired");
    pki_remove("foreign");
    pki_init(&foreign, "foreign");
    assert_untrusted(foreign.members[PKI_SEAT_1], ROLE_SEAT, "not trusted");
    assert_untrusted(foreign.members[PKI_SERVER], ROLE_SERVER, "not trusted");
    pki_release(&foreign);
    identity_free(expired);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signed_refuses_every_value_of_every_byte),
        cmocka_unit_test(sealed_refuses_every_value_of_every_byte),
        cmocka_unit_test(sealed_to_three_refuses_every_value_of_every_byte),
        cmocka_unit_test(sealed_under_key_refuses_every_value_of_every_byte),
        cmocka_unit_test(digested_refuses_every_value_of_every_byte),
        cmocka_unit_test(signed_by_seat_refuses_every_flipped_bit),
        cmocka_unit_test(signed_by_known_signer_refuses_every_flipped_bit),
        cmocka_unit_test(every_length_but_its_own_is_refused),
        cmocka_unit_test(content_larger_than_the_room_is_refused),
        cmocka_unit_test(each_structure_is_refused_as_another),
        cmocka_unit_test(each_kind_is_refused_as_another),
        cmocka_unit_test(changes_of_form_are_refused),
        cmocka_unit_test(mirrored_signature_is_refused),
        cmocka_unit_test(signature_with_a_leading_zero_is_refused),
        cmocka_unit_test(added_certificate_is_refused),
        cmocka_unit_test(chain_in_another_order_or_incomplete_is_refused),
        cmocka_unit_test(added_revocation_list_is_refused),
        cmocka_unit_test(second_signer_is_refused),
        cmocka_unit_test(parts_of_two_objects_are_refused),
        cmocka_unit_test(truly_signed_attributes_of_another_form_are_refused),
        cmocka_unit_test(short_tag_is_refused),
        cmocka_unit_test(compressed_point_is_refused),
        cmocka_unit_test(point_off_the_curve_is_refused),
        cmocka_unit_test(another_recipient_is_not_added_taken_or_swapped),
        cmocka_unit_test(recipient_named_twice_is_refused),
        cmocka_unit_test(other_encodings_of_the_same_are_refused),
        cmocka_unit_test(wrong_lengths_at_the_front_are_refused),
        cmocka_unit_test(wrong_role_is_refused),
        cmocka_unit_test(expired_and_foreign_signers_are_refused),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
