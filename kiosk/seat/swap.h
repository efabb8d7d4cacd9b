/* swap.h: whether memory may end on a disk in the clear: part of a seat's readiness. */
#ifndef CARREL_SEAT_SWAP_H
#define CARREL_SEAT_SWAP_H

#include <stdbool.h>

#define SWAP_LIST "/proc/swaps"
#define SWAP_DEVICES "/sys/class/block"

/* True if swap is on that is neither encrypted by dm-crypt nor compressed memory (zram), or if that can't be
 * told. The places are SWAP_LIST and SWAP_DEVICES; a kernel without swap has no list. Both lie outside the
 * screen process's sandbox: ask before. */
bool swap_is_readable(const char *list, const char *devices);

#endif
