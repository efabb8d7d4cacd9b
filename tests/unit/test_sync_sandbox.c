/* Behaviour of kiosk/sync/sandbox.h: nothing in spool/out can be harmed, neither in the sandbox (by the same
 * user, by root) nor by a user of its own without it. Each attempt runs in a child of its own on a fresh seat
 * folder; the child's exit code is the errno. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/file.h"
#include "core/outfile.h"
#include "kiosk/sync/sandbox.h"

#define OUT "seat/spool/out/"
#define IN "seat/spool/in/"

enum { KIOSK_USER = 64001, SYNC_USER = 64002 }; /* of nobody; only as root */

static int touch(const char *path, int flags)
{
    int fd = open(path, flags | O_CLOEXEC, 0600);
    return fd < 0 ? -1 : close(fd);
}

static int try_unlink(void)
{
    return unlink(OUT "a.result");
}
static int try_rename_away(void)
{
    return rename(OUT "a.result", IN "a.result");
}
static int try_rename_within(void)
{
    return rename(OUT "a.result", OUT "b.result");
}
static int try_replace(void)
{
    return rename(IN "mine", OUT "a.result");
}
static int try_exchange(void)
{
    return renameat2(AT_FDCWD, IN "mine", AT_FDCWD, OUT "a.result", RENAME_EXCHANGE);
}
static int try_truncate(void)
{
    return truncate(OUT "a.result", 0);
}
static int try_open_truncating(void)
{
    return touch(OUT "a.result", O_WRONLY | O_TRUNC);
}
static int try_write(void)
{
    return touch(OUT "a.result", O_WRONLY);
}
static int try_append(void)
{
    return touch(OUT "a.result", O_RDWR | O_APPEND);
}
static int try_create(void)
{
    return touch(OUT "new.result", O_WRONLY | O_CREAT | O_EXCL);
}
static int try_folder(void)
{
    return mkdir(OUT "folder", 0700);
}
static int try_link_in(void)
{
    return link(IN "mine", OUT "new.result");
}
static int try_symlink(void)
{
    return symlink("a.result", OUT "new.result");
}
static int try_folder_away(void)
{
    return rename("seat/spool/out", "seat/spool/away");
}
static int try_folder_aside(void)
{
    return rename("seat/spool/out", IN "out");
}
static int try_chmod(void)
{
    return chmod(OUT "a.result", 0);
}
static int try_chown(void)
{
    return chown(OUT "a.result", SYNC_USER, SYNC_USER);
}
static int try_kiosk_key(void)
{
    return touch("seat/kiosk/kiosk.key", O_RDONLY);
}
static int try_read(void)
{
    return touch(OUT "a.result", O_RDONLY);
}
static int try_list(void)
{
    return touch(OUT, O_RDONLY | O_DIRECTORY);
}
static int try_make_in(void)
{
    return touch(IN "new", O_WRONLY | O_CREAT | O_EXCL);
}
static int try_move_in(void)
{
    return rename("seat/sync/a.part", IN "packages/a.exam");
}
static int try_remove_in(void)
{
    return unlink(IN "mine");
}
static int try_resume(void)
{
    return touch("seat/sync/a.part", O_WRONLY | O_APPEND);
}
static int try_restart(void)
{
    return touch("seat/sync/a.part", O_WRONLY | O_TRUNC);
}
static int try_outfile(void)
{
    struct error err = {0};
    return outfile_save(IN "catalog", 0644, bytes_of_text("x"), &err) ? 0 : (errno = EIO, -1);
}
static int try_exec(void)
{
    return execl("/bin/true", "true", (char *)NULL);
}

struct attempt {
    const char *name;
    int (*run)(void);
};

static const struct attempt harms[] = {
    {"unlink", try_unlink},
    {"rename away", try_rename_away},
    {"rename within", try_rename_within},
    {"replace", try_replace},
    {"exchange", try_exchange},
    {"truncate", try_truncate},
    {"open truncating", try_open_truncating},
    {"write", try_write},
    {"append", try_append},
    {"create", try_create},
    {"make a folder", try_folder},
    {"link into", try_link_in},
    {"symlink into", try_symlink},
    {"move the folder", try_folder_away},
    {"move the folder to spool/in", try_folder_aside},
    {"chmod", try_chmod},
    {"chown", try_chown},
    {"read the kiosk's key", try_kiosk_key},
};
static const struct attempt duties[] = {
    {"read a result", try_read},
    {"list results", try_list},
    {"make a file", try_make_in},
    {"move a download in", try_move_in},
    {"remove a ticket", try_remove_in},
    {"resume a download", try_resume},
    {"begin a download again", try_restart},
    {"replace a file whole", try_outfile},
};

