/* agreement.c: the NDA, with a clock of its own, accepted or declined. */
#include <inttypes.h>

#include "kiosk/items/content.h"
#include "kiosk/screens/screen.h"
#include "kiosk/ui/words.h"

enum { ID_DECLINE = 0x1401, ID_ACCEPT = 0x1402, ID_BACK = 0x1403, ID_SURE = 0x1404, ID_LISTING = 0x1480 };

static const char *time_left(struct kiosk *kiosk)
{
    const int64_t left = sitting_agreement_left_ms(kiosk->sitting);

    return left == INT64_MAX ? NULL
                             : kiosk_say(kiosk, _("%s left to read this. Exam time has not begun."),
                                   kiosk_time(kiosk, left));
}

void agreement_draw(struct kiosk *kiosk)
{
    static const struct body body = {.width_u = UI_READING_U};
    struct ui *ui = kiosk->ui;
    const char *left = time_left(kiosk);

    screen_header(kiosk, _("Agreement"));
    screen_notices(kiosk);
    ui_body_begin(ui, &body);
    ui_heading(ui, _("Before you begin"));
    content_all(ui, &kiosk->frame, &kiosk->sitting->exam->nda, ID_LISTING);
    ui_body_end(ui);
    ui_footer_begin(ui);
    if (ui_button(ui, ID_DECLINE, &(struct button){.label = _("I do not agree")}))
        kiosk_lay(kiosk, OVERLAY_DECLINE);
    ui_row_group(ui, ALIGN_MIDDLE);
    if (left != NULL)
        ui_label(ui, left);
    ui_row_group(ui, ALIGN_TRAILING);
    if (ui_button(ui, ID_ACCEPT,
            &(struct button){.label = _("I agree"), .look = BUTTON_PRIMARY, .takes_enter = true}) &&
        sitting_enter(kiosk->sitting, PHASE_TUTORIAL))
        kiosk_happen(kiosk, EVENT_AGREED);
    ui_footer_end(ui);
}

void decline_draw(struct kiosk *kiosk)
{
    static const struct body body = {.width_u = 560, .is_centered = true};
    struct ui *ui = kiosk->ui;

    screen_header(kiosk, _("Agreement"));
    ui_body_begin(ui, &body);
    ui_card_begin(ui);
    ui_heading(ui, _("Leave without taking the exam?"));
    ui_text(ui, _("If you do not agree, the exam ends here, and no question is shown. It is noted that you "
                  "declined."));
    ui_space(ui, 24);
    ui_row_begin(ui);
    if (ui_button(
            ui, ID_BACK, &(struct button){.label = _("Back to the agreement"), .look = BUTTON_PRIMARY}) ||
        ui_key(ui, UI_KEY_ESCAPE, 0))
        kiosk_lay(kiosk, OVERLAY_NONE);
    ui_row_group(ui, ALIGN_TRAILING);
    if (ui_button(
            ui, ID_SURE, &(struct button){.label = _("I do not agree, end here"), .look = BUTTON_DANGER}))
        kiosk_finish(kiosk, END_DECLINED);
    ui_row_end(ui);
    ui_card_end(ui);
    ui_body_end(ui);
}
