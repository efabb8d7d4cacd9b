/* needs.h: what a listing may ask for beyond Python. The words of an item's `needs` come first; the others
 * are seen in the listing itself. */
#ifndef CARREL_PROVISIONING_AUTHORING_NEEDS_H
#define CARREL_PROVISIONING_AUTHORING_NEEDS_H

enum need { NEED_DISPLAY, NEED_MYSQL, NEED_WORDS, NEED_FONTS = NEED_WORDS, NEEDS };

extern const char *const need_words[NEED_WORDS];

/* Sets of needs are sums of these. */
#define NEED(need) (1u << (need))

#endif
