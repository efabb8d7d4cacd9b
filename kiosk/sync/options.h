/* options.h: the command line of carrel-sync. */
#ifndef CARREL_SYNC_OPTIONS_H
#define CARREL_SYNC_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"

struct options {
    const char *seat;    /* the seat's folder */
    bool is_once;        /* one round, then end */
    int64_t interval_ms; /* between rounds in which nothing failed */
    bool is_verbose;
    bool wants_help, wants_version;
};

/* ERROR_USAGE with the reason. The strings are argv's. */
bool options_parse(struct options *options, int argc, char **argv, struct error *err);
const char *options_usage(void);

#endif
