#include "server/intake.h"

#include "core/journal.h"
#include "core/result.h"
#include "server/sealed_codes.h"
#include "server/titles.h"

struct intake {
    struct handed_in handed_in; /* its file is the caller's and stays */
    struct scoring_keys *keys;
    const struct scoring_key *key; /* held while the score's topics point into it */
    struct session_row session;
    struct exam_row exam;
    struct buffer content; /* the transcript; of a journal: its files as they came */
    struct buffer lines;   /* of a journal: its records */
    struct cms_signer signer;
    struct attempt *attempt;
    struct error unreadable; /* code set: the records don't follow */
    struct judgement judgement;
    struct decision decision;
    struct result_row row;
    struct buffer receipt, score;
    bool is_known;
};

static struct intake *intake_new(const struct handed_in *handed_in, struct error *err)
{
    struct intake *intake = calloc(1, sizeof *intake);
    if (intake == NULL) {
        error_set(err, ERROR_NOMEM, "out of memory");
        return NULL;
    }
    intake->handed_in = *handed_in;
    intake->content.max = RESULT_MAX_BYTES;
    intake->lines.max = TRANSCRIPT_MAX_BYTES;
    intake->receipt.max = TICKET_MAX_BYTES;
    intake->score.max = TICKET_MAX_BYTES;
    return intake;
}

void intake_free(struct intake *intake)
{
    if (intake == NULL)
        return;
    scoring_keys_release(intake->keys, intake->key);
    attempt_free(intake->attempt);
    cms_signer_release(&intake->signer);
    buffer_release(&intake->score);
    buffer_release(&intake->receipt);
    buffer_release(&intake->lines);
    buffer_release(&intake->content);
    free(intake);
}

bool intake_is_known(const struct intake *intake)
{
    return intake->is_known;
}

struct bytes intake_receipt(const struct intake *intake)
{
    return buffer_bytes(&intake->receipt);
}

enum standing intake_standing(const struct intake *intake)
{
    return intake->decision.standing;
}

/* --- opening ---------------------------------------------------------------------------------- */

/* Of another center is as good as not there. */
static bool find_session(struct intake *intake, struct store *reader, struct error *err)
{
    const struct handed_in *handed_in = &intake->handed_in;
    return (reader->session_get(reader, handed_in->session, &intake->session, err) &&
               (strcmp(intake->session.center, handed_in->center) == 0 ||
                   error_set(err, ERROR_NOT_FOUND, "this session is not there"))) &&
           reader->exam_get(reader, intake->session.package_id, &intake->exam, err);
}

/* Only who issued the seat's certificate is asked: what has become of it since is for the judge. */
static bool open_result(struct intake *intake, const struct intake_desk *desk, struct error *err)
{
    return result_open(intake->handed_in.file, desk->board->intake, desk->board->issuers, CMS_AT_ISSUE,
        &intake->content, &intake->signer, err);
}

static bool add_line(void *context, struct bytes record, struct error *err)
{
    struct buffer *lines = context;
    return (buffer_add_bytes(lines, record) && buffer_add_text(lines, "\n")) ||
           error_set(err, ERROR_LIMIT, "the journal's records are too long");
}

/* The session key is in the store, sealed to the ticket certificate. */
static struct secret *session_key(
    struct intake *intake, const struct intake_desk *desk, struct store *reader, struct error *err)
{
    struct buffer sealed = {.max = SEALED_CODES_MAX_BYTES};
    struct secret *codes = NULL, *key = NULL;
    if (reader->session_codes(reader, intake->session.id, &sealed, err) &&
        (codes = session_codes_open(buffer_bytes(&sealed), desk->board->ticket, err)) != NULL)
        key = secret_copy(bytes_of(session_codes(codes)->session_key, KEY_BYTES), err);
    secret_free(codes);
    buffer_release(&sealed);
    return key;
}

static bool open_journal(
    struct intake *intake, const struct intake_desk *desk, struct store *reader, struct error *err)
{
    char id[OBJECT_ID_SIZE];
    enum journal_end end = JOURNAL_CLEAN;
    struct secret *key = NULL;
    object_id(intake->handed_in.session, intake->handed_in.epoch, id);
    bool ok = unfinished_verify(intake->handed_in.file, desk->board->issuers, CMS_AT_ISSUE, &intake->content,
                  &intake->signer, err) &&
              (key = session_key(intake, desk, reader, err)) != NULL &&
              journal_read(buffer_bytes(&intake->content), key, id, add_line, &intake->lines, &end, err);
    if (ok && end == JOURNAL_DAMAGED)
        error_set(&intake->unreadable, ERROR_FORMAT, "it is damaged behind its last good record");
    secret_free(key);
    return ok;
}

/* The records as lines, whatever they came in. */
static struct bytes lines_of(const struct intake *intake)
{
    return buffer_bytes(intake->handed_in.is_journal ? &intake->lines : &intake->content);
}

