#include "server/options.h"

#include <assert.h>
#include <getopt.h>
#include <stddef.h>
#include <stdio.h>

#include "core/arena.h"
#include "core/encoding.h"
#include "core/json.h"

#define CONFIG_MAX_BYTES (64u << 10)
#define OPTIONS_MAX 24u
#define LISTEN_SIZE sizeof(((struct options *)0)->listen)

enum kind { KIND_TEXT, KIND_NUMBER, KIND_YES, KIND_WISH, KIND_CONFIG };

struct form {
    const char *name;
    enum kind kind;
    size_t offset, size; /* of the member; size of a text */
    int64_t min, max;    /* number; max of a wish is which */
    const char *value, *help;
};

#define TEXT(member) KIND_TEXT, offsetof(struct options, member), sizeof(((struct options *)0)->member), 0, 0
#define NUMBER(member, min, max) KIND_NUMBER, offsetof(struct options, member), 0, min, max
#define WISH(wish) KIND_WISH, 0, 0, 0, wish

static const struct form forms[] = {
    {"board", TEXT(board), "DIR", "the board's folder, made by carrel init"},
    {"data", TEXT(data), "DIR", "where the store, the packages and the uploads are; made where missing"},
    {"listen", TEXT(listen), "ADDRESS", "numeric address of the two listeners (127.0.0.1)"},
    {"seats-port", NUMBER(seats_port, 0, 65535), "PORT", "for seats, staff and board (8443)"},
    {"public-port", NUMBER(public_port, 0, 65535), "PORT", "for first enrolment (8444)"},
    {"metrics-port", NUMBER(metrics_port, 0, 65535), "PORT", "/healthz and /metrics, on 127.0.0.1 (9464)"},
    {"connections", NUMBER(connections, 1, 100000), "N", "at most, on the seats listener (2048)"},
    {"connections-per-center", NUMBER(connections_per_center, 1, 100000), "N", "at most (512)"},
    {"connection-time", NUMBER(connection_time_s, 1, 86400), "SECONDS", "of one connection in all (900)"},
    {"idle-time", NUMBER(idle_time_s, 1, 86400), "SECONDS", "between two requests of a connection (75)"},
    {"threads", NUMBER(threads, 0, 60), "N", "that take results in; 0: one for each processor (0)"},
    {"developer", KIND_YES, offsetof(struct options, is_developer), 0, 0, 0, NULL,
        "seats enrolled here are developers' seats"},
    {"config", KIND_CONFIG, 0, 0, 0, 0, "FILE",
        "read options from a JSON file; the command line goes before"},
    {"check-config", WISH(OPTIONS_CHECK), NULL, "load everything, say whether it would serve, and end"},
    {"help", WISH(OPTIONS_HELP), NULL, "this text"},
    {"version", WISH(OPTIONS_VERSION), NULL, "the version"},
};
#define FORMS (sizeof forms / sizeof forms[0])

const char *options_name(unsigned index)
{
    return index < FORMS ? forms[index].name : NULL;
}

static void *member(struct options *options, const struct form *form)
{
    return (char *)options + form->offset;
}

static bool set_text(struct options *options, const struct form *form, const char *value, struct error *err)
{
    if (*value == '\0' || strlen(value) >= form->size)
        return error_set(err, ERROR_USAGE, "--%s is empty or too long", form->name);
    memcpy(member(options, form), value, strlen(value) + 1);
    return true;
}

static bool set_number(struct options *options, const struct form *form, const char *value, struct error *err)
{
    int64_t *number = member(options, form);
    return number_parse(value, form->min, form->max, number) ||
           error_set(err, ERROR_USAGE, "--%s takes a number from %lld to %lld", form->name,
               (long long)form->min, (long long)form->max);
}

/* --- the file --------------------------------------------------------------------------------- */

static void json_name(const struct form *form, char name[64])
{
    snprintf(name, 64, "%s", form->name);
    for (char *at = name; *at != '\0'; at++)
        if (*at == '-')
            *at = '_';
}

static void read_member(struct options *options, const struct form *form, struct json_reader *reader)
{
    char name[64];
    json_name(form, name);
    if (!json_has(reader, name))
        return;
    switch (form->kind) {
    case KIND_TEXT: json_get_text(reader, name, member(options, form), form->size); return;
    case KIND_NUMBER:
        *(int64_t *)member(options, form) = json_get_int(reader, name, form->min, form->max);
        return;
    case KIND_YES: *(bool *)member(options, form) = json_get_bool(reader, name); return;
    case KIND_WISH:
    case KIND_CONFIG: break; /* for the command line only: json_done refuses them */
    }
}

