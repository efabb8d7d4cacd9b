/* What may come next in a session, and what time it is in it. Pure: the fold itself is in attempt.c. */
#include <string.h>

#include "core/attempt.h"

/* A record is due every 0.8 s. One that passes the limit by more than this was not in progress there. */
enum { LATE_MS = 2000 };
#define WALL_MAX_MS INT64_C(253402300799999) /* the last ms of the year 9999 */

/* --- exam time ----------------------------------------------------------------------------------------- */

bool attempt_is_running(const struct attempt *attempt)
{
    return attempt->has_phase && attempt->phase == PHASE_EXAM && attempt->cover != COVER_STAFF &&
           attempt->cover != COVER_LOCK;
}

static int64_t clamp_exam_ms(const struct attempt *attempt, int64_t exam_ms)
{
    return exam_ms > attempt->max_time_ms ? attempt->max_time_ms : exam_ms;
}

/* Exam time as if there were no limit. */
static int64_t unclamped_ms(const struct attempt *attempt, int64_t boot_ms)
{
    const int64_t passed_ms = boot_ms > attempt->last_boot_ms ? boot_ms - attempt->last_boot_ms : 0;

    return attempt->exam_ms + (attempt_is_running(attempt) ? passed_ms : 0);
}

int64_t attempt_exam_ms(const struct attempt *attempt, int64_t boot_ms)
{
    return clamp_exam_ms(attempt, unclamped_ms(attempt, boot_ms));
}

static bool is_resume(const struct record *record)
{
    return record->kind == RECORD_RUN && record->u.run.reason == RUN_RESUME;
}

/* What the guard's being gone costs: no more can have been seen. */
static int64_t resume_ms(const struct attempt *attempt)
{
    return attempt_is_running(attempt)
               ? clamp_exam_ms(attempt, attempt->exam_ms + ATTEMPT_RESUME_MS) - attempt->exam_ms
               : 0;
}

/* The exam time that a record must have. */
static int64_t due_exam_ms(const struct attempt *attempt, const struct record *record)
{
    if (is_resume(record))
        return attempt->exam_ms + resume_ms(attempt);
    if (record->kind == RECORD_CREDIT)
        return attempt_exam_ms(attempt, record->boot_ms) - record->u.credit.ms;
    return attempt_exam_ms(attempt, record->boot_ms);
}

/* A boot whose id can't be read is another one each time. */
static bool is_boot_of(const struct attempt *attempt, const char *boot_id)
{
    return strcmp(boot_id, attempt->boot_id) == 0 && strcmp(boot_id, "unknown") != 0;
}

struct attempt_gap attempt_gap(
    const struct attempt *attempt, const char *boot_id, int64_t boot_ms, int64_t wall_ms)
{
    const bool is_estimate = !is_boot_of(attempt, boot_id);
    const int64_t ms = is_estimate ? wall_ms - attempt->last_wall_ms : boot_ms - attempt->last_boot_ms;
    struct attempt_gap gap = {.ms = ms < 0 ? 0 : ms,
        .is_estimate = is_estimate,
        .is_unknown = ms < 0,
        .charged_ms = resume_ms(attempt)};

    if (attempt_is_running(attempt) && gap.ms > gap.charged_ms)
        gap.credited_ms = gap.ms - gap.charged_ms;
    gap.needs_second = attempt_is_running(attempt) &&
                       (gap.is_unknown || attempt->given_ms + gap.credited_ms > ATTEMPT_CREDIT_MAX_MS);
    return gap;
}

void attempt_stamp(const struct attempt *attempt, int64_t boot_ms, int64_t wall_ms, struct record *record)
{
    record->sequence = attempt->records;
    record->boot_ms = boot_ms;
    record->wall_ms = wall_ms < 0 ? 0 : wall_ms > WALL_MAX_MS ? WALL_MAX_MS : wall_ms;
    record->exam_ms = due_exam_ms(attempt, record);
    if (is_resume(record))
        record->u.run.gap_ms = attempt_gap(attempt, record->u.run.boot_id, boot_ms, record->wall_ms).ms;
}

