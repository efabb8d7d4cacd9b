/* service.h: a program that works for us, and ends when we do: with service_end, or whatever else ends us.
 *
 * It has no input, its output goes to the file `log` in its folder, and Ctrl-C does not reach it: whoever
 * waits asks the patience of the caller instead. */
#ifndef CARREL_PROVISIONING_AUTHORING_SERVICE_H
#define CARREL_PROVISIONING_AUTHORING_SERVICE_H

#include <stdint.h>
#include <sys/types.h>

#include "core/error.h"

/* For one program to start, or to do its work: long, because the machine may be busy. */
enum { SERVICE_WAIT_MS = 120000 };

/* Asked while something is waited for. */
struct patience {
    bool (*lasts)(void *context); /* false: give up */
    void *context;
};

struct program_call {
    const char *const *argv; /* the first is the program's path */
    char *const *environment;
    const char *folder; /* where it works */
    int out;            /* its standard output; -1: the log */
};

struct service {
    pid_t pid;        /* 0: none */
    int64_t begun_ms; /* of the clock's time awake */
};

bool service_start(struct service *service, const struct program_call *call, struct error *err);
/* For a loop that waits for it: a moment later; false, with the reason, if it ended meanwhile, was waited for
 * too long, or patience is at its end (ERROR_BUSY). */
bool service_wait(struct service *service, const struct program_call *call, const struct patience *patience,
    struct error *err);
void service_end(struct service *service);

/* Runs the program to its end. False, with the last of what it said, if that is not exit code 0. */
bool program_call(const struct program_call *call, const struct patience *patience, struct error *err);

#endif
