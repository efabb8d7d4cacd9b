/* sitting.h: the address of a sitting in the API. */
#ifndef CARREL_PROVISIONING_SITTING_H
#define CARREL_PROVISIONING_SITTING_H

#include "core/error.h"

#define SITTING_PATH_SIZE 96

/* "/v1/sittings/SITTING" and what follows; ERROR_USAGE where that is no sitting's id. */
bool sitting_path(const char *sitting, const char *suffix, char path[SITTING_PATH_SIZE], struct error *err);

#endif
