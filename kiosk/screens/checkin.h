/* checkin.h: from an admission number to an opened session.
 *
 *     number ─ checkin_find ─► person ─► staff type a code ─ checkin_try ─► guard: may we? ─► worker: scrypt, unwrap
 *            ─► the code is noted as used ─► worker: sitting_reserve, open the package ─► sitting_begin
 *                                         or ─► sitting_reopen ─► staff see the gap ─ checkin_go_on ─► sitting_resume
 *
 * A code is only in secrets. What fails says so in `hint`, for staff, and leaves everything as it was. */
#ifndef CARREL_SCREENS_CHECKIN_H
#define CARREL_SCREENS_CHECKIN_H

#include "kiosk/seat/sitting.h"
#include "kiosk/seat/spool.h"
#include "kiosk/ui/widget.h"

struct kiosk;
struct message_answer;

enum checkin_step { CHECKIN_IDLE, CHECKIN_ASKING, CHECKIN_UNWRAPPING, CHECKIN_OPENING };

/* What the worker is given and gives back. */
struct checkin_job {
    const struct seat *seat;
    const struct ticket *ticket; /* the check-in's; not touched while the job runs */
    struct secret *code;         /* normalised */
    enum code_kind kind;         /* what the code can be by its length */
    enum code_kind opened_kind;
    unsigned opened_number; /* from 1 */
    struct session_keys keys;
    bool makes_room; /* the session begins … */
    bool is_again;   /* … and was stopped once while it began */
    struct exam *exam;
    struct error err;
};

struct checkin {
    enum checkin_step step;
    char number_bytes[NUMBER_SIZE];
    struct field_text number;
    struct spool_ticket known;
    struct ticket *ticket;
    struct digest digest;
    bool is_resume; /* the session was begun on this seat */
    bool is_again;  /* it was stopped while it began: the start code starts it once more */
    struct door_time time;
    struct door_answer door; /* of a session that is to begin */
    char second_bytes[INITIALS_SIZE];
    struct field_text second; /* outside the window, or for a long gap: another member of staff … */
    char reason_bytes[NAME_SIZE];
    struct field_text reason; /* … and why it starts outside its window */
    struct secret *code_bytes;
    struct field_text code;
    char initials_bytes[INITIALS_SIZE];
    struct field_text initials;
    ui_id typed_in; /* the field that keys on the screen type into; 0: the code */
    char hint[NAME_SIZE];
    int64_t wait_until_ms; /* CLOCK_BOOTTIME: the guard's pause after wrong codes */
    bool accept_damage;
    struct checkin_job job;
    struct sitting *reopened; /* its journal is read; goes on when staff have confirmed its gap */
};

bool checkin_init(struct checkin *checkin, struct error *err);
/* Wipes and forgets; ready for the next candidate. */
void checkin_clear(struct checkin *checkin);
void checkin_release(struct checkin *checkin);
/* Back to the next person: what was typed, and the theme and zoom that came with the ticket, are forgotten. */
void checkin_leave(struct kiosk *kiosk);

/* Looks the typed number up. False with a hint. On success the ticket is open, theme and zoom are the
 * candidate's. */
bool checkin_find(struct kiosk *kiosk);
/* True when its window is not open by this seat's time, or that time is wrong: two members of staff may start it. */
bool checkin_is_outside(const struct checkin *checkin);
/* Staff pressed Enter: false with a hint where the code or the initials can't be right. */
bool checkin_try(struct kiosk *kiosk);
/* The guard's answer to that. */
void checkin_answer(struct kiosk *kiosk, const struct message_answer *answer);
/* Staff went back: nothing of what they typed stays. */
void checkin_leave_code(struct checkin *checkin);
/* Staff confirmed the gap: the session goes on. False with a hint where a second member of staff is missing. */
bool checkin_go_on(struct kiosk *kiosk);
/* The worker is done with a step. */
void checkin_worked(struct kiosk *kiosk);

#endif
