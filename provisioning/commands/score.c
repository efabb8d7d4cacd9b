#include <stdlib.h>

#include "core/attempt.h"
#include "core/file.h"
#include "core/package.h"
#include "core/result.h"
#include "core/score.h"
#include "provisioning/commands.h"
#include "provisioning/report.h"
#include "provisioning/table.h"

static const struct option options[] = {
    {.name = "key", .value = "FILE", .is_required = true, .help = "the exam's scoring key, NAME.key"},
    {.name = "board", .value = "DIR", .is_required = true, .help = "the board's folder, with scoring.key"},
    {0},
};

/* --- opening -------------------------------------------------------------------------------------------- */

struct opening {
    struct trust *trust;
    struct identity *scoring;
};

static bool opening_load(struct opening *opening, const char *board, struct error *err)
{
    char path[FILE_PATH_SIZE];

    return path_join(path, board, "root.pem", err) && (opening->trust = trust_load(path, err)) != NULL &&
           (opening->scoring = identity_load(board, "scoring", err)) != NULL;
}

static struct scoring_key *open_key(const struct opening *opening, const char *path, struct error *err)
{
    struct buffer file = {.max = SCORING_KEY_MAX_BYTES};
    struct scoring_key *key = NULL;

    if (file_read(path, &file, err)) {
        key = scoring_key_open(buffer_bytes(&file), opening->trust, opening->scoring, err);
        if (key == NULL)
            error_prefix(err, "%s", path);
    }
    buffer_release(&file);
    return key;
}

/* The seat is judged when it signed: the score of an old result must come out years later too. */
static struct attempt *open_result(const struct opening *opening, const char *path, struct error *err)
{
    struct buffer file = {.max = RESULT_MAX_BYTES}, transcript = {.max = TRANSCRIPT_MAX_BYTES};
    struct attempt *attempt = NULL;

    if (file_read(path, &file, err)) {
        if (result_open(buffer_bytes(&file), opening->scoring, opening->trust, CMS_AT_SIGNING, &transcript,
                NULL, err))
            attempt = attempt_replay(buffer_bytes(&transcript), err);
        if (attempt == NULL)
            error_prefix(err, "%s", path);
    }
    buffer_release(&transcript);
    buffer_release(&file);
    return attempt;
}

/* --- scoring -------------------------------------------------------------------------------------------- */

static bool compute(
    const struct attempt *attempt, const struct scoring_key *key, struct score *score, struct error *err)
{
    struct item_response *responses;
    bool ok;

    if (strcmp(attempt->package_id, key->package_id) != 0)
        return error_set(err, ERROR_REFUSED, "the scoring key is that of package %s, and the result is of %s",
            key->package_id, attempt->package_id);
    responses = calloc(attempt->item_count + 1, sizeof *responses);
    if (responses == NULL)
        return error_set(err, ERROR_NOMEM, "out of memory");
    attempt_responses(attempt, responses);
    ok = score_compute(key, responses, attempt->item_count, score, err);
    free(responses);
    return ok;
}

/* --- telling -------------------------------------------------------------------------------------------- */

static bool print_table(const struct score *score, struct error *err)
{
    struct table *table = table_new("topic", ">points", ">of", ">items", ">unanswered", NULL);
    bool ok;

    for (size_t i = 0; i < score->topic_count; i++) {
        const struct topic_score *topic = &score->topics[i];
        table_row(table, topic->topic->title, table_cell(table, "%u", topic->points),
            table_cell(table, "%u", topic->maximum), table_cell(table, "%u", topic->items),
            table_cell(table, "%u", topic->unanswered), NULL);
    }
    table_row(table, "all", table_cell(table, "%u", score->points), table_cell(table, "%u", score->maximum),
        table_cell(table, "%u", score->items), table_cell(table, "%u", score->unanswered), NULL);
    ok = table_print(table, stdout, err);
    table_free(table);
    if (ok)
        (void)printf(
            "\nScaled score %u of 1000: %s.\n", score->scaled, score->passed ? "passed" : "not passed");
    return ok; /* main looks at what stdout says */
}

static bool print_json(const struct score *score, struct error *err)
{
    struct json *object = score_json(score);
    const bool ok = report_json(object, err);

    json_free(object);
    return ok;
}

static bool run(const struct call *call, struct error *err)
{
    struct opening opening = {NULL, NULL};
    struct scoring_key *key = NULL;
    struct attempt *attempt = NULL;
    struct score score;
    const bool ok = opening_load(&opening, arguments_value(call->arguments, "board"), err) &&
                    (key = open_key(&opening, arguments_value(call->arguments, "key"), err)) != NULL &&
                    (attempt = open_result(&opening, call->arguments->operands[0], err)) != NULL &&
                    compute(attempt, key, &score, err) &&
                    (call->as_json ? print_json(&score, err) : print_table(&score, err));

    attempt_free(attempt);
    scoring_key_free(key);
    identity_free(opening.scoring);
    trust_free(opening.trust);
    return ok;
}

const struct command command_score = {
    .name = "score",
    .operands = "RESULT",
    .summary = "Compute the score of a result from its scoring key, without a server",
    .min_operands = 1,
    .max_operands = 1,
    .options = options,
    .has_json = true,
    .run = run,
};
