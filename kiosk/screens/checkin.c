/* The check-in up to the code: what is typed, and what is said of it. What the code opens is in
 * checkin_open.c. */
#include "kiosk/screens/checkin.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/screens/checkin_private.h"
#include "kiosk/screens/kiosk.h"
#include "kiosk/ui/words.h"

enum { CODE_ROOM_BYTES = 64 };

bool checkin_init(struct checkin *checkin, struct error *err)
{
    *checkin = (struct checkin){0};
    checkin->code_bytes = secret_new(CODE_ROOM_BYTES, err);
    if (checkin->code_bytes == NULL)
        return false;
    checkin_clear(checkin);
    return true;
}

void checkin_job_clear(struct checkin_job *job)
{
    secret_free(job->code);
    session_keys_release(&job->keys);
    exam_free(job->exam);
    *job = (struct checkin_job){0};
}

void checkin_clear_code(struct checkin *checkin)
{
    memset(secret_data(checkin->code_bytes), 0, CODE_ROOM_BYTES);
    checkin->code = (struct field_text){(char *)secret_data(checkin->code_bytes), CODE_ROOM_BYTES, 0, 0};
}

static void clear_words(struct checkin *checkin)
{
    explicit_bzero(checkin->initials_bytes, sizeof checkin->initials_bytes);
    explicit_bzero(checkin->second_bytes, sizeof checkin->second_bytes);
    explicit_bzero(checkin->reason_bytes, sizeof checkin->reason_bytes);
    checkin->initials = (struct field_text){checkin->initials_bytes, sizeof checkin->initials_bytes, 0, 0};
    checkin->second = (struct field_text){checkin->second_bytes, sizeof checkin->second_bytes, 0, 0};
    checkin->reason = (struct field_text){checkin->reason_bytes, sizeof checkin->reason_bytes, 0, 0};
}

void checkin_clear(struct checkin *checkin)
{
    struct secret *code_bytes = checkin->code_bytes;
    const int64_t wait_until_ms = checkin->wait_until_ms;

    checkin_job_clear(&checkin->job);
    ticket_free(checkin->ticket);
    sitting_free(checkin->reopened);
    *checkin = (struct checkin){.code_bytes = code_bytes, .wait_until_ms = wait_until_ms};
    checkin->number = (struct field_text){checkin->number_bytes, sizeof checkin->number_bytes, 0, 0};
    clear_words(checkin);
    checkin_clear_code(checkin);
}

void checkin_leave(struct kiosk *kiosk)
{
    checkin_clear(&kiosk->checkin);
    ui_set_theme(kiosk->ui, THEME_LIGHT);
    ui_set_zoom(kiosk->ui, 1);
    kiosk_happen(kiosk, EVENT_BACK);
}

void checkin_leave_code(struct checkin *checkin)
{
    checkin_job_clear(&checkin->job); /* the worker has none yet: while it runs another screen is shown */
    checkin_clear_code(checkin);
    clear_words(checkin);
    checkin->hint[0] = '\0';
    checkin->step = CHECKIN_IDLE; /* an answer that is still to come is for nobody */
}

void checkin_release(struct checkin *checkin)
{
    if (checkin->code_bytes == NULL)
        return;
    checkin_clear(checkin);
    secret_free(checkin->code_bytes);
    *checkin = (struct checkin){0};
}

bool checkin_hint(struct checkin *checkin, const char *text)
{
    (void)snprintf(checkin->hint, sizeof checkin->hint, "%s", text); /* cut is fine: for people */
    return false;
}

/* --- the number
 * ---------------------------------------------------------------------------------------------- */

static void apply_accommodations(struct kiosk *kiosk, const struct accommodations *accommodations)
{
    const struct theme *theme = theme_find(accommodations->theme);

    for (int id = 0; theme != NULL && id < THEMES; id++)
        if (theme_get((enum theme_id)id) == theme)
            ui_set_theme(kiosk->ui, (enum theme_id)id);
    ui_set_zoom(kiosk->ui, accommodations->zoom / 100.0);
}

static const char *const door_names[] = {
    [DOOR_OPEN] = "open", [DOOR_EARLY] = "early", [DOOR_LATE] = "late", [DOOR_WRONG_CLOCK] = "wrong clock"};

static bool check_session(struct kiosk *kiosk)
{
    struct checkin *checkin = &kiosk->checkin;
    const struct memory_session *session = memory_find(kiosk->memory, checkin->known.id);

    checkin->is_again = session != NULL && session->state == MEMORY_OPENING;
    checkin->is_resume = session != NULL && !checkin->is_again;
    if (checkin->is_resume && session->state != MEMORY_BEGUN)
        return checkin_hint(checkin, _("This exam was finished on this seat. Please call staff."));
    return true;
}

