/* server-candidate: a seat and its candidate without a kiosk, for the server's end-to-end tests and its
 * bench. Nothing of it is in a program that ships. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/attempt.h"
#include "core/code.h"
#include "core/encoding.h"
#include "core/file.h"
#include "core/journal.h"
#include "core/outfile.h"
#include "core/package.h"
#include "core/recipients.h"
#include "core/result.h"
#include "server/store/store.h"

#define BOOT_MS 600000

static const char usage[] =
    "server-candidate request DIR NAME\n"
    "    makes DIR/NAME.key, prints its certificate request in hex\n"
    "server-candidate issue CA_DIR CA_NAME ROLE NAME CENTER FROM_S UNTIL_S DIR OUT\n"
    "    a key and a certificate DIR/OUT.*; times in s from now\n"
    "server-candidate recipients ROOT TICKET DIR NAME\n"
    "    what DIR/NAME opens in the ticket, or exit 1\n"
    "server-candidate take SEAT_DIR ROOT CERTIFICATES TICKET PACKAGE CODE OUT [FAULT [KEY BOARD_DIR RIGHT]]\n"
    "    takes the exam, answers RIGHT items correctly where a scoring key is given, and writes OUT: a "
    ".result, or\n"
    "    for the fault \"journal\" an unfinished journal. SEAT_DIR/kiosk.* is the seat; SEAT_DIR/signer.*, "
    "where it\n"
    "    is there, signs in its place\n"
    "server-candidate flood SEAT_DIR ROOT CERTIFICATES TICKET PACKAGE CODE STORE COUNT OUT_DIR\n"
    "    COUNT further sessions like the ticket's, straight into the store of a server that is not running, "
    "and\n"
    "    OUT_DIR/ID.result of each\n";

static struct error err;

static void must(bool ok)
{
    if (ok)
        return;
    (void)fprintf(stderr, "server-candidate: %s\n", err.text);
    exit(1);
}

static struct buffer load(const char *path, size_t max)
{
    struct buffer content = {.max = max};
    must(file_read(path, &content, &err));
    return content;
}

/* --- keys and certificates -------------------------------------------------------------------- */

static void request(const char *dir, const char *name)
{
    struct buffer der = {.max = 4096};
    char hex[8193];
    must(identity_make_key(dir, name, &err) && identity_request(dir, name, name, "center-1", &der, &err));
    hex_encode(der.data, der.len, hex);
    (void)printf("%s\n", hex);
    buffer_release(&der);
}

static enum role role_of(const char *name)
{
    for (int role = 0; role < ROLES; role++)
        if (strcmp(role_name((enum role)role), name) == 0)
            return (enum role)role;
    return ROLE_NONE;
}

static void issue(char **argv)
{
    const char *ca_dir = argv[0], *ca_name = argv[1], *dir = argv[7], *out = argv[8];
    struct subject subject = {.role = role_of(argv[2])};
    struct buffer der = {.max = 4096}, pem = {.max = PEM_MAX_BYTES};
    char path[FILE_PATH_SIZE];
    int64_t now_ms = clock_wall_ms(clock_default()), from_s = 0, until_s = 0;
    struct identity *ca = identity_load(ca_dir, ca_name, &err);
    (void)snprintf(subject.name, sizeof subject.name, "%s", argv[3]);
    (void)snprintf(subject.center, sizeof subject.center, "%s", argv[4]);
    must(ca != NULL && number_parse(argv[5], INT32_MIN, INT32_MAX, &from_s) &&
         number_parse(argv[6], INT32_MIN, INT32_MAX, &until_s));
    must(identity_make_key(dir, out, &err) && identity_request(dir, out, argv[3], NULL, &der, &err));
    struct certificate *made = authority_issue(
        ca, buffer_bytes(&der), &subject, now_ms + from_s * 1000, now_ms + until_s * 1000, &err);
    must(made != NULL && certificate_pem(made, &pem, &err));
    if (subject.center[0] != '\0')
        must(certificate_pem(identity_certificate(ca), &pem, &err));
    (void)snprintf(path, sizeof path, "%s/%s.pem", dir, out);
    must(outfile_save(path, 0644, buffer_bytes(&pem), &err));
    certificate_free(made);
    identity_free(ca);
    buffer_release(&der);
    buffer_release(&pem);
}

/* --- the candidate ---------------------------------------------------------------------------- */

