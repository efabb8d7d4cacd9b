#include "kiosk/screens/sandbox.h"

#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <stdlib.h>

#include "core/file.h"
#include "core/landlock.h"

static bool allow_seat(struct landlock *rules, const char *folder, struct error *err)
{
    static const struct {
        const char *name;
        enum landlock_right right;
    } parts[] = {{"kiosk", LANDLOCK_CARRY}, {"spool/out", LANDLOCK_CARRY}, {"spool/in", LANDLOCK_READ},
        {"seat.json", LANDLOCK_READ_FILE}, {"root.pem", LANDLOCK_READ_FILE},
        {"certificates.pem", LANDLOCK_READ_FILE}}; /* not sync/: its TLS key is none of ours */
    char path[FILE_PATH_SIZE];

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (!path_join(path, folder, parts[i].name, err))
            return false;
        else
            (void)landlock_allow(rules, path, parts[i].right, NULL); /* a seat that lacks it says so when it loads */
    return true;
}

static bool restrict_files(
    const char *seat_folder, const char *practice_file, const char *devices, struct error *err)
{
    struct landlock *rules = landlock_new(err);
    bool ok = rules != NULL;

    if (!ok)
        return false;
    landlock_allow_system(rules);
    if (devices != NULL)
        (void)landlock_allow(rules, devices, LANDLOCK_READ, NULL); /* without it: those of now */
    if (practice_file != NULL)
        (void)landlock_allow(rules, practice_file, LANDLOCK_READ_FILE, NULL); /* missing: said when it is opened */
    else
        ok = allow_seat(rules, seat_folder, err);
    ok = ok && landlock_enforce(rules, err);
    landlock_free(rules);
    return ok;
}

/* A list of what is refused, not of what is allowed: what SDL and the C library call changes with their versions. */
static bool restrict_calls(struct error *err)
{
    static const int refused[] = {SCMP_SYS(socket), SCMP_SYS(socketpair), SCMP_SYS(connect), SCMP_SYS(bind),
        SCMP_SYS(listen), SCMP_SYS(accept), SCMP_SYS(accept4), SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(fork),
        SCMP_SYS(vfork), SCMP_SYS(ptrace), SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev),
        SCMP_SYS(pidfd_getfd), SCMP_SYS(pidfd_open), SCMP_SYS(mount), SCMP_SYS(unshare), SCMP_SYS(setns),
        SCMP_SYS(bpf), SCMP_SYS(perf_event_open), SCMP_SYS(keyctl), SCMP_SYS(add_key), SCMP_SYS(request_key),
        SCMP_SYS(userfaultfd), SCMP_SYS(io_uring_setup), SCMP_SYS(chmod), SCMP_SYS(chown), SCMP_SYS(truncate)};
    const struct scmp_arg_cmp no_thread = SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0);
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    bool ok = filter != NULL;

    for (size_t i = 0; ok && i < sizeof refused / sizeof *refused; i++)
        ok = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), refused[i], 0) == 0;
    /* Threads, but no processes. clone3 hides its flags from a filter: the C library then uses clone. */
    ok = ok && seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0 &&
         seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1, no_thread) == 0 &&
         seccomp_load(filter) == 0;
    seccomp_release(filter);
    return ok || error_set(err, ERROR_IO, "cannot refuse system calls in the sandbox");
}

bool screen_sandbox(
    const char *seat_folder, const char *practice_file, const char *devices, struct error *err)
{
    struct error files = {0};

    if (!restrict_files(seat_folder, practice_file, devices, &files) && files.code != ERROR_NOT_FOUND) {
        *err = files;
        return false;
    }
    if (!restrict_calls(err))
        return false;
    *err = files;
    return true;
}
