/* sitting admit: one request a candidate. The whole roster is read before the first is sent; who is admitted
 * already is left as they are, so after any interruption the same command is run again. A candidate whom the
 * server refuses is told with the reason, and the others are admitted. */
#include "provisioning/cancel.h"
#include "provisioning/client.h"
#include "provisioning/commands.h"
#include "provisioning/progress.h"
#include "provisioning/report.h"
#include "provisioning/roster.h"
#include "provisioning/sitting.h"
#include "provisioning/table.h"

enum { MISTAKES_MAX_BYTES = 1 << 20, HTTP_CREATED = 201, HTTP_CONFLICT = 409 };

struct admission_run {
    struct client client;
    char path[SITTING_PATH_SIZE];
    struct roster roster;
    struct json *admitted; /* answers, in the roster's order */
    struct json *refused;
    size_t added, known, refusals;
};

static bool read_roster(struct admission_run *run, const char *path, struct error *err)
{
    struct buffer mistakes = {.max = MISTAKES_MAX_BYTES};
    struct error reason = {0};
    bool ok = roster_load(&run->roster, path, &mistakes, &reason);

    if (!ok) {
        (void)fputs(buffer_text(&mistakes), stderr);
        error_set(err, reason.code, "%s. Nothing was sent", reason.text);
    }
    buffer_release(&mistakes);
    return ok;
}

static struct json *body_of(const struct roster_entry *entry)
{
    struct json *body = json_new_object();

    json_set(body, "candidate_id", json_text(entry->candidate_id));
    json_set(body, "name", json_text(entry->name));
    if (entry->admission[0] != '\0')
        json_set(body, "admission", json_text(entry->admission));
    if (entry->time_factor != 0)
        json_set(body, "time_factor", json_int(entry->time_factor));
    if (entry->theme[0] != '\0')
        json_set(body, "theme", json_text(entry->theme));
    if (entry->zoom != 0)
        json_set(body, "zoom", json_int(entry->zoom));
    return body;
}

static struct json *refusal_of(const struct client *client, const struct roster_entry *entry)
{
    struct json *refusal = json_new_object();

    json_set(refusal, "place", json_int((int64_t)entry->place));
    json_set(refusal, "candidate_id", json_text(entry->candidate_id));
    json_set(refusal, "name", json_text(entry->name));
    json_set(refusal, "code", json_text(client->code));
    json_set(refusal, "reason", json_text(client->message));
    return refusal;
}

/* False: nobody else can be admitted either. */
static bool admit(struct admission_run *run, const struct roster_entry *entry, struct error *err)
{
    struct json *answer = NULL;

    if (!cancel_check(err))
        return false;
    if (client_ask(&run->client, "POST", run->path, body_of(entry), &answer, err)) {
        if (run->client.status == HTTP_CREATED)
            run->added++;
        else
            run->known++;
        json_add(run->admitted, answer);
        return true;
    }
    if (run->client.status != HTTP_CONFLICT)
        return false;
    json_add(run->refused, refusal_of(&run->client, entry));
    run->refusals++;
    return true;
}

/* As the mistakes of a roster: file, line, reason. */
static void print_refusals(const struct admission_run *run, const char *path)
{
    struct arena arena = {.max = 64 << 20};

    for (size_t i = 0; i < json_count(run->refused); i++) {
        const struct json *refusal = json_at(run->refused, i);
        (void)fprintf(stderr, "%s:%s: %s: %s\n", path, answer_text(refusal, "place", &arena),
            answer_text(refusal, "name", &arena), answer_text(refusal, "reason", &arena));
    }
    arena_release(&arena);
}

/* What was done, and that running it again is safe. */
static bool stop_at(
    const struct admission_run *run, const char *path, const struct roster_entry *entry, struct error *err)
{
    const size_t done = run->added + run->known;
    const struct error reason = *err;

    print_refusals(run, path);
    return error_set(err, reason.code,
        "%s:%zu: %s: %s. %zu of %zu are admitted; running it again goes on from there", path, entry->place,
        entry->name, reason.text, done, run->roster.count);
}

static bool admit_all(struct admission_run *run, const char *path, struct error *err)
{
    struct progress progress = progress_start("admitting", run->roster.count);
    bool ok = true;

    for (size_t i = 0; ok && i < run->roster.count; i++) {
        progress_to(&progress, i);
        ok = admit(run, &run->roster.entries[i], err) || stop_at(run, path, &run->roster.entries[i], err);
    }
    progress_end(&progress);
    return ok;
}

static bool show(const struct call *call, struct admission_run *run, struct error *err)
{
    struct arena arena = {.max = 64 << 20};
    struct json *whole = NULL;
    struct table *table = NULL;
    bool ok;

    if (call->as_json) {
        whole = json_new_object();
        json_set(whole, "added", json_int((int64_t)run->added));
        json_set(whole, "known", json_int((int64_t)run->known));
        json_set(whole, "admissions", run->admitted);
        json_set(whole, "refused", run->refused);
        run->admitted = run->refused = NULL;
        ok = report_json(whole, err);
        json_free(whole);
        return ok;
    }
    table = table_new("admission", "name", "candidate", NULL);
    for (size_t i = 0; i < json_count(run->admitted); i++) {
        const struct json *session = json_at(run->admitted, i);
        table_row(table, answer_text(session, "admission", &arena), answer_text(session, "name", &arena),
            answer_text(session, "candidate_id", &arena), NULL);
    }
    ok = table_print(table, stdout, err);
    if (ok)
        (void)printf("\n%zu admitted now, %zu before\n", run->added, run->known);
    table_free(table);
    arena_release(&arena);
    return ok;
}

/* At the end, so that the table and the refusals don't mix; with --json they are in it. */
static bool tell_refusals(
    const struct call *call, const struct admission_run *run, const char *path, struct error *err)
{
    if (run->refusals == 0)
        return true;
    (void)fflush(stdout);
    if (!call->as_json)
        print_refusals(run, path);
    return error_set(err, ERROR_REFUSED,
        "%zu of %zu candidates %s refused; the others are admitted. Running it again is safe", run->refusals,
        run->roster.count, run->refusals == 1 ? "is" : "are");
}

static bool run(const struct call *call, struct error *err)
{
    const char *path = call->arguments->operands[1];
    struct admission_run run = {.admitted = json_new_array(), .refused = json_new_array()};
    bool ok = sitting_path(call->arguments->operands[0], "/admissions", run.path, err) &&
              read_roster(&run, path, err) && client_open(&run.client, call, err) &&
              admit_all(&run, path, err) && show(call, &run, err) && tell_refusals(call, &run, path, err);

    json_free(run.refused);
    json_free(run.admitted);
    roster_release(&run.roster);
    client_release(&run.client);
    return ok;
}

const struct command command_sitting_admit = {
    .name = "sitting admit",
    .operands = "SITTING ROSTER",
    .summary = "Admit the candidates of a roster (CSV or JSON) to a sitting",
    .min_operands = 2,
    .max_operands = 2,
    .options = (const struct option[]){PROFILE_OPTIONS, {0}},
    .has_json = true,
    .run = run,
};
