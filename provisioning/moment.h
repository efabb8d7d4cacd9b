/* moment.h: times as people write them. */
#ifndef CARREL_PROVISIONING_MOMENT_H
#define CARREL_PROVISIONING_MOMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"

#define MOMENT_TEXT_SIZE 32

/* RFC 3339 ("2026-11-22T09:00:00+01:00", "…Z"), or "2026-11-22 09:00" in the zone. ERROR_USAGE where the text
 * is neither, the zone is not known to this machine, or the clocks of the zone show that time twice or not at
 * all: then it must be written with its offset. zone NULL: only the first form. */
bool moment_parse(const char *text, const char *zone, int64_t *wall_ms, struct error *err);
/* "2026-11-22 09:00", in the zone, with its offset behind it where the clocks of the zone show that time twice; in UTC, with "Z" behind it, where the zone is NULL or not known. */
void moment_format(int64_t wall_ms, const char *zone, char text[MOMENT_TEXT_SIZE]);
/* ERROR_USAGE unless it is an IANA name whose rules this machine has. */
bool moment_zone_check(const char *zone, struct error *err);

#endif
