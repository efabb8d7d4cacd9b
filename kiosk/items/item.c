#include "kiosk/items/item.h"

enum { ID_STEM_LISTING = 0x0300 };

static void draw_interactions(const struct item_view *view, const struct item *item)
{
    static void (*const draw[INTERACTION_TYPES])(const struct item_view *, const struct interaction *) = {
        [INTERACTION_CHOICE] = choice_draw,
    };

    for (size_t i = 0; i < item->interaction_count; i++)
        draw[item->interactions[i].type](view, &item->interactions[i]);
}

void item_draw(const struct item_view *view)
{
    const struct item *item = sitting_item(view->sitting, view->position);
    struct ui *ui = view->ui;

    if (!content_has_listing(&item->body)) {
        content_text(ui, view->frame, &item->body, true);
        draw_interactions(view, item);
        return;
    }
    ui_split_begin(ui, 600, 560);
    if (ui_is_wide(ui)) {
        content_listings(ui, view->frame, &item->body, ID_STEM_LISTING, true);
        ui_split_next(ui);
        content_text(ui, view->frame, &item->body, true);
    } else {
        content_text(ui, view->frame, &item->body, true);
        content_listings(ui, view->frame, &item->body, ID_STEM_LISTING, false);
        ui_split_next(ui);
    }
    draw_interactions(view, item);
    ui_split_end(ui);
}