/* Its first line says which session, epoch and ticket it is. */
static bool find_ticket(struct intake *intake, struct store *reader, struct error *err)
{
    struct arena arena = {.max = RECORD_MAX_BYTES};
    struct record start;
    struct error missing = {ERROR_NONE, ""};
    const struct handed_in *handed_in = &intake->handed_in;
    bool ok = transcript_start(lines_of(intake), &arena, &start, err);
    if (ok &&
        (strcmp(start.u.start.session, handed_in->session) != 0 || start.u.start.epoch != handed_in->epoch))
        ok = error_set(err, ERROR_FORMAT, "it is of another session or epoch than it is handed in for");
    if (ok &&
        !reader->ticket_made(reader, handed_in->session, handed_in->epoch, &start.u.start.ticket, &missing))
        ok = missing.code == ERROR_NOT_FOUND
                 ? error_set(err, ERROR_UNTRUSTED, "it names no ticket that this server made")
                 : error_set(err, missing.code, "%s", missing.text);
    arena_release(&arena);
    return ok;
}

/* --- known already ---------------------------------------------------------------------------- */

/* False: the store failed. Sets is_known and reads the receipt that was given. */
static bool look_up(struct intake *intake, struct store *reader, struct error *err)
{
    struct error missing = {ERROR_NONE, ""};
    struct result_row *row = &intake->row;
    struct digest transcript;
    digest_of(buffer_bytes(&intake->content), &transcript);
    if (!reader->result_get(
            reader, intake->session.id, intake->handed_in.epoch, &transcript, row, &missing)) {
        row->transcript = transcript;
        return missing.code == ERROR_NOT_FOUND || error_set(err, missing.code, "%s", missing.text);
    }
    intake->is_known = true;
    intake->decision.standing = row->standing;
    return reader->result_read(
        reader, row->session, row->epoch, &row->transcript, NULL, &intake->receipt, NULL, err);
}

/* --- judging ---------------------------------------------------------------------------------- */

static void read_records(struct intake *intake)
{
    struct error err = {ERROR_NONE, ""};
    intake->attempt = attempt_replay(lines_of(intake), &err);
    if (intake->attempt == NULL && intake->unreadable.code == ERROR_NONE)
        intake->unreadable = err;
}

static bool certificate_counts(
    const struct intake *intake, const struct intake_desk *desk, struct error *fault)
{
    bool ok = trust_keeper_counts(
        desk->trust, intake->signer.certificate, ROLE_SEAT, intake->handed_in.now_ms, fault);
    char center[IDENTIFIER_SIZE];
    certificate_center(intake->signer.certificate, center);
    return ok && (strcmp(center, intake->session.center) == 0 ||
                     error_set(fault, ERROR_UNTRUSTED, "it is of the center %s", center));
}

static void judge_it(struct intake *intake, const struct intake_desk *desk, struct store *reader)
{
    struct error certificate = {ERROR_NONE, ""}, key_fault = {ERROR_NONE, ""};
    struct evidence evidence = {
        .session = &intake->session,
        .exam = &intake->exam,
        .epoch = intake->handed_in.epoch,
        .is_journal = intake->handed_in.is_journal,
    };
    read_records(intake);
    evidence.attempt = intake->attempt;
    evidence.unreadable = intake->unreadable.code == ERROR_NONE ? NULL : intake->unreadable.text;
    if (!certificate_counts(intake, desk, &certificate))
        evidence.certificate_fault = certificate.text;
    if (desk->keys != NULL && !evidence.is_journal) {
        intake->keys = desk->keys;
        intake->key = scoring_keys_hold(desk->keys, reader, intake->session.package_id, &key_fault);
        evidence.key = intake->key;
        evidence.key_fault = evidence.key == NULL ? key_fault.text : NULL;
    }
    judge(&evidence, &intake->judgement);
    if (intake->judgement.standing == STANDING_SCORED) {
        struct json *json = score_json(&intake->judgement.score);
        if (!json_write(json, &intake->score, &key_fault))
            intake->judgement.standing = STANDING_RECEIVED;
        json_free(json);
    }
}

/* --- the receipt ------------------------------------------------------------------------------ */

static void show_topics(struct receipt *receipt, const struct score *score)
{
    for (size_t i = 0; i < score->topic_count; i++) {
        struct receipt_topic *topic = &receipt->topics[receipt->topic_count++];
        snprintf(topic->title, sizeof topic->title, "%s", score->topics[i].topic->title);
        topic->points = score->topics[i].points;
        topic->maximum = score->topics[i].maximum;
    }
    receipt->points = score->points;
    receipt->maximum = score->maximum;
    receipt->scaled = score->scaled;
}

