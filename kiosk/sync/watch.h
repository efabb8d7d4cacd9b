/* watch.h: waiting until there may be something to send. */
#ifndef CARREL_SYNC_WATCH_H
#define CARREL_SYNC_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "core/seat_folder.h"

struct watch;

/* From here on nothing that appears is missed, also between two waits. */
struct watch *watch_new(const struct seat_folder *folder, struct error *err);
/* Returns after ms, when stop.h is asked, at once for a new result or journal, and, unless the lane is in
 * trouble, for a new status or catalog: those come all the time and must not defeat the back-off. */
void watch_wait(struct watch *watch, int64_t ms, bool in_trouble);
void watch_free(struct watch *watch); /* NULL is fine */

#endif
