/* person.c: one person's admission, and nobody else's: is this you? */
#include "kiosk/screens/screen.h"
#include "kiosk/ui/words.h"

enum { ID_NO = 0x1201, ID_YES = 0x1202 };

static const char *adjustments(struct kiosk *kiosk, const struct accommodations *given)
{
    const unsigned more_percent = (given->time_factor - 1000) / 10;

    if (more_percent > 0 && given->zoom > 100)
        return kiosk_say(kiosk, _("%u%% more time, text at %u%%"), more_percent, given->zoom);
    if (more_percent > 0)
        return kiosk_say(kiosk, _("%u%% more time"), more_percent);
    if (given->zoom > 100)
        return kiosk_say(kiosk, _("Text at %u%%"), given->zoom);
    return NULL;
}

static void draw_facts(struct kiosk *kiosk, const struct ticket *ticket)
{
    const char *adjusted = adjustments(kiosk, &ticket->accommodations);
    struct ui *ui = kiosk->ui;

    ui_definition(ui, _("Name"), ICON_NONE, ROLE_INHERIT, ticket->candidate_name);
    ui_definition(ui, _("Admission"), ICON_NONE, ROLE_INHERIT, ticket->admission);
    ui_definition(ui, _("Exam"), ICON_NONE, ROLE_INHERIT, ticket->exam_title);
    ui_definition(ui, _("Time"), ICON_NONE, ROLE_INHERIT,
        kiosk_say(kiosk, _("%lld minutes, %u questions"), (long long)(ticket->max_time_ms / 60000),
            ticket->item_count));
    if (adjusted != NULL)
        ui_definition(ui, _("Adjustments"), ICON_NONE, ROLE_INHERIT, adjusted);
}

void person_draw(struct kiosk *kiosk)
{
    static const struct body body = {.width_u = 640, .is_centered = true};
    struct ui *ui = kiosk->ui;

    screen_header(kiosk, _("Check-in"));
    screen_door(kiosk);
    ui_body_begin(ui, &body);
    ui_card_begin(ui);
    ui_heading(ui, _("Is this you?"));
    draw_facts(kiosk, kiosk->checkin.ticket);
    ui_space(ui, 26);
    ui_row_begin(ui);
    if (ui_button(ui, ID_NO, &(struct button){.label = _("No, this is not me")}) ||
        ui_key(ui, UI_KEY_ESCAPE, 0)) {
        checkin_leave(kiosk);
        kiosk_lay(kiosk, OVERLAY_NUMBER);
    }
    ui_row_group(ui, ALIGN_TRAILING);
    if (ui_button(ui, ID_YES,
            &(struct button){.label = _("Yes, call staff"), .look = BUTTON_PRIMARY, .takes_enter = true}))
        kiosk_happen(kiosk, EVENT_CONFIRMED);
    ui_row_end(ui);
    ui_card_end(ui);
    ui_body_end(ui);
    ui_footer_begin(ui);
    ui_label(ui, _("F2 contrast · F3 text size"));
    ui_row_group(ui, ALIGN_TRAILING);
    ui_label(ui, _("No network is needed during the exam"));
    ui_footer_end(ui);
}
