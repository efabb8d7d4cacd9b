#include "kiosk/screens/transitions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/screens/screen.h"
#include "kiosk/ui/words.h"

void kiosk_clear_word(struct kiosk *kiosk)
{
    explicit_bzero(kiosk->word_bytes, sizeof kiosk->word_bytes);
    kiosk->word = (struct field_text){kiosk->word_bytes, sizeof kiosk->word_bytes, 0, 0};
    kiosk->staff_hint[0] = '\0';
}

static void show(struct kiosk *kiosk, enum overlay overlay)
{
    kiosk->overlay = overlay;
    kiosk->visit++;
    kiosk->shows_keys = false;
    kiosk_clear_word(kiosk);
    kiosk->must_log = true;
}

void kiosk_log_screen(struct kiosk *kiosk)
{
    if (!kiosk->must_log)
        return;
    kiosk->must_log = false;
    if (kiosk->state == SESSION_QUESTION && kiosk->overlay == OVERLAY_NONE)
        link_log(&kiosk->link, "screen: question %zu", kiosk->sitting->attempt->position + 1);
    else
        link_log(&kiosk->link, "screen: %s", screen_name(kiosk));
}

void kiosk_step(struct kiosk *kiosk, enum session_event event)
{
    const enum session_state next = session_next(kiosk->state, event);

    if (next == SESSION_REFUSED)
        link_log(&kiosk->link, "%s does not belong to %s", session_event_name(event),
            session_state_name(kiosk->state));
    else
        kiosk->state = next;
}

void kiosk_happen(struct kiosk *kiosk, enum session_event event)
{
    kiosk_step(kiosk, event);
    show(kiosk, OVERLAY_NONE);
}

void kiosk_lay(struct kiosk *kiosk, enum overlay overlay)
{
    show(kiosk, overlay);
}

static bool compute_practice_score(struct kiosk *kiosk, struct error *err)
{
    struct attempt *attempt = kiosk->sitting->attempt;
    struct item_response *responses = calloc(attempt->item_count, sizeof *responses);
    bool ok;

    if (responses == NULL)
        return error_set(err, ERROR_NOMEM, "out of memory");
    attempt_responses(attempt, responses);
    ok = score_compute(kiosk->sitting->practice_key, responses, attempt->item_count, &kiosk->score, err);
    free(responses);
    return ok;
}

static void show_practice_score(struct kiosk *kiosk)
{
    struct error err = {0};

    if (!compute_practice_score(kiosk, &err))
        link_log(&kiosk->link, "no score: %s", err.text);
    kiosk->rationale = 0;
    kiosk_lay(kiosk, OVERLAY_SCORE);
}

void kiosk_go_on(struct kiosk *kiosk)
{
    kiosk->state = session_of_attempt(kiosk->sitting->attempt);
    if (kiosk->state == SESSION_SEALING)
        kiosk_seal(kiosk);
    else
        show(kiosk, OVERLAY_NONE);
}

void kiosk_visit(struct kiosk *kiosk, size_t position)
{
    if (!sitting_visit(kiosk->sitting, position))
        return; /* why is on the screen, or it came too fast */
    kiosk_happen(kiosk, position >= kiosk->sitting->attempt->item_count ? EVENT_REVIEW : EVENT_QUESTION);
}

void kiosk_seal(struct kiosk *kiosk)
{
    struct trouble trouble = {.is_final = false};
    struct error err = {0};

    if (kiosk_is_practice(kiosk)) {
        show_practice_score(kiosk);
        return;
    }
    if (sitting_seal(kiosk->sitting, kiosk->memory, &err)) {
        (void)link_forget(&kiosk->link); /* a dead guard is seen by the loop */
        kiosk->has_receipt = false;
        kiosk_happen(kiosk, EVENT_SEALED);
        return;
    }
    link_log(&kiosk->link, "session %s not sealed: %s", kiosk->sitting->id, err.text);
    (void)snprintf(
        trouble.title, sizeof trouble.title, "%s", _("Your exam has ended. It is not sealed yet."));
    (void)snprintf(trouble.what, sizeof trouble.what, "%s", err.text);
    (void)snprintf(
        trouble.safe, sizeof trouble.safe, "%s", _("All your saved answers are safe on this computer."));
    (void)snprintf(
        trouble.todo, sizeof trouble.todo, "%s", _("Please raise your hand. Staff can try again here."));
    (void)snprintf(trouble.code, sizeof trouble.code, "E-SEAL-%d", (int)err.code);
    kiosk->trouble = trouble;
    show(kiosk, OVERLAY_NONE);
}

void kiosk_ended(struct kiosk *kiosk)
{
    switch (kiosk->sitting->attempt->end) {
    case END_TIME: kiosk_step(kiosk, EVENT_TIME_UP); break;
    case END_DECLINED: kiosk_step(kiosk, EVENT_DECLINED); break;
    case END_SUBMITTED:
        if (kiosk->state == SESSION_CONFIRM)
            kiosk_step(kiosk, EVENT_SUBMIT);
        kiosk_step(kiosk, EVENT_CONTINUE);
        break;
    case END_STAFF:
    case END_WINDOW:
    case END_REASONS: kiosk_step(kiosk, EVENT_STAFF_END); break;
    }
    kiosk_seal(kiosk);
}

void kiosk_finish(struct kiosk *kiosk, enum end_reason reason)
{
    const bool wants_survey = kiosk->sitting->exam->survey_count > 0 && reason == END_SUBMITTED &&
                              kiosk->sitting->attempt->phase == PHASE_EXAM && !kiosk_is_practice(kiosk);

    if (wants_survey) {
        if (sitting_enter(kiosk->sitting, PHASE_SURVEY))
            kiosk_happen(kiosk, EVENT_SUBMIT);
        return; /* what could not be saved is said, and can be tried again */
    }
    if (sitting_end(kiosk->sitting, reason))
        kiosk_ended(kiosk);
}

void kiosk_release(struct kiosk *kiosk)
{
    kiosk_step(kiosk, EVENT_RELEASE);
    kiosk->is_over = true;
    kiosk->wants_successor = true;
}
