/* POST /v1/programmes: the board publishes rules. What is published stays: a new version is in force from its
 * moment on, and what was judged before is not judged again. */
#include "server/call.h"
#include "server/handlers/handlers.h"
#include "server/open_exam.h"
#include "server/titles.h"

struct publishing {
    struct programme programme;
    struct buffer content; /* in the one form, so that the same is known again */
};

static void release(void *state)
{
    buffer_release(&((struct publishing *)state)->content);
}

static bool read_programme(struct call *call, struct publishing *publishing, struct error *err)
{
    publishing->content.max = PROGRAMME_MAX_BYTES;
    if (!programme_parse(call_body(call), &publishing->programme, err))
        return false;
    struct json *json = programme_json(&publishing->programme);
    bool ok = json_write(json, &publishing->content, err);
    json_free(json);
    return ok;
}

/* --- against the exams ------------------------------------------------------------------------ */

static bool differs(const struct programme_title *title, const struct exam_row *exam, const char *what,
    int64_t said, int64_t real, struct error *err)
{
    return error_set(err, ERROR_REFUSED,
        "%s: the programme says %lld %s, the published exam (version %s) has %lld", title->id,
        (long long)said, what, exam->facts.version, (long long)real);
}

/* The newest edition says what the programme says. One that is not published yet says nothing. */
static bool check_exam(
    struct call *call, struct store *reader, const struct programme_title *title, struct error *err)
{
    struct error missing = {ERROR_NONE, ""};
    struct exam_row row;
    if (!reader->exam_newest(reader, title->id, &row, &missing))
        return missing.code == ERROR_NOT_FOUND || error_set(err, missing.code, "%s", missing.text);
    struct exam *exam =
        open_exam(call->server->board, call->server->packages, reader, row.facts.package_id, err);
    if (exam == NULL)
        return error_prefix(err, "%s", title->id);
    const unsigned pass_mark = exam->pass_mark;
    exam_free(exam);
    if (row.facts.item_count != title->exam.items)
        return differs(title, &row, "items", title->exam.items, row.facts.item_count, err);
    if (row.facts.max_time_ms != title->exam.minutes * 60000LL)
        return differs(title, &row, "minutes", title->exam.minutes, row.facts.max_time_ms / 60000, err);
    return pass_mark == title->exam.pass_mark ||
           differs(title, &row, "percent to pass", title->exam.pass_mark, pass_mark, err);
}

static bool check_exams(
    struct call *call, struct store *reader, const struct programme *programme, struct error *err)
{
    for (size_t i = 0; i < programme->title_count; i++)
        if (programme->titles[i].has_exam && !check_exam(call, reader, &programme->titles[i], err))
            return false;
    return true;
}

/* --- against what is published ---------------------------------------------------------------- */

struct comparing {
    const struct publishing *publishing;
    int64_t newest_ms; /* of this programme; INT64_MIN: there is none */
    bool is_known;     /* this very version is there */
};

/* No title may be two programmes' own. */
static bool check_other(const struct programme *programme, const struct programme_row *row,
    struct bytes content, struct error *err)
{
    struct programme *other = programme_stored(content, row->id, err);
    bool ok = other != NULL;
    size_t index;
    for (size_t i = 0; ok && i < programme->title_count; i++)
        if (programme_find(other, programme->titles[i].id, other->title_count, &index))
            ok = error_set(err, ERROR_REFUSED, "the title %s is one of the programme %s already",
                programme->titles[i].id, row->id);
    free(other);
    return ok;
}

static bool compare(void *context, const struct programme_row *row, struct bytes content, struct error *err)
{
    struct comparing *comparing = context;
    const struct programme *programme = &comparing->publishing->programme;
    if (strcmp(row->id, programme->id) != 0)
        return check_other(programme, row, content, err);
    comparing->newest_ms = row->in_force_ms;
    if (row->in_force_ms == programme->in_force_ms)
        comparing->is_known = bytes_equal(content, buffer_bytes(&comparing->publishing->content));
    return true;
}

/* As it is at that version's moment, and as it will be at last. */
static bool check_published(
    struct comparing *comparing, struct store *writer, int64_t now_ms, struct error *err)
{
    const int64_t in_force_ms = comparing->publishing->programme.in_force_ms;
    if (!writer->programme_each(writer, in_force_ms, compare, comparing, err) || comparing->is_known)
        return comparing->is_known;
    if (!writer->programme_each(writer, INT64_MAX, compare, comparing, err))
        return false;
    if (comparing->newest_ms >= in_force_ms)
        return error_set(err, ERROR_REFUSED,
            "a version of this programme that is in force from then on or later is published already");
    return comparing->newest_ms == INT64_MIN || in_force_ms >= now_ms ||
           error_set(err, ERROR_REFUSED,
               "in_force lies in the past: what was judged by the rules before is not judged again");
}

/* --- keeping ---------------------------------------------------------------------------------- */

static void send_published(struct call *call, int status, const struct publishing *publishing)
{
    struct json *json = json_new_object();
    json_set(json, "id", json_text(publishing->programme.id));
    json_set(json, "title", json_text(publishing->programme.title));
    json_set(json, "in_force", json_time(publishing->programme.in_force_ms));
    call_json(call, status, json);
}

static enum write_end keep(struct call *call, struct store *writer)
{
    const struct publishing *publishing = call->state;
    struct error err = {ERROR_NONE, ""};
    struct comparing comparing = {publishing, INT64_MIN, false};
    struct programme_row row = {
        .in_force_ms = publishing->programme.in_force_ms, .published_ms = call->now_ms};
    memcpy(row.id, publishing->programme.id, sizeof row.id);
    call_who(call, row.published_by);
    if (!check_published(&comparing, writer, call->now_ms, &err))
        return call_fail_write(call, &err);
    if (!comparing.is_known && !writer->programme_add(writer, &row, buffer_bytes(&publishing->content), &err))
        return call_fail_write(call, &err);
    if (!comparing.is_known && row.in_force_ms <= call->now_ms &&
        !titles_settle_all(writer, call->now_ms, &err))
        return call_fail_write(call, &err);
    send_published(call, comparing.is_known ? 200 : 201, publishing);
    return WRITE_KEEP;
}

void programmes_publish(struct call *call, struct store *reader)
{
    struct error err = {ERROR_NONE, ""};
    struct publishing *publishing = call_state(call, sizeof *publishing, release);
    if (publishing == NULL)
        return;
    if (read_programme(call, publishing, &err) && check_exams(call, reader, &publishing->programme, &err))
        call->write = keep;
    else
        call_fail(call, &err);
}
