#include "server/log.h"

#include <stdarg.h>
#include <stdio.h>

#include "core/encoding.h"

void log_write(const struct clock *clock, const char *format, ...)
{
    char now[TIMESTAMP_SIZE], line[2048];
    va_list values;
    va_start(values, format);
    vsnprintf(line, sizeof line, format, values); /* a longer one is cut */
    va_end(values);
    for (char *at = line; *at != '\0'; at++)
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            *at = '?';
    timestamp_format(clock_wall_ms(clock), now);
    fprintf(stderr, "%s %s\n", now, line);
}
