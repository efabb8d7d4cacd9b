/* log.h: what carrel-sync says on standard error, one line each; never content. Any thread may call it. */
#ifndef CARREL_SYNC_LOG_H
#define CARREL_SYNC_LOG_H

#include <stdbool.h>

void log_set_verbose(bool is_verbose); /* before the threads start */
/* Always said: trouble, and its end. */
void log_line(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Said with --verbose. */
void log_detail(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
