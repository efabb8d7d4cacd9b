/* tls_client.h: what our certificates mean in a TLS connection that libcurl makes. For core/transport.c
 * alone. */
#ifndef CARREL_CRYPTO_TLS_CLIENT_H
#define CARREL_CRYPTO_TLS_CLIENT_H

#include <stdbool.h>

#include "core/crypto/certificate.h"

/* From now on the other side's certificate must carry this role: a seat's or a member of staff's comes from
 * the same root, and must not serve as the server's. ssl_ctx is libcurl's SSL_CTX. False: no memory. */
bool tls_client_expect_role(void *ssl_ctx, enum role role);

#endif
