/* certificate.h: who somebody is: certificates, the roles they carry, and whom we trust.
 *
 * P-256 only. Root (board, offline) → exam signer, scoring, server, ticket, intake, board operator, TLS server,
 * center CAs → seats, staff. The role is one certificate policy OID below certs/oids.txt; the center is the OU of
 * the subject, its name the CN. Every verification asks for a role (X509_V_FLAG_EXPLICIT_POLICY). Revocation
 * comes from the CRLs that were given to the trust; one past its nextUpdate is used as it is. */
#ifndef CARREL_CRYPTO_CERTIFICATE_H
#define CARREL_CRYPTO_CERTIFICATE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/buffer.h"
#include "core/crypto/digest.h"
#include "core/error.h"
#include "core/limits.h"

enum role {
    ROLE_NONE,
    ROLE_EXAM_SIGNER, /* signs .exam, .open, .key */
    ROLE_SCORING,     /* opens .key and results */
    ROLE_SERVER,      /* signs catalogs, tickets, receipts */
    ROLE_TICKET,      /* opens .open and the server's stored codes */
    ROLE_INTAKE,      /* opens results */
    ROLE_BOARD,       /* TLS client: publishes exams, sees all centers */
    ROLE_TLS_SERVER,
    ROLE_CENTER_CA,
    ROLE_SEAT,     /* a seat's kiosk: signs results and opens tickets */
    ROLE_SEAT_TLS, /* a seat's carrel-sync: TLS client */
    ROLE_STAFF,    /* TLS client and signer of orders; opens tickets */
    ROLES
};
const char *role_name(enum role role); /* "exam-signer", … */

struct certificate; /* parsed, not yet trusted */

/* One certificate in DER or PEM, of our form: P-256, ECDSA with SHA-256 (the lower s, crypto/signature.h), a subject
 * key id, one CN. Free with certificate_free (NULL is fine). */
struct certificate *certificate_parse(struct bytes encoded, struct error *err);
/* The first certificate of a PEM file, which may go on with its chain. */
struct certificate *certificate_load(const char *path, struct error *err);
struct certificate *certificate_copy(const struct certificate *certificate); /* shares, counts up */
void certificate_free(struct certificate *certificate);

bool certificate_pem(const struct certificate *certificate, struct buffer *pem, struct error *err);
bool certificate_der(const struct certificate *certificate, struct buffer *der, struct error *err);
void certificate_digest(const struct certificate *certificate, struct digest *digest); /* of the DER */
void certificate_name(const struct certificate *certificate, char name[NAME_SIZE]);    /* CN */
void certificate_center(const struct certificate *certificate, char center[IDENTIFIER_SIZE]); /* OU or "" */
enum role certificate_role(const struct certificate *certificate); /* as it says; believe after trust_check */
int64_t certificate_not_before_ms(const struct certificate *certificate);
int64_t certificate_not_after_ms(const struct certificate *certificate);
/* Lower-case hex of the serial number. */
#define SERIAL_SIZE 43
void certificate_serial(const struct certificate *certificate, char serial[SERIAL_SIZE]);
bool certificate_same_key(const struct certificate *a, const struct certificate *b);

/* Whom we trust: one root, the center CAs' certificates that go between, CRLs. Built by one thread, then read by any
 * number of them. */
struct trust;
struct trust *trust_new(const struct certificate *root, struct error *err);
struct trust *trust_load(const char *root_path, struct error *err);
bool trust_add_intermediate(struct trust *trust, const struct certificate *ca, struct error *err);
/* DER, whole (no delta), numbered, signed by the root or by an intermediate that was added before. A CRL number lower than
 * the issuer's held already is refused. */
bool trust_add_crl(struct trust *trust, struct bytes crl, struct error *err);
/* From now on it remembers which signers' chains were good at their issue (CMS_AT_ISSUE), and refuses whatever would be
 * added (ERROR_USAGE). */
bool trust_remember_signers(struct trust *trust, struct error *err);
const struct certificate *trust_root(const struct trust *trust);
void trust_free(struct trust *trust);

/* True if the certificate chains to the root at that time, carries the role, and was not revoked by then (one revoked later
 * passes: ask again with the present time where that matters). extra are untrusted intermediates that came along (may be NULL). ERROR_UNTRUSTED with the reason otherwise. */
bool trust_check(const struct trust *trust, const struct certificate *certificate,
    const struct certificate *const *extra, size_t extra_count, enum role role, int64_t at_ms,
    struct error *err);

#endif
