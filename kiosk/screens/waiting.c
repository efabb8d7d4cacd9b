/* waiting.c: between candidates: which seat this is, whether it is ready, and the way in. */
#include "kiosk/screens/screen.h"
#include "kiosk/ui/words.h"

enum { ID_BEGIN = 0x1001, ID_STAFF = 0x1002 };

static const char *readiness(struct kiosk *kiosk)
{
    const struct spool *spool = kiosk->spool;

    if (spool->count == 0)
        return _("No admissions are waiting on this seat.");
    return kiosk_say(kiosk,
        PLURAL(
            "%zu admission is ready on this seat.", "%zu admissions are ready on this seat.", spool->count),
        spool->count);
}

static void draw_notices(struct kiosk *kiosk)
{
    const struct spool *spool = kiosk->spool;
    const int64_t now = memory_now_ms(kiosk->memory, kiosk->clock);

    screen_clock(kiosk);
    if (seat_certificate_left_ms(kiosk->seat, now) < 0)
        ui_notice(kiosk->ui, NOTICE_DANGER,
            _("This seat's certificate has expired. Results on it are safe; staff can export them."),
            "E-CERT-1");
    if (kiosk->has_readable_swap)
        ui_notice(kiosk->ui, NOTICE_DANGER,
            _("This computer swaps memory to a disk in the clear. Staff must switch that off before an exam."),
            "E-SWAP-1");
    if (spool->refused > 0)
        ui_notice(kiosk->ui, NOTICE_CAUTION,
            _("Something that was brought to this seat is not genuine and was left out."),
            kiosk_say(kiosk, "E-SPOOL-%u", spool->refused));
}

void waiting_draw(struct kiosk *kiosk)
{
    static const struct body body = {.width_u = 640, .is_centered = true};
    struct ui *ui = kiosk->ui;

    screen_header(kiosk, NULL);
    draw_notices(kiosk);
    ui_body_begin(ui, &body);
    ui_card_begin(ui);
    ui_heading(ui, _("Welcome. This seat is free."));
    ui_text(ui, _("When staff ask you to, begin here with the number on your admission."));
    ui_space(ui, 20);
    ui_label(ui, readiness(kiosk));
    ui_space(ui, 12);
    ui_row_begin(ui);
    ui_row_group(ui, ALIGN_TRAILING);
    if (ui_button(ui, ID_BEGIN,
            &(struct button){.label = _("Begin check-in"), .look = BUTTON_PRIMARY, .takes_enter = true})) {
        checkin_clear(&kiosk->checkin);
        kiosk_lay(kiosk, OVERLAY_NUMBER);
    }
    ui_row_end(ui);
    ui_card_end(ui);
    ui_body_end(ui);
    ui_footer_begin(ui);
    ui_label(ui, _("F2 contrast · F3 text size"));
    ui_row_group(ui, ALIGN_TRAILING);
    if (ui_button(ui, ID_STAFF, &(struct button){.label = _("Staff"), .look = BUTTON_GHOST}))
        kiosk_lay(kiosk, OVERLAY_STAFF);
    ui_footer_end(ui);
}
