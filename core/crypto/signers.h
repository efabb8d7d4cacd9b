/* signers.h: who signed before, and was found to have been issued a certificate by whom we trust. Any thread.
 *
 * For a server that takes in many objects of the same seats: reading a certificate and checking its chain
 * takes longer than all else about an object. Only what never changes may be remembered: that a chain was
 * good at its issue (CMS_AT_ISSUE). */
#ifndef CARREL_CRYPTO_SIGNERS_H
#define CARREL_CRYPTO_SIGNERS_H

#include "core/crypto/certificate.h"

/* At most: where two meet in one place, the newer one stays. */
#define SIGNERS_MAX 4096u

struct signers;
struct signers *signers_new(struct error *err);
void signers_free(struct signers *signers); /* NULL is fine */

/* The key is a digest of all that was asked about: the chain as it came, whose key id, which role. NULL: not
 * known. Free what is found. */
struct certificate *signers_find(struct signers *signers, const struct digest *key);
void signers_add(struct signers *signers, const struct digest *key, const struct certificate *signer);

#endif
