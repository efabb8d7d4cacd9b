/* Files read whole, and files that are there whole or not at all: with each system call made to fail in turn.
 * The calls go through the linker (--wrap), so that the code under test is the one that ships. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/file.h"
#include "core/outfile.h"

/* --- the world that fails ------------------------------------------------------------------------------ */

static int fails_at;   /* the how-manieth call; 0: none */
static int fails_with; /* errno */
static int calls;
static size_t write_at_most = SIZE_MAX; /* bytes a write takes */
static int interrupts;                  /* that many writes and reads first say EINTR */

static bool must_fail(void)
{
    if (fails_at == 0 || ++calls != fails_at)
        return false;
    errno = fails_with;
    return true;
}

static bool is_interrupted(void)
{
    if (interrupts == 0)
        return false;
    interrupts--;
    errno = EINTR;
    return true;
}

ssize_t __real_write(int fd, const void *data, size_t len);
ssize_t __wrap_write(int fd, const void *data, size_t len);
ssize_t __wrap_write(int fd, const void *data, size_t len)
{
    if (fd <= 2)
        return __real_write(fd, data, len); /* cmocka's own */
    if (is_interrupted() || must_fail())
        return -1;
    return __real_write(fd, data, len < write_at_most ? len : write_at_most);
}

ssize_t __real_read(int fd, void *data, size_t len);
ssize_t __wrap_read(int fd, void *data, size_t len);
ssize_t __wrap_read(int fd, void *data, size_t len)
{
    if (is_interrupted() || must_fail())
        return -1;
    return __real_read(fd, data, len < write_at_most ? len : write_at_most);
}

#define WRAPPED(result, name, parameters, arguments)                                                         \
    result __real_##name parameters;                                                                         \
    result __wrap_##name parameters;                                                                         \
    result __wrap_##name parameters                                                                          \
    {                                                                                                        \
        return must_fail() ? -1 : __real_##name arguments;                                                   \
    }
WRAPPED(int, fsync, (int fd), (fd))
WRAPPED(int, fchmod, (int fd, mode_t mode), (fd, mode))
WRAPPED(int, rename, (const char *from, const char *to), (from, to))
WRAPPED(int, link, (const char *from, const char *to), (from, to))
WRAPPED(int, mkostemp, (char *name, int flags), (name, flags))
WRAPPED(int, mkdir, (const char *path, mode_t mode), (path, mode))

static void world_works(void)
{
    fails_at = calls = interrupts = 0;
    write_at_most = SIZE_MAX;
}

/* --- helpers ------------------------------------------------------------------------------------------- */

static void put(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
}

static bool holds(const char *path, const char *text)
{
    struct buffer content = {.max = 1 << 20};
    bool same = file_read(path, &content, NULL) && strcmp(buffer_text(&content), text) == 0;

    buffer_release(&content);
    return same;
}

static size_t files_in(const char *path)
{
    DIR *folder = opendir(path);
    size_t count = 0;

    while (readdir(folder) != NULL)
        count++;
    assert_int_equal(closedir(folder), 0);
    return count - 2;
}

static int remove_entry(const char *path, const struct stat *info, int kind, struct FTW *at)
{
    (void)info, (void)kind, (void)at;
    return remove(path);
}

static int fresh_folder(void **state)
{
    (void)state;
    world_works();
    (void)nftw("folder", remove_entry, 8, FTW_DEPTH | FTW_PHYS); /* of the test before, if any */
    return mkdir("folder", 0755);
}

/* --- reading ------------------------------------------------------------------------------------------- */

static void file_is_read_whole_and_appended(void **state)
{
    struct buffer content = {.max = 10};

    (void)state;
    put("folder/a", "01234");
    assert_true(file_read("folder/a", &content, NULL));
    assert_true(file_read("folder/a", &content, NULL)); /* exactly its maximum */
    assert_string_equal(buffer_text(&content), "0123401234");
    buffer_release(&content);
    put("folder/a", "");
    assert_true(file_read("folder/a", &content, NULL));
    assert_int_equal(content.len, 0);
    buffer_release(&content);
}

static void file_past_the_maximum_is_refused(void **state)
{
    struct buffer content = {.max = 4};
    struct error err = {0};

    (void)state;
    put("folder/a", "01234");
    assert_false(file_read("folder/a", &content, &err));
    assert_int_equal(err.code, ERROR_LIMIT);
    assert_int_equal(content.len, 0);
    buffer_release(&content);
}

