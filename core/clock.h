/* clock.h: time, as an argument.
 *
 * Nothing in Carrel asks the system what time it is: it is given a clock. The system's clock is the only one
 * in a release build; a build with CARREL_SIMULATION has another that a test drives. */
#ifndef CARREL_CLOCK_H
#define CARREL_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct clock {
    /* CLOCK_BOOTTIME in ms: never set, runs through suspend. Meaningful within one boot only. */
    int64_t (*boot_ms)(const struct clock *clock);
    /* CLOCK_MONOTONIC in ms: stands still in suspend. boot_ms − awake_ms grows by each suspend. */
    int64_t (*awake_ms)(const struct clock *clock);
    /* Wall time, ms since 1970-01-01T00:00:00Z. Anybody may set it: for people, and for the door. */
    int64_t (*wall_ms)(const struct clock *clock);
};

const struct clock *clock_system(void);

/* What this build uses: the system's clock, or in a simulation build the one driven by the file that the
 * environment variable CARREL_CLOCK names. That file holds three decimal numbers in ms, each added to the
 * system's: boot, awake, wall. It is read again at each call; while it can't be read, nothing is added. */
const struct clock *clock_default(void);

int64_t clock_boot_ms(const struct clock *clock);
int64_t clock_awake_ms(const struct clock *clock);
int64_t clock_wall_ms(const struct clock *clock);

/* This boot's id (/proc/sys/kernel/random/boot_id), 36 characters and a NUL; "unknown" if unreadable. In a
 * simulation build CARREL_BOOT_ID, where set, stands in. */
#define BOOT_ID_SIZE 37
void clock_boot_id(char id[BOOT_ID_SIZE]);

#endif
