#include <string.h>
#include <unistd.h>

#include "core/encoding.h"
#include "core/exam_names.h"
#include "core/file.h"
#include "core/package.h"
#include "provisioning/commands.h"
#include "provisioning/facts.h"

static const struct option options[] = {
    {.name = "board",
        .value = "DIR",
        .help = "the board's folder: checks the signature, and opens what its keys open"},
    {0},
};

static const struct {
    const char *ending, *kind;
    enum object_kind object;
    size_t max;
} kinds[] = {
    {".exam", "exam package", OBJECT_EXAM, PACKAGE_MAX_BYTES},
    {".open", "exam key", OBJECT_OPEN, EXAM_KEY_MAX_BYTES},
    {".key", "scoring key", OBJECT_KEY, SCORING_KEY_MAX_BYTES},
    {".practice", "practice package, with its keys and rationales", OBJECT_PRACTICE, PACKAGE_MAX_BYTES},
};

/* One file, and what is known of it so far. */
struct showing {
    const char *path, *board; /* board: NULL without */
    struct buffer file;
    struct trust *trust;
    struct facts *facts;
};

static bool has_ending(const char *path, const char *ending)
{
    const size_t len = strlen(path), ending_len = strlen(ending);

    return len > ending_len && strcmp(path + len - ending_len, ending) == 0;
}

/* --- what is inside ------------------------------------------------------------------------------------- */

static void tell_exam(struct facts *facts, const struct exam *exam)
{
    facts_text(facts, "exam", exam->identifier);
    facts_text(facts, "version", exam->version);
    facts_text(facts, "title", exam->title);
    facts_text(facts, "language", exam->language);
    facts_text(facts, "content", exam_content_names[exam->content]);
    facts_text(facts, "result_policy", result_policy_names[exam->result_policy]);
    facts_text(facts, "lowest_software", exam->lowest_software);
    facts_number(facts, "minutes", exam->max_time_ms / 60000);
    facts_number(facts, "pass_mark", exam->pass_mark);
    facts_number(facts, "items", (int64_t)exam->item_count);
    facts_number(facts, "form_items", (int64_t)exam_form_length(exam));
    facts_number(facts, "form_points", exam_form_points(exam));
}

static bool show_practice(struct showing *showing, struct error *err)
{
    struct exam *exam = NULL;
    struct scoring_key *key = NULL;

    if (!package_open_practice(buffer_bytes(&showing->file), &exam, &key, err))
        return false;
    tell_exam(showing->facts, exam);
    scoring_key_free(key);
    exam_free(exam);
    return true;
}

/* The board's key of that name, NULL where the folder has none; then less is told. False: it is there and
 * bad. */
static bool find_identity(
    const struct showing *showing, const char *name, struct identity **identity, struct error *err)
{
    char path[FILE_PATH_SIZE], file[40];

    (void)snprintf(file, sizeof file, "%s.key", name);
    if (!path_join(path, showing->board, file, err))
        return false;
    *identity = NULL;
    return access(path, F_OK) != 0 || (*identity = identity_load(showing->board, name, err)) != NULL;
}

static bool show_exam_key(struct showing *showing, struct error *err)
{
    struct identity *ticket = NULL;
    struct secret *key = NULL;
    struct exam_facts exam;
    char digest_hex[DIGEST_TEXT_SIZE];
    bool ok = find_identity(showing, "ticket", &ticket, err);

    if (ok && ticket != NULL) {
        ok = exam_key_open(buffer_bytes(&showing->file), showing->trust, ticket, &exam, &key, err);
        if (ok) {
            digest_text(&exam.package_digest, digest_hex);
            facts_text(showing->facts, "package", exam.package_id);
            facts_text(showing->facts, "package_digest", digest_hex);
            facts_text(showing->facts, "exam", exam.identifier);
            facts_text(showing->facts, "version", exam.version);
            facts_text(showing->facts, "title", exam.title);
            facts_text(showing->facts, "content", exam_content_names[exam.content]);
            facts_number(showing->facts, "minutes", exam.max_time_ms / 60000);
            facts_number(showing->facts, "form_items", exam.item_count);
        }
    }
    secret_free(key);
    identity_free(ticket);
    return ok;
}

static bool show_scoring_key(struct showing *showing, struct error *err)
{
    struct identity *scoring = NULL;
    struct scoring_key *key = NULL;
    bool ok = find_identity(showing, "scoring", &scoring, err);

    if (ok && scoring != NULL) {
        key = scoring_key_open(buffer_bytes(&showing->file), showing->trust, scoring, err);
        ok = key != NULL;
        if (ok) {
            facts_text(showing->facts, "package", key->package_id);
            facts_text(showing->facts, "exam", key->exam);
            facts_text(showing->facts, "version", key->version);
            facts_number(showing->facts, "pass_mark", key->pass_mark);
            facts_number(showing->facts, "topics", (int64_t)key->topic_count);
            facts_number(showing->facts, "items", (int64_t)key->item_count);
        }
    }
    scoring_key_free(key);
    identity_free(scoring);
    return ok;
}

