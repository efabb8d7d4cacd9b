/* keeper.h: a process that waits until we are gone, however that comes about, and then removes a folder.
 *
 * It holds the reading end of a pipe whose writing end is ours alone: the kernel closes that whatever ends
 * us, SIGKILL too. It has a session of its own, so that Ctrl-C does not reach it. */
#ifndef CARREL_PROVISIONING_AUTHORING_KEEPER_H
#define CARREL_PROVISIONING_AUTHORING_KEEPER_H

#include <sys/types.h>

#include "core/error.h"

struct keeper {
    pid_t pid; /* 0: none */
    int line;  /* its end means: now */
};

bool keeper_start(struct keeper *keeper, const char *folder, struct error *err);
/* Lets it remove the folder now, and waits for it. */
void keeper_release(struct keeper *keeper);

#endif
