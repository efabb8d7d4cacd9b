#include "tests/fuzz/keys.h"

#include <dirent.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/crypto/signature.h"
#include "core/crypto/x509.h"
#include "core/file.h"

#define CORPUS CARREL_SOURCE_DIR "/tests/fuzz/corpus"
enum { KEPT_MAX = 200 };

static void must(bool ok, const char *what)
{
    if (ok)
        return;
    (void)fprintf(stderr, "fuzz: %s\n", what);
    abort();
}

struct trust *fuzz_trust(void)
{
    static struct trust *trust;
    struct buffer der = {.max = PEM_MAX_BYTES};

    if (trust == NULL) {
        must(file_read(CORPUS "/root.der", &der, NULL), "no " CORPUS "/root.der");
        struct certificate *root = certificate_parse(buffer_bytes(&der), NULL);
        must(root != NULL, "the root is no certificate");
        trust = trust_new(root, NULL);
        must(trust != NULL, "the root is no root");
        certificate_free(root);
        buffer_release(&der);
    }
    return trust;
}

static struct digest kept[KEPT_MAX];
static size_t kept_count;

static void keep_folder(const char *path)
{
    DIR *folder = opendir(path);
    struct dirent *entry;

    must(folder != NULL, "no corpus");
    while ((entry = readdir(folder)) != NULL) {
        char name[FILE_PATH_SIZE];
        must(path_join(name, path, entry->d_name, NULL), "a long path");
        if (entry->d_name[0] != '.' && digest_of_file(name, &kept[kept_count], NULL)) {
            must(++kept_count < KEPT_MAX, "a large corpus");
        }
    }
    (void)closedir(folder); /* only read */
}

bool fuzz_is_kept(struct bytes input)
{
    struct digest digest;

    if (kept_count == 0) {
        keep_folder(CORPUS);
        keep_folder(CORPUS "/cms");
        keep_folder(CORPUS "/certificate");
    }
    digest_of(input, &digest);
    for (size_t i = 0; i < kept_count; i++)
        if (digest_equal(&kept[i], &digest))
            return true;
    return false;
}

const struct secret *fuzz_key(void)
{
    static struct secret *key;

    if (key == NULL) {
        key = secret_new(32, NULL);
        must(key != NULL, "no memory");
        for (size_t i = 0; i < 32; i++)
            secret_data(key)[i] = (uint8_t)i;
    }
    return key;
}

/* The kept certificate with another key in it, signed by that key itself. */
static void write_recipient(EVP_PKEY *key, const char *path)
{
    struct buffer der = {.max = PEM_MAX_BYTES};
    const ASN1_BIT_STRING *signature;
    struct certificate *certificate;
    FILE *file = fopen(path, "w");
    X509 *x509;

    must(file != NULL && file_read(CORPUS "/certificate/intake.der", &der, NULL), "no recipient");
    certificate = certificate_parse(buffer_bytes(&der), NULL);
    must(certificate != NULL, "the recipient is no certificate");
    x509 = X509_dup(certificate_x509(certificate));
    must(X509_set_pubkey(x509, key) == 1, "no memory");
    do {
        must(X509_sign(x509, key, EVP_sha256()) > 0, "no signature");
        X509_get0_signature(&signature, NULL, x509);
    } while (!signature_is_canonical(
        bytes_of(ASN1_STRING_get0_data(signature), (size_t)ASN1_STRING_length(signature))));
    must(PEM_write_X509(file, x509) == 1 && fclose(file) == 0, "cannot write");
    X509_free(x509);
    certificate_free(certificate);
    buffer_release(&der);
}

const struct identity *fuzz_recipient(void)
{
    static struct identity *recipient;
    char folder[] = "/tmp/carrel-fuzz.XXXXXX", path[FILE_PATH_SIZE];
    EVP_PKEY *key;

    if (recipient != NULL)
        return recipient;
    must(mkdtemp(folder) != NULL && identity_make_key(folder, "recipient", NULL), "no key");
    key = identity_read_key(folder, "recipient", NULL);
    must(key != NULL && path_join(path, folder, "recipient.pem", NULL), "no key");
    write_recipient(key, path);
    recipient = identity_load(folder, "recipient", NULL);
    must(recipient != NULL, "no recipient");
    (void)unlink(path); /* a folder left in /tmp does no harm */
    (void)path_join(path, folder, "recipient.key", NULL);
    (void)unlink(path);
    (void)rmdir(folder);
    EVP_PKEY_free(key);
    return recipient;
}
