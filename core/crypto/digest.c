#include "core/crypto/digest.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/encoding.h"

void digest_of(struct bytes content, struct digest *digest)
{
    if (SHA256(content.data, content.len, digest->bytes) == NULL)
        abort(); /* OpenSSL without SHA-256: nothing can be checked any more */
}

static bool digest_descriptor(int fd, const char *path, EVP_MD_CTX *context, struct error *err)
{
    uint8_t piece[64 * 1024];

    for (;;) {
        ssize_t got = read(fd, piece, sizeof piece);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return error_set_errno(err, "cannot read %s", path);
        if (got == 0)
            return true;
        if (EVP_DigestUpdate(context, piece, (size_t)got) != 1)
            return error_set(err, ERROR_NOMEM, "cannot digest %s", path);
    }
}

bool digest_of_file(const char *path, struct digest *digest, struct error *err)
{
    struct digest result;
    EVP_MD_CTX *context = NULL;
    struct stat info;
    bool ok = false;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

    if (fd < 0 || fstat(fd, &info) != 0) {
        error_set_errno(err, "cannot open %s", path);
        goto done;
    }
    if (!S_ISREG(info.st_mode)) {
        error_set(err, ERROR_FORMAT, "%s is not a regular file", path);
        goto done;
    }
    context = EVP_MD_CTX_new();
    if (context == NULL || EVP_DigestInit_ex(context, EVP_sha256(), NULL) != 1) {
        error_set(err, ERROR_NOMEM, "no memory to digest %s", path);
        goto done;
    }
    if (!digest_descriptor(fd, path, context, err))
        goto done;
    ok = EVP_DigestFinal_ex(context, result.bytes, NULL) == 1 ||
         error_set(err, ERROR_NOMEM, "cannot digest %s", path);
done:
    if (ok)
        *digest = result;
    EVP_MD_CTX_free(context);
    if (fd >= 0)
        (void)close(fd); /* only read */
    return ok;
}

bool digest_equal(const struct digest *a, const struct digest *b)
{
    return memcmp(a->bytes, b->bytes, DIGEST_BYTES) == 0;
}

void digest_text(const struct digest *digest, char text[DIGEST_TEXT_SIZE])
{
    hex_encode(digest->bytes, DIGEST_BYTES, text);
}

bool digest_parse(const char *text, struct digest *digest)
{
    return hex_decode(text, digest->bytes, DIGEST_BYTES);
}
