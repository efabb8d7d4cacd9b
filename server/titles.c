#include "server/titles.h"

/* --- looking ---------------------------------------------------------------------------------- */

/* The newest title of that session, or else of that id. */
struct newest {
    const char *session, *title;
    struct title_row row;
    bool is_there;
};

static bool take_newest(void *context, const struct title_row *row, struct error *err)
{
    struct newest *newest = context;
    (void)err;
    if (newest->session != NULL ? strcmp(row->session, newest->session) == 0
                                : strcmp(row->title, newest->title) == 0) {
        newest->row = *row;
        newest->is_there = true;
    }
    return true;
}

static bool find_newest(
    struct store *writer, const char *candidate_id, struct newest *newest, struct error *err)
{
    return writer->title_each(writer, candidate_id, take_newest, newest, err);
}

static struct title_decision decision_of(
    enum title_act act, const char *who, const char *reason, int64_t now_ms)
{
    struct title_decision decision = {.at_ms = now_ms};
    snprintf(decision.act, sizeof decision.act, "%s", title_act_name(act));
    snprintf(decision.who, sizeof decision.who, "%s", who);
    snprintf(decision.reason, sizeof decision.reason, "%s", reason);
    return decision;
}

/* --- giving ----------------------------------------------------------------------------------- */

static bool give(struct store *writer, const struct ladder *ladder, size_t title, struct title_row *row,
    const char *reason, int64_t now_ms, struct error *err)
{
    const struct programme *programme = ladder->programme;
    const struct title_decision award = decision_of(TITLE_AWARD, TITLES_BY_SERVER, reason, now_ms);
    snprintf(row->programme, sizeof row->programme, "%s", programme->id);
    snprintf(row->title, sizeof row->title, "%s", programme->titles[title].id);
    row->rules_ms = programme->in_force_ms;
    row->expires_ms = ladder_expiry(ladder, title, row->awarded_ms);
    return writer->title_add(writer, row, &award, err);
}

/* Passed: admitted lawfully, but what it stands on may have been revoked since. */
static bool earn(struct store *writer, struct ladder *ladder, size_t title, const struct session_row *session,
    int64_t now_ms, struct error *err)
{
    struct ladder_answer answer = {.reason = ""};
    struct title_row row = {.awarded_ms = session->taken_ms};
    char reason[REASON_SIZE];
    if (!ladder_has_needs(ladder, title, session->taken_ms, &answer))
        row.state = TITLE_UNDER_REVIEW;
    snprintf(reason, sizeof reason, "passed with %u of %u points, admission %s in %s%s%.200s",
        session->points, session->maximum, session->admission, session->center,
        answer.reason[0] == '\0' ? "" : "; ", answer.reason);
    memcpy(row.candidate_id, session->candidate_id, sizeof row.candidate_id);
    memcpy(row.session, session->id, sizeof row.session);
    if (!give(writer, ladder, title, &row, reason, now_ms, err))
        return false;
    ladder_add_title(ladder, &row);
    return true;
}

/* When the last of what it needs was got: the result that comes last may not be the last that was got. */
static int64_t complete_ms(const struct ladder *ladder, size_t title, int64_t at_ms)
{
    const struct programme_title *rule = &ladder->programme->titles[title];
    for (size_t i = 0; i < rule->need_count; i++)
        if (ladder->steps[rule->needs[i]].awarded_ms > at_ms)
            at_ms = ladder->steps[rule->needs[i]].awarded_ms;
    return at_ms;
}

/* Everything that is due; one award may make the next due, which stands below it. */
static bool award_due(struct store *writer, struct ladder *ladder, const char *candidate_id, int64_t at_ms,
    int64_t now_ms, struct error *err)
{
    for (size_t i = 0; i < ladder->programme->title_count; i++) {
        struct title_row row = {.awarded_ms = complete_ms(ladder, i, at_ms)};
        if (!ladder_is_due(ladder, i, row.awarded_ms))
            continue;
        snprintf(row.candidate_id, sizeof row.candidate_id, "%s", candidate_id);
        if (!give(writer, ladder, i, &row, "all it needs is held", now_ms, err))
            return false;
        ladder_add_title(ladder, &row);
    }
    return true;
}

/* --- taking ----------------------------------------------------------------------------------- */

struct shaking {
    struct store *writer;
    const struct title_row *lost;
    const char *what;
    int64_t now_ms;
};

/* By the rules that title was given by. */
static bool is_built_on(
    struct store *writer, const struct title_row *row, const char *lost, bool *is_built, struct error *err)
{
    bool built_on[PROGRAMME_TITLES_MAX];
    size_t below, above;
    struct programme *programme = programme_in_force(writer, row->programme, row->rules_ms, err);
    if (programme == NULL)
        return false;
    *is_built = false;
    if (programme_find(programme, lost, programme->title_count, &below) &&
        programme_find(programme, row->title, programme->title_count, &above)) {
        ladder_built_on(programme, below, built_on);
        *is_built = built_on[above];
    }
    free(programme);
    return true;
}