enum fault {
    FAULT_NONE,
    FAULT_NO_LOCK,
    FAULT_AFTER_LIMIT,
    FAULT_LONG_GAP,
    FAULT_NO_END,
    FAULT_DECLINED,
    FAULT_STAFF,
    FAULT_CANDIDATE,
    FAULT_VERSION,
    FAULT_TICKET,
    FAULT_GARBAGE,
    FAULT_JOURNAL,
    FAULT_SHORTER,
    FAULTS
};
static const char *const faults[FAULTS] = {"none", "no-lock", "after-limit", "long-gap", "no-end", "declined", "staff",
    "candidate", "version", "ticket", "garbage", "journal", "shorter"};

struct candidate {
    struct identity *seat, *signer; /* signer: the same, or SEAT_DIR/signer.* where that is there */
    struct trust *trust;
    struct recipients recipients;
    struct ticket *ticket;
    struct digest ticket_digest;
    struct session_keys keys;
    struct exam *exam;
    struct form form;
    struct scoring_key *key; /* NULL: answers are the first choice shown */
    int64_t right;
    enum fault fault;
    struct attempt *attempt;
    struct buffer lines;
    struct journal *journal;
    int64_t boot_ms, wall_ms;
};

static void write_line(struct candidate *candidate, const struct record *record)
{
    size_t before = candidate->lines.len;
    must(record_encode(record, &candidate->lines, &err));
    if (candidate->journal != NULL)
        must(journal_append(candidate->journal,
            bytes_of(candidate->lines.data + before, candidate->lines.len - before), &err));
    buffer_add_text(&candidate->lines, "\n");
}

/* The next record, half a second after the last. */
static void add(struct candidate *candidate, struct record *record)
{
    candidate->boot_ms += 500;
    candidate->wall_ms += 500;
    attempt_stamp(candidate->attempt, candidate->boot_ms, candidate->wall_ms, record);
    must(attempt_apply(candidate->attempt, record, &err));
    write_line(candidate, record);
}

static void add_start(struct candidate *candidate)
{
    const struct ticket *ticket = candidate->ticket;
    struct record record = {.kind = RECORD_START};
    char center[IDENTIFIER_SIZE], seat[NAME_SIZE];
    certificate_center(identity_certificate(candidate->seat), center);
    certificate_name(identity_certificate(candidate->seat), seat);
    record.u.start.session = ticket->session;
    record.u.start.admission = ticket->admission;
    record.u.start.candidate_id = candidate->fault == FAULT_CANDIDATE ? "somebody" : ticket->candidate_id;
    record.u.start.center = center;
    record.u.start.seat = seat;
    record.u.start.software = "0.1.0";
    record.u.start.package_id = ticket->package_id;
    record.u.start.epoch = ticket->epoch;
    record.u.start.ticket = candidate->ticket_digest;
    if (candidate->fault == FAULT_TICKET)
        record.u.start.ticket.bytes[0] ^= 1;
    record.u.start.package = ticket->package_digest;
    record.u.start.lock = candidate->fault == FAULT_NO_LOCK ? LOCK_NONE : LOCK_X11;
    record.u.start.content = candidate->exam->content;
    record.u.start.max_time_ms = ticket->max_time_ms - (candidate->fault == FAULT_SHORTER ? 1000 : 0);
    add(candidate, &record);
    char boot_id[BOOT_ID_SIZE];
    clock_boot_id(boot_id);
    record = (struct record){.kind = RECORD_RUN};
    record.u.run.reason = RUN_BEGIN;
    record.u.run.boot_id = boot_id;
    record.u.run.code = CODE_START;
    record.u.run.code_number = 1;
    record.u.run.initials = "KM";
    add(candidate, &record);
}

static void add_form(struct candidate *candidate)
{
    static struct record_form_item items[FORM_ITEMS_MAX];
    static const char *choices[FORM_ITEMS_MAX][CHOICES_MAX];
    for (size_t i = 0; i < candidate->form.count; i++) {
        const struct form_item *drawn = &candidate->form.items[i];
        const struct item *item = &candidate->exam->items[drawn->item];
        for (size_t c = 0; c < drawn->choice_count; c++)
            choices[i][c] = item->interactions[0].choices[drawn->choices[c]].identifier;
        items[i] = (struct record_form_item){item->identifier,
            candidate->fault == FAULT_VERSION && i == 0 ? "0000000000000000" : item->version, choices[i],
            drawn->choice_count};
    }
    struct record record = {.kind = RECORD_FORM};
    record.u.form.items = items;
    record.u.form.count = candidate->form.count;
    add(candidate, &record);
}

