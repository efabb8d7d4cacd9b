/* program.h: from the words of the command line to the exit code (sysexits.h). */
#ifndef CARREL_PROVISIONING_PROGRAM_H
#define CARREL_PROVISIONING_PROGRAM_H

#include <stddef.h>

#include "core/clock.h"

int program_run(const char *const *words, size_t count, const struct clock *clock);

#endif
