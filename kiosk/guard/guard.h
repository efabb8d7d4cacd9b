/* guard.h: the guard: lock, exam time, unlock policy, and the life of the screen process.
 *
 * Once guard_new has returned, the display is locked (or will be as soon as something else lets go of
 * keyboard and pointer), and nothing that goes wrong ends the guard: it covers, restarts, waits for staff.
 * guard_run returns when the right unlock code was typed, and for no other reason; where nothing is locked
 * (--window, --practice) also when the window was closed or a signal asks for it. */
#ifndef CARREL_GUARD_GUARD_H
#define CARREL_GUARD_GUARD_H

#include "core/clock.h"
#include "core/error.h"
#include "kiosk/guard/options.h"

struct guard;

/* NULL on failure, with nothing locked and the reason in *err. */
struct guard *guard_new(const struct options *options, const struct clock *clock, struct error *err);

void guard_run(struct guard *guard);

/* Ends the lock. NULL is fine. */
void guard_free(struct guard *guard);

#endif