static void add_phase(struct candidate *candidate, enum phase phase)
{
    struct record record = {.kind = RECORD_PHASE};
    record.u.phase.phase = phase;
    add(candidate, &record);
}

/* One wrong choice: the first shown that is not all of the key. */
static void answer_wrong(
    const struct attempt_item *shown, const struct item_key *key, const char **values, size_t *count)
{
    for (size_t c = 0; c < shown->choice_count; c++) {
        values[0] = shown->choices[c];
        *count = 1;
        if (key == NULL || score_item(key, values, 1) == 0)
            return;
    }
}

static void add_answer(struct candidate *candidate, size_t position)
{
    const struct attempt_item *shown = &candidate->attempt->items[position];
    const struct item_key *key =
        candidate->key == NULL ? NULL : scoring_key_find(candidate->key, shown->item);
    const char *values[CHOICES_MAX];
    size_t count = 0;
    struct record record = {.kind = RECORD_VISIT};
    record.u.visit.position = position;
    add(candidate, &record);
    if (key != NULL && (int64_t)position < candidate->right)
        for (; count < key->correct_count; count++)
            values[count] = key->correct[count];
    else
        answer_wrong(shown, key, values, &count);
    record = (struct record){.kind = RECORD_RESPONSE};
    record.u.response.position = position;
    record.u.response.response = "RESPONSE";
    record.u.response.values = values;
    record.u.response.count = count;
    add(candidate, &record);
}

/* A record behind the limit, which no seat writes: the fold would refuse it. */
static void add_after_limit(struct candidate *candidate)
{
    struct record record = {.kind = RECORD_BEAT};
    attempt_stamp(candidate->attempt, candidate->boot_ms + 500, candidate->wall_ms + 500, &record);
    record.exam_ms = candidate->ticket->max_time_ms + 1;
    write_line(candidate, &record);
}

/* Resumed after more than 15 minutes by one member of staff: no seat writes that either. */
static void add_long_gap(struct candidate *candidate)
{
    struct record record = {.kind = RECORD_RUN};
    record.u.run.reason = RUN_RESUME;
    record.u.run.boot_id = candidate->attempt->boot_id;
    record.u.run.code = CODE_RESUME;
    record.u.run.code_number = 1;
    record.u.run.initials = "KM";
    record.u.run.second = "";
    attempt_stamp(candidate->attempt, candidate->boot_ms + 1000000, candidate->wall_ms + 1000000, &record);
    write_line(candidate, &record);
}

static void add_end(struct candidate *candidate, enum end_reason reason)
{
    struct record record = {.kind = RECORD_END};
    record.u.end.reason = reason;
    add(candidate, &record);
}

static void take_exam(struct candidate *candidate)
{
    candidate->attempt = attempt_new(&err);
    must(candidate->attempt != NULL);
    add_start(candidate);
    add_form(candidate);
    add_phase(candidate, PHASE_AGREEMENT);
    if (candidate->fault == FAULT_DECLINED) {
        add_end(candidate, END_DECLINED);
        return;
    }
    add_phase(candidate, PHASE_EXAM);
    for (size_t i = 0; i < candidate->attempt->item_count; i++)
        add_answer(candidate, i);
    if (candidate->fault == FAULT_AFTER_LIMIT)
        add_after_limit(candidate);
    else if (candidate->fault == FAULT_LONG_GAP)
        add_long_gap(candidate);
    else if (candidate->fault == FAULT_GARBAGE)
        buffer_add_text(&candidate->lines, "{\"kind\":\"unheard of\"}\n");
    else if (candidate->fault != FAULT_NO_END && candidate->fault != FAULT_JOURNAL)
        add_end(candidate, candidate->fault == FAULT_STAFF ? END_STAFF : END_SUBMITTED);
}

/* --- what comes in and goes out --------------------------------------------------------------- */

static void open_ticket(struct candidate *candidate, const char *ticket_path, const char *code)
{
    struct buffer file = load(ticket_path, TICKET_MAX_BYTES);
    candidate->ticket =
        ticket_open(buffer_bytes(&file), candidate->trust, candidate->seat, &candidate->ticket_digest, &err);
    must(candidate->ticket != NULL);
    struct secret *plain = code_normalise(CODE_START, bytes_of_text(code), &err);
    must(plain != NULL);
    struct secret *stretched = code_stretch(CODE_START, 1, candidate->ticket->sitting, plain, &err);
    must(stretched != NULL);
    struct secret *wrapping = code_wrapping_key(stretched, candidate->ticket->session, &err);
    must(wrapping != NULL && ticket_unwrap(&candidate->ticket->start, wrapping, &candidate->keys, &err));
    secret_free(wrapping);
    secret_free(stretched);
    secret_free(plain);
    buffer_release(&file);
}

