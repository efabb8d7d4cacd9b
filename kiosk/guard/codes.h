/* codes.h: how fast codes may be tried.
 *
 * Five wrong ones, then a pause of one minute; five more, two minutes; then four, then eight each time. A
 * right one starts afresh. The count lives in the guard, so killing the screen process wins nothing: a try
 * that was allowed and never reported counts as wrong. It ends with the guard: who can restart the machine
 * gets five more tries for each restart. */
#ifndef CARREL_GUARD_CODES_H
#define CARREL_GUARD_CODES_H

#include <stdbool.h>
#include <stdint.h>

#define CODES_TRIES 5
#define CODES_PAUSE_MS 60000
#define CODES_PAUSE_MAX_MS (8 * CODES_PAUSE_MS)

/* All zero: no try yet. */
struct codes {
    unsigned wrong;      /* since the last pause or right code */
    int64_t pause_ms;    /* length of the last pause */
    int64_t paused_till; /* boot time */
    bool is_trying;
};

/* How long to wait before the next try; 0: none. */
int64_t codes_wait(const struct codes *codes, int64_t now_ms);

/* Asks leave for one try: true, and it must be reported; false: wait. */
bool codes_try(struct codes *codes, int64_t now_ms);

/* Reports the try. False if none was allowed: a lie. */
bool codes_report(struct codes *codes, bool is_right, int64_t now_ms);

/* The one who tried is gone: an open try counts as wrong. */
void codes_abandon(struct codes *codes, int64_t now_ms);

#endif
