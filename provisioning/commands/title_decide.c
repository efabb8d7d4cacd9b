/* title review, revoke, restore: three words for one request, so one file for all three. */
#include "core/field.h"
#include "core/identifier.h"
#include "provisioning/candidate.h"
#include "provisioning/commands.h"

static bool decide(const struct call *call, const char *path, struct error *err)
{
    const char *candidate_id = call->arguments->operands[0], *title = call->arguments->operands[1];
    struct json *body;

    if (!field_is_candidate(candidate_id))
        return error_set(err, ERROR_USAGE, "“%s” is not a candidate_id", candidate_id);
    if (!identifier_valid(title))
        return error_set(err, ERROR_USAGE, "“%s” is not a title's id: they look like pcap", title);
    body = json_new_object();
    json_set(body, "candidate_id", json_text(candidate_id));
    json_set(body, "title", json_text(title));
    json_set(body, "reason", json_text(arguments_value(call->arguments, "reason")));
    return client_run(call, "POST", path, body, candidate_print, err);
}

static bool review(const struct call *call, struct error *err)
{
    return decide(call, "/v1/titles/review", err);
}

static bool revoke(const struct call *call, struct error *err)
{
    return decide(call, "/v1/titles/revoke", err);
}

static bool restore(const struct call *call, struct error *err)
{
    return decide(call, "/v1/titles/restore", err);
}

static const struct option options[] = {PROFILE_OPTIONS,
    {.name = "reason", .value = "TEXT", .is_required = true, .help = "Why; it is kept"}, {0}};

#define DECISION(word, what, does)                                                                           \
    {                                                                                                        \
        .name = "title " word, .operands = "ID TITLE", .summary = what, .min_operands = 2,                   \
        .max_operands = 2, .options = options, .has_json = true, .run = does                                 \
    }

const struct command command_title_review = DECISION(
    "review", "Put a person's title under review: it counts for nothing until it is restored", review);
const struct command command_title_revoke =
    DECISION("revoke", "Take a person's title back; what is built on it goes under review", revoke);
const struct command command_title_restore =
    DECISION("restore", "Lift a review, or give a revoked title back", restore);
