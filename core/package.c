#include "core/package.h"

#include <string.h>

#include "core/archive.h"
#include "core/crypto/key.h"
#include "core/encoding.h"
#include "core/exam_names.h"
#include "core/field.h"
#include "core/identifier.h"
#include "core/package_names.h"

/* --- inside the zip ------------------------------------------------------------------------------------- */

static bool is_media(const char *name)
{
    return strncmp(name, PACKAGE_MEDIA, strlen(PACKAGE_MEDIA)) == 0;
}

/* Nothing is in a package that nobody reads: least of all a key. */
static bool check_names(const struct archive *archive, bool has_key, struct error *err)
{
    for (size_t i = 0; i < archive_count(archive); i++) {
        const char *name = archive_name(archive, i);
        if (!is_media(name) && strcmp(name, PACKAGE_EXAM_FILE) != 0 &&
            !(has_key && strcmp(name, PACKAGE_KEY_FILE) == 0))
            return error_set(
                err, ERROR_FORMAT, "the package has a file that does not belong there: %s", name);
    }
    return true;
}

static struct archive *open_zip(struct bytes zip, bool has_key, struct error *err)
{
    const struct archive_limits limits = {.files = PACKAGE_MAX_FILES, .unzipped = PACKAGE_MAX_UNZIPPED};
    struct archive *archive = archive_open(zip, limits, err);

    if (archive != NULL && check_names(archive, has_key, err))
        return archive;
    archive_free(archive);
    return NULL;
}

static struct exam *read_exam(const struct archive *archive, struct error *err)
{
    struct buffer json = {.max = EXAM_JSON_MAX_BYTES};
    struct exam *exam = NULL;

    if (archive_read(archive, PACKAGE_EXAM_FILE, &json, err))
        exam = exam_decode(buffer_bytes(&json), err);
    buffer_release(&json);
    return exam;
}

static struct scoring_key *read_key(const struct archive *archive, struct error *err)
{
    struct buffer json = {.max = SCORING_KEY_MAX_BYTES};
    struct scoring_key *key = NULL;

    if (archive_read(archive, PACKAGE_KEY_FILE, &json, err))
        key = scoring_key_decode(buffer_bytes(&json), err);
    buffer_release(&json);
    return key;
}

/* --- on the seat ---------------------------------------------------------------------------------------- */

bool package_verify(struct bytes file, const struct trust *trust, struct buffer *sealed,
    struct package_name *name, struct error *err)
{
    const struct cms_rules rules = {OBJECT_EXAM, ROLE_EXAM_SIGNER, trust, CMS_AT_SIGNING};
    const size_t before = sealed->len;
    struct buffer key_id = {.max = PACKAGE_ID_BYTES};
    bool ok = false;

    if (!cms_verify(file, &rules, sealed, NULL, err))
        return false;
    if (!cms_key_id(bytes_of(sealed->data + before, sealed->len - before), &key_id, err) ||
        key_id.len != PACKAGE_ID_BYTES) {
        buffer_cut(sealed, before);
        error_set(err, ERROR_FORMAT, "the package is not sealed under a key with a package id");
    } else {
        hex_encode(key_id.data, key_id.len, name->id);
        ok = true;
    }
    buffer_release(&key_id);
    return ok;
}

struct exam *package_open(
    struct bytes sealed, const char *package_id, const struct secret *exam_key, struct error *err)
{
    struct buffer zip = {.max = PACKAGE_MAX_BYTES};
    struct archive *archive = NULL;
    struct exam *exam = NULL;
    uint8_t id[PACKAGE_ID_BYTES];

    if (!hex_decode(package_id, id, sizeof id)) {
        error_set(err, ERROR_FORMAT, "“%.40s” is no package id", package_id);
        return NULL;
    }
    if (cms_open_key(sealed, exam_key, bytes_of(id, sizeof id), &zip, err) &&
        (archive = open_zip(buffer_bytes(&zip), false, err)) != NULL)
        exam = read_exam(archive, err);
    if (exam != NULL && exam->content == CONTENT_PRACTICE) {
        error_set(err, ERROR_FORMAT, "the package says of itself that it is for practice, and is none");
        exam_free(exam);
        exam = NULL;
    }
    archive_free(archive);
    buffer_release(&zip);
    return exam;
}

/* --- practice ------------------------------------------------------------------------------------------- */

