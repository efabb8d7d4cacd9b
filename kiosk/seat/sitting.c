/* Opening a session, what the candidate does in it, and its time. Sealing is in seal.c, the guard's memory
 * files are in handover.c. */
#include "kiosk/seat/sitting.h"

#include <stdlib.h>
#include <string.h>

#include "core/encoding.h"
#include "kiosk/seat/seal.h"

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

static bool append(struct sitting *sitting, struct record *record)
{
    if (!append_one(sitting, record))
        return false;
    if (sitting->attempt->runs > 0 && !sitting->attempt->has_ended)
        note_other_file(sitting);
    return !sitting->is_unsaved;
}

static bool append_start(struct sitting *sitting)
{
    const struct ticket *ticket = sitting->ticket;
    struct record record = {.kind = RECORD_START};

    record.u.start.session = ticket->session;
    record.u.start.epoch = ticket->epoch;
    record.u.start.admission = ticket->admission;
    record.u.start.candidate_id = ticket->candidate_id;
    record.u.start.center = ticket->center;
    record.u.start.seat = sitting->seat == NULL ? "practice" : sitting->seat->name;
    record.u.start.software = CARREL_VERSION;
    record.u.start.package_id = ticket->package_id;
    record.u.start.ticket = sitting->ticket_digest;
    record.u.start.package = ticket->package_digest;
    record.u.start.lock = sitting->lock;
    record.u.start.content = sitting->exam->content;
    record.u.start.max_time_ms = ticket->max_time_ms;
    return append(sitting, &record);
}

static bool append_run(struct sitting *sitting, const struct sitting_opening *opening)
{
    struct record record = {.kind = RECORD_RUN};
    char boot_id[BOOT_ID_SIZE];

    clock_boot_id(boot_id);
    record.u.run.reason = opening->reason;
    record.u.run.boot_id = boot_id;
    record.u.run.code = opening->code;
    record.u.run.code_number = opening->code_number;
    record.u.run.initials = opening->initials;
    record.u.run.second = opening->second == NULL ? "" : opening->second;
    return append(sitting, &record);
}

static void describe_form_item(const struct exam *exam, const struct form_item *drawn, const char **choices,
    struct record_form_item *described)
{
    const struct item *item = &exam->items[drawn->item];

    for (size_t i = 0; i < drawn->choice_count; i++)
        choices[i] = item->interactions[0].choices[drawn->choices[i]].identifier;
    *described = (struct record_form_item){item->identifier, item->version, choices, drawn->choice_count};
}

static bool append_form(struct sitting *sitting, struct error *err)
{
    const struct ticket *ticket = sitting->ticket;
    struct form *form = calloc(1, sizeof *form);
    struct record_form_item *items = calloc(FORM_ITEMS_MAX, sizeof *items);
    const char *(*choices)[CHOICES_MAX] = calloc(FORM_ITEMS_MAX, sizeof *choices);
    struct record record = {.kind = RECORD_FORM};
    bool ok = false;

    if (form == NULL || items == NULL || choices == NULL) {
        error_set(err, ERROR_NOMEM, "out of memory");
        goto done;
    }
    if (!form_assemble(sitting->exam, ticket->form_seed, ticket->seen, ticket->seen_count, form, err))
        goto done;
    for (size_t i = 0; i < form->count; i++)
        describe_form_item(sitting->exam, &form->items[i], choices[i], &items[i]);
    record.u.form.items = items;
    record.u.form.count = form->count;
    ok = append(sitting, &record);
    if (!ok)
        *err = sitting->save_error;
done:
    free(choices);
    free(items);
    free(form);
    return ok;
}

/* Position → item, and every choice that was shown is the package's: a journal of another version can't go
 * on. */
