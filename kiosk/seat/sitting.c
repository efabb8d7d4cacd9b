/* What happens in an open session: records, the candidate's acts, its time. Opening is in sitting_open.c,
 * sealing in seal.c, the guard's memory files in handover.c. */
#include "kiosk/seat/sitting.h"

#include <string.h>

#include "kiosk/seat/sitting_private.h"

/* --- time -------------------------------------------------------------------------------------------------
 */

static int64_t boot_now(const struct sitting *sitting)
{
    return clock_boot_ms(sitting->clock);
}

struct exam_time sitting_time(const struct sitting *sitting)
{
    return exam_time_of(sitting->attempt);
}

int64_t sitting_left_ms(const struct sitting *sitting)
{
    const struct exam_time time = sitting_time(sitting);

    return exam_time_left(&time, boot_now(sitting));
}

int64_t sitting_agreement_left_ms(const struct sitting *sitting)
{
    const struct attempt *attempt = sitting->attempt;

    if (sitting->exam->nda_max_time_ms == 0 || attempt->phase != PHASE_AGREEMENT)
        return INT64_MAX;
    return sitting->exam->nda_max_time_ms - (boot_now(sitting) - attempt->phase_boot_ms);
}

/* --- records
 * -------------------------------------------------------------------------------------------------- */

static bool write_record(struct sitting *sitting, const struct record *record, struct error *err)
{
    struct buffer line = {.max = RECORD_MAX_BYTES};
    bool ok = record_encode(record, &line, err);

    if (ok && sitting->journal != NULL)
        ok = journal_append(sitting->journal, buffer_bytes(&line), err);
    buffer_release(&line);
    return ok;
}

/* Synced first, folded second: what screens read as saved is on disk. */
static bool append_one(struct sitting *sitting, struct record *record)
{
    struct error err = {0};

    attempt_stamp(sitting->attempt, boot_now(sitting), clock_wall_ms(sitting->clock), record);
    sitting->is_refused = !attempt_check(sitting->attempt, record, &err);
    if (!sitting->is_refused && write_record(sitting, record, &err) &&
        attempt_apply(sitting->attempt, record, &err)) {
        sitting->is_unsaved = false;
        sitting->saved_boot_ms = record->boot_ms;
        sitting->saved_exam_ms = record->exam_ms;
        return true;
    }
    sitting->is_unsaved = sitting->is_unsaved || !sitting->is_refused;
    sitting->save_error = err;
    return false;
}

/* A disk failed and the journal went on in its next file: that belongs to what happened. */
static void note_other_file(struct sitting *sitting)
{
    struct record record = {.kind = RECORD_RUN, .u.run = {.reason = RUN_DISK, .initials = "", .second = ""}};

    if (sitting->journal == NULL || journal_file(sitting->journal) == sitting->file)
        return;
    sitting->file = journal_file(sitting->journal);
    record.u.run.boot_id = sitting->attempt->boot_id;
    (void)append_one(sitting, &record); /* the journal itself shows it too */
}

bool sitting_append(struct sitting *sitting, struct record *record)
{
    if (!append_one(sitting, record))
        return false;
    if (sitting->attempt->runs > 0 && !sitting->attempt->has_ended)
        note_other_file(sitting);
    return !sitting->is_unsaved;
}

/* --- what the candidate does
 * ---------------------------------------------------------------------------------- */

bool sitting_enter(struct sitting *sitting, enum phase phase)
{
    struct record record = {.kind = RECORD_PHASE, .u.phase.phase = phase};

    return sitting_append(sitting, &record);
}

/* A stuck key must not fill the journal. */
static bool may_act(struct sitting *sitting)
{
    const int64_t now = boot_now(sitting);

    if (sitting->journal != NULL && pace_wait_ms(&sitting->pace, now, sitting->saved_boot_ms) > 0)
        return false;
    pace_spend(&sitting->pace, now);
    return true;
}