bool package_open_practice(struct bytes file, struct exam **exam, struct scoring_key **key, struct error *err)
{
    struct buffer zip = {.max = PACKAGE_MAX_BYTES};
    struct archive *archive = NULL;
    struct exam *opened = NULL;
    struct scoring_key *opened_key = NULL;
    bool ok = false;

    if (!cms_digest_open(file, OBJECT_PRACTICE, &zip, err) ||
        (archive = open_zip(buffer_bytes(&zip), true, err)) == NULL ||
        (opened = read_exam(archive, err)) == NULL || (opened_key = read_key(archive, err)) == NULL)
        goto done;
    if (opened->content != CONTENT_PRACTICE)
        error_set(err, ERROR_FORMAT, "the package is one for practice, and does not say so");
    else
        ok = scoring_key_fits(opened_key, opened, err);
done:
    archive_free(archive);
    buffer_release(&zip);
    if (ok) {
        *exam = opened;
        *key = opened_key;
        return true;
    }
    scoring_key_free(opened_key);
    exam_free(opened);
    return false;
}

/* --- at the server -------------------------------------------------------------------------------------- */

static bool open_sealed(struct bytes file, enum object_kind kind, const struct trust *trust,
    const struct identity *recipient, struct buffer *json, struct error *err)
{
    const struct cms_rules rules = {kind, ROLE_EXAM_SIGNER, trust, CMS_AT_SIGNING};
    struct buffer sealed = {.max = file.len};
    const bool ok =
        cms_verify(file, &rules, &sealed, NULL, err) && cms_open(buffer_bytes(&sealed), recipient, json, err);

    buffer_release(&sealed);
    return ok;
}

static void read_facts(struct json_reader *reader, struct exam_facts *facts)
{
    (void)field_get_format(reader, EXAM_FACTS_FORMAT);
    field_get(reader, "package", field_is_session, facts->package_id, sizeof facts->package_id);
    field_get(reader, "id", identifier_valid, facts->identifier, sizeof facts->identifier);
    field_get(reader, "version", identifier_valid, facts->version, sizeof facts->version);
    field_get(reader, "title", field_is_line, facts->title, sizeof facts->title);
    field_get(reader, "short", field_is_line, facts->short_title, sizeof facts->short_title);
    field_get(reader, "language", field_is_language, facts->language, sizeof facts->language);
    field_get(
        reader, "lowest_software", version_valid, facts->lowest_software, sizeof facts->lowest_software);
    facts->content =
        (enum exam_content)json_get_enum(reader, "content", exam_content_names, CONTENT_PRACTICE);
    facts->result_policy =
        (enum result_policy)json_get_enum(reader, "result_policy", result_policy_names, RESULT_POLICIES);
    facts->max_time_ms = json_get_int(reader, "max_time_ms", 1, EXAM_TIME_MAX_MS);
    facts->item_count = (unsigned)json_get_int(reader, "items", 1, FORM_ITEMS_MAX);
    json_get_hex(reader, "digest", facts->package_digest.bytes, DIGEST_BYTES);
    facts->package_bytes = json_get_int(reader, "bytes", 1, PACKAGE_MAX_BYTES);
}

bool exam_key_open(struct bytes file, const struct trust *trust, const struct identity *ticket,
    struct exam_facts *facts, struct secret **exam_key, struct error *err)
{
    struct buffer text = {.max = EXAM_KEY_MAX_BYTES};
    struct exam_facts read = {0};
    struct secret *secret = secret_new(KEY_BYTES, err);
    struct json *value = NULL;
    bool ok = false;

    if (secret == NULL || !open_sealed(file, OBJECT_OPEN, trust, ticket, &text, err) ||
        (value = json_parse(buffer_bytes(&text), err)) == NULL)
        goto done;
    struct json_reader reader = json_reader(value, "exam key", err);
    read_facts(&reader, &read);
    json_get_hex(&reader, "key", secret_data(secret), KEY_BYTES);
    ok = json_done(&reader);
done:
    if (ok) {
        *facts = read;
        *exam_key = secret;
        secret = NULL;
    }
    json_free(value);
    buffer_release(&text);
    secret_free(secret);
    return ok;
}

struct scoring_key *scoring_key_open(
    struct bytes file, const struct trust *trust, const struct identity *scoring, struct error *err)
{
    struct buffer json = {.max = SCORING_KEY_MAX_BYTES};
    struct scoring_key *key = NULL;

    if (open_sealed(file, OBJECT_KEY, trust, scoring, &json, err))
        key = scoring_key_decode(buffer_bytes(&json), err);
    buffer_release(&json);
    return key;
}
