#include "kiosk/guard/options.h"

#include <ctype.h>
#include <getopt.h>

const char options_help[] =
    "usage: carrel-kiosk [--seat DIR] [--window[=WIDTHxHEIGHT]] [--practice FILE]\n"
    "       carrel-kiosk --help | --version\n"
    "\n"
    "The exam on a seat: locks the display and keyboard and runs the exam in it.\n"
    "\n"
    "  --seat DIR             the seat's folder (" OPTIONS_SEAT_FOLDER ")\n"
    "  --window[=WIDTHxHEIGHT]  in a window, with nothing locked: for developers\n"
    "  --practice FILE        open a practice package at its first question, with nothing locked\n"
    "  --help                 this text\n"
    "  --version              the version\n"
    "\n"
    "An enrolled exam seat refuses --window and --practice. The manual is carrel-kiosk(1).\n";

static bool take_number(const char **text, unsigned *number)
{
    unsigned value = 0;

    if (!isdigit((unsigned char)**text))
        return false;
    for (; isdigit((unsigned char)**text) && value <= OPTIONS_SIZE_MAX; (*text)++)
        value = value * 10 + (unsigned)(**text - '0');
    *number = value;
    return value >= OPTIONS_SIZE_MIN && value <= OPTIONS_SIZE_MAX;
}

static bool take_size(struct options *options, const char *text, struct error *err)
{
    const char *rest = text;

    options->is_window = true;
    if (text == NULL)
        return true;
    if (!take_number(&rest, &options->width) || *rest++ != 'x' || !take_number(&rest, &options->height) ||
        *rest != '\0')
        return error_set(err, ERROR_USAGE, "--window=%.40s is not WIDTHxHEIGHT, each from %d to %d", text,
            OPTIONS_SIZE_MIN, OPTIONS_SIZE_MAX);
    return true;
}

static bool take_path(const char **path, const char *text, const char *name, struct error *err)
{
    if (text[0] == '\0')
        return error_set(err, ERROR_USAGE, "%s needs a name", name);
    *path = text;
    return true;
}

bool options_parse(struct options *options, int argc, char *argv[], struct error *err)
{
    static const struct option names[] = {{"seat", required_argument, NULL, 's'},
        {"window", optional_argument, NULL, 'w'}, {"practice", required_argument, NULL, 'p'},
        {"help", no_argument, NULL, 'h'}, {"version", no_argument, NULL, 'v'}, {0}};
    struct options parsed = {.seat = OPTIONS_SEAT_FOLDER};
    int name;

    optind = 0; /* a test parses more than once */
    opterr = 0;
    while ((name = getopt_long(argc, argv, "", names, NULL)) != -1) {
        if (name == 's' && !take_path(&parsed.seat, optarg, "--seat", err))
            return false;
        if (name == 'p' && !take_path(&parsed.practice, optarg, "--practice", err))
            return false;
        if (name == 'w' && !take_size(&parsed, optarg, err))
            return false;
        if (name == 'h' || name == 'v')
            parsed.task = name == 'h' ? OPTIONS_HELP : OPTIONS_VERSION;
        if (name == '?')
            return error_set(
                err, ERROR_USAGE, "unknown or incomplete option %.60s; --help lists them", argv[optind - 1]);
    }
    if (optind < argc)
        return error_set(err, ERROR_USAGE, "%.60s is not an option; --help lists them", argv[optind]);
    *options = parsed;
    return true;
}