static void open_package(struct candidate *candidate, const char *path)
{
    struct buffer file = load(path, PACKAGE_MAX_BYTES), sealed = {.max = PACKAGE_MAX_BYTES};
    struct package_name name;
    must(package_verify(buffer_bytes(&file), candidate->trust, &sealed, &name, &err));
    candidate->exam = package_open(buffer_bytes(&sealed), name.id, candidate->keys.exam_key, &err);
    must(candidate->exam != NULL);
    must(form_assemble(candidate->exam, candidate->ticket->form_seed, candidate->ticket->seen,
        candidate->ticket->seen_count, &candidate->form, &err));
    buffer_release(&sealed);
    buffer_release(&file);
}

static void open_key(struct candidate *candidate, const char *key_path, const char *board)
{
    struct buffer file = load(key_path, SCORING_KEY_MAX_BYTES);
    struct identity *scoring = identity_load(board, "scoring", &err);
    must(scoring != NULL);
    candidate->key = scoring_key_open(buffer_bytes(&file), candidate->trust, scoring, &err);
    must(candidate->key != NULL);
    identity_free(scoring);
    buffer_release(&file);
}

static void begin_journal(struct candidate *candidate, const char *folder)
{
    char id[OBJECT_ID_SIZE];
    enum journal_end end;
    object_id(candidate->ticket->session, candidate->ticket->epoch, id);
    (void)journal_remove(folder, id, NULL);
    must(journal_create(NULL, folder, id, 1u << 20, &err));
    candidate->journal =
        journal_open(NULL, folder, id, candidate->keys.session_key, NULL, NULL, false, &end, &err);
    must(candidate->journal != NULL);
}

static void save(struct candidate *candidate, const char *folder, const char *out)
{
    struct buffer file = {.max = RESULT_MAX_BYTES}, journal = {.max = RESULT_MAX_BYTES};
    char id[OBJECT_ID_SIZE];
    object_id(candidate->ticket->session, candidate->ticket->epoch, id);
    if (candidate->journal == NULL) {
        must(result_seal(buffer_bytes(&candidate->lines), candidate->signer, candidate->recipients.intake,
            candidate->recipients.scoring, candidate->wall_ms, &file, &err));
    } else {
        journal_close(candidate->journal);
        must(journal_gather(folder, id, &journal, &err) &&
             unfinished_sign(buffer_bytes(&journal), candidate->signer, candidate->wall_ms, &file, &err) &&
             journal_remove(folder, id, &err));
    }
    must(outfile_save(out, 0644, buffer_bytes(&file), &err));
    buffer_release(&journal);
    buffer_release(&file);
}

static void release(struct candidate *candidate)
{
    attempt_free(candidate->attempt);
    buffer_release(&candidate->lines);
    scoring_key_free(candidate->key);
    exam_free(candidate->exam);
    session_keys_release(&candidate->keys);
    ticket_free(candidate->ticket);
    recipients_release(&candidate->recipients);
    trust_free(candidate->trust);
    if (candidate->signer != candidate->seat)
        identity_free(candidate->signer);
    identity_free(candidate->seat);
}

static enum fault fault_of(const char *name)
{
    for (int fault = 0; fault < FAULTS; fault++)
        if (strcmp(faults[fault], name) == 0)
            return (enum fault)fault;
    error_set(&err, ERROR_USAGE, "no fault %s", name);
    must(false);
    return FAULT_NONE;
}

/* Who it is and what it is given: SEAT_DIR ROOT CERTIFICATES TICKET PACKAGE CODE. */
static struct candidate begin(char **argv)
{
    struct candidate candidate = {.lines = {.max = TRANSCRIPT_MAX_BYTES}, .boot_ms = BOOT_MS};
    const char *folder = argv[0];
    candidate.wall_ms = clock_wall_ms(clock_default()) - 60000;
    candidate.seat = identity_load(folder, "kiosk", &err);
    candidate.signer = identity_load(folder, "signer", NULL);
    if (candidate.signer == NULL)
        candidate.signer = candidate.seat;
    must(candidate.seat != NULL && (candidate.trust = trust_load(argv[1], &err)) != NULL);
    struct buffer pem = load(argv[2], PEM_MAX_BYTES);
    must(recipients_parse(
        buffer_bytes(&pem), candidate.trust, clock_wall_ms(clock_default()), &candidate.recipients, &err));
    buffer_release(&pem);
    open_ticket(&candidate, argv[3], argv[5]);
    open_package(&candidate, argv[4]);
    return candidate;
}

