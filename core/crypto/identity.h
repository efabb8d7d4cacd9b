/* identity.h: a private key and the certificates that say whose it is, held behind one interface so that a key may
 * later live in a TPM or PKCS#11 token.
 *
 * On disk: NAME.key (PEM, PKCS#8, mode 0600, never overwritten) and NAME.pem (the certificate, then the chain
 * below the root in order). */
#ifndef CARREL_CRYPTO_IDENTITY_H
#define CARREL_CRYPTO_IDENTITY_H

#include "core/crypto/certificate.h"

struct identity;

/* "dir/name.key" and "dir/name.pem". The key must be the certificate's, and readable by its owner alone. */
struct identity *identity_load(const char *dir, const char *name, struct error *err);
const struct certificate *identity_certificate(const struct identity *identity);
/* The certificates between this one and the root, nearest first. */
size_t identity_chain(const struct identity *identity, const struct certificate *const **chain);
void identity_free(struct identity *identity);

/* A new P-256 key in dir/name.key. ERROR_REFUSED if one is there. */
bool identity_make_key(const char *dir, const char *name, struct error *err);
/* A certificate request (PKCS#10, DER, signed) for the key in dir/name.key; center may be NULL. */
bool identity_request(const char *dir, const char *name, const char *common_name, const char *center,
    struct buffer *request, struct error *err);

/* --- issuing: what `carrel init` and the server's enrolment do ----------------------------------------- */

struct subject {
    enum role role;
    char name[NAME_SIZE];
    char center[IDENTIFIER_SIZE]; /* "" for the board's own */
    const char *dns_names;        /* TLS servers: "localhost,127.0.0.1": names and addresses, or NULL */
};

/* A self-signed root for the key dir/name.key, written to dir/name.pem. ERROR_REFUSED if one is there. */
bool authority_make_root(const char *dir, const char *name, const char *common_name, int64_t not_before_ms,
    int64_t not_after_ms, struct error *err);
/* A certificate for the public key of a verified request. The subject is ours, never the request's. The root issues the
 * board's roles and center CAs, a center CA the roles of its own center; anything else is ERROR_REFUSED. */
struct certificate *authority_issue(const struct identity *issuer, struct bytes request,
    const struct subject *subject, int64_t not_before_ms, int64_t not_after_ms, struct error *err);
/* A numbered CRL over serial numbers (hex). */
bool authority_crl(const struct identity *issuer, const char *const *serials, const int64_t *revoked_at_ms,
    size_t count, int64_t number, int64_t this_update_ms, int64_t next_update_ms, struct buffer *der,
    struct error *err);

#endif
