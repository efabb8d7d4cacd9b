/* upload.h: the lane that sends what is in spool/out until a receipt is there, and again when the catalog
 * asks. */
#ifndef CARREL_SYNC_UPLOAD_H
#define CARREL_SYNC_UPLOAD_H

#include "kiosk/sync/carrier.h"
#include "kiosk/sync/round.h"

struct upload;

/* Before the sandbox: it reads root.pem and begins to watch spool/out. */
struct upload *upload_new(const struct carrier *carrier, struct error *err);
/* Fits struct lane. */
struct round upload_round(void *upload);
/* Ends early for a new result or journal; for a new catalog or status only out of trouble. */
void upload_wait(void *upload, int64_t ms, bool in_trouble);
void upload_free(struct upload *upload); /* NULL is fine */

#endif
