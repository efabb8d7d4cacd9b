/* seat_setup.h: the folders of a new seat, with the rights that keep its parts apart (docs/api.md, "The spool
 * of a seat").
 *
 * Where root makes them and the users carrel-kiosk and carrel-sync exist, each part belongs to its user:
 * carrel-sync can't open kiosk/ nor write spool/out, and the kiosk can't open sync/ nor write spool/in. Else
 * all of it is the caller's (the demo), and only the programs' sandboxes keep them apart. */
#ifndef CARREL_PROVISIONING_SEAT_SETUP_H
#define CARREL_PROVISIONING_SEAT_SETUP_H

#include <stdbool.h>

#include "core/error.h"

#define KIOSK_USER "carrel-kiosk"
#define SYNC_USER "carrel-sync"

/* All folders below dir, which is there and empty; private until seat_setup_hand_over. */
bool seat_setup_make(const char *dir, struct error *err);
/* version=1 … of docs/formats/guard-conf.md; unlock "": no code unlocks it. */
bool seat_setup_guard(const char *dir, bool is_developer, const char *unlock, struct error *err);
/* Gives all parts their owners and rights, and syncs the folders. Last of all. */
bool seat_setup_hand_over(const char *dir, struct error *err);
/* Whether its parts will have users of their own. */
bool seat_setup_has_users(void);

#endif