static bool find_items(struct sitting *sitting, struct error *err)
{
    const struct attempt *attempt = sitting->attempt;

    sitting->items = calloc(attempt->item_count == 0 ? 1 : attempt->item_count, sizeof *sitting->items);
    if (sitting->items == NULL)
        return error_set(err, ERROR_NOMEM, "out of memory");
    for (size_t i = 0; i < attempt->item_count; i++) {
        const struct attempt_item *shown = &attempt->items[i];
        const struct item *item;

        if (!exam_find_item(sitting->exam, shown->item, &sitting->items[i]))
            return error_set(err, ERROR_FORMAT, "the package lacks the item %s of this session", shown->item);
        item = &sitting->exam->items[sitting->items[i]];
        if (strcmp(item->version, shown->version) != 0)
            return error_set(
                err, ERROR_FORMAT, "the package has another version of the item %s", shown->item);
    }
    return true;
}

/* --- opening
 * ---------------------------------------------------------------------------------------------------- */

void sitting_parts_release(struct sitting_parts *parts)
{
    ticket_free(parts->ticket);
    session_keys_release(&parts->keys);
    exam_free(parts->exam);
    parts->ticket = NULL;
    parts->exam = NULL;
}

static struct sitting *sitting_new(struct sitting_parts *parts_take, struct error *err)
{
    struct sitting *sitting = calloc(1, sizeof *sitting);

    if (sitting == NULL) {
        sitting_parts_release(parts_take);
        error_set(err, ERROR_NOMEM, "out of memory");
        return NULL;
    }
    sitting->clock = parts_take->clock;
    sitting->disk = parts_take->disk;
    sitting->seat = parts_take->seat;
    sitting->lock = parts_take->lock;
    sitting->ticket = parts_take->ticket;
    sitting->ticket_digest = parts_take->ticket_digest;
    sitting->keys = parts_take->keys;
    sitting->exam = parts_take->exam;
    parts_take->ticket = NULL;
    parts_take->exam = NULL;
    parts_take->keys = (struct session_keys){0};
    sitting->pace = pace_begin(clock_boot_ms(parts_take->clock));
    object_id(sitting->ticket->session, sitting->ticket->epoch, sitting->id);
    sitting->attempt = attempt_new(err);
    if (sitting->attempt == NULL) {
        sitting_free(sitting);
        return NULL;
    }
    return sitting;
}

void sitting_free(struct sitting *sitting)
{
    if (sitting == NULL)
        return;
    journal_close(sitting->journal);
    attempt_free(sitting->attempt);
    ticket_free(sitting->ticket);
    session_keys_release(&sitting->keys);
    exam_free(sitting->exam);
    scoring_key_free(sitting->practice_key);
    free(sitting->items);
    free(sitting);
}

static bool replay(void *context, struct bytes line, struct error *err)
{
    struct attempt *attempt = context;
    struct arena arena = {.max = 4 * RECORD_MAX_BYTES};
    struct record record;
    bool ok = record_decode(line, &arena, &record, err) && attempt_apply(attempt, &record, err);

    arena_release(&arena);
    return ok;
}

static bool open_journal(
    struct sitting *sitting, bool accept_damage, enum journal_end *end, struct error *err)
{
    char folder[FILE_PATH_SIZE];

    if (!seat_path(sitting->seat, folder, SEAT_JOURNALS, NULL, err))
        return false;
    sitting->journal = journal_open(sitting->disk, folder, sitting->id, sitting->keys.session_key, replay,
        sitting->attempt, accept_damage, end, err);
    if (sitting->journal != NULL)
        sitting->file = journal_file(sitting->journal);
    return sitting->journal != NULL;
}

/* Every file of the journal was closed for good while the disk failed. Read from the disk again, it goes on where
 * it can: what was acknowledged is in it, and what was not is tried again by the next tick. */
static void open_journal_again(struct sitting *sitting)
{
    struct journal *exhausted = sitting->journal; /* has no file open: the new one can have them all */
    struct attempt *before = sitting->attempt;
    enum journal_end end;
    struct error err = {0};

    sitting->attempt = attempt_new(&err);
    if (sitting->attempt != NULL && open_journal(sitting, false, &end, &err) &&
        sitting->attempt->records >= before->records) {
        sitting->file = JOURNAL_FILES; /* the next record says that there was another run */
        journal_close(exhausted);
        attempt_free(before);
        return;
    }
    if (sitting->journal != exhausted)
        journal_close(sitting->journal);
    attempt_free(sitting->attempt);
    sitting->journal = exhausted;
    sitting->attempt = before;
}

