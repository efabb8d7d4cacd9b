/* download.h: the lane that fills spool/in: catalog, CRL, certificates, tickets, packages. */
#ifndef CARREL_SYNC_DOWNLOAD_H
#define CARREL_SYNC_DOWNLOAD_H

#include "kiosk/sync/carrier.h"
#include "kiosk/sync/round.h"

struct download;

/* Before the sandbox: it reads root.pem. A package gets at most slice_ms of a round. */
struct download *download_new(const struct carrier *carrier, int64_t slice_ms, struct error *err);
/* Fits struct lane. */
struct round download_round(void *download);
void download_wait(void *download, int64_t ms, bool in_trouble);
void download_free(struct download *download); /* NULL is fine */

#endif
