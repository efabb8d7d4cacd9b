/* error.h: how a function says what went wrong.
 *
 * A failing function returns false or NULL and writes the reason where it happened. The code is for
 * branching, the text for people: what happened, in one line, without a full stop and without a
 * newline, in words that need no knowledge of the source. The program reports it once. */
#ifndef CARREL_ERROR_H
#define CARREL_ERROR_H

#include <stdbool.h>

enum error_code {
    ERROR_NONE,
    ERROR_NOMEM,     /* memory */
    ERROR_IO,        /* disk, socket, another process: trying again may help */
    ERROR_FULL,      /* no room left on a disk */
    ERROR_FORMAT,    /* not of the form it should have */
    ERROR_UNTRUSTED, /* of the form, but not by whom it should be */
    ERROR_LIMIT,     /* larger, longer or more than is allowed */
    ERROR_NOT_FOUND, /* what was named is not there */
    ERROR_REFUSED,   /* understood, and not allowed: the text says why */
    ERROR_BUSY,      /* not now: wait and try again */
    ERROR_USAGE,     /* the caller's words are off */
};

struct error {
    enum error_code code;
    char text[400];
};

/* Writes code and text; a text that does not fit is cut. err may be NULL. Always returns false. */
bool error_set(struct error *err, enum error_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same for a failed system call: appends ": " and errno in words; ENOSPC, EDQUOT become ERROR_FULL,
 * ENOENT ERROR_NOT_FOUND, ENOMEM ERROR_NOMEM, EACCES, EPERM ERROR_REFUSED, everything else ERROR_IO. Reads errno before anything can change it. */
bool error_set_errno(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Puts "context: " before the text that is there already. Always returns false. */
bool error_prefix(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The exit code of sysexits.h that a program ends with for this error; EX_OK for ERROR_NONE. */
int error_exit_code(enum error_code code);

#endif