static void take(int argc, char **argv)
{
    const char *folder = argv[0];
    struct candidate candidate = begin(argv);
    candidate.fault = argc > 7 ? fault_of(argv[7]) : FAULT_NONE;
    if (argc > 10) {
        open_key(&candidate, argv[8], argv[9]);
        must(number_parse(argv[10], 0, FORM_ITEMS_MAX, &candidate.right));
    }
    if (candidate.fault == FAULT_JOURNAL)
        begin_journal(&candidate, folder);
    take_exam(&candidate);
    save(&candidate, folder, argv[6]);
    release(&candidate);
}

/* --- many sessions, for load ------------------------------------------------------------------------- */

/* Another session like this one, as the server makes them, but without codes, which take half a second each.
 */
static void add_session(
    struct candidate *candidate, struct store *store, const struct session_row *like, int64_t n)
{
    struct ticket *ticket = candidate->ticket;
    struct session_row session = *like;
    struct ticket_row row = {.epoch = 1, .number = ticket->number};
    struct buffer json = {.max = TICKET_MAX_BYTES};
    random_id(ticket->session);
    (void)snprintf(ticket->admission, sizeof ticket->admission, "L-%" PRId64, n);
    (void)snprintf(ticket->candidate_id, sizeof ticket->candidate_id, "load-%" PRId64, n);
    memcpy(session.id, ticket->session, sizeof session.id);
    memcpy(session.admission, ticket->admission, sizeof session.admission);
    memcpy(session.candidate_id, ticket->candidate_id, sizeof session.candidate_id);
    must(ticket_encode(ticket, &json, &err));
    digest_of(buffer_bytes(&json), &candidate->ticket_digest);
    row.content = candidate->ticket_digest;
    memcpy(row.session, session.id, sizeof row.session);
    must(store->session_add(store, &session, bytes_of_text("-"), bytes_of_text("-"), &err) &&
         store->ticket_put(store, &row, bytes_of_text("-"), &err));
    buffer_release(&json);
}

static void flood(char **argv)
{
    struct candidate candidate = begin(argv);
    struct store *store = sqlite_store_open(argv[6], false, &err);
    struct session_row like;
    int64_t count = 0;
    must(store != NULL && store->session_get(store, candidate.ticket->session, &like, &err) &&
         number_parse(argv[7], 1, 100000, &count) && store->begin(store, &err));
    for (int64_t n = 0; n < count; n++) {
        char path[FILE_PATH_SIZE];
        add_session(&candidate, store, &like, n);
        buffer_clear(&candidate.lines);
        take_exam(&candidate);
        (void)snprintf(path, sizeof path, "%s/%s-1.result", argv[8], candidate.ticket->session);
        save(&candidate, argv[0], path);
        attempt_free(candidate.attempt);
        candidate.attempt = NULL;
    }
    must(store->commit(store, &err) == STORE_COMMITTED);
    store->close(store);
    release(&candidate);
}

static void recipients(char **argv)
{
    struct trust *trust = trust_load(argv[0], &err);
    struct buffer file = load(argv[1], TICKET_MAX_BYTES);
    struct identity *identity = identity_load(argv[2], argv[3], &err);
    must(trust != NULL && identity != NULL);
    struct ticket *ticket = ticket_open(buffer_bytes(&file), trust, identity, NULL, &err);
    must(ticket != NULL);
    (void)printf("{\"number\":%" PRId64 ",\"seen\":%zu,\"session\":\"%s\"}\n", ticket->number,
        ticket->seen_count, ticket->session);
    ticket_free(ticket);
    identity_free(identity);
    trust_free(trust);
    buffer_release(&file);
}

int main(int argc, char **argv)
{
    const char *verb = argc > 1 ? argv[1] : "";
    if (strcmp(verb, "request") == 0 && argc == 4)
        request(argv[2], argv[3]);
    else if (strcmp(verb, "issue") == 0 && argc == 11)
        issue(argv + 2);
    else if (strcmp(verb, "recipients") == 0 && argc == 6)
        recipients(argv + 2);
    else if (strcmp(verb, "take") == 0 && argc >= 9)
        take(argc - 2, argv + 2);
    else if (strcmp(verb, "flood") == 0 && argc == 11)
        flood(argv + 2);
    else
        return (void)fputs(usage, stderr), 64;
    return 0;
}
