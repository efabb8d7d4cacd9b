/* survey.c: a few questions about the sitting, unscored, without a clock; every one may be left out. */
#include "kiosk/screens/screen.h"
#include "kiosk/ui/words.h"

enum { ID_CHOICE = 0x1901, ID_DONE = 0x1980 };

static void draw_question(struct kiosk *kiosk, size_t number, const struct survey_question *question)
{
    struct ui *ui = kiosk->ui;
    const size_t chosen = number < SITTING_SURVEY_MAX ? kiosk->sitting->survey[number] : 0;

    ui_heading(ui, question->ask);
    for (size_t i = 0; i < question->choice_count; i++) {
        const struct response response = {.mark = MARK_RING, .is_chosen = chosen == i + 1};

        ui_response_begin(ui, UI_ID(ID_CHOICE + number, i), &response);
        ui_text(ui, question->choices[i]);
        if (ui_response_end(ui))
            (void)sitting_survey(kiosk->sitting, number, i); /* unscored; a failure shows as not saved */
    }
    ui_space(ui, 20);
}

void survey_draw(struct kiosk *kiosk)
{
    static const struct body body = {.width_u = UI_READING_U};
    const struct exam *exam = kiosk->sitting->exam;
    struct ui *ui = kiosk->ui;

    screen_header(kiosk, _("Survey"));
    screen_notices(kiosk);
    ui_body_begin(ui, &body);
    ui_label(ui, _("The exam is over and saved. These questions are not scored; you may leave them out."));
    ui_space(ui, 16);
    for (size_t i = 0; i < exam->survey_count; i++)
        draw_question(kiosk, i, &exam->survey[i]);
    ui_body_end(ui);
    ui_footer_begin(ui);
    ui_row_group(ui, ALIGN_TRAILING);
    if (ui_button(
            ui, ID_DONE, &(struct button){.label = _("Finish"), .look = BUTTON_PRIMARY, .takes_enter = true}))
        kiosk_finish(kiosk, END_SUBMITTED);
    ui_footer_end(ui);
}
