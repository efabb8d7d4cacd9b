/* ladder.h: who may sit what, as a programme's rules say. Pure: no clock, no store.
 *
 * A ladder is one person on one programme: of each title what they have of it, folded out of the store's rows
 * in the order in which they came to be.
 *
 *     ladder = (struct ladder){.programme = programme};
 *     ladder_add_session(&ladder, "pcap", &row, now_ms);  …oldest first
 *     ladder_add_title(&ladder, &row);                    …in any order
 *     ladder_may_sit(&ladder, index, opens_ms, &answer);
 */
#ifndef CARREL_SERVER_LADDER_H
#define CARREL_SERVER_LADDER_H

#include "core/programme.h"
#include "server/store/store.h"

/* How long a session that has begun is waited for behind the close of its window: a seat keeps a result no
 * longer, so that the server asks for none any more. */
#define RESULT_WAIT_MS (35LL * 24 * 3600 * 1000)

/* What a session is worth as an attempt (docs/programme.md has the table). */
enum turn {
    TURN_VOID,   /* replaced by another admission: none */
    TURN_ABSENT, /* its window went by and nothing was heard of it: none */
    TURN_OPEN,   /* admitted, begun, or received and not yet scored: nothing else until it is over */
    TURN_LOST,   /* it began and nothing came of it: none, but its items were seen */
    TURN_HELD,   /* for a person to decide: no score, and the wait before the next is that of an attempt */
    TURN_FAILED,
    TURN_PASSED,
    TURNS
};
const char *turn_name(enum turn turn); /* "void", … */
enum turn turn_of(const struct session_row *session, int64_t now_ms);

/* What somebody has of one title. */
struct ladder_step {
    bool has_title; /* the row got last: */
    enum title_state state;
    int64_t awarded_ms, expires_ms; /* expires_ms 0: never */
    bool is_open;                   /* an attempt is */
    char open_center[IDENTIFIER_SIZE];
    enum standing open_standing;
    int64_t last_ms; /* the newest attempt the wait counts from; 0: none */
};

struct ladder {
    const struct programme *programme;
    struct ladder_step steps[PROGRAMME_TITLES_MAX]; /* of its titles, in their order */
};

/* A session of the exam; of one the programme doesn't name, nothing. */
void ladder_add_session(
    struct ladder *ladder, const char *exam, const struct session_row *session, int64_t now_ms);
/* Of each title the one got last counts; of one the programme doesn't name, nothing. */
void ladder_add_title(struct ladder *ladder, const struct title_row *title);

enum ladder_verdict {
    LADDER_MAY,
    LADDER_MISSING, /* a title that is needed… */
    LADDER_REVOKED,
    LADDER_REVIEW,
    LADDER_EXPIRED,
    LADDER_HOLDS, /* the title is held already, or under review */
    LADDER_OPEN,  /* an attempt is */
    LADDER_EARLY, /* for a retake */
    LADDER_VERDICTS
};
const char *ladder_verdict_code(enum ladder_verdict verdict); /* "prerequisite", … for programs */

struct ladder_answer {
    enum ladder_verdict verdict;
    int64_t from_ms;          /* LADDER_EARLY: the first moment it is possible */
    char reason[REASON_SIZE]; /* for people; "" where they may */
};

/* Whether this title is held at that moment: neither under review nor revoked nor expired. */
bool ladder_holds(const struct ladder *ladder, size_t title, int64_t at_ms);
/* Whether all it needs is held at that moment; else the first that is not. */
bool ladder_has_needs(const struct ladder *ladder, size_t title, int64_t at_ms, struct ladder_answer *answer);
/* Whether the exam of this title may be sat in a window that opens at that moment. */
void ladder_may_sit(
    const struct ladder *ladder, size_t title, int64_t opens_ms, struct ladder_answer *answer);
/* Whether this title, which has no exam, is to be awarded: never again once a person has decided on it. */
bool ladder_is_due(const struct ladder *ladder, size_t title, int64_t at_ms);
/* When a title of that moment ends: by its months, or with the first of what it needs; 0: never. */
int64_t ladder_expiry(const struct ladder *ladder, size_t title, int64_t at_ms);

/* The same time of day so many months later, on the last day of the month where it has no such day. */
int64_t months_later(int64_t wall_ms, unsigned months);

/* --- deciding on a title ---------------------------------------------------------------------- */

enum title_act { TITLE_AWARD, TITLE_REVIEW, TITLE_REVOKE, TITLE_RESTORE, TITLE_ACTS };
const char *title_act_name(enum title_act act); /* "award", … */
/* What the act makes of a title. ERROR_REFUSED where it makes nothing of it. */
bool title_next(enum title_state state, enum title_act act, enum title_state *next, struct error *err);
/* Which of the programme's titles stand on this one, directly or by what they need. */
void ladder_built_on(const struct programme *programme, size_t title, bool is_built[PROGRAMME_TITLES_MAX]);

#endif
