#include "kiosk/session/session.h"

#include <assert.h>

static const char *const states[] = {
    [SESSION_REFUSED] = "refused",
    [SESSION_WAITING] = "waiting",
    [SESSION_CHECK_IN] = "check-in",
    [SESSION_START] = "start",
    [SESSION_STARTING] = "starting",
    [SESSION_RESUME] = "resume",
    [SESSION_RESUMING] = "resuming",
    [SESSION_DAMAGED] = "damaged",
    [SESSION_GAP] = "gap",
    [SESSION_FAILED] = "failed",
    [SESSION_AGREEMENT] = "agreement",
    [SESSION_TUTORIAL] = "tutorial",
    [SESSION_QUESTION] = "question",
    [SESSION_REVIEW] = "review",
    [SESSION_CONFIRM] = "confirm",
    [SESSION_SURVEY] = "survey",
    [SESSION_SEALING] = "sealing",
    [SESSION_STORED] = "stored",
    [SESSION_RECEIVED] = "received",
};
static_assert(sizeof states / sizeof states[0] == SESSION_STATES, "name them all");

static const char *const events[] = {
    [EVENT_ADMISSION] = "admission",
    [EVENT_UNFINISHED] = "unfinished",
    [EVENT_CONFIRMED] = "confirmed",
    [EVENT_BACK] = "back",
    [EVENT_CODE] = "code",
    [EVENT_WRONG_CODE] = "wrong-code",
    [EVENT_OPENED] = "opened",
    [EVENT_DAMAGE] = "damage",
    [EVENT_REOPENED] = "reopened",
    [EVENT_FAILURE] = "failure",
    [EVENT_EMPTY] = "empty",
    [EVENT_AGREED] = "agreed",
    [EVENT_DECLINED] = "declined",
    [EVENT_CONTINUE] = "continue",
    [EVENT_QUESTION] = "question",
    [EVENT_REVIEW] = "review",
    [EVENT_FINISH] = "finish",
    [EVENT_SUBMIT] = "submit",
    [EVENT_TIME_UP] = "time-up",
    [EVENT_STAFF_END] = "staff-end",
    [EVENT_SEALED] = "sealed",
    [EVENT_RECEIPT] = "receipt",
    [EVENT_RELEASE] = "release",
};
static_assert(sizeof events / sizeof events[0] == SESSION_EVENTS, "name them all");

const char *session_state_name(enum session_state state)
{
    return states[state];
}

const char *session_event_name(enum session_event event)
{
    return events[event];
}

