/* x509.h: inside core/crypto/ only: what the modules there know of each other's certificates and keys. */
#ifndef CARREL_CRYPTO_X509_H
#define CARREL_CRYPTO_X509_H

#include <openssl/x509v3.h>

#include "core/crypto/certificate.h"
#include "core/crypto/identity.h"
#include "core/crypto/signers.h"

/* What a certificate of a role looks like: exactly these usages, this kind of issuer. */
struct role_form {
    uint32_t key_usage;      /* KU_… */
    uint32_t extended_usage; /* XKU_…; 0: no such extension */
    enum role issuer;        /* ROLE_NONE: the root */
};
const struct role_form *role_form(enum role role);
bool role_is_of_center(enum role role); /* its subject carries the center in the OU */

X509 *certificate_x509(const struct certificate *certificate);
EVP_PKEY *certificate_public(const struct certificate *certificate); /* borrowed */
struct bytes certificate_key_id(const struct certificate *certificate);
/* Takes the X509 over, also when it fails: not of our form. */
struct certificate *certificate_of_x509(X509 *x509_take, struct error *err);
/* A SubjectPublicKeyInfo of a P-256 key: named curve, uncompressed point. */
bool certificate_key_is_p256(const X509_PUBKEY *key);
/* The chain of a PEM file: all certificates in it, in order; at most max. 0 on failure. */
size_t certificates_load(const char *path, struct certificate **certificates, size_t max, struct error *err);

/* The intermediate with that digest of its DER; NULL if none is held. Borrowed. */
const struct certificate *trust_find(const struct trust *trust, const struct digest *digest);
struct signers *trust_signers(const struct trust *trust); /* NULL: it doesn't remember any */
/* trust_check, and besides: extra is exactly the certificates between this one and the root. */
bool trust_check_exactly(const struct trust *trust, const struct certificate *certificate,
    const struct certificate *const *extra, size_t extra_count, enum role role, int64_t at_ms,
    struct error *err);

EVP_PKEY *identity_private(const struct identity *identity); /* borrowed; may live in a token */
EVP_PKEY *identity_read_key(const char *dir, const char *name, struct error *err);

#endif
