/* pki.h: throw-away keys and certificates for unit tests, made when first asked for: a root, every role of the board,
 * and the centers "center-1" and "center-2" with a seat, its TLS key and a member of staff each. */
#ifndef CARREL_TEST_PKI_H
#define CARREL_TEST_PKI_H

#include "core/crypto/certificate.h"
#include "core/crypto/identity.h"

#define PKI_FROM_MS INT64_C(1767225600000)  /* 2026-01-01: every certificate is valid from here */
#define PKI_NOW_MS INT64_C(1795332890000)   /* 2026-11-22T07:34:50Z */
#define PKI_UNTIL_MS INT64_C(2082758400000) /* 2036-01-01: and to here */

enum pki_member {
    PKI_ROOT,
    PKI_EXAM_SIGNER,
    PKI_SCORING,
    PKI_SERVER,
    PKI_TICKET,
    PKI_INTAKE,
    PKI_BOARD,
    PKI_TLS_SERVER,
    PKI_CENTER_1,
    PKI_SEAT_1,
    PKI_SEAT_1_TLS,
    PKI_STAFF_1,
    PKI_CENTER_2,
    PKI_SEAT_2,
    PKI_SEAT_2_TLS,
    PKI_STAFF_2,
    PKI_MEMBERS
};

struct pki {
    struct identity *members[PKI_MEMBERS];
    struct trust *trust; /* the root, no intermediates, no CRLs */
};

/* The name of a member's two files below dir: "seat-1" … */
const char *pki_name(enum pki_member member);

/* Makes (or, where they are already, loads) all of it below dir. Aborts on failure, saying why. */
void pki_init(struct pki *pki, const char *dir);
/* Removes the files of all members below dir, so that pki_init makes new ones: for tests of the issuing itself. */
void pki_remove(const char *dir);
void pki_release(struct pki *pki);
const struct certificate *pki_certificate(const struct pki *pki, enum pki_member member);

/* A further identity: a key and certificate dir/name.*, issued as the arguments say. */
struct identity *pki_issue(const char *dir, const char *name, const struct identity *issuer,
    const struct subject *subject, int64_t not_before_ms, int64_t not_after_ms);

#endif
