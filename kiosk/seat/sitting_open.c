/* How a session is opened: begun anew, taken up from its journal, or made up for practice; and its end in
 * memory. */
#include "kiosk/seat/sitting.h"

#include <stdlib.h>
#include <string.h>

#include "kiosk/seat/seal.h"
#include "kiosk/seat/sitting_private.h"

/* --- the first records
 * -------------------------------------------------------------------------------------------- */

static bool append_start(struct sitting *sitting)
{
    const struct ticket *ticket = sitting->ticket;
    struct record record = {.kind = RECORD_START};

    record.u.start.session = ticket->session;
    record.u.start.epoch = ticket->epoch;
    record.u.start.admission = ticket->admission;
    record.u.start.candidate_id = ticket->candidate_id;
    record.u.start.center = ticket->center;
    record.u.start.seat = sitting->seat == NULL ? "practice" : sitting->seat->folder.seat;
    record.u.start.software = CARREL_VERSION;
    record.u.start.package_id = ticket->package_id;
    record.u.start.ticket = sitting->ticket_digest;
    record.u.start.package = ticket->package_digest;
    record.u.start.lock = sitting->lock;
    record.u.start.content = sitting->exam->content;
    record.u.start.max_time_ms = ticket->max_time_ms;
    return sitting_append(sitting, &record);
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
    return sitting_append(sitting, &record);
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
    ok = sitting_append(sitting, &record);
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

    if (!seat_folder_path(&sitting->seat->folder, folder, FOLDER_JOURNALS, NULL, err))
        return false;
    sitting->journal = journal_open(sitting->disk, folder, sitting->id, sitting->keys.session_key, replay,
        sitting->attempt, accept_damage, end, err);
    if (sitting->journal != NULL)
        sitting->file = journal_file(sitting->journal);
    return sitting->journal != NULL;
}

void sitting_open_journal_again(struct sitting *sitting)
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

bool sitting_reserve(const struct seat *seat, const struct disk *disk, const struct ticket *ticket,
    bool is_again, struct error *err)
{
    const size_t room = journal_room(ticket->max_time_ms, ticket->item_count);
    char folder[FILE_PATH_SIZE], id[OBJECT_ID_SIZE];

    object_id(ticket->session, ticket->epoch, id);
    if (!seat_folder_path(&seat->folder, folder, FOLDER_JOURNALS, NULL, err) ||
        !folder_make(folder, 0700, err))
        return false;
    if (is_again)
        (void)journal_remove(folder, id, NULL); /* what stays is refused by journal_create */
    if (!seal_reserve(seat, id, room, err))
        return false;
    if (journal_create(disk, folder, id, room, err))
        return true;
    seal_forget(seat, id);
    return false;
}

/* A session that did not begin leaves no file behind. */
static void give_room_back(struct sitting *sitting)
{
    journal_close(sitting->journal);
    sitting->journal = NULL;
    seal_clear(sitting->seat, sitting->id);
}

/* The journal in the room that was made for it is empty. */
static bool open_empty_journal(struct sitting *sitting, struct error *err)
{
    enum journal_end end;

    if (!open_journal(sitting, false, &end, err))
        return false;
    return sitting->attempt->records == 0 ||
           error_set(err, ERROR_REFUSED, "the journal of %s holds a session already", sitting->id);
}

static bool first_phase(struct sitting *sitting)
{
    return sitting_enter(sitting, sitting->exam->nda.count > 0 ? PHASE_AGREEMENT : PHASE_TUTORIAL);
}

struct sitting *sitting_begin(
    struct sitting_parts *parts_take, const struct sitting_opening *opening, struct error *err)
{
    struct sitting *sitting = sitting_new(parts_take, err);
    bool ok;

    if (sitting == NULL)
        return NULL;
    if (!open_empty_journal(sitting, err)) {
        sitting_free(sitting);
        return NULL;
    }
    ok = append_start(sitting) && append_run(sitting, opening);
    if (!ok)
        *err = sitting->save_error;
    ok = ok && append_form(sitting, err) && find_items(sitting, err) && first_phase(sitting);
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
    return attempt_gap(
        sitting->attempt, boot_id, clock_boot_ms(sitting->clock), clock_wall_ms(sitting->clock));
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
