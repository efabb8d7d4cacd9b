/* backoff.h: how long to wait before trying again: exponential with full jitter, so that a room of seats that
 * lost its server together does not come back to it together. Pure: randomness is an argument. */
#ifndef CARREL_SYNC_BACKOFF_H
#define CARREL_SYNC_BACKOFF_H

#include <stdint.h>

#define BACKOFF_FIRST_MS 1000
#define BACKOFF_CAP_MS 60000

/* After this many failures in a row (from 1), with random taken evenly from all 64-bit numbers: a time
 * between 0 and the smaller of the cap and first × 2^(failures − 1). What the server asked for (Retry-After,
 * 0 for nothing) is waited in full, and the jitter on top of it. */
int64_t backoff_delay_ms(unsigned failures, int64_t retry_after_s, uint64_t random);

#endif
