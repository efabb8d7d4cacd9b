#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "kiosk/screens/screen.h"
#include "kiosk/ui/utf8.h"
#include "kiosk/ui/words.h"

enum { ID_KEYS = 0x0e00, ID_SHOW_KEYS = 0x0e80, SECOND_MS = 1000 };

bool kiosk_is_practice(const struct kiosk *kiosk)
{
    return kiosk->sitting != NULL && kiosk->sitting->practice_key != NULL;
}

const char *kiosk_say(struct kiosk *kiosk, const char *format, ...)
{
    enum { SIZE = 1024 };
    char *text = arena_alloc(&kiosk->frame, SIZE);
    va_list args;

    if (text == NULL)
        return "";
    va_start(args, format);
    (void)vsnprintf(text, SIZE, format, args); /* cut is fine: longer than any screen */
    va_end(args);
    return text;
}

const char *kiosk_time(struct kiosk *kiosk, int64_t ms)
{
    const long long seconds = ms <= 0 ? 0 : (ms + SECOND_MS - 1) / SECOND_MS;

    return kiosk_say(kiosk, "%lld:%02lld:%02lld", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

struct screen {
    const char *name; /* what the seat's log calls it; nothing of an exam is in it */
    void (*draw)(struct kiosk *kiosk);
};

static const struct screen *screen_of(const struct kiosk *kiosk)
{
    static const struct screen overlays[OVERLAYS] = {
        [OVERLAY_NUMBER] = {"number", number_draw},
        [OVERLAY_STAFF] = {"staff", staff_draw},
        [OVERLAY_DECLINE] = {"decline", decline_draw},
        [OVERLAY_RELEASE] = {"release", release_draw},
        [OVERLAY_SCORE] = {"score", score_draw},
        [OVERLAY_RATIONALE] = {"rationale", rationale_draw},
    };
    static const struct screen states[SESSION_STATES] = {
        [SESSION_REFUSED] = {"trouble", trouble_draw}, /* never a kiosk's state */
        [SESSION_WAITING] = {"waiting", waiting_draw},
        [SESSION_CHECK_IN] = {"person", person_draw},
        [SESSION_START] = {"code", code_draw},
        [SESSION_STARTING] = {"opening", opening_draw},
        [SESSION_RESUME] = {"code", code_draw},
        [SESSION_RESUMING] = {"opening", opening_draw},
        [SESSION_DAMAGED] = {"code", code_draw},
        [SESSION_GAP] = {"gap", gap_draw},
        [SESSION_FAILED] = {"trouble", trouble_draw},
        [SESSION_AGREEMENT] = {"agreement", agreement_draw},
        [SESSION_TUTORIAL] = {"tutorial", tutorial_draw},
        [SESSION_QUESTION] = {"question", question_draw},
        [SESSION_REVIEW] = {"review", review_draw},
        [SESSION_CONFIRM] = {"confirm", confirm_draw},
        [SESSION_SURVEY] = {"survey", survey_draw},
        [SESSION_SEALING] = {"trouble", trouble_draw}, /* seen only where it failed */
        [SESSION_STORED] = {"stored", stored_draw},
        [SESSION_RECEIVED] = {"stored", stored_draw},
    };

    return kiosk->overlay != OVERLAY_NONE ? &overlays[kiosk->overlay] : &states[kiosk->state];
}

void screen_draw(struct kiosk *kiosk)
{
    screen_of(kiosk)->draw(kiosk);
}

const char *screen_name(const struct kiosk *kiosk)
{
    return screen_of(kiosk)->name;
}

const char *screen_seat(struct kiosk *kiosk)
{
    if (kiosk_is_practice(kiosk))
        return _("Practice");
    return kiosk->seat == NULL ? "" : kiosk_say(kiosk, _("Seat %s"), kiosk->seat->folder.seat);
}

static void add_time(struct kiosk *kiosk, struct header *header)
{
    const struct sitting *sitting = kiosk->sitting;
    const int64_t left = sitting_left_ms(sitting);

    if (!kiosk->hides_time || left <= 5 * 60 * 1000)
        header->time = kiosk_time(kiosk, left);
    header->time_role = left <= 60 * 1000 ? ROLE_DANGER : left <= 5 * 60 * 1000 ? ROLE_CAUTION : ROLE_INHERIT;
    if (kiosk_is_practice(kiosk))
        return;
    if (sitting->is_unsaved) {
        header->state = _("Not saved");
        header->state_icon = ICON_CROSS;
        header->state_role = ROLE_DANGER;
    } else if (!sitting->pending.is_set) {
        header->state = _("Saved");
        header->state_icon = ICON_CHECK;
        header->state_role = ROLE_SAVED;
    }
}

void screen_header(struct kiosk *kiosk, const char *section)
{
    const struct sitting *sitting = kiosk->sitting;
    struct header header = {.title = "Carrel", .section = section, .middle = screen_seat(kiosk)};

    if (sitting != NULL)
        header.title = sitting->exam->short_title;
    else if (kiosk->checkin.ticket != NULL)
        header.title = kiosk->checkin.ticket->exam_short;
    else if (kiosk->seat != NULL)
        header.title = kiosk->seat->folder.center;
    if (sitting != NULL && !sitting->attempt->has_ended && sitting->attempt->phase == PHASE_EXAM) {
        add_time(kiosk, &header);
    } else {
        header.trailing = header.middle;
        header.middle = NULL;
    }
    if (sitting != NULL && sitting->exam->content != CONTENT_LIVE && header.middle != NULL)
        header.middle = kiosk_say(kiosk, _("%s · public questions"), header.middle);
    ui_header(kiosk->ui, &header);
}

void screen_staff_header(struct kiosk *kiosk, const char *about)
{
    const struct header header = {
        .title = _("Staff"), .middle = about, .trailing = screen_seat(kiosk), .is_staff = true};

    ui_header(kiosk->ui, &header);
}

void screen_notices(struct kiosk *kiosk)
{
    const struct sitting *sitting = kiosk->sitting;
    size_t open;

    if (sitting == NULL || sitting->attempt->has_ended)
        return;
    if (sitting->is_unsaved)
        ui_notice(kiosk->ui, NOTICE_DANGER,
            _("This answer could not be saved. Everything before it is safe. Please raise your hand."),
            kiosk_say(kiosk, _("%s · E-DISK-%d"), screen_seat(kiosk), (int)sitting->save_error.code));
    if (clock_boot_ms(kiosk->clock) >= kiosk->notice_until_ms || !sitting_time(sitting).is_running)
        return;
    open = sitting->attempt->item_count - attempt_answered(sitting->attempt);
    ui_notice(kiosk->ui, NOTICE_CAUTION,
        open == 0 ? _("5 minutes left. Every question is answered.")
                  : kiosk_say(kiosk,
                        PLURAL("5 minutes left. %zu question is not answered yet.",
                            "5 minutes left. %zu questions are not answered yet.", open),
                        open),
        NULL);
}

/* --- typing without a keyboard
 * --------------------------------------------------------------------------------- */

static void put_character(struct field_text *text, char character)
{
    if (text->length + 1 >= text->capacity)
        return;
    text->bytes[text->length++] = character;
    text->bytes[text->length] = '\0';
    text->caret = text->length;
}

static void take_back(struct field_text *text)
{
    const size_t count = utf8_last(text->bytes, text->length);

    text->length -= count;
    memset(text->bytes + text->length, 0, count);
    text->caret = text->length;
}

static bool key(struct kiosk *kiosk, size_t place, const char *label, enum icon icon)
{
    const struct button button = {.label = label, .icon = icon, .is_key = true};

    return ui_button(kiosk->ui, UI_ID(ID_KEYS, place), &button);
}

static bool draw_keys(struct kiosk *kiosk, const char *characters, struct field_text *text)
{
    bool is_pressed = false;

    ui_row_begin(kiosk->ui);
    for (size_t i = 0; characters[i] != '\0'; i++)
        if (key(kiosk, i, kiosk_say(kiosk, "%c", characters[i]), ICON_NONE)) {
            put_character(text, characters[i]);
            is_pressed = true;
        }
    if (key(kiosk, 100, _("Delete"), ICON_BACK)) {
        take_back(text);
        is_pressed = true;
    }
    ui_row_end(kiosk->ui);
    return is_pressed;
}

static bool show_keys(struct kiosk *kiosk)
{
    const struct button button = {.label = _("Type with the pointer"), .look = BUTTON_GHOST};

    kiosk->shows_keys = ui_button(kiosk->ui, ID_SHOW_KEYS, &button);
    return kiosk->shows_keys;
}

void screen_keys(struct kiosk *kiosk, const char *characters, ui_id field, struct field_text *text)
{
    if (kiosk->shows_keys ? draw_keys(kiosk, characters, text) : show_keys(kiosk))
        ui_focus(kiosk->ui, field);
}

bool screen_word_is(const struct field_text *text, const char *word)
{
    return text->length == strlen(word) && strcasecmp(text->bytes, word) == 0;
}
