#include "server/ladder.h"

#include <stdarg.h>
#include <time.h>

#define DAY_MS (24LL * 3600 * 1000)
#define DAY_TEXT_SIZE 32

/* --- attempts --------------------------------------------------------------------------------- */

const char *turn_name(enum turn turn)
{
    static const char *const names[TURNS] = {"void", "absent", "open", "lost", "held", "failed", "passed"};
    return names[turn];
}

enum turn turn_of(const struct session_row *session, int64_t now_ms)
{
    if (session->is_replaced)
        return TURN_VOID;
    switch (session->standing) {
    case STANDING_ADMITTED:
        /* Who started at the last moment is still at it. */
        return now_ms < session->closes_ms + session->max_time_ms ? TURN_OPEN : TURN_ABSENT;
    case STANDING_BEGUN: return now_ms < session->closes_ms + RESULT_WAIT_MS ? TURN_OPEN : TURN_LOST;
    case STANDING_RECEIVED: return TURN_OPEN;
    case STANDING_SCORED: return session->passed ? TURN_PASSED : TURN_FAILED;
    case STANDING_HELD: return TURN_HELD;
    case STANDING_VOID:
    case STANDINGS: break;
    }
    return TURN_VOID;
}

void ladder_add_session(
    struct ladder *ladder, const char *exam, const struct session_row *session, int64_t now_ms)
{
    size_t index;
    if (!programme_find_exam(ladder->programme, exam, &index))
        return;
    struct ladder_step *step = &ladder->steps[index];
    switch (turn_of(session, now_ms)) {
    case TURN_OPEN:
        step->is_open = true;
        step->open_standing = session->standing;
        memcpy(step->open_center, session->center, sizeof step->open_center);
        return;
    case TURN_HELD:
    case TURN_FAILED:
    case TURN_PASSED:
        if (session->taken_ms > step->last_ms)
            step->last_ms = session->taken_ms;
        return;
    case TURN_VOID:
    case TURN_ABSENT:
    case TURN_LOST:
    case TURNS: break;
    }
}

void ladder_add_title(struct ladder *ladder, const struct title_row *title)
{
    size_t index;
    if (!programme_find(ladder->programme, title->title, ladder->programme->title_count, &index))
        return;
    struct ladder_step *step = &ladder->steps[index];
    if (step->has_title && title->awarded_ms < step->awarded_ms)
        return; /* its result came late: what was got since counts */
    step->has_title = true;
    step->state = title->state;
    step->awarded_ms = title->awarded_ms;
    step->expires_ms = title->expires_ms;
}

/* --- titles ----------------------------------------------------------------------------------- */

static bool has_expired(const struct ladder_step *step, int64_t at_ms)
{
    return step->expires_ms != 0 && step->expires_ms <= at_ms;
}

/* LADDER_MAY: it is held at that moment. */
static enum ladder_verdict look_at(const struct ladder_step *step, int64_t at_ms)
{
    if (!step->has_title)
        return LADDER_MISSING;
    switch (step->state) {
    case TITLE_REVOKED: return LADDER_REVOKED;
    case TITLE_UNDER_REVIEW: return LADDER_REVIEW;
    case TITLE_HELD:
    case TITLE_STATES: break;
    }
    return has_expired(step, at_ms) ? LADDER_EXPIRED : LADDER_MAY;
}

bool ladder_holds(const struct ladder *ladder, size_t title, int64_t at_ms)
{
    return look_at(&ladder->steps[title], at_ms) == LADDER_MAY;
}

int64_t months_later(int64_t wall_ms, unsigned months)
{
    const time_t seconds = (time_t)(wall_ms / 1000);
    struct tm date;
    (void)gmtime_r(&seconds, &date); /* can't fail for years that fit */
    const int day = date.tm_mday;
    date.tm_mon += (int)months;
    struct tm later = date;
    time_t moment = timegm(&later);
    if (later.tm_mday != day) { /* the 31st of a month that has none: it ran into the next */
        date.tm_mon++;
        date.tm_mday = 0;
        moment = timegm(&date);
    }
    return (int64_t)moment * 1000 + wall_ms % 1000;
}

int64_t ladder_expiry(const struct ladder *ladder, size_t title, int64_t at_ms)
{
    const struct programme_title *rule = &ladder->programme->titles[title];
    int64_t first_ms = 0;
    if (rule->has_exam)
        return rule->valid_months == 0 ? 0 : months_later(at_ms, rule->valid_months);
    for (size_t i = 0; i < rule->need_count; i++) {
        const int64_t ends_ms = ladder->steps[rule->needs[i]].expires_ms;
        if (ends_ms != 0 && (first_ms == 0 || ends_ms < first_ms))
            first_ms = ends_ms;
    }
    return first_ms;
}

/* --- who may sit what ------------------------------------------------------------------------- */

const char *ladder_verdict_code(enum ladder_verdict verdict)
{
    static const char *const codes[LADDER_VERDICTS] = {"", "prerequisite", "prerequisite", "prerequisite",
        "prerequisite", "title-held", "attempt-open", "too-early"};
    return codes[verdict];
}

