#include "kiosk/guard/guard.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kiosk/guard/guard_parts.h"
#include "kiosk/guard/report.h"

static bool is_locked(const struct guard *guard)
{
    return lock_kind(guard->lock) != MESSAGE_LOCK_WINDOW;
}

static int64_t min(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* ---- the screen process ---- */

void guard_tell(struct guard *guard, const struct message *message)
{
    if (guard->child.socket >= 0 && !message_send(guard->child.socket, message))
        guard_happen(guard, GUARD_MISBEHAVED);
}

static void tell_plain(struct guard *guard, enum message_kind kind)
{
    guard_tell(guard, &(struct message){.kind = kind, .fd = -1});
}

/* It is gone, or could not be started: what follows from that, whoever is to blame. */
static void clean_up(struct guard *guard)
{
    codes_abandon(&guard->staff_codes, clock_boot_ms(guard->clock));
    lock_abandon(guard->lock);
}

static enum guard_event count_failure(struct guard *guard)
{
    return restarts_add(&guard->restarts, clock_awake_ms(guard->clock)) ? GUARD_GONE_OFTEN : GUARD_GONE;
}

static void start_screen(struct guard *guard)
{
    struct error err;

    guard->has_greeted = guard->has_window = false;
    guard->rate = (struct guard_rate){0};
    exam_clock_replay(&guard->exam);
    guard->alive_ms = guard->started_ms = guard->since_ms;
    if (child_start(&guard->child, &guard->plan, &err))
        return;
    report("%s", err.text);
    clean_up(guard);
    guard_happen(guard, count_failure(guard));
}

static enum guard_event judge_end(struct guard *guard, int status)
{
    const int64_t lived_ms = clock_awake_ms(guard->clock) - guard->started_ms;
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;

    if (!is_locked(guard) && code == 0)
        return GUARD_LEFT;
    if (code == MESSAGE_EXIT_SUCCESSOR && lived_ms >= MESSAGE_SUCCESSOR_AFTER_MS)
        return GUARD_GONE;
    return count_failure(guard);
}

static void reap_screen(struct guard *guard)
{
    int status = 0;

    if (!child_reap(&guard->child, &status))
        return;
    if (WIFSIGNALED(status))
        report("screen process ended by signal %d", WTERMSIG(status));
    else
        report("screen process ended with exit code %d", WEXITSTATUS(status));
    clean_up(guard);
    guard_happen(guard, judge_end(guard, status));
}

/* ---- states ---- */

void guard_show_cover(struct guard *guard)
{
    const struct lock_notice notice = guard_notice(guard);

    lock_cover(guard->lock, &notice);
}

/* What comes with being in a state, done once on the way in. The cover comes first. */
static void enter(struct guard *guard)
{
    guard->since_ms = clock_awake_ms(guard->clock);
    guard->told_reasons = 0;
    guard->has_told_why = false;
    if (guard->state == GUARD_SHOWN)
        lock_uncover(guard->lock);
    else
        guard_show_cover(guard);
    switch (guard->state) {
    case GUARD_STARTING: start_screen(guard); break;
    case GUARD_SHOWN: tell_plain(guard, MESSAGE_UNCOVERED); break;
    case GUARD_ENDING:
        child_kill(&guard->child);
        child_hang_up(&guard->child);
        break;
    case GUARD_UNLOCKING:
    case GUARD_QUITTING:
        tell_plain(guard, MESSAGE_STOP); /* not hung up: STOP would be lost with what we have not read */
        break;
    case GUARD_WAITING:
        guard_forget_typed(guard);
        guard->typed_answer = MESSAGE_ALLOWED;
        break;
    case GUARD_LOCKING:
    case GUARD_COVERED:
    case GUARD_UNLOCKED:
    case GUARD_QUIT:
    case GUARD_STATES: break;
    }
}

void guard_happen(struct guard *guard, enum guard_event event)
{
    const enum guard_state before = guard->state;

    guard->state = guard_state_next(before, event);
    if (guard->state == before)
        return;
    report("%s, so %s becomes %s", guard_event_name(event), guard_state_name(before),
        guard_state_name(guard->state));
    enter(guard);
}

/* ---- time ---- */

/* The awake time at which the state has lasted too long; INT64_MAX: it may last. */
static int64_t patience_ends(const struct guard *guard)
{
    switch (guard->state) {
    case GUARD_STARTING: return guard->since_ms + GUARD_START_MAX_MS;
    case GUARD_COVERED:
    case GUARD_SHOWN: return guard->alive_ms + GUARD_SILENT_MAX_MS;
    case GUARD_WAITING: return guard->since_ms + RESTARTS_RETRY_MS;
    case GUARD_UNLOCKING:
    case GUARD_QUITTING: return guard->since_ms + GUARD_STOP_MAX_MS;
    case GUARD_LOCKING: return guard->has_told_why ? INT64_MAX : guard->since_ms + GUARD_SILENT_MAX_MS;
    case GUARD_ENDING:
    case GUARD_UNLOCKED:
    case GUARD_QUIT:
    case GUARD_STATES: break;
    }
    return INT64_MAX;
}

static void lose_patience(struct guard *guard)
{
    switch (guard->state) {
    case GUARD_STARTING:
    case GUARD_COVERED:
    case GUARD_SHOWN: guard_happen(guard, GUARD_MISBEHAVED); break;
    case GUARD_WAITING: guard_happen(guard, GUARD_RETRY); break;
    case GUARD_UNLOCKING:
    case GUARD_QUITTING: child_kill(&guard->child); break;
    case GUARD_LOCKING:
        guard->has_told_why = true;
        guard_show_cover(guard);
        break;
    case GUARD_ENDING:
    case GUARD_UNLOCKED:
    case GUARD_QUIT:
    case GUARD_STATES: break;
    }
}

/* ---- the loop ---- */

static void weigh_reasons(struct guard *guard)
{
    const bool is_unsaved = clock_boot_ms(guard->clock) >= exam_clock_unsaved_at(&guard->exam);

    guard->reasons =
        (is_unsaved ? 1u << MESSAGE_UNSAVED : 0) | (lock_is_held(guard->lock) ? 0 : 1u << MESSAGE_LOCK_LOST);
    if (guard->state == GUARD_SHOWN || guard->state == GUARD_COVERED)
        guard_happen(guard, guard->reasons == 0 ? GUARD_CLEAR : GUARD_COVER);
}

/* Says why it is covered, to who looks at the screen and to the screen process; again when that changes. */
static bool tell_reasons(struct guard *guard)
{
    const uint32_t reason =
        (guard->reasons & 1u << MESSAGE_LOCK_LOST) != 0 ? MESSAGE_LOCK_LOST : MESSAGE_UNSAVED;

    if (guard->state != GUARD_COVERED || guard->reasons == guard->told_reasons)
        return false;
    guard->told_reasons = guard->reasons;
    guard_show_cover(guard);
    guard_tell(guard, &(struct message){.kind = MESSAGE_COVERED, .fd = -1, .covered = {reason}});
    return true;
}

static bool is_ending(enum guard_state state)
{
    return state == GUARD_ENDING || state == GUARD_UNLOCKING || state == GUARD_QUITTING;
}

static bool is_drawing(enum guard_state state)
{
    return state == GUARD_COVERED || state == GUARD_SHOWN;
}

/* A process that ends closes its talk, the lower descriptor, before its display: then its window is gone because it is,
 * and its exit says why. */
static bool has_hung_up(struct guard *guard)
{
    guard_talk(guard);
    return guard->child.socket < 0;
}

/* Turns what is the case into what happens. True if anything did: then more may follow. */
static bool settle(struct guard *guard)
{
    const enum guard_state before = guard->state;

    weigh_reasons(guard);
    if (guard->state == GUARD_LOCKING && lock_is_held(guard->lock))
        guard_happen(guard, GUARD_LOCKED);
    else if (is_drawing(guard->state) && !lock_has_screen(guard->lock) && !has_hung_up(guard))
        guard_happen(guard, GUARD_MISBEHAVED);
    else if (is_ending(guard->state) && guard->child.pid == 0)
        guard_happen(guard, GUARD_GONE);
    else if (clock_awake_ms(guard->clock) >= patience_ends(guard))
        lose_patience(guard);
    return tell_reasons(guard) || guard->state != before;
}

static int64_t next_deadline_in(const struct guard *guard, int64_t lock_ms)
{
    const int64_t awake_at = min(patience_ends(guard), lock_ms);
    const int64_t unsaved_at = guard->state == GUARD_SHOWN ? exam_clock_unsaved_at(&guard->exam) : INT64_MAX;
    const int64_t awake_in = awake_at == INT64_MAX ? INT64_MAX : awake_at - clock_awake_ms(guard->clock);
    const int64_t unsaved_in = unsaved_at == INT64_MAX ? INT64_MAX : unsaved_at - clock_boot_ms(guard->clock);

    return min(awake_in, unsaved_in);
}

/* A timer of boot time, unlike poll's own time-out, goes off at once after a suspend. */
static void set_timer(struct guard *guard, int64_t in_ms)
{
    struct itimerspec when = {0};

    if (in_ms < 1)
        in_ms = 10; /* what is overdue was done already; this is a process that takes its time to die */
    if (in_ms != INT64_MAX) {
        when.it_value.tv_sec = (time_t)(in_ms / 1000);
        when.it_value.tv_nsec = (long)(in_ms % 1000) * 1000000;
    }
    if (timerfd_settime(guard->timer, 0, &when, NULL) != 0)
        report("cannot set the timer"); /* the loop still turns with each message */
}

static void drain(int fd)
{
    char bytes[256];

    while (read(fd, bytes, sizeof bytes) > 0)
        ;
}

static void take_signals(struct guard *guard)
{
    struct signalfd_siginfo info;

    while (read(guard->signals, &info, sizeof info) == (ssize_t)sizeof info) {
        if (is_locked(guard))
            report("signal %u does not end the lock", info.ssi_signo);
        else
            guard_happen(guard, GUARD_STOPPED);
    }
}

static void wait_for_something(struct guard *guard)
{
    const int talk = guard_is_listening(guard) ? guard->child.socket : -1;
    struct pollfd fds[] = {{.fd = guard->signals, .events = POLLIN}, {.fd = guard->timer, .events = POLLIN},
        {.fd = talk, .events = POLLIN}, {.fd = guard->child.exited, .events = POLLIN},
        {.fd = lock_descriptor(guard->lock), .events = POLLIN}};

    /* A pause at worst: if waiting fails, the loop must not spin. */
    if (poll(fds, sizeof fds / sizeof fds[0], -1) < 0 && errno != EINTR)
        (void)poll(NULL, 0, 100);
    drain(guard->timer);
}

/* Until nothing follows any more, and nothing is left unread that waiting would not notice. */
static int64_t do_what_is_due(struct guard *guard)
{
    int64_t lock_ms;
    bool was_typed;

    do {
        lock_ms = lock_step(guard->lock, clock_awake_ms(guard->clock));
        was_typed = guard_take_keys(guard);
    } while (settle(guard) || was_typed);
    return lock_ms;
}

void guard_run(struct guard *guard)
{
    while (true) {
        const int64_t lock_ms = do_what_is_due(guard);

        if (guard_state_is_over(guard->state))
            return;
        set_timer(guard, next_deadline_in(guard, lock_ms));
        wait_for_something(guard);
        take_signals(guard);
        guard_talk(guard);
        reap_screen(guard);
    }
}

/* ---- birth and end ---- */

static bool load_policies(struct guard *guard, const struct options *options, struct error *err)
{
    const struct policy_wish wish = {
        .is_other_folder = strcmp(options->seat, OPTIONS_SEAT_FOLDER) != 0,
        .is_unlocked = options->is_window || options->practice != NULL,
    };
    struct policy host;

    return policy_load(OPTIONS_SEAT_FOLDER, &host, err) && policy_load(options->seat, &guard->policy, err) &&
           policy_allows(&guard->policy, &host, &wish, err);
}

static bool plan_screen(
    struct guard *guard, const struct options *options, bool is_unlocked, struct error *err)
{
    struct child_plan *plan = &guard->plan;
    int count = 0;

    plan->arguments[count++] = "carrel-screen";
    plan->arguments[count++] = "--seat";
    plan->arguments[count++] = options->seat;
    if (options->practice != NULL) {
        plan->arguments[count++] = "--practice";
        plan->arguments[count++] = options->practice;
    }
    environment_make(&plan->environment, !is_unlocked);
    return child_find_program(plan->program, err) && child_set_user(plan, guard->policy.user, err);
}

/* Signals become something to read. One that would end the guard must not, where the display is locked. */
static bool catch_signals(struct guard *guard, struct error *err)
{
    static const int signals[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGTSTP};
    sigset_t set;

    (void)sigemptyset(&set); /* can't fail */
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
        (void)sigaddset(&set, signals[i]); /* a valid signal */
    if (signal(SIGPIPE, SIG_IGN) == SIG_ERR || sigprocmask(SIG_BLOCK, &set, NULL) != 0)
        return error_set_errno(err, "cannot block signals");
    guard->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    guard->timer = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
    return (guard->signals >= 0 && guard->timer >= 0) ||
           error_set_errno(err, "cannot wait for signals and time");
}

struct guard *guard_new(const struct options *options, const struct clock *clock, struct error *err)
{
    const bool is_unlocked = options->is_window || options->practice != NULL;
    struct guard *guard = calloc(1, sizeof *guard);
    bool ok = false;

    if (guard == NULL) {
        error_set(err, ERROR_NOMEM, "not enough memory");
        goto done;
    }
    guard->clock = clock;
    guard->is_practice = options->practice != NULL;
    guard->state = GUARD_LOCKING;
    guard->since_ms = clock_awake_ms(clock);
    guard->signals = guard->timer = -1;
    guard->child = CHILD_NONE;
    memory_init(&guard->memory);
    if (!load_policies(guard, options, err) || !plan_screen(guard, options, is_unlocked, err) ||
        !catch_signals(guard, err))
        goto done;
    guard->lock = is_unlocked ? lock_window_new(options->width, options->height, err) : lock_x11_new(err);
    ok = guard->lock != NULL;
    if (ok)
        guard_show_cover(guard);
done:
    if (!ok) {
        guard_free(guard);
        guard = NULL;
    }
    return guard;
}

void guard_free(struct guard *guard)
{
    if (guard == NULL)
        return;
    lock_release(guard->lock);
    memory_forget(&guard->memory);
    if (guard->timer >= 0)
        (void)close(guard->timer); /* nothing in it */
    if (guard->signals >= 0)
        (void)close(guard->signals);      /* nothing in it */
    explicit_bzero(guard, sizeof *guard); /* a code may have been typed */
    free(guard);
}
