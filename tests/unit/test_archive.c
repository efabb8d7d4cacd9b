#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/archive.h"

static const struct archive_limits limits = {.files = 10, .unzipped = 1 << 20};

static struct archive_file file(const char *name, const char *content)
{
    return (struct archive_file){.name = name, .content = bytes_of_text(content)};
}

static struct buffer zip_of(const struct archive_file *files, size_t count)
{
    struct buffer zip = {.max = 1 << 20};
    struct error err = {0};

    if (!archive_write(files, count, &zip, &err))
        fail_msg("%s", err.text);
    return zip;
}

static struct buffer example(void)
{
    const struct archive_file files[] = {file("exam.json", "{\"format\":1}{\"format\":1}{\"format\":1}"),
        file("media/a.png", "picture"), file("empty", "")};

    return zip_of(files, 3);
}

static void archive_gives_back_what_was_written(void **state)
{
    struct buffer zip = example(), content = {.max = 100};
    struct error err = {0};
    struct archive *archive = archive_open(buffer_bytes(&zip), limits, &err);

    (void)state;
    if (archive == NULL)
        fail_msg("%s", err.text);
    assert_int_equal(archive_count(archive), 3);
    assert_string_equal(archive_name(archive, 1), "media/a.png");
    assert_true(archive_read(archive, "exam.json", &content, &err));
    assert_string_equal(buffer_text(&content), "{\"format\":1}{\"format\":1}{\"format\":1}");
    assert_true(archive_read(archive, "media/a.png", &content, &err));
    assert_int_equal(content.len, 43);
    assert_true(archive_read(archive, "empty", &content, &err));
    assert_false(archive_read(archive, "Exam.json", &content, &err));
    assert_int_equal(err.code, ERROR_NOT_FOUND);
    archive_free(archive);
    buffer_release(&zip);
    buffer_release(&content);
}

static void archive_is_the_same_at_another_time(void **state)
{
    struct buffer first = example(), second;
    static const uint8_t dos_1980[] = {0, 0, 0x21, 0};

    (void)state;
    second = example();
    assert_true(bytes_equal(buffer_bytes(&first), buffer_bytes(&second)));
    assert_memory_equal(first.data + 10, dos_1980, 4); /* the local header's time and date */
    buffer_release(&first);
    buffer_release(&second);
}

static void archive_refuses_names_that_lead_elsewhere(void **state)
{
    static const char *const names[] = {"", "/etc/passwd", "../x", "a/../b", "a/..", "./a", "a//b", "a/",
        ".hidden", "a\\b", "a b", "C:a", "a\n", "\xc3\xa4"};
    struct buffer out = {.max = 1 << 20};

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct archive_file bad = file(names[i], "x");
        struct error err = {0};
        assert_false(archive_write(&bad, 1, &out, &err));
        assert_int_equal(out.len, 0);
    }
}

/* The names in a zip are not checksummed: what others wrote is refused when it is read. */
static void archive_refuses_such_names_when_it_reads(void **state)
{
    static const char *const names[] = {"/xam.json", "../x.json", "a/../json", ".xam.json", "a//b.json",
        "exam.jso/", "exam\\json", "exam json", "media-abc", "Media-Abc"};
    const struct archive_file good[] = {file("exam.json", "x"), file("media-abc", "x")};

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct buffer zip = zip_of(good, 2);
        struct error err = {0};
        for (size_t k = 0; k + 9 <= zip.len; k++)
            if (memcmp(zip.data + k, "exam.json", 9) == 0)
                memcpy(zip.data + k, names[i], 9); /* in both headers; the last two make two of one name */
        assert_null(archive_open(buffer_bytes(&zip), limits, &err));
        assert_int_equal(err.code, ERROR_FORMAT);
        buffer_release(&zip);
    }
}

