/* digest.h: SHA-256. OpenSSL enters the tree through core/crypto/, the server's TLS and nowhere else. */
#ifndef CARREL_CRYPTO_DIGEST_H
#define CARREL_CRYPTO_DIGEST_H

#include <stdbool.h>
#include <stdint.h>

#include "core/buffer.h"
#include "core/error.h"

#define DIGEST_BYTES 32
#define DIGEST_TEXT_SIZE 65 /* lower-case hex and a NUL */

struct digest {
    uint8_t bytes[DIGEST_BYTES];
};

void digest_of(struct bytes content, struct digest *digest);
/* Of a whole file of any size, read in pieces. */
bool digest_of_file(const char *path, struct digest *digest, struct error *err);
bool digest_equal(const struct digest *a, const struct digest *b);
void digest_text(const struct digest *digest, char text[DIGEST_TEXT_SIZE]);
bool digest_parse(const char *text, struct digest *digest);

#endif
