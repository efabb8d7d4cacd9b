/* result show: what a result says: facts, where the time went, and with the scoring key the topics. It needs
 * a key of the board that results are sealed to. A transcript that does not fold is shown as far as it goes,
 * with the reason. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/attempt.h"
#include "core/encoding.h"
#include "core/file.h"
#include "core/package.h"
#include "core/result.h"
#include "provisioning/commands.h"
#include "provisioning/moment.h"
#include "provisioning/report.h"
#include "provisioning/table.h"
#include "provisioning/time_statement.h"

struct showing {
    const struct call *call;
    struct trust *trust;
    struct identity *recipient;
    bool is_scoring; /* the recipient is the scoring identity */
    struct buffer transcript;
    struct cms_signer signer;
    struct attempt *attempt; /* NULL where the transcript does not fold */
    struct error fault;      /* then: why */
    struct arena arena;
    struct record start; /* its first line */
    struct time_statement times;
    struct scoring_key *key; /* NULL: not asked for */
    struct score score;
};

/* --- opening -------------------------------------------------------------------------------------------- */

/* The scoring key is asked for where the topics are; else either of the two will do. */
static bool load_board(struct showing *showing, struct error *err)
{
    const char *board = arguments_value(showing->call->arguments, "board");
    char path[FILE_PATH_SIZE];

    if (!path_join(path, board, "root.pem", err) || (showing->trust = trust_load(path, err)) == NULL ||
        !path_join(path, board, "scoring.key", err))
        return false;
    showing->is_scoring = access(path, F_OK) == 0;
    if (!showing->is_scoring && arguments_has(showing->call->arguments, "key"))
        return error_set(err, ERROR_USAGE, "--key needs the board's scoring key, which is not in %s", board);
    showing->recipient = identity_load(board, showing->is_scoring ? "scoring" : "intake", err);
    return showing->recipient != NULL;
}

static bool open_result(struct showing *showing, struct error *err)
{
    const char *path = showing->call->arguments->operands[0];
    struct buffer file = {.max = RESULT_MAX_BYTES};
    bool ok =
        file_read(path, &file, err) && (result_open(buffer_bytes(&file), showing->recipient, showing->trust,
                                            CMS_AT_SIGNING, &showing->transcript, &showing->signer, err) ||
                                           error_prefix(err, "%s", path));

    buffer_release(&file);
    return ok;
}

static bool read_transcript(struct showing *showing, struct error *err)
{
    const struct bytes transcript = buffer_bytes(&showing->transcript);

    if (!transcript_start(transcript, &showing->arena, &showing->start, err))
        return false;
    showing->attempt = attempt_replay(transcript, &showing->fault);
    return time_statement_make(&showing->times, transcript, err);
}

static bool compute_score(struct showing *showing, struct error *err)
{
    const char *path = arguments_value(showing->call->arguments, "key");
    struct buffer file = {.max = SCORING_KEY_MAX_BYTES};
    struct item_response *responses = NULL;
    bool ok = false;

    if (path == NULL || showing->attempt == NULL)
        return true;
    if (!file_read(path, &file, err) || (showing->key = scoring_key_open(buffer_bytes(&file), showing->trust,
                                             showing->recipient, err)) == NULL) {
        error_prefix(err, "%s", path);
    } else if (strcmp(showing->key->package_id, showing->attempt->package_id) != 0) {
        error_set(err, ERROR_REFUSED, "%s is the key of another package", path);
    } else if ((responses = calloc(showing->attempt->item_count + 1, sizeof *responses)) == NULL) {
        error_set(err, ERROR_NOMEM, "out of memory");
    } else {
        attempt_responses(showing->attempt, responses);
        ok = score_compute(showing->key, responses, showing->attempt->item_count, &showing->score, err);
    }
    free(responses);
    buffer_release(&file);
    return ok;
}

/* --- telling -------------------------------------------------------------------------------------------- */

static const char *lock_words(enum lock_kind lock)
{
    static const char *const words[LOCK_KINDS] = {[LOCK_NONE] = "none: a developer's window",
        [LOCK_X11] = "X11",
        [LOCK_CONSOLE] = "console",
        [LOCK_WAYLAND] = "Wayland"};

    return words[lock];
}

static void add(struct json *object, struct table *table, const char *name, const char *value)
{
    json_set(object, name, json_text(value));
    table_row(table, name, value, NULL);
}

static void add_attempt(const struct showing *showing, struct json *object, struct table *table)
{
    const struct attempt *attempt = showing->attempt;
    char used[DURATION_TEXT_SIZE], whole[DURATION_TEXT_SIZE];

    if (attempt == NULL) {
        add(object, table, "fault", showing->fault.text);
        return;
    }
    duration_format(attempt->exam_ms, used);
    duration_format(attempt->max_time_ms, whole);
    json_set(object, "exam_ms", json_int(attempt->exam_ms));
    json_set(object, "max_time_ms", json_int(attempt->max_time_ms));
    json_set(object, "items", json_int((int64_t)attempt->item_count));
    json_set(object, "answered", json_int((int64_t)attempt_answered(attempt)));
    json_set(object, "gaps", json_int(attempt->gaps));
    table_row(table, "exam time", table_cell(table, "%s of %s", used, whole), NULL);
    table_row(table, "answered",
        table_cell(table, "%zu of %zu", attempt_answered(attempt), attempt->item_count), NULL);
    add(object, table, "end", attempt->has_ended ? end_reason_name(attempt->end) : "");
}

