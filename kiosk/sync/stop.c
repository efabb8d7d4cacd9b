#include "kiosk/sync/stop.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* A signal handler has no argument, so these are the process's. */
static atomic_bool is_asked;
static int descriptor = -1;

static void on_signal(int number)
{
    const uint64_t one = 1;
    const int before = errno;

    (void)number;
    atomic_store(&is_asked, true);
    (void)!write(descriptor, &one, sizeof one); /* fails only when it is readable already */
    errno = before;
}

bool stop_install(struct error *err)
{
    const struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};

    descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return (descriptor >= 0 && sigaction(SIGTERM, &action, NULL) == 0 &&
               sigaction(SIGINT, &action, NULL) == 0 && sigaction(SIGHUP, &action, NULL) == 0) ||
           error_set_errno(err, "cannot listen for signals");
}

bool stop_is_asked(void *context)
{
    (void)context;
    return atomic_load(&is_asked);
}

int stop_descriptor(void)
{
    return descriptor;
}
