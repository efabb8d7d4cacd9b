#include "core/crypto/openssl.h"

#include <openssl/err.h>
#include <stdarg.h>
#include <stdio.h>

bool openssl_fail(struct error *err, enum error_code code, const char *format, ...)
{
    const char *reason = ERR_reason_error_string(ERR_peek_error());
    char what[300];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(what, sizeof what, format, args); /* cut is fine: for people */
    va_end(args);
    ERR_clear_error();
    if (reason == NULL)
        return error_set(err, code, "%s", what);
    return error_set(err, code, "%s: %s", what, reason);
}