static void add_facts(const struct showing *showing, struct json *object, struct table *table)
{
    char id[OBJECT_ID_SIZE], signed_at[TIMESTAMP_SIZE], transcript[DIGEST_TEXT_SIZE];
    struct digest digest;

    object_id(showing->start.u.start.session, showing->start.u.start.epoch, id);
    timestamp_format(showing->signer.signing_time_ms, signed_at);
    digest_of(buffer_bytes(&showing->transcript), &digest);
    digest_text(&digest, transcript);
    add(object, table, "id", id);
    add(object, table, "admission", showing->start.u.start.admission);
    add(object, table, "candidate", showing->start.u.start.candidate_id);
    add(object, table, "center", showing->start.u.start.center);
    add(object, table, "seat", showing->start.u.start.seat);
    add(object, table, "package", showing->start.u.start.package_id);
    add(object, table, "software", showing->start.u.start.software);
    add(object, table, "lock", lock_words(showing->start.u.start.lock));
    add(object, table, "signed", signed_at);
    add(object, table, "transcript", transcript);
    add_attempt(showing, object, table);
}

static void add_times(const struct showing *showing, struct json *object, struct table *table)
{
    struct json *list = json_new_array();

    for (size_t i = 0; i < showing->times.count; i++) {
        const struct time_entry *entry = &showing->times.entries[i];
        struct json *row = json_new_object();
        char at[TIMESTAMP_SIZE], used[DURATION_TEXT_SIZE];

        timestamp_format(entry->wall_ms, at);
        duration_format(entry->exam_ms, used);
        json_set(row, "at", json_text(at));
        json_set(row, "exam_ms", json_int(entry->exam_ms));
        json_set(row, "what", json_text(entry->what));
        json_add(list, row);
        table_row(table, table_cell(table, "%.19sZ", at), used, entry->what, NULL);
    }
    json_set(object, "times", list);
}

static void add_score(const struct showing *showing, struct json *object, struct table *table)
{
    const struct score *score = &showing->score;

    json_set(object, "score", score_json(score));
    for (size_t i = 0; i < score->topic_count; i++) {
        const struct topic_score *topic = &score->topics[i];
        table_row(table, topic->topic->title, table_cell(table, "%u of %u", topic->points, topic->maximum),
            table_cell(table, "%u", topic->unanswered), NULL);
    }
    table_row(table, score->passed ? "all: passed" : "all: not passed",
        table_cell(table, "%u of %u", score->points, score->maximum),
        table_cell(table, "%u", score->unanswered), NULL);
}

static bool print_tables(const struct table *const *tables, size_t count, struct error *err)
{
    for (size_t i = 0; i < count; i++)
        if ((i > 0 && putchar('\n') == EOF) || !table_print(tables[i], stdout, err))
            return false;
    return true;
}

static bool tell(const struct showing *showing, struct error *err)
{
    struct json *object = json_new_object();
    struct table *facts = table_new("fact", "value", NULL);
    struct table *times = table_new("at", ">exam time", "what", NULL);
    struct table *topics = table_new("topic", ">points", ">unanswered", NULL);
    const struct table *const tables[] = {facts, times, topics};
    bool ok;

    add_facts(showing, object, facts);
    add_times(showing, object, times);
    if (showing->key != NULL)
        add_score(showing, object, topics);
    ok = showing->call->as_json ? report_json(object, err)
                                : print_tables(tables, showing->key != NULL ? 3 : 2, err);
    table_free(facts);
    table_free(times);
    table_free(topics);
    json_free(object);
    return ok;
}

static bool print_transcript(const struct showing *showing, struct error *err)
{
    return fwrite(showing->transcript.data, 1, showing->transcript.len, stdout) == showing->transcript.len ||
           error_set_errno(err, "cannot write the transcript");
}

static bool run(const struct call *call, struct error *err)
{
    struct showing showing = {
        .call = call, .transcript = {.max = TRANSCRIPT_MAX_BYTES}, .arena = {.max = RECORD_MAX_BYTES}};
    bool ok = load_board(&showing, err) && open_result(&showing, err);

    if (ok && arguments_has(call->arguments, "transcript"))
        ok = print_transcript(&showing, err);
    else if (ok)
        ok = read_transcript(&showing, err) && compute_score(&showing, err) && tell(&showing, err);
    attempt_free(showing.attempt);
    scoring_key_free(showing.key);
    time_statement_release(&showing.times);
    arena_release(&showing.arena);
    cms_signer_release(&showing.signer);
    buffer_release(&showing.transcript);
    identity_free(showing.recipient);
    trust_free(showing.trust);
    return ok;
}

const struct command command_result_show = {
    .name = "result show",
    .operands = "FILE",
    .summary = "Open a result: what happened, where the time went, and the topics",
    .min_operands = 1,
    .max_operands = 1,
    .options = (const struct option[]){{.name = "board",
                                           .value = "DIR",
                                           .is_required = true,
                                           .help = "Folder with root.pem and scoring or intake key"},
        {.name = "key", .value = "FILE", .help = "The exam's NAME.key, for the topics"},
        {.name = "transcript", .help = "Print the transcript as it is, one JSON object a line"}, {0}},
    .has_json = true,
    .run = run,
};
