/* listing.h: a code listing as lines of coloured spans, so that the seat only draws them.
 *
 * Joined again, the spans give the text back exactly: colour never changes what is read. A language we don't
 * know is plain text. */
#ifndef CARREL_PROVISIONING_AUTHORING_LISTING_H
#define CARREL_PROVISIONING_AUTHORING_LISTING_H

#include "core/exam.h"

/* The lines of text ('\n' between them; one at the end makes no line of its own), made in the arena. False:
 * no memory. */
bool listing_make(const char *language, const char *text, struct arena *arena, struct block *block);

/* The listing's text as it was, each line ended by '\n'. */
bool listing_text(const struct block *block, struct buffer *text);

#endif
