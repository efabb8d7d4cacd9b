#include "kiosk/sync/sandbox.h"

#include <errno.h>
#include <seccomp.h>

#include "core/file.h"
#include "core/landlock.h"

static bool restrict_files(const char *seat_folder, struct error *err)
{
    static const struct {
        const char *name;
        enum landlock_right right;
    } parts[] = {{"spool/out", LANDLOCK_READ}, {"spool/in", LANDLOCK_CARRY}, {"sync", LANDLOCK_CARRY}};
    struct landlock *rules = landlock_new(err);
    char path[FILE_PATH_SIZE];
    bool ok = rules != NULL;

    if (ok)
        landlock_allow_system(rules);
    for (size_t i = 0; ok && i < sizeof parts / sizeof *parts; i++)
        ok = path_join(path, seat_folder, parts[i].name, err) &&
             landlock_allow(rules, path, parts[i].right, err);
    ok = ok && landlock_enforce(rules, err);
    landlock_free(rules);
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
    return restrict_files(seat_folder, err) && restrict_calls(err);
}
