#include "provisioning/authoring/listing_run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/outfile.h"

#define PYTHON "/usr/bin/python3"
#define PROGRAM_FILE "listing.py"

enum { TICK_MS = 50, MEMORY_MAX = 1 << 30, FILE_MAX = 16 << 20, FILES_MAX = 256, STREAMS = 2 };

/* One listing that runs. pid 0: a free place. */
struct child {
    pid_t pid;
    struct scratch scratch;
    struct listing_run *run;
    int fds[STREAMS]; /* its standard output and error; -1: at their end */
    int64_t deadline_ms;
};

/* All that run. */
struct job {
    struct stage *stage;
    struct listing_run *runs;
    size_t count, ended;
    unsigned limit_s;
    const struct listing_watch *watch;
    struct child children[LISTING_RUN_AT_ONCE];
};

/* --- in the child --------------------------------------------------------------------------------------- */

static void limit(__rlimit_resource_t what, rlim_t most, rlim_t kill_at)
{
    const struct rlimit both = {most, kill_at};

    (void)setrlimit(what, &both); /* the parent's deadline holds in any case */
}

/* PYTHONPATH works with -sP only, which is -I otherwise, as there is no other variable of that kind. */
static const char *isolation(const struct listing_run *run)
{
    return run->needs & NEED(NEED_MYSQL) ? "-sP" : "-I";
}

static _Noreturn void become_python(
    const struct job *job, const struct child *child, pid_t parent, int out, int errors)
{
    const int nothing = open("/dev/null", O_RDONLY);
    struct environment environment;

    stage_environment(job->stage, child->run->needs, child->scratch.path, &environment);
    limit(RLIMIT_CPU, job->limit_s, job->limit_s + 1);
    limit(RLIMIT_AS, MEMORY_MAX, MEMORY_MAX);
    limit(RLIMIT_FSIZE, FILE_MAX, FILE_MAX);
    limit(RLIMIT_NOFILE, FILES_MAX, FILES_MAX);
    limit(RLIMIT_CORE, 0, 0);
    if (setpgid(0, 0) == 0 && prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent &&
        chdir(child->scratch.path) == 0 && dup2(nothing, STDIN_FILENO) >= 0 &&
        dup2(out, STDOUT_FILENO) >= 0 && dup2(errors, STDERR_FILENO) >= 0)
        (void)execle(PYTHON, PYTHON, isolation(child->run), "-X", "utf8", PROGRAM_FILE, (char *)NULL,
            environment.variables);
    _exit(127);
}

/* --- starting ------------------------------------------------------------------------------------------- */

static bool write_program(const struct child *child, struct error *err)
{
    char path[FILE_PATH_SIZE];

    return path_join(path, child->scratch.path, PROGRAM_FILE, err) &&
           outfile_save(path, 0600, bytes_of_text(child->run->program), err);
}

static bool fork_python(const struct job *job, struct child *child, struct error *err)
{
    const pid_t parent = getpid();
    int out[2] = {-1, -1}, errors[2] = {-1, -1};

    if (pipe2(out, O_CLOEXEC) == 0 && pipe2(errors, O_CLOEXEC) == 0)
        child->pid = fork();
    else
        child->pid = -1;
    if (child->pid == 0)
        become_python(job, child, parent, out[1], errors[1]);
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

static bool start(struct job *job, struct child *child, struct listing_run *run, struct error *err)
{
    *child = (struct child){.run = run, .fds = {-1, -1}};
    run->has_begun = true;
    run->out.max = run->errors.max = LISTING_RUN_OUTPUT_MAX;
    if (!buffer_add(&run->out, "", 0) || !buffer_add(&run->errors, "", 0))
        return error_set(err, ERROR_NOMEM, "out of memory");
    child->deadline_ms = clock_awake_ms(clock_system()) + (int64_t)1000 * LISTING_RUN_ELAPSED * job->limit_s;
    if (stage_folder(job->stage, &child->scratch, err) && write_program(child, err) &&
        fork_python(job, child, err))
        return true;
    scratch_remove(&child->scratch);
    return false;
}

/* The first that has not begun and whose words no other has that runs; NULL: none for now. */
static struct listing_run *find_next(const struct job *job)
{
    unsigned taken = 0;

    for (size_t i = 0; i < LISTING_RUN_AT_ONCE; i++)
        if (job->children[i].pid != 0)
            taken |= job->children[i].run->needs & (NEED(NEED_WORDS) - 1);
    for (size_t i = 0; i < job->count; i++)
        if (!job->runs[i].has_begun && !(job->runs[i].needs & taken))
            return &job->runs[i];
    return NULL;
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
        child->run->end = WTERMSIG(status) == SIGXCPU ? LISTING_TOO_LONG : LISTING_KILLED;
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
    if (waitpid(child->pid, &status, WNOHANG) == child->pid) {
        finish(child, status);
        return true;
    }
    if (clock_awake_ms(clock_system()) >= child->deadline_ms) {
        child->run->end = child->run->end == LISTING_EXITED ? LISTING_TOO_LONG : child->run->end;
        (void)kill(-child->pid, SIGKILL);
    }
    return false;
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

static bool lasts(void *context)
{
    const struct job *job = context;

    return job->watch->tell(job->watch->context, job->ended);
}

/* Everything that any of them needs. */
static bool bring_needs(struct job *job, struct error *err)
{
    const struct patience patience = {lasts, job};
    unsigned needs = 0;

    for (size_t i = 0; i < job->count; i++)
        needs |= job->runs[i].needs;
    return stage_bring(job->stage, needs, &patience, err);
}

/* A free place gets a listing, if there is one for it. */
static bool fill(struct job *job, struct child *child, struct error *err)
{
    const struct patience patience = {lasts, job};
    struct listing_run *run = child->pid == 0 ? find_next(job) : NULL;

    return run == NULL ||
           (stage_renew(job->stage, run->needs, &patience, err) && start(job, child, run, err));
}

/* One round. */
static bool go_round(struct job *job, struct error *err)
{
    for (size_t i = 0; i < LISTING_RUN_AT_ONCE; i++) {
        if (!fill(job, &job->children[i], err))
            return false;
        if (job->children[i].pid != 0 && look_after(&job->children[i]))
            job->ended++;
    }
    return lasts(job) || error_set(err, ERROR_BUSY, "interrupted");
}

bool listing_run_all(struct stage *stage, struct listing_run *runs, size_t count, unsigned limit_s,
    const struct listing_watch *watch, struct error *err)
{
    struct job job = {.stage = stage, .runs = runs, .count = count, .limit_s = limit_s, .watch = watch};
    bool ok = bring_needs(&job, err);

    while (ok && job.ended < count) {
        ok = go_round(&job, err);
        if (ok && job.ended < count)
            wait_a_moment(job.children);
    }
    end_all(job.children); /* none, where all went well */
    return ok;
}
