/* content.h: draws the text of an exam: paragraphs, lists and listings, with the widgets of kiosk/ui. What
 * has to be put together for a frame lives in that frame's arena. */
#ifndef CARREL_ITEMS_CONTENT_H
#define CARREL_ITEMS_CONTENT_H

#include "core/arena.h"
#include "core/exam.h"
#include "kiosk/ui/widget.h"

/* All blocks but listings and interactions; the first paragraph as a heading where asked. */
void content_text(struct ui *ui, struct arena *frame, const struct blocks *blocks, bool first_is_heading);
/* All listings, with line numbers. base numbers them as widgets: UI_ID(base, 0), … */
void content_listings(
    struct ui *ui, struct arena *frame, const struct blocks *blocks, unsigned base, bool fits);
bool content_has_listing(const struct blocks *blocks);
/* Everything in its order, as inside a choice or a rationale: listings without numbers. */
void content_all(struct ui *ui, struct arena *frame, const struct blocks *blocks, unsigned base);

#endif
