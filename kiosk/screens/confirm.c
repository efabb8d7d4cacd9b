/* confirm.c: ending needs a sentence and a typed word: nobody ends an exam by a slip. */
#include "kiosk/screens/screen.h"
#include "kiosk/ui/words.h"

enum { ID_WORD = 0x1801, ID_BACK = 0x1802, ID_END = 0x1803 };

static const char *sentence(struct kiosk *kiosk)
{
    size_t open = 0;

    for (size_t i = 0; i < kiosk->sitting->attempt->item_count; i++)
        open += !sitting_is_answered(kiosk->sitting, i);
    if (open == 0)
        return _("Every question is answered.");
    return kiosk_say(
        kiosk, PLURAL("You have %zu unanswered question.", "You have %zu unanswered questions.", open), open);
}

void confirm_draw(struct kiosk *kiosk)
{
    static const struct body body = {.width_u = 560, .is_centered = true};
    const char *word = _("END");
    struct ui *ui = kiosk->ui;
    const struct field field = {.label = kiosk_say(kiosk, _("Type %s to end the exam"), word),
        .is_upper = true,
        .max_characters = 12};
    bool is_enter, is_typed;

    screen_header(kiosk, _("End the exam"));
    screen_notices(kiosk);
    ui_body_begin(ui, &body);
    ui_card_begin(ui);
    ui_heading(ui, _("End the exam now?"));
    ui_text(ui, sentence(kiosk));
    ui_text(ui, _("After this, no answer can be changed."));
    ui_space(ui, 18);
    if (ui_focused(ui) == 0)
        ui_focus(ui, ID_WORD);
    is_enter = ui_field(ui, ID_WORD, &field, &kiosk->word);
    screen_keys(kiosk, "DEN", ID_WORD, &kiosk->word);
    is_typed = screen_word_is(&kiosk->word, word);
    ui_space(ui, 16);
    ui_row_begin(ui);
    if (ui_button(ui, ID_BACK, &(struct button){.label = _("Back to the review"), .icon = ICON_BACK}) ||
        ui_key(ui, UI_KEY_ESCAPE, 0))
        kiosk_happen(kiosk, EVENT_BACK);
    ui_row_group(ui, ALIGN_TRAILING);
    if (ui_button(ui, ID_END,
            &(struct button){.label = _("End the exam"), .look = BUTTON_PRIMARY, .is_disabled = !is_typed}) ||
        (is_enter && is_typed))
        kiosk_finish(kiosk, END_SUBMITTED);
    ui_row_end(ui);
    ui_card_end(ui);
    ui_body_end(ui);
}