static bool sign_receipt(struct intake *intake, const struct intake_desk *desk, struct error *err)
{
    const struct score *score = &intake->judgement.score;
    struct receipt *receipt = calloc(1, sizeof *receipt);
    if (receipt == NULL)
        return error_set(err, ERROR_NOMEM, "out of memory");
    memcpy(receipt->session, intake->session.id, sizeof receipt->session);
    receipt->epoch = intake->handed_in.epoch;
    receipt->is_journal = intake->handed_in.is_journal;
    receipt->transcript = intake->row.transcript;
    receipt->file = intake->row.file;
    receipt->stored_ms = intake->handed_in.now_ms;
    receipt_code(&receipt->transcript, receipt->code);
    receipt->shown = RESULT_NOTHING;
    if (intake->decision.standing == STANDING_SCORED) {
        receipt->shown = intake->exam.facts.result_policy;
        receipt->passed = score->passed;
        if (receipt->shown == RESULT_TOPICS)
            show_topics(receipt, score);
    }
    bool ok = receipt_sign(receipt, desk->board->server, &intake->receipt, err);
    free(receipt);
    return ok;
}

static void fill_row(struct intake *intake)
{
    struct result_row *row = &intake->row;
    memcpy(row->session, intake->session.id, sizeof row->session);
    row->epoch = intake->handed_in.epoch;
    row->is_journal = intake->handed_in.is_journal;
    row->received_ms = intake->handed_in.now_ms;
    digest_of(intake->handed_in.file, &row->file);
    certificate_serial(intake->signer.certificate, row->signer_serial);
    row->standing = intake->decision.standing;
    memcpy(row->reason, intake->decision.reason, sizeof row->reason);
}

/* By the seat's clock, which anybody may set: so no earlier and no later than it can have been. */
static int64_t taken_ms(const struct intake *intake)
{
    const struct session_row *session = &intake->session;
    int64_t latest_ms = session->closes_ms + session->max_time_ms;
    if (latest_ms > intake->handed_in.now_ms)
        latest_ms = intake->handed_in.now_ms;
    int64_t taken_ms = intake->attempt == NULL ? latest_ms : intake->attempt->last_wall_ms;
    if (taken_ms > latest_ms)
        taken_ms = latest_ms;
    return taken_ms < session->opens_ms ? session->opens_ms : taken_ms;
}

static bool settle(struct intake *intake, const struct intake_desk *desk, struct error *err)
{
    struct arrival arrival = {
        .epoch = intake->handed_in.epoch,
        .is_journal = intake->handed_in.is_journal,
        .transcript = intake->row.transcript,
        .taken_ms = taken_ms(intake),
        .judgement = &intake->judgement,
    };
    receipt_code(&arrival.transcript, arrival.receipt_code);
    decide(&intake->session, &arrival, &intake->decision);
    fill_row(intake);
    return sign_receipt(intake, desk, err);
}

/* --- the whole -------------------------------------------------------------------------------- */

static bool receive(
    struct intake *intake, const struct intake_desk *desk, struct store *reader, struct error *err)
{
    if (!find_session(intake, reader, err))
        return false;
    bool is_open = intake->handed_in.is_journal ? open_journal(intake, desk, reader, err)
                                                : open_result(intake, desk, err);
    if (!is_open || !look_up(intake, reader, err))
        return false;
    if (intake->is_known)
        return true;
    if (!find_ticket(intake, reader, err))
        return false;
    judge_it(intake, desk, reader);
    return settle(intake, desk, err);
}

struct intake *intake_receive(const struct intake_desk *desk, const struct handed_in *handed_in,
    struct store *reader, struct error *err)
{
    struct intake *intake = intake_new(handed_in, err);
    if (intake != NULL && receive(intake, desk, reader, err))
        return intake;
    intake_free(intake);
    return NULL;
}

/* Which items it showed, for the next form of this candidate. */
static bool store_shown(const struct intake *intake, struct store *writer, struct error *err)
{
    const struct attempt *attempt = intake->attempt;
    if (attempt == NULL || attempt->item_count == 0)
        return true;
    const char **items = calloc(attempt->item_count, sizeof *items);
    if (items == NULL)
        return error_set(err, ERROR_NOMEM, "out of memory");
    for (size_t i = 0; i < attempt->item_count; i++)
        items[i] = attempt->items[i].item;
    bool ok = writer->session_show(writer, intake->session.id, items, attempt->item_count, err);
    free(items);
    return ok;
}

bool intake_store(const struct intake *intake, struct store *writer, struct error *err)
{
    const struct decision *decision = &intake->decision;
    if (!writer->session_decide(writer, &decision->session, err))
        return false;
    if (decision->holds_others &&
        !writer->result_hold(writer, intake->row.session, intake->row.epoch, decision->session.reason, err))
        return false;
    if (!writer->result_add(writer, &intake->row, intake->handed_in.file, buffer_bytes(&intake->receipt),
            buffer_bytes(&intake->score), err)) {
        if (err->code == ERROR_REFUSED) /* the same was handed in twice at once */
            err->code = ERROR_BUSY;
        return false;
    }
    return store_shown(intake, writer, err) &&
           titles_settle(
               writer, &decision->session, intake->exam.facts.identifier, intake->handed_in.now_ms, err);
}
