/* report.h: the guard's lines in the seat's log, which is standard error (journald on a seat). */
#ifndef CARREL_GUARD_REPORT_H
#define CARREL_GUARD_REPORT_H

/* One line, without a newline, never with a secret. */
void report(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
