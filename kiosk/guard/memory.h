/* memory.h: the two sealed memory files that outlive the screen process.
 *
 * After check-in the screen process hands over the keys and the opened package, so that the next one needs
 * neither a code nor a decryption. The guard holds descriptors, nothing else: it never maps them. They end
 * with FORGET, or with the guard. */
#ifndef CARREL_GUARD_MEMORY_H
#define CARREL_GUARD_MEMORY_H

#include <stdbool.h>

#include "kiosk/guard/message.h"

struct memory {
    int fds[MESSAGE_MEMORY_KINDS]; /* -1: not held */
    char session[SESSION_ID_SIZE]; /* "": none held */
};

void memory_init(struct memory *memory);

/* Takes over fd, in any case: it is held or closed. False if it is not a memfd with all four seals, is too
 * large, or is of another session than the one that is held. */
bool memory_take(struct memory *memory, const struct message_memory *told, int fd);

unsigned memory_count(const struct memory *memory);

/* Sends all that is held. False if the other side does not take it. */
bool memory_send(const struct memory *memory, int socket);

/* Closes what is held. */
void memory_forget(struct memory *memory);

#endif
