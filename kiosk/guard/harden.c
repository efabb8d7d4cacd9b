#include "kiosk/guard/harden.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* A later open must not become standard error by accident. */
static bool fill_standard(void)
{
    int fd;

    do
        fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    while (fd >= 0 && fd <= STDERR_FILENO);
    return fd >= 0 && close(fd) == 0;
}

/* Takes root; without it the guard dies like any other process, which unlocks nothing on a seat set up as
 * docs/guard.md says. */
static void ask_to_be_spared(void)
{
    int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

    if (fd < 0)
        return;
    (void)!write(fd, "-1000", 5); /* best effort */
    (void)close(fd);              /* the write is what counts */
}

/* Unlock codes pass through here. A seat has no swap anyway (readiness); this is the second door. Without the
 * right to lock at will, locking what comes later would make allocations fail, so only what is here is
 * locked. */
static void lock_memory(void)
{
#ifndef __SANITIZE_ADDRESS__
    struct rlimit limit;
    const bool is_free =
        geteuid() == 0 || (getrlimit(RLIMIT_MEMLOCK, &limit) == 0 && limit.rlim_cur == RLIM_INFINITY);

    (void)mlockall(MCL_CURRENT | MCL_ONFAULT | (is_free ? MCL_FUTURE : 0)); /* best effort */
#endif
}

static bool refuse_looks_inside(struct error *err)
{
    const struct rlimit none = {0, 0};

    if (setrlimit(RLIMIT_CORE, &none) != 0)
        return error_set_errno(err, "cannot switch core dumps off");
#ifndef __SANITIZE_ADDRESS__ /* the leak checker reads its own process */
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        return error_set_errno(err, "cannot close this process to others");
#endif
    return true;
}

bool harden(struct error *err)
{
    if (!fill_standard())
        return error_set_errno(err, "cannot open /dev/null");
    if (close_range(STDERR_FILENO + 1, ~0u, 0) != 0)
        return error_set_errno(err, "cannot close what was left open");
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return error_set_errno(err, "cannot give up new privileges");
    ask_to_be_spared();
    lock_memory();
    (void)umask(077);
    return refuse_looks_inside(err);
}
