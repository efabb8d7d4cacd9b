/* carrel-kiosk: the exam on a seat. This is its guard; what is seen is drawn by carrel-screen, which it
 * starts. */
#include <sysexits.h>

#include "kiosk/guard/guard.h"
#include "kiosk/guard/harden.h"
#include "kiosk/guard/options.h"

static int print(const char *text)
{
    return fputs(text, stdout) < 0 || fflush(stdout) != 0 ? EX_IOERR : EX_OK;
}

int main(int argc, char *argv[])
{
    struct options options;
    struct error err = {0};
    struct guard *guard = NULL;

    if (!options_parse(&options, argc, argv, &err))
        goto done;
    if (options.task != OPTIONS_RUN)
        return print(options.task == OPTIONS_HELP ? options_help : "carrel-kiosk " CARREL_VERSION "\n");
    if (!harden(&err) || (guard = guard_new(&options, clock_default(), &err)) == NULL)
        goto done;
    guard_run(guard);
done:
    if (err.code != ERROR_NONE)
        fprintf(stderr, "carrel-kiosk: %s\n", err.text);
    guard_free(guard);
    return error_exit_code(err.code);
}
