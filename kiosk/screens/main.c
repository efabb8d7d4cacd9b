/* carrel-screen: the process that draws. It is started by carrel-kiosk, the guard, and speaks to it over
 * descriptor 3; by hand it does nothing. Its arguments are the guard's: --seat DIR [--practice FILE]. */
#include <locale.h>
#include <string.h>

#include "kiosk/screens/kiosk.h"

static bool parse(int argc, char **argv, struct kiosk_options *options)
{
    if ((argc != 3 && argc != 5) || strcmp(argv[1], "--seat") != 0)
        return false;
    options->seat_folder = argv[2];
    if (argc == 5 && strcmp(argv[3], "--practice") != 0)
        return false;
    options->practice_file = argc == 5 ? argv[4] : NULL;
    return true;
}

int main(int argc, char **argv)
{
    struct kiosk_options options = {0};
    struct kiosk *kiosk = NULL;
    struct error err = {0};
    bool ok;

    (void)setlocale(LC_ALL, ""); /* without a translation the words are English */
    ok = parse(argc, argv, &options) ||
         error_set(&err, ERROR_USAGE, "carrel-screen is started by carrel-kiosk, not by hand");
    ok = ok && (kiosk = kiosk_new(&options, &err)) != NULL && kiosk_run(kiosk, &err);
    if (!ok)
        fprintf(stderr, "carrel-screen: %s\n", err.text);
    kiosk_free(kiosk);
    return ok ? 0 : error_exit_code(err.code);
}
