#include "kiosk/sync/outbox.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

static const char *const suffixes[OUTBOX_KINDS] = {
    [OUTBOX_RESULT] = ".result",
    [OUTBOX_JOURNAL] = ".journal",
    [OUTBOX_STATUS] = ".status",
};

bool outbox_parse_name(const char *name, struct outbox_file *file)
{
    const char *suffix = strchr(name, '.');
    const size_t len = suffix == NULL ? 0 : (size_t)(suffix - name);
    struct outbox_file found = {.kind = OUTBOX_KINDS};
    char session[SESSION_ID_SIZE];
    unsigned epoch;

    if (len == 0 || len >= sizeof found.id || strlen(name) >= sizeof found.name)
        return false;
    for (int kind = 0; kind < OUTBOX_KINDS; kind++)
        if (strcmp(suffix, suffixes[kind]) == 0)
            found.kind = (enum outbox_kind)kind;
    memcpy(found.id, name, len);
    memcpy(found.name, name, strlen(name) + 1);
    if (found.kind == OUTBOX_KINDS || !object_id_parse(found.id, session, &epoch))
        return false;
    *file = found;
    return true;
}

static int by_kind_and_name(const void *a, const void *b)
{
    const struct outbox_file *first = a, *second = b;

    if (first->kind != second->kind)
        return first->kind < second->kind ? -1 : 1;
    return strcmp(first->name, second->name);
}

static bool has_result(const struct outbox *outbox, const char *id)
{
    for (size_t i = 0; i < outbox->count && outbox->files[i].kind == OUTBOX_RESULT; i++)
        if (strcmp(outbox->files[i].id, id) == 0)
            return true;
    return false;
}

static void drop_outdone_journals(struct outbox *outbox)
{
    size_t kept = 0;

    for (size_t i = 0; i < outbox->count; i++)
        if (outbox->files[i].kind != OUTBOX_JOURNAL || !has_result(outbox, outbox->files[i].id))
            outbox->files[kept++] = outbox->files[i];
    outbox->count = kept;
}

static void read_entries(DIR *folder, struct outbox *outbox)
{
    const struct dirent *entry;

    while (outbox->count < OUTBOX_MAX && (entry = readdir(folder)) != NULL) {
        struct outbox_file *file = &outbox->files[outbox->count];
        if (outbox_parse_name(entry->d_name, file) &&
            fstatat(dirfd(folder), entry->d_name, &file->file, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISREG(file->file.st_mode))
            outbox->count++;
    }
}

bool outbox_list(const struct seat_folder *folder, struct outbox *outbox, struct error *err)
{
    struct outbox found = {.files = calloc(OUTBOX_MAX, sizeof *found.files)};
    char path[FILE_PATH_SIZE];
    DIR *entries = NULL;

    if (found.files == NULL)
        return error_set(err, ERROR_NOMEM, "out of memory");
    if (!seat_folder_path(folder, path, FOLDER_OUT, NULL, err) || (entries = opendir(path)) == NULL) {
        free(found.files);
        return error_set_errno(err, "cannot list %s", path);
    }
    read_entries(entries, &found);
    (void)closedir(entries); /* only read */
    qsort(found.files, found.count, sizeof *found.files, by_kind_and_name);
    drop_outdone_journals(&found);
    *outbox = found;
    return true;
}

void outbox_release(struct outbox *outbox)
{
    free(outbox->files);
    *outbox = (struct outbox){NULL, 0};
}