/* Zeros for the journal and the result first: after this a full disk can't stop the session. */
static bool reserve(struct sitting *sitting, bool is_again, struct error *err)
{
    char folder[FILE_PATH_SIZE];
    size_t room = journal_room(sitting->ticket->max_time_ms, sitting->ticket->item_count);

    if (!seat_path(sitting->seat, folder, SEAT_JOURNALS, NULL, err) || !folder_make(folder, 0700, err))
        return false;
    if (is_again)
        (void)journal_remove(folder, sitting->id, NULL); /* what stays is refused by journal_create */
    return seal_reserve(sitting->seat, sitting->id, room, err) &&
           journal_create(sitting->disk, folder, sitting->id, room, err);
}

/* A session that did not begin leaves no file behind. */
static void give_room_back(struct sitting *sitting)
{
    char folder[FILE_PATH_SIZE];

    if (sitting->journal == NULL) {
        seal_forget(sitting->seat, sitting->id);
        return; /* journal_create left nothing, or another session's journal */
    }
    journal_close(sitting->journal);
    sitting->journal = NULL;
    seal_forget(sitting->seat, sitting->id);
    if (seat_path(sitting->seat, folder, SEAT_JOURNALS, NULL, NULL))
        (void)journal_remove(folder, sitting->id, NULL); /* the next try removes it */
}

static bool first_phase(struct sitting *sitting)
{
    return sitting_enter(sitting, sitting->exam->nda.count > 0 ? PHASE_AGREEMENT : PHASE_TUTORIAL);
}

struct sitting *sitting_begin(
    struct sitting_parts *parts_take, const struct sitting_opening *opening, struct error *err)
{
    struct sitting *sitting = sitting_new(parts_take, err);
    enum journal_end end;
    bool ok = false;

    if (sitting == NULL)
        return NULL;
    if (!reserve(sitting, opening->is_again, err) || !open_journal(sitting, false, &end, err))
        goto done;
    ok = append_start(sitting) && append_run(sitting, opening);
    if (!ok)
        *err = sitting->save_error;
    ok = ok && append_form(sitting, err) && find_items(sitting, err) && first_phase(sitting);
done:
    if (!ok) {
        if (err != NULL && err->code == ERROR_NONE)
            *err = sitting->save_error;
        give_room_back(sitting);
        sitting_free(sitting);
        return NULL;
    }
    return sitting;
}

struct sitting *sitting_reopen(
    struct sitting_parts *parts_take, bool accept_damage, enum journal_end *end, struct error *err)
{
    struct sitting *sitting = sitting_new(parts_take, err);
    bool ok = false;

    if (sitting == NULL)
        return NULL;
    if (!open_journal(sitting, accept_damage, end, err))
        goto done;
    if (sitting->attempt->item_count == 0 && !sitting->attempt->has_ended) {
        error_set(err, ERROR_FORMAT, "this session was stopped before its form was drawn");
        goto done;
    }
    ok = find_items(sitting, err);
done:
    if (!ok) {
        sitting_free(sitting);
        return NULL;
    }
    return sitting;
}

struct attempt_gap sitting_gap(const struct sitting *sitting)
{
    char boot_id[BOOT_ID_SIZE];

    clock_boot_id(boot_id);
    return attempt_gap(sitting->attempt, boot_id, boot_now(sitting), clock_wall_ms(sitting->clock));
}

bool sitting_resume(struct sitting *sitting, const struct sitting_opening *opening, struct error *err)
{
    if (sitting->attempt->has_ended || append_run(sitting, opening))
        return true;
    if (err != NULL)
        *err = sitting->save_error;
    return false;
}

static struct ticket *practice_ticket(const struct exam *exam)
{
    struct ticket *ticket = calloc(1, sizeof *ticket);

