/* practice.c: after a practice exam: the score by topic, then each question with its rationale. */
#include "kiosk/items/item.h"
#include "kiosk/screens/screen.h"
#include "kiosk/ui/words.h"

enum { ID_ITEMS = 0x1d01, ID_BACK = 0x1d02, ID_NEXT = 0x1d03, ID_LISTING = 0x1d80 };

void score_draw(struct kiosk *kiosk)
{
    static const struct body body = {.width_u = 680, .is_centered = true};
    const struct score *score = &kiosk->score;
    struct ui *ui = kiosk->ui;

    screen_header(kiosk, _("Practice result"));
    ui_body_begin(ui, &body);
    ui_card_begin(ui);
    ui_heading(ui, score->passed ? _("You would have passed.") : _("You would not have passed yet."));
    ui_definition(ui, _("Points"), ICON_NONE, ROLE_INHERIT,
        kiosk_say(kiosk, _("%u of %u, scaled %u of 1000"), score->points, score->maximum, score->scaled));
    ui_definition(ui, _("Pass mark"), ICON_NONE, ROLE_INHERIT,
        kiosk_say(kiosk, "%u%%", kiosk->sitting->practice_key->pass_mark));
    if (score->unanswered > 0)
        ui_definition(
            ui, _("Not answered"), ICON_NONE, ROLE_CAUTION, kiosk_say(kiosk, "%u", score->unanswered));
    ui_space(ui, 16);
    for (size_t i = 0; i < score->topic_count; i++) {
        ui_progress(ui,
            kiosk_say(kiosk, _("%s: %u of %u"), score->topics[i].topic->title, score->topics[i].points,
                score->topics[i].maximum),
            score->topics[i].points, score->topics[i].maximum);
        ui_space(ui, 8);
    }
    ui_card_end(ui);
    ui_body_end(ui);
    ui_footer_begin(ui);
    ui_label(ui, _("Practice with public questions: nothing was sent or stored."));
    ui_row_group(ui, ALIGN_TRAILING);
    if (ui_button(ui, ID_ITEMS,
            &(struct button){.label = _("See each question"), .look = BUTTON_PRIMARY, .takes_enter = true}))
        kiosk_lay(kiosk, OVERLAY_RATIONALE);
    ui_footer_end(ui);
}

static void move_to(struct kiosk *kiosk, size_t position)
{
    kiosk->rationale = position;
    kiosk_lay(kiosk, OVERLAY_RATIONALE);
}

static void draw_footer(struct kiosk *kiosk, size_t position, size_t count)
{
    struct ui *ui = kiosk->ui;
    const bool is_last = position + 1 == count;

    ui_footer_begin(ui);
    if (ui_button(ui, ID_BACK,
            &(struct button){.label = position == 0 ? _("Result") : _("Previous"), .icon = ICON_BACK}) ||
        ui_key(ui, UI_KEY_LEFT, UI_CONTROL)) {
        if (position == 0)
            kiosk_lay(kiosk, OVERLAY_SCORE);
        else
            move_to(kiosk, position - 1);
    }
    ui_row_group(ui, ALIGN_TRAILING);
    if (ui_button(ui, ID_NEXT,
            &(struct button){.label = is_last ? _("Result") : _("Next"),
                .icon = ICON_FORWARD,
                .look = BUTTON_PRIMARY,
                .takes_enter = true}) ||
        ui_key(ui, UI_KEY_RIGHT, UI_CONTROL)) {
        if (is_last)
            kiosk_lay(kiosk, OVERLAY_SCORE);
        else
            move_to(kiosk, position + 1);
    }
    ui_footer_end(ui);
}

void rationale_draw(struct kiosk *kiosk)
{
    const size_t position = kiosk->rationale, count = kiosk->sitting->attempt->item_count;
    const struct item *item = sitting_item(kiosk->sitting, position);
    const struct item_key *key = scoring_key_find(kiosk->sitting->practice_key, item->identifier);
    const struct item_view view = {.ui = kiosk->ui,
        .frame = &kiosk->frame,
        .sitting = kiosk->sitting,
        .position = position,
        .verdict = key};
    const struct body body = {.width_u = item_width_u(&view)};
    struct ui *ui = kiosk->ui;

    screen_header(kiosk, kiosk_say(kiosk, _("Question %zu of %zu, explained"), position + 1, count));
    ui_body_begin(ui, &body);
    item_draw(&view);
    if (key != NULL) {
        ui_space(ui, 12);
        ui_card_begin(ui);
        ui_heading(ui, _("Why"));
        content_all(ui, &kiosk->frame, &key->rationale, ID_LISTING);
        ui_card_end(ui);
    }
    ui_body_end(ui);
    draw_footer(kiosk, position, count);
}
