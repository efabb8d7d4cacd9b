#include "kiosk/sync/log.h"

#include <stdarg.h>
#include <stdio.h>

static bool says_details;

void log_set_verbose(bool is_verbose)
{
    says_details = is_verbose;
}

/* One write a line, so that lines of two threads don't mix. A line that does not fit is cut. */
static void __attribute__((format(printf, 1, 0))) say(const char *format, va_list args)
{
    char text[600];

    (void)vsnprintf(text, sizeof text, format, args);
    (void)fprintf(stderr, "carrel-sync: %s\n", text);
}

void log_line(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    say(format, args);
    va_end(args);
}

void log_detail(const char *format, ...)
{
    va_list args;

    if (!says_details)
        return;
    va_start(args, format);
    say(format, args);
    va_end(args);
}
