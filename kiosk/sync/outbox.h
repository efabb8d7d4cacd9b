/* outbox.h: what lies in spool/out: ID.result, ID.journal and ID.status, by their names. Only read, never
 * changed. */
#ifndef CARREL_SYNC_OUTBOX_H
#define CARREL_SYNC_OUTBOX_H

#include <sys/stat.h>

#include "core/seat_folder.h"
#include "core/ticket.h"

#define OUTBOX_MAX 8192u
#define OUTBOX_NAME_SIZE (OBJECT_ID_SIZE + 8)

/* In the order they are sent. */
enum outbox_kind { OUTBOX_RESULT, OUTBOX_JOURNAL, OUTBOX_STATUS, OUTBOX_KINDS };

struct outbox_file {
    char name[OUTBOX_NAME_SIZE];
    char id[OBJECT_ID_SIZE];
    enum outbox_kind kind;
    struct stat file;
};

struct outbox {
    struct outbox_file *files;
    size_t count;
};

/* What a name is; false for every other file. */
bool outbox_parse_name(const char *name, struct outbox_file *file);
/* Results first, then journals, then status; older names first among equals. A journal whose result is there
 * too is left out: the result says more, and both would share one receipt. */
bool outbox_list(const struct seat_folder *folder, struct outbox *outbox, struct error *err);
void outbox_release(struct outbox *outbox);

#endif
