#include "core/crypto/identity.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <sys/stat.h>

#include "core/crypto/openssl.h"
#include "core/crypto/request.h"
#include "core/crypto/x509.h"
#include "core/file.h"
#include "core/outfile.h"

struct identity {
    EVP_PKEY *key;
    struct certificate *certificates[CHAIN_MAX]; /* the own one, then the chain below the root */
    size_t count;
};

static bool path_of(
    char path[FILE_PATH_SIZE], const char *dir, const char *name, const char *suffix, struct error *err)
{
    int len = snprintf(path, FILE_PATH_SIZE, "%s/%s%s", dir, name, suffix);

    return (len > 0 && len < FILE_PATH_SIZE) ||
           error_set(err, ERROR_LIMIT, "the path %.60s… is too long", dir);
}

/* --- the key file -------------------------------------------------------------------------------------- */

/* OpenSSL would otherwise ask at the terminal. */
static int no_passphrase(char *text, int size, int writing, void *context)
{
    (void)text, (void)size, (void)writing, (void)context;
    return -1;
}

static bool is_private(const char *path, struct error *err)
{
    struct stat info;

    if (stat(path, &info) != 0)
        return error_set_errno(err, "cannot open %s", path);
    return (info.st_mode & (S_IRWXG | S_IRWXO)) == 0 ||
           error_set(err, ERROR_REFUSED, "%s may be read by others than its owner: chmod 600 it", path);
}

EVP_PKEY *identity_read_key(const char *dir, const char *name, struct error *err)
{
    struct buffer content = {.max = PEM_MAX_BYTES}; /* wiped when released, as OpenSSL wipes its copy */
    char path[FILE_PATH_SIZE];
    BIO *input = NULL;
    EVP_PKEY *key = NULL;
    X509_PUBKEY *public = NULL;
    bool ok = false;

    if (!path_of(path, dir, name, ".key", err) || !is_private(path, err) || !file_read(path, &content, err))
        goto done;
    input = BIO_new_mem_buf(content.data, (int)content.len);
    key = input == NULL ? NULL : PEM_read_bio_PrivateKey(input, NULL, no_passphrase, NULL);
    ok = key != NULL && X509_PUBKEY_set(&public, key) == 1 && certificate_key_is_p256(public);
    if (!ok)
        error_set(err, ERROR_FORMAT, "%s is not a P-256 key in PEM", path);
done:
    ERR_clear_error();
    if (!ok) {
        EVP_PKEY_free(key);
        key = NULL;
    }
    X509_PUBKEY_free(public);
    BIO_free(input);
    buffer_release(&content);
    return key;
}

static bool write_key(EVP_PKEY *key, const char *path, struct error *err)
{
    BIO *output = BIO_new(BIO_s_secmem()); /* wiped when freed */
    struct outfile *file = NULL;
    char *text = NULL;
    long len = 0;
    bool ok = false;

    if (output == NULL || PEM_write_bio_PKCS8PrivateKey(output, key, NULL, NULL, 0, NULL, NULL) != 1 ||
        (len = BIO_get_mem_data(output, &text)) <= 0) {
        openssl_fail(err, ERROR_NOMEM, "cannot write the key");
    } else {
        file = outfile_create(path, 0600, err);
        ok = file != NULL && outfile_write(file, text, (size_t)len, err) && outfile_commit_new(file, err);
    }
    outfile_free(file);
    BIO_free(output);
    return ok;
}

bool identity_make_key(const char *dir, const char *name, struct error *err)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    char path[FILE_PATH_SIZE];
    bool ok = false;

    if (key == NULL)
        openssl_fail(err, ERROR_NOMEM, "cannot make a key");
    else
        ok = path_of(path, dir, name, ".key", err) && write_key(key, path, err);
    EVP_PKEY_free(key);
    return ok;
}

/* --- the identity -------------------------------------------------------------------------------------- */

/* Each certificate is issued by the next; the last one by the root, which is not in the file (but may be the
 * file). */
static bool is_chain(struct certificate *const *certificates, size_t count)
{
    for (size_t i = 0; i + 1 < count; i++)
        if (X509_check_issued(certificate_x509(certificates[i + 1]), certificate_x509(certificates[i])) !=
            X509_V_OK)
            return false;
    return count == 1 || X509_self_signed(certificate_x509(certificates[count - 1]), 0) == 0;
}

struct identity *identity_load(const char *dir, const char *name, struct error *err)
{
    struct identity *identity = calloc(1, sizeof *identity);
    char path[FILE_PATH_SIZE];
    bool ok = false;

    if (identity == NULL) {
        error_set(err, ERROR_NOMEM, "no memory for a key");
        return NULL;
    }
    identity->key = identity_read_key(dir, name, err);
    if (identity->key == NULL || !path_of(path, dir, name, ".pem", err))
        goto done;
    identity->count = certificates_load(path, identity->certificates, CHAIN_MAX - 1, err);
    if (identity->count == 0)
        goto done;
    if (!is_chain(identity->certificates, identity->count))
        error_set(err, ERROR_FORMAT, "%s is not a certificate and its chain below the root, in order", path);
    else if (EVP_PKEY_eq(identity->key, certificate_public(identity->certificates[0])) != 1)
        error_set(err, ERROR_FORMAT, "%s is not the certificate of the key beside it", path);
    else
        ok = true;
done:
    ERR_clear_error();
    if (!ok) {
        identity_free(identity);
        identity = NULL;
    }
    return identity;
}

const struct certificate *identity_certificate(const struct identity *identity)
{
    return identity->certificates[0];
}

size_t identity_chain(const struct identity *identity, const struct certificate *const **chain)
{
    *chain = (const struct certificate *const *)(identity->certificates + 1);
    return identity->count - 1;
}

EVP_PKEY *identity_private(const struct identity *identity)
{
    return identity->key;
}

void identity_free(struct identity *identity)
{
    if (identity == NULL)
        return;
    for (size_t i = 0; i < identity->count; i++)
        certificate_free(identity->certificates[i]);
    EVP_PKEY_free(identity->key);
    free(identity);
}

bool identity_request(const char *dir, const char *name, const char *common_name, const char *center,
    struct buffer *request, struct error *err)
{
    EVP_PKEY *key = identity_read_key(dir, name, err);
    bool ok = key != NULL && request_make(key, common_name, center == NULL ? "" : center, request, err);

    EVP_PKEY_free(key);
    return ok;
}
