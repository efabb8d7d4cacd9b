/* stored.c: the exam is over: stored here, then received by the server; staff make the seat free. */

#include "kiosk/screens/screen.h"
#include "kiosk/ui/words.h"

enum { ID_FREE = 0x1a01, ID_INITIALS = 0x1a02, ID_CANCEL = 0x1a03, ID_RELEASE = 0x1a04 };

static const char *ended(struct kiosk *kiosk)
{
    const struct attempt *attempt = kiosk->sitting->attempt;
    const char *left = kiosk_time(kiosk, sitting_left_ms(kiosk->sitting));

    switch (attempt->end) {
    case END_TIME: return _("Time was up");
    case END_DECLINED: return _("The agreement was declined");
    case END_STAFF: return _("By staff");
    case END_SUBMITTED: return kiosk_say(kiosk, _("By you, with %s left"), left);
    case END_WINDOW:
    case END_REASONS: break;
    }
    return "";
}

static void draw_result(struct kiosk *kiosk)
{
    const struct receipt *receipt = &kiosk->receipt;
    struct ui *ui = kiosk->ui;

    if (!kiosk->has_receipt || receipt->shown == RESULT_NOTHING)
        return;
    ui_definition(ui, _("Preliminary result"), receipt->passed ? ICON_CHECK : ICON_NONE,
        receipt->passed ? ROLE_SAVED : ROLE_INHERIT, receipt->passed ? _("Passed") : _("Not passed"));
    if (receipt->shown != RESULT_TOPICS)
        return;
    ui_definition(ui, _("Points"), ICON_NONE, ROLE_INHERIT,
        kiosk_say(
            kiosk, _("%u of %u, scaled %u of 1000"), receipt->points, receipt->maximum, receipt->scaled));
    for (size_t i = 0; i < receipt->topic_count; i++)
        ui_definition(ui, receipt->topics[i].title, ICON_NONE, ROLE_INHERIT,
            kiosk_say(kiosk, _("%u of %u"), receipt->topics[i].points, receipt->topics[i].maximum));
}

static const char *stored_sentence(struct kiosk *kiosk)
{
    if (kiosk->has_receipt)
        return _("The scoring server has your exam and has said so. Keep the code: with it you can ask for "
                 "your exam.");
    return _("It is signed and kept on this computer. It is sent to the scoring server as soon as the "
             "network is there; you don't have to wait for it.");
}

void stored_draw(struct kiosk *kiosk)
{
    static const struct body body = {.width_u = 680, .is_centered = true};
    const struct attempt *attempt = kiosk->sitting->attempt;
    struct ui *ui = kiosk->ui;

    screen_header(kiosk, _("Finished"));
    ui_body_begin(ui, &body);
    ui_card_begin(ui);
    ui_heading(ui, kiosk->has_receipt ? _("Your exam has been received.") : _("Your exam is stored safely."));
    ui_text(ui, stored_sentence(kiosk));
    ui_space(ui, 16);
    ui_definition(ui, _("Answers"), ICON_NONE, ROLE_INHERIT,
        kiosk_say(kiosk, _("%zu of %zu questions answered"), attempt_answered(attempt), attempt->item_count));
    ui_definition(ui, _("Ended"), ICON_NONE, ROLE_INHERIT, ended(kiosk));
    ui_definition(ui, _("Receipt"), kiosk->has_receipt ? ICON_CHECK : ICON_CLOCK,
        kiosk->has_receipt ? ROLE_SAVED : ROLE_MUTED,
        kiosk->has_receipt ? kiosk_say(kiosk, _("received, code %s"), kiosk->receipt.code) : _("on its way"));
    draw_result(kiosk);
    ui_space(ui, 22);
    ui_text(ui, _("Please raise your hand. Staff will come to you."));
    ui_card_end(ui);
    ui_body_end(ui);
    ui_footer_begin(ui);
    ui_label(ui, kiosk_say(kiosk, _("%s · session %.4s…%s"), screen_seat(kiosk), kiosk->sitting->id,
                     kiosk->sitting->id + SESSION_ID_SIZE - 3));
    ui_row_group(ui, ALIGN_TRAILING);
    if (ui_button(ui, ID_FREE, &(struct button){.label = _("Staff: next candidate"), .look = BUTTON_GHOST}))
        kiosk_lay(kiosk, OVERLAY_RELEASE);
    ui_footer_end(ui);
}

void release_draw(struct kiosk *kiosk)
{
    static const struct body body = {.width_u = 560, .is_centered = true};
    struct ui *ui = kiosk->ui;
    const struct field initials = {.label = _("Your initials"),
        .is_upper = true,
        .allowed = INITIALS_CHARACTERS,
        .max_characters = INITIALS_SIZE - 1};
    bool is_enter, is_named;

    screen_staff_header(kiosk, _("Next candidate"));
    ui_body_begin(ui, &body);
    ui_card_begin(ui);
    ui_heading(ui, _("Make this seat free?"));
    ui_text(ui, kiosk->has_receipt
                    ? _("The exam has been received. Nothing of this candidate will be visible any more.")
                    : _("The exam is stored, and goes on being sent. Nothing of this candidate will be "
                        "visible any more."));
    ui_space(ui, 18);
    if (ui_focused(ui) == 0)
        ui_focus(ui, ID_INITIALS);
    is_enter = ui_field(ui, ID_INITIALS, &initials, &kiosk->word);
    screen_keys(kiosk, INITIALS_CHARACTERS, ID_INITIALS, &kiosk->word);
    is_named = kiosk->word.length >= 2;
    ui_space(ui, 16);
    ui_row_begin(ui);
    if (ui_button(ui, ID_CANCEL, &(struct button){.label = _("Cancel")}) || ui_key(ui, UI_KEY_ESCAPE, 0))
        kiosk_lay(kiosk, OVERLAY_NONE);
    ui_row_group(ui, ALIGN_TRAILING);
    if (ui_button(ui, ID_RELEASE,
            &(struct button){
                .label = _("Next candidate"), .look = BUTTON_PRIMARY, .is_disabled = !is_named}) ||
        (is_enter && is_named)) {
        link_log(&kiosk->link, "seat made free by %s", kiosk->word_bytes);
        kiosk_release(kiosk);
    }
    ui_row_end(ui);
    ui_card_end(ui);
    ui_body_end(ui);
}