static bool read_config(struct options *options, const char *path, struct error *err)
{
    struct buffer text = {.max = CONFIG_MAX_BYTES};
    struct json *json = NULL;
    bool ok = false;
    if (!file_read(path, &text, err) || (json = json_parse(buffer_bytes(&text), err)) == NULL)
        goto done;
    struct json_reader reader = json_reader(json, "the configuration", err);
    for (size_t i = 0; i < FORMS; i++)
        read_member(options, &forms[i], &reader);
    ok = json_done(&reader);
done:
    if (!ok)
        error_prefix(err, "%s", path);
    json_free(json);
    buffer_release(&text);
    return ok;
}

/* --- the command line ------------------------------------------------------------------------- */

static void print_help(void)
{
    printf("carrel-server --board DIR --data DIR [OPTION…]\n"
           "Serves packages and tickets to seats, takes results in, scores them.\n\n");
    for (size_t i = 0; i < FORMS; i++) {
        char left[48];
        snprintf(left, sizeof left, "--%s %s", forms[i].name, forms[i].value == NULL ? "" : forms[i].value);
        printf("  %-32s %s\n", left, forms[i].help);
    }
    printf("\nWhen it serves, it prints one line of JSON with the ports. See carrel-server(1).\n");
}

static void wish(struct options *options, const struct form *form)
{
    options->wish = (enum options_wish)form->max;
    if (options->wish == OPTIONS_HELP)
        print_help();
    if (options->wish == OPTIONS_VERSION)
        printf("carrel-server %s\n", CARREL_VERSION);
}

static bool take(struct options *options, const struct form *form, const char *value, struct error *err)
{
    switch (form->kind) {
    case KIND_TEXT: return set_text(options, form, value, err);
    case KIND_NUMBER: return set_number(options, form, value, err);
    case KIND_YES: *(bool *)member(options, form) = true; return true;
    case KIND_WISH: wish(options, form); return true;
    case KIND_CONFIG: return true; /* read before all others */
    }
    return true;
}

static void fill_long_options(struct option long_options[OPTIONS_MAX])
{
    for (size_t i = 0; i < FORMS; i++)
        long_options[i] = (struct option){
            forms[i].name, forms[i].value == NULL ? no_argument : required_argument, NULL, (int)i + 1};
    long_options[FORMS] = (struct option){NULL, 0, NULL, 0};
}

/* One round over the command line: of the file alone, or of everything else. */
static bool each_option(struct options *options, int argc, char **argv, bool is_for_config, struct error *err)
{
    struct option long_options[OPTIONS_MAX];
    int found;
    fill_long_options(long_options);
    optind = 1;
    opterr = 0;
    while ((found = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
        if (found == '?')
            return error_set(
                err, ERROR_USAGE, "%s is no option or lacks its value; see --help", argv[optind - 1]);
        const struct form *form = &forms[found - 1];
        bool is_config = form->kind == KIND_CONFIG;
        if (is_config && is_for_config && !read_config(options, optarg, err))
            return false;
        if (!is_for_config && !take(options, form, optarg, err))
            return false;
    }
    return optind == argc || error_set(err, ERROR_USAGE, "%s is no option; see --help", argv[optind]);
}

bool options_parse(struct options *options, int argc, char **argv, struct error *err)
{
    static_assert(FORMS < OPTIONS_MAX, "one more is for the end");
    *options = (struct options){
        .listen = "127.0.0.1",
        .seats_port = 8443,
        .public_port = 8444,
        .metrics_port = 9464,
        .connections = 2048,
        .connections_per_center = 512,
        .connection_time_s = 900,
        .idle_time_s = 75,
    };
    if (!each_option(options, argc, argv, true, err) || !each_option(options, argc, argv, false, err))
        return false;
    if (options->wish == OPTIONS_HELP || options->wish == OPTIONS_VERSION)
        return true;
    if (options->board[0] == '\0' || options->data[0] == '\0')
        return error_set(err, ERROR_USAGE, "--board and --data are needed; see --help");
    return true;
}
