/* programme_file.h: a programme as its author writes it (docs/formats/programme.md). */
#ifndef CARREL_PROVISIONING_PROGRAMME_FILE_H
#define CARREL_PROVISIONING_PROGRAMME_FILE_H

#include "core/programme.h"
#include "provisioning/authoring/mistakes.h"

/* Notes every mistake with its line; the programme is one only if there is none. False with the reason only
 * where the file can't be read at all. */
bool programme_file_read(
    const char *path, struct programme *programme, struct mistakes *mistakes, struct error *err);
/* The same for commands: mistakes go to standard error, then ERROR_FORMAT with their number. Free with
 * free(). */
struct programme *programme_file_load(const char *path, struct error *err);

#endif
