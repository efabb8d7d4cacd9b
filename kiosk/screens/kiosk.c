/* The loop of the screen process: what happens, what is looked at after each event, the frame; its birth and
 * death. */
#include "kiosk/screens/kiosk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "core/encoding.h"
#include "core/package.h"
#include "kiosk/screens/sandbox.h"
#include "kiosk/screens/screen.h"
#include "kiosk/screens/transitions.h"
#include "kiosk/seat/swap.h"
#include "kiosk/ui/words.h"

enum { NOTICE_MS = 20000, SECOND_MS = 1000 };

/* --- what happens
 * --------------------------------------------------------------------------------------------- */

static void hear_guard(struct kiosk *kiosk)
{
    struct message message;
    enum message_outcome outcome;

    while ((outcome = message_receive(kiosk->link.socket, MESSAGE_FROM_GUARD, &message)) == MESSAGE_GOT) {
        if (message.kind == MESSAGE_STOP)
            kiosk->is_over = true;
        else if (message.kind == MESSAGE_ANSWER && kiosk->overlay == OVERLAY_STAFF)
            staff_answer(kiosk, &message.answer);
        else if (message.kind == MESSAGE_ANSWER)
            checkin_answer(kiosk, &message.answer);
        else if (message.kind == MESSAGE_COVERED)
            kiosk->cover = message.covered.reason == MESSAGE_UNSAVED ? COVER_LATE_SAVE : COVER_LOCK;
        else if (message.kind == MESSAGE_UNCOVERED)
            kiosk->cover = COVER_NONE;
    }
    if (outcome != MESSAGE_NONE)
        kiosk->is_over = true; /* without a guard nothing is locked: nothing may be shown */
}

/* What the guard covers belongs to what happened; while the disk fails it waits until the disk is well. */
static void look_at_cover(struct kiosk *kiosk)
{
    struct sitting *sitting = kiosk->sitting;

    if (sitting != NULL && !sitting->attempt->has_ended && !sitting->is_unsaved && sitting->journal != NULL &&
        sitting->attempt->cover != COVER_STAFF && sitting->attempt->cover != kiosk->cover)
        (void)sitting_cover(sitting, kiosk->cover); /* is_unsaved says it */
}

/* The first question of an exam whose screen process, or disk, failed before it was noted as seen. */
static void look_at_question(struct kiosk *kiosk)
{
    struct sitting *sitting = kiosk->sitting;
    const struct attempt *attempt = sitting == NULL ? NULL : sitting->attempt;

    if (kiosk->state == SESSION_QUESTION && attempt->position < attempt->item_count &&
        !attempt->items[attempt->position].was_visited && !sitting->is_unsaved)
        (void)sitting_visit(sitting, attempt->position); /* is_unsaved says it */
}

static void look_at_spool(struct kiosk *kiosk)
{
    char changes[4096];
    struct error err = {0};

    while (read(kiosk->spool_watch, changes, sizeof changes) > 0)
        continue; /* that something changed is all we need */
    if (kiosk->seat == NULL)
        return;
    if (!spool_scan(kiosk->spool, kiosk->seat, kiosk->memory, kiosk->clock, &err))
        link_log(&kiosk->link, "spool: %s", err.text);
}

/* The guard must not hold half a session, or one that is over, against the next. */
static bool nothing_to_restore(struct kiosk *kiosk)
{
    (void)link_forget(&kiosk->link); /* a dead guard is seen by the loop */
    return true;
}

/* A session that the last screen process left behind: the guard has its keys and its time. */
static bool restore(struct kiosk *kiosk, struct error *err)
{
    static const struct sitting_opening opening = {
        .reason = RUN_SCREEN_RESTART, .code_number = 1, .initials = ""};
    struct sitting_parts parts = {.clock = kiosk->clock, .disk = disk_default(), .seat = kiosk->seat};
    enum journal_end end;
    struct sitting *sitting;

    if (kiosk->seat == NULL)
        return true;
    if (!link_has_memories(&kiosk->link))
        return nothing_to_restore(kiosk); /* it died before both were handed over */
    parts.lock = kiosk->link.welcome.lock == MESSAGE_LOCK_X11 ? LOCK_X11 : LOCK_NONE;
    if (!sitting_parts_restore(kiosk->link.memories[MESSAGE_MEMORY_KEYS],
            kiosk->link.memories[MESSAGE_MEMORY_PACKAGE], &parts, err))
        return false;
    if (!sitting_goes_on(&parts, kiosk->memory)) {
        sitting_clear_up(&parts);
        sitting_parts_release(&parts);
        return nothing_to_restore(kiosk);
    }
    sitting = sitting_reopen(&parts, false, &end, err);
    kiosk->must_restore = sitting == NULL || !sitting_resume(sitting, &opening, err);
    if (kiosk->must_restore)
        sitting_free(sitting);
    else
        kiosk->sitting = sitting;
    return !kiosk->must_restore;
}

