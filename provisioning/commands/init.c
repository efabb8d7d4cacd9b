#include <string.h>

#include "provisioning/board_folder.h"
#include "provisioning/commands.h"
#include "provisioning/report.h"
#include "provisioning/scratch.h"
#include "provisioning/table.h"

static const struct option options[] = {
    {.name = "name", .value = "TEXT", .help = "what the board is called in its root certificate"},
    {.name = "dns",
        .value = "NAMES",
        .help = "names and addresses of the scoring server, with commas between"},
    {.name = "center",
        .value = "NAME",
        .repeats = true,
        .help = "make a center with its certificate authority"},
    {.name = "staff",
        .value = "[CENTER/]NAME",
        .repeats = true,
        .help = "make a member of staff of the center"},
    {0},
};

static bool add_centers(const struct call *call, const char *dir, int64_t now_ms, struct error *err)
{
    const char *center;

    for (size_t i = 0; (center = arguments_at(call->arguments, "center", i)) != NULL; i++)
        if (!board_folder_add_center(dir, center, center, now_ms, err))
            return error_prefix(err, "center %s", center);
    return true;
}

/* "oslo/anna", or "anna" where there is one center only. */
static bool add_member(
    const struct call *call, const char *dir, const char *value, int64_t now_ms, struct error *err)
{
    const char *slash = strchr(value, '/');
    const char *only = arguments_value(call->arguments, "center");
    char center[IDENTIFIER_SIZE];

    if (slash == NULL && arguments_count(call->arguments, "center") != 1)
        return error_set(err, ERROR_USAGE, "of which center is %s? --staff CENTER/%s", value, value);
    (void)snprintf(center, sizeof center, "%.*s", slash == NULL ? (int)strlen(only) : (int)(slash - value),
        slash == NULL ? only : value);
    value = slash == NULL ? value : slash + 1;
    return board_folder_add_staff(dir, center, value, value, now_ms, err) ||
           error_prefix(err, "staff %s", value);
}

static bool add_staff(const struct call *call, const char *dir, int64_t now_ms, struct error *err)
{
    const char *value;

    for (size_t i = 0; (value = arguments_at(call->arguments, "staff", i)) != NULL; i++)
        if (!add_member(call, dir, value, now_ms, err))
            return false;
    return true;
}

static bool make_all(const struct call *call, const char *dir, struct error *err)
{
    const char *name = arguments_value(call->arguments, "name");
    const char *dns_names = arguments_value(call->arguments, "dns");
    const int64_t now_ms = clock_wall_ms(call->clock);

    return board_folder_make(dir, name == NULL ? "Board" : name,
               dns_names == NULL ? "localhost,127.0.0.1" : dns_names, now_ms, err) &&
           add_centers(call, dir, now_ms, err) && add_staff(call, dir, now_ms, err);
}

static bool tell(const struct call *call, const char *dir, struct error *err)
{
    struct json *object;
    char path[FILE_PATH_SIZE], digest_hex[DIGEST_TEXT_SIZE];
    struct certificate *root = NULL;
    struct digest digest;
    bool ok;

    if (!path_join(path, dir, "root.pem", err) || (root = certificate_load(path, err)) == NULL)
        return false;
    certificate_digest(root, &digest);
    digest_text(&digest, digest_hex);
    certificate_free(root);
    if (!call->as_json)
        return printf("The board is in %s. Its root certificate has the digest\n  %s\nKeep root.key off "
                      "every network.\n",
                   dir, digest_hex) > 0 ||
               error_set(err, ERROR_IO, "cannot write the result");
    object = json_new_object();
    json_set(object, "board", json_text(dir));
    json_set(object, "root", json_text(digest_hex));
    ok = report_json(object, err);
    json_free(object);
    return ok;
}

static bool run(const struct call *call, struct error *err)
{
    const char *dir = call->arguments->operands[0];
    struct scratch scratch = {""};
    const bool ok = scratch_make(&scratch, dir, err) && make_all(call, scratch.path, err) &&
                    scratch_keep(&scratch, dir, err);

    scratch_remove(&scratch);
    return ok && tell(call, dir, err);
}

const struct command command_init = {
    .name = "init",
    .operands = "DIR",
    .summary = "Make a board: its root, its keys and certificates, and its centers",
    .min_operands = 1,
    .max_operands = 1,
    .options = options,
    .has_json = true,
    .run = run,
};
