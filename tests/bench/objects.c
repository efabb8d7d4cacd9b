/* bench-objects: packages that the benchmarks need and nobody would author, and the opening that is measured.
 *
 *     bench-objects question PRACTICE ITEM OUT
 *             the practice package with a form of this one item; all items stay in it
 *     bench-objects large PRACTICE BOARD MIB OUT
 *             a signed and sealed package of the same exam with MIB of media; prints its key id and its key
 *     bench-objects open FILE ROOT KEY
 *             what a seat does: reads, verifies, opens, decodes
 *
 * The key is one of a throw-away package. On a command line, as here, no other would be. */
#include <inttypes.h>

#include "core/archive.h"
#include "core/clock.h"
#include "core/crypto/key.h"
#include "core/encoding.h"
#include "core/file.h"
#include "core/outfile.h"
#include "core/package.h"
#include "core/package_names.h"

enum { LARGE_MAX_MIB = PACKAGE_MAX_BYTES >> 20, CHUNK_BYTES = 1 << 20 };

static bool load(const char *path, struct buffer *content, struct error *err)
{
    content->max = PACKAGE_MAX_BYTES;
    return file_read(path, content, err);
}

static bool load_practice(const char *path, struct exam **exam, struct scoring_key **key, struct error *err)
{
    struct buffer file = {.max = 0};
    const bool ok = load(path, &file, err) && package_open_practice(buffer_bytes(&file), exam, key, err);
    buffer_release(&file);
    return ok;
}

/* --- question
 * ----------------------------------------------------------------------------------------------------- */

static bool write_with_one_item(
    const struct exam *exam, const struct scoring_key *key, size_t item, const char *path, struct error *err)
{
    const struct selection selection = {1, &item, 1};
    const struct section drawn = {
        exam->parts[0].sections[0].identifier, exam->parts[0].sections[0].title, &selection, 1, 0};
    const struct test_part part = {exam->parts[0].identifier, NAVIGATION_NONLINEAR, &drawn, 1, 0};
    struct buffer file = {.max = PACKAGE_MAX_BYTES};
    struct exam with_one = *exam; /* shares everything else */
    with_one.parts = &part;
    with_one.part_count = 1;
    const bool ok = package_build_practice(&with_one, key, &file, err) &&
                    outfile_save(path, 0644, buffer_bytes(&file), err);
    buffer_release(&file);
    return ok;
}

static bool question(char **words, struct error *err)
{
    struct exam *exam = NULL;
    struct scoring_key *key = NULL;
    size_t item;
    bool ok = load_practice(words[0], &exam, &key, err) &&
              (exam_find_item(exam, words[1], &item) ||
                  error_set(err, ERROR_NOT_FOUND, "the package has no item %s", words[1])) &&
              write_with_one_item(exam, key, item, words[2], err);
    scoring_key_free(key);
    exam_free(exam);
    return ok;
}

/* --- large
 * -------------------------------------------------------------------------------------------------------- */

static bool make_zip(struct exam *exam, int64_t mib, struct buffer *zip, struct error *err)
{
    struct buffer json = {.max = EXAM_JSON_MAX_BYTES}, media = {.max = PACKAGE_MAX_BYTES};
    bool ok = exam_encode(exam, &json, err);
    for (int64_t i = 0; ok && i < mib; i++) {
        uint8_t *chunk = buffer_extend(&media, CHUNK_BYTES);
        ok = chunk != NULL || error_set(err, ERROR_NOMEM, "no memory for %" PRId64 " MiB", mib);
        if (ok)
            random_bytes(chunk, CHUNK_BYTES);
    }
    const struct archive_file files[] = {
        {PACKAGE_EXAM_FILE, buffer_bytes(&json)}, {PACKAGE_MEDIA "film.bin", buffer_bytes(&media)}};
    ok = ok && archive_write(files, 2, zip, err);
    buffer_release(&media);
    buffer_release(&json);
    return ok;
}

