#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/archive.h"
#include "core/encoding.h"
#include "core/exam_text.h"
#include "core/package.h"
#include "tests/support/pki.h"
#include "tests/support/run.h"

#define EXAMPLES CARREL_SOURCE_DIR "/docs/formats/examples/"

/* The page's exam and key, and what the board makes of them. */
static struct {
    struct pki pki;
    struct exam *exam;
    struct scoring_key *key;
    struct package_files files;
} world;

static struct buffer example(const char *path, const char *from, const char *to)
{
    struct buffer text = {.max = EXAM_JSON_MAX_BYTES}, out = {.max = EXAM_JSON_MAX_BYTES};
    const char *place;

    read_file(path, &text);
    place = strstr(buffer_text(&text), from);
    assert_non_null(place);
    buffer_add(&out, text.data, (size_t)(place - buffer_text(&text)));
    buffer_add_text(&out, to);
    buffer_add_text(&out, place + strlen(from));
    buffer_release(&text);
    return out;
}

static struct exam *exam_with(const char *from, const char *to)
{
    struct buffer text = example(EXAMPLES "exam.json", from, to);
    struct error err = {0};
    struct exam *exam = exam_decode(buffer_bytes(&text), &err);

    if (exam == NULL)
        fail_msg("%s", err.text);
    buffer_release(&text);
    return exam;
}

static struct package_files empty_files(void)
{
    return (struct package_files){.exam = {.max = PACKAGE_MAX_BYTES},
        .open = {.max = EXAM_KEY_MAX_BYTES},
        .key = {.max = SCORING_KEY_MAX_BYTES}};
}

static void files_release(struct package_files *files)
{
    buffer_release(&files->exam);
    buffer_release(&files->open);
    buffer_release(&files->key);
}

static int set_up(void **state)
{
    struct buffer text = example(EXAMPLES "scoring-key.json", "demo", "demo");
    struct error err = {0};

    (void)state;
    pki_init(&world.pki, "pki");
    world.exam = exam_with("demo", "demo");
    world.key = scoring_key_decode(buffer_bytes(&text), &err);
    world.files = empty_files();
    if (world.key == NULL || !package_build(world.exam, world.key, world.pki.members[PKI_EXAM_SIGNER],
                                 pki_certificate(&world.pki, PKI_TICKET),
                                 pki_certificate(&world.pki, PKI_SCORING), PKI_NOW_MS, &world.files, &err))
        fail_msg("%s", err.text);
    buffer_release(&text);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    files_release(&world.files);
    scoring_key_free(world.key);
    exam_free(world.exam);
    pki_release(&world.pki);
    return 0;
}

/* --- what is built opens -------------------------------------------------------------------------------- */

static struct secret *exam_key(struct exam_facts *facts)
{
    struct secret *key = NULL;
    struct error err = {0};

    if (!exam_key_open(buffer_bytes(&world.files.open), world.pki.trust, world.pki.members[PKI_TICKET], facts,
            &key, &err))
        fail_msg("%s", err.text);
    return key;
}

static void exam_key_says_what_it_opens(void **state)
{
    struct exam_facts facts;
    struct secret *key = exam_key(&facts);
    struct digest digest;

    (void)state;
    digest_of(buffer_bytes(&world.files.exam), &digest);
    assert_string_equal(facts.package_id, world.files.id);
    assert_string_equal(facts.identifier, "demo");
    assert_string_equal(facts.version, "2026.1");
    assert_string_equal(facts.title, "A very small exam");
    assert_string_equal(facts.short_title, "Demo");
    assert_string_equal(facts.language, "en");
    assert_string_equal(facts.lowest_software, "0.1.0");
    assert_int_equal(facts.content, CONTENT_PUBLIC);
    assert_int_equal(facts.result_policy, RESULT_TOPICS);
    assert_int_equal(facts.max_time_ms, 600000);
    assert_int_equal(facts.item_count, 3);
    assert_int_equal(facts.package_bytes, world.files.exam.len);
    assert_true(digest_equal(&facts.package_digest, &digest));
    assert_int_equal(secret_bytes(key).len, 32);
    secret_free(key);
}

