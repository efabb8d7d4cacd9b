/* kiosk.h: the screen process: what it holds, which screen is shown, and its loop.
 *
 *     input → the screen's function builds a frame, acts on the sitting, says what happened
 *           → session_next decides (kiosk/session/session.h) → the screen of the new state → window_show
 *
 * One thread owns all of it. What takes long goes to the worker, what it made comes back through checkin.h.
 */
#ifndef CARREL_SCREENS_KIOSK_H
#define CARREL_SCREENS_KIOSK_H

#include "kiosk/screens/checkin.h"
#include "kiosk/screens/link.h"
#include "kiosk/screens/worker.h"
#include "kiosk/seat/delivery.h"
#include "kiosk/seat/spool.h"
#include "kiosk/session/session.h"
#include "kiosk/ui/ui.h"
#include "kiosk/ui/window.h"

/* What lies over the screen of a state for a while; the state stays. */
enum overlay {
    OVERLAY_NONE,
    OVERLAY_NUMBER,    /* waiting: the admission number is typed */
    OVERLAY_STAFF,     /* waiting: what the seat knows, and unlocking */
    OVERLAY_DECLINE,   /* agreement: really leave? */
    OVERLAY_RELEASE,   /* stored: staff make the seat free */
    OVERLAY_SCORE,     /* practice, at its end */
    OVERLAY_RATIONALE, /* practice: a question explained */
    OVERLAYS
};

/* A failure, told to the person who can act on it: what happened, what is safe, what to do, who to call. */
struct trouble {
    char title[NAME_SIZE];
    char what[512];
    char safe[NAME_SIZE];
    char todo[NAME_SIZE];
    char code[IDENTIFIER_SIZE]; /* small, for staff: E-DISK-28 */
    bool is_final; /* nothing to press: another process, or another seat, goes on */
};

enum review_filter { FILTER_ALL, FILTER_UNANSWERED, FILTER_FLAGGED };

struct kiosk {
    const struct clock *clock;
    struct link link;
    struct fonts *fonts;
    struct window *window;
    struct ui *ui;
    struct worker *worker;
    struct arena frame; /* what a frame puts together; emptied when the next begins */
    enum session_state state; /* changed by kiosk_happen, or taken from an attempt by kiosk_go_on */
    enum overlay overlay;
    bool is_over;
    bool has_readable_swap; /* asked before the sandbox */
    bool wants_successor; /* the guard shall start a fresh process: for the next candidate */
    bool must_log; /* the log does not know yet which screen is shown */
    uint32_t visit; /* grows with each screen and item shown: focus starts anew */

    struct seat *seat; /* NULL in practice, or when the seat could not be loaded */
    struct memory *memory;
    struct spool *spool;
    int spool_watch; /* inotify; −1 where there is none */
    int64_t next_delivery_ms; /* CLOCK_BOOTTIME */
    struct checkin checkin;
    struct sitting *sitting;
    struct trouble trouble;

    enum review_filter filter;
    bool hides_time;
    int64_t notice_until_ms; /* CLOCK_BOOTTIME: the five-minutes bar */
    bool five_minutes_said;
    bool must_restore; /* a session is in the guard's memory and could not be opened yet: tried again */
    enum cover_reason cover; /* as the guard said last */
    bool told_unsaved; /* the log knows that the disk fails */
    char word_bytes[NAME_SIZE]; /* what is typed to end the exam, to release the seat, to unlock */
    struct field_text word;
    char staff_hint[NAME_SIZE];
    bool shows_keys; /* the keys on the screen, for who has no keyboard */
    struct receipt receipt;
    bool has_receipt;
    struct score score; /* practice */
    size_t rationale;   /* practice: position shown */
};

struct kiosk_options {
    const char *seat_folder;
    const char *practice_file; /* NULL: a seat */
};

/* Says hello to the guard, opens the window, shows the first frame. */
struct kiosk *kiosk_new(const struct kiosk_options *options, struct error *err);
bool kiosk_run(struct kiosk *kiosk, struct error *err);
void kiosk_free(struct kiosk *kiosk); /* NULL is fine; wipes */

/* --- for screens -------------------------------------------------------------------------------------------
 */
/* Something happened: to the next state by the table, and its screen. What doesn't belong there changes nothing. */
void kiosk_happen(struct kiosk *kiosk, enum session_event event);
/* Puts something over the state's screen, or (OVERLAY_NONE) takes it away. */
void kiosk_lay(struct kiosk *kiosk, enum overlay overlay);
/* A sitting was opened again: to where its attempt is. */
void kiosk_go_on(struct kiosk *kiosk);
/* Shows an item; past the last one, the review. */
void kiosk_visit(struct kiosk *kiosk, size_t position);
/* Ends the exam: to the survey, or seals it, or says why it could not be. */
void kiosk_finish(struct kiosk *kiosk, enum end_reason reason);
/* Seals what has ended (again, after a failure). */
void kiosk_seal(struct kiosk *kiosk);
/* Forgets the candidate: this process ends, the guard starts another. Caches, heap and pages go with it; nothing has to
 * be wiped by hand, and nothing can be forgotten. */
void kiosk_release(struct kiosk *kiosk);
void kiosk_clear_word(struct kiosk *kiosk);
/* Text put together for this frame. */
const char *kiosk_say(struct kiosk *kiosk, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* "0:27:41"; the last second shows as 0:00:01. */
const char *kiosk_time(struct kiosk *kiosk, int64_t ms);
bool kiosk_is_practice(const struct kiosk *kiosk);

#endif
