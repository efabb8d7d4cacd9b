/* result verify: does this receipt speak of this file? Offline, with nothing but the root. */
#include <string.h>

#include "core/encoding.h"
#include "core/receipt.h"
#include "provisioning/carry.h"
#include "provisioning/commands.h"
#include "provisioning/facts.h"

static bool read_receipt(const struct call *call, struct receipt *receipt, struct error *err)
{
    const char *path = arguments_value(call->arguments, "receipt");
    struct trust *trust = trust_load(arguments_value(call->arguments, "root"), err);
    struct buffer file = {.max = TICKET_MAX_BYTES};
    bool ok = trust != NULL && file_read(path, &file, err) &&
              (receipt_verify(buffer_bytes(&file), trust, receipt, err) || error_prefix(err, "%s", path));

    buffer_release(&file);
    trust_free(trust);
    return ok;
}

/* The digest is what counts; the name only tells which mistake was made. */
static bool compare(const char *path, const struct receipt *receipt, struct error *err)
{
    const char *name = strrchr(path, '/') == NULL ? path : strrchr(path, '/') + 1;
    char said[OBJECT_ID_SIZE], id[OBJECT_ID_SIZE];
    struct digest digest;
    bool is_journal;

    object_id(receipt->session, receipt->epoch, said);
    if (carry_is_result(name, id, &is_journal) &&
        (strcmp(said, id) != 0 || receipt->is_journal != is_journal))
        return error_set(err, ERROR_UNTRUSTED, "the receipt is for the %s of %s",
            receipt->is_journal ? "journal" : "result", said);
    if (!digest_of_file(path, &digest, err))
        return false;
    return digest_equal(&digest, &receipt->file) ||
           error_set(
               err, ERROR_UNTRUSTED, "%s is not the file that the receipt is for: its digest differs", path);
}

static bool show(const struct call *call, const struct receipt *receipt, struct error *err)
{
    struct facts *facts = facts_new();
    char stored[TIMESTAMP_SIZE], id[OBJECT_ID_SIZE], transcript[DIGEST_TEXT_SIZE];
    bool ok;

    object_id(receipt->session, receipt->epoch, id);
    timestamp_format(receipt->stored_ms, stored);
    digest_text(&receipt->transcript, transcript);
    facts_text(facts, "receipt", receipt->code);
    facts_text(facts, "of", id);
    facts_text(facts, "kind", receipt->is_journal ? "journal" : "result");
    facts_text(facts, "stored", stored);
    facts_text(facts, "transcript", transcript);
    ok = facts_print(facts, call, err);
    facts_free(facts);
    return ok;
}

static bool run(const struct call *call, struct error *err)
{
    struct receipt receipt = {.epoch = 0};

    return read_receipt(call, &receipt, err) && compare(call->arguments->operands[0], &receipt, err) &&
           show(call, &receipt, err);
}

const struct command command_result_verify = {
    .name = "result verify",
    .operands = "FILE",
    .summary = "Check a receipt against the result it is for, offline",
    .min_operands = 1,
    .max_operands = 1,
    .options =
        (const struct option[]){
            {.name = "receipt", .value = "FILE", .is_required = true, .help = "ID.receipt"},
            {.name = "root", .value = "FILE", .is_required = true, .help = "root.pem of the board"}, {0}},
    .has_json = true,
    .run = run,
};
