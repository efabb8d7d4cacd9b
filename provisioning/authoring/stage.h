/* stage.h: what listings find around them: a folder for temporary files, and what they need beyond Python.
 *
 * Nothing of it is there before a listing needs it, and nothing stays behind: servers end and the folder goes
 * with stage_close, and with the process, whatever ends that. */
#ifndef CARREL_PROVISIONING_AUTHORING_STAGE_H
#define CARREL_PROVISIONING_AUTHORING_STAGE_H

#include "provisioning/authoring/database.h"
#include "provisioning/authoring/display.h"
#include "provisioning/authoring/keeper.h"
#include "provisioning/authoring/needs.h"
#include "provisioning/scratch.h"

struct stage {
    struct scratch scratch;
    struct keeper keeper;
    struct display display;
    struct database database;
    unsigned there; /* needs that were brought */
};

/* The Debian package that this machine lacks for a need; NULL: nothing. */
const char *stage_lacks(enum need need);

/* The folder. Close it in any case. */
bool stage_open(struct stage *stage, struct error *err);
/* What of these needs is not there yet. May take some seconds. */
bool stage_bring(struct stage *stage, unsigned needs, const struct patience *patience, struct error *err);
/* What is left of others who had these needs goes away. For one listing with a need at a time. */
bool stage_renew(struct stage *stage, unsigned needs, const struct patience *patience, struct error *err);
void stage_close(struct stage *stage);

/* A folder in the stage's, to be removed or left to stage_close. */
bool stage_folder(const struct stage *stage, struct scratch *folder, struct error *err);

enum { STAGE_VARIABLES = 16 };
struct environment {
    char texts[STAGE_VARIABLES][FILE_PATH_SIZE + 32];
    char *variables[STAGE_VARIABLES + 1]; /* for execve */
};
/* Of a listing with these needs, whose folder is home. */
void stage_environment(
    const struct stage *stage, unsigned needs, const char *home, struct environment *environment);

#endif
