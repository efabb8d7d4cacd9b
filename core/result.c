#include "core/result.h"

static bool is_within_limit(struct bytes file, const char *what, struct error *err)
{
    return file.len <= RESULT_MAX_BYTES ||
           error_set(
               err, ERROR_LIMIT, "%s has at most %u bytes, this one %zu", what, RESULT_MAX_BYTES, file.len);
}

bool result_seal(struct bytes transcript, const struct identity *seat, const struct certificate *intake,
    const struct certificate *scoring, int64_t now_ms, struct buffer *file, struct error *err)
{
    const struct certificate *const recipients[] = {intake, scoring};
    struct buffer signed_part = {.max = RESULT_MAX_BYTES}, sealed = {.max = RESULT_MAX_BYTES};
    bool ok = cms_sign(OBJECT_RESULT, transcript, seat, now_ms, &signed_part, err) &&
              cms_seal(buffer_bytes(&signed_part), recipients, 2, &sealed, err) &&
              (buffer_add_bytes(file, buffer_bytes(&sealed)) ||
                  error_set(err, ERROR_LIMIT, "the result is larger than %zu bytes", file->max));

    buffer_release(&sealed);
    buffer_release(&signed_part);
    return ok;
}

bool result_open(struct bytes file, const struct identity *recipient, const struct trust *trust,
    int64_t at_ms, struct buffer *transcript, struct cms_signer *signer, struct error *err)
{
    const struct cms_rules rules = {OBJECT_RESULT, ROLE_SEAT, trust, at_ms};
    struct buffer signed_part = {.max = RESULT_MAX_BYTES};
    bool ok = is_within_limit(file, "a result", err) && cms_open(file, recipient, &signed_part, err) &&
              cms_verify(buffer_bytes(&signed_part), &rules, transcript, signer, err);

    buffer_release(&signed_part);
    return ok;
}

bool unfinished_sign(struct bytes journal_files, const struct identity *seat, int64_t now_ms,
    struct buffer *file, struct error *err)
{
    struct buffer signed_part = {.max = RESULT_MAX_BYTES};
    bool ok = cms_sign(OBJECT_JOURNAL, journal_files, seat, now_ms, &signed_part, err) &&
              (buffer_add_bytes(file, buffer_bytes(&signed_part)) ||
                  error_set(err, ERROR_LIMIT, "the unfinished journal is larger than %zu bytes", file->max));

    buffer_release(&signed_part);
    return ok;
}

bool unfinished_verify(struct bytes file, const struct trust *trust, int64_t at_ms,
    struct buffer *journal_files, struct cms_signer *signer, struct error *err)
{
    const struct cms_rules rules = {OBJECT_JOURNAL, ROLE_SEAT, trust, at_ms};

    return is_within_limit(file, "an unfinished journal", err) &&
           cms_verify(file, &rules, journal_files, signer, err);
}
