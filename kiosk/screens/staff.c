/* staff.c: what the seat knows of itself, and the way out of the lock. */
#include <stdio.h>
#include <string.h>

#include "core/encoding.h"
#include "kiosk/screens/screen.h"
#include "kiosk/ui/words.h"

enum { ID_CODE = 0x1b01, ID_BACK = 0x1b02, ID_UNLOCK = 0x1b03 };

static void try_unlock(struct kiosk *kiosk)
{
    struct message message = {.kind = MESSAGE_UNLOCK, .fd = -1};

    if (kiosk->word.length == 0 || kiosk->word.length >= sizeof message.unlock.code)
        return;
    memcpy(message.unlock.code, kiosk->word_bytes, kiosk->word.length);
    (void)message_send(kiosk->link.socket, &message); /* a dead guard is seen by the loop */
    explicit_bzero(&message, sizeof message);
    kiosk_clear_word(kiosk);
}

void staff_answer(struct kiosk *kiosk, const struct message_answer *answer)
{
    const char *text = "";

    if (answer->verdict == MESSAGE_NEVER)
        text = _("This seat has no unlock code. Switch it off instead.");
    else if (answer->verdict == MESSAGE_WRONG)
        text = _("That is not the unlock code of this seat.");
    else if (answer->verdict == MESSAGE_WAIT)
        text = _("Too many wrong codes. Please wait a minute.");
    (void)snprintf(kiosk->staff_hint, sizeof kiosk->staff_hint, "%s", text); /* cut is fine: for people */
}

static const char *network(struct kiosk *kiosk)
{
    const struct spool *spool = kiosk->spool;
    char time[TIMESTAMP_SIZE];

    if (!spool->link_is_known)
        return _("carrel-sync has not reported yet");
    if (spool->link_error[0] != '\0')
        return spool->link_error;
    timestamp_format(spool->link_reached_ms, time);
    return kiosk_say(kiosk, _("server reached %.19s UTC"), time);
}

static void draw_facts(struct kiosk *kiosk)
{
    struct ui *ui = kiosk->ui;

    if (kiosk->seat == NULL)
        return;
    ui_definition(ui, _("Center, seat"), ICON_NONE, ROLE_INHERIT,
        kiosk_say(kiosk, "%s, %s", kiosk->seat->folder.center, kiosk->seat->folder.seat));
    ui_definition(ui, _("Network"), ICON_NONE, ROLE_INHERIT, network(kiosk));
    ui_definition(ui, _("Catalog"), ICON_NONE, ROLE_INHERIT,
        kiosk_say(kiosk, _("number %lld"), (long long)kiosk->memory->catalog_number));
    ui_definition(ui, _("Admissions"), ICON_NONE, ROLE_INHERIT, kiosk_say(kiosk, "%zu", kiosk->spool->count));
    ui_definition(ui, _("Results to send"), ICON_NONE, ROLE_INHERIT,
        kiosk_say(kiosk, "%zu", delivery_waiting(kiosk->memory)));
    if (kiosk->spool->refused > 0)
        ui_definition(ui, _("Left out"), ICON_WARNING, ROLE_DANGER, kiosk->spool->reason.text);
}

void staff_draw(struct kiosk *kiosk)
{
    static const struct body body = {.width_u = 640, .is_centered = true};
    struct ui *ui = kiosk->ui;
    const struct field code = {.label = _("Unlock code"),
        .is_masked = true,
        .max_characters = MESSAGE_CODE_SIZE - 1,
        .has_error = kiosk->staff_hint[0] != '\0',
        .hint = kiosk->staff_hint[0] != '\0' ? kiosk->staff_hint : NULL};
    bool is_enter;

    screen_staff_header(kiosk, _("This seat"));
    ui_body_begin(ui, &body);
    ui_card_begin(ui);
    draw_facts(kiosk);
    ui_space(ui, 20);
    ui_rule(ui);
    ui_space(ui, 12);
    if (ui_focused(ui) == 0)
        ui_focus(ui, ID_CODE);
    is_enter = ui_field(ui, ID_CODE, &code, &kiosk->word);
    screen_keys(kiosk, "abcdefghijklmnopqrstuvwxyz0123456789-", ID_CODE, &kiosk->word);
    ui_space(ui, 12);
    ui_row_begin(ui);
    if (ui_button(ui, ID_BACK, &(struct button){.label = _("Back"), .icon = ICON_BACK}) ||
        ui_key(ui, UI_KEY_ESCAPE, 0))
        kiosk_lay(kiosk, OVERLAY_NONE);
    ui_row_group(ui, ALIGN_TRAILING);
    if (ui_button(ui, ID_UNLOCK, &(struct button){.label = _("Unlock this seat"), .look = BUTTON_DANGER}) ||
        is_enter)
        try_unlock(kiosk);
    ui_row_end(ui);
    ui_card_end(ui);
    ui_body_end(ui);
}