/* The disk failed when the session was to go on: it goes on as soon as the disk lets it. */
static void restore_again(struct kiosk *kiosk)
{
    struct error err = {0};

    if (restore(kiosk, &err) && kiosk->sitting != NULL)
        kiosk_go_on(kiosk);
}

/* The session that staff are about to open, if there is one: it must not go out meanwhile. */
static const char *at_check_in(const struct kiosk *kiosk)
{
    return kiosk->checkin.ticket != NULL ? kiosk->checkin.known.id : NULL;
}

/* What is in the spool counts by what is known of its sessions. */
static void deliver(struct kiosk *kiosk, const char *left_alone)
{
    const size_t waiting = delivery_waiting(kiosk->memory);
    struct error err = {0};

    if (!delivery_step(
            kiosk->seat, kiosk->memory, left_alone, memory_now_ms(kiosk->memory, kiosk->clock), &err))
        link_log(&kiosk->link, "delivery: %s", err.text);
    if (delivery_waiting(kiosk->memory) != waiting)
        look_at_spool(kiosk);
}

/* Once a second while nobody is answering. */
static void look_at_deliveries(struct kiosk *kiosk)
{
    const int64_t now = clock_boot_ms(kiosk->clock);
    const char *running = kiosk->sitting == NULL ? NULL : kiosk->sitting->id;
    const bool is_resuming = kiosk->checkin.reopened != NULL; /* staff look at its gap */
    const bool is_stored = kiosk->state == SESSION_STORED || kiosk->state == SESSION_RECEIVED;
    struct memory_session *session;

    if (kiosk->seat == NULL || is_resuming || (running != NULL && !is_stored) ||
        now < kiosk->next_delivery_ms || kiosk->must_log) /* first is shown what was stored */
        return;
    kiosk->next_delivery_ms = now + SECOND_MS / 2;
    if (kiosk->must_restore) {
        restore_again(kiosk);
        return; /* its session is not to be sent as one nobody ended */
    }
    deliver(kiosk, at_check_in(kiosk));
    session = is_stored && !kiosk->has_receipt ? memory_find(kiosk->memory, running) : NULL;
    if (session != NULL && session->state == MEMORY_RECEIVED)
        kiosk->has_receipt = delivery_receipt(kiosk->seat, session, &kiosk->receipt);
    if (session == NULL || !kiosk->has_receipt)
        return;
    kiosk_step(kiosk, EVENT_RECEIPT); /* what lies over it stays */
    link_log(&kiosk->link, "received: %s", kiosk->receipt.code);
}

/* A failing disk is told to the seat's log as it is told to the candidate: when it begins and when it is
 * over. */
static void look_at_disk(struct kiosk *kiosk)
{
    const struct sitting *sitting = kiosk->sitting;
    const bool is_unsaved = sitting != NULL && sitting->is_unsaved;

    if (is_unsaved != kiosk->told_unsaved)
        link_log(&kiosk->link, "%s%s", is_unsaved ? "not saved: " : "saved again",
            is_unsaved ? sitting->save_error.text : "");
    kiosk->told_unsaved = is_unsaved;
}

static void look_at_time(struct kiosk *kiosk)
{
    struct sitting *sitting = kiosk->sitting;
    const int64_t five_minutes = 5 * 60 * SECOND_MS;

    if (sitting == NULL || sitting->attempt->has_ended)
        return;
    sitting_tick(sitting);
    if (sitting->attempt->has_ended) {
        kiosk_ended(kiosk);
        return;
    }
    if (sitting_agreement_left_ms(sitting) <= 0)
        kiosk_finish(kiosk, END_DECLINED);
    else if (sitting_time(sitting).is_running && !kiosk->five_minutes_said &&
             sitting_left_ms(sitting) <= five_minutes) {
        kiosk->five_minutes_said = true;
        kiosk->notice_until_ms = clock_boot_ms(kiosk->clock) + NOTICE_MS;
    }
}

/* The next moment at which something must be done or the clock on the screen changes, in CLOCK_BOOTTIME. */
static int64_t next_moment(const struct kiosk *kiosk)
{
    const int64_t now = clock_boot_ms(kiosk->clock);
    int64_t next = now + SECOND_MS - 20; /* alive, and the network's state */
    int64_t due;

    if (kiosk->sitting == NULL || kiosk->sitting->attempt->has_ended)
        return next;
    due = sitting_next_tick_ms(kiosk->sitting);
    return due < next ? due : next;
}

