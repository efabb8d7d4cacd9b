/* sandbox.h: what the screen process takes away from itself after its first frame, before the first outside byte.
 *
 * From here on: no new socket, no other program, no look into other processes; of the disk it reads the system's
 * files (fonts, time zones) and spool/in, and writes the kiosk's own folder and spool/out, nothing else. */
#ifndef CARREL_SCREENS_SANDBOX_H
#define CARREL_SCREENS_SANDBOX_H

#include "core/error.h"

/* seat_folder or practice_file, the other NULL; devices: the folder of a console's input devices, or NULL. A kernel without
 * Landlock is no failure: the calls are refused all the same, and *err then says what is missing, with true. */
bool screen_sandbox(const char *seat_folder, const char *practice_file, const char *devices, struct error *err);

#endif