static void package_opens_to_the_exam_it_was_made_of(void **state)
{
    struct exam_facts facts;
    struct secret *key = exam_key(&facts);
    struct buffer sealed = {.max = PACKAGE_MAX_BYTES}, before = {.max = EXAM_JSON_MAX_BYTES}, after = before;
    struct package_name name;
    struct exam *exam;
    struct error err = {0};

    (void)state;
    assert_true(package_verify(buffer_bytes(&world.files.exam), world.pki.trust, &sealed, &name, &err));
    assert_string_equal(name.id, world.files.id);
    exam = package_open(buffer_bytes(&sealed), name.id, key, &err);
    if (exam == NULL)
        fail_msg("%s", err.text);
    assert_true(exam_encode(world.exam, &before, &err) && exam_encode(exam, &after, &err));
    assert_string_equal(buffer_text(&after), buffer_text(&before));
    exam_free(exam);
    secret_free(key);
    buffer_release(&sealed);
    buffer_release(&before);
    buffer_release(&after);
}

static void scoring_key_opens_for_scoring_and_names_the_package(void **state)
{
    struct error err = {0};
    struct scoring_key *key = scoring_key_open(
        buffer_bytes(&world.files.key), world.pki.trust, world.pki.members[PKI_SCORING], &err);

    (void)state;
    assert_non_null(key);
    assert_string_equal(key->package_id, world.files.id);
    assert_true(scoring_key_fits(key, world.exam, &err));
    scoring_key_free(key);
}

/* --- what does not open --------------------------------------------------------------------------------- */

static void each_file_opens_for_its_reader_only(void **state)
{
    struct error err = {0};
    struct exam_facts facts;
    struct secret *key = NULL;

    (void)state;
    assert_false(exam_key_open(buffer_bytes(&world.files.open), world.pki.trust,
        world.pki.members[PKI_SCORING], &facts, &key, &err));
    assert_int_equal(err.code, ERROR_UNTRUSTED);
    assert_null(key);
    assert_null(scoring_key_open(
        buffer_bytes(&world.files.key), world.pki.trust, world.pki.members[PKI_TICKET], &err));
    assert_null(scoring_key_open(
        buffer_bytes(&world.files.key), world.pki.trust, world.pki.members[PKI_SEAT_1], &err));
}

static void one_file_shown_as_another_is_refused(void **state)
{
    const struct bytes exam = buffer_bytes(&world.files.exam), open = buffer_bytes(&world.files.open),
                       key_file = buffer_bytes(&world.files.key);
    struct buffer sealed = {.max = PACKAGE_MAX_BYTES};
    struct package_name name;
    struct exam_facts facts;
    struct secret *key = NULL;
    struct error err = {0};

    (void)state;
    assert_false(package_verify(open, world.pki.trust, &sealed, &name, &err));
    assert_false(package_verify(key_file, world.pki.trust, &sealed, &name, &err));
    assert_false(exam_key_open(exam, world.pki.trust, world.pki.members[PKI_TICKET], &facts, &key, &err));
    assert_false(exam_key_open(key_file, world.pki.trust, world.pki.members[PKI_TICKET], &facts, &key, &err));
    assert_null(scoring_key_open(open, world.pki.trust, world.pki.members[PKI_SCORING], &err));
    assert_int_equal(sealed.len, 0);
}

/* A package of this zip, signed by that member. */
static struct buffer package_of(
    struct bytes zip, enum pki_member signer, const struct secret *key, struct bytes key_id)
{
    struct buffer sealed = {.max = PACKAGE_MAX_BYTES}, file = {.max = PACKAGE_MAX_BYTES};
    struct error err = {0};

    if (!cms_seal_key(zip, key, key_id, &sealed, &err) ||
        !cms_sign(OBJECT_EXAM, buffer_bytes(&sealed), world.pki.members[signer], PKI_NOW_MS, &file, &err))
        fail_msg("%s", err.text);
    buffer_release(&sealed);
    return file;
}

