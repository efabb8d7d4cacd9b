#include "provisioning/time_statement.h"

#include <stdlib.h>
#include <string.h>

#include "core/limits.h"
#include "core/record.h"

enum { WORDS_MAX = 400 };

void duration_format(int64_t ms, char text[DURATION_TEXT_SIZE])
{
    const long long seconds = ms < 0 ? 0 : (long long)ms / 1000;

    (void)snprintf(text, DURATION_TEXT_SIZE, "%lld:%02d:%02d", seconds / 3600, (int)(seconds / 60 % 60),
        (int)(seconds % 60));
}

static const char *cover_words(enum cover_reason reason)
{
    static const char *const words[COVER_REASONS] = {
        [COVER_NONE] = "screen shown again",
        [COVER_STAFF] = "screen covered by staff",
        [COVER_LATE_SAVE] = "screen covered: an answer was not saved in time",
        [COVER_SCREEN_GONE] = "screen covered: its program ended",
        [COVER_LOCK] = "screen covered: the lock was in doubt",
    };

    return words[reason];
}

static const char *end_words(enum end_reason reason)
{
    static const char *const words[END_REASONS] = {
        [END_SUBMITTED] = "ended: submitted by the candidate",
        [END_TIME] = "ended: the time was up",
        [END_DECLINED] = "ended: the agreement was declined",
        [END_STAFF] = "ended by staff",
        [END_WINDOW] = "ended: the window closed",
    };

    return words[reason];
}

static void run_words(const struct record *record, char words[WORDS_MAX])
{
    char gap[DURATION_TEXT_SIZE];
    const bool is_known =
        record->u.run.gap_ms != 0; /* 0: the clock was earlier than it had been, attempt_gap */

    duration_format(record->u.run.gap_ms, gap);
    switch (record->u.run.reason) {
    case RUN_BEGIN:
        (void)snprintf(words, WORDS_MAX, "begun by %s with the start code", record->u.run.initials);
        break;
    case RUN_SCREEN_RESTART: (void)snprintf(words, WORDS_MAX, "the screen's program was restarted"); break;
    case RUN_DISK: (void)snprintf(words, WORDS_MAX, "a write failed: went on in another file"); break;
    case RUN_RESUME:
        (void)snprintf(words, WORDS_MAX, "resumed by %s%s%s with %s code %u, %s%s%s", record->u.run.initials,
            record->u.run.second[0] == '\0' ? "" : " and ", record->u.run.second,
            code_kind_name(record->u.run.code), record->u.run.code_number,
            is_known ? "about " : "after a time that is not known", is_known ? gap : "",
            is_known ? " later" : "");
        break;
    case RUN_REASONS: words[0] = '\0'; break;
    }
}

static void credit_words(const struct record *record, char words[WORDS_MAX])
{
    char length[DURATION_TEXT_SIZE];

    duration_format(record->u.credit.ms, length);
    (void)snprintf(words, WORDS_MAX, "%s credited by %s%s%s: %s", length, record->u.credit.initials,
        record->u.credit.second[0] == '\0' ? "" : " and ", record->u.credit.second, record->u.credit.reason);
}

/* False where a record says nothing about time. */
static bool describe(const struct record *record, char words[WORDS_MAX])
{
    switch (record->kind) {
    case RECORD_RUN: run_words(record, words); return true;
    case RECORD_PHASE: (void)snprintf(words, WORDS_MAX, "%s", phase_name(record->u.phase.phase)); return true;
    case RECORD_COVER:
        (void)snprintf(words, WORDS_MAX, "%s", cover_words(record->u.cover.reason));
        return true;
    case RECORD_CREDIT: credit_words(record, words); return true;
    case RECORD_END: (void)snprintf(words, WORDS_MAX, "%s", end_words(record->u.end.reason)); return true;
    case RECORD_STAFF:
        (void)snprintf(words, WORDS_MAX, "%s by %s: %s", record->u.staff.act, record->u.staff.initials,
            record->u.staff.reason);
        return true;
    case RECORD_START:
    case RECORD_FORM:
    case RECORD_VISIT:
    case RECORD_RESPONSE:
    case RECORD_FLAG:
    case RECORD_BEAT:
    case RECORD_SURVEY:
    case RECORD_KINDS: break;
    }
    return false;
}

static bool add(
    struct time_statement *statement, const struct record *record, const char *words, struct error *err)
{
    struct time_entry *entries = statement->entries;

    if ((statement->count & (statement->count - 1)) == 0) { /* 0, 1, 2, 4, 8 … are full */
        entries = realloc(entries, (statement->count == 0 ? 1 : statement->count * 2) * sizeof *entries);
        if (entries == NULL)
            return error_set(err, ERROR_NOMEM, "out of memory");
        statement->entries = entries;
    }
    entries[statement->count] = (struct time_entry){.wall_ms = record->wall_ms,
        .exam_ms = record->exam_ms,
        .what = arena_text(&statement->arena, words, strlen(words))};
    return entries[statement->count++].what != NULL || error_set(err, ERROR_NOMEM, "out of memory");
}

/* One line; is_good is false where it can't be read. */
static bool take_line(struct time_statement *statement, struct bytes line, bool *is_good, struct error *err)
{
    struct arena arena = {.max = 16 * RECORD_MAX_BYTES};
    struct record record;
    char words[WORDS_MAX];
    bool ok = true;

    *is_good = record_decode(line, &arena, &record, NULL);
    if (*is_good && describe(&record, words))
        ok = add(statement, &record, words, err);
    arena_release(&arena);
    return ok;
}

bool time_statement_make(struct time_statement *statement, struct bytes transcript, struct error *err)
{
    struct time_statement made = {.arena = {.max = TRANSCRIPT_MAX_BYTES}};
    bool ok = true, is_good = true;

    while (ok && is_good && transcript.len > 0) {
        const uint8_t *end = memchr(transcript.data, '\n', transcript.len);
        const size_t len = end == NULL ? transcript.len : (size_t)(end - transcript.data);
        ok = take_line(&made, bytes_of(transcript.data, len), &is_good, err);
        transcript = end == NULL ? bytes_of(NULL, 0) : bytes_of(end + 1, transcript.len - len - 1);
    }
    if (ok)
        *statement = made;
    else
        time_statement_release(&made);
    return ok;
}

void time_statement_release(struct time_statement *statement)
{
    free(statement->entries);
    arena_release(&statement->arena);
    statement->entries = NULL;
    statement->count = 0;
}
