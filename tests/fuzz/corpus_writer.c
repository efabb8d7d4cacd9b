/* corpus_writer DIR: writes the kept inputs of the crypto targets anew: root.der, cms/ and certificate/. Its
 * keys live in a folder of its own, "keys" where it runs, which is to be removed afterwards:
 * tests/fuzz/make_corpus does both. */
#include <stdio.h>
#include <stdlib.h>

#include "core/crypto/cms.h"
#include "core/file.h"
#include "tests/support/pki.h"
#include "tests/support/run.h"

static struct pki pki;
static const char *target;

static void must(bool ok, const struct error *err)
{
    if (ok)
        return;
    (void)fprintf(stderr, "corpus_writer: %s\n", err->text);
    exit(EXIT_FAILURE);
}

/* Writes and forgets the content. */
static void keep(const char *name, struct buffer *content)
{
    char path[FILE_PATH_SIZE];
    struct error err = {0};

    must(path_join(path, target, name, &err), &err);
    write_file(path, buffer_bytes(content));
    buffer_release(content);
}

static void keep_signed(const char *name, enum pki_member signer)
{
    struct buffer out = {.max = 1 << 16};
    struct error err = {0};

    must(cms_sign(OBJECT_RECEIPT, bytes_of_text("{\"a\":1}"), pki.members[signer], PKI_NOW_MS, &out, &err),
        &err);
    keep(name, &out);
}

static void keep_sealed(const char *name, size_t count)
{
    const struct certificate *recipients[] = {
        pki_certificate(&pki, PKI_INTAKE), pki_certificate(&pki, PKI_SCORING)};
    struct buffer out = {.max = 1 << 16};
    struct error err = {0};

    must(cms_seal(bytes_of_text("{\"a\":1}"), recipients, count, &out, &err), &err);
    keep(name, &out);
}

static void keep_held(void)
{
    struct buffer out = {.max = 1 << 16};
    struct error err = {0};
    struct secret *key = secret_new(32, &err);

    must(key != NULL, &err);
    for (size_t i = 0; i < 32; i++)
        secret_data(key)[i] = (uint8_t)i;
    must(cms_seal_key(bytes_of_text("{\"a\":1}"), key, bytes_of_text("\xaa\xbb"), &out, &err), &err);
    keep("cms/held.der", &out);
    secret_free(key);
}

static void keep_digested(void)
{
    struct buffer out = {.max = 1 << 16};
    struct error err = {0};

    must(cms_digest(OBJECT_PRACTICE, bytes_of_text("{\"a\":1}"), &out, &err), &err);
    keep("cms/digested.der", &out);
}

static void keep_certificate(enum pki_member member)
{
    struct buffer der = {.max = PEM_MAX_BYTES}, pem = {.max = PEM_MAX_BYTES};
    char name[100];
    struct error err = {0};

    must(certificate_der(pki_certificate(&pki, member), &der, &err), &err);
    (void)snprintf(name, sizeof name, "certificate/%s.der", pki_name(member));
    keep(name, &der);
    must(certificate_pem(pki_certificate(&pki, member), &pem, &err), &err);
    (void)snprintf(name, sizeof name, "certificate/%s.txt", pki_name(member));
    keep(name, &pem);
}

static void keep_request_and_list(void)
{
    struct buffer request = {.max = 4096}, crl = {.max = 4096};
    const char *const serials[] = {"41"};
    const int64_t revoked_ms = PKI_NOW_MS;
    struct error err = {0};

    must(identity_request("keys", "seat-1", "seat-1", "center-1", &request, &err), &err);
    keep("certificate/request.der", &request);
    must(authority_crl(
             pki.members[PKI_ROOT], serials, &revoked_ms, 1, 1, PKI_FROM_MS, PKI_UNTIL_MS, &crl, &err),
        &err);
    keep("certificate/crl.der", &crl);
}

int main(int argc, char **argv)
{
    struct buffer root = {.max = PEM_MAX_BYTES};

    if (argc != 2) {
        (void)fprintf(stderr, "usage: corpus_writer DIR\n");
        return EXIT_FAILURE;
    }
    target = argv[1];
    pki_init(&pki, "keys");
    must(certificate_der(pki_certificate(&pki, PKI_ROOT), &root, NULL), &(struct error){0});
    keep("root.der", &root);
    keep_signed("cms/signed-server.der", PKI_SERVER);
    keep_signed("cms/signed-seat.der", PKI_SEAT_1);
    keep_sealed("cms/sealed.der", 1);
    keep_sealed("cms/sealed-to-two.der", 2);
    keep_held();
    keep_digested();
    keep_certificate(PKI_ROOT);
    keep_certificate(PKI_INTAKE);
    keep_certificate(PKI_TLS_SERVER);
    keep_certificate(PKI_CENTER_1);
    keep_certificate(PKI_SEAT_1);
    keep_request_and_list();
    pki_release(&pki);
    return EXIT_SUCCESS;
}
