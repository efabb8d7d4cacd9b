/* sitting.h: one candidate's session on this seat, from the code that opens it to the sealed result.
 *
 *     check-in ──────── sitting_begin ──┐                         ┌─ sitting_end ─ sitting_seal ─► spool/out/ID.result
 *     a code, a crash ─ sitting_reopen ─┴─► visit, choose, flag … ┤
 *                       sitting_resume      sitting_tick          └─ (never ended: after its window, ID.journal)
 *
 * The truth is the journal: each change is appended and synced, then folded into the attempt that screens
 * read. A change that could not be saved stays in `pending`, is shown as not saved, and is tried again with
 * each tick. Opening is in sitting_open.c, acting in sitting.c. Knows no SDL; the clock and the disk are arguments. */
#ifndef CARREL_SEAT_SITTING_H
#define CARREL_SEAT_SITTING_H

#include "core/attempt.h"
#include "core/exam.h"
#include "core/journal.h"
#include "core/scoring_key.h"
#include "core/ticket.h"
#include "kiosk/seat/memory.h"
#include "kiosk/seat/seat.h"
#include "kiosk/session/exam_time.h"

#define SITTING_SURVEY_MAX 32u

struct sitting {
    const struct clock *clock;
    const struct disk *disk;
    const struct seat *seat; /* NULL in practice */
    enum lock_kind lock;
    char id[OBJECT_ID_SIZE];
    struct ticket *ticket; /* practice: made up by sitting_practice */
    struct digest ticket_digest;
    struct session_keys keys;
    struct exam *exam;
    struct scoring_key *practice_key; /* practice only */
    size_t *items;                    /* position in the form → index in exam->items */
    struct journal *journal;          /* NULL in practice */
    struct attempt *attempt;
    int64_t saved_boot_ms, saved_exam_ms; /* of the last synced record */
    struct pace pace;                     /* how fast the candidate's acts are written */
    bool is_unsaved;                      /* the last record could not be written */
    bool is_refused;                      /* the last one did not fit the rules of a session: not a disk's fault */
    unsigned file;                        /* of the journal, as the last record found it */
    struct error save_error;
    size_t survey[SITTING_SURVEY_MAX]; /* of each question: the choice chosen + 1 */
    bool is_ending;                    /* the end was asked for and is not on disk yet */
    enum end_reason ending;
    struct {
        bool is_set;
        size_t position;
        const char *values[CHOICES_MAX]; /* identifiers of the exam's choices */
        size_t count;
    } pending; /* the answer shown on screen that is not on disk yet */
};

/* Who opened it, by which code. */
struct sitting_opening {
    enum run_reason reason;
    enum code_kind code;
    unsigned code_number;
    const char *initials;
    const char *second; /* resume: of another member of staff, where the gap needs one; else NULL or "" */
};

/* What begin and resume are given. Takes ticket, keys and exam over, also on failure. */
struct sitting_parts {
    const struct clock *clock;
    const struct disk *disk;
    const struct seat *seat;
    enum lock_kind lock;
    struct ticket *ticket;
    struct digest ticket_digest;
    struct session_keys keys;
    struct exam *exam;
};

/* Makes room for a new session: its journal and the place for its result full of zeros, so that no full disk can stop
 * it. Takes seconds on a slow disk. is_again: it was stopped while it began, before anything was shown, and its files
 * are made anew; without, ERROR_REFUSED where there is a journal: it may be the truth. ERROR_FULL: nothing was left
 * behind. */
bool sitting_reserve(const struct seat *seat, const struct disk *disk, const struct ticket *ticket,
    bool is_again, struct error *err);
/* A new session in that room: writes its first records. Where that fails the room is given back. */
struct sitting *sitting_begin(
    struct sitting_parts *parts_take, const struct sitting_opening *opening, struct error *err);
/* One that is in a journal here, read to its end. No time passes in it, and nothing may be done, until it is resumed.
 * *end says how the journal ended. JOURNAL_DAMAGED without accept_damage: NULL. */
