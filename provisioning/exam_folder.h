/* exam_folder.h: everything `carrel exam check` looks at, and `carrel exam build` before it builds. */
#ifndef CARREL_PROVISIONING_EXAM_FOLDER_H
#define CARREL_PROVISIONING_EXAM_FOLDER_H

#include "provisioning/authoring/bank.h"
#include "provisioning/authoring/exposure.h"
#include "provisioning/authoring/lint.h"

struct exam_folder {
    struct bank bank;
    struct mistakes mistakes; /* sorted */
    struct guesses guesses;
    struct exposure exposure; /* of a bank without mistakes */
    size_t listings_run;
};

/* Reads, checks and lints. False only where the folder can't be read at all. Release in either case. */
bool exam_folder_read(struct exam_folder *folder, const char *dir, struct error *err);
/* The same, and runs the listings, with progress. False only where that was not possible or was
 * interrupted: mistakes are the caller's to look at. Release in either case. */
bool exam_folder_check(struct exam_folder *folder, const char *dir, struct error *err);
void exam_folder_release(struct exam_folder *folder);

/* ERROR_FORMAT with their number, unless there are none. */
bool exam_folder_is_sound(const struct exam_folder *folder, struct error *err);

#endif
