/* trouble.c: a failure: what happened, what is safe, what to do. */
#include "kiosk/screens/screen.h"
#include "kiosk/ui/words.h"

enum { ID_AGAIN = 0x1c01 };

static void go_back(struct kiosk *kiosk)
{
    if (kiosk->state == SESSION_SEALING) {
        kiosk_seal(kiosk);
        return;
    }
    checkin_leave(kiosk);
}

void trouble_draw(struct kiosk *kiosk)
{
    static const struct body body = {.width_u = 680, .is_centered = true};
    const struct trouble *trouble = &kiosk->trouble;
    struct ui *ui = kiosk->ui;

    screen_header(kiosk, NULL);
    ui_notice(
        ui, NOTICE_DANGER, trouble->title, kiosk_say(kiosk, "%s · %s", screen_seat(kiosk), trouble->code));
    ui_body_begin(ui, &body);
    ui_card_begin(ui);
    ui_heading(ui, trouble->title);
    ui_text(ui, trouble->safe);
    ui_space(ui, 8);
    ui_text(ui, trouble->todo);
    ui_space(ui, 16);
    ui_label(ui, kiosk_say(kiosk, _("For staff: %s"), trouble->what));
    if (!trouble->is_final) {
        ui_space(ui, 20);
        ui_row_begin(ui);
        ui_row_group(ui, ALIGN_TRAILING);
        if (ui_button(ui, ID_AGAIN,
                &(struct button){.label = _("Try again"), .look = BUTTON_PRIMARY, .takes_enter = true}))
            go_back(kiosk);
        ui_row_end(ui);
    }
    ui_card_end(ui);
    ui_body_end(ui);
}
