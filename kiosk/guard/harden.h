/* harden.h: what the guard gives up before it does anything else. */
#ifndef CARREL_GUARD_HARDEN_H
#define CARREL_GUARD_HARDEN_H

#include <stdbool.h>

#include "core/error.h"

/* No new privileges for it or its children, no core dump, not traceable or readable by others of its user,
 * memory locked as far as the machine lets us, last to go when memory runs out, no descriptor but the three
 * standard ones (which exist: /dev/null where the caller closed one). False only where going on would break a
 * promise. */
bool harden(struct error *err);

#endif