static void common_keys(struct kiosk *kiosk)
{
    static const double zooms[] = {1.0, 1.25, 1.5, 2.0};
    const size_t count = sizeof zooms / sizeof *zooms;
    size_t at = 0;

    if (ui_key(kiosk->ui, UI_KEY_F2, 0))
        ui_set_theme(kiosk->ui, (ui_theme_id(kiosk->ui) + 1) % THEMES);
    if (ui_key(kiosk->ui, UI_KEY_F3, 0)) {
        while (at + 1 < count && zooms[at] < ui_zoom(kiosk->ui) + 0.01)
            at++;
        ui_set_zoom(kiosk->ui, zooms[at] < ui_zoom(kiosk->ui) + 0.01 ? zooms[0] : zooms[at]);
    }
}

static bool draw(struct kiosk *kiosk, struct error *err)
{
    do {
        arena_release(&kiosk->frame);
        ui_begin(
            kiosk->ui, ((uint32_t)kiosk->state * OVERLAYS + kiosk->overlay) << 20 | (kiosk->visit & 0xfffff));
        screen_draw(kiosk);
        common_keys(kiosk);
    } while (ui_end(kiosk->ui));
    if (!window_show(kiosk->window, ui_list(kiosk->ui), err))
        return false;
    kiosk_log_screen(kiosk);
    return true;
}

static void take_event(struct kiosk *kiosk, const struct ui_event *event)
{
    int width, height;

    if (event->kind == UI_EVENT_RESIZE) {
        window_size(kiosk->window, &width, &height);
        ui_set_size(kiosk->ui, width, height, window_scale(width, height));
    } else if (event->kind == UI_EVENT_QUIT) {
        kiosk->is_over =
            kiosk->link.welcome.lock == MESSAGE_LOCK_WINDOW; /* in a lock there is no way to quit */
    } else if (event->kind == UI_EVENT_READABLE) {
        if (event->descriptor == kiosk->link.socket)
            hear_guard(kiosk);
        else if (event->descriptor == kiosk->spool_watch)
            look_at_spool(kiosk);
        else if (worker_done(kiosk->worker))
            checkin_worked(kiosk);
    }
    (void)ui_event(kiosk->ui, event); /* a frame is built in any case */
}

bool kiosk_run(struct kiosk *kiosk, struct error *err)
{
    struct ui_event event;

    while (!kiosk->is_over) {
        const int64_t wait = next_moment(kiosk) - clock_boot_ms(kiosk->clock);

        window_wait(kiosk->window, window_now_ms() + (uint64_t)(wait < 0 ? 0 : wait), &event);
        take_event(kiosk, &event);
        look_at_time(kiosk);
        look_at_deliveries(kiosk);
        look_at_cover(kiosk);
        look_at_question(kiosk);
        look_at_disk(kiosk);
        if (!draw(kiosk, err))
            return false;
        if (!link_report(&kiosk->link, kiosk->clock, kiosk->sitting))
            kiosk->is_over = true;
    }
    return true;
}

/* --- birth and death
 * ------------------------------------------------------------------------------------------- */

static void watch_spool(struct kiosk *kiosk)
{
    static const char *const parts[] = {FOLDER_IN, FOLDER_PACKAGES, FOLDER_TICKETS, FOLDER_RECEIPTS};
    char path[FILE_PATH_SIZE];

    kiosk->spool_watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    for (size_t i = 0; kiosk->spool_watch >= 0 && i < sizeof parts / sizeof *parts; i++)
        if (seat_folder_path(&kiosk->seat->folder, path, parts[i], NULL, NULL))
            (void)inotify_add_watch(kiosk->spool_watch, path, IN_MOVED_TO | IN_DELETE | IN_CLOSE_WRITE);
}

static bool load_seat(struct kiosk *kiosk, const char *folder, struct error *err)
{
    kiosk->memory = memory_load(folder, err);
    if (kiosk->memory == NULL)
        return false;
    kiosk->seat = seat_load(folder, memory_now_ms(kiosk->memory, kiosk->clock), err);
    if (kiosk->seat == NULL || (kiosk->spool = spool_new(err)) == NULL)
        return false;
    watch_spool(kiosk);
    look_at_spool(kiosk); /* a full disk is said in the log: a session may have to go on */
    return true;
}

static bool load_practice(struct kiosk *kiosk, const char *path, struct error *err)
{
    struct buffer file = {.max = PACKAGE_MAX_BYTES};
    struct exam *exam = NULL;
    struct scoring_key *key = NULL;
    bool ok = file_read(path, &file, err) && package_open_practice(buffer_bytes(&file), &exam, &key, err);

    buffer_release(&file);
    if (!ok)
        return false;
    kiosk->sitting = sitting_practice(kiosk->clock, exam, key, err);
    return kiosk->sitting != NULL;
}

