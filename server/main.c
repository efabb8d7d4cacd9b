/* carrel-server: the scoring server. */
#include <malloc.h>
#include <stdio.h>
#include <sysexits.h>

#include "server/options.h"
#include "server/server.h"

/* What one request frees the next one takes: not back to the system each time. For each thread. */
static void keep_memory(void)
{
    (void)mallopt(M_TOP_PAD, 1 << 20); /* only slower if it fails */
    (void)mallopt(M_TRIM_THRESHOLD, 4 << 20);
    (void)mallopt(M_MMAP_THRESHOLD, 4 << 20);
}

int main(int argc, char **argv)
{
    struct error err = {ERROR_NONE, ""};
    struct options options;
    struct server *server = NULL;
    keep_memory();
    bool ok = options_parse(&options, argc, argv, &err);
    if (ok && (options.wish == OPTIONS_SERVE || options.wish == OPTIONS_CHECK))
        ok = (server = server_new(&options, clock_default(), &err)) != NULL;
    if (ok && options.wish == OPTIONS_SERVE)
        ok = server_run(server, &err);
    if (ok && options.wish == OPTIONS_CHECK)
        printf("carrel-server: %s and %s are in order\n", options.board, options.data);
    if (!ok)
        fprintf(stderr, "carrel-server: %s\n", err.text);
    server_free(server);
    return ok ? EX_OK : error_exit_code(err.code);
}
