#include "server/programmes.h"

/* --- rules ------------------------------------------------------------------------------------ */

struct finding {
    const char *exam, *id; /* one of them */
    struct programme *found;
    size_t title;
};

static bool is_wanted(struct finding *finding, const struct programme *programme)
{
    return finding->exam != NULL ? programme_find_exam(programme, finding->exam, &finding->title)
                                 : strcmp(programme->id, finding->id) == 0;
}

struct programme *programme_stored(struct bytes content, const char *id, struct error *err)
{
    struct error fault = {ERROR_NONE, ""};
    struct programme *programme = calloc(1, sizeof *programme);
    if (programme == NULL) {
        error_set(err, ERROR_NOMEM, "out of memory");
        return NULL;
    }
    if (programme_parse(content, programme, &fault))
        return programme;
    error_set(err, ERROR_BUSY, "the programme %s in the store can't be read: %s", id, fault.text);
    free(programme);
    return NULL;
}

static bool look_at(void *context, const struct programme_row *row, struct bytes content, struct error *err)
{
    struct finding *finding = context;
    if (finding->found != NULL)
        return true; /* no two programmes name the same exam */
    struct programme *programme = programme_stored(content, row->id, err);
    if (programme == NULL)
        return false;
    if (is_wanted(finding, programme))
        finding->found = programme;
    else
        free(programme);
    return true;
}

struct programme *programme_of_exam(
    struct store *store, const char *exam, int64_t at_ms, size_t *title, struct error *err)
{
    struct finding finding = {.exam = exam};
    if (store->programme_each(store, at_ms, look_at, &finding, err)) {
        *title = finding.title;
        return finding.found;
    }
    free(finding.found);
    return NULL;
}

struct programme *programme_in_force(struct store *store, const char *id, int64_t at_ms, struct error *err)
{
    struct finding finding = {.id = id};
    if (!store->programme_each(store, at_ms, look_at, &finding, err)) {
        free(finding.found);
        return NULL;
    }
    if (finding.found == NULL)
        error_set(err, ERROR_NOT_FOUND, "the programme %s is not there", id);
    return finding.found;
}

/* --- a person --------------------------------------------------------------------------------- */

struct loading {
    struct ladder *ladder;
    struct store *store;
    const char *except;
    int64_t now_ms;
};

static bool add_session(void *context, const struct session_row *row, struct error *err)
{
    struct loading *loading = context;
    struct exam_row exam;
    if (strcmp(row->id, loading->except) == 0)
        return true;
    if (!loading->store->exam_get(loading->store, row->package_id, &exam, err))
        return false;
    ladder_add_session(loading->ladder, exam.facts.identifier, row, loading->now_ms);
    return true;
}

static bool add_title(void *context, const struct title_row *row, struct error *err)
{
    struct loading *loading = context;
    (void)err;
    ladder_add_title(loading->ladder, row);
    return true;
}

bool ladder_load(struct ladder *ladder, struct store *store, const struct programme *programme,
    const char *candidate_id, const char *except, int64_t now_ms, struct error *err)
{
    struct loading loading = {ladder, store, except, now_ms};
    const struct session_filter filter = {.candidate_id = candidate_id};
    *ladder = (struct ladder){.programme = programme};
    return store->session_each(store, &filter, add_session, &loading, err) &&
           store->title_each(store, candidate_id, add_title, &loading, err);
}

bool ladder_ask(struct store *store, const struct sitting_row *sitting, const char *exam,
    const char *candidate_id, const char *except, int64_t now_ms, struct ladder_answer *answer,
    struct error *err)
{
    struct error fault = {ERROR_NONE, ""};
    struct ladder ladder;
    size_t title = 0;
    struct programme *programme = programme_of_exam(store, exam, sitting->opens_ms, &title, &fault);
    *answer = (struct ladder_answer){.verdict = LADDER_MAY};
    if (programme == NULL)
        return fault.code == ERROR_NONE || error_set(err, fault.code, "%s", fault.text);
    bool ok = ladder_load(&ladder, store, programme, candidate_id, except, now_ms, err);
    if (ok)
        ladder_may_sit(&ladder, title, sitting->opens_ms, answer);
    free(programme);
    return ok;
}
