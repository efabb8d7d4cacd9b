/* environment.h: the environment of the screen process, made from a list.
 *
 * Nothing is inherited but the names on the list: a variable that changes a library's behaviour (LD_PRELOAD,
 * SDL_*, XLOCALEDIR, …) has no way in where the display is locked. */
#ifndef CARREL_GUARD_ENVIRONMENT_H
#define CARREL_GUARD_ENVIRONMENT_H

#include <stdbool.h>

#define ENVIRONMENT_MAX 48
#define ENVIRONMENT_BYTES 8192

struct environment {
    char *entries[ENVIRONMENT_MAX + 1]; /* NULL at its end, as execve wants it */
    char text[ENVIRONMENT_BYTES];
};

/* From the guard's own environment. is_locked: the display is locked, so that fewer names pass and SDL is
 * told what the lock needs of it. A value that does not fit is left out. */
void environment_make(struct environment *environment, bool is_locked);

#endif