struct sitting *sitting_reopen(
    struct sitting_parts *parts_take, bool accept_damage, enum journal_end *end, struct error *err);
/* How long nobody was there, when a code resumes it now. */
struct attempt_gap sitting_gap(const struct sitting *sitting);
/* Goes on: after a code (RUN_RESUME) or a crash of the screen (RUN_SCREEN_RESTART). False when it could not be saved,
 * or its gap needs a second member of staff. One that has ended waits only to be sealed. */
bool sitting_resume(struct sitting *sitting, const struct sitting_opening *opening, struct error *err);
/* A practice package, straight at its first question: no journal, no seat. Takes both over. */
struct sitting *sitting_practice(
    const struct clock *clock, struct exam *exam_take, struct scoring_key *key_take, struct error *err);
void sitting_free(struct sitting *sitting); /* NULL is fine; wipes */

/* --- what the candidate does: false when it could not be saved (then is_unsaved, and the reason)
 * -------------- */
bool sitting_enter(struct sitting *sitting, enum phase phase);
bool sitting_visit(struct sitting *sitting, size_t position); /* item_count: the review */
/* A choice clicked: single response replaces, multiple response toggles. False also when nothing may change.
 */
bool sitting_choose(struct sitting *sitting, size_t position, size_t shown_choice);
bool sitting_flag(struct sitting *sitting, size_t position, bool on);
bool sitting_survey(struct sitting *sitting, size_t question, size_t choice);
bool sitting_end(struct sitting *sitting, enum end_reason reason);
/* An act of staff, an identifier, with initials and reason. */
bool sitting_staff(struct sitting *sitting, const char *act, const char *initials, const char *reason);
bool sitting_cover(struct sitting *sitting, enum cover_reason reason);

/* --- time
 * ----------------------------------------------------------------------------------------------------- */
/* Does what is due: the heartbeat, an unsaved record again, the end at the limit. */
void sitting_tick(struct sitting *sitting);
/* CLOCK_BOOTTIME at which the next tick is due; INT64_MAX: none. */
int64_t sitting_next_tick_ms(const struct sitting *sitting);
struct exam_time sitting_time(const struct sitting *sitting);
int64_t sitting_left_ms(const struct sitting *sitting);
/* ms left of the agreement's own clock; INT64_MAX where it has none. */
int64_t sitting_agreement_left_ms(const struct sitting *sitting);

/* --- reading
 * --------------------------------------------------------------------------------------------------- */
const struct item *sitting_item(const struct sitting *sitting, size_t position);
const struct simple_choice *sitting_choice(
    const struct sitting *sitting, size_t position, size_t shown_choice);
bool sitting_is_chosen(const struct sitting *sitting, size_t position, size_t shown_choice);
size_t sitting_chosen_count(const struct sitting *sitting, size_t position);
bool sitting_is_answered(const struct sitting *sitting, size_t position);

/* --- the end
 * --------------------------------------------------------------------------------------------------- */
/* Signs and seals the transcript into the place kept for it and puts it in spool/out; then the journal goes.
 * The memory notes it as stored. Until it returns true the journal holds everything. */
bool sitting_seal(struct sitting *sitting, struct memory *memory, struct error *err);
/* Whether a screen process that died left something to go on with: the session had begun, and its result is not out. */
bool sitting_goes_on(const struct sitting_parts *parts, struct memory *memory);
/* Where it did not: what may be left of it goes too. */
void sitting_clear_up(const struct sitting_parts *parts);

/* --- the two memory files the guard holds ------------------------------------------------------------------
 */
#define SITTING_KEYS_MAX_BYTES (64u << 10)
/* Sealed memfds, the caller's to close; −1 on failure. */
int sitting_keys_memory(const struct sitting *sitting, struct error *err);
int sitting_package_memory(const struct sitting *sitting, struct error *err);
/* Ticket, its digest, keys and exam out of the two. Fills those of parts. */
bool sitting_parts_restore(int keys_fd, int package_fd, struct sitting_parts *parts, struct error *err);
void sitting_parts_release(struct sitting_parts *parts);

#endif
