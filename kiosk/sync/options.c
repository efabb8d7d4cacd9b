#include "kiosk/sync/options.h"

#include <getopt.h>
#include <stddef.h>

#include "core/encoding.h"

enum { INTERVAL_DEFAULT_S = 30, INTERVAL_MAX_S = 86400 };

const char *options_usage(void)
{
    return "usage: carrel-sync --seat DIR [--once] [--interval SECONDS] [--verbose]\n"
           "\n"
           "Carries a seat's catalog, packages and tickets in, and its results out.\n"
           "\n"
           "  --seat DIR           the seat's folder, made by `carrel seat enrol`\n"
           "  --once               one round, then end\n"
           "  --interval SECONDS   between rounds (30)\n"
           "  --verbose            say what is done\n"
           "  --help, --version\n";
}

static bool read_interval(const char *text, struct options *options, struct error *err)
{
    int64_t seconds;

    if (!number_parse(text, 1, INTERVAL_MAX_S, &seconds))
        return error_set(
            err, ERROR_USAGE, "--interval takes whole seconds from 1 to %d, not “%s”", INTERVAL_MAX_S, text);
    options->interval_ms = seconds * 1000;
    return true;
}

bool options_parse(struct options *options, int argc, char **argv, struct error *err)
{
    static const struct option known[] = {{"seat", required_argument, NULL, 's'},
        {"once", no_argument, NULL, 'o'}, {"interval", required_argument, NULL, 'i'},
        {"verbose", no_argument, NULL, 'v'}, {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'V'}, {NULL, 0, NULL, 0}};
    int letter;

    *options = (struct options){.interval_ms = INTERVAL_DEFAULT_S * 1000};
    opterr = 0;
    optind = 0; /* glibc: begin anew, so that a test may parse twice */
    while ((letter = getopt_long(argc, argv, "", known, NULL)) != -1) {
        switch (letter) {
        case 's': options->seat = optarg; break;
        case 'o': options->is_once = true; break;
        case 'v': options->is_verbose = true; break;
        case 'h': options->wants_help = true; break;
        case 'V': options->wants_version = true; break;
        case 'i':
            if (!read_interval(optarg, options, err))
                return false;
            break;
        default: return error_set(err, ERROR_USAGE, "“%s” is not understood", argv[optind - 1]);
        }
    }
    if (optind < argc)
        return error_set(err, ERROR_USAGE, "“%s” is one word too many", argv[optind]);
    if (options->seat == NULL && !options->wants_help && !options->wants_version)
        return error_set(err, ERROR_USAGE, "--seat DIR is missing");
    return true;
}
