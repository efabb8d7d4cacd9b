/* Which signers were found good before. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "core/crypto/signers.h"
#include "tests/support/pki.h"

static struct pki pki;

static int set_up(void **state)
{
    (void)state;
    pki_init(&pki, "pki");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    pki_release(&pki);
    return 0;
}

/* The first two bytes name its place, the others are its own. */
static struct digest key(uint8_t place, uint8_t rest)
{
    struct digest digest;

    memset(digest.bytes, rest, DIGEST_BYTES);
    digest.bytes[0] = 0;
    digest.bytes[1] = place;
    return digest;
}

static void assert_found(struct signers *signers, struct digest named, enum pki_member member)
{
    struct certificate *found = signers_find(signers, &named);

    assert_non_null(found);
    assert_true(certificate_same_key(found, pki_certificate(&pki, member)));
    certificate_free(found);
}

static void signer_is_found_under_its_own_key_only(void **state)
{
    struct signers *signers = signers_new(NULL);
    const struct digest one = key(1, 0xaa), beside = key(2, 0xaa), other = key(1, 0xab);

    (void)state;
    assert_null(signers_find(signers, &one));
    signers_add(signers, &one, pki_certificate(&pki, PKI_SEAT_1));
    assert_found(signers, one, PKI_SEAT_1);
    assert_null(signers_find(signers, &beside));
    assert_null(signers_find(signers, &other));
    signers_free(signers);
    signers_free(NULL);
}

static void newest_signer_takes_the_place(void **state)
{
    struct signers *signers = signers_new(NULL);
    const struct digest one = key(1, 0xaa), other = key(1, 0xab);

    (void)state;
    signers_add(signers, &one, pki_certificate(&pki, PKI_SEAT_1));
    signers_add(signers, &other, pki_certificate(&pki, PKI_SEAT_2));
    assert_null(signers_find(signers, &one));
    assert_found(signers, other, PKI_SEAT_2);
    signers_free(signers);
}

static void found_signer_outlives_its_place(void **state)
{
    struct signers *signers = signers_new(NULL);
    const struct digest one = key(1, 0xaa);
    struct certificate *found;

    (void)state;
    signers_add(signers, &one, pki_certificate(&pki, PKI_SEAT_1));
    found = signers_find(signers, &one);
    signers_free(signers);
    assert_true(certificate_same_key(found, pki_certificate(&pki, PKI_SEAT_1)));
    certificate_free(found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signer_is_found_under_its_own_key_only),
        cmocka_unit_test(newest_signer_takes_the_place),
        cmocka_unit_test(found_signer_outlives_its_place),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
