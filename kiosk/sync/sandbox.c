#include "kiosk/sync/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/file.h"

/* Debian 12's headers are older than the kernels this may run on. */
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ull << 14)
#endif

enum { ABI_REFER = 2, ABI_TRUNCATE = 3 }; /* versions of Landlock that brought these rights */

static const uint64_t reading = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
static const uint64_t carrying = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR |
                                 LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_FILE |
                                 LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REFER |
                                 LANDLOCK_ACCESS_FS_TRUNCATE;

static uint64_t known_rights(long abi)
{
    uint64_t rights = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;

    if (abi >= ABI_REFER)
        rights |= LANDLOCK_ACCESS_FS_REFER;
    if (abi >= ABI_TRUNCATE)
        rights |= LANDLOCK_ACCESS_FS_TRUNCATE;
    return rights;
}

static bool allow(int ruleset, const char *path, uint64_t rights, struct error *err)
{
    struct landlock_path_beneath_attr rule = {.allowed_access = rights};
    bool ok;

    rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
    if (rule.parent_fd < 0)
        return error_set_errno(err, "cannot open %s", path);
    ok = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
    if (!ok)
        error_set_errno(err, "cannot allow %s in the sandbox", path);
    (void)close(rule.parent_fd);
    return ok;
}

/* For name look-up, TLS settings, time zones and what libraries load late; whichever of them this machine
 * has. */
static void allow_system(int ruleset)
{
    static const char *const paths[] = {"/etc", "/usr", "/lib", "/lib64", "/run", "/proc/self"};

    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        (void)allow(ruleset, paths[i], reading, NULL); /* what is missing is not needed */
    (void)allow(ruleset, "/dev/null", LANDLOCK_ACCESS_FS_READ_FILE, NULL);
    (void)allow(ruleset, "/dev/urandom", LANDLOCK_ACCESS_FS_READ_FILE, NULL);
#ifdef CARREL_SIMULATION
    if (getenv("CARREL_CLOCK") != NULL)
        (void)allow(ruleset, getenv("CARREL_CLOCK"), LANDLOCK_ACCESS_FS_READ_FILE, NULL);
#endif
}

static bool allow_seat(int ruleset, const char *seat_folder, uint64_t known, struct error *err)
{
    static const struct {
        const char *name;
        const uint64_t *rights;
    } parts[] = {{"spool/out", &reading}, {"spool/in", &carrying}, {"sync", &carrying}};
    char path[FILE_PATH_SIZE];

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (!path_join(path, seat_folder, parts[i].name, err) ||
            !allow(ruleset, path, *parts[i].rights & known, err))
            return false;
    return true;
}

static bool restrict_files(const char *seat_folder, struct error *err)
{
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    struct landlock_ruleset_attr attributes = {.handled_access_fs = known_rights(abi)};
    int ruleset = -1;
    bool ok = false;

    if (abi < ABI_REFER) /* without REFER no download could be moved from sync/ to spool/in */
        return error_set(err, ERROR_NOT_FOUND, "this kernel has no (or too old a) Landlock");
    ruleset = (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0);
    if (ruleset < 0)
        return error_set_errno(err, "cannot make a sandbox");
    allow_system(ruleset);
    ok = allow_seat(ruleset, seat_folder, attributes.handled_access_fs, err);
    if (ok && syscall(SYS_landlock_restrict_self, ruleset, 0) != 0)
        ok = error_set_errno(err, "cannot enter the sandbox");
    (void)close(ruleset);
    return ok;
}

/* What Landlock does not see: changing a file's rights or attributes, and (before its third version)
 * truncating it by name. A list of what is refused, not of what is allowed: name look-up loads modules that
 * do what they like. */
static bool restrict_calls(struct error *err)
{
    static const int refused[] = {SCMP_SYS(truncate), SCMP_SYS(chmod), SCMP_SYS(fchmodat), SCMP_SYS(chown),
        SCMP_SYS(lchown), SCMP_SYS(fchownat), SCMP_SYS(setxattr), SCMP_SYS(lsetxattr), SCMP_SYS(removexattr),
        SCMP_SYS(lremovexattr), SCMP_SYS(utimensat), SCMP_SYS(execve), SCMP_SYS(execveat),
        SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev)};
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    bool ok = filter != NULL;

    for (size_t i = 0; ok && i < sizeof refused / sizeof *refused; i++)
        ok = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), refused[i], 0) == 0;
    ok = ok && seccomp_load(filter) == 0;
    seccomp_release(filter);
    return ok || error_set(err, ERROR_IO, "cannot refuse system calls in the sandbox");
}

bool sandbox_enter(const char *seat_folder, struct error *err)
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return error_set_errno(err, "cannot give up new privileges");
    return restrict_files(seat_folder, err) && restrict_calls(err);
}
