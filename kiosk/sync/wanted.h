/* wanted.h: which sessions' results the server lacks, from the newest authentic catalog (carrier.h,
 * CARRIER_LATEST). */
#ifndef CARREL_SYNC_WANTED_H
#define CARREL_SYNC_WANTED_H

#include "core/crypto/certificate.h"
#include "core/crypto/digest.h"
#include "core/seat_folder.h"

struct wanted;

/* The trust is borrowed. */
struct wanted *wanted_new(const struct seat_folder *folder, const struct trust *trust, struct error *err);
/* Reads the catalog again if there is another one. */
void wanted_refresh(struct wanted *wanted);
bool wanted_has(const struct wanted *wanted, const char *id); /* SESSION-EPOCH */
/* Of the catalog's file; all zero while there is none. */
const struct digest *wanted_digest(const struct wanted *wanted);
void wanted_free(struct wanted *wanted); /* NULL is fine */

#endif
