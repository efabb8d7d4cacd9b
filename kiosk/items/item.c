#include "kiosk/items/item.h"

#include <math.h>

enum { ID_STEM_LISTING = 0x0300, LISTING_U = 600, RESPONSES_U = 560 };

static void draw_interactions(const struct item_view *view, const struct item *item)
{
    static void (*const draw[INTERACTION_TYPES])(const struct item_view *, const struct interaction *) = {
        [INTERACTION_CHOICE] = choice_draw,
    };

    for (size_t i = 0; i < item->interaction_count; i++)
        draw[item->interactions[i].type](view, &item->interactions[i]);
}

/* No line of a listing has to scroll, as far as the window lets; short listings all stand at one place. */
static double listing_width_u(const struct item_view *view, const struct item *item)
{
    const double width_u = content_listing_width_u(view->ui, view->frame, &item->body);

    return width_u == 0 ? 0 : fmax(width_u, LISTING_U);
}

double item_width_u(const struct item_view *view)
{
    const double width_u = listing_width_u(view, sitting_item(view->sitting, view->position));

    return width_u == 0 ? UI_READING_U : UI_SPLIT_U + width_u - LISTING_U;
}

static void draw_stem(const struct item_view *view, const struct item *item)
{
    struct ui *ui = view->ui;
    const bool is_apart = ui_is_wide(ui) && !content_is_interleaved(&item->body);

    if (is_apart) {
        content_stem(ui, view->frame, &item->body, CONTENT_LISTINGS, ID_STEM_LISTING);
        ui_split_next(ui);
        content_stem(ui, view->frame, &item->body, CONTENT_TEXT, ID_STEM_LISTING);
        return;
    }
    if (content_is_interleaved(&item->body)) {
        content_stem(ui, view->frame, &item->body, CONTENT_TEXT | CONTENT_LISTINGS, ID_STEM_LISTING);
    } else {
        content_stem(ui, view->frame, &item->body, CONTENT_TEXT, ID_STEM_LISTING);
        content_stem(ui, view->frame, &item->body, CONTENT_LISTINGS, ID_STEM_LISTING);
    }
    ui_split_next(ui);
}

void item_draw(const struct item_view *view)
{
    const struct item *item = sitting_item(view->sitting, view->position);
    const double width_u = listing_width_u(view, item);

    if (width_u == 0) {
        content_stem(view->ui, view->frame, &item->body, CONTENT_TEXT, ID_STEM_LISTING);
        draw_interactions(view, item);
        return;
    }
    ui_split_begin(view->ui, RESPONSES_U);
    draw_stem(view, item);
    draw_interactions(view, item);
    ui_split_end(view->ui);
}
