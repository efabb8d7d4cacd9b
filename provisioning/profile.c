#include "provisioning/profile.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/json.h"

enum {
    LEVELS_UP = 4,
    SERVER_JSON_MAX_BYTES = 4096
}; /* board/centers/NAME/staff/NAME lies four below the board */

static bool split(struct profile *profile, const char *path, struct error *err)
{
    const char *name = strrchr(path, '/');
    const size_t len = name == NULL ? 0 : (size_t)(name - path);

    name = name == NULL ? path : name + 1;
    if (*name == '\0' || strlen(name) >= sizeof profile->name || len + 1 >= sizeof profile->dir)
        return error_set(err, ERROR_USAGE, "“%s” is not the path of a key without its .key", path);
    (void)snprintf(profile->dir, sizeof profile->dir, "%.*s", len == 0 ? 1 : (int)len,
        name == path ? "."
        : len == 0   ? "/"
                     : path);
    memcpy(profile->name, name, strlen(name) + 1);
    return true;
}

/* The file of that name in dir or the nearest folder above it. */
static bool find_above(const char *dir, const char *file, char path[FILE_PATH_SIZE])
{
    char at[FILE_PATH_SIZE];

    (void)snprintf(at, sizeof at, "%s", dir);
    for (int level = 0; level <= LEVELS_UP; level++) {
        if (path_join(path, at, file, NULL) && access(path, F_OK) == 0)
            return true;
        if (strlen(at) + sizeof "/.." > sizeof at)
            return false;
        memcpy(at + strlen(at), "/..", sizeof "/..");
    }
    return false;
}

static bool find_root(struct profile *profile, struct error *err)
{
    profile->root.max = PEM_MAX_BYTES;
    if (!find_above(profile->dir, "root.pem", profile->root_path))
        return error_set(err, ERROR_USAGE, "there is no root.pem in %s or above it", profile->dir);
    return file_read(profile->root_path, &profile->root, err);
}

static bool read_server(struct profile *profile, const char *path, struct error *err)
{
    struct buffer text = {.max = SERVER_JSON_MAX_BYTES};
    struct json *json = NULL;
    char unused[TRANSPORT_URL_SIZE];
    bool ok = file_read(path, &text, err) && (json = json_parse(buffer_bytes(&text), err)) != NULL;

    if (ok) {
        struct json_reader reader = json_reader(json, "server.json", err);
        (void)json_get_int(&reader, "format", 1, 1);
        json_get_text(&reader, "seats", profile->server, sizeof profile->server);
        json_get_text(
            &reader, "public", unused, sizeof unused); /* for enrolment, which takes it as an option */
        ok = json_done(&reader);
    }
    if (!ok)
        error_prefix(err, "%s", path);
    json_free(json);
    buffer_release(&text);
    return ok;
}

static bool find_server(struct profile *profile, const char *given, struct error *err)
{
    char path[FILE_PATH_SIZE];

    if (given != NULL) {
        if (strlen(given) >= sizeof profile->server)
            return error_set(err, ERROR_USAGE, "the server's address is too long");
        memcpy(profile->server, given, strlen(given) + 1);
        return true;
    }
    if (!find_above(profile->dir, "server.json", path))
        return error_set(err, ERROR_USAGE,
            "which server? Give --server https://host:8443, or put a server.json beside %s",
            profile->root_path);
    return read_server(profile, path, err);
}

/* A folder stands for the one key that is meant: the board's own, or the only one in it. */
static bool find_key(struct profile *profile, const char *folder, struct error *err)
{
    const struct dirent *entry;
    size_t keys = 0;
    DIR *files = opendir(folder);
    char path[FILE_PATH_SIZE];

    if (files == NULL)
        return error_set_errno(err, "cannot list %s", folder);
    (void)snprintf(profile->dir, sizeof profile->dir, "%s", folder);
    while ((entry = readdir(files)) != NULL) {
        const char *suffix = strrchr(entry->d_name, '.');
        if (suffix == NULL || strcmp(suffix, ".key") != 0)
            continue;
        keys++;
        (void)snprintf(
            profile->name, sizeof profile->name, "%.*s", (int)(suffix - entry->d_name), entry->d_name);
    }
    (void)closedir(files); /* only read */
    if (path_join(path, folder, "board.key", NULL) && access(path, F_OK) == 0)
        memcpy(profile->name, "board", sizeof "board");
    else if (keys != 1)
        return error_set(
            err, ERROR_USAGE, "%s has %zu keys: which one? Give its path without .key", folder, keys);
    return true;
}

static bool find_identity(struct profile *profile, const char *path, struct error *err)
{
    struct stat info;

    if (strlen(path) >= sizeof profile->dir)
        return error_set(err, ERROR_USAGE, "the path of --as is too long");
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode) ? find_key(profile, path, err)
                                                           : split(profile, path, err);
}

bool profile_load(struct profile *profile, const struct call *call, struct error *err)
{
    const char *path = arguments_value(call->arguments, "as");

    if (path == NULL)
        path = getenv("CARREL_AS");
    if (path == NULL || *path == '\0')
        return error_set(err, ERROR_USAGE, "as whom? Give --as PATH, or set CARREL_AS");
    return find_identity(profile, path, err) && find_root(profile, err) &&
           find_server(profile, arguments_value(call->arguments, "server"), err);
}

void profile_release(struct profile *profile)
{
    buffer_release(&profile->root);
}

struct trust *profile_trust(const struct profile *profile, struct error *err)
{
    return trust_load(profile->root_path, err);
}

struct identity *profile_identity(const struct profile *profile, struct error *err)
{
    return identity_load(profile->dir, profile->name, err);
}
