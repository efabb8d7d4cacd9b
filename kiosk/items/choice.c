/* choice.c: the choice interaction. A response row is wholly clickable, and its letter is its key. */
#include <stdio.h>
#include <string.h>

#include "kiosk/items/item.h"
#include "kiosk/ui/words.h"

enum { ID_CHOICE = 0x0400, ID_CHOICE_LISTING = 0x0500 };

static const char *how_many(const struct interaction *interaction)
{
    switch (interaction->max_choices) {
    case 1: return _("Choose one answer.");
    case 2: return _("Choose two answers.");
    case 3: return _("Choose three answers.");
    case 4: return _("Choose four answers.");
    default: return _("Choose every answer that is right.");
    }
}

static const char *count_along(const struct item_view *view, const struct interaction *interaction)
{
    enum { SIZE = 100 };
    char *text = arena_alloc(view->frame, SIZE);

    if (text == NULL)
        return "";
    (void)snprintf(text, SIZE, _("%zu of %u chosen"), sitting_chosen_count(view->sitting, view->position),
        interaction->max_choices); /* cut is fine */
    return text;
}

static bool is_correct(const struct item_key *key, const char *identifier)
{
    for (size_t i = 0; i < key->correct_count; i++)
        if (strcmp(key->correct[i], identifier) == 0)
            return true;
    return false;
}

static void set_verdict(const struct item_view *view, const char *identifier, struct response *response)
{
    response->is_disabled = true;
    if (is_correct(view->verdict, identifier)) {
        response->verdict = ICON_CHECK;
        response->verdict_role = ROLE_SAVED;
    } else if (response->is_chosen) {
        response->verdict = ICON_CROSS;
        response->verdict_role = ROLE_DANGER;
    }
}

static void draw_row(const struct item_view *view, const struct interaction *interaction, size_t shown)
{
    const struct simple_choice *choice = sitting_choice(view->sitting, view->position, shown);
    char *letter = arena_alloc(view->frame, 2);
    struct response response = {.mark = interaction->max_choices == 1 ? MARK_RING : MARK_BOX};

    if (choice == NULL || letter == NULL)
        return;
    letter[0] = (char)('A' + shown % 26);
    response.letter = letter;
    response.is_chosen = sitting_is_chosen(view->sitting, view->position, shown);
    if (view->verdict != NULL)
        set_verdict(view, choice->identifier, &response);
    ui_response_begin(view->ui, UI_ID(ID_CHOICE, shown), &response);
    content_all(view->ui, view->frame, &choice->content, ID_CHOICE_LISTING + (unsigned)shown);
    if (ui_response_end(view->ui) && view->verdict == NULL)
        (void)sitting_choose(
            view->sitting, view->position, shown); /* what could not be saved shows by itself */
}

void choice_draw(const struct item_view *view, const struct interaction *interaction)
{
    const size_t count = view->sitting->attempt->items[view->position].choice_count;

    if (interaction->max_choices < 2)
        ui_label(view->ui, how_many(interaction));
    else
        ui_label_pair(view->ui, how_many(interaction), count_along(view, interaction));
    ui_space(view->ui, 10);
    for (size_t shown = 0; shown < count; shown++)
        draw_row(view, interaction, shown);
}
