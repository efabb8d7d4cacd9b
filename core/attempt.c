#include "core/attempt.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_ARENA_BYTES = 4 * RECORD_MAX_BYTES };

struct attempt *attempt_new(struct error *err)
{
    struct attempt *attempt = calloc(1, sizeof *attempt);

    if (attempt == NULL) {
        error_set(err, ERROR_NOMEM, "out of memory");
        return NULL;
    }
    attempt->arena.max = 16 * (size_t)TRANSCRIPT_MAX_BYTES;
    return attempt;
}

void attempt_free(struct attempt *attempt)
{
    if (attempt == NULL)
        return;
    arena_release(&attempt->arena);
    explicit_bzero(attempt, sizeof *attempt);
    free(attempt);
}

/* --- folding ------------------------------------------------------------------------------------------- */

static const char *keep(struct attempt *attempt, const char *text)
{
    return arena_text(&attempt->arena, text, strlen(text));
}

static const char **keep_all(struct attempt *attempt, const char *const *texts, size_t count)
{
    const char **kept = arena_array(&attempt->arena, count, sizeof *kept);

    for (size_t i = 0; i < count && kept != NULL; i++)
        kept[i] = keep(attempt, texts[i]);
    return kept;
}

static void copy_text(char *to, size_t size, const char *text)
{
    assert(strlen(text) < size); /* the decoder's bounds are these sizes */
    (void)snprintf(to, size, "%s", text);
}

static void fold_start(struct attempt *attempt, const struct record *record)
{
    copy_text(attempt->session, sizeof attempt->session, record->u.start.session);
    copy_text(attempt->admission, sizeof attempt->admission, record->u.start.admission);
    copy_text(attempt->candidate_id, sizeof attempt->candidate_id, record->u.start.candidate_id);
    copy_text(attempt->center, sizeof attempt->center, record->u.start.center);
    copy_text(attempt->seat, sizeof attempt->seat, record->u.start.seat);
    copy_text(attempt->software, sizeof attempt->software, record->u.start.software);
    copy_text(attempt->package_id, sizeof attempt->package_id, record->u.start.package_id);
    attempt->epoch = record->u.start.epoch;
    attempt->ticket = record->u.start.ticket;
    attempt->package = record->u.start.package;
    attempt->lock = record->u.start.lock;
    attempt->content = record->u.start.content;
    attempt->max_time_ms = record->u.start.max_time_ms;
    attempt->first_wall_ms = record->wall_ms;
}

static void fold_gap(struct attempt *attempt, const struct record *record)
{
    const struct attempt_gap gap =
        attempt_gap(attempt, record->u.run.boot_id, record->boot_ms, record->wall_ms);

    attempt->gaps++;
    attempt->gap_ms += gap.ms;
    attempt->given_ms += gap.credited_ms;
}

static void fold_run(struct attempt *attempt, const struct record *record)
{
    if (record->u.run.reason == RUN_RESUME)
        fold_gap(attempt, record);
    if (strcmp(attempt->boot_id, record->u.run.boot_id) != 0) /* it may be the attempt's own */
        copy_text(attempt->boot_id, sizeof attempt->boot_id, record->u.run.boot_id);
    attempt->runs++;
    if (record->u.run.reason == RUN_BEGIN || record->u.run.reason == RUN_RESUME)
        attempt->codes_used[record->u.run.code] |= 1u << (record->u.run.code_number - 1);
    if (record->u.run.reason == RUN_RESUME)
        attempt->cover = COVER_NONE; /* staff opened it again */
    if (record->u.run.reason == RUN_SCREEN_RESTART && attempt->cover != COVER_STAFF)
        attempt->cover = COVER_NONE; /* the guard says anew what it covers; a pause by staff stays one */
}

static bool fold_form(struct attempt *attempt, const struct record *record)
{
    const size_t count = record->u.form.count;
    struct attempt_item *items = arena_array(&attempt->arena, count, sizeof *items);

    for (size_t i = 0; i < count && items != NULL; i++) {
        const struct record_form_item *drawn = &record->u.form.items[i];
        items[i].item = keep(attempt, drawn->item);
        items[i].version = keep(attempt, drawn->version);
        items[i].choices = keep_all(attempt, drawn->choices, drawn->choice_count);
        items[i].choice_count = drawn->choice_count;
    }
    if (attempt->arena.failed)
        return false;
    attempt->items = items;
    attempt->item_count = count;
    return true;
}

static void fold_phase(struct attempt *attempt, const struct record *record)
{
    attempt->phase = record->u.phase.phase;
    attempt->has_phase = true;
    attempt->phase_boot_ms = record->boot_ms;
}

static void fold_visit(struct attempt *attempt, const struct record *record)
{
    attempt->position = record->u.visit.position;
    if (attempt->position < attempt->item_count)
        attempt->items[attempt->position].was_visited = true;
}

static bool fold_response(struct attempt *attempt, const struct record *record)
{
    struct attempt_item *item = &attempt->items[record->u.response.position];
    const char *response =
        item->response != NULL ? item->response : keep(attempt, record->u.response.response);
    const char **values = keep_all(attempt, record->u.response.values, record->u.response.count);

    if (attempt->arena.failed)
        return false;
    item->response = response;
    item->values = values;
    item->value_count = record->u.response.count;
    return true;
}

static void fold_credit(struct attempt *attempt, const struct record *record)
{
    attempt->credit_ms += record->u.credit.ms;
    attempt->given_ms += record->u.credit.ms;
}