static struct buffer zip_of(const struct archive_file *files, size_t count)
{
    struct buffer zip = {.max = PACKAGE_MAX_BYTES};
    struct error err = {0};

    if (!archive_write(files, count, &zip, &err))
        fail_msg("%s", err.text);
    return zip;
}

static const uint8_t id_bytes[16] = {0xab};

static struct exam *open_zip_as_package(struct bytes zip, struct error *err)
{
    struct secret *key = secret_random(32, err);
    struct buffer file = package_of(zip, PKI_EXAM_SIGNER, key, bytes_of(id_bytes, 16));
    struct buffer sealed = {.max = PACKAGE_MAX_BYTES};
    struct package_name name;
    struct exam *exam = NULL;

    if (package_verify(buffer_bytes(&file), world.pki.trust, &sealed, &name, err)) {
        assert_string_equal(name.id, "ab000000000000000000000000000000");
        exam = package_open(buffer_bytes(&sealed), name.id, key, err);
    }
    buffer_release(&sealed);
    buffer_release(&file);
    secret_free(key);
    return exam;
}

static void package_with_anything_else_inside_is_refused(void **state)
{
    struct buffer exam = {.max = EXAM_JSON_MAX_BYTES},
                  practice = example(EXAMPLES "exam.json", "\"public\"", "\"practice\"");
    struct error err = {0};

    (void)state;
    assert_true(exam_encode(world.exam, &exam, &err));
    const struct {
        struct archive_file files[2];
        size_t count;
        const char *text; /* NULL: it opens */
    } cases[] = {
        {{{"exam.json", buffer_bytes(&exam)}}, 1, NULL},
        {{{"exam.json", buffer_bytes(&exam)}, {"media/a.png", bytes_of_text("x")}}, 2, NULL},
        {{{"exam.json", buffer_bytes(&exam)}, {"key.json", bytes_of_text("{}")}}, 2,
            "does not belong there: key.json"},
        {{{"exam.json", buffer_bytes(&exam)}, {"notes", bytes_of_text("x")}}, 2,
            "does not belong there: notes"},
        {{{"media/exam.json", buffer_bytes(&exam)}}, 1, "the package has no exam.json"},
        {{{"exam.json", bytes_of_text("{}")}}, 1, "\"format\" is missing"},
        {{{"exam.json", buffer_bytes(&practice)}}, 1, "for practice, and is none"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buffer zip = zip_of(cases[i].files, cases[i].count);
        struct exam *opened = open_zip_as_package(buffer_bytes(&zip), &err);
        assert_int_equal(opened != NULL, cases[i].text == NULL);
        if (cases[i].text != NULL && strstr(err.text, cases[i].text) == NULL)
            fail_msg("expected “%s”, got “%s”", cases[i].text, err.text);
        exam_free(opened);
        buffer_release(&zip);
    }
    assert_null(open_zip_as_package(bytes_of_text("no zip at all"), &err));
    buffer_release(&exam);
    buffer_release(&practice);
}

static void package_signed_by_anyone_else_is_refused(void **state)
{
    static const enum pki_member others[] = {PKI_SERVER, PKI_BOARD, PKI_SEAT_1, PKI_STAFF_1};
    struct error err = {0};
    struct secret *key = secret_random(32, &err);

    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        struct buffer file = package_of(bytes_of_text("x"), others[i], key, bytes_of(id_bytes, 16));
        struct buffer sealed = {.max = PACKAGE_MAX_BYTES};
        struct package_name name;
        assert_false(package_verify(buffer_bytes(&file), world.pki.trust, &sealed, &name, &err));
        assert_int_equal(err.code, ERROR_UNTRUSTED);
        buffer_release(&file);
    }
    secret_free(key);
}

