/* seen.h: which items a candidate has seen before, longest ago first, so that the next form shows others. */
#ifndef CARREL_SERVER_SEEN_H
#define CARREL_SERVER_SEEN_H

#include "server/board.h"
#include "server/store/store.h"

/* At most ITEMS_MAX, as many as a package has: what was seen longest ago is forgotten first. */
struct seen {
    struct arena arena;
    const char *items[ITEMS_MAX];
    size_t count;
};
void seen_release(struct seen *seen); /* a zeroed one is fine */

/* What this candidate's earlier sessions of the same exam have shown, at any center: of each that was begun
 * what seen_by_ticket finds. */
bool seen_by_candidate(struct seen *seen, const struct board *board, const char *packages,
    struct store *reader, const char *exam, const char *candidate_id, struct error *err);

/* What was seen before that ticket, and its own form: as its result told, or else drawn again from the
 * package, which gives the same (core/form.h). packages is the folder they lie in. */
bool seen_by_ticket(struct seen *seen, const struct board *board, const char *packages, struct store *reader,
    const struct ticket *ticket, struct error *err);

#endif
