/* places.h: how many connections there may be: in all, and of one holder (a center, or an address before it
 * is known whose it is), so that one center can't take the room of all others. */
#ifndef CARREL_SERVER_HTTP_PLACES_H
#define CARREL_SERVER_HTTP_PLACES_H

#include <stdbool.h>
#include <stddef.h>

#include "core/error.h"

#define PLACES_HOLDER_SIZE 80

struct places;

struct places *places_new(unsigned max, unsigned share, struct error *err);
void places_free(struct places *places); /* NULL is fine */

/* False: all are taken, or the holder has its share. */
bool places_take(struct places *places, const char *holder);
void places_give(struct places *places, const char *holder);
/* From one holder to another: false leaves it with the first, whose share it keeps counting on. */
bool places_move(struct places *places, const char *from, const char *to);
unsigned places_taken(const struct places *places);

#endif