static void package_id_is_sixteen_bytes(void **state)
{
    struct error err = {0};
    struct secret *key = secret_random(32, &err);
    const uint8_t long_id[17] = {0};

    (void)state;
    for (size_t len = 15; len <= 17; len++) {
        struct buffer file = package_of(bytes_of_text("x"), PKI_EXAM_SIGNER, key, bytes_of(long_id, len));
        struct buffer sealed = {.max = PACKAGE_MAX_BYTES};
        struct package_name name = {"unchanged"};
        assert_int_equal(
            package_verify(buffer_bytes(&file), world.pki.trust, &sealed, &name, &err), len == 16);
        if (len != 16) {
            assert_int_equal(sealed.len, 0);
            assert_string_equal(name.id, "unchanged");
        }
        buffer_release(&sealed);
        buffer_release(&file);
    }
    secret_free(key);
}

static void package_does_not_open_with_another_key_or_name(void **state)
{
    struct exam_facts facts;
    struct secret *key = exam_key(&facts);
    struct buffer sealed = {.max = PACKAGE_MAX_BYTES};
    struct package_name name;
    struct error err = {0};

    (void)state;
    assert_true(package_verify(buffer_bytes(&world.files.exam), world.pki.trust, &sealed, &name, &err));
    assert_null(package_open(buffer_bytes(&sealed), "ab000000000000000000000000000000", key, &err));
    assert_null(package_open(buffer_bytes(&sealed), "", key, &err));
    secret_data(key)[0] ^= 1;
    assert_null(package_open(buffer_bytes(&sealed), name.id, key, &err));
    secret_free(key);
    buffer_release(&sealed);
}

/* --- practice ------------------------------------------------------------------------------------------- */

static void practice_package_holds_exam_key_and_rationales(void **state)
{
    struct exam *practice = exam_with("\"public\"", "\"practice\""), *exam = NULL;
    struct buffer file = {.max = PACKAGE_MAX_BYTES}, again = file;
    struct scoring_key *key = NULL;
    struct error err = {0};

    (void)state;
    if (!package_build_practice(practice, world.key, &file, &err))
        fail_msg("%s", err.text);
    assert_true(package_build_practice(practice, world.key, &again, &err));
    assert_true(bytes_equal(buffer_bytes(&file), buffer_bytes(&again)));
    assert_true(package_open_practice(buffer_bytes(&file), &exam, &key, &err));
    assert_int_equal(exam->content, CONTENT_PRACTICE);
    assert_int_equal(scoring_key_find(key, "flow-02")->rationale.count, 1);
    scoring_key_free(key);
    exam_free(exam);
    file.data[file.len / 2] ^= 1;
    assert_false(package_open_practice(buffer_bytes(&file), &exam, &key, &err));
    exam_free(practice);
    buffer_release(&file);
    buffer_release(&again);
}

static void practice_package_says_so_inside_too(void **state)
{
    struct buffer exam_json = {.max = EXAM_JSON_MAX_BYTES}, key_json = exam_json,
                  file = {.max = PACKAGE_MAX_BYTES};
    struct exam *exam = NULL;
    struct scoring_key *key = NULL;
    struct error err = {0};

    (void)state;
    assert_true(exam_encode(world.exam, &exam_json, &err) && scoring_key_encode(world.key, &key_json, &err));
    const struct archive_file files[] = {
        {"exam.json", buffer_bytes(&exam_json)}, {"key.json", buffer_bytes(&key_json)}};
    struct buffer zip = zip_of(files, 2);
    assert_true(cms_digest(OBJECT_PRACTICE, buffer_bytes(&zip), &file, &err));
    assert_false(package_open_practice(buffer_bytes(&file), &exam, &key, &err));
    assert_non_null(strstr(err.text, "does not say so"));
    buffer_release(&exam_json);
    buffer_release(&key_json);
    buffer_release(&zip);
    buffer_release(&file);
}

