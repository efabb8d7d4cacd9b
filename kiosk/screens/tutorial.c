/* tutorial.c: what the keys and buttons do, before exam time begins. */
#include "kiosk/items/content.h"
#include "kiosk/screens/screen.h"
#include "kiosk/ui/words.h"

enum { ID_BEGIN = 0x1501, ID_LISTING = 0x1580 };

static void draw_keys(struct ui *ui)
{
    ui_definition(
        ui, _("A, B, C …"), ICON_NONE, ROLE_INHERIT, _("choose an answer; a click on it does the same"));
    ui_definition(ui, _("Page Down, Page Up"), ICON_NONE, ROLE_INHERIT,
        _("next and previous question, where nothing scrolls"));
    ui_definition(ui, _("Ctrl+Right, Ctrl+Left"), ICON_NONE, ROLE_INHERIT, _("next and previous question"));
    ui_definition(ui, _("Ctrl+F"), ICON_NONE, ROLE_INHERIT, _("flag a question to come back to it"));
    ui_definition(ui, _("Ctrl+R"), ICON_NONE, ROLE_INHERIT, _("see all questions"));
    ui_definition(
        ui, _("Tab, Enter"), ICON_NONE, ROLE_INHERIT, _("go from one thing to the next, and press it"));
    ui_definition(ui, _("F2, F3"), ICON_NONE, ROLE_INHERIT, _("contrast, text size"));
}

void tutorial_draw(struct kiosk *kiosk)
{
    static const struct body body = {.width_u = UI_READING_U};
    const struct exam *exam = kiosk->sitting->exam;
    struct ui *ui = kiosk->ui;

    screen_header(kiosk, _("How it works"));
    screen_notices(kiosk);
    ui_body_begin(ui, &body);
    ui_heading(ui, _("How it works"));
    content_all(ui, &kiosk->frame, &exam->tutorial, ID_LISTING);
    ui_text(ui,
        kiosk_say(kiosk,
            _("You have %lld minutes for %zu questions. Go back and change your answers as often as you like "
              "until you end the exam."),
            (long long)(kiosk->sitting->ticket->max_time_ms / 60000), kiosk->sitting->attempt->item_count));
    ui_space(ui, 12);
    ui_text(ui, _("Each answer is saved as soon as you choose it; the word “Saved” beside the time says so. "
                  "If this computer fails, nothing that was saved is lost."));
    ui_space(ui, 20);
    draw_keys(ui);
    ui_body_end(ui);
    ui_footer_begin(ui);
    ui_label(ui, _("Exam time begins with the first question."));
    ui_row_group(ui, ALIGN_TRAILING);
    if (ui_button(ui, ID_BEGIN,
            &(struct button){.label = _("Begin the exam"), .look = BUTTON_PRIMARY, .takes_enter = true}) &&
        sitting_enter(kiosk->sitting, PHASE_EXAM)) {
        (void)sitting_visit(kiosk->sitting, 0); /* what could not be saved is tried again by the loop */
        kiosk_happen(kiosk, EVENT_CONTINUE);
    }
    ui_footer_end(ui);
}