static bool refuse(struct ladder_answer *answer, enum ladder_verdict verdict, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Always false: the first reason ends the looking. */
static bool refuse(struct ladder_answer *answer, enum ladder_verdict verdict, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    answer->verdict = verdict;
    vsnprintf(answer->reason, sizeof answer->reason, format, values);
    va_end(values);
    return false;
}

/* "2026-12-01 10:15 UTC": whoever reads it may be at any center. */
static const char *day_text(int64_t wall_ms, char text[DAY_TEXT_SIZE])
{
    const time_t seconds = (time_t)(wall_ms / 1000);
    struct tm date;
    (void)gmtime_r(&seconds, &date);
    (void)strftime(text, DAY_TEXT_SIZE, "%Y-%m-%d %H:%M UTC", &date);
    return text;
}

bool ladder_has_needs(const struct ladder *ladder, size_t title, int64_t at_ms, struct ladder_answer *answer)
{
    static const char *const why[LADDER_VERDICTS] = {[LADDER_MISSING] = "is missing",
        [LADDER_REVOKED] = "is revoked",
        [LADDER_REVIEW] = "is under review",
        [LADDER_EXPIRED] = "expired on"};
    const struct programme_title *rule = &ladder->programme->titles[title];
    for (size_t i = 0; i < rule->need_count; i++) {
        const struct ladder_step *step = &ladder->steps[rule->needs[i]];
        const enum ladder_verdict verdict = look_at(step, at_ms);
        char day[DAY_TEXT_SIZE];
        if (verdict != LADDER_MAY)
            return refuse(answer, verdict, "%s needs %s, which %s%s%s", rule->name,
                ladder->programme->titles[rule->needs[i]].name, why[verdict],
                verdict == LADDER_EXPIRED ? " " : "",
                verdict == LADDER_EXPIRED ? day_text(step->expires_ms, day) : "");
    }
    return true;
}

/* Who lost a title, or whose title has expired, may earn it again. */
static bool is_free(const struct programme_title *rule, const struct ladder_step *step, int64_t opens_ms,
    struct ladder_answer *answer)
{
    const enum ladder_verdict verdict = look_at(step, opens_ms);
    if (verdict == LADDER_MAY)
        return refuse(answer, LADDER_HOLDS, "%s is held already", rule->name);
    return verdict != LADDER_REVIEW ||
           refuse(answer, LADDER_HOLDS, "%s is under review: the board decides first", rule->name);
}

static bool is_nothing_open(
    const struct programme_title *rule, const struct ladder_step *step, struct ladder_answer *answer)
{
    return !step->is_open || refuse(answer, LADDER_OPEN, "an attempt at %s is open in the center %s: %s",
                                 rule->name, step->open_center,
                                 step->open_standing == STANDING_ADMITTED ? "admitted, not begun"
                                 : step->open_standing == STANDING_BEGUN ? "begun, its result is not here yet"
                                                                         : "its result is not scored yet");
}

static bool is_late_enough(
    const struct ladder *ladder, size_t title, int64_t opens_ms, struct ladder_answer *answer)
{
    const struct ladder_step *step = &ladder->steps[title];
    char last[DAY_TEXT_SIZE], first[DAY_TEXT_SIZE];
    answer->from_ms = step->last_ms + ladder->programme->retake_after_days * DAY_MS;
    return step->last_ms == 0 || opens_ms >= answer->from_ms ||
           refuse(answer, LADDER_EARLY,
               "too early for another attempt at %s: the last one was on %s, the next is possible in a "
               "window that "
               "opens on %s or later",
               ladder->programme->titles[title].name, day_text(step->last_ms, last),
               day_text(answer->from_ms, first));
}

void ladder_may_sit(const struct ladder *ladder, size_t title, int64_t opens_ms, struct ladder_answer *answer)
{
    const struct programme_title *rule = &ladder->programme->titles[title];
    const struct ladder_step *step = &ladder->steps[title];
    *answer = (struct ladder_answer){.verdict = LADDER_MAY};
    (void)(is_free(rule, step, opens_ms, answer) && ladder_has_needs(ladder, title, opens_ms, answer) &&
           is_nothing_open(rule, step, answer) && is_late_enough(ladder, title, opens_ms, answer));
}

bool ladder_is_due(const struct ladder *ladder, size_t title, int64_t at_ms)
{
    const struct ladder_step *step = &ladder->steps[title];
    struct ladder_answer answer;
    const bool is_free = !step->has_title || look_at(step, at_ms) == LADDER_EXPIRED;
    return !ladder->programme->titles[title].has_exam && is_free &&
           ladder_has_needs(ladder, title, at_ms, &answer);
}

/* --- deciding on a title ---------------------------------------------------------------------- */

const char *title_act_name(enum title_act act)
{
    static const char *const names[TITLE_ACTS] = {"award", "review", "revoke", "restore"};
    return names[act];
}

bool title_next(enum title_state state, enum title_act act, enum title_state *next, struct error *err)
{
    static const struct {
        bool is_possible;
        enum title_state to;
    } table[TITLE_STATES][TITLE_ACTS] = {
        [TITLE_HELD][TITLE_REVIEW] = {true, TITLE_UNDER_REVIEW},
        [TITLE_HELD][TITLE_REVOKE] = {true, TITLE_REVOKED},
        [TITLE_UNDER_REVIEW][TITLE_REVOKE] = {true, TITLE_REVOKED},
        [TITLE_UNDER_REVIEW][TITLE_RESTORE] = {true, TITLE_HELD},
        [TITLE_REVOKED][TITLE_RESTORE] = {true, TITLE_HELD},
    };
    if (!table[state][act].is_possible)
        return error_set(err, ERROR_REFUSED, "a title that is %s: there is nothing to %s",
            title_state_name(state), title_act_name(act));
    *next = table[state][act].to;
    return true;
}

void ladder_built_on(const struct programme *programme, size_t title, bool is_built[PROGRAMME_TITLES_MAX])
{
    memset(is_built, 0, PROGRAMME_TITLES_MAX * sizeof *is_built);
    for (size_t i = title + 1; i < programme->title_count; i++) /* what a title needs stands above it */
        for (size_t k = 0; k < programme->titles[i].need_count; k++) {
            const size_t need = programme->titles[i].needs[k];
            is_built[i] = is_built[i] || need == title || is_built[need];
        }
}