static void only_regular_files_are_read(void **state)
{
    struct buffer content = {.max = 100};
    struct error err = {0};

    (void)state;
    assert_false(file_read("folder/a", &content, &err));
    assert_int_equal(err.code, ERROR_NOT_FOUND);
    assert_false(file_read("folder", &content, &err));
    assert_int_equal(err.code, ERROR_FORMAT);
    assert_false(file_read("/dev/zero", &content, &err));
    assert_int_equal(err.code, ERROR_FORMAT);
    assert_int_equal(mkfifo("folder/b", 0600), 0);
    assert_false(file_read("folder/b", &content, &err)); /* and does not wait for a writer */
    put("folder/a", "x");
    assert_int_equal(symlink("a", "folder/link"), 0);
    assert_false(file_read("folder/link", &content, &err));
    assert_int_equal(content.len, 0);
    buffer_release(&content);
}

static void reading_goes_on_after_pieces_and_interrupts(void **state)
{
    (void)state;
    put("folder/a", "0123456789");
    write_at_most = 3;
    interrupts = 2;
    assert_true(holds("folder/a", "0123456789"));
}

static void failed_read_leaves_what_was_there(void **state)
{
    struct buffer content = {.max = 100};
    struct error err = {0};

    (void)state;
    put("folder/a", "0123456789");
    assert_true(buffer_add_text(&content, "before"));
    write_at_most = 3;
    fails_at = 1;
    fails_with = EIO;
    assert_false(file_read("folder/a", &content, &err));
    assert_int_equal(err.code, ERROR_IO);
    assert_string_equal(buffer_text(&content), "before");
    fails_at = 3; /* after two pieces came */
    calls = 0;
    assert_false(file_read("folder/a", &content, &err));
    assert_string_equal(buffer_text(&content), "before");
    assert_int_equal(content.len, 6);
    buffer_release(&content);
}

/* --- folders and paths --------------------------------------------------------------------------------- */

static void folders_are_made_with_their_parents(void **state)
{
    struct error err = {0};
    struct stat info;

    (void)state;
    assert_true(folder_make("folder/deep/er", 0700, &err));
    assert_true(folder_make("folder/deep/er", 0755, &err)); /* there already: left as it is */
    assert_int_equal(stat("folder/deep/er", &info), 0);
    assert_int_equal(info.st_mode & 0777, 0700);
    assert_true(folder_sync("folder/deep", &err));
    assert_false(folder_sync("folder/absent", &err));
    assert_int_equal(err.code, ERROR_NOT_FOUND);
}

static void a_file_is_no_folder(void **state)
{
    struct error err = {0};

    (void)state;
    put("folder/a", "x");
    assert_false(folder_make("folder/a", 0755, &err));
    assert_false(folder_make("folder/a/b", 0755, &err));
    assert_false(folder_make("", 0755, &err));
    fails_at = 1;
    fails_with = ENOSPC;
    assert_false(folder_make("folder/deep", 0755, &err));
    assert_int_equal(err.code, ERROR_FULL);
}

static void paths_that_do_not_fit_are_refused(void **state)
{
    char path[FILE_PATH_SIZE], name[FILE_PATH_SIZE];
    struct error err = {0};

    (void)state;
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    assert_false(path_join(path, "d", name, &err));
    assert_int_equal(err.code, ERROR_LIMIT);
    name[FILE_PATH_SIZE - 3] = '\0';
    assert_true(path_join(path, "d", name, &err)); /* d, /, the name and its NUL: exactly */
    assert_int_equal(strlen(path), FILE_PATH_SIZE - 1);
    assert_false(folder_make(path + 1, 0755, &err));
    assert_null(outfile_create(path, 0600, &err)); /* no room for the temporary's ending */
    assert_int_equal(err.code, ERROR_LIMIT);
}

/* --- writing ------------------------------------------------------------------------------------------- */

static void outfile_is_there_after_its_commit_only(void **state)
{
    struct outfile *file = outfile_create("folder/a", 0640, NULL);
    struct stat info;

    (void)state;
    assert_true(outfile_write(file, "new", 3, NULL));
    assert_int_equal(access("folder/a", F_OK), -1);
    assert_true(outfile_commit(file, NULL));
    outfile_free(file);
    assert_true(holds("folder/a", "new"));
    assert_int_equal(stat("folder/a", &info), 0);
    assert_int_equal(info.st_mode & 0777, 0640);
    assert_int_equal(files_in("folder"), 1);
}

static void outfile_given_up_leaves_nothing(void **state)
{
    struct outfile *file = outfile_create("folder/a", 0600, NULL);

    (void)state;
    assert_true(outfile_write(file, "new", 3, NULL));
    outfile_free(file);
    assert_int_equal(files_in("folder"), 0);
    outfile_free(NULL);
}

