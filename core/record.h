/* record.h: what happened in a session, one record at a time (docs/formats/record.md).
 *
 * A record is one line of JSON. The journal holds these lines encrypted, the transcript holds the same lines in the
 * clear: there is one encoding. The session is the fold of its records (attempt.h). */
#ifndef CARREL_RECORD_H
#define CARREL_RECORD_H

#include "core/arena.h"
#include "core/clock.h"
#include "core/code.h"
#include "core/crypto/digest.h"
#include "core/form.h"

enum record_kind {
    RECORD_START,    /* first of all: which session, ticket, package, seat, software, lock */
    RECORD_RUN,      /* next, and first of each later run: why, on which boot, by whose code */
    RECORD_FORM,     /* the resolved form: items, versions, order of choices */
    RECORD_PHASE,    /* agreement, tutorial, exam, survey … entered */
    RECORD_VISIT,    /* an item is on screen (position), or the review (position = count) */
    RECORD_RESPONSE, /* the values of one response variable, replacing those before */
    RECORD_FLAG,     /* marked for review or not */
    RECORD_BEAT,     /* nothing happened, time passed */
    RECORD_COVER,    /* screen covered or shown again, and by what */
    RECORD_STAFF,    /* an act of staff, with initials and reason */
    RECORD_CREDIT,   /* exam time given back, with reason */
    RECORD_SURVEY,   /* an answer of the survey */
    RECORD_END,      /* over: nothing comes after it */
    RECORD_KINDS
};

enum run_reason { RUN_BEGIN, RUN_SCREEN_RESTART, RUN_RESUME, RUN_DISK, RUN_REASONS };
enum phase { PHASE_AGREEMENT, PHASE_TUTORIAL, PHASE_EXAM, PHASE_SURVEY, PHASE_ENDED, PHASES };
enum end_reason { END_SUBMITTED, END_TIME, END_DECLINED, END_STAFF, END_WINDOW, END_REASONS };
enum cover_reason { COVER_NONE, COVER_STAFF, COVER_LATE_SAVE, COVER_SCREEN_GONE, COVER_LOCK, COVER_REASONS };
enum lock_kind { LOCK_NONE, LOCK_X11, LOCK_CONSOLE, LOCK_WAYLAND, LOCK_KINDS };

struct record_form_item {
    const char *item, *version;
    const char *const *choices; /* identifiers in the order shown */
    size_t choice_count;
};

struct record {
    enum record_kind kind;
    uint64_t sequence;  /* from 0, over all runs */
    int64_t exam_ms;    /* exam time used: stands still outside PHASE_EXAM */
    int64_t boot_ms;    /* CLOCK_BOOTTIME */
    int64_t wall_ms;
    union {
        struct {
            const char *session, *admission, *candidate_id, *center, *seat, *software, *package_id;
            unsigned epoch;
            struct digest ticket, package;
            enum lock_kind lock;
            enum exam_content content;
            int64_t max_time_ms;
        } start;
        struct {
            enum run_reason reason;
            const char *boot_id;
            enum code_kind code; /* begin, resume */
            unsigned code_number;
            const char *initials; /* "" on a restart of the screen */
            int64_t gap_ms;       /* resume: how long nobody was there (attempt_gap) */
            const char *second;   /* resume: initials of another member of staff, "" where one is enough */
        } run;
        struct {
            const struct record_form_item *items;
            size_t count;
        } form;
        struct {
            enum phase phase;
        } phase;
        struct {
            size_t position;
        } visit;
        struct {
            size_t position;
            const char *response; /* "RESPONSE" */
            const char *const *values;
            size_t count;
        } response;
        struct {
            size_t position;
            bool on;
        } flag;
        struct {
            enum cover_reason reason; /* COVER_NONE: shown again */
        } cover;
        struct {
            const char *act, *initials, *reason;
        } staff;
        struct {
            int64_t ms; /* exam time given back */
            const char *reason, *initials;
            const char *second; /* initials of another member of staff, "" where one is enough */
        } credit;
        struct {
            const char *question, *choice;
        } survey;
        struct {
            enum end_reason reason;
        } end;
    } u;
};

/* Appends the JSON, no newline. */
bool record_encode(const struct record *record, struct buffer *json, struct error *err);
/* Text lives in the arena. */
bool record_decode(struct bytes json, struct arena *arena, struct record *record, struct error *err);
const char *record_kind_name(enum record_kind kind);
const char *phase_name(enum phase phase);
const char *end_reason_name(enum end_reason reason);

#endif
