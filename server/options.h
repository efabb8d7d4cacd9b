/* options.h: what the server is told on its command line or in a file.
 *
 * --config FILE is a JSON object with the same names, hyphens as underscores:
 * {"board":"…","seats_port":8443}. What stands on the command line goes before. */
#ifndef CARREL_SERVER_OPTIONS_H
#define CARREL_SERVER_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"
#include "core/file.h"

enum options_wish {
    OPTIONS_SERVE,
    OPTIONS_CHECK,   /* load everything, say whether it would serve, end */
    OPTIONS_HELP,    /* printed already */
    OPTIONS_VERSION, /* printed already */
};

struct options {
    enum options_wish wish;
    char board[FILE_PATH_SIZE], data[FILE_PATH_SIZE];
    char listen[64];
    int64_t seats_port, public_port, metrics_port; /* 0: a free one */
    int64_t connections;                           /* on the seats listener, in all */
    int64_t connections_per_center;
    int64_t connection_time_s, idle_time_s;
    int64_t threads;   /* of the fast lane; 0: one for each processor */
    bool is_developer; /* seats enrolled here may run in a window and take practice exams */
};

/* ERROR_USAGE with what is wrong. */
bool options_parse(struct options *options, int argc, char **argv, struct error *err);

/* Every option's name with its hyphens, one a line: the man page is held against it. */
const char *options_name(unsigned index); /* NULL behind the last */

#endif
