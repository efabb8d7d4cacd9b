/* openssl.h: inside core/crypto/ only: how a failure of OpenSSL becomes a struct error. */
#ifndef CARREL_CRYPTO_OPENSSL_H
#define CARREL_CRYPTO_OPENSSL_H

#include "core/error.h"

/* "what: OpenSSL's reason", or what alone where OpenSSL gave none; empties OpenSSL's queue. Always false. */
bool openssl_fail(struct error *err, enum error_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
