/* review.c: all questions at once: answered, not answered, flagged, in shape as well as colour. */
#include "kiosk/screens/screen.h"
#include "kiosk/ui/words.h"

enum { ID_FILTER = 0x1701, ID_CELL = 0x1702, ID_BACK = 0x1703, ID_END = 0x1704 };

static size_t count_flagged(const struct attempt *attempt)
{
    size_t flagged = 0;

    for (size_t i = 0; i < attempt->item_count; i++)
        flagged += attempt->items[i].is_flagged;
    return flagged;
}

static size_t count_answered(const struct sitting *sitting)
{
    size_t answered = 0;

    for (size_t i = 0; i < sitting->attempt->item_count; i++)
        answered += sitting_is_answered(sitting, i);
    return answered;
}

static void draw_filter(struct kiosk *kiosk, enum review_filter filter, const char *label)
{
    const struct button button = {.label = label, .is_chosen = kiosk->filter == filter};

    if (ui_button(kiosk->ui, UI_ID(ID_FILTER, filter), &button))
        kiosk->filter = filter;
}

static void draw_filters(struct kiosk *kiosk, size_t count, size_t answered, size_t flagged)
{
    ui_row_begin(kiosk->ui);
    draw_filter(kiosk, FILTER_ALL, kiosk_say(kiosk, _("All %zu"), count));
    draw_filter(kiosk, FILTER_UNANSWERED, kiosk_say(kiosk, _("Not answered %zu"), count - answered));
    draw_filter(kiosk, FILTER_FLAGGED, kiosk_say(kiosk, _("Flagged %zu"), flagged));
    ui_row_end(kiosk->ui);
}

static bool is_shown(const struct kiosk *kiosk, size_t position)
{
    if (kiosk->filter == FILTER_UNANSWERED)
        return !sitting_is_answered(kiosk->sitting, position);
    if (kiosk->filter == FILTER_FLAGGED)
        return kiosk->sitting->attempt->items[position].is_flagged;
    return true;
}

static void draw_grid(struct kiosk *kiosk, size_t count)
{
    size_t shown = 0;

    ui_grid_begin(kiosk->ui);
    for (size_t i = 0; i < count; i++) {
        const struct cell cell = {.label = kiosk_say(kiosk, "%zu", i + 1),
            .is_answered = sitting_is_answered(kiosk->sitting, i),
            .is_flagged = kiosk->sitting->attempt->items[i].is_flagged};

        if (!is_shown(kiosk, i))
            continue;
        shown++;
        if (ui_cell(kiosk->ui, UI_ID(ID_CELL, i), &cell))
            kiosk_visit(kiosk, i);
    }
    ui_grid_end(kiosk->ui);
    if (shown == 0)
        ui_text(kiosk->ui, kiosk->filter == FILTER_FLAGGED ? _("No question is flagged.")
                                                           : _("Every question is answered."));
}

void review_draw(struct kiosk *kiosk)
{
    static const struct body body = {.width_u = UI_GRID_U};
    const struct attempt *attempt = kiosk->sitting->attempt;
    const size_t count = attempt->item_count, flagged = count_flagged(attempt);
    const size_t answered = count_answered(kiosk->sitting);
    struct ui *ui = kiosk->ui;

    screen_header(kiosk, _("Review"));
    screen_notices(kiosk);
    ui_body_begin(ui, &body);
    ui_heading(ui, flagged == 0
                       ? kiosk_say(kiosk, _("%zu of %zu answered"), answered, count)
                       : kiosk_say(kiosk, _("%zu of %zu answered, %zu flagged"), answered, count, flagged));
    draw_filters(kiosk, count, answered, flagged);
    ui_space(ui, 20);
    draw_grid(kiosk, count);
    ui_space(ui, 18);
    ui_label(
        ui, _("Underlined: answered · corner: flagged · plain: not answered. Choose a number to go there."));
    ui_body_end(ui);
    ui_footer_begin(ui);
    if (ui_button(ui, ID_BACK,
            &(struct button){
                .label = kiosk_say(kiosk, _("Back to question %zu"), count), .icon = ICON_BACK}) ||
        ui_key(ui, UI_KEY_LEFT, UI_CONTROL))
        kiosk_visit(kiosk, count - 1);
    ui_row_group(ui, ALIGN_TRAILING);
    if (ui_button(ui, ID_END, &(struct button){.label = _("End the exam…"), .look = BUTTON_PRIMARY}))
        kiosk_happen(kiosk, EVENT_FINISH);
    ui_footer_end(ui);
}
