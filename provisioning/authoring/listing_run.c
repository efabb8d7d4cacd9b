#include "provisioning/authoring/listing_run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/outfile.h"
#include "provisioning/scratch.h"

#define PYTHON "/usr/bin/python3"
#define PROGRAM_FILE "listing.py"

enum { TICK_MS = 50, MEMORY_MAX = 1 << 30, FILE_MAX = 1 << 20, FILES_MAX = 64, STREAMS = 2 };

/* One listing that runs. pid 0: a free place. */
struct child {
    pid_t pid;
    struct scratch scratch;
    struct listing_run *run;
    int fds[STREAMS]; /* its standard output and error; -1: at their end */
    int64_t deadline_ms;
};

/* --- in the child --------------------------------------------------------------------------------------- */

static void limit(__rlimit_resource_t what, rlim_t most)
{
    const struct rlimit both = {most, most};

    (void)setrlimit(what, &both); /* the parent's deadline holds in any case */
}

static _Noreturn void become_python(const char *folder, int64_t limit_ms, int out, int errors)
{
    char path[] = "PATH=/usr/bin:/bin", language[] = "LANG=C.UTF-8", home[FILE_PATH_SIZE + 8];
    char *const environment[] = {path, language, home, NULL};
    const int nothing = open("/dev/null", O_RDONLY);

    (void)snprintf(home, sizeof home, "HOME=%s", folder);
    limit(RLIMIT_CPU, (rlim_t)(limit_ms / 1000 + 1));
    limit(RLIMIT_AS, MEMORY_MAX);
    limit(RLIMIT_FSIZE, FILE_MAX);
    limit(RLIMIT_NOFILE, FILES_MAX);
    limit(RLIMIT_CORE, 0);
    if (setpgid(0, 0) == 0 && chdir(folder) == 0 && dup2(nothing, STDIN_FILENO) >= 0 &&
        dup2(out, STDOUT_FILENO) >= 0 && dup2(errors, STDERR_FILENO) >= 0)
        (void)execle(PYTHON, PYTHON, "-I", "-X", "utf8", PROGRAM_FILE, (char *)NULL, environment);
    _exit(127);
}

/* --- starting ------------------------------------------------------------------------------------------- */

static bool write_program(const struct child *child, struct error *err)
{
    char path[FILE_PATH_SIZE];

    return path_join(path, child->scratch.path, PROGRAM_FILE, err) &&
           outfile_save(path, 0600, bytes_of_text(child->run->program), err);
}

static bool fork_python(struct child *child, int64_t limit_ms, struct error *err)
{
    int out[2] = {-1, -1}, errors[2] = {-1, -1};

    if (pipe2(out, O_CLOEXEC) == 0 && pipe2(errors, O_CLOEXEC) == 0)
        child->pid = fork();
    else
        child->pid = -1;
    if (child->pid == 0)
        become_python(child->scratch.path, limit_ms, out[1], errors[1]);
    if (child->pid < 0) {
        child->pid = 0;
        error_set_errno(err, "cannot start python3");
    }
    (void)close(out[1]);
    (void)close(errors[1]);
    if (child->pid == 0) {
        (void)close(out[0]);
        (void)close(errors[0]);
        return false;
    }
    (void)setpgid(child->pid, child->pid); /* either of us is the first */
    child->fds[0] = out[0];
    child->fds[1] = errors[0];
    for (int i = 0; i < STREAMS; i++)
        (void)fcntl(child->fds[i], F_SETFL, O_NONBLOCK);
    return true;
}

static bool start(struct child *child, struct listing_run *run, int64_t limit_ms, struct error *err)
{
    *child = (struct child){.run = run, .fds = {-1, -1}};
    run->out.max = run->errors.max = LISTING_RUN_OUTPUT_MAX;
    if (!buffer_add(&run->out, "", 0) || !buffer_add(&run->errors, "", 0))
        return error_set(err, ERROR_NOMEM, "out of memory");
    child->deadline_ms = clock_awake_ms(clock_system()) + limit_ms;
    if (scratch_make(&child->scratch, NULL, err) && write_program(child, err) &&
        fork_python(child, limit_ms, err))
        return true;
    scratch_remove(&child->scratch);
    return false;
}

