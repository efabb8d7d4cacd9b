/* carrel-sync: the seat's only program with network. It carries what it can neither read, forge nor destroy.
 */
#include <stdio.h>
#include <sysexits.h>

#include "kiosk/sync/options.h"
#include "kiosk/sync/sync.h"

int main(int argc, char **argv)
{
    struct options options;
    struct error err = {0};
    struct sync *sync = NULL;
    bool ok;

    if (!options_parse(&options, argc, argv, &err)) {
        (void)fprintf(stderr, "carrel-sync: %s\n%s", err.text, options_usage());
        return EX_USAGE;
    }
    if (options.wants_help || options.wants_version)
        return (options.wants_help ? printf("%s", options_usage())
                                   : printf("carrel-sync %s\n", CARREL_VERSION)) < 0
                   ? EX_IOERR
                   : EX_OK;
    ok = (sync = sync_new(&options, &err)) != NULL && sync_run(sync, &err);
    if (!ok)
        (void)fprintf(stderr, "carrel-sync: %s\n", err.text);
    sync_free(sync);
    return ok ? EX_OK : error_exit_code(err.code);
}