enum session_state session_next(enum session_state state, enum session_event event)
{
    static const enum session_state next[SESSION_STATES][SESSION_EVENTS] = {
        [SESSION_WAITING][EVENT_ADMISSION] = SESSION_CHECK_IN,
        [SESSION_WAITING][EVENT_UNFINISHED] = SESSION_RESUME,
        [SESSION_WAITING][EVENT_FAILURE] = SESSION_FAILED,
        [SESSION_CHECK_IN][EVENT_CONFIRMED] = SESSION_START,
        [SESSION_CHECK_IN][EVENT_BACK] = SESSION_WAITING,
        [SESSION_CHECK_IN][EVENT_FAILURE] = SESSION_FAILED,
        [SESSION_START][EVENT_CODE] = SESSION_STARTING,
        [SESSION_START][EVENT_BACK] = SESSION_CHECK_IN,
        [SESSION_STARTING][EVENT_WRONG_CODE] = SESSION_START,
        [SESSION_STARTING][EVENT_FAILURE] = SESSION_FAILED,
        [SESSION_STARTING][EVENT_OPENED] = SESSION_AGREEMENT,
        [SESSION_RESUME][EVENT_CODE] = SESSION_RESUMING,
        [SESSION_RESUME][EVENT_BACK] = SESSION_WAITING,
        [SESSION_RESUMING][EVENT_WRONG_CODE] = SESSION_RESUME,
        [SESSION_RESUMING][EVENT_DAMAGE] = SESSION_DAMAGED,
        [SESSION_RESUMING][EVENT_FAILURE] = SESSION_FAILED,
        [SESSION_RESUMING][EVENT_REOPENED] = SESSION_GAP,
        [SESSION_GAP][EVENT_BACK] = SESSION_WAITING,
        [SESSION_GAP][EVENT_FAILURE] = SESSION_FAILED,
        [SESSION_DAMAGED][EVENT_CODE] = SESSION_RESUMING,
        [SESSION_DAMAGED][EVENT_BACK] = SESSION_WAITING,
        [SESSION_FAILED][EVENT_BACK] = SESSION_WAITING,

        [SESSION_AGREEMENT][EVENT_EMPTY] = SESSION_TUTORIAL,
        [SESSION_AGREEMENT][EVENT_AGREED] = SESSION_TUTORIAL,
        [SESSION_AGREEMENT][EVENT_DECLINED] = SESSION_SEALING,
        [SESSION_AGREEMENT][EVENT_TIME_UP] = SESSION_SEALING,
        [SESSION_AGREEMENT][EVENT_STAFF_END] = SESSION_SEALING,
        [SESSION_TUTORIAL][EVENT_EMPTY] = SESSION_QUESTION,
        [SESSION_TUTORIAL][EVENT_CONTINUE] = SESSION_QUESTION,
        [SESSION_TUTORIAL][EVENT_STAFF_END] = SESSION_SEALING,
        [SESSION_QUESTION][EVENT_QUESTION] = SESSION_QUESTION,
        [SESSION_QUESTION][EVENT_REVIEW] = SESSION_REVIEW,
        [SESSION_QUESTION][EVENT_FINISH] = SESSION_CONFIRM,
        [SESSION_QUESTION][EVENT_TIME_UP] = SESSION_SEALING,
        [SESSION_QUESTION][EVENT_STAFF_END] = SESSION_SEALING,
        [SESSION_REVIEW][EVENT_QUESTION] = SESSION_QUESTION,
        [SESSION_REVIEW][EVENT_REVIEW] = SESSION_REVIEW,
        [SESSION_REVIEW][EVENT_FINISH] = SESSION_CONFIRM,
        [SESSION_REVIEW][EVENT_TIME_UP] = SESSION_SEALING,
        [SESSION_REVIEW][EVENT_STAFF_END] = SESSION_SEALING,
        [SESSION_CONFIRM][EVENT_BACK] = SESSION_REVIEW,
        [SESSION_CONFIRM][EVENT_QUESTION] = SESSION_QUESTION,
        [SESSION_CONFIRM][EVENT_SUBMIT] = SESSION_SURVEY,
        [SESSION_CONFIRM][EVENT_TIME_UP] = SESSION_SEALING,
        [SESSION_CONFIRM][EVENT_STAFF_END] = SESSION_SEALING,

        [SESSION_SURVEY][EVENT_EMPTY] = SESSION_SEALING,
        [SESSION_SURVEY][EVENT_CONTINUE] = SESSION_SEALING,
        [SESSION_SURVEY][EVENT_TIME_UP] =
            SESSION_SURVEY, /* submitted just before: the exam is over already */
        [SESSION_SURVEY][EVENT_STAFF_END] = SESSION_SEALING,
        [SESSION_SEALING][EVENT_TIME_UP] = SESSION_SEALING, /* ended just before */
        [SESSION_SEALING][EVENT_SEALED] = SESSION_STORED,
        [SESSION_STORED][EVENT_RECEIPT] = SESSION_RECEIVED,
        [SESSION_STORED][EVENT_RELEASE] = SESSION_WAITING,
        [SESSION_RECEIVED][EVENT_RECEIPT] = SESSION_RECEIVED, /* once more, after the server asked again */
        [SESSION_RECEIVED][EVENT_RELEASE] = SESSION_WAITING,
    };

    return next[state][event];
}

enum session_state session_of_attempt(const struct attempt *attempt)
{
    static const enum session_state begun[PHASES] = {
        [PHASE_AGREEMENT] = SESSION_AGREEMENT,
        [PHASE_TUTORIAL] = SESSION_TUTORIAL,
        [PHASE_EXAM] = SESSION_QUESTION,
        [PHASE_SURVEY] = SESSION_SURVEY,
        [PHASE_ENDED] = SESSION_SEALING,
    };

    if (attempt->phase == PHASE_EXAM && attempt->position >= attempt->item_count)
        return SESSION_REVIEW;
    return begun[attempt->phase];
}

bool session_shows_content(enum session_state state)
{
    return state == SESSION_QUESTION || state == SESSION_REVIEW || state == SESSION_CONFIRM;
}
