#include "provisioning/candidate.h"

#include <string.h>

#include "core/field.h"
#include "provisioning/table.h"

bool candidate_path(const char *candidate_id, char path[CANDIDATE_PATH_SIZE], struct error *err)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    size_t len;

    if (!field_is_candidate(candidate_id))
        return error_set(err, ERROR_USAGE, "“%s” is not a candidate_id", candidate_id);
    len = (size_t)snprintf(path, CANDIDATE_PATH_SIZE, "/v1/candidates?id=");
    for (const char *at = candidate_id; *at != '\0'; at++) /* 64 characters at most, three bytes each */
        len += (size_t)snprintf(path + len, CANDIDATE_PATH_SIZE - len,
            strchr(plain, *at) != NULL ? "%c" : "%%%02X", (unsigned char)*at);
    return true;
}

/* --- tables --------------------------------------------------------------------------------------------- */

static bool print_attempts(const struct json *attempts, struct arena *arena, struct error *err)
{
    struct table *table = table_new("exam", "outcome", "taken", "center", "admission", "reason", NULL);
    bool ok;

    for (size_t i = 0; i < json_count(attempts); i++) {
        const struct json *attempt = json_at(attempts, i);
        table_row(table, answer_text(attempt, "exam", arena), answer_text(attempt, "outcome", arena),
            answer_time(attempt, "taken", NULL, arena), answer_text(attempt, "center", arena),
            answer_text(attempt, "admission", arena), answer_text(attempt, "reason", arena), NULL);
    }
    ok = table_print(table, stdout, err);
    table_free(table);
    return ok;
}

static bool print_titles(const struct json *titles, struct arena *arena, struct error *err)
{
    struct table *table = table_new("title", "state", "awarded", "valid until", NULL);
    bool ok;

    for (size_t i = 0; i < json_count(titles); i++) {
        const struct json *title = json_at(titles, i);
        table_row(table, answer_text(title, "name", arena), answer_text(title, "state", arena),
            answer_time(title, "awarded", NULL, arena), answer_time(title, "expires", NULL, arena), NULL);
    }
    ok = table_print(table, stdout, err);
    table_free(table);
    return ok;
}

static bool add_decisions(
    struct table *table, const struct json *title, struct arena *arena, struct error *err)
{
    const struct json *decisions = NULL;

    if (!answer_list(title, "decisions", &decisions, err))
        return false;
    for (size_t i = 0; i < json_count(decisions); i++) {
        const struct json *decision = json_at(decisions, i);
        table_row(table, answer_text(title, "name", arena), answer_text(decision, "act", arena),
            answer_time(decision, "at", NULL, arena), answer_text(decision, "who", arena),
            answer_text(decision, "reason", arena), NULL);
    }
    return true;
}

static bool print_decisions(const struct json *titles, struct arena *arena, struct error *err)
{
    struct table *table = table_new("title", "decision", "on", "by", "why", NULL);
    bool ok = true;

    for (size_t i = 0; ok && i < json_count(titles); i++)
        ok = add_decisions(table, json_at(titles, i), arena, err);
    ok = ok && table_print(table, stdout, err);
    table_free(table);
    return ok;
}

/* What is the matter with it, in a word or a sentence. */
static const char *stands(const struct json *step, struct arena *arena)
{
    const char *reason = answer_text(step, "reason", arena);

    if (reason[0] != '\0')
        return reason;
    return strcmp(answer_text(step, "may_sit", arena), "yes") == 0 ? "may be sat"
                                                                   : answer_text(step, "state", arena);
}

static bool print_steps(const struct json *steps, struct arena *arena, struct error *err)
{
    struct table *table = table_new("next step", ">fee", "", "now", NULL);
    bool ok;

    for (size_t i = 0; i < json_count(steps); i++) {
        const struct json *step = json_at(steps, i);
        table_row(table, answer_text(step, "name", arena), answer_text(step, "fee", arena),
            answer_text(step, "currency", arena), stands(step, arena), NULL);
    }
    ok = table_print(table, stdout, err);
    table_free(table);
    return ok;
}

bool candidate_print(
    const struct call *call, const struct json *answer, struct arena *arena, struct error *err)
{
    const struct json *attempts = NULL, *titles = NULL, *steps = NULL, *decisions = NULL;
    bool ok = answer_list(answer, "attempts", &attempts, err) &&
              answer_list(answer, "titles", &titles, err) && answer_list(answer, "steps", &steps, err);

    (void)call;
    if (!ok)
        return false;
    (void)printf(
        "%s, %s\n\n", answer_text(answer, "candidate_id", arena), answer_text(answer, "name", arena));
    ok = print_attempts(attempts, arena, err);
    if (ok && json_count(titles) > 0)
        ok = putchar('\n') != EOF && print_titles(titles, arena, err);
    if (ok && json_count(titles) > 0)
        ok = answer_list(json_at(titles, 0), "decisions", &decisions, err);
    if (ok && json_count(decisions) > 0) /* the board's own: to staff they are not told */
        ok = putchar('\n') != EOF && print_decisions(titles, arena, err);
    if (ok && json_count(steps) > 0)
        ok = putchar('\n') != EOF && print_steps(steps, arena, err);
    return ok;
}
