/* pages.h: example screens that show every widget of kiosk/ui. */
#ifndef CARREL_GALLERY_PAGES_H
#define CARREL_GALLERY_PAGES_H

#include "kiosk/ui/widget.h"

struct model {
    int chosen; /* of the single response; -1: none */
    bool boxes[5];
    bool flagged[30];
    bool answered[30];
    int filter;
    char code_bytes[32], initials_bytes[8];
    struct field_text code, initials;
    const char *last; /* what was activated last */
};

void model_init(struct model *model);

struct page {
    const char *name;
    void (*build)(struct ui *ui, struct model *model);
};
extern const struct page pages[];
extern const size_t page_count;

#endif
