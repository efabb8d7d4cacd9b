/* unlock_code.h: the code with which staff unlock a seat, as guard.conf keeps it
 * (docs/formats/guard-conf.md). libcrypt enters `carrel` here. */
#ifndef CARREL_PROVISIONING_UNLOCK_CODE_H
#define CARREL_PROVISIONING_UNLOCK_CODE_H

#include <stdbool.h>

#include "core/error.h"

#define UNLOCK_HASH_SIZE 192

/* From the file (one line), or asked twice at the terminal where path is NULL. Its yescrypt hash goes to
 * hash; "" where no code was given, or there is no file and no terminal: then nothing unlocks the seat. */
bool unlock_code_read(const char *path, char hash[UNLOCK_HASH_SIZE], struct error *err);

#endif
