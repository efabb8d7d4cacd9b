#include "provisioning/authoring/service.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/file.h"

#define LOG "log"
enum { TICK_MS = 10, LOG_MAX = 1 << 20, TOLD_MAX = 250 };

/* --- starting ------------------------------------------------------------------------------------------- */

static _Noreturn void become(const struct program_call *call, pid_t parent)
{
    const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    int said = -1;

    if (chdir(call->folder) == 0)
        said = open(LOG, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (setpgid(0, 0) == 0 && prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent &&
        dup2(nothing, STDIN_FILENO) >= 0 && dup2(call->out < 0 ? said : call->out, STDOUT_FILENO) >= 0 &&
        dup2(said, STDERR_FILENO) >= 0) {
        (void)execve(call->argv[0], (char *const *)(uintptr_t)call->argv, call->environment);
        (void)dprintf(STDERR_FILENO, "cannot start: %s\n", strerror(errno));
    }
    _exit(127);
}

bool service_start(struct service *service, const struct program_call *call, struct error *err)
{
    const pid_t parent = getpid(), pid = fork();

    if (pid == 0)
        become(call, parent);
    if (pid < 0)
        return error_set_errno(err, "cannot start %s", call->argv[0]);
    (void)setpgid(pid, pid); /* either of us is the first */
    *service = (struct service){pid, clock_awake_ms(clock_system())};
    return true;
}

/* --- waiting -------------------------------------------------------------------------------------------- */

/* What its log says of an error, or else its end, as one line. */
static const char *told_in(struct buffer *log)
{
    const char *error;

    while (log->len > 0 && log->data[log->len - 1] == '\n')
        buffer_cut(log, log->len - 1);
    for (size_t i = 0; i < log->len; i++)
        log->data[i] = log->data[i] < 0x20 ? ' ' : log->data[i];
    error = strstr(buffer_text(log), "ERROR");
    return error != NULL ? error : buffer_text(log) + (log->len > TOLD_MAX ? log->len - TOLD_MAX : 0);
}

static bool fail(const struct program_call *call, const char *how, struct error *err)
{
    struct buffer log = {.max = LOG_MAX};
    char path[FILE_PATH_SIZE], program[FILE_PATH_SIZE];

    if (path_join(path, call->folder, LOG, NULL))
        (void)file_read(path, &log, NULL); /* what can't be read is empty */
    (void)snprintf(program, sizeof program, "%s", call->argv[0]);
    error_set(err, ERROR_IO, "%s %s: %s", basename(program), how, told_in(&log));
    buffer_release(&log);
    return false;
}

static bool has_ended(struct service *service, int *status)
{
    if (waitpid(service->pid, status, WNOHANG) != service->pid)
        return false;
    (void)kill(-service->pid, SIGKILL); /* what it started, and did not wait for */
    service->pid = 0;
    return true;
}

static bool wait_a_moment(const struct service *service, const struct program_call *call,
    const struct patience *patience, struct error *err)
{
    (void)poll(NULL, 0, TICK_MS);
    if (!patience->lasts(patience->context))
        return error_set(err, ERROR_BUSY, "interrupted");
    return clock_awake_ms(clock_system()) - service->begun_ms < SERVICE_WAIT_MS ||
           fail(call, "takes too long", err);
}

bool service_wait(struct service *service, const struct program_call *call, const struct patience *patience,
    struct error *err)
{
    int status;

    return has_ended(service, &status) ? fail(call, "ended", err)
                                       : wait_a_moment(service, call, patience, err);
}

void service_end(struct service *service)
{
    if (service->pid == 0)
        return;
    (void)kill(-service->pid, SIGKILL); /* it keeps nothing that is worth a tidy end */
    while (waitpid(service->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    service->pid = 0;
}

bool program_call(const struct program_call *call, const struct patience *patience, struct error *err)
{
    struct service service;
    int status;

    if (!service_start(&service, call, err))
        return false;
    while (!has_ended(&service, &status))
        if (!wait_a_moment(&service, call, patience, err)) {
            service_end(&service);
            return false;
        }
    return (WIFEXITED(status) && WEXITSTATUS(status) == 0) || fail(call, "failed", err);
}
