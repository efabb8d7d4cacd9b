/* spool.h: what carrel-sync brought, as far as it verifies: catalog, tickets, packages, the state of the
 * network.
 *
 * Scanned when something in spool/in changes. Nothing here is believed before its signature is checked: what
 * does not verify is left out and counted, for staff to see. */
#ifndef CARREL_SEAT_SPOOL_H
#define CARREL_SEAT_SPOOL_H

#include "core/ticket.h"
#include "kiosk/seat/memory.h"
#include "kiosk/seat/seat.h"

#define SPOOL_TICKETS_MAX 1000u

/* What the waiting screen needs of a ticket; the whole one is read again at check-in. */
struct spool_ticket {
    char id[OBJECT_ID_SIZE];
    char admission[NUMBER_SIZE];
    char candidate_name[NAME_SIZE];
    unsigned epoch;
    int64_t opens_ms, closes_ms;
    char package_id[SESSION_ID_SIZE];
    bool has_package; /* there is a file of that name */
};

struct spool {
    struct spool_ticket *tickets;
    size_t count;
    unsigned refused;          /* files that did not verify */
    struct error reason;       /* of the last of them */
    int64_t catalog_issued_ms; /* 0: none yet */
    bool link_is_known;
    int64_t link_reached_ms; /* when the server was last reached; 0: never */
    char link_error[NAME_SIZE];
};

struct spool *spool_new(struct error *err);
void spool_free(struct spool *spool); /* NULL is fine */

/* Reads everything again. The tickets of sessions that ended on this seat are not opened: nothing of their
 * candidates is to be in the memory of the next one's process. The memory learns the highest catalog number and
 * newest signed time. False only when the seat's own memory can't be written: everything is read all the same. */
bool spool_scan(struct spool *spool, const struct seat *seat, struct memory *memory, const struct clock *clock,
    struct error *err);

/* By admission number as typed (letter case and spaces do not matter): the ticket with the highest epoch.
 * NULL if there is none. */
const struct spool_ticket *spool_find(const struct spool *spool, const char *admission);

/* Whether that admission's session ended on this seat. Slow: opens the tickets of those that did. */
bool spool_was_finished(const struct seat *seat, struct memory *memory, const char *admission);

/* The whole ticket, verified and opened again. */
struct ticket *spool_ticket_open(
    const struct seat *seat, const struct spool_ticket *known, struct digest *digest, struct error *err);

/* Reads, checks against the ticket's digest, verifies, opens. Slow for a large package: for a worker. */
struct exam *spool_package_open(
    const struct seat *seat, const struct ticket *ticket, const struct secret *exam_key, struct error *err);

#endif
