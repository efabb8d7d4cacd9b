/* cancel.h: Ctrl-C (and SIGTERM, SIGHUP) end a command tidily.
 *
 * The first signal only sets a flag: long work asks cancel_check between its steps and fails on the way every
 * error goes, which removes temporary files and ends children. A second signal ends the process at once. main
 * ends by the signal itself, so that a shell's loop stops too. */
#ifndef CARREL_PROVISIONING_CANCEL_H
#define CARREL_PROVISIONING_CANCEL_H

#include <stdbool.h>

#include "core/error.h"

void cancel_install(void);
/* The signal that came, or 0. */
int cancel_signal(void);
/* True while nothing came; else false, with ERROR_BUSY "interrupted". */
bool cancel_check(struct error *err);

#endif
