/* tickets.h: making tickets, and sealing them again when the seats of a center change.
 *
 * The ticket's JSON is kept sealed to the ticket certificate; a ticket for the seats is sealed from it, under
 * a higher number each time, to every seat and staff certificate of the center that has neither expired nor
 * been revoked. A ticket remembers the generation of the center's certificates it was sealed to: an older one
 * is stale. */
#ifndef CARREL_SERVER_TICKETS_H
#define CARREL_SERVER_TICKETS_H

#include "core/clock.h"
#include "server/board.h"
#include "server/store/store.h"

/* What a new session is made of. */
struct admission {
    const struct board *board;
    const struct sitting_row *sitting;
    const struct exam_row *exam;
    const char *admission, *candidate_id, *candidate_name;
    struct accommodations accommodations;
    const char *const *seen; /* items this candidate has seen before, longest ago first */
    size_t seen_count;
    int64_t now_ms;
};

/* Ready to be stored. Release with made_ticket_release. */
struct made_ticket {
    struct session_row session;
    struct ticket_row ticket;
    struct buffer sealed_codes, sealed_ticket, file;
};

void made_ticket_init(struct made_ticket *made);
void made_ticket_release(struct made_ticket *made);

/* Makes session key, seed, resume codes and wraps: half a second. The number of the ticket is set and sealed
 * in when the writer gives it: ticket_make seals under number now_ms, which is higher than any before for a
 * new session. */
bool ticket_make(
    const struct admission *admission, struct store *reader, struct made_ticket *made, struct error *err);
bool ticket_store(const struct made_ticket *made, struct store *writer, struct error *err);

/* Seals up to max of a center's stale tickets again. count: how many were made, 0 when none is stale. */
struct resealed {
    struct ticket_row row;
    struct buffer file;
};
bool tickets_reseal(const struct board *board, struct store *reader, const char *center, int64_t now_ms,
    struct resealed *made, size_t max, size_t *count, struct error *err);
void resealed_release(struct resealed *made, size_t count);

/* The ticket that session's stored one holds. */
struct ticket *ticket_stored(
    const struct board *board, struct store *reader, const char *session, struct error *err);

#endif
