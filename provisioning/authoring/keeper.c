#include "provisioning/authoring/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "provisioning/scratch.h"

enum { TRIES = 100, PAUSE_MS = 100 };

/* What dies with us may still write for a moment: until nothing is left. */
static void remove_wholly(const char *folder)
{
    for (int i = 0; i < TRIES && access(folder, F_OK) == 0; i++) {
        struct scratch scratch;
        if (i > 0)
            (void)poll(NULL, 0, PAUSE_MS);
        (void)snprintf(scratch.path, sizeof scratch.path, "%s", folder);
        scratch_remove(&scratch);
    }
}

static _Noreturn void keep(const char *folder, int line)
{
    static const int ignored[] = {SIGINT, SIGTERM, SIGHUP};
    const int end = dup2(line, STDIN_FILENO);
    char byte;

    (void)close_range(STDIN_FILENO + 1, ~0u, 0); /* our writing end, and whatever others wait to see closed */
    for (size_t i = 0; i < sizeof ignored / sizeof ignored[0]; i++)
        (void)signal(ignored[i], SIG_IGN);
    (void)setsid();
    while (read(end, &byte, 1) < 0 && errno == EINTR)
        ;
    remove_wholly(folder);
    _exit(0);
}

bool keeper_start(struct keeper *keeper, const char *folder, struct error *err)
{
    int line[2];

    if (pipe2(line, O_CLOEXEC) != 0)
        return error_set_errno(err, "cannot make a pipe");
    keeper->pid = fork();
    if (keeper->pid == 0)
        keep(folder, line[0]);
    if (keeper->pid < 0) {
        keeper->pid = 0;
        error_set_errno(err, "cannot start a process");
        (void)close(line[0]);
        (void)close(line[1]);
        return false;
    }
    (void)close(line[0]);
    keeper->line = line[1];
    return true;
}

void keeper_release(struct keeper *keeper)
{
    if (keeper->pid == 0)
        return;
    (void)close(keeper->line);
    while (waitpid(keeper->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    keeper->pid = 0;
}
