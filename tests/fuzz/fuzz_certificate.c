/* Certificates, revocation lists and requests. What is read as a certificate says the same about itself every
 * time, and is believed only if it is the one that is kept in the corpus. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/crypto/request.h"
#include "core/crypto/x509.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/keys.h"

static void read_certificate(struct bytes input)
{
    struct certificate *certificate = certificate_parse(input, NULL);
    struct buffer der = {.max = PEM_MAX_BYTES};
    char name[NAME_SIZE], center[IDENTIFIER_SIZE], serial[SERIAL_SIZE];
    struct certificate *again;

    if (certificate == NULL)
        return;
    certificate_name(certificate, name);
    certificate_center(certificate, center);
    certificate_serial(certificate, serial);
    if (name[0] == '\0' || strlen(serial) > 40 || !certificate_der(certificate, &der, NULL))
        abort();
    again = certificate_parse(buffer_bytes(&der), NULL);
    if (again == NULL || certificate_role(again) != certificate_role(certificate))
        abort();
    for (enum role role = ROLE_NONE + 1; role < ROLES; role++)
        if (trust_check(fuzz_trust(), certificate, NULL, 0, role, FUZZ_NOW_MS, NULL) &&
            !fuzz_is_kept(buffer_bytes(&der)))
            abort();
    certificate_free(again);
    certificate_free(certificate);
    buffer_release(&der);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct bytes input = bytes_of(data, size);
    EVP_PKEY *key = request_key(input, NULL);

    EVP_PKEY_free(key);
    read_certificate(input);
    (void)trust_add_crl(fuzz_trust(), input, NULL);
    return 0;
}