/* What the rules of a session refuse (it came after the limit) is dropped: it was never shown as saved. */
static bool save_pending(struct sitting *sitting)
{
    struct record record = {.kind = RECORD_RESPONSE};
    const struct item *item = sitting_item(sitting, sitting->pending.position);

    record.u.response.position = sitting->pending.position;
    record.u.response.response = item->responses[item->interactions[0].response].identifier;
    record.u.response.values = sitting->pending.values;
    record.u.response.count = sitting->pending.count;
    if (!sitting_append(sitting, &record) && !sitting->is_refused)
        return false;
    sitting->pending.is_set = false;
    return !sitting->is_refused;
}

bool sitting_visit(struct sitting *sitting, size_t position)
{
    struct record record = {.kind = RECORD_VISIT, .u.visit.position = position};

    if (sitting->pending.is_set && !save_pending(sitting))
        return false; /* an answer is saved while its question is on screen */
    return may_act(sitting) && sitting_append(sitting, &record);
}

bool sitting_flag(struct sitting *sitting, size_t position, bool on)
{
    struct record record = {.kind = RECORD_FLAG, .u.flag = {position, on}};

    return may_act(sitting) && sitting_append(sitting, &record);
}

bool sitting_survey(struct sitting *sitting, size_t question, size_t choice)
{
    const struct survey_question *asked = &sitting->exam->survey[question];
    struct record record = {.kind = RECORD_SURVEY, .u.survey = {asked->identifier, asked->choices[choice]}};

    if (question < SITTING_SURVEY_MAX)
        sitting->survey[question] = choice + 1;
    return sitting_append(sitting, &record);
}

bool sitting_staff(struct sitting *sitting, const char *act, const char *initials, const char *reason)
{
    struct record record = {.kind = RECORD_STAFF, .u.staff = {act, initials, reason}};

    return sitting_append(sitting, &record);
}

bool sitting_cover(struct sitting *sitting, enum cover_reason reason)
{
    struct record record = {.kind = RECORD_COVER, .u.cover.reason = reason};

    return sitting_append(sitting, &record);
}

/* An answer in progress goes with the end: it is saved first where it can be. */
bool sitting_end(struct sitting *sitting, enum end_reason reason)
{
    struct record record = {.kind = RECORD_END, .u.end.reason = reason};

    if (sitting->attempt->has_ended)
        return true;
    sitting->is_ending = true;
    sitting->ending = reason;
    if (sitting->pending.is_set && !save_pending(sitting) && !sitting->is_refused)
        return false;
    return sitting_append(sitting, &record);
}

/* The values on screen now: those pending, else those saved. */
static size_t current_values(const struct sitting *sitting, size_t position, const char *const **values)
{
    const struct attempt_item *item = &sitting->attempt->items[position];

    if (sitting->pending.is_set && sitting->pending.position == position) {
        *values = sitting->pending.values;
        return sitting->pending.count;
    }
    *values = item->values;
    return item->value_count;
}

static bool has_value(const char *const *values, size_t count, const char *value)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(values[i], value) == 0)
            return true;
    return false;
}

/* The item's choices in the package's order that are chosen after `toggled` was clicked. */
static void toggle(struct sitting *sitting, size_t position, const struct simple_choice *toggled)
{
    const struct interaction *interaction = &sitting_item(sitting, position)->interactions[0];
    const char *const *values;
    size_t count = current_values(sitting, position, &values);
    const char *chosen[CHOICES_MAX];
    size_t chosen_count = 0;

    for (size_t i = 0; i < interaction->choice_count; i++) {
        const char *identifier = interaction->choices[i].identifier;
        bool is_toggled = strcmp(identifier, toggled->identifier) == 0;
        bool was_chosen = has_value(values, count, identifier);
        bool is_chosen = interaction->max_choices == 1 ? is_toggled : was_chosen != is_toggled;

        if (is_chosen)
            chosen[chosen_count++] = identifier;
    }
    memcpy(sitting->pending.values, chosen, chosen_count * sizeof *chosen);
    sitting->pending.count = chosen_count;
    sitting->pending.position = position;
    sitting->pending.is_set = true;
}

