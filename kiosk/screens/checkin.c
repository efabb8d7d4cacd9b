#include "kiosk/screens/checkin.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static void job_clear(struct checkin_job *job)
{
    secret_free(job->code);
    session_keys_release(&job->keys);
    exam_free(job->exam);
    *job = (struct checkin_job){0};
}

static void clear_code(struct checkin *checkin)
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

    job_clear(&checkin->job);
    ticket_free(checkin->ticket);
    sitting_free(checkin->reopened);
    *checkin = (struct checkin){.code_bytes = code_bytes, .wait_until_ms = wait_until_ms};
    checkin->number = (struct field_text){checkin->number_bytes, sizeof checkin->number_bytes, 0, 0};
    clear_words(checkin);
    clear_code(checkin);
}

void checkin_leave_code(struct checkin *checkin)
{
    clear_code(checkin);
    clear_words(checkin);
    checkin->hint[0] = '\0';
}

void checkin_release(struct checkin *checkin)
{
    if (checkin->code_bytes == NULL)
        return;
    checkin_clear(checkin);
    secret_free(checkin->code_bytes);
    *checkin = (struct checkin){0};
}

static bool hint(struct checkin *checkin, const char *text)
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
        return hint(checkin, _("This exam was finished on this seat. Please call staff."));
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
        return hint(checkin, _("Please type the number on your admission."));
    if (found == NULL && spool_was_finished(kiosk->seat, kiosk->memory, checkin->number_bytes))
        return hint(checkin, _("This exam was finished on this seat. Please call staff."));
    if (found == NULL)
        return hint(
            checkin, _("This seat has no admission with that number. Please check it, or call staff."));
    checkin->known = *found;
    ticket_free(checkin->ticket);
    checkin->ticket = spool_ticket_open(kiosk->seat, found, &checkin->digest, &err);
    if (checkin->ticket == NULL) {
        link_log(&kiosk->link, "ticket %s: %s", found->id, err.text);
        return hint(checkin, _("The admission could not be opened on this seat. Please call staff."));
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

/* Two people are two different initials. */
static bool has_second(const struct checkin *checkin)
{
    return checkin->second.length >= 2 && strcmp(checkin->second_bytes, checkin->initials_bytes) != 0;
}

/* Outside the window two members of staff decide, and say why. */
static bool may_start_outside(struct checkin *checkin)
{
    if (!has_second(checkin))
        return hint(checkin, _("Outside its window a second member of staff must agree, with other initials."));
    if (checkin->reason.length < 4)
        return hint(checkin, _("Please type why it starts outside its window: it is noted with both initials."));
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
        return hint(checkin, _("Please type your initials too: they are noted with the code."));
    if (checkin_is_outside(checkin) && !may_start_outside(checkin))
        return false;
    job_clear(&checkin->job);
    checkin->job.code = normalise(checkin, &checkin->job.kind, &err);
    if (checkin->job.code == NULL)
        return hint(
            checkin, _("That can't be a code: please check what was typed. This does not count as a try."));
    if (checkin->job.kind == CODE_RESUME && !checkin->is_resume)
        return hint(checkin, _("That is a resume code, but this exam was not begun on this seat."));
    if (!message_send(kiosk->link.socket, &message))
        return hint(checkin, _("The guard does not answer."));
    checkin->step = CHECKIN_ASKING;
    return true;
}

/* --- in the worker
 * ---------------------------------------------------------------------------------------------- */

static bool try_wrap(struct checkin_job *job, enum code_kind kind, unsigned number, const char *salt_id,
    const struct wrap *wrap)
{
    struct secret *stretched = code_stretch(kind, number, salt_id, job->code, &job->err);
    struct secret *wrapping =
        stretched == NULL ? NULL : code_wrapping_key(stretched, job->ticket->session, &job->err);
    bool ok = wrapping != NULL && ticket_unwrap(wrap, wrapping, &job->keys, &job->err);

    secret_free(wrapping);
    secret_free(stretched);
    job->opened_kind = kind;
    job->opened_number = number == 0 ? 1 : number;
    return ok;
}

static void unwrap_job(void *context)
{
    struct checkin_job *job = context;
    const struct ticket *ticket = job->ticket;
    bool ok = false;

    if (job->kind == CODE_START)
        ok = try_wrap(job, CODE_START, 0, ticket->sitting, &ticket->start);
    for (unsigned n = 1; job->kind == CODE_RESUME && !ok && n <= RESUME_CODES; n++)
        ok = try_wrap(job, CODE_RESUME, n, ticket->session, &ticket->resume[n - 1]);
    for (unsigned n = 1; job->kind == CODE_ROOM && !ok && n <= ROOM_CODES; n++)
        ok = try_wrap(job, CODE_ROOM, n, ticket->sitting, &ticket->room[n - 1]);
    if (job->kind == CODE_ROOM && !ok && try_wrap(job, CODE_START, 0, ticket->sitting, &ticket->start))
        ok = true; /* right, and used up: memory_use_code says so */
}

static void open_job(void *context)
{
    struct checkin_job *job = context;

    job->exam = spool_package_open(job->seat, job->ticket, job->keys.exam_key, &job->err);
}

/* --- back in the loop
 * ----------------------------------------------------------------------------------------- */

void checkin_answer(struct kiosk *kiosk, const struct message_answer *answer)
{
    struct checkin *checkin = &kiosk->checkin;

    if (checkin->step != CHECKIN_ASKING)
        return;
    checkin->step = CHECKIN_IDLE;
    if (answer->verdict == MESSAGE_WAIT) {
        checkin->wait_until_ms = clock_boot_ms(kiosk->clock) + answer->wait_ms;
        hint(checkin, _("Too many wrong codes. Please wait."));
        return;
    }
    checkin->job.seat = kiosk->seat;
    checkin->job.ticket = checkin->ticket;
    if (worker_start(kiosk->worker, unwrap_job, &checkin->job)) {
        checkin->step = CHECKIN_UNWRAPPING;
        kiosk_happen(kiosk, EVENT_CODE);
    }
}

static void say_result(struct kiosk *kiosk, bool is_right)
{
    struct message message = {.kind = MESSAGE_RESULT, .fd = -1, .code_result.is_right = is_right};

    (void)message_send(kiosk->link.socket, &message); /* a dead guard is seen by the loop */
}

static bool use_code(struct kiosk *kiosk, struct error *err)
{
    struct checkin *checkin = &kiosk->checkin;
    struct memory_session *session = memory_find(kiosk->memory, checkin->known.id);

    if (session == NULL) {
        session = memory_add(kiosk->memory, checkin->known.id, err);
        if (session == NULL)
            return false;
        session->state = MEMORY_OPENING;
        session->closes_ms = checkin->ticket->closes_ms;
        session->limit_ms = checkin->ticket->max_time_ms;
    }
    return memory_use_code(kiosk->memory, session, checkin->job.opened_kind, checkin->job.opened_number, err);
}

static void back_to_code(struct kiosk *kiosk, const char *why)
{
    clear_code(&kiosk->checkin);
    job_clear(&kiosk->checkin.job);
    kiosk->checkin.step = CHECKIN_IDLE;
    kiosk_happen(kiosk, EVENT_WRONG_CODE);
    hint(&kiosk->checkin, why);
}

/* A session that never began gives its code back. */
static void forget_begin(struct kiosk *kiosk)
{
    struct memory_session *session = memory_find(kiosk->memory, kiosk->checkin.known.id);

    if (session == NULL || kiosk->checkin.is_resume)
        return;
    memory_remove(kiosk->memory, session);
    (void)memory_save(kiosk->memory, NULL); /* then it stays "opening": the same code starts it */
}

static void could_not_open(struct kiosk *kiosk, const struct error *err, bool is_damaged)
{
    const bool is_full = err->code == ERROR_FULL && !kiosk->checkin.is_resume;
    struct trouble trouble = {.is_final = false};

    link_log(&kiosk->link, "session %s: %s", kiosk->checkin.known.id, err->text);
    (void)snprintf(trouble.title, sizeof trouble.title, "%s",
        is_full ? _("This computer has no room for an exam.") : _("The exam could not be opened."));
    (void)snprintf(trouble.what, sizeof trouble.what, "%s", err->text);
    (void)snprintf(trouble.safe, sizeof trouble.safe, "%s",
        kiosk->checkin.is_resume ? _("Every answer that was saved is still on this computer.")
                                 : _("The exam has not begun, and no time has been used."));
    (void)snprintf(trouble.todo, sizeof trouble.todo, "%s",
        is_damaged
            ? _("A part of the record is damaged. The next resume code goes on with the part before it.")
        : is_full ? _("Please call staff. Another seat can be used, or the disk made free. The start code still works.")
                  : _("Please call staff. Another seat can be used."));
    (void)snprintf(trouble.code, sizeof trouble.code, "E-OPEN-%d", (int)err->code);
    kiosk->checkin.accept_damage = is_damaged;
    forget_begin(kiosk);
    clear_code(&kiosk->checkin);
    job_clear(&kiosk->checkin.job);
    sitting_free(kiosk->checkin.reopened);
    kiosk->checkin.reopened = NULL;
    kiosk->checkin.step = CHECKIN_IDLE;
    if (kiosk->checkin.ticket == NULL) /* it went with the parts */
        kiosk->checkin.ticket =
            spool_ticket_open(kiosk->seat, &kiosk->checkin.known, &kiosk->checkin.digest, NULL);
    kiosk->trouble = trouble;
    kiosk_happen(kiosk, is_damaged && kiosk->checkin.ticket != NULL ? EVENT_DAMAGE : EVENT_FAILURE);
    if (kiosk->state == SESSION_DAMAGED)
        hint(&kiosk->checkin, trouble.todo);
}

static void unwrapped(struct kiosk *kiosk)
{
    struct checkin *checkin = &kiosk->checkin;
    struct error err = {0};
    bool is_right = checkin->job.keys.exam_key != NULL;

    say_result(kiosk, is_right);
    if (!is_right) {
        back_to_code(kiosk, _("That code does not open this candidate's exam."));
        return;
    }
    if (!use_code(kiosk, &err)) {
        if (err.code == ERROR_REFUSED)
            back_to_code(kiosk, err.text);
        else
            could_not_open(kiosk, &err, false);
        return;
    }
    checkin->step = CHECKIN_OPENING;
    if (!worker_start(kiosk->worker, open_job, &checkin->job))
        back_to_code(kiosk, _("This seat is too busy. Please try again."));
}

/* What the check-in has gathered, handed over. */
static struct sitting_parts take_parts(struct kiosk *kiosk)
{
    struct checkin *checkin = &kiosk->checkin;
    const struct sitting_parts parts = {.clock = kiosk->clock,
        .disk = disk_default(),
        .seat = kiosk->seat,
        .lock = kiosk->link.welcome.lock == MESSAGE_LOCK_X11       ? LOCK_X11
                : kiosk->link.welcome.lock == MESSAGE_LOCK_CONSOLE ? LOCK_CONSOLE
                                                                   : LOCK_NONE,
        .ticket = checkin->ticket,
        .ticket_digest = checkin->digest,
        .keys = checkin->job.keys,
        .exam = checkin->job.exam};

    checkin->ticket = NULL;
    checkin->job.keys = (struct session_keys){0};
    checkin->job.exam = NULL;
    return parts;
}

static struct sitting_opening opening_of(const struct checkin *checkin)
{
    return (struct sitting_opening){.reason = checkin->is_resume ? RUN_RESUME : RUN_BEGIN,
        .code = checkin->job.opened_kind,
        .code_number = checkin->job.opened_number,
        .initials = checkin->initials_bytes,
        .second = checkin->second_bytes,
        .is_again = checkin->is_again};
}

/* From here on the start code is used up. Who let it begin outside its window stands in its journal. */
static bool note_begun(struct kiosk *kiosk, struct error *err)
{
    struct checkin *checkin = &kiosk->checkin;
    struct memory_session *session = memory_find(kiosk->memory, checkin->known.id);

    if (checkin_is_outside(checkin) &&
        (!sitting_staff(kiosk->sitting, "start-outside-window", checkin->initials_bytes, checkin->reason_bytes) ||
            !sitting_staff(kiosk->sitting, "start-outside-window", checkin->second_bytes, checkin->reason_bytes))) {
        *err = kiosk->sitting->save_error;
        return false;
    }
    if (session == NULL)
        return error_set(err, ERROR_NOT_FOUND, "this seat does not remember the session");
    session->state = MEMORY_BEGUN;
    if (memory_save(kiosk->memory, err))
        return true;
    session->state = MEMORY_OPENING;
    return false;
}

/* The sitting is the kiosk's from here on; its memory files are the guard's. */
static void hand_over(struct kiosk *kiosk)
{
    struct error err = {0};

    if (!link_keep(&kiosk->link, kiosk->sitting, &err))
        link_log(&kiosk->link, "no memory for a restart: %s", err.text); /* a crash will need a resume code */
    checkin_clear(&kiosk->checkin);
}

static void begin(struct kiosk *kiosk)
{
    const struct sitting_opening opening = opening_of(&kiosk->checkin);
    struct sitting_parts parts = take_parts(kiosk);
    struct error err = {0};

    kiosk->sitting = sitting_begin(&parts, &opening, &err);
    if (kiosk->sitting != NULL && !note_begun(kiosk, &err)) {
        sitting_free(kiosk->sitting); /* nothing was shown */
        kiosk->sitting = NULL;
    }
    if (kiosk->sitting == NULL) {
        could_not_open(kiosk, &err, false);
        return;
    }
    hand_over(kiosk);
    kiosk_happen(kiosk, EVENT_OPENED);
    if (kiosk->sitting->attempt->phase != PHASE_AGREEMENT)
        kiosk_happen(kiosk, EVENT_EMPTY);
}

static void go_on(struct kiosk *kiosk)
{
    kiosk->sitting = kiosk->checkin.reopened;
    kiosk->checkin.reopened = NULL;
    hand_over(kiosk);
    kiosk_go_on(kiosk);
}

static void reopen(struct kiosk *kiosk)
{
    struct checkin *checkin = &kiosk->checkin;
    struct sitting_parts parts = take_parts(kiosk);
    enum journal_end end = JOURNAL_CLEAN;
    struct error err = {0};

    checkin->step = CHECKIN_IDLE;
    checkin->hint[0] = '\0';
    clear_code(checkin);
    checkin->reopened = sitting_reopen(&parts, checkin->accept_damage, &end, &err);
    if (checkin->reopened == NULL)
        could_not_open(kiosk, &err, end == JOURNAL_DAMAGED);
    else if (checkin->reopened->attempt->has_ended)
        go_on(kiosk); /* to be sealed: there is no time in it any more */
    else
        kiosk_happen(kiosk, EVENT_REOPENED);
}

bool checkin_go_on(struct kiosk *kiosk)
{
    struct checkin *checkin = &kiosk->checkin;
    const struct sitting_opening opening = opening_of(checkin);
    const char *too_long = _("A gap that long needs a second member of staff, with other initials.");
    struct error err = {0};

    if (sitting_gap(checkin->reopened).needs_second && !has_second(checkin))
        return hint(checkin, too_long);
    if (!sitting_resume(checkin->reopened, &opening, &err)) {
        if (checkin->reopened->is_refused) /* it became that long just now */
            return hint(checkin, too_long);
        could_not_open(kiosk, &err, false);
        return false;
    }
    go_on(kiosk);
    return true;
}

static void opened(struct kiosk *kiosk)
{
    struct checkin *checkin = &kiosk->checkin;
    const struct error err = checkin->job.err;

    if (checkin->job.exam == NULL)
        could_not_open(kiosk, &err, false);
    else if (checkin->is_resume)
        reopen(kiosk);
    else
        begin(kiosk);
}

void checkin_worked(struct kiosk *kiosk)
{
    if (kiosk->checkin.step == CHECKIN_UNWRAPPING)
        unwrapped(kiosk);
    else if (kiosk->checkin.step == CHECKIN_OPENING)
        opened(kiosk);
}