/* The window limits starting only. */
static void look_at_door(struct kiosk *kiosk)
{
    struct checkin *checkin = &kiosk->checkin;

    checkin->time = memory_time(kiosk->memory, kiosk->clock);
    checkin->door = (struct door_answer){.verdict = DOOR_OPEN};
    if (!checkin->is_resume)
        checkin->door = door_check(&checkin->time, checkin->ticket->opens_ms, checkin->ticket->closes_ms);
    if (checkin_is_outside(checkin))
        link_log(&kiosk->link, "door: %s by %lld s", door_names[checkin->door.verdict],
            (long long)checkin->door.by_ms / 1000);
}

bool checkin_find(struct kiosk *kiosk)
{
    struct checkin *checkin = &kiosk->checkin;
    const struct spool_ticket *found = spool_find(kiosk->spool, checkin->number_bytes);
    struct error err = {0};

    checkin->hint[0] = '\0';
    if (checkin->number.length == 0)
        return checkin_hint(checkin, _("Please type the number on your admission."));
    if (found == NULL && spool_was_finished(kiosk->seat, kiosk->memory, checkin->number_bytes))
        return checkin_hint(checkin, _("This exam was finished on this seat. Please call staff."));
    if (found == NULL)
        return checkin_hint(
            checkin, _("This seat has no admission with that number. Please check it, or call staff."));
    checkin->known = *found;
    ticket_free(checkin->ticket);
    checkin->ticket = spool_ticket_open(kiosk->seat, found, &checkin->digest, &err);
    if (checkin->ticket == NULL) {
        link_log(&kiosk->link, "ticket %s: %s", found->id, err.text);
        return checkin_hint(checkin, _("The admission could not be opened on this seat. Please call staff."));
    }
    if (!check_session(kiosk))
        return false;
    look_at_door(kiosk);
    apply_accommodations(kiosk, &checkin->ticket->accommodations);
    return true;
}

bool checkin_is_outside(const struct checkin *checkin)
{
    return checkin->door.verdict != DOOR_OPEN;
}

/* --- the code
 * ------------------------------------------------------------------------------------------------- */

/* A code has the length of a start or room code, or of a resume code. */
static struct secret *normalise(const struct checkin *checkin, enum code_kind *kind, struct error *err)
{
    const struct bytes typed = bytes_of(checkin->code.bytes, checkin->code.length);
    struct secret *code = code_normalise(CODE_RESUME, typed, NULL);

    *kind = CODE_RESUME;
    if (code == NULL) {
        *kind = checkin->is_resume ? CODE_ROOM : CODE_START;
        code = code_normalise(CODE_START, typed, err);
    }
    return code;
}

bool checkin_has_second(const struct checkin *checkin)
{
    return checkin->second.length >= 2 && strcmp(checkin->second_bytes, checkin->initials_bytes) != 0;
}

/* Outside the window two members of staff decide, and say why. */
static bool may_start_outside(struct checkin *checkin)
{
    if (!checkin_has_second(checkin))
        return checkin_hint(
            checkin, _("Outside its window a second member of staff must agree, with other initials."));
    if (checkin->reason.length < 4)
        return checkin_hint(
            checkin, _("Please type why it starts outside its window: it is noted with both initials."));
    return true;
}

bool checkin_try(struct kiosk *kiosk)
{
    struct checkin *checkin = &kiosk->checkin;
    struct message message = {.kind = MESSAGE_TRY_CODE, .fd = -1};
    struct error err = {0};

    checkin->hint[0] = '\0';
    if (checkin->step != CHECKIN_IDLE)
        return false;
    if (checkin->initials.length < 2)
        return checkin_hint(checkin, _("Please type your initials too: they are noted with the code."));
    if (checkin_is_outside(checkin) && !may_start_outside(checkin))
        return false;
    checkin_job_clear(&checkin->job);
    checkin->job.code = normalise(checkin, &checkin->job.kind, &err);
    if (checkin->job.code == NULL)
        return checkin_hint(
            checkin, _("That can't be a code: please check what was typed. This does not count as a try."));
    if (checkin->job.kind == CODE_RESUME && !checkin->is_resume)
        return checkin_hint(checkin, _("That is a resume code, but this exam was not begun on this seat."));
    if (!message_send(kiosk->link.socket, &message))
        return checkin_hint(checkin, _("The guard does not answer."));
    checkin->step = CHECKIN_ASKING;
    return true;
}
