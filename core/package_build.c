/* The board's side of package.h. The sizes of what is read are those of limits.h, so what is written keeps
 * them too. */
#include <string.h>

#include "core/archive.h"
#include "core/crypto/key.h"
#include "core/encoding.h"
#include "core/exam_names.h"
#include "core/json.h"
#include "core/package.h"
#include "core/package_names.h"

/* --- NAME.exam ------------------------------------------------------------------------------------------ */

static bool make_zip(const struct exam *exam, struct buffer *zip, struct error *err)
{
    struct buffer json = {.max = EXAM_JSON_MAX_BYTES};
    bool ok = exam_encode(exam, &json, err);

    if (ok) {
        const struct archive_file file = {PACKAGE_EXAM_FILE, buffer_bytes(&json)};
        ok = archive_write(&file, 1, zip, err);
    }
    buffer_release(&json);
    return ok;
}

static bool make_exam(const struct exam *exam, const char *id, const struct secret *exam_key,
    const struct identity *signer, int64_t now_ms, struct buffer *file, struct error *err)
{
    struct buffer zip = {.max = PACKAGE_MAX_BYTES}, sealed = {.max = PACKAGE_MAX_BYTES};
    uint8_t key_id[PACKAGE_ID_BYTES];
    bool ok = hex_decode(id, key_id, sizeof key_id) && make_zip(exam, &zip, err) &&
              cms_seal_key(buffer_bytes(&zip), exam_key, bytes_of(key_id, sizeof key_id), &sealed, err) &&
              cms_sign(OBJECT_EXAM, buffer_bytes(&sealed), signer, now_ms, file, err);

    buffer_release(&sealed);
    buffer_release(&zip);
    return ok;
}

/* --- NAME.open ------------------------------------------------------------------------------------------ */

static struct json *facts_json(
    const struct exam *exam, const char *id, const struct secret *exam_key, struct bytes file)
{
    struct json *object = json_new_object();
    const struct bytes key = secret_bytes(exam_key);
    struct digest digest;

    digest_of(file, &digest);
    json_set(object, "format", json_int(EXAM_FACTS_FORMAT));
    json_set(object, "package", json_text(id));
    json_set(object, "id", json_text(exam->identifier));
    json_set(object, "version", json_text(exam->version));
    json_set(object, "title", json_text(exam->title));
    json_set(object, "short", json_text(exam->short_title));
    json_set(object, "language", json_text(exam->language));
    json_set(object, "lowest_software", json_text(exam->lowest_software));
    json_set(object, "content", json_text(exam_content_names[exam->content]));
    json_set(object, "result_policy", json_text(result_policy_names[exam->result_policy]));
    json_set(object, "max_time_ms", json_int(exam->max_time_ms));
    json_set(object, "items", json_int((int64_t)exam_form_length(exam)));
    json_set(object, "digest", json_hex(digest.bytes, DIGEST_BYTES));
    json_set(object, "bytes", json_int((int64_t)file.len));
    json_set(object, "key", json_hex(key.data, key.len));
    return object;
}

/* Signed around sealed, as NAME.open and NAME.key are. */
static bool seal_and_sign(enum object_kind kind, struct bytes content, const struct certificate *recipient,
    const struct identity *signer, int64_t now_ms, struct buffer *file, struct error *err)
{
    struct buffer sealed = {.max = file->max};
    bool ok = cms_seal(content, &recipient, 1, &sealed, err) &&
              cms_sign(kind, buffer_bytes(&sealed), signer, now_ms, file, err);

    buffer_release(&sealed);
    return ok;
}

static bool make_open(const struct json *facts, const struct certificate *ticket,
    const struct identity *signer, int64_t now_ms, struct buffer *file, struct error *err)
{
    struct buffer text = {.max = EXAM_KEY_MAX_BYTES};
    bool ok = json_write(facts, &text, err) &&
              seal_and_sign(OBJECT_OPEN, buffer_bytes(&text), ticket, signer, now_ms, file, err);

    buffer_release(&text);
    return ok;
}

/* --- NAME.key ------------------------------------------------------------------------------------------- */

static bool make_key(const struct scoring_key *key, const struct certificate *scoring,
    const struct identity *signer, int64_t now_ms, struct buffer *file, struct error *err)
{
    struct buffer text = {.max = SCORING_KEY_MAX_BYTES};
    bool ok = scoring_key_encode(key, &text, err) &&
              seal_and_sign(OBJECT_KEY, buffer_bytes(&text), scoring, signer, now_ms, file, err);

    buffer_release(&text);
    return ok;
}

/* --- all three ------------------------------------------------------------------------------------------ */

bool package_build(const struct exam *exam, struct scoring_key *key, const struct identity *signer,
    const struct certificate *ticket, const struct certificate *scoring, int64_t now_ms,
    struct package_files *files, struct error *err)
{
    struct secret *exam_key = NULL;
    struct json *facts = NULL;
    bool ok = false;

    if (exam->content == CONTENT_PRACTICE)
        return error_set(err, ERROR_REFUSED, "an exam for practice is no package for seats");
    if (!scoring_key_fits(key, exam, err))
        return false;
    exam_key = secret_random(KEY_BYTES, err);
    if (exam_key == NULL)
        return false;
    random_id(files->id);
    memcpy(key->package_id, files->id, sizeof key->package_id);
    if (!make_exam(exam, files->id, exam_key, signer, now_ms, &files->exam, err))
        goto done;
    facts = facts_json(exam, files->id, exam_key, buffer_bytes(&files->exam));
    ok = make_open(facts, ticket, signer, now_ms, &files->open, err) &&
         make_key(key, scoring, signer, now_ms, &files->key, err);
done:
    json_free(facts);
    secret_free(exam_key);
    return ok;
}

bool package_build_practice(
    const struct exam *exam, const struct scoring_key *key, struct buffer *file, struct error *err)
{
    struct buffer exam_json = {.max = EXAM_JSON_MAX_BYTES}, key_json = {.max = SCORING_KEY_MAX_BYTES};
    struct buffer zip = {.max = PACKAGE_MAX_BYTES};
    bool ok = false;

    if (exam->content != CONTENT_PRACTICE)
        return error_set(
            err, ERROR_REFUSED, "an exam whose content is not for practice never goes with its key");
    if (scoring_key_fits(key, exam, err) && exam_encode(exam, &exam_json, err) &&
        scoring_key_encode(key, &key_json, err)) {
        const struct archive_file contents[] = {
            {PACKAGE_EXAM_FILE, buffer_bytes(&exam_json)}, {PACKAGE_KEY_FILE, buffer_bytes(&key_json)}};
        ok = archive_write(contents, 2, &zip, err) &&
             cms_digest(OBJECT_PRACTICE, buffer_bytes(&zip), file, err);
    }
    buffer_release(&zip);
    buffer_release(&key_json);
    buffer_release(&exam_json);
    return ok;
}
