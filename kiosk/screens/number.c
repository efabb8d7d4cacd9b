/* number.c: the number on the admission. */
#include "kiosk/screens/screen.h"
#include "kiosk/ui/words.h"

enum { ID_NUMBER = 0x1101, ID_CONTINUE = 0x1102, ID_BACK = 0x1103 };

static void go_on(struct kiosk *kiosk)
{
    if (checkin_find(kiosk))
        kiosk_happen(kiosk, kiosk->checkin.is_resume ? EVENT_UNFINISHED : EVENT_ADMISSION);
}

void number_draw(struct kiosk *kiosk)
{
    static const struct body body = {.width_u = 560, .is_centered = true};
    struct checkin *checkin = &kiosk->checkin;
    struct ui *ui = kiosk->ui;
    bool is_enter;

    const struct field field = {.label = _("Admission number"),
        .is_upper = true,
        .allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789- ",
        .max_characters = NUMBER_SIZE - 1,
        .has_error = checkin->hint[0] != '\0',
        .hint = checkin->hint[0] != '\0' ? checkin->hint : NULL};

    screen_header(kiosk, _("Check-in"));
    ui_body_begin(ui, &body);
    ui_card_begin(ui);
    ui_heading(ui, _("Your admission number"));
    ui_label(ui, _("It stands on your admission, for example A-4471-0932."));
    ui_space(ui, 18);
    if (ui_focused(ui) == 0)
        ui_focus(ui, ID_NUMBER);
    is_enter = ui_field(ui, ID_NUMBER, &field, &checkin->number);
    screen_keys(kiosk, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-", ID_NUMBER, &checkin->number);
    ui_space(ui, 12);
    ui_row_begin(ui);
    if (ui_button(ui, ID_BACK, &(struct button){.label = _("Back"), .icon = ICON_BACK}) ||
        ui_key(ui, UI_KEY_ESCAPE, 0))
        kiosk_lay(kiosk, OVERLAY_NONE);
    ui_row_group(ui, ALIGN_TRAILING);
    if (ui_button(ui, ID_CONTINUE, &(struct button){.label = _("Continue"), .look = BUTTON_PRIMARY}) ||
        is_enter)
        go_on(kiosk);
    ui_row_end(ui);
    ui_card_end(ui);
    ui_body_end(ui);
}
