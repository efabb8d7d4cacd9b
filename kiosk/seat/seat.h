/* seat.h: who this seat is: its folder, its keys, whom it trusts (docs/api.md, "The spool of a seat").
 *
 * Loaded once at start and again when the waiting screen finds a newer CRL or newer certificates. Knows no
 * SDL. */
#ifndef CARREL_SEAT_H
#define CARREL_SEAT_H

#include "core/crypto/certificate.h"
#include "core/crypto/identity.h"
#include "core/file.h"

struct seat {
    char folder[FILE_PATH_SIZE];
    char center[IDENTIFIER_SIZE], name[IDENTIFIER_SIZE];
    bool is_developer;         /* may run without a lock; its results say so */
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

/* "FOLDER/part/name"; name may be NULL. False with the reason when it does not fit. */
bool seat_path(const struct seat *seat, char path[FILE_PATH_SIZE], const char *part, const char *name,
    struct error *err);

#define SEAT_JOURNALS "kiosk/journals"
#define SEAT_OUT "spool/out"
#define SEAT_IN "spool/in"
#define SEAT_PACKAGES "spool/in/packages"
#define SEAT_TICKETS "spool/in/tickets"
#define SEAT_RECEIPTS "spool/in/receipts"

#endif
