/* scratch.h: a fresh folder of our own that goes away with all that is in it, or takes its final name. */
#ifndef CARREL_PROVISIONING_SCRATCH_H
#define CARREL_PROVISIONING_SCRATCH_H

#include "core/file.h"

struct scratch {
    char path[FILE_PATH_SIZE]; /* "" when there is none */
};

/* A folder named beside.XXXXXX, mode 0700; beside NULL: in the system's folder for temporary files. */
bool scratch_make(struct scratch *scratch, const char *beside, struct error *err);
/* Renames it to path, where nothing or an empty folder may be, and syncs. It is no scratch any more.
 * ERROR_REFUSED if there is something. */
bool scratch_keep(struct scratch *scratch, const char *path, struct error *err);
/* Removes it with all that is in it; nothing where it was kept or never made. */
void scratch_remove(struct scratch *scratch);

#endif
