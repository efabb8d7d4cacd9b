#include "server/seen.h"

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

static bool add_item(void *context, const char *item, struct error *err)
{
    struct seen *seen = context;
    forget(seen, item);
    if (seen->count == ITEMS_MAX)
        return true; /* the bank has no more than that: what is dropped can't matter */
    const char *kept = arena_text(&seen->arena, item, strlen(item));
    if (kept == NULL)
        return error_set(err, ERROR_NOMEM, "out of memory");
    seen->items[seen->count++] = kept;
    return true;
}

/* --- by candidate ----------------------------------------------------------------------------- */

struct looking {
    struct seen *seen;
    struct store *reader;
    const char *exam;
};

static bool add_session(void *context, const struct session_row *row, struct error *err)
{
    struct looking *looking = context;
    struct exam_row exam;
    if (!looking->reader->exam_get(looking->reader, row->package_id, &exam, err))
        return false;
    return strcmp(exam.facts.identifier, looking->exam) != 0 ||
           looking->reader->session_shown(looking->reader, row->id, add_item, looking->seen, err);
}

bool seen_by_candidate(struct seen *seen, struct store *reader, const struct sitting_row *sitting,
    const struct exam_row *exam, const char *candidate_id, struct error *err)
{
    struct looking looking = {seen, reader, exam->facts.identifier};
    const struct session_filter filter = {.center = sitting->center, .candidate_id = candidate_id};
    return reader->session_each(reader, &filter, add_session, &looking, err);
}

/* --- by ticket -------------------------------------------------------------------------------- */

static struct exam *open_exam(const struct board *board, const char *packages, struct store *reader,
    const struct ticket *ticket, struct error *err)
{
    char name[SESSION_ID_SIZE + 8], path[FILE_PATH_SIZE];
    struct buffer open = {.max = EXAM_KEY_MAX_BYTES}, file = {.max = PACKAGE_MAX_BYTES},
                  sealed = {.max = PACKAGE_MAX_BYTES};
    struct exam_facts facts;
    struct package_name package;
    struct secret *key = NULL;
    struct exam *exam = NULL;
    snprintf(name, sizeof name, "%s.exam", ticket->package_id);
    if (reader->exam_open_file(reader, ticket->package_id, &open, err) &&
        exam_key_open(buffer_bytes(&open), board->issuers, board->ticket, &facts, &key, err) &&
        path_join(path, packages, name, err) && file_read(path, &file, err) &&
        package_verify(buffer_bytes(&file), board->issuers, &sealed, &package, err))
        exam = package_open(buffer_bytes(&sealed), package.id, key, err);
    secret_free(key);
    buffer_release(&sealed);
    buffer_release(&file);
    buffer_release(&open);
    return exam;
}

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

bool seen_by_ticket(struct seen *seen, const struct board *board, const char *packages, struct store *reader,
    const struct ticket *ticket, struct error *err)
{
    for (size_t i = 0; i < ticket->seen_count; i++)
        if (!add_item(seen, ticket->seen[i], err))
            return false;
    size_t before = seen->count;
    if (!reader->session_shown(reader, ticket->session, add_item, seen, err))
        return false;
    if (seen->count > before)
        return true;
    struct exam *exam = open_exam(board, packages, reader, ticket, err);
    bool ok = exam != NULL && add_form(seen, exam, ticket, err);
    exam_free(exam);
    return ok;
}
