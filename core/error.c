#include "core/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

bool error_set(struct error *err, enum error_code code, const char *format, ...)
{
    va_list args;

    if (err == NULL)
        return false;
    err->code = code;
    va_start(args, format);
    (void)vsnprintf(err->text, sizeof err->text, format, args); /* cut is fine: for people */
    va_end(args);
    return false;
}

static enum error_code code_of_errno(int number)
{
    switch (number) {
    case ENOSPC:
    case EDQUOT:
        return ERROR_FULL;
    case ENOENT:
        return ERROR_NOT_FOUND;
    case ENOMEM:
        return ERROR_NOMEM;
    case EACCES:
    case EPERM:
        return ERROR_REFUSED;
    default:
        return ERROR_IO;
    }
}

bool error_set_errno(struct error *err, const char *format, ...)
{
    const int number = errno;
    char reason[100];
    size_t used;
    va_list args;

    if (err == NULL)
        return false;
    err->code = code_of_errno(number);
    va_start(args, format);
    (void)vsnprintf(err->text, sizeof err->text, format, args);
    va_end(args);
    used = strlen(err->text);
    (void)snprintf(
        err->text + used, sizeof err->text - used, ": %s", strerror_r(number, reason, sizeof reason));
    return false;
}

bool error_prefix(struct error *err, const char *format, ...)
{
    char before[sizeof err->text];
    char whole[2 * sizeof err->text + 2];
    va_list args;

    if (err == NULL)
        return false;
    va_start(args, format);
    (void)vsnprintf(before, sizeof before, format, args);
    va_end(args);
    (void)snprintf(whole, sizeof whole, "%s: %s", before, err->text);
    (void)snprintf(err->text, sizeof err->text, "%.*s", (int)sizeof err->text - 1, whole);
    return false;
}

int error_exit_code(enum error_code code)
{
    static const int exit_codes[] = {
        [ERROR_NONE] = EX_OK,
        [ERROR_NOMEM] = EX_OSERR,
        [ERROR_IO] = EX_IOERR,
        [ERROR_FULL] = EX_CANTCREAT,
        [ERROR_FORMAT] = EX_DATAERR,
        [ERROR_UNTRUSTED] = EX_DATAERR,
        [ERROR_LIMIT] = EX_DATAERR,
        [ERROR_NOT_FOUND] = EX_NOINPUT,
        [ERROR_REFUSED] = EX_NOPERM,
        [ERROR_BUSY] = EX_TEMPFAIL,
        [ERROR_USAGE] = EX_USAGE,
    };

    return exit_codes[code];
}
