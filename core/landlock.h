/* landlock.h: which files this process may still touch (landlock(7)).
 *
 *     struct landlock *rules = landlock_new(err);
 *     landlock_allow(rules, "/usr", LANDLOCK_READ, err) …
 *     landlock_enforce(rules, err);                        // from here on nothing else, threads made later too
 *     landlock_free(rules);
 *
 * It holds for the same user and for root. It can't be taken back. */
#ifndef CARREL_LANDLOCK_H
#define CARREL_LANDLOCK_H

#include <stdbool.h>

#include "core/error.h"

struct landlock;

enum landlock_right {
    LANDLOCK_READ_FILE, /* one file */
    LANDLOCK_READ,      /* files and folders below */
    LANDLOCK_CARRY,     /* read, write, make, replace, move and remove files below */
};

/* ERROR_NOT_FOUND: this kernel has no Landlock, or one too old to let files be moved between folders. */
struct landlock *landlock_new(struct error *err);
bool landlock_allow(struct landlock *rules, const char *path, enum landlock_right right, struct error *err);
/* What libraries read late: configuration, time zones, modules, fonts. Whatever of it this machine has. */
void landlock_allow_system(struct landlock *rules);
/* Takes away new privileges too. */
bool landlock_enforce(struct landlock *rules, struct error *err);
void landlock_free(struct landlock *rules); /* NULL is fine */

#endif