static bool check_exam_time(const struct attempt *attempt, const struct record *record, struct error *err)
{
    const int64_t due_ms = due_exam_ms(attempt, record);

    if (record->exam_ms == due_ms)
        return true;
    if (record->exam_ms > attempt->max_time_ms && attempt->records > 0)
        return error_set(err, ERROR_LIMIT, "its exam time is %lld ms, past the limit of %lld ms",
            (long long)record->exam_ms, (long long)attempt->max_time_ms);
    return error_set(err, ERROR_FORMAT, "its exam time is %lld ms where %lld ms is due",
        (long long)record->exam_ms, (long long)due_ms);
}

/* --- which boot ---------------------------------------------------------------------------------------- */

static bool is_same_boot(const struct attempt *attempt, const struct record *record)
{
    return record->kind != RECORD_RUN || strcmp(record->u.run.boot_id, attempt->boot_id) == 0;
}

/* Within a boot its clock never runs backwards. */
static bool check_boot(const struct attempt *attempt, const struct record *record, struct error *err)
{
    const bool is_new_boot = is_resume(record) && !is_boot_of(attempt, record->u.run.boot_id);

    if (attempt->runs > 0 && !is_new_boot && !is_same_boot(attempt, record))
        return error_set(err, ERROR_FORMAT, "the machine was restarted, and no code resumed the session");
    if (attempt->records > 0 && !is_new_boot && record->boot_ms < attempt->last_boot_ms)
        return error_set(err, ERROR_FORMAT, "the time since boot runs backwards by %lld ms",
            (long long)(attempt->last_boot_ms - record->boot_ms));
    return true;
}

/* --- one check a kind ---------------------------------------------------------------------------------- */

typedef bool check(const struct attempt *attempt, const struct record *record, struct error *err);

static bool accept(const struct attempt *attempt, const struct record *record, struct error *err)
{
    (void)attempt;
    (void)record;
    (void)err;
    return true;
}

static bool check_code(const struct attempt *attempt, const struct record *record, struct error *err)
{
    const enum code_kind kind = record->u.run.code;
    const unsigned number = record->u.run.code_number, count = kind == CODE_ROOM ? ROOM_CODES : RESUME_CODES;

    if (number < 1 || number > count)
        return error_set(err, ERROR_FORMAT, "there is no %s code %u", code_kind_name(kind), number);
    if (attempt->codes_used[kind] >> (number - 1) != 0)
        return error_set(
            err, ERROR_FORMAT, "%s code %u, or a later one, was used before", code_kind_name(kind), number);
    return true;
}

/* Two people are two different initials. */
static bool has_second(const char *initials, const char *second)
{
    return initials[0] != '\0' && second[0] != '\0' && strcmp(initials, second) != 0;
}

static bool check_gap(const struct attempt *attempt, const struct record *record, struct error *err)
{
    const struct attempt_gap gap =
        attempt_gap(attempt, record->u.run.boot_id, record->boot_ms, record->wall_ms);

    if (record->u.run.gap_ms != gap.ms)
        return error_set(err, ERROR_FORMAT, "its gap is %lld ms where %lld ms is due",
            (long long)record->u.run.gap_ms, (long long)gap.ms);
    if (!gap.needs_second || has_second(record->u.run.initials, record->u.run.second))
        return true;
    if (gap.is_unknown)
        return error_set(err, ERROR_LIMIT, "a gap of unknown length needs a second member of staff");
    return error_set(err, ERROR_LIMIT, "%lld ms given in all need a second member of staff",
        (long long)(attempt->given_ms + gap.credited_ms));
}

static bool check_run(const struct attempt *attempt, const struct record *record, struct error *err)
{
    const enum run_reason reason = record->u.run.reason;

    if ((reason == RUN_BEGIN) != (attempt->runs == 0))
        return error_set(err, ERROR_FORMAT, "a session begins once");
    if (reason == RUN_BEGIN && (record->u.run.code != CODE_START || record->u.run.code_number != 1))
        return error_set(err, ERROR_FORMAT, "only the start code begins a session");
    if (reason == RUN_RESUME && record->u.run.code == CODE_START)
        return error_set(err, ERROR_FORMAT, "the start code resumes nothing");
    return reason != RUN_RESUME || (check_code(attempt, record, err) && check_gap(attempt, record, err));
}

