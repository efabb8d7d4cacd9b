#include "kiosk/guard/report.h"

#include <poll.h>
#include <stdarg.h>
#include <unistd.h>

void report(const char *format, ...)
{
    char line[400] = "carrel-kiosk: ";
    const size_t start = sizeof "carrel-kiosk: " - 1;
    struct pollfd out = {.fd = STDERR_FILENO, .events = POLLOUT};
    va_list args;
    size_t len;

    va_start(args, format);
    (void)vsnprintf(line + start, sizeof line - start - 1, format, args); /* cut is fine: for people */
    va_end(args);
    len = strlen(line);
    line[len++] = '\n';
    /* A reader that stopped reading must not stop the guard; a line that can't be written is lost. */
    if (poll(&out, 1, 0) == 1 && (out.revents & POLLOUT) != 0)
        (void)!write(STDERR_FILENO, line, len);
}
