/* seat.h: who this seat is: its folder, its keys, whom it trusts (docs/api.md, "The spool of a seat").
 *
 * Loaded once at start and again when the waiting screen finds a newer CRL or newer certificates. Knows no
 * SDL. */
#ifndef CARREL_SEAT_H
#define CARREL_SEAT_H

#include "core/crypto/certificate.h"
#include "core/crypto/identity.h"
#include "core/seat_folder.h"

#define FOLDER_JOURNALS FOLDER_KIOSK "/journals"

struct seat {
    struct seat_folder folder;
    struct identity *identity; /* the kiosk's: signs results, opens tickets */
    struct trust *trust;
    struct certificate *intake, *scoring; /* whom results are sealed to */
};

/* Reads seat.json, root.pem, certificates.pem, kiosk/kiosk.{key,pem} and, where it is there, spool/in/crl.
 * The certificates are checked at now_ms; an expired one of the seat itself is no failure here
 * (seat_certificate_left). */
struct seat *seat_load(const char *folder, int64_t now_ms, struct error *err);
void seat_free(struct seat *seat); /* NULL is fine */

/* ms until the seat's own certificate expires; negative when it has. */
int64_t seat_certificate_left_ms(const struct seat *seat, int64_t now_ms);

#endif
