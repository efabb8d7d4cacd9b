/* carrel: the command line of board and center staff. */
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <sysexits.h>

#include "provisioning/cancel.h"
#include "provisioning/program.h"

int main(int argc, char **argv)
{
    int exit_code;

    (void)setlocale(LC_CTYPE, "C.UTF-8"); /* widths of characters in tables; fails harmlessly */
    cancel_install();
    exit_code = program_run((const char *const *)argv + 1, argc > 0 ? (size_t)argc - 1 : 0, clock_default());
    if (fflush(stdout) != 0 && exit_code == EX_OK) {
        perror("carrel: cannot write the result");
        exit_code = EX_IOERR;
    }
    if (cancel_signal() != 0 && exit_code != EX_OK) {
        (void)signal(cancel_signal(), SIG_DFL);
        (void)raise(cancel_signal()); /* so that a shell's loop stops too */
    }
    return exit_code;
}