bool sitting_choose(struct sitting *sitting, size_t position, size_t shown_choice)
{
    const struct interaction *interaction = &sitting_item(sitting, position)->interactions[0];
    const struct simple_choice *choice = sitting_choice(sitting, position, shown_choice);
    const unsigned max = interaction->max_choices;

    if (choice == NULL || sitting_left_ms(sitting) == 0 || sitting->attempt->has_ended)
        return false;
    if (sitting->pending.is_set && sitting->pending.position != position && !save_pending(sitting))
        return false; /* one answer at a time waits for the disk */
    if (sitting_is_chosen(sitting, position, shown_choice) && max == 1)
        return true;
    if (max > 1 && !sitting_is_chosen(sitting, position, shown_choice) &&
        sitting_chosen_count(sitting, position) >= max)
        return false;
    toggle(sitting, position, choice);
    return may_act(sitting) && save_pending(sitting);
}

/* --- time's events
 * -------------------------------------------------------------------------------------------- */

static void beat(struct sitting *sitting)
{
    struct record record = {.kind = RECORD_BEAT};

    (void)sitting_append(sitting, &record); /* is_unsaved says it */
}

void sitting_tick(struct sitting *sitting)
{
    const struct exam_time time = sitting_time(sitting);
    const int64_t now = boot_now(sitting);

    if (sitting->attempt->has_ended)
        return;
    if (sitting->is_unsaved && sitting->journal != NULL && journal_file(sitting->journal) >= JOURNAL_FILES)
        sitting_open_journal_again(sitting);
    if (sitting->is_ending)
        (void)sitting_end(sitting, sitting->ending); /* is_unsaved says it; tried again with the next tick */
    else if (time.is_running && exam_time_is_up(&time, now))
        (void)sitting_end(sitting, END_TIME);
    else if (sitting->pending.is_set)
        (void)save_pending(sitting);
    else if (sitting->is_unsaved ||
             (sitting->journal != NULL && exam_time_beat_ms(&time, sitting->saved_boot_ms) <= now))
        beat(sitting);
}

int64_t sitting_next_tick_ms(const struct sitting *sitting)
{
    const struct exam_time time = sitting_time(sitting);
    const int64_t now = boot_now(sitting);

    if (sitting->attempt->has_ended)
        return INT64_MAX;
    if (sitting->is_unsaved || sitting->pending.is_set)
        return now + EXAM_TIME_BEAT_MS;
    return exam_time_next_ms(&time, now, sitting->journal == NULL ? now : sitting->saved_boot_ms);
}

/* --- reading
 * -------------------------------------------------------------------------------------------------- */

const struct item *sitting_item(const struct sitting *sitting, size_t position)
{
    return &sitting->exam->items[sitting->items[position]];
}

const struct simple_choice *sitting_choice(
    const struct sitting *sitting, size_t position, size_t shown_choice)
{
    const struct attempt_item *shown = &sitting->attempt->items[position];
    const struct interaction *interaction = &sitting_item(sitting, position)->interactions[0];

    if (shown_choice >= shown->choice_count)
        return NULL;
    for (size_t i = 0; i < interaction->choice_count; i++)
        if (strcmp(interaction->choices[i].identifier, shown->choices[shown_choice]) == 0)
            return &interaction->choices[i];
    return NULL;
}

bool sitting_is_chosen(const struct sitting *sitting, size_t position, size_t shown_choice)
{
    const struct attempt_item *shown = &sitting->attempt->items[position];
    const char *const *values;
    size_t count = current_values(sitting, position, &values);

    return shown_choice < shown->choice_count && has_value(values, count, shown->choices[shown_choice]);
}

size_t sitting_chosen_count(const struct sitting *sitting, size_t position)
{
    const char *const *values;

    return current_values(sitting, position, &values);
}

bool sitting_is_answered(const struct sitting *sitting, size_t position)
{
    return sitting_chosen_count(sitting, position) > 0;
}