static void fold_end(struct attempt *attempt, const struct record *record)
{
    attempt->has_ended = true;
    attempt->end = record->u.end.reason;
    attempt->phase = PHASE_ENDED;
}

/* What this kind of record changes. False: no memory, and nothing is changed. */
static bool fold(struct attempt *attempt, const struct record *record)
{
    switch (record->kind) {
    case RECORD_START: fold_start(attempt, record); break;
    case RECORD_RUN: fold_run(attempt, record); break;
    case RECORD_FORM: return fold_form(attempt, record);
    case RECORD_PHASE: fold_phase(attempt, record); break;
    case RECORD_VISIT: fold_visit(attempt, record); break;
    case RECORD_RESPONSE: return fold_response(attempt, record);
    case RECORD_FLAG: attempt->items[record->u.flag.position].is_flagged = record->u.flag.on; break;
    case RECORD_COVER: attempt->cover = record->u.cover.reason; break;
    case RECORD_CREDIT: fold_credit(attempt, record); break;
    case RECORD_END: fold_end(attempt, record); break;
    case RECORD_BEAT:
    case RECORD_STAFF:
    case RECORD_SURVEY:
    case RECORD_KINDS: break;
    }
    return true;
}

/* The item on screen until this record: exam time that passed went to it. */
static struct attempt_item *item_on_screen(struct attempt *attempt)
{
    if (!attempt->has_phase || attempt->phase != PHASE_EXAM || attempt->position >= attempt->item_count)
        return NULL;
    return attempt->items[attempt->position].was_visited ? &attempt->items[attempt->position] : NULL;
}

bool attempt_apply(struct attempt *attempt, const struct record *record, struct error *err)
{
    struct attempt_item *seen = item_on_screen(attempt);
    const int64_t credit_ms = record->kind == RECORD_CREDIT ? record->u.credit.ms : 0;
    const int64_t passed_ms = record->exam_ms + credit_ms - attempt->exam_ms;

    if (!attempt_check(attempt, record, err))
        return false;
    if (!fold(attempt, record))
        return error_set(err, ERROR_NOMEM, "out of memory");
    if (seen != NULL)
        seen->exam_ms += passed_ms;
    attempt->exam_ms = record->exam_ms;
    attempt->last_boot_ms = record->boot_ms;
    attempt->last_wall_ms = record->wall_ms;
    attempt->records++;
    return true;
}

/* --- transcripts --------------------------------------------------------------------------------------- */

/* Takes the next line, without its newline, off the front; false if none ends there. */
static bool take_line(struct bytes *rest, struct bytes *line)
{
    const uint8_t *end = rest->len == 0 ? NULL : memchr(rest->data, '\n', rest->len);

    if (end == NULL)
        return false;
    *line = bytes_of(rest->data, (size_t)(end - rest->data));
    *rest = bytes_of(end + 1, rest->len - line->len - 1);
    return true;
}

static bool apply_line(struct attempt *attempt, struct bytes line, struct error *err)
{
    struct arena arena = {.max = LINE_ARENA_BYTES};
    struct record record;
    bool ok;

    if (record_decode(line, &arena, &record, err))
        ok = attempt_apply(attempt, &record, err);
    else
        ok = error_prefix(err, "record %llu", (unsigned long long)attempt->records);
    arena_release(&arena);
    return ok;
}

static bool apply_lines(struct attempt *attempt, struct bytes transcript, struct error *err)
{
    struct bytes line;

    if (transcript.len > TRANSCRIPT_MAX_BYTES)
        return error_set(err, ERROR_LIMIT, "a transcript has at most %u bytes", TRANSCRIPT_MAX_BYTES);
    while (take_line(&transcript, &line))
        if (!apply_line(attempt, line, err))
            return false;
    if (transcript.len > 0)
        return error_set(err, ERROR_FORMAT, "record %llu is cut off", (unsigned long long)attempt->records);
    return attempt->records > 0 || error_set(err, ERROR_FORMAT, "the transcript is empty");
}

struct attempt *attempt_replay(struct bytes transcript, struct error *err)
{
    struct attempt *attempt = attempt_new(err);

    if (attempt == NULL || apply_lines(attempt, transcript, err))
        return attempt;
    attempt_free(attempt);
    return NULL;
}

bool transcript_start(struct bytes transcript, struct arena *arena, struct record *start, struct error *err)
{
    struct bytes line;
    struct record first;

    if (!take_line(&transcript, &line))
        return error_set(err, ERROR_FORMAT, "the transcript has no first line");
    if (!record_decode(line, arena, &first, err))
        return error_prefix(err, "record 0");
    if (first.kind != RECORD_START)
        return error_set(err, ERROR_FORMAT, "the transcript begins with %s, not with its start",
            record_kind_name(first.kind));
    *start = first;
    return true;
}

/* --- reading ------------------------------------------------------------------------------------------- */

size_t attempt_answered(const struct attempt *attempt)
{
    size_t answered = 0;

    for (size_t i = 0; i < attempt->item_count; i++)
        answered += attempt->items[i].value_count > 0;
    return answered;
}

void attempt_responses(const struct attempt *attempt, struct item_response *responses)
{
    for (size_t i = 0; i < attempt->item_count; i++) {
        const struct attempt_item *item = &attempt->items[i];
        responses[i] = (struct item_response){item->item, item->version, item->values, item->value_count};
    }
}
