#include "provisioning/carry.h"

#include <string.h>

#include "core/outfile.h"

static bool make_folders(const char *stick, struct error *err)
{
    static const char *const parts[] = {FOLDER_PACKAGES, FOLDER_TICKETS, FOLDER_RECEIPTS, FOLDER_OUT};
    char path[FILE_PATH_SIZE];

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (!path_join(path, stick, parts[i], err) || !folder_make(path, 0755, err))
            return false;
    return true;
}

struct inbox *carry_open(const char *stick, struct bytes root, const char *center, struct error *err)
{
    struct seat_folder folder = {.path = ""};
    char path[FILE_PATH_SIZE];

    if (!make_folders(stick, err) || !path_join(path, stick, "root.pem", err) ||
        !outfile_save(path, 0644, root, err))
        return NULL;
    memcpy(folder.path, stick, strlen(stick) + 1); /* it fitted into path */
    (void)snprintf(folder.center, sizeof folder.center, "%s", center);
    return inbox_open(&folder, err);
}

bool carry_is_result(const char *name, char id[OBJECT_ID_SIZE], bool *is_journal)
{
    const char *suffix = strchr(name, '.');
    char session[SESSION_ID_SIZE];
    unsigned epoch;

    if (suffix == NULL || suffix - name >= OBJECT_ID_SIZE ||
        (strcmp(suffix, ".result") != 0 && strcmp(suffix, ".journal") != 0))
        return false;
    memcpy(id, name, (size_t)(suffix - name));
    id[suffix - name] = '\0';
    *is_journal = strcmp(suffix, ".journal") == 0;
    return object_id_parse(id, session, &epoch);
}

bool carry_path(
    const char *stick, const char *part, const char *name, char path[FILE_PATH_SIZE], struct error *err)
{
    char folder[FILE_PATH_SIZE];

    return path_join(folder, stick, part, err) && path_join(path, folder, name, err);
}

static bool is_equal(const char *path, struct bytes content)
{
    struct buffer found = {.max = content.len};
    bool equal = file_read(path, &found, NULL) && bytes_equal(buffer_bytes(&found), content);

    buffer_release(&found);
    return equal;
}

bool carry_copy(const char *from, const char *to, size_t max, bool *copied, struct error *err)
{
    struct buffer content = {.max = max};
    bool ok = file_read(from, &content, err);
    bool is_there = ok && is_equal(to, buffer_bytes(&content));

    if (ok && !is_there)
        ok = outfile_save(to, 0644, buffer_bytes(&content), err);
    buffer_release(&content);
    if (ok && copied != NULL)
        *copied = !is_there;
    return ok;
}