static bool shake_one(void *context, const struct title_row *row, struct error *err)
{
    const struct shaking *shaking = context;
    struct store *writer = shaking->writer;
    char reason[REASON_SIZE];
    bool is_built = false;
    if (row->state != TITLE_HELD || strcmp(row->programme, shaking->lost->programme) != 0)
        return true;
    if (!is_built_on(writer, row, shaking->lost->title, &is_built, err))
        return false;
    if (!is_built)
        return true;
    snprintf(reason, sizeof reason, "built on %s, which %s", shaking->lost->title, shaking->what);
    const struct title_decision review = decision_of(TITLE_REVIEW, TITLES_BY_SERVER, reason, shaking->now_ms);
    return writer->title_decide(writer, row->number, TITLE_UNDER_REVIEW, &review, err);
}

/* What stands on a title that is held no more. */
static bool shake(
    struct store *writer, const struct title_row *lost, const char *what, int64_t now_ms, struct error *err)
{
    struct shaking shaking = {writer, lost, what, now_ms};
    return writer->title_each(writer, lost->candidate_id, shake_one, &shaking, err);
}

/* --- settling --------------------------------------------------------------------------------- */

static bool doubt(struct store *writer, const struct session_row *session, const struct title_row *title,
    int64_t now_ms, struct error *err)
{
    struct title_decision review = decision_of(TITLE_REVIEW, TITLES_BY_SERVER, session->reason, now_ms);
    return title->state != TITLE_HELD ||
           (writer->title_decide(writer, title->number, TITLE_UNDER_REVIEW, &review, err) &&
               shake(writer, title, "is under review", now_ms, err));
}

static bool settle_by(struct store *writer, const struct programme *programme, size_t title,
    const struct session_row *session, int64_t now_ms, struct error *err)
{
    struct ladder ladder;
    struct newest newest = {.session = session->id};
    const bool is_passed = session->standing == STANDING_SCORED && session->passed;
    if (!find_newest(writer, session->candidate_id, &newest, err))
        return false;
    if (!is_passed)
        return !newest.is_there || doubt(writer, session, &newest.row, now_ms, err);
    return ladder_load(&ladder, writer, programme, session->candidate_id, "", now_ms, err) &&
           (newest.is_there || earn(writer, &ladder, title, session, now_ms, err)) &&
           award_due(writer, &ladder, session->candidate_id, session->taken_ms, now_ms, err);
}

bool titles_settle(struct store *writer, const struct session_row *session, const char *exam, int64_t now_ms,
    struct error *err)
{
    struct error fault = {ERROR_NONE, ""};
    size_t title = 0;
    struct programme *programme = programme_of_exam(writer, exam, session->taken_ms, &title, &fault);
    if (programme == NULL)
        return fault.code == ERROR_NONE || error_set(err, fault.code, "%s", fault.text);
    bool ok = settle_by(writer, programme, title, session, now_ms, err);
    free(programme);
    return ok;
}

struct settling {
    struct store *writer;
    int64_t now_ms;
};

static bool settle_one(void *context, const struct session_row *session, struct error *err)
{
    const struct settling *settling = context;
    struct exam_row exam;
    return settling->writer->exam_get(settling->writer, session->package_id, &exam, err) &&
           titles_settle(settling->writer, session, exam.facts.identifier, settling->now_ms, err);
}

bool titles_settle_all(struct store *writer, int64_t now_ms, struct error *err)
{
    struct settling settling = {writer, now_ms};
    const struct session_filter passed = {.is_passed = true};
    return writer->session_each(writer, &passed, settle_one, &settling, err);
}

/* --- people's decisions ----------------------------------------------------------------------- */

/* An award is held with all it stands on, or not at all. */
static bool may_stand(const struct ladder *ladder, const char *title, int64_t now_ms, struct error *err)
{
    struct ladder_answer answer;
    size_t index;
    if (!programme_find(ladder->programme, title, ladder->programme->title_count, &index) ||
        ladder->programme->titles[index].has_exam || ladder_has_needs(ladder, index, now_ms, &answer))
        return true;
    return error_set(err, ERROR_REFUSED, "%s", answer.reason);
}

static bool restore(struct store *writer, const struct title_row *row, const struct title_decision *decision,
    struct error *err)
{
    const int64_t now_ms = decision->at_ms;
    struct ladder ladder;
    struct title_row held = *row;
    struct programme *programme = programme_in_force(writer, row->programme, now_ms, err);
    held.state = TITLE_HELD;
    bool ok = programme != NULL &&
              ladder_load(&ladder, writer, programme, row->candidate_id, "", now_ms, err) &&
              may_stand(&ladder, row->title, now_ms, err) &&
              writer->title_decide(writer, row->number, TITLE_HELD, decision, err);
    if (ok) {
        ladder_add_title(&ladder, &held);
        ok = award_due(writer, &ladder, row->candidate_id, now_ms, now_ms, err);
    }
    free(programme);
    return ok;
}

bool titles_decide(struct store *writer, const char *candidate_id, const char *title, enum title_act act,
    const char *who, const char *reason, int64_t now_ms, struct error *err)
{
    const struct title_decision decision = decision_of(act, who, reason, now_ms);
    struct newest newest = {.title = title};
    enum title_state next = TITLE_HELD;
    if (!find_newest(writer, candidate_id, &newest, err))
        return false;
    if (!newest.is_there)
        return error_set(err, ERROR_NOT_FOUND, "this candidate has no title %s", title);
    if (!title_next(newest.row.state, act, &next, err))
        return false;
    if (act == TITLE_RESTORE)
        return restore(writer, &newest.row, &decision, err);
    return writer->title_decide(writer, newest.row.number, next, &decision, err) &&
           (act != TITLE_REVOKE || shake(writer, &newest.row, "is revoked", now_ms, err));
}