static bool has_text(const char *const *texts, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(texts[i], text) == 0)
            return true;
    return false;
}

/* True if no text is there twice. The lists are short. */
static bool all_differ(const char *const *texts, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (has_text(texts, i, texts[i]))
            return false;
    return true;
}

static bool check_form(const struct attempt *attempt, const struct record *record, struct error *err)
{
    const struct record_form_item *items = record->u.form.items;

    if (attempt->item_count > 0)
        return error_set(err, ERROR_FORMAT, "the form was drawn before");
    if (record->u.form.count == 0 || record->u.form.count > FORM_ITEMS_MAX)
        return error_set(err, ERROR_FORMAT, "a form has 1 to %u items", FORM_ITEMS_MAX);
    for (size_t i = 0; i < record->u.form.count; i++) {
        for (size_t j = 0; j < i; j++)
            if (strcmp(items[i].item, items[j].item) == 0)
                return error_set(err, ERROR_FORMAT, "item %s is twice in the form", items[i].item);
        if (items[i].choice_count > CHOICES_MAX || !all_differ(items[i].choices, items[i].choice_count))
            return error_set(err, ERROR_FORMAT, "item %s has a choice twice", items[i].item);
    }
    return true;
}

static bool check_phase(const struct attempt *attempt, const struct record *record, struct error *err)
{
    const enum phase phase = record->u.phase.phase;

    if (attempt->item_count == 0)
        return error_set(err, ERROR_FORMAT, "no form was drawn yet");
    if (phase == PHASE_ENDED)
        return error_set(err, ERROR_FORMAT, "a session ends by its end record");
    if (attempt->has_phase && phase <= attempt->phase)
        return error_set(
            err, ERROR_FORMAT, "%s can't follow %s", phase_name(phase), phase_name(attempt->phase));
    return true;
}

/* What a candidate does to the exam: while it is open, not covered by staff or the lock, and up to the limit:
 * one act that was in progress there is the last. */
static bool check_act(const struct attempt *attempt, const struct record *record, struct error *err)
{
    const int64_t late_ms = unclamped_ms(attempt, record->boot_ms) - attempt->max_time_ms;

    if (!attempt->has_phase || attempt->phase != PHASE_EXAM)
        return error_set(err, ERROR_FORMAT, "the exam is not open");
    if (!attempt_is_running(attempt))
        return error_set(err, ERROR_FORMAT, "the screen is covered");
    if (attempt->exam_ms == attempt->max_time_ms)
        return error_set(
            err, ERROR_LIMIT, "the limit of %lld ms was reached before", (long long)attempt->max_time_ms);
    if (late_ms > LATE_MS)
        return error_set(err, ERROR_LIMIT, "it comes %lld ms after the limit", (long long)late_ms);
    return true;
}

static bool check_visit(const struct attempt *attempt, const struct record *record, struct error *err)
{
    if (record->u.visit.position > attempt->item_count)
        return error_set(err, ERROR_FORMAT, "the form has no position %zu", record->u.visit.position);
    return check_act(attempt, record, err);
}

static bool check_flag(const struct attempt *attempt, const struct record *record, struct error *err)
{
    if (record->u.flag.position >= attempt->item_count)
        return error_set(err, ERROR_FORMAT, "the form has no position %zu", record->u.flag.position);
    return check_act(attempt, record, err);
}

static bool check_response(const struct attempt *attempt, const struct record *record, struct error *err)
{
    const size_t position = record->u.response.position;
    const struct attempt_item *item;

    if (position >= attempt->item_count || position != attempt->position ||
        !attempt->items[position].was_visited)
        return error_set(err, ERROR_FORMAT, "position %zu is not on screen", position);
    item = &attempt->items[position];
    if (item->response != NULL && strcmp(item->response, record->u.response.response) != 0)
        return error_set(err, ERROR_FORMAT, "item %s has another response variable", item->item);
    if (!all_differ(record->u.response.values, record->u.response.count))
        return error_set(err, ERROR_FORMAT, "a choice of item %s is there twice", item->item);
    for (size_t i = 0; i < record->u.response.count && item->choice_count > 0; i++)
        if (!has_text(item->choices, item->choice_count, record->u.response.values[i]))
            return error_set(err, ERROR_FORMAT, "item %s was not shown with that choice", item->item);
    return check_act(attempt, record, err);
}

