/* sent.h: what the upload lane remembers of each file in spool/out, in memory only: after a restart the
 * receipts and the catalog say again what is left to do. */
#ifndef CARREL_SYNC_SENT_H
#define CARREL_SYNC_SENT_H

#include "core/crypto/digest.h"
#include "kiosk/sync/outbox.h"

struct sent {
    char name[OUTBOX_NAME_SIZE];
    struct stat file;      /* another file under the name is sent anew */
    bool is_done;          /* taken, and its receipt held */
    struct digest catalog; /* the catalog that was known when it was last sent: that one's wish is granted */
    unsigned failures;     /* of this file, in a row */
    int64_t due_ms;        /* awake; not before that, after a failure */
    struct error trouble;  /* why it was not taken */
};

struct sent_list {
    struct sent *items;
    size_t count;
};

/* Makes items[i] what is remembered of outbox->files[i], fresh where it is new or changed. */
bool sent_list_fit(struct sent_list *list, const struct outbox *outbox, struct error *err);
void sent_list_release(struct sent_list *list);

#endif
