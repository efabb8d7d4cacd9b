/* A transcript: one that folds has its times within its limit, and folds to the same again from what its
 * lines are written as. */
#include <stdlib.h>
#include <string.h>

#include "core/attempt.h"
#include "tests/fuzz/fuzz.h"

static void must(bool ok)
{
    if (!ok)
        abort();
}

/* Each line decoded and written again. */
static void write_again(struct bytes transcript, struct buffer *out)
{
    const char *at = (const char *)transcript.data, *end = at + transcript.len;

    while (at < end) {
        const size_t len = (size_t)((const char *)memchr(at, '\n', (size_t)(end - at)) - at);
        struct arena arena = {.max = 4 * RECORD_MAX_BYTES};
        struct record record;
        must(record_decode(bytes_of(at, len), &arena, &record, NULL));
        must(record_encode(&record, out, NULL) && buffer_add_text(out, "\n"));
        arena_release(&arena);
        at += len + 1;
    }
}

static void check(const struct attempt *attempt)
{
    must(attempt->exam_ms >= 0 && attempt->exam_ms <= attempt->max_time_ms);
    must(attempt_answered(attempt) <= attempt->item_count);
    must(attempt->phase < PHASES && attempt->position <= FORM_ITEMS_MAX);
    for (size_t i = 0; i < attempt->item_count; i++)
        must(attempt->items[i].choice_count == 0 ||
             attempt->items[i].value_count <= attempt->items[i].choice_count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct bytes transcript = bytes_of(data, size);
    struct buffer written = {.max = TRANSCRIPT_MAX_BYTES};
    struct attempt *attempt = size > 1 << 18 ? NULL : attempt_replay(transcript, NULL), *again;

    if (attempt == NULL)
        return 0;
    check(attempt);
    write_again(transcript, &written);
    again = attempt_replay(buffer_bytes(&written), NULL);
    must(again != NULL && again->records == attempt->records && again->exam_ms == attempt->exam_ms);
    attempt_free(again);
    attempt_free(attempt);
    buffer_release(&written);
    return 0;
}
