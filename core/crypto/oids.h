/* oids.h: our object identifiers, DER-encoded: the list of certs/oids.txt (a test compares the two). */
#ifndef CARREL_CRYPTO_OIDS_H
#define CARREL_CRYPTO_OIDS_H

#include "core/buffer.h"
#include "core/crypto/certificate.h"
#include "core/crypto/cms.h"

#define OID_BYTES 24 /* tag and length counted */

struct oid {
    const char *name;
    uint8_t der[OID_BYTES]; /* the whole element: tag, length, value */
};

extern const struct oid oid_kinds[OBJECT_KINDS];
extern const struct oid oid_roles[ROLES]; /* ROLE_NONE has none: its name is "none" */

#endif