static bool open_window(struct kiosk *kiosk, struct error *err)
{
    const struct message_welcome *welcome = &kiosk->link.welcome;
    const struct window_options options = {.title = "Carrel",
        .is_windowed = welcome->lock == MESSAGE_LOCK_WINDOW,
        .width = (int)welcome->width,
        .height = (int)welcome->height};
    int width, height;

    if ((kiosk->fonts = fonts_new(FONTS_FOLDER, err)) == NULL ||
        (kiosk->window = window_open(&options, kiosk->fonts, err)) == NULL ||
        (kiosk->ui = ui_new(kiosk->fonts, err)) == NULL)
        return false;
    window_size(kiosk->window, &width, &height);
    ui_set_size(kiosk->ui, width, height, window_scale(width, height));
    return true;
}

static void say_why_not(struct kiosk *kiosk, const struct error *err)
{
    struct trouble trouble = {.is_final = true};
    char now[TIMESTAMP_SIZE];

    link_log(&kiosk->link, "not ready: %s", err->text);
    timestamp_format(clock_wall_ms(kiosk->clock), now);
    (void)snprintf(trouble.title, sizeof trouble.title, "%s", _("This seat is not ready."));
    (void)snprintf(trouble.what, sizeof trouble.what, _("%s. This computer's clock says %.10s %.5s UTC."),
        err->text, now, now + 11);
    (void)snprintf(trouble.safe, sizeof trouble.safe, "%s", _("Whatever was saved on it is still there."));
    (void)snprintf(trouble.todo, sizeof trouble.todo, "%s",
        _("Please use another seat, and tell whoever set this one up."));
    (void)snprintf(trouble.code, sizeof trouble.code, "E-SEAT-%d", (int)err->code);
    kiosk->trouble = trouble;
    kiosk_happen(kiosk, EVENT_FAILURE);
}

static void first_screen(struct kiosk *kiosk, const struct kiosk_options *options)
{
    struct error err = {0};
    const bool ok = options->practice_file != NULL
                        ? load_practice(kiosk, options->practice_file, &err)
                        : load_seat(kiosk, options->seat_folder, &err) && restore(kiosk, &err);

    if (!ok)
        say_why_not(kiosk, &err);
    else if (kiosk->sitting != NULL)
        kiosk_go_on(kiosk);
    else
        kiosk_lay(kiosk, OVERLAY_NONE);
}

static bool watch_all(struct kiosk *kiosk, struct error *err)
{
    return window_watch(kiosk->window, kiosk->link.socket, err) &&
           window_watch(kiosk->window, worker_descriptor(kiosk->worker), err) &&
           (kiosk->spool_watch < 0 || window_watch(kiosk->window, kiosk->spool_watch, err));
}

static bool enter_sandbox(struct kiosk *kiosk, const struct kiosk_options *options, struct error *err)
{
    if (!screen_sandbox(options->seat_folder, options->practice_file, window_devices(kiosk->window), err))
        return false;
    if (err->code != ERROR_NONE)
        link_log(&kiosk->link, "sandbox: %s", err->text);
    *err = (struct error){0};
    return true;
}

struct kiosk *kiosk_new(const struct kiosk_options *options, struct error *err)
{
    struct kiosk *kiosk = calloc(1, sizeof *kiosk);

    if (kiosk == NULL) {
        error_set(err, ERROR_NOMEM, "out of memory");
        return NULL;
    }
    kiosk->clock = clock_default();
    kiosk->spool_watch = -1;
    kiosk->has_readable_swap = swap_is_readable(SWAP_LIST, SWAP_DEVICES);
    kiosk->state = SESSION_WAITING;
    if (!link_open(&kiosk->link, MESSAGE_SOCKET, err) || !open_window(kiosk, err) ||
        !enter_sandbox(kiosk, options, err) || !checkin_init(&kiosk->checkin, err) ||
        (kiosk->worker = worker_new(err)) == NULL)
        goto failed;
    first_screen(kiosk, options);
    if (!watch_all(kiosk, err) || !draw(kiosk, err))
        goto failed;
    if (!link_report(&kiosk->link, kiosk->clock, kiosk->sitting) ||
        !link_ready(&kiosk->link, window_number(kiosk->window))) {
        error_set(err, ERROR_IO, "the guard is gone");
        goto failed;
    }
    return kiosk;
failed:
    kiosk_free(kiosk);
    return NULL;
}

void kiosk_free(struct kiosk *kiosk)
{
    if (kiosk == NULL)
        return;
    worker_free(kiosk->worker);
    sitting_free(kiosk->sitting);
    checkin_release(&kiosk->checkin);
    spool_free(kiosk->spool);
    memory_free(kiosk->memory);
    seat_free(kiosk->seat);
    arena_release(&kiosk->frame);
    ui_free(kiosk->ui);
    window_free(kiosk->window);
    fonts_free(kiosk->fonts);
    if (kiosk->spool_watch >= 0)
        (void)close(kiosk->spool_watch); /* a watch keeps nothing */
    link_close(&kiosk->link);
    explicit_bzero(kiosk, sizeof *kiosk);
    free(kiosk);
}
