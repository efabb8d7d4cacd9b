/* options.h: the command line of carrel-kiosk. docs/man/carrel-kiosk.1.scd describes each; a test compares
 * the two. */
#ifndef CARREL_GUARD_OPTIONS_H
#define CARREL_GUARD_OPTIONS_H

#include <stdbool.h>

#include "core/error.h"

#define OPTIONS_SEAT_FOLDER "/var/lib/carrel" /* the standard folder of an enrolled seat */
#define OPTIONS_SIZE_MIN 320
#define OPTIONS_SIZE_MAX 16384

enum options_task { OPTIONS_RUN, OPTIONS_HELP, OPTIONS_VERSION };

/* Strings point into argv. */
struct options {
    enum options_task task;
    const char *seat; /* folder; never NULL */
    bool is_window;   /* --window: nothing is locked */
    unsigned width;   /* of that window; 0: the whole display */
    unsigned height;
    const char *practice; /* --practice FILE; NULL: none */
};

/* False, with ERROR_USAGE, for anything that is not on the list. */
bool options_parse(struct options *options, int argc, char *argv[], struct error *err);

extern const char options_help[];

#endif
