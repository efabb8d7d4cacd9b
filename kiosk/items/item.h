/* item.h: an item on screen: one file for each interaction type behind one function.
 *
 * A type draws its interaction and changes the response through the sitting. In practice, after the end, the
 * same function draws the verdict and takes no more input. */
#ifndef CARREL_ITEMS_ITEM_H
#define CARREL_ITEMS_ITEM_H

#include "core/scoring_key.h"
#include "kiosk/items/content.h"
#include "kiosk/seat/sitting.h"

struct item_view {
    struct ui *ui;
    struct arena *frame;
    struct sitting *sitting;
    size_t position;
    const struct item_key *verdict; /* practice, after the end: show what is right; else NULL */
};

/* The width of the body it wants to be drawn in, in u. */
double item_width_u(const struct item_view *view);
/* Stem, listings, interactions: listing and responses side by side where there is room. */
void item_draw(const struct item_view *view);

/* choice.c: QTI choice interaction, single and multiple response. */
void choice_draw(const struct item_view *view, const struct interaction *interaction);

#endif