/* --- running -------------------------------------------------------------------------------------------- */

/* Reads what is there. A stream that is too long ends the listing. */
static void drain(struct child *child, int stream)
{
    struct buffer *buffer = stream == 0 ? &child->run->out : &child->run->errors;
    char piece[4096];
    ssize_t got;

    if (child->fds[stream] < 0)
        return;
    while ((got = read(child->fds[stream], piece, sizeof piece)) > 0)
        if (!buffer_add(buffer, piece, (size_t)got)) {
            child->run->end = LISTING_TOO_MUCH;
            (void)kill(-child->pid, SIGKILL);
        }
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    (void)close(child->fds[stream]);
    child->fds[stream] = -1;
}

/* Ends the whole group, so that nothing it started is left, and frees the place. */
static void finish(struct child *child, int status)
{
    (void)kill(-child->pid, SIGKILL);
    for (int i = 0; i < STREAMS; i++) {
        drain(child, i);
        if (child->fds[i] >= 0)
            (void)close(child->fds[i]);
    }
    if (child->run->end == LISTING_EXITED && !WIFEXITED(status))
        child->run->end = LISTING_KILLED;
    child->run->exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    scratch_remove(&child->scratch);
    child->pid = 0;
}

/* True when it ended. */
static bool look_after(struct child *child)
{
    int status;

    for (int i = 0; i < STREAMS; i++)
        drain(child, i);
    if (clock_awake_ms(clock_system()) >= child->deadline_ms) {
        child->run->end = child->run->end == LISTING_EXITED ? LISTING_TOO_LONG : child->run->end;
        (void)kill(-child->pid, SIGKILL);
    }
    if (waitpid(child->pid, &status, WNOHANG) != child->pid)
        return false;
    finish(child, status);
    return true;
}

/* Until something is there to read, a signal came, or a tick is over. */
static void wait_a_moment(const struct child *children)
{
    struct pollfd polled[LISTING_RUN_AT_ONCE * STREAMS];
    nfds_t count = 0;

    for (size_t i = 0; i < LISTING_RUN_AT_ONCE; i++)
        for (int k = 0; children[i].pid != 0 && k < STREAMS; k++)
            if (children[i].fds[k] >= 0)
                polled[count++] = (struct pollfd){.fd = children[i].fds[k], .events = POLLIN};
    (void)poll(polled, count, count == 0 ? TICK_MS / 10 : TICK_MS);
}

static void end_all(struct child *children)
{
    int status = 0;

    for (size_t i = 0; i < LISTING_RUN_AT_ONCE; i++) {
        if (children[i].pid == 0)
            continue;
        (void)kill(-children[i].pid, SIGKILL);
        (void)waitpid(children[i].pid, &status, 0);
        finish(&children[i], status);
    }
}

bool listing_run_all(struct listing_run *runs, size_t count, int64_t limit_ms,
    bool (*done)(void *context, size_t done), void *context, struct error *err)
{
    struct child children[LISTING_RUN_AT_ONCE] = {{.pid = 0}};
    size_t started = 0, ended = 0;

    while (ended < count) {
        for (size_t i = 0; i < LISTING_RUN_AT_ONCE; i++) {
            if (children[i].pid == 0 && started < count &&
                !start(&children[i], &runs[started++], limit_ms, err)) {
                end_all(children);
                return false;
            }
            if (children[i].pid != 0 && look_after(&children[i]))
                ended++;
        }
        if (!done(context, ended)) {
            end_all(children);
            return error_set(err, ERROR_BUSY, "interrupted");
        }
        if (ended < count)
            wait_a_moment(children);
    }
    return true;
}
