/* gap.c: staff, inside the lock, when a code has opened a session again: how long nobody was there, what that
 * costs, and who takes it on. Time goes on while they look: what is confirmed is what is on screen. */
#include "kiosk/screens/screen.h"
#include "kiosk/ui/words.h"

enum { ID_SECOND = 0x1d01, ID_LEAVE = 0x1d02, ID_GO_ON = 0x1d03 };

static const char *length(struct kiosk *kiosk, const struct attempt_gap *gap)
{
    if (gap->is_unknown)
        return _("not known: the clock is earlier now than it was then");
    if (gap->is_estimate) /* by wall clocks, over a restart of the machine */
        return kiosk_say(kiosk, _("about %s"), kiosk_time(kiosk, gap->ms));
    return kiosk_time(kiosk, gap->ms);
}

static const char *credited(struct kiosk *kiosk, const struct attempt_gap *gap, bool was_running)
{
    const int64_t before = kiosk->checkin.reopened->attempt->given_ms;
    const char *now = kiosk_time(kiosk, gap->credited_ms);

    if (!was_running)
        return _("nothing: exam time was not running");
    if (gap->is_unknown)
        return _("all of it");
    return before == 0 ? now : kiosk_say(kiosk, _("%s, after %s before"), now, kiosk_time(kiosk, before));
}

static void draw_facts(struct kiosk *kiosk, const struct attempt_gap *gap)
{
    const struct attempt *attempt = kiosk->checkin.reopened->attempt;
    const int64_t left = attempt->max_time_ms - attempt->exam_ms - gap->charged_ms;
    struct ui *ui = kiosk->ui;

    ui_definition(ui, _("Last saved"), ICON_NONE, ROLE_INHERIT,
        kiosk_say(kiosk, _("%s UTC"), screen_moment(kiosk, attempt->last_wall_ms)));
    ui_definition(ui, _("Gap"), gap->needs_second ? ICON_WARNING : ICON_NONE,
        gap->needs_second ? ROLE_CAUTION : ROLE_INHERIT, length(kiosk, gap));
    ui_definition(
        ui, _("Credited"), ICON_NONE, ROLE_INHERIT, credited(kiosk, gap, attempt_is_running(attempt)));
    ui_definition(ui, _("Charged"), ICON_NONE, ROLE_INHERIT, kiosk_time(kiosk, gap->charged_ms));
    ui_definition(ui, _("Time left"), ICON_NONE, ROLE_INHERIT, kiosk_time(kiosk, left));
}

/* Why another one is asked for; after a try without, what is missing. */
static void draw_why(struct kiosk *kiosk)
{
    const struct checkin *checkin = &kiosk->checkin;

    if (checkin->hint[0] != '\0')
        ui_styled(kiosk->ui, SIZE_TEXT, ROLE_DANGER, ALIGN_LEADING, checkin->hint);
    else
        ui_text(kiosk->ui, kiosk_say(kiosk,
                               _("%s alone can credit 15 minutes in all. More needs a second person with "
                                 "other initials, as in the "
                                 "center's list of staff. Both are noted in the result."),
                               checkin->initials_bytes));
}

static void draw_second(struct kiosk *kiosk)
{
    struct checkin *checkin = &kiosk->checkin;
    const struct field second = {.label = _("Initials of a second member of staff"),
        .is_upper = true,
        .allowed = INITIALS_CHARACTERS,
        .max_characters = INITIALS_SIZE - 1,
        .has_error = checkin->hint[0] != '\0'};
    struct ui *ui = kiosk->ui;

    ui_space(ui, 8);
    draw_why(kiosk);
    ui_space(ui, 8);
    if (ui_focused(ui) == 0)
        ui_focus(ui, ID_SECOND);
    (void)ui_field(ui, ID_SECOND, &second, &checkin->second); /* Enter in it goes on */
    screen_keys(kiosk, INITIALS_CHARACTERS, ID_SECOND, &checkin->second);
}

static void draw_buttons(struct kiosk *kiosk)
{
    struct ui *ui = kiosk->ui;

    ui_row_begin(ui);
    if (ui_button(ui, ID_LEAVE, &(struct button){.label = _("Cancel")}) || ui_key(ui, UI_KEY_ESCAPE, 0)) {
        checkin_leave(kiosk);
        ui_row_end(ui);
        return;
    }
    ui_row_group(ui, ALIGN_TRAILING);
    if (ui_button(ui, ID_GO_ON,
            &(struct button){.label = _("Go on with the exam"), .look = BUTTON_PRIMARY, .takes_enter = true}))
        (void)checkin_go_on(kiosk); /* what is missing is said in the hint */
    ui_row_end(ui);
}

void gap_draw(struct kiosk *kiosk)
{
    static const struct body body = {.width_u = 640, .is_centered = true};
    const struct attempt_gap gap = sitting_gap(kiosk->checkin.reopened);
    struct ui *ui = kiosk->ui;

    screen_staff_header(
        kiosk, kiosk_say(kiosk, _("Resume the exam of %s"), kiosk->checkin.known.candidate_name));
    ui_body_begin(ui, &body);
    ui_card_begin(ui);
    ui_heading(ui, _("Confirm how long this exam stood still"));
    draw_facts(kiosk, &gap);
    if (gap.needs_second)
        draw_second(kiosk);
    ui_space(ui, 14);
    draw_buttons(kiosk);
    ui_space(ui, 8);
    ui_label(ui, _("The code is used up. After Cancel, the next one opens this exam."));
    ui_card_end(ui);
    ui_body_end(ui);
}