/* The exam key that stands beside the package, if this board can open it. */
static bool open_key_beside(
    const struct showing *showing, struct exam_facts *facts, struct secret **key, struct error *err)
{
    struct buffer file = {.max = EXAM_KEY_MAX_BYTES};
    struct identity *ticket = NULL;
    char path[FILE_PATH_SIZE];
    bool ok = find_identity(showing, "ticket", &ticket, err);

    (void)snprintf(
        path, sizeof path, "%.*s.open", (int)(strlen(showing->path) - strlen(".exam")), showing->path);
    if (ok && ticket != NULL && access(path, F_OK) == 0)
        ok = file_read(path, &file, err) &&
             (exam_key_open(buffer_bytes(&file), showing->trust, ticket, facts, key, err) ||
                 error_prefix(err, "%s", path));
    identity_free(ticket);
    buffer_release(&file);
    return ok;
}

static bool show_package(struct showing *showing, struct error *err)
{
    struct buffer sealed = {.max = PACKAGE_MAX_BYTES};
    struct package_name name;
    struct exam_facts facts;
    struct secret *key = NULL;
    struct exam *exam = NULL;
    bool ok = package_verify(buffer_bytes(&showing->file), showing->trust, &sealed, &name, err) &&
              open_key_beside(showing, &facts, &key, err);

    if (ok) {
        facts_text(showing->facts, "package", name.id);
        if (key != NULL && strcmp(facts.package_id, name.id) == 0) {
            exam = package_open(buffer_bytes(&sealed), name.id, key, err);
            ok = exam != NULL;
        }
    }
    if (exam != NULL)
        tell_exam(showing->facts, exam);
    exam_free(exam);
    secret_free(key);
    buffer_release(&sealed);
    return ok;
}

/* --- the file ------------------------------------------------------------------------------------------- */

static void tell_file(struct showing *showing, const char *kind)
{
    char digest_hex[DIGEST_TEXT_SIZE];
    struct digest digest;

    digest_of(buffer_bytes(&showing->file), &digest);
    digest_text(&digest, digest_hex);
    facts_text(showing->facts, "file", showing->path);
    facts_text(showing->facts, "kind", kind);
    facts_number(showing->facts, "bytes", (int64_t)showing->file.len);
    facts_text(showing->facts, "digest", digest_hex);
}

/* Who signed it and when; nothing else of the file is read before that is known. */
static bool tell_signer(struct showing *showing, enum object_kind object, struct error *err)
{
    const struct cms_rules rules = {object, ROLE_EXAM_SIGNER, showing->trust, CMS_AT_SIGNING};
    struct buffer content = {.max = showing->file.len};
    struct cms_signer signer = {NULL, 0};
    char name[NAME_SIZE], when[TIMESTAMP_SIZE];
    const bool ok = cms_verify(buffer_bytes(&showing->file), &rules, &content, &signer, err);

    if (ok) {
        certificate_name(signer.certificate, name);
        timestamp_format(signer.signing_time_ms, when);
        facts_text(showing->facts, "signed_by", name);
        facts_text(showing->facts, "signed_at", when);
        cms_signer_release(&signer);
    }
    buffer_release(&content);
    return ok;
}

static bool show_inside(struct showing *showing, enum object_kind object, struct error *err)
{
    char path[FILE_PATH_SIZE];

    if (object == OBJECT_PRACTICE)
        return show_practice(showing, err);
    facts_yes(showing->facts, "signature_checked", showing->board != NULL);
    if (showing->board == NULL)
        return true; /* nothing inside is worth telling before that */
    if (!path_join(path, showing->board, "root.pem", err) ||
        (showing->trust = trust_load(path, err)) == NULL || !tell_signer(showing, object, err))
        return false;
    return object == OBJECT_EXAM   ? show_package(showing, err)
           : object == OBJECT_OPEN ? show_exam_key(showing, err)
                                   : show_scoring_key(showing, err);
}

static bool run(const struct call *call, struct error *err)
{
    struct showing showing = {.path = call->arguments->operands[0],
        .board = arguments_value(call->arguments, "board"),
        .facts = facts_new()};
    size_t kind = 0;
    bool ok = false;

    while (kind < sizeof kinds / sizeof kinds[0] && !has_ending(showing.path, kinds[kind].ending))
        kind++;
    if (kind == sizeof kinds / sizeof kinds[0]) {
        error_set(err, ERROR_USAGE, "%s is not named .exam, .open, .key or .practice", showing.path);
        goto done;
    }
    showing.file.max = kinds[kind].max;
    if (!file_read(showing.path, &showing.file, err))
        goto done;
    tell_file(&showing, kinds[kind].kind);
    ok = (show_inside(&showing, kinds[kind].object, err) || error_prefix(err, "%s", showing.path)) &&
         facts_print(showing.facts, call, err);
done:
    trust_free(showing.trust);
    facts_free(showing.facts);
    buffer_release(&showing.file);
    return ok;
}

const struct command command_exam_show = {
    .name = "exam show",
    .operands = "FILE",
    .summary = "Say what a package, an exam key or a scoring key is, without its secrets",
    .min_operands = 1,
    .max_operands = 1,
    .options = options,
    .has_json = true,
    .run = run,
};
