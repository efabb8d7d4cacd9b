/* restarts.h: how often the screen process may fail before staff are asked for.
 *
 * A fifth failure within a minute means that starting it again at once helps nobody: the guard's own staff
 * screen stays, and tries again each half minute or when staff press Enter. */
#ifndef CARREL_GUARD_RESTARTS_H
#define CARREL_GUARD_RESTARTS_H

#include <stdbool.h>
#include <stdint.h>

#define RESTARTS_MAX 5
#define RESTARTS_WINDOW_MS 60000
#define RESTARTS_RETRY_MS 30000

/* All zero: none yet. */
struct restarts {
    uint32_t total;                  /* since the guard began */
    int64_t failed_ms[RESTARTS_MAX]; /* the last ones, as a ring */
};

/* Notes a failure at now_ms (of a clock that never goes back). True if that was one too many. */
bool restarts_add(struct restarts *restarts, int64_t now_ms);

#endif