/* A fresh seat in the test's folder. As root its parts belong to two users, as on a real seat. */
static void make_seat(bool with_users)
{
    static const struct {
        const char *path;
        uid_t user;
        gid_t group;
        mode_t mode;
    } folders[] = {{"seat", 0, 0, 0755}, {"seat/kiosk", KIOSK_USER, KIOSK_USER, 0700},
        {"seat/sync", SYNC_USER, SYNC_USER, 0700}, {"seat/spool", 0, 0, 0755},
        {"seat/spool/in", SYNC_USER, SYNC_USER, 0755}, {"seat/spool/in/packages", SYNC_USER, SYNC_USER, 0755},
        {"seat/spool/out", KIOSK_USER, SYNC_USER, 0750}},
      files[] = {{OUT "a.result", KIOSK_USER, SYNC_USER, 0640}, {IN "mine", SYNC_USER, SYNC_USER, 0644},
          {"seat/sync/a.part", SYNC_USER, SYNC_USER, 0644},
          {"seat/kiosk/kiosk.key", KIOSK_USER, KIOSK_USER, 0600}};
    static const char *const leftovers[] = {IN "new", IN "a.result", IN "packages/a.exam", IN "catalog",
        OUT "b.result", OUT "new.result", OUT "folder"};

    for (size_t i = 0; i < sizeof leftovers / sizeof *leftovers; i++)
        (void)remove(leftovers[i]); /* from the last run */
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        assert_true(mkdir(folders[i].path, 0700) == 0 || errno == EEXIST);
        if (with_users)
            assert_int_equal(chown(folders[i].path, folders[i].user, folders[i].group), 0);
        assert_int_equal(chmod(folders[i].path, folders[i].mode), 0);
    }
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        assert_true(outfile_save(files[i].path, 0600, bytes_of_text("sealed"), NULL));
        if (with_users)
            assert_int_equal(chown(files[i].path, files[i].user, files[i].group), 0);
        assert_int_equal(chmod(files[i].path, files[i].mode), 0);
    }
}

static bool become_sync_user(void)
{
    return setgid(SYNC_USER) == 0 && setuid(SYNC_USER) == 0;
}

/* The errno with which the attempt failed, 0 if it did not. */
static int outcome_of(const struct attempt *attempt, bool in_sandbox, bool as_user)
{
    int status;
    pid_t child;

    make_seat(geteuid() == 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct error err = {0};
        if ((as_user && !become_sync_user()) || (in_sandbox && !sandbox_enter("seat", &err)))
            _exit(255);
        _exit(attempt->run() == 0 ? 0 : errno);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void result_is_as_it_was(void)
{
    struct buffer content = {.max = 100};

    assert_true(file_read(OUT "a.result", &content, NULL));
    assert_string_equal(buffer_text(&content), "sealed");
    buffer_release(&content);
}

static void refuses_every_harm(bool in_sandbox, bool as_user)
{
    for (size_t i = 0; i < sizeof harms / sizeof *harms; i++) {
        int outcome = outcome_of(&harms[i], in_sandbox, as_user);
        if (outcome != EACCES && outcome != EPERM && outcome != EXDEV)
            fail_msg("%s: ended with %d (%s)", harms[i].name, outcome, strerror(outcome));
        result_is_as_it_was();
    }
}

static void does_its_duties(bool in_sandbox, bool as_user)
{
    for (size_t i = 0; i < sizeof duties / sizeof *duties; i++) {
        int outcome = outcome_of(&duties[i], in_sandbox, as_user);
        if (outcome != 0)
            fail_msg("%s: ended with %d (%s)", duties[i].name, outcome, strerror(outcome));
    }
}

static void needs_landlock(void)
{
    const struct attempt nothing = {"nothing", try_list};

    if (outcome_of(&nothing, true, false) == 255) {
        print_message("this kernel has no Landlock\n");
        skip();
    }
}

static void needs_root(void)
{
    if (geteuid() != 0) {
        print_message("only root can take the place of a seat's users\n");
        skip();
    }
}

static void sandbox_harms_no_result(void **state)
{
    (void)state;
    needs_landlock();
    refuses_every_harm(true, false);
}

static void sandbox_leaves_what_sync_must_do(void **state)
{
    (void)state;
    needs_landlock();
    does_its_duties(true, false);
}

static void sandbox_runs_no_program(void **state)
{
    const struct attempt exec = {"exec", try_exec};

    (void)state;
    needs_landlock();
    assert_in_range(outcome_of(&exec, true, false), 1, 254);
}

static void a_user_of_its_own_harms_no_result(void **state)
{
    (void)state;
    needs_root();
    refuses_every_harm(false, true);
}

static void a_user_of_its_own_can_do_what_sync_must(void **state)
{
    (void)state;
    needs_root();
    does_its_duties(false, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sandbox_harms_no_result),
        cmocka_unit_test(sandbox_leaves_what_sync_must_do),
        cmocka_unit_test(sandbox_runs_no_program),
        cmocka_unit_test(a_user_of_its_own_harms_no_result),
        cmocka_unit_test(a_user_of_its_own_can_do_what_sync_must),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