static bool seal_and_sign(struct bytes zip, const struct identity *signer, const struct secret *key,
    struct buffer *file, struct error *err)
{
    struct buffer sealed = {.max = PACKAGE_MAX_BYTES};
    uint8_t id[PACKAGE_ID_BYTES];
    char id_hex[2 * sizeof id + 1], key_hex[2 * KEY_BYTES + 1];
    random_bytes(id, sizeof id);
    bool ok = cms_seal_key(zip, key, bytes_of(id, sizeof id), &sealed, err) &&
              cms_sign(OBJECT_EXAM, buffer_bytes(&sealed), signer, clock_wall_ms(clock_system()), file, err);
    hex_encode(id, sizeof id, id_hex);
    hex_encode(secret_bytes(key).data, KEY_BYTES, key_hex);
    (void)printf("%s %s\n", id_hex, key_hex);
    buffer_release(&sealed);
    return ok;
}

static bool large(char **words, struct error *err)
{
    struct exam *exam = NULL;
    struct scoring_key *scoring_key = NULL;
    struct identity *signer = NULL;
    struct secret *key = NULL;
    struct buffer zip = {.max = PACKAGE_MAX_BYTES}, file = {.max = PACKAGE_MAX_BYTES};
    int64_t mib;
    bool ok = false;
    if (!load_practice(words[0], &exam, &scoring_key, err))
        goto done;
    exam->content = CONTENT_PUBLIC;
    ok = (number_parse(words[2], 1, LARGE_MAX_MIB, &mib) ||
             error_set(err, ERROR_USAGE, "no size: %s", words[2])) &&
         make_zip(exam, mib, &zip, err) && (signer = identity_load(words[1], "exam-signer", err)) != NULL &&
         (key = secret_random(KEY_BYTES, err)) != NULL &&
         seal_and_sign(buffer_bytes(&zip), signer, key, &file, err) &&
         outfile_save(words[3], 0644, buffer_bytes(&file), err);
done:
    buffer_release(&file);
    buffer_release(&zip);
    secret_free(key);
    identity_free(signer);
    scoring_key_free(scoring_key);
    exam_free(exam);
    return ok;
}

/* --- open
 * ---------------------------------------------------------------------------------------------------------
 */

static bool parse_key(const char *hex, struct secret *key, struct error *err)
{
    return hex_decode(hex, secret_data(key), KEY_BYTES) || error_set(err, ERROR_USAGE, "not a key");
}

static bool open_package(char **words, struct error *err)
{
    struct buffer file = {.max = 0}, sealed = {.max = PACKAGE_MAX_BYTES};
    struct package_name name;
    struct exam *exam = NULL;
    struct trust *trust = trust_load(words[1], err);
    struct secret *key = secret_new(KEY_BYTES, err);
    bool ok = trust != NULL && key != NULL && parse_key(words[2], key, err) && load(words[0], &file, err) &&
              package_verify(buffer_bytes(&file), trust, &sealed, &name, err) &&
              (exam = package_open(buffer_bytes(&sealed), name.id, key, err)) != NULL;
    exam_free(exam);
    buffer_release(&sealed);
    buffer_release(&file);
    secret_free(key);
    trust_free(trust);
    return ok;
}

/* --- main
 * ---------------------------------------------------------------------------------------------------------
 */

static const struct verb {
    const char *name;
    int words;
    bool (*run)(char **words, struct error *err);
} verbs[] = {{"question", 3, question}, {"large", 4, large}, {"open", 3, open_package}};

int main(int argc, char **argv)
{
    struct error err = {ERROR_USAGE, "usage: bench-objects question|large|open …"};
    bool ok = false;
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (argc - 2 == verbs[i].words && strcmp(argv[1], verbs[i].name) == 0)
            ok = verbs[i].run(argv + 2, &err);
    if (!ok)
        (void)fprintf(stderr, "bench-objects: %s\n", err.text);
    return ok ? 0 : error_exit_code(err.code);
}