static void archive_stays_within_its_limits(void **state)
{
    const struct archive_file files[] = {file("a", "12345"), file("b", "12345")};
    struct buffer zip = zip_of(files, 2), small = {.max = 4}, tiny = {.max = 20};
    struct error err = {0};
    struct archive *archive = archive_open(buffer_bytes(&zip), (struct archive_limits){2, 10}, &err);

    (void)state;
    assert_non_null(archive);
    assert_false(archive_read(archive, "a", &small, &err));
    assert_int_equal(err.code, ERROR_LIMIT);
    archive_free(archive);
    assert_null(archive_open(buffer_bytes(&zip), (struct archive_limits){1, 10}, &err));
    assert_null(archive_open(buffer_bytes(&zip), (struct archive_limits){2, 9}, &err));
    assert_false(archive_write(files, 2, &tiny, &err));
    assert_int_equal(err.code, ERROR_LIMIT);
    buffer_release(&zip);
}

/* A bomb: the directory says 5 bytes, and the stream holds a million. */
static void archive_does_not_believe_the_size_it_is_told(void **state)
{
    static char many[1000000];
    const struct archive_file bomb = {.name = "exam.json", .content = bytes_of(many, sizeof many)};
    struct buffer zip = zip_of(&bomb, 1), content = {.max = 1 << 20};
    const uint8_t size[] = {0x40, 0x42, 0x0f, 0}, lie[] = {5, 0, 0, 0};
    struct archive *archive;
    struct error err = {0};

    (void)state;
    assert_true(zip.len < 2000);
    for (size_t i = 0; i + 4 <= zip.len; i++)
        if (memcmp(zip.data + i, size, 4) == 0)
            memcpy(zip.data + i, lie, 4);
    archive = archive_open(buffer_bytes(&zip), limits, &err);
    if (archive != NULL)
        assert_false(archive_read(archive, "exam.json", &content, &err));
    assert_int_equal(content.len, 0);
    archive_free(archive);
    buffer_release(&zip);
    buffer_release(&content);
}

static void read_all(struct bytes zip)
{
    struct error err;
    struct archive *archive = archive_open(zip, limits, &err);

    for (size_t i = 0; archive != NULL && i < archive_count(archive); i++) {
        struct buffer content = {.max = 1 << 20};
        (void)archive_read(archive, archive_name(archive, i), &content, &err);
        buffer_release(&content);
    }
    archive_free(archive);
}

static void archive_survives_every_flipped_bit_and_cut(void **state)
{
    struct buffer zip = example();

    (void)state;
    for (size_t len = 0; len < zip.len; len++)
        read_all(bytes_of(zip.data, len));
    for (size_t bit = 0; bit < zip.len * 8; bit++) {
        zip.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
        read_all(buffer_bytes(&zip));
        zip.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    buffer_release(&zip);
}

static void archive_notices_a_changed_content(void **state)
{
    const struct archive_file one = file("a", "abcdefghijklmnopqrstuvwxyz0123456789!#$%&");
    struct buffer zip = zip_of(&one, 1), content = {.max = 100};
    struct error err = {0};
    struct archive *archive;

    (void)state;
    zip.data[30 + 1 + 5] ^= 1; /* behind local header and name */
    archive = archive_open(buffer_bytes(&zip), limits, &err);
    assert_non_null(archive);
    assert_false(archive_read(archive, "a", &content, &err));
    assert_int_equal(content.len, 0);
    archive_free(archive);
    buffer_release(&zip);
    buffer_release(&content);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(archive_gives_back_what_was_written),
        cmocka_unit_test(archive_is_the_same_at_another_time),
        cmocka_unit_test(archive_refuses_names_that_lead_elsewhere),
        cmocka_unit_test(archive_refuses_such_names_when_it_reads),
        cmocka_unit_test(archive_stays_within_its_limits),
        cmocka_unit_test(archive_does_not_believe_the_size_it_is_told),
        cmocka_unit_test(archive_survives_every_flipped_bit_and_cut),
        cmocka_unit_test(archive_notices_a_changed_content),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
