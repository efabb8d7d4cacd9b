/* request.h: inside core/crypto/ only: subjects, and certificate requests (PKCS#10). */
#ifndef CARREL_CRYPTO_REQUEST_H
#define CARREL_CRYPTO_REQUEST_H

#include <openssl/x509.h>

#include "core/buffer.h"
#include "core/error.h"

/* OU=center (left out where it is "") then CN: the order that makes a name constraint on the OU work, since it compares
 * names from their beginning. NULL on failure: a center that is no identifier, a name that is not plain text. */
X509_NAME *request_subject(const char *common_name, const char *center, struct error *err);

bool request_make(
    EVP_PKEY *key, const char *common_name, const char *center, struct buffer *request, struct error *err);
/* The public key of a request whose signature verifies: P-256. */
EVP_PKEY *request_key(struct bytes request, struct error *err);

#endif
