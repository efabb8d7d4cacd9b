/* question.c: one question. */
#include "kiosk/items/item.h"
#include "kiosk/screens/screen.h"
#include "kiosk/ui/words.h"

enum { ID_PREVIOUS = 0x1601, ID_FLAG = 0x1602, ID_REVIEW = 0x1603, ID_NEXT = 0x1604, ID_HIDE = 0x1605 };

static void draw_flag(struct kiosk *kiosk, size_t position)
{
    const bool is_flagged = kiosk->sitting->attempt->items[position].is_flagged;
    const struct button flag = {.label = is_flagged ? _("Flagged") : _("Flag"),
        .icon = is_flagged ? ICON_FLAG_FULL : ICON_FLAG,
        .role = is_flagged ? ROLE_CAUTION : ROLE_INHERIT};

    if (ui_button(kiosk->ui, ID_FLAG, &flag) || ui_key_character(kiosk->ui, 'f', UI_CONTROL))
        (void)sitting_flag(kiosk->sitting, position, !is_flagged); /* a failure shows as not saved */
}

static void draw_hide(struct kiosk *kiosk)
{
    if (sitting_left_ms(kiosk->sitting) <= 5 * 60 * 1000)
        return;
    if (ui_button(kiosk->ui, ID_HIDE,
            &(struct button){
                .label = kiosk->hides_time ? _("Show time") : _("Hide time"), .look = BUTTON_GHOST}))
        kiosk->hides_time = !kiosk->hides_time;
}

static void draw_footer(struct kiosk *kiosk, size_t position, size_t count)
{
    struct ui *ui = kiosk->ui;
    const bool is_first = position == 0, is_last = position + 1 == count;

    ui_footer_begin(ui);
    if ((ui_button(ui, ID_PREVIOUS,
             &(struct button){.label = _("Previous"), .icon = ICON_BACK, .is_disabled = is_first}) ||
            ui_key(ui, UI_KEY_LEFT, UI_CONTROL) || ui_key(ui, UI_KEY_PAGE_UP, 0)) &&
        !is_first)
        kiosk_visit(kiosk, position - 1);
    ui_row_group(ui, ALIGN_MIDDLE);
    draw_flag(kiosk, position);
    if (ui_button(ui, ID_REVIEW, &(struct button){.label = _("Review all"), .icon = ICON_LIST}) ||
        ui_key_character(ui, 'r', UI_CONTROL))
        kiosk_visit(kiosk, count);
    draw_hide(kiosk);
    ui_row_group(ui, ALIGN_TRAILING);
    if (ui_button(ui, ID_NEXT,
            &(struct button){.label = is_last ? _("To the review") : _("Next"),
                .icon = ICON_FORWARD,
                .look = BUTTON_PRIMARY,
                .takes_enter = true}) ||
        ui_key(ui, UI_KEY_RIGHT, UI_CONTROL) || ui_key(ui, UI_KEY_PAGE_DOWN, 0))
        kiosk_visit(kiosk, position + 1);
    ui_footer_end(ui);
}

void question_draw(struct kiosk *kiosk)
{
    const size_t position = kiosk->sitting->attempt->position;
    const size_t count = kiosk->sitting->attempt->item_count;
    const struct item_view view = {
        .ui = kiosk->ui, .frame = &kiosk->frame, .sitting = kiosk->sitting, .position = position};
    const struct body body = {.width_u = item_width_u(&view)};

    screen_header(kiosk, kiosk_say(kiosk, _("Question %zu of %zu"), position + 1, count));
    screen_notices(kiosk);
    ui_body_begin(kiosk->ui, &body);
    item_draw(&view);
    ui_body_end(kiosk->ui);
    draw_footer(kiosk, position, count);
}
