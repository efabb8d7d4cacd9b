/* sight.h: when was the text there? A film of one area of the screen while a program starts, judged at its
 * end.
 *
 * The last picture says what is text (pixels far from the commonest brightness) and what is ground. The text
 * counts as visible in the first picture that has half of the text's pixels and nine tenths of the ground's
 * as they are at the end: a cursor, a border, an empty window are not taken for it, and nobody has to wait
 * for the last icon. */
#ifndef CARREL_BENCH_SIGHT_H
#define CARREL_BENCH_SIGHT_H

#include "tests/bench/screen.h"

struct sight;

struct sight *sight_new(struct area area, struct error *err);
/* Takes a picture. When there is no room for more, the last place is taken again. */
bool sight_take(struct sight *sight, struct screen *screen, struct error *err);
size_t sight_count(const struct sight *sight); /* pictures taken */
/* True if the last picture has text in it. */
bool sight_has_text(const struct sight *sight);
/* When the text became visible, as screen_now_us() says it, or -1. */
int64_t sight_text_us(const struct sight *sight);
void sight_free(struct sight *sight); /* NULL is fine */

#endif
