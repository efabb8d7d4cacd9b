#include "core/seat_folder.h"

#include <string.h>

#include "core/json.h"
#include "core/outfile.h"

enum { SEAT_JSON_MAX_BYTES = 4096 };

static bool decode(struct bytes text, struct seat_folder *folder, struct error *err)
{
    struct json *json = json_parse(text, err);
    struct json_reader reader = json_reader(json, "seat.json", err);
    bool ok;

    if (json == NULL)
        return false;
    (void)json_get_int(&reader, "format", 1, 1);
    json_get_text(&reader, "center", folder->center, sizeof folder->center);
    json_get_text(&reader, "seat", folder->seat, sizeof folder->seat);
    json_get_text(&reader, "server", folder->server, sizeof folder->server);
    json_get_text(&reader, "public", folder->public_server, sizeof folder->public_server);
    folder->is_developer = json_get_bool(&reader, "developer");
    ok = json_done(&reader);
    json_free(json);
    return ok;
}

bool seat_folder_load(const char *path, struct seat_folder *folder, struct error *err)
{
    struct seat_folder found = {0};
    struct buffer text = {.max = SEAT_JSON_MAX_BYTES};
    char file[FILE_PATH_SIZE];
    bool ok = false;

    if (!path_join(file, path, "seat.json", err))
        return false;
    if (file_read(file, &text, err))
        ok = decode(buffer_bytes(&text), &found, err);
    else
        error_prefix(err, "%s is not the folder of an enrolled seat", path);
    buffer_release(&text);
    if (!ok)
        return false;
    memcpy(found.path, path, strlen(path) + 1); /* it fitted into file */
    *folder = found;
    return true;
}

bool seat_folder_save(const struct seat_folder *folder, struct error *err)
{
    struct json *json = json_new_object();
    struct buffer text = {.max = SEAT_JSON_MAX_BYTES};
    char file[FILE_PATH_SIZE];
    bool ok;

    json_set(json, "format", json_int(1));
    json_set(json, "center", json_text(folder->center));
    json_set(json, "seat", json_text(folder->seat));
    json_set(json, "server", json_text(folder->server));
    json_set(json, "public", json_text(folder->public_server));
    json_set(json, "developer", json_bool(folder->is_developer));
    ok = json_write(json, &text, err) && path_join(file, folder->path, "seat.json", err) &&
         outfile_save(file, 0644, buffer_bytes(&text), err);
    buffer_release(&text);
    json_free(json);
    return ok;
}

bool seat_folder_path(const struct seat_folder *folder, char path[FILE_PATH_SIZE], const char *part,
    const char *name, struct error *err)
{
    char dir[FILE_PATH_SIZE];

    if (name == NULL)
        return path_join(path, folder->path, part, err);
    return path_join(dir, folder->path, part, err) && path_join(path, dir, name, err);
}
