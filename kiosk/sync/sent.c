#include "kiosk/sync/sent.h"

#include <stdlib.h>
#include <string.h>

static bool is_same(const struct sent *sent, const struct outbox_file *file)
{
    return strcmp(sent->name, file->name) == 0 && sent->file.st_ino == file->file.st_ino &&
           sent->file.st_size == file->file.st_size &&
           sent->file.st_mtim.tv_sec == file->file.st_mtim.tv_sec &&
           sent->file.st_mtim.tv_nsec == file->file.st_mtim.tv_nsec;
}

static struct sent recall(const struct sent_list *list, const struct outbox_file *file)
{
    struct sent fresh = {.file = file->file};

    for (size_t i = 0; i < list->count; i++)
        if (is_same(&list->items[i], file))
            return list->items[i];
    memcpy(fresh.name, file->name, sizeof fresh.name);
    return fresh;
}

bool sent_list_fit(struct sent_list *list, const struct outbox *outbox, struct error *err)
{
    struct sent *items = calloc(outbox->count == 0 ? 1 : outbox->count, sizeof *items);

    if (items == NULL)
        return error_set(err, ERROR_NOMEM, "out of memory");
    for (size_t i = 0; i < outbox->count; i++)
        items[i] = recall(list, &outbox->files[i]);
    free(list->items);
    *list = (struct sent_list){items, outbox->count};
    return true;
}

void sent_list_release(struct sent_list *list)
{
    free(list->items);
    *list = (struct sent_list){NULL, 0};
}
