/* What a code opens: the worker tries it and opens the package; back in the loop the session begins, or staff
 * see its gap and it goes on. */
#include <malloc.h>
#include <stdio.h>
#include <string.h>

#include "kiosk/screens/checkin_private.h"
#include "kiosk/screens/kiosk.h"
#include "kiosk/seat/seal.h"
#include "kiosk/ui/words.h"

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

    if (job->makes_room && !sitting_reserve(job->seat, disk_default(), job->ticket, job->is_again, &job->err))
        return;
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
        checkin_hint(checkin, _("Too many wrong codes. Please wait."));
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

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
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
        session->closes_ms = later(checkin->ticket->closes_ms, memory_now_ms(kiosk->memory, kiosk->clock));
        session->limit_ms = checkin->ticket->max_time_ms;
    }
    return memory_use_code(kiosk->memory, session, checkin->job.opened_kind, checkin->job.opened_number, err);
}

static void back_to_code(struct kiosk *kiosk, const char *why)
{
    checkin_clear_code(&kiosk->checkin);
    checkin_job_clear(&kiosk->checkin.job);
    kiosk->checkin.step = CHECKIN_IDLE;
    kiosk_happen(kiosk, EVENT_WRONG_CODE);
    checkin_hint(&kiosk->checkin, why);
}

/* A session that never began gives its code and its room back. */
static void forget_begin(struct kiosk *kiosk)
{
    struct memory_session *session = memory_find(kiosk->memory, kiosk->checkin.known.id);

    if (session == NULL || session->state != MEMORY_OPENING)
        return;
    seal_clear(kiosk->seat, session->id);
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
        is_damaged ? _("A part of the record is damaged. It is kept, and the next resume code goes on with "
                       "what was saved before it.")
        : is_full  ? _("Please call staff. Another seat can be used, or the disk made free. The start code "
                        "still works.")
                   : _("Please call staff. Another seat can be used."));
    (void)snprintf(trouble.code, sizeof trouble.code, "E-OPEN-%d", (int)err->code);
    kiosk->checkin.accept_damage = is_damaged;
    forget_begin(kiosk);
    checkin_clear_code(&kiosk->checkin);
    checkin_job_clear(&kiosk->checkin.job);
    sitting_free(kiosk->checkin.reopened);
    kiosk->checkin.reopened = NULL;
    kiosk->checkin.step = CHECKIN_IDLE;
    if (kiosk->checkin.ticket == NULL) /* it went with the parts */
        kiosk->checkin.ticket =
            spool_ticket_open(kiosk->seat, &kiosk->checkin.known, &kiosk->checkin.digest, NULL);
    kiosk->trouble = trouble;
    kiosk_happen(kiosk, is_damaged && kiosk->checkin.ticket != NULL ? EVENT_DAMAGE : EVENT_FAILURE);
    if (kiosk->state == SESSION_DAMAGED)
        checkin_hint(&kiosk->checkin, trouble.todo);
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
    checkin->job.makes_room = !checkin->is_resume;
    checkin->job.is_again = checkin->is_again;
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
        .second = checkin->second_bytes};
}

/* From here on the start code is used up. Who let it begin outside its window stands in its journal. */
static bool note_begun(struct kiosk *kiosk, struct error *err)
{
    struct checkin *checkin = &kiosk->checkin;
    struct memory_session *session = memory_find(kiosk->memory, checkin->known.id);

    if (checkin_is_outside(checkin) && (!sitting_staff(kiosk->sitting, "start-outside-window",
                                            checkin->initials_bytes, checkin->reason_bytes) ||
                                           !sitting_staff(kiosk->sitting, "start-outside-window",
                                               checkin->second_bytes, checkin->reason_bytes))) {
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
}

static void end_checkin(struct kiosk *kiosk)
{
    checkin_clear(&kiosk->checkin);
    (void)malloc_trim(0); /* opening took more than the exam will */
}

/* Nothing was shown. */
static void take_back(struct kiosk *kiosk)
{
    (void)link_forget(&kiosk->link); /* a dead guard is seen by the loop */
    sitting_free(kiosk->sitting);
    kiosk->sitting = NULL;
}

static void begin(struct kiosk *kiosk)
{
    const struct sitting_opening opening = opening_of(&kiosk->checkin);
    struct sitting_parts parts = take_parts(kiosk);
    struct error err = {0};

    kiosk->sitting = sitting_begin(&parts, &opening, &err);
    if (kiosk->sitting != NULL) {
        hand_over(kiosk); /* first: from note_begun on the next screen process must find it */
        if (!note_begun(kiosk, &err))
            take_back(kiosk);
    }
    if (kiosk->sitting == NULL) {
        could_not_open(kiosk, &err, false);
        return;
    }
    end_checkin(kiosk);
    kiosk_happen(kiosk, EVENT_OPENED);
    if (kiosk->sitting->attempt->phase != PHASE_AGREEMENT)
        kiosk_happen(kiosk, EVENT_EMPTY);
}

static void go_on(struct kiosk *kiosk)
{
    kiosk->sitting = kiosk->checkin.reopened;
    kiosk->checkin.reopened = NULL;
    hand_over(kiosk);
    end_checkin(kiosk);
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
    checkin_clear_code(checkin);
    checkin->reopened = sitting_reopen(&parts, checkin->accept_damage, &end, &err);
    if (checkin->reopened == NULL)
        could_not_open(kiosk, &err, end == JOURNAL_DAMAGED && !checkin->accept_damage);
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

    if (sitting_gap(checkin->reopened).needs_second && !checkin_has_second(checkin))
        return checkin_hint(checkin, too_long);
    if (!sitting_resume(checkin->reopened, &opening, &err)) {
        if (checkin->reopened->is_refused) /* it became that long just now */
            return checkin_hint(checkin, too_long);
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
