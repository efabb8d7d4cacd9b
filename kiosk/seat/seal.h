/* seal.h: the place for a sealed result, kept free since check-in, and what is put in it.
 *
 * kiosk/places/ID: zeros on disk from check-in on. Sealing writes over them, cuts the rest off, syncs and
 * renames into spool/out: at no step does a full disk matter. */
#ifndef CARREL_SEAT_SEAL_H
#define CARREL_SEAT_SEAL_H

#include "kiosk/seat/memory.h"
#include "kiosk/seat/seat.h"

#define SEAL_PLACES "kiosk/places"

/* Room for a result whose journal has this much room. ERROR_FULL leaves nothing behind. */
bool seal_reserve(const struct seat *seat, const char *id, size_t journal_room, struct error *err);
/* Puts the file into spool/out/NAME through the place of id. */
bool seal_deliver(
    const struct seat *seat, const char *id, const char *name, struct bytes file, struct error *err);
/* Whether the session's ".result", or its unfinished ".journal", is there. */
bool seal_is_out(const struct seat *seat, const char *id, const char *ending);
/* Saves the memory, on a full disk through the room that is kept for it with the result's. */
bool seal_remember(const struct seat *seat, const char *id, const struct memory *memory, struct error *err);
/* Gives the place back, where it was not used. */
void seal_forget(const struct seat *seat, const char *id);
/* Takes away what a session that is sealed, or never began, has here: its journal and its place. What can't be removed
 * now is encrypted, and goes with the result. */
void seal_clear(const struct seat *seat, const char *id);

#endif