    if (ticket == NULL)
        return NULL;
    random_id(ticket->session);
    random_bytes(ticket->form_seed, sizeof ticket->form_seed);
    ticket->epoch = 1;
    ticket->max_time_ms = exam->max_time_ms;
    ticket->item_count = (unsigned)exam_form_length(exam);
    memcpy(ticket->admission, "PRACTICE", sizeof "PRACTICE");
    memcpy(ticket->candidate_id, "practice", sizeof "practice");
    memcpy(ticket->center, "practice", sizeof "practice");
    random_id(ticket->package_id);
    return ticket;
}

struct sitting *sitting_practice(
    const struct clock *clock, struct exam *exam_take, struct scoring_key *key_take, struct error *err)
{
    static const struct sitting_opening opening = {.reason = RUN_BEGIN, .code_number = 1, .initials = ""};
    struct sitting_parts parts = {.clock = clock, .exam = exam_take, .ticket = practice_ticket(exam_take)};
    struct sitting *sitting = NULL;

    if (parts.ticket == NULL) {
        sitting_parts_release(&parts);
        scoring_key_free(key_take);
        error_set(err, ERROR_NOMEM, "out of memory");
        return NULL;
    }
    sitting = sitting_new(&parts, err);
    if (sitting == NULL) {
        scoring_key_free(key_take);
        return NULL;
    }
    sitting->practice_key = key_take;
    if (!append_start(sitting) || !append_run(sitting, &opening) || !append_form(sitting, err) ||
        !find_items(sitting, err) || !sitting_enter(sitting, PHASE_EXAM) || !sitting_visit(sitting, 0)) {
        if (err != NULL && err->code == ERROR_NONE)
            *err = sitting->save_error;
        sitting_free(sitting);
        return NULL;
    }
    return sitting;
}

/* --- what the candidate does
 * ---------------------------------------------------------------------------------- */

bool sitting_enter(struct sitting *sitting, enum phase phase)
{
    struct record record = {.kind = RECORD_PHASE, .u.phase.phase = phase};

    return append(sitting, &record);
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
    if (!append(sitting, &record) && !sitting->is_refused)
        return false;
    sitting->pending.is_set = false;
    return !sitting->is_refused;
}

bool sitting_visit(struct sitting *sitting, size_t position)
{
    struct record record = {.kind = RECORD_VISIT, .u.visit.position = position};

    if (sitting->pending.is_set && !save_pending(sitting))
        return false; /* an answer is saved while its question is on screen */
    return may_act(sitting) && append(sitting, &record);
}

bool sitting_flag(struct sitting *sitting, size_t position, bool on)
{
    struct record record = {.kind = RECORD_FLAG, .u.flag = {position, on}};

    return may_act(sitting) && append(sitting, &record);
}

bool sitting_survey(struct sitting *sitting, size_t question, size_t choice)
{
    const struct survey_question *asked = &sitting->exam->survey[question];
    struct record record = {.kind = RECORD_SURVEY, .u.survey = {asked->identifier, asked->choices[choice]}};

    if (question < SITTING_SURVEY_MAX)
        sitting->survey[question] = choice + 1;
    return append(sitting, &record);
}

bool sitting_staff(struct sitting *sitting, const char *act, const char *initials, const char *reason)
{
    struct record record = {.kind = RECORD_STAFF, .u.staff = {act, initials, reason}};

    return append(sitting, &record);
}

bool sitting_cover(struct sitting *sitting, enum cover_reason reason)
{
    struct record record = {.kind = RECORD_COVER, .u.cover.reason = reason};

    return append(sitting, &record);
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
    return append(sitting, &record);
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

    (void)append(sitting, &record); /* is_unsaved says it */
}

void sitting_tick(struct sitting *sitting)
{
    const struct exam_time time = sitting_time(sitting);
    const int64_t now = boot_now(sitting);

    if (sitting->attempt->has_ended)
        return;
    if (sitting->is_unsaved && sitting->journal != NULL && journal_file(sitting->journal) >= JOURNAL_FILES)
        open_journal_again(sitting);
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
