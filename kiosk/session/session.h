/* session.h: what a seat does next: the session as a table of states and events. Knows no SDL, no files, no time.
 *
 *     waiting ─ check-in ─ start ─ starting ─ agreement ─ tutorial ─ question ⇄ review ─ confirm ─ survey
 *        ▲  └─ resume ─ resuming ─ gap ─► session_of_attempt                 │                        │
 *        └──── release ─── received ◄── stored ◄── sealing ◄── time up ──────┴────────────────────────┘
 *
 * What a state shows and does is the screens' business; what is true of a session is the attempt's (core/attempt.h).
 * A state that this exam has nothing for (no agreement, no tutorial, no survey) is left at once by EVENT_EMPTY. A cell
 * that is SESSION_REFUSED: the event doesn't belong there, and nothing changes. Only a code leads to content, and from
 * AGREEMENT on only a sealed result leads back to waiting. */
#ifndef CARREL_KIOSK_SESSION_H
#define CARREL_KIOSK_SESSION_H

#include "core/attempt.h"

enum session_state {
    SESSION_REFUSED,  /* no state: the answer to an event that doesn't belong here */
    SESSION_WAITING,  /* for an admission number */
    SESSION_CHECK_IN, /* the candidate as on the ID; the candidate confirms, staff look */
    SESSION_START,    /* staff: start code and initials */
    SESSION_STARTING, /* the code is tried: keys unwrapped, package opened, journal written full of zeros */
    SESSION_RESUME,   /* staff: a session that was not ended is here; resume or room code and initials */
    SESSION_RESUMING, /* the code is tried: keys unwrapped, package opened, journal read */
    SESSION_DAMAGED,  /* staff: its journal is damaged; go on with the good part by a code, or leave it */
    SESSION_GAP,      /* staff: it is open again; how long nobody was there, and who takes that on */
    SESSION_FAILED,   /* it could not be opened: why, what is safe, what to do */
    SESSION_AGREEMENT,
    SESSION_TUTORIAL,
    SESSION_QUESTION,
    SESSION_REVIEW,
    SESSION_CONFIRM,  /* really submit? */
    SESSION_SURVEY,
    SESSION_SEALING,  /* the exam is over; the result is signed and sealed */
    SESSION_STORED,   /* it is in spool/out */
    SESSION_RECEIVED, /* and the server has it */
    SESSION_STATES
};
const char *session_state_name(enum session_state state); /* as in ID.status: "waiting", "question" … */

enum session_event {
    EVENT_ADMISSION,  /* a number with a ticket that may start here */
    EVENT_UNFINISHED, /* a number with a session here that was not ended */
    EVENT_CONFIRMED,  /* the candidate: that is me */
    EVENT_BACK,
    EVENT_CODE,       /* a code was typed that is no mistype */
    EVENT_WRONG_CODE, /* it opened nothing */
    EVENT_OPENED,     /* keys, package and journal are there; a new session */
    EVENT_DAMAGE,     /* its journal is damaged */
    EVENT_REOPENED,   /* keys, package and journal are there; an old session */
    EVENT_FAILURE,    /* it can't be opened */
    EVENT_EMPTY,      /* this exam has nothing to show here */
    EVENT_AGREED,
    EVENT_DECLINED,
    EVENT_CONTINUE,   /* tutorial, survey: done */
    EVENT_QUESTION,   /* go to a question */
    EVENT_REVIEW,     /* go to the review */
    EVENT_FINISH,     /* asks to submit */
    EVENT_SUBMIT,     /* confirmed, by a typed word */
    EVENT_TIME_UP,    /* of this state's clock: the agreement's, or the exam's */
    EVENT_STAFF_END,  /* staff end the session, with a reason */
    EVENT_SEALED,
    EVENT_RECEIPT,    /* one that verifies */
    EVENT_RELEASE,    /* staff give the seat to the next candidate */
    SESSION_EVENTS
};
const char *session_event_name(enum session_event event);

enum session_state session_next(enum session_state state, enum session_event event);

/* Where a session goes on that was interrupted: a pure function of what is on disk. */
enum session_state session_of_attempt(const struct attempt *attempt);
/* True while exam content may be on screen. */
bool session_shows_content(enum session_state state);

#endif
