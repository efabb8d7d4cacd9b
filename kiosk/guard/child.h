/* child.h: the screen process, from the guard's side: started, killed, reaped.
 *
 * It is a process group of its own, dies with the guard, gets no new privileges, and has four descriptors:
 * standard input from /dev/null, the guard's standard output and error, and its end of the socket pair as
 * MESSAGE_SOCKET. */
#ifndef CARREL_GUARD_CHILD_H
#define CARREL_GUARD_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

#include "core/error.h"
#include "core/file.h"
#include "kiosk/guard/environment.h"

struct child {
    pid_t pid;  /* 0: there is none */
    int exited; /* becomes readable when it has exited; -1: there is none */
    int socket; /* the guard's end; -1: there is none, or it has been closed */
};

struct child_plan {
    char program[FILE_PATH_SIZE];
    const char *arguments[8]; /* NULL at the end */
    struct environment environment;
    bool has_user; /* run as this one */
    uid_t uid;
    gid_t gid;
    char user[33];
};

/* carrel-screen lies at ../libexec/carrel/ from the folder of the guard's own program, whatever the working
 * folder and the environment say. */
bool child_find_program(char program[FILE_PATH_SIZE], struct error *err);

/* Which user the screen process runs as: name, if the guard is root; "" is the guard's own. Not root, and
 * another name: an error. */
bool child_set_user(struct child_plan *plan, const char *name, struct error *err);

#define CHILD_NONE ((struct child){.pid = 0, .exited = -1, .socket = -1})

bool child_start(struct child *child, const struct child_plan *plan, struct error *err);

/* Kills it with all it started in its group. It is still to be reaped. Nothing if there is none. */
void child_kill(const struct child *child);

/* True if it has exited: reaped, its descriptors closed, *child is CHILD_NONE; *status as waitpid gives it.
 */
bool child_reap(struct child *child, int *status);

/* Talks no more with it. */
void child_hang_up(struct child *child);

#endif
