/* devices.h: the keyboards and mice of the console, to wait for.
 *
 * On the console SDL reads the devices by itself but can't be waited for: the same devices, opened once more, tell when
 * there is something to read. Opened again when one comes or goes. */
#ifndef CARREL_UI_DEVICES_H
#define CARREL_UI_DEVICES_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

/* Where they are: a sandbox has to let them be opened and listed. */
#define DEVICES_FOLDER "/dev/input"
#define DEVICES_MAX 32
#define DEVICES_POLLED_MAX (DEVICES_MAX + 1)

struct devices {
    int open[DEVICES_MAX];
    size_t count;
    int watch; /* tells that one came or went; -1: there is no console */
};

/* All that are there; none is fine. What can't be opened or watched is left out. */
void devices_open(struct devices *devices);
void devices_close(struct devices *devices);

/* Adds what poll(2) has to look at; at most DEVICES_POLLED_MAX. How many. */
size_t devices_add(const struct devices *devices, struct pollfd *polled);
/* What poll(2) found of those: reads it away, SDL has its own. */
void devices_take(struct devices *devices, const struct pollfd *polled, size_t count);

#endif
