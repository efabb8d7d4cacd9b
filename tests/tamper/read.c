/* The readers, as the programs call them. */
#include <string.h>

#include "core/attempt.h"
#include "core/catalog.h"
#include "core/package.h"
#include "core/receipt.h"
#include "core/result.h"
#include "tests/tamper/objects.h"

static bool read_exam(const struct objects *objects, struct bytes file, struct error *err)
{
    struct buffer sealed = {.max = PACKAGE_MAX_BYTES};
    struct package_name name;
    struct exam *exam = NULL;

    if (package_verify(file, objects->seat->trust, &sealed, &name, err))
        exam = package_open(buffer_bytes(&sealed), name.id, objects->exam_key, err);
    buffer_release(&sealed);
    exam_free(exam);
    return exam != NULL;
}

static bool read_open(const struct objects *objects, struct bytes file, struct error *err)
{
    struct exam_facts facts;
    struct secret *exam_key = NULL;
    const bool ok = exam_key_open(file, objects->root, objects->ticket, &facts, &exam_key, err);

    secret_free(exam_key);
    return ok;
}

static bool read_key(const struct objects *objects, struct bytes file, struct error *err)
{
    struct scoring_key *key = scoring_key_open(file, objects->root, objects->scoring, err);

    scoring_key_free(key);
    return key != NULL;
}

static bool read_catalog(const struct objects *objects, struct bytes file, struct error *err)
{
    struct catalog *catalog = catalog_verify(file, objects->seat->trust, objects->seat->folder.center, 0, err);

    catalog_free(catalog);
    return catalog != NULL;
}

static bool read_ticket(const struct objects *objects, struct bytes file, struct error *err)
{
    struct digest digest;
    struct ticket *ticket = ticket_open(file, objects->seat->trust, objects->seat->identity, &digest, err);

    ticket_free(ticket);
    return ticket != NULL;
}

static bool read_transcript(struct bytes file, const struct identity *recipient, const struct trust *trust,
    int64_t at_ms, struct error *err)
{
    struct buffer transcript = {.max = TRANSCRIPT_MAX_BYTES};
    struct cms_signer signer = {0};
    struct attempt *attempt = NULL;

    if (result_open(file, recipient, trust, at_ms, &transcript, &signer, err))
        attempt = attempt_replay(buffer_bytes(&transcript), err);
    cms_signer_release(&signer);
    buffer_release(&transcript);
    attempt_free(attempt);
    return attempt != NULL;
}

/* Only who issued the seat's certificate is asked, as in server/intake.c. */
static bool read_result(const struct objects *objects, struct bytes file, struct error *err)
{
    return read_transcript(file, objects->intake, objects->root, CMS_AT_ISSUE, err);
}

static bool read_scored(const struct objects *objects, struct bytes file, struct error *err)
{
    return read_transcript(file, objects->scoring, objects->root, CMS_AT_SIGNING, err);
}

static bool read_receipt(const struct objects *objects, struct bytes file, struct error *err)
{
    struct receipt receipt = {0};

    return receipt_verify(file, objects->seat->trust, &receipt, err);
}

/* --- the journal ------------------------------------------------------------------------------------------
 */

struct compared {
    struct bytes left; /* of the records that were written */
    bool is_wrong;     /* one was read that nobody wrote there */
};

static bool compare_record(void *context, struct bytes record, struct error *err)
{
    struct compared *compared = context;

    if (compared->left.len <= record.len || memcmp(compared->left.data, record.data, record.len) != 0 ||
        compared->left.data[record.len] != '\n') {
        compared->is_wrong = true;
        return error_set(err, ERROR_FORMAT, "a record that nobody wrote");
    }
    compared->left.data += record.len + 1;
    compared->left.len -= record.len + 1;
    return true;
}

/* Damage ends the reading with what was whole before it: then the journal counts as refused. A record that
 * nobody wrote must never come out, so that this one case is told as if the whole had been accepted. */
bool object_read_journal(const struct objects *objects, const char *id, struct bytes files, struct error *err)
{
    struct compared compared = {buffer_bytes(&objects->records), false};
    enum journal_end end = JOURNAL_CLEAN;

    if (!journal_read(files, objects->session_key, id, compare_record, &compared, &end, err))
        return compared.is_wrong;
    return (end == JOURNAL_CLEAN && compared.left.len == 0) ||
           error_set(err, ERROR_FORMAT, "the journal is torn or damaged: %zu bytes of records are missing",
               compared.left.len);
}

static bool read_journal(const struct objects *objects, struct bytes file, struct error *err)
{
    return object_read_journal(objects, objects->sessions[0].id, file, err);
}

static bool read_sent(const struct objects *objects, struct bytes file, struct error *err)
{
    struct buffer files = {.max = RESULT_MAX_BYTES};
    struct cms_signer signer = {0};
    const bool ok = unfinished_verify(file, objects->root, CMS_AT_ISSUE, &files, &signer, err) &&
                    read_journal(objects, buffer_bytes(&files), err);

    cms_signer_release(&signer);
    buffer_release(&files);
    return ok;
}

bool object_read(const struct objects *objects, enum object_name name, struct bytes file, struct error *err)
{
    static bool (*const readers[OBJECTS])(const struct objects *, struct bytes, struct error *) = {
        [EXAM] = read_exam,
        [OPEN] = read_open,
        [KEY] = read_key,
        [CATALOG] = read_catalog,
        [TICKET] = read_ticket,
        [RESULT] = read_result,
        [SCORED] = read_scored,
        [RECEIPT] = read_receipt,
        [SENT] = read_sent,
        [JOURNAL] = read_journal,
    };

    return readers[name](objects, file, err);
}