static void a_new_file_never_takes_the_place_of_another(void **state)
{
    struct outfile *file;
    struct error err = {0};

    (void)state;
    for (int round = 0; round < 2; round++) {
        file = outfile_create("folder/a", 0600, NULL);
        assert_true(outfile_write(file, round == 0 ? "one" : "two", 3, NULL));
        assert_int_equal(outfile_commit_new(file, &err), round == 0);
        outfile_free(file);
    }
    assert_int_equal(err.code, ERROR_REFUSED);
    assert_true(holds("folder/a", "one"));
    assert_int_equal(files_in("folder"), 1);
}

static void writing_goes_on_after_pieces_and_interrupts(void **state)
{
    (void)state;
    write_at_most = 3;
    interrupts = 2;
    assert_true(outfile_save("folder/a", 0600, bytes_of_text("0123456789"), NULL));
    world_works();
    assert_true(holds("folder/a", "0123456789"));
}

static bool save(bool is_new, struct error *err)
{
    struct outfile *file = outfile_create("folder/a", 0600, err);
    bool ok = file != NULL && outfile_write(file, "new content", 11, err) &&
              (is_new ? outfile_commit_new(file, err) : outfile_commit(file, err));

    outfile_free(file);
    return ok;
}

/* Each call fails in turn, a write after some bytes. What is there then is the old or the new, whole; never a
 * temporary. */
static void whichever_call_fails_the_file_is_old_or_new(void **state)
{
    int round = 0;
    bool ok;

    (void)state;
    do {
        struct error err = {0};
        world_works();
        put("folder/a", "old");
        write_at_most = 4;
        fails_at = ++round;
        fails_with = ENOSPC;
        ok = save(false, &err);
        assert_int_equal(err.code, ok ? ERROR_NONE : ERROR_FULL);
        assert_true(ok || strstr(err.text, "No space left") != NULL);
        world_works();
        assert_true(holds("folder/a", "new content") || (!ok && holds("folder/a", "old")));
        assert_int_equal(files_in("folder"), 1);
    } while (!ok);
    assert_int_equal(
        round, 9); /* create, rights, three writes, sync, rename, sync of the folder; then none */
}

static void whichever_call_fails_a_new_file_is_whole_or_absent(void **state)
{
    int round = 0;
    bool ok;

    (void)state;
    do {
        struct error err = {0};
        world_works();
        (void)unlink("folder/a");
        fails_at = ++round;
        fails_with = EIO;
        ok = save(true, &err);
        assert_int_equal(err.code, ok ? ERROR_NONE : ERROR_IO);
        world_works();
        assert_true(holds("folder/a", "new content") || (!ok && files_in("folder") == 0));
    } while (!ok);
    assert_int_equal(round, 7);
}

/* A limit of the kernel's own, not one of the linker's. */
static void a_file_cut_by_the_kernel_is_not_committed(void **state)
{
    struct rlimit before, small;
    struct error err = {0};
    char text[5000];

    (void)state;
    memset(text, 'x', sizeof text);
    put("folder/a", "old");
    (void)signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = (struct rlimit){4096, before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    assert_false(outfile_save("folder/a", 0600, bytes_of(text, sizeof text), &err));
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(err.code, ERROR_IO);
    assert_true(holds("folder/a", "old"));
    assert_int_equal(files_in("folder"), 1);
}

static void a_missing_folder_is_said(void **state)
{
    struct error err = {0};

    (void)state;
    assert_false(outfile_save("folder/absent/a", 0600, bytes_of_text("x"), &err));
    assert_int_equal(err.code, ERROR_NOT_FOUND);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, fresh_folder)
    const struct CMUnitTest tests[] = {
        TEST(file_is_read_whole_and_appended),
        TEST(file_past_the_maximum_is_refused),
        TEST(only_regular_files_are_read),
        TEST(reading_goes_on_after_pieces_and_interrupts),
        TEST(failed_read_leaves_what_was_there),
        TEST(folders_are_made_with_their_parents),
        TEST(a_file_is_no_folder),
        TEST(paths_that_do_not_fit_are_refused),
        TEST(outfile_is_there_after_its_commit_only),
        TEST(outfile_given_up_leaves_nothing),
        TEST(a_new_file_never_takes_the_place_of_another),
        TEST(writing_goes_on_after_pieces_and_interrupts),
        TEST(whichever_call_fails_the_file_is_old_or_new),
        TEST(whichever_call_fails_a_new_file_is_whole_or_absent),
        TEST(a_file_cut_by_the_kernel_is_not_committed),
        TEST(a_missing_folder_is_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
