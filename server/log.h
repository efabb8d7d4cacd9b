/* log.h: lines on standard error, each with its time, whole, and free of control characters whatever is in
 * them. Never a secret. Any thread. */
#ifndef CARREL_SERVER_LOG_H
#define CARREL_SERVER_LOG_H

#include "core/clock.h"

void log_write(const struct clock *clock, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
