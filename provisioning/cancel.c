#include "provisioning/cancel.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t signal_that_came;

static void note(int number)
{
    signal_that_came = number;
}

void cancel_install(void)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction action = {.sa_handler = note, .sa_flags = (int)SA_RESETHAND};

    (void)sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        (void)sigaction(numbers[i], &action, NULL); /* cannot fail with these numbers */
}

int cancel_signal(void)
{
    return signal_that_came;
}

bool cancel_check(struct error *err)
{
    return signal_that_came == 0 || error_set(err, ERROR_BUSY, "interrupted");
}
