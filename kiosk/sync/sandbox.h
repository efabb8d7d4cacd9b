/* sandbox.h: what carrel-sync takes away from itself before the first outside byte.
 *
 * From here on this process and its threads
 *   - read below spool/out and can't write, unlink, rename, link or truncate anything there,
 *   - read and write below spool/in and sync/ (whose folders must exist: no new ones can be made),
 *   - read the machine's configuration and libraries, and nothing else of the disk: not the kiosk's keys and
 * journals,
 *   - can't run another program, and can't change the mode, owner or attributes of a file by its name.
 *
 * This holds for the same user too, root included. On a seat the folders' owners and rights say the same once
 * more (docs/api.md): there carrel-sync is a user of its own. */
#ifndef CARREL_SYNC_SANDBOX_H
#define CARREL_SYNC_SANDBOX_H

#include <stdbool.h>

#include "core/error.h"

/* ERROR_NOT_FOUND: this kernel has no Landlock, nothing was taken away; folder rights are all there is. */
bool sandbox_enter(const char *seat_folder, struct error *err);

#endif
