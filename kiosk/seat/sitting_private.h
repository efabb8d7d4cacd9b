/* sitting_private.h: what opening a session (sitting_open.c) and acting in it (sitting.c) need of each other. */
#ifndef CARREL_SEAT_SITTING_PRIVATE_H
#define CARREL_SEAT_SITTING_PRIVATE_H

#include "kiosk/seat/sitting.h"

/* sitting.c: stamps the record, syncs it, then folds it. False: is_unsaved, or is_refused, and save_error. */
bool sitting_append(struct sitting *sitting, struct record *record);
/* sitting_open.c: every file of the journal was closed for good while the disk failed. Read from the disk again, it goes on
 * where it can: what was acknowledged is in it, and what was not is tried again by the next tick. */
void sitting_open_journal_again(struct sitting *sitting);

#endif
