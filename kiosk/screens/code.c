/* code.c: staff, inside the lock: the code that opens the exam, masked, and the initials that are noted with
 * it. */
#include "kiosk/screens/screen.h"
#include "kiosk/ui/words.h"

enum {
    ID_CODE = 0x1301,
    ID_INITIALS = 0x1302,
    ID_CANCEL = 0x1303,
    ID_START = 0x1304,
    ID_SECOND = 0x1305,
    ID_REASON = 0x1306
};

#define CODE_CHARACTERS "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
#define CODE_KEYS "ABCDEFGHIJKLMNOPQRSTUVWXYZ23456789"

static const char *hint_of(struct kiosk *kiosk)
{
    const int64_t wait_ms = kiosk->checkin.wait_until_ms - clock_boot_ms(kiosk->clock);

    if (wait_ms > 0)
        return kiosk_say(kiosk, _("Too many wrong codes. The next try is possible in %lld s."),
            (long long)(wait_ms + 999) / 1000);
    return kiosk->checkin.hint[0] != '\0' ? kiosk->checkin.hint : NULL;
}

/* Two members of staff may start an exam outside its window, and say why. */
static bool draw_outside(struct kiosk *kiosk)
{
    struct checkin *checkin = &kiosk->checkin;
    const struct field second = {.label = _("Initials of a second member of staff"),
        .is_upper = true,
        .allowed = INITIALS_CHARACTERS,
        .max_characters = INITIALS_SIZE - 1};
    const struct field reason = {.label = _("Why it starts outside its window"), .max_characters = 100};

    ui_space(kiosk->ui, 10);
    if (ui_field(kiosk->ui, ID_SECOND, &second, &checkin->second))
        ui_focus(kiosk->ui, ID_REASON);
    ui_space(kiosk->ui, 10);
    return ui_field(kiosk->ui, ID_REASON, &reason, &checkin->reason);
}

/* Keys on the screen type into the field that had the focus last. */
static void draw_keys(struct kiosk *kiosk)
{
    struct checkin *checkin = &kiosk->checkin;
    const ui_id focus = ui_focused(kiosk->ui);

    if (focus == ID_CODE || focus == ID_INITIALS || focus == ID_SECOND || focus == ID_REASON)
        checkin->typed_in = focus;
    switch (checkin->typed_in) {
    case ID_INITIALS: screen_keys(kiosk, INITIALS_CHARACTERS, ID_INITIALS, &checkin->initials); break;
    case ID_SECOND: screen_keys(kiosk, INITIALS_CHARACTERS, ID_SECOND, &checkin->second); break;
    case ID_REASON: screen_keys(kiosk, INITIALS_CHARACTERS, ID_REASON, &checkin->reason); break;
    default: screen_keys(kiosk, CODE_KEYS, ID_CODE, &checkin->code); break;
    }
}

static bool draw_fields(struct kiosk *kiosk)
{
    struct checkin *checkin = &kiosk->checkin;
    struct ui *ui = kiosk->ui;
    const char *hint = hint_of(kiosk);
    const struct field code = {.label = checkin->is_resume ? _("Resume code or room code") : _("Start code"),
        .is_masked = true,
        .is_upper = true,
        .allowed = CODE_CHARACTERS "- ",
        .max_characters = 20,
        .has_error = hint != NULL,
        .hint = hint};
    const struct field initials = {.label = _("Your initials"),
        .is_upper = true,
        .allowed = INITIALS_CHARACTERS,
        .max_characters = INITIALS_SIZE - 1};
    bool is_enter;

    if (ui_focused(ui) == 0)
        ui_focus(ui, ID_CODE);
    if (ui_field(ui, ID_CODE, &code, &checkin->code))
        ui_focus(ui, ID_INITIALS);
    ui_space(ui, 10);
    is_enter = ui_field(ui, ID_INITIALS, &initials, &checkin->initials);
    if (checkin_is_outside(checkin)) {
        if (is_enter)
            ui_focus(ui, ID_SECOND);
        is_enter = draw_outside(kiosk);
    }
    draw_keys(kiosk);
    return is_enter;
}

/* A start goes back to the person; a resume, to nobody. */
static void leave(struct kiosk *kiosk)
{
    if (kiosk->state != SESSION_START) {
        checkin_leave(kiosk);
        return;
    }
    checkin_leave_code(&kiosk->checkin);
    kiosk_happen(kiosk, EVENT_BACK);
}

static void draw_buttons(struct kiosk *kiosk, bool is_enter)
{
    struct ui *ui = kiosk->ui;
    const struct button start = {
        .label = kiosk->checkin.is_resume ? _("Go on with the exam") : _("Start the exam"),
        .look = BUTTON_PRIMARY,
        .is_disabled = kiosk->checkin.wait_until_ms > clock_boot_ms(kiosk->clock)};

    ui_row_begin(ui);
    if (ui_button(ui, ID_CANCEL, &(struct button){.label = _("Cancel")}) || ui_key(ui, UI_KEY_ESCAPE, 0)) {
        leave(kiosk);
    }
    ui_row_group(ui, ALIGN_TRAILING);
    if (ui_button(ui, ID_START, &start) || (is_enter && !start.is_disabled))
        (void)checkin_try(kiosk); /* what is wrong is said in the hint */
    ui_row_end(ui);
}

void code_draw(struct kiosk *kiosk)
{
    static const struct body body = {.width_u = 560, .is_centered = true};
    const char *name = kiosk->checkin.known.candidate_name;
    struct ui *ui = kiosk->ui;
    bool is_enter;

    screen_staff_header(kiosk, kiosk->checkin.is_resume ? kiosk_say(kiosk, _("Resume the exam of %s"), name)
                                                        : kiosk_say(kiosk, _("Start the exam of %s"), name));
    screen_door(kiosk);
    ui_body_begin(ui, &body);
    ui_card_begin(ui);
    ui_heading(ui, _("Identity checked?"));
    ui_label(
        ui, kiosk->checkin.is_resume
                ? _("Type the next resume code of this candidate and your initials. The candidate must not "
                    "see it.")
                : _("Type the start code of this sitting and your initials. The candidate must not see it."));
    ui_space(ui, 18);
    is_enter = draw_fields(kiosk);
    ui_space(ui, 16);
    draw_buttons(kiosk, is_enter);
    ui_card_end(ui);
    ui_body_end(ui);
    ui_footer_begin(ui);
    ui_label(ui, _("Wrong codes are counted and slowed down."));
    ui_row_group(ui, ALIGN_TRAILING);
    ui_label(ui, kiosk_say(kiosk, "%s · Carrel %s", screen_seat(kiosk), CARREL_VERSION));
    ui_footer_end(ui);
}

void opening_draw(struct kiosk *kiosk)
{
    static const struct body body = {.width_u = 560, .is_centered = true};
    struct ui *ui = kiosk->ui;

    screen_staff_header(kiosk, kiosk->checkin.known.candidate_name);
    ui_body_begin(ui, &body);
    ui_card_begin(ui);
    ui_heading(ui, kiosk->checkin.step == CHECKIN_OPENING ? _("Opening the exam…") : _("Checking the code…"));
    ui_label(ui, _("This takes a moment. Exam time has not begun."));
    ui_card_end(ui);
    ui_body_end(ui);
}
