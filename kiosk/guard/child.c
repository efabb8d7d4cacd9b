#include "kiosk/guard/child.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/close_range.h>
#include <pwd.h>
#include <signal.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kiosk/guard/message.h"

#define PROGRAM "/../libexec/carrel/carrel-screen"
#define EXIT_NOT_STARTED 127

bool child_find_program(char program[FILE_PATH_SIZE], struct error *err)
{
    const ssize_t len = readlink("/proc/self/exe", program, FILE_PATH_SIZE - sizeof PROGRAM);
    char *slash;

    if (len < 0)
        return error_set_errno(err, "cannot find the guard's own program");
    program[len] = '\0';
    slash = strrchr(program, '/');
    if (slash == NULL || (size_t)len >= FILE_PATH_SIZE - sizeof PROGRAM)
        return error_set(err, ERROR_LIMIT, "the path of the guard's program is too long");
    memcpy(slash, PROGRAM, sizeof PROGRAM);
    if (access(program, X_OK) != 0)
        return error_set_errno(err, "cannot start %s", program);
    return true;
}

bool child_set_user(struct child_plan *plan, const char *name, struct error *err)
{
    const struct passwd *user;

    plan->has_user = false;
    if (name[0] == '\0')
        return true;
    errno = 0;
    user = getpwnam(name);
    if (user == NULL)
        return error_set(err, ERROR_NOT_FOUND, "there is no user %s for the screen process", name);
    if (user->pw_uid == geteuid())
        return true;
    if (geteuid() != 0)
        return error_set(err, ERROR_REFUSED, "only root can run the screen process as %s", name);
    plan->has_user = true;
    plan->uid = user->pw_uid;
    plan->gid = user->pw_gid;
    (void)snprintf(plan->user, sizeof plan->user, "%s", name); /* bounded by the policy */
    return true;
}

/* From here to execve only async-signal-safe calls: we are a copy of the guard. */
static bool become(const struct child_plan *plan)
{
    if (!plan->has_user)
        return true;
    /* No supplementary groups: devices are opened by the guard and handed over. */
    return setgroups(0, NULL) == 0 && setgid(plan->gid) == 0 && setuid(plan->uid) == 0 && setuid(0) != 0;
}

static bool place_descriptors(int socket)
{
    const int null = open("/dev/null", O_RDONLY);

    if (null < 0 || dup2(null, STDIN_FILENO) < 0)
        return false;
    /* dup2 onto itself would keep close-on-exec. */
    if (socket == MESSAGE_SOCKET ? fcntl(socket, F_SETFD, 0) != 0 : dup2(socket, MESSAGE_SOCKET) < 0)
        return false;
    return close_range(MESSAGE_SOCKET + 1, ~0u, 0) == 0;
}

static _Noreturn void run(const struct child_plan *plan, int socket, pid_t guard)
{
    sigset_t none;

    (void)sigemptyset(&none);       /* can't fail */
    (void)signal(SIGPIPE, SIG_DFL); /* a valid signal: can't fail */
    if (setsid() < 0 || sigprocmask(SIG_SETMASK, &none, NULL) != 0 || !place_descriptors(socket) ||
        !become(plan))
        _exit(EXIT_NOT_STARTED);
    /* After the change of user, which clears it. The guard may be gone already: then nobody would tell us. */
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0 || getppid() != guard)
        _exit(EXIT_NOT_STARTED);
    (void)execve(plan->program, (char *const *)(uintptr_t)plan->arguments,
        (char *const *)(uintptr_t)plan->environment.entries);
    _exit(EXIT_NOT_STARTED);
}

bool child_start(struct child *child, const struct child_plan *plan, struct error *err)
{
    const pid_t guard = getpid();
    int ends[2] = {-1, -1};
    int exited = -1;
    pid_t pid = -1;
    bool ok = false;

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
        error_set_errno(err, "cannot make a socket pair");
        goto done;
    }
    pid = fork();
    if (pid == 0)
        run(plan, ends[1], guard);
    exited = pid < 0 ? -1 : pidfd_open(pid, 0);
    if (exited < 0) {
        error_set_errno(err, "cannot start a process");
        goto done;
    }
    *child = (struct child){.pid = pid, .exited = exited, .socket = ends[0]};
    ends[0] = -1; /* the child's record owns it now */
    ok = true;
done:
    if (!ok && pid > 0) {
        (void)kill(pid, SIGKILL); /* ours, not reaped yet: the number is its */
        (void)waitpid(pid, NULL, 0);
    }
    for (int i = 0; i < 2; i++)
        if (ends[i] >= 0)
            (void)close(ends[i]); /* nothing written */
    return ok;
}

void child_kill(const struct child *child)
{
    if (child->pid <= 0)
        return;
    /* Not reaped yet, so both numbers are still its. The group may not exist yet: right after the fork. */
    (void)kill(-child->pid, SIGKILL);
    (void)kill(child->pid, SIGKILL);
}

bool child_reap(struct child *child, int *status)
{
    siginfo_t info = {0};

    if (child->pid <= 0 || waitid(P_PID, (id_t)child->pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
        info.si_pid == 0)
        return false;
    child_kill(child); /* what it left in its group, while the number is still its */
    if (waitpid(child->pid, status, WNOHANG) != child->pid)
        return false;
    child_hang_up(child);
    (void)close(child->exited); /* only a handle */
    *child = CHILD_NONE;
    return true;
}

void child_hang_up(struct child *child)
{
    if (child->socket >= 0)
        (void)close(child->socket); /* what it had to say no longer counts */
    child->socket = -1;
}
