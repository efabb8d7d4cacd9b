/* inbox.h: spool/in of a seat, for those who bring things: carrel-sync from the network, `carrel seat load`
 * from a stick.
 *
 * Whoever brings, the rules are the same, and the kiosk checks everything once more:
 *   catalog   signed by the server, for this center, its number not lower than the held one's
 *   others    packages, tickets and the CRL have the digest that the held catalog says
 *   receipt   signed by the server, for the session and epoch of its name
 *   certificates of intake and scoring: good ones of that role below the root
 * A file is in place whole or not at all; what does not pass leaves what is there as it was. */
#ifndef CARREL_INBOX_H
#define CARREL_INBOX_H

#include "core/catalog.h"
#include "core/receipt.h"
#include "core/seat_folder.h"
#include "core/ticket.h"

struct inbox;

/* Reads the root and what is held; a held catalog that does not verify counts as none. Afterwards only
 * spool/in is touched. */
struct inbox *inbox_open(const struct seat_folder *folder, struct error *err);
void inbox_free(struct inbox *inbox); /* NULL is fine */

const struct trust *inbox_trust(const struct inbox *inbox);
/* The held catalog, NULL if there is none. Valid until the next inbox_take_catalog or inbox_refresh. */
const struct catalog *inbox_catalog(const struct inbox *inbox);
/* Reads the held catalog again if its file changed: somebody else may have brought a newer one. */
void inbox_refresh(struct inbox *inbox);

/* ERROR_REFUSED: older than the one held. */
bool inbox_take_catalog(struct inbox *inbox, struct bytes file, struct error *err);

/* Whether exactly this is held. A package's digest is computed once while its file stays the same. */
bool inbox_has_package(struct inbox *inbox, const struct catalog_object *package);
bool inbox_has_ticket(struct inbox *inbox, const struct catalog_object *ticket);
bool inbox_has_crl(struct inbox *inbox);

/* Moves the file at path (same file system) into place. ERROR_UNTRUSTED: not what the catalog says; it stays
 * at path. */
bool inbox_take_package(
    struct inbox *inbox, const struct catalog_object *package, const char *path, struct error *err);
bool inbox_take_ticket(
    struct inbox *inbox, const struct catalog_object *ticket, struct bytes file, struct error *err);
bool inbox_take_crl(struct inbox *inbox, struct bytes der, struct error *err);
/* Whom results are sealed to; checked against the root at now_ms. */
bool inbox_take_certificates(struct inbox *inbox, struct bytes pem, int64_t now_ms, struct error *err);
/* id is SESSION-EPOCH. What it says goes to *receipt. */
bool inbox_take_receipt(
    struct inbox *inbox, const char *id, struct bytes file, struct receipt *receipt, struct error *err);
/* The held receipt, verified. ERROR_NOT_FOUND if there is none. */
bool inbox_receipt(struct inbox *inbox, const char *id, struct receipt *receipt, struct error *err);

/* Removes the tickets that the held catalog no longer lists. */
bool inbox_prune(struct inbox *inbox, struct error *err);
/* Removes what interrupted writes left. Only while nobody else writes: at the start. */
bool inbox_sweep(struct inbox *inbox, struct error *err);

#endif
