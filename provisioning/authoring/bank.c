#include "provisioning/authoring/bank.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "core/crypto/digest.h"
#include "core/encoding.h"
#include "core/file.h"
#include "core/identifier.h"

enum { SOURCE_MAX_BYTES = 256 * 1024 };

const char *const difficulty_names[DIFFICULTIES] = {
    [DIFFICULTY_EASY] = "easy",
    [DIFFICULTY_MEDIUM] = "medium",
    [DIFFICULTY_HARD] = "hard",
};
const char *const level_names[LEVELS] = {
    [LEVEL_REMEMBER] = "remember",
    [LEVEL_UNDERSTAND] = "understand",
    [LEVEL_APPLY] = "apply",
    [LEVEL_ANALYSE] = "analyse",
    [LEVEL_EVALUATE] = "evaluate",
};
const char *const task_names[TASKS] = {
    [TASK_OUTPUT] = "output",
    [TASK_ERROR] = "error",
    [TASK_CONCEPT] = "concept",
    [TASK_COMPLETE] = "complete",
    [TASK_TRACE] = "trace",
};

/* No character goes over the end of a line, so each line can be looked at alone. */
static bool check_utf8(const char *path, struct bytes content, struct mistakes *mistakes)
{
    const char *at = (const char *)content.data, *const end = at + content.len;
    bool ok = true;

    for (unsigned line = 1; at < end; line++) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const size_t len = newline == NULL ? (size_t)(end - at) : (size_t)(newline - at);
        if (!utf8_valid(at, len))
            ok = mistakes_add(mistakes, path, line, "not UTF-8");
        at += len + 1;
    }
    return ok;
}

/* Reads the file within its bound, or notes why not. */
static bool read_source(const char *path, struct buffer *content, struct mistakes *mistakes)
{
    struct error err = {0};

    if (!file_read(path, content, &err))
        return mistakes_add(mistakes, path, 1, "%s", err.text);
    return content->len == 0 || check_utf8(path, buffer_bytes(content), mistakes);
}

/* --- items/ --------------------------------------------------------------------------------------------- */

static bool is_item_name(const char *name)
{
    const size_t len = strlen(name);

    return len > 3 && strcmp(name + len - 3, ".md") == 0;
}

/* strcmp, and not the locale's order: the exam's items are in this one. */
static int compare_names(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static void read_item(struct bank *bank, const char *name, struct mistakes *mistakes)
{
    struct source_item *item = &bank->items[bank->item_count];
    struct buffer content = {.max = SOURCE_MAX_BYTES};

    item->identifier = arena_text(&bank->arena, name, strlen(name) - strlen(".md"));
    if (item->identifier == NULL)
        return;
    if (!identifier_valid(item->identifier))
        mistakes_add(mistakes, item->file, 1, "the file's name is the item's id: only a-z, 0-9, - _ .");
    if (read_source(item->file, &content, mistakes)) {
        bank_read_item(bank, buffer_bytes(&content), item, mistakes);
        bank->item_count++;
    }
    buffer_release(&content);
}

static void read_entry(struct bank *bank, const char *dir, const char *name, struct mistakes *mistakes)
{
    char path[FILE_PATH_SIZE];

    if (!path_join(path, dir, name, NULL) || bank->item_count == ITEMS_MAX) {
        mistakes_add(mistakes, dir, 1, "too many items, or too long a path: %s", name);
        return;
    }
    bank->items[bank->item_count] =
        (struct source_item){.file = arena_text(&bank->arena, path, strlen(path))};
    if (bank->items[bank->item_count].file == NULL)
        return;
    if (is_item_name(name))
        read_item(bank, name, mistakes);
    else
        mistakes_add(mistakes, path, 1, "not an item: its name does not end in .md");
}

/* ".md" sorts behind the ends of shorter names, so the identifiers are sorted once more. */
static int compare_items(const void *a, const void *b)
{
    return strcmp(((const struct source_item *)a)->identifier, ((const struct source_item *)b)->identifier);
}

static bool read_items(struct bank *bank, const char *dir, struct mistakes *mistakes, struct error *err)
{
    struct dirent **entries = NULL;
    const int count = scandir(dir, &entries, is_visible, compare_names);

    if (count < 0)
        return error_set_errno(err, "cannot read %s", dir);
    bank->items = arena_array(&bank->arena, (size_t)count + 1, sizeof *bank->items);
    for (int i = 0; i < count; i++) {
        if (bank->items != NULL)
            read_entry(bank, dir, entries[i]->d_name, mistakes);
        free(entries[i]);
    }
    free(entries);
    if (bank->items != NULL)
        qsort(bank->items, bank->item_count, sizeof *bank->items, compare_items);
    return !bank->arena.failed || error_set(err, ERROR_NOMEM, "out of memory");
}

/* --- the folder ----------------------------------------------------------------------------------------- */

bool bank_load(const char *dir, struct bank *bank, struct mistakes *mistakes, struct error *err)
{
    struct buffer content = {.max = SOURCE_MAX_BYTES};
    char path[FILE_PATH_SIZE];
    bool ok = false;

    *bank = (struct bank){.dir = dir};
    if (!path_join(path, dir, "exam.yaml", err) || !file_read(path, &content, err))
        goto done;
    bank->file = arena_text(&bank->arena, path, strlen(path));
    if (bank->file == NULL) {
        error_set(err, ERROR_NOMEM, "out of memory");
        goto done;
    }
    bank_read_exam(bank, buffer_bytes(&content), mistakes);
    ok = path_join(path, dir, "items", err) && read_items(bank, path, mistakes, err);
done:
    buffer_release(&content);
    return ok;
}

void bank_release(struct bank *bank)
{
    arena_release(&bank->arena);
    *bank = (struct bank){0};
}

static int compare_identifier(const void *identifier, const void *item)
{
    return strcmp(identifier, ((const struct source_item *)item)->identifier);
}

bool bank_find(const struct bank *bank, const char *identifier, size_t *index)
{
    const struct source_item *item = NULL;

    if (bank->item_count > 0)
        item = bsearch(identifier, bank->items, bank->item_count, sizeof *item, compare_identifier);
    if (item == NULL)
        return false;
    *index = (size_t)(item - bank->items);
    return true;
}
