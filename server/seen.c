#include "server/seen.h"

#include "core/form.h"
#include "server/open_exam.h"
#include "server/tickets.h"

void seen_release(struct seen *seen)
{
    arena_release(&seen->arena);
    seen->count = 0;
}

/* Seen again is seen later: it moves to the end. */
static void forget(struct seen *seen, const char *item)
{
    size_t kept = 0;
    for (size_t i = 0; i < seen->count; i++)
        if (strcmp(seen->items[i], item) != 0)
            seen->items[kept++] = seen->items[i];
    seen->count = kept;
}

static bool add_item(struct seen *seen, const char *item, struct error *err)
{
    forget(seen, item);
    if (seen->count == ITEMS_MAX)
        forget(seen, seen->items[0]); /* of older editions: the bank has no more than that */
    const char *kept = arena_text(&seen->arena, item, strlen(item));
    if (kept == NULL)
        return error_set(err, ERROR_NOMEM, "out of memory");
    seen->items[seen->count++] = kept;
    return true;
}

/* --- by ticket -------------------------------------------------------------------------------- */

static bool add_form(
    struct seen *seen, const struct exam *exam, const struct ticket *ticket, struct error *err)
{
    struct form *form = calloc(1, sizeof *form);
    bool ok = form != NULL || error_set(err, ERROR_NOMEM, "out of memory");
    ok = ok && form_assemble(exam, ticket->form_seed, ticket->seen, ticket->seen_count, form, err);
    for (size_t i = 0; ok && i < form->count; i++)
        ok = add_item(seen, exam->items[form->items[i].item].identifier, err);
    free(form);
    return ok;
}

/* What the result of a session told. */
struct telling {
    struct seen *seen;
    bool has_told;
};

static bool add_shown(void *context, const char *item, struct error *err)
{
    struct telling *telling = context;
    telling->has_told = true;
    return add_item(telling->seen, item, err);
}

bool seen_by_ticket(struct seen *seen, const struct board *board, const char *packages, struct store *reader,
    const struct ticket *ticket, struct error *err)
{
    for (size_t i = 0; i < ticket->seen_count; i++)
        if (!add_item(seen, ticket->seen[i], err))
            return false;
    struct telling telling = {seen, false};
    if (!reader->session_shown(reader, ticket->session, add_shown, &telling, err))
        return false;
    if (telling.has_told)
        return true;
    struct exam *exam = open_exam(board, packages, reader, ticket->package_id, err);
    bool ok = exam != NULL && add_form(seen, exam, ticket, err);
    exam_free(exam);
    return ok;
}

/* --- by candidate ----------------------------------------------------------------------------- */

struct looking {
    struct seen *seen;
    const struct board *board;
    const char *packages, *exam;
    struct store *reader;
};

/* One that was replaced may have begun: its form counts, as it does for the ticket that took its place. */
static bool may_have_shown(const struct session_row *row)
{
    return row->standing != STANDING_ADMITTED;
}

static bool add_session(void *context, const struct session_row *row, struct error *err)
{
    const struct looking *looking = context;
    struct store *reader = looking->reader;
    struct exam_row exam;
    if (!reader->exam_get(reader, row->package_id, &exam, err))
        return false;
    if (!may_have_shown(row) || strcmp(exam.facts.identifier, looking->exam) != 0)
        return true;
    struct ticket *ticket = ticket_stored(looking->board, reader, row->id, err);
    bool ok = ticket != NULL &&
              seen_by_ticket(looking->seen, looking->board, looking->packages, reader, ticket, err);
    ticket_free(ticket);
    return ok;
}

bool seen_by_candidate(struct seen *seen, const struct board *board, const char *packages,
    struct store *reader, const char *exam, const char *candidate_id, struct error *err)
{
    struct looking looking = {seen, board, packages, exam, reader};
    const struct session_filter filter = {.candidate_id = candidate_id};
    return reader->session_each(reader, &filter, add_session, &looking, err);
}