static bool check_credit(const struct attempt *attempt, const struct record *record, struct error *err)
{
    const char *initials = record->u.credit.initials;

    if (!attempt->has_phase || attempt->phase != PHASE_EXAM)
        return error_set(err, ERROR_FORMAT, "the exam is not open");
    if (initials[0] == '\0')
        return error_set(err, ERROR_FORMAT, "nobody gave the credit");
    if (record->u.credit.ms <= 0 || record->u.credit.ms > attempt_exam_ms(attempt, record->boot_ms))
        return error_set(err, ERROR_FORMAT, "the credit is more than was used");
    if (attempt->given_ms + record->u.credit.ms > ATTEMPT_CREDIT_MAX_MS &&
        !has_second(initials, record->u.credit.second))
        return error_set(err, ERROR_LIMIT, "credits above %d ms in all need a second member of staff",
            ATTEMPT_CREDIT_MAX_MS);
    return true;
}

static bool check_survey(const struct attempt *attempt, const struct record *record, struct error *err)
{
    (void)record; /* whatever it says: the survey counts for nothing */
    return (attempt->has_phase && attempt->phase == PHASE_SURVEY) ||
           error_set(err, ERROR_FORMAT, "the survey is not open");
}

static bool check_end(const struct attempt *attempt, const struct record *record, struct error *err)
{
    const enum end_reason reason = record->u.end.reason;
    const bool had_exam = attempt->has_phase && attempt->phase >= PHASE_EXAM;

    if (reason == END_DECLINED && (!attempt->has_phase || attempt->phase != PHASE_AGREEMENT))
        return error_set(err, ERROR_FORMAT, "only the agreement can be declined");
    if ((reason == END_SUBMITTED || reason == END_TIME) && !had_exam)
        return error_set(err, ERROR_FORMAT, "the exam was not open yet");
    if (reason == END_TIME && record->exam_ms != attempt->max_time_ms)
        return error_set(err, ERROR_FORMAT, "%lld ms of time are left",
            (long long)(attempt->max_time_ms - record->exam_ms));
    return true;
}

static check *const checks[RECORD_KINDS] = {
    [RECORD_START] = accept,
    [RECORD_RUN] = check_run,
    [RECORD_FORM] = check_form,
    [RECORD_PHASE] = check_phase,
    [RECORD_VISIT] = check_visit,
    [RECORD_RESPONSE] = check_response,
    [RECORD_FLAG] = check_flag,
    [RECORD_BEAT] = accept,
    [RECORD_COVER] = accept,
    [RECORD_STAFF] = accept,
    [RECORD_CREDIT] = check_credit,
    [RECORD_SURVEY] = check_survey,
    [RECORD_END] = check_end,
};

/* --- all of it ----------------------------------------------------------------------------------------- */

static bool check_order(const struct attempt *attempt, const struct record *record, struct error *err)
{
    if (record->sequence != attempt->records)
        return error_set(err, ERROR_FORMAT, "its number is %llu where %llu is due",
            (unsigned long long)record->sequence, (unsigned long long)attempt->records);
    if (attempt->has_ended)
        return error_set(err, ERROR_FORMAT, "the session has ended before");
    if ((record->kind == RECORD_START) != (attempt->records == 0))
        return error_set(err, ERROR_FORMAT, "a session has one start, at its beginning");
    if (attempt->records == 1 && record->kind != RECORD_RUN)
        return error_set(err, ERROR_FORMAT, "the start is followed by its run");
    return true;
}

bool attempt_check(const struct attempt *attempt, const struct record *record, struct error *err)
{
    if (check_order(attempt, record, err) && check_boot(attempt, record, err) &&
        checks[record->kind](attempt, record, err) && check_exam_time(attempt, record, err))
        return true;
    return error_prefix(err, "record %llu (%s) can't follow", (unsigned long long)attempt->records,
        record_kind_name(record->kind));
}