static void practice_and_live_never_mix(void **state)
{
    struct exam *practice = exam_with("\"public\"", "\"practice\"");
    struct package_files files = empty_files();
    struct buffer file = {.max = PACKAGE_MAX_BYTES}, sealed = file;
    struct package_name name;
    struct error err = {0};

    (void)state;
    assert_false(package_build_practice(world.exam, world.key, &file, &err));
    assert_int_equal(err.code, ERROR_REFUSED);
    assert_int_equal(file.len, 0);
    assert_false(package_build(practice, world.key, world.pki.members[PKI_EXAM_SIGNER],
        pki_certificate(&world.pki, PKI_TICKET), pki_certificate(&world.pki, PKI_SCORING), PKI_NOW_MS, &files,
        &err));
    assert_int_equal(err.code, ERROR_REFUSED);
    assert_true(package_build_practice(practice, world.key, &file, &err));
    assert_false(package_verify(buffer_bytes(&file), world.pki.trust, &sealed, &name, &err));
    assert_false(package_open_practice(buffer_bytes(&world.files.exam), &practice, NULL, &err));
    exam_free(practice);
    files_release(&files);
    buffer_release(&file);
}

static void key_of_another_exam_is_not_built_in(void **state)
{
    struct exam *other = exam_with("00000000000000b2", "00000000000000b3");
    struct package_files files = empty_files();
    struct error err = {0};

    (void)state;
    assert_false(package_build(other, world.key, world.pki.members[PKI_EXAM_SIGNER],
        pki_certificate(&world.pki, PKI_TICKET), pki_certificate(&world.pki, PKI_SCORING), PKI_NOW_MS, &files,
        &err));
    assert_non_null(strstr(err.text, "lacks item types-02"));
    assert_int_equal(files.exam.len, 0);
    exam_free(other);
    files_release(&files);
}

/* --- stock tools ---------------------------------------------------------------------------------------- */

static void openssl_and_unzip_open_the_package(void **state)
{
    struct exam_facts facts;
    struct secret *key = exam_key(&facts);
    char hex[65];
    struct buffer json = {.max = EXAM_JSON_MAX_BYTES}, expected = json;
    struct error err = {0};

    (void)state;
    hex_encode(secret_bytes(key).data, 32, hex);
    write_file("demo.exam", buffer_bytes(&world.files.exam));
    assert_int_equal(run_line("openssl", "cms", "-verify", "-inform", "DER", "-in", "demo.exam", "-CAfile",
                         "pki/root.pem", "-binary", "-attime", "1795332890", "-out", "sealed", NULL),
        0);
    assert_int_equal(run_line("openssl", "cms", "-decrypt", "-inform", "DER", "-in", "sealed", "-binary",
                         "-secretkey", hex, "-secretkeyid", world.files.id, "-out", "demo.zip", NULL),
        0);
    assert_int_equal(run_line("/usr/bin/python3", "-m", "zipfile", "-e", "demo.zip", "unzipped", NULL), 0);
    read_file("unzipped/exam.json", &json);
    assert_true(exam_encode(world.exam, &expected, &err));
    assert_string_equal(buffer_text(&json), buffer_text(&expected));
    secret_free(key);
    buffer_release(&json);
    buffer_release(&expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exam_key_says_what_it_opens),
        cmocka_unit_test(package_opens_to_the_exam_it_was_made_of),
        cmocka_unit_test(scoring_key_opens_for_scoring_and_names_the_package),
        cmocka_unit_test(each_file_opens_for_its_reader_only),
        cmocka_unit_test(one_file_shown_as_another_is_refused),
        cmocka_unit_test(package_with_anything_else_inside_is_refused),
        cmocka_unit_test(package_signed_by_anyone_else_is_refused),
        cmocka_unit_test(package_id_is_sixteen_bytes),
        cmocka_unit_test(package_does_not_open_with_another_key_or_name),
        cmocka_unit_test(practice_package_holds_exam_key_and_rationales),
        cmocka_unit_test(practice_package_says_so_inside_too),
        cmocka_unit_test(practice_and_live_never_mix),
        cmocka_unit_test(key_of_another_exam_is_not_built_in),
        cmocka_unit_test(openssl_and_unzip_open_the_package),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
