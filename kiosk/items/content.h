/* content.h: draws the text of an exam: paragraphs, lists and listings, with the widgets of kiosk/ui. What
 * has to be put together for a frame lives in that frame's arena. */
#ifndef CARREL_ITEMS_CONTENT_H
#define CARREL_ITEMS_CONTENT_H

#include "core/arena.h"
#include "core/exam.h"
#include "kiosk/ui/widget.h"

/* The parts of a stem that are drawn, in their order: its first text is a heading; its listings have line
 * numbers, but for those of plain text. Block i has the widget UI_ID(base, i). */
enum content_part { CONTENT_TEXT = 1, CONTENT_LISTINGS = 2 };
void content_stem(
    struct ui *ui, struct arena *frame, const struct blocks *blocks, unsigned parts, unsigned base);
/* Text between two listings, which belongs to one of them: parts apart would not be understood. */
bool content_is_interleaved(const struct blocks *blocks);
/* How wide the widest listing wants to be, in u; 0: there is none. */
double content_listing_width_u(struct ui *ui, struct arena *frame, const struct blocks *blocks);
/* Everything in its order, as inside a choice or a rationale: listings without numbers. */
void content_all(struct ui *ui, struct arena *frame, const struct blocks *blocks, unsigned base);

#endif
