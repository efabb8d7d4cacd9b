/* delivery.h: what happens to sessions that are over: receipts, retention, and those nobody ended.
 *
 * carrel-sync carries; the kiosk decides. A result leaves spool/out only when a receipt that verifies names
 * its digest and its retention and its window are over. A session that was begun here and that nobody can
 * resume any more (RESUME_MARGIN_MS after the close of its window and its exam time) goes out as ID.journal,
 * signed, encrypted as it lies on disk. */
#ifndef CARREL_SEAT_DELIVERY_H
#define CARREL_SEAT_DELIVERY_H

#include "core/receipt.h"
#include "kiosk/seat/memory.h"
#include "kiosk/seat/seat.h"

#define DELIVERY_RETENTION_MS (INT64_C(30) * 24 * 3600 * 1000)

/* Looks at every session the seat remembers; running (may be NULL) is left alone. Later failures do not stop
 * earlier successes: the first reason is in *err and false says there was one. */
bool delivery_step(
    const struct seat *seat, struct memory *memory, const char *running, int64_t now_ms, struct error *err);

/* The verified receipt of a session, if there is one. */
bool delivery_receipt(const struct seat *seat, const struct memory_session *session, struct receipt *receipt);

/* How many results wait for a receipt. */
size_t delivery_waiting(const struct memory *memory);

#endif
