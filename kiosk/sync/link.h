/* link.h: spool/in/link.json: what the kiosk shows of the network: when the server was last reached, and what
 * is wrong now, "" for nothing. Both lanes report here; any thread may call it. */
#ifndef CARREL_SYNC_LINK_H
#define CARREL_SYNC_LINK_H

#include "core/clock.h"
#include "core/seat_folder.h"

enum link_lane { LINK_UPLOAD, LINK_DOWNLOAD, LINK_LANES }; /* the first one that has an error is shown */

struct link;

struct link *link_new(const struct seat_folder *folder, const struct clock *clock, struct error *err);
/* After each round of a lane. error: "" when all is well. Written when the error changes or a while has
 * passed. */
void link_report(struct link *link, enum link_lane lane, bool was_reached, const char *error);
void link_free(struct link *link); /* NULL is fine */

#endif
