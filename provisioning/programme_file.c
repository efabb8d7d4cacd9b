#include "provisioning/programme_file.h"

#include <stdlib.h>
#include <string.h>

#include "core/field.h"
#include "core/file.h"
#include "core/identifier.h"
#include "provisioning/authoring/yaml.h"
#include "provisioning/moment.h"

/* --- one member ----------------------------------------------------------------------------------------- */

static void take_text(const struct yaml_file *file, struct yaml *mapping, const char *name, field_rule *rule,
    const char *should_be, char *text, size_t size)
{
    const struct yaml *member = yaml_need(file, mapping, name, YAML_TEXT);

    if (member == NULL)
        return;
    if (!rule(member->text) || strlen(member->text) >= size)
        mistakes_add(file->mistakes, file->path, member->line, "%s should be %s", name, should_be);
    else
        memcpy(text, member->text, strlen(member->text) + 1);
}

static void take_moment(
    const struct yaml_file *file, struct yaml *mapping, const char *name, int64_t *wall_ms)
{
    const struct yaml *member = yaml_need(file, mapping, name, YAML_TEXT);
    struct error err = {0};

    if (member != NULL && !moment_parse(member->text, NULL, wall_ms, &err))
        mistakes_add(file->mistakes, file->path, member->line, "%s: %s", name, err.text);
}

static unsigned take_number(
    const struct yaml_file *file, struct yaml *mapping, const char *name, int64_t min, int64_t max)
{
    return (unsigned)yaml_need_number(file, mapping, name, min, max);
}

/* --- a title -------------------------------------------------------------------------------------------- */

static void read_exam(const struct yaml_file *file, struct yaml *mapping, struct programme_title *title)
{
    struct yaml *exam;

    title->has_exam = yaml_member(mapping, "exam") != NULL;
    exam = title->has_exam ? yaml_need(file, mapping, "exam", YAML_MAPPING) : NULL;
    if (exam == NULL)
        return;
    title->exam.items = take_number(file, exam, "items", 1, FORM_ITEMS_MAX);
    title->exam.minutes = take_number(file, exam, "minutes", 1, PROGRAMME_MINUTES_MAX);
    title->exam.pass_mark = take_number(file, exam, "pass_mark", 1, 100);
    title->exam.fee = take_number(file, exam, "fee", 0, PROGRAMME_FEE_MAX);
    yaml_no_others(file, exam);
}

static void read_needs(const struct yaml_file *file, struct yaml *mapping, struct programme *programme,
    struct programme_title *title)
{
    const struct yaml *needs =
        yaml_member(mapping, "needs") == NULL ? NULL : yaml_need(file, mapping, "needs", YAML_LIST);
    const size_t above = (size_t)(title - programme->titles);

    for (const struct yaml *need = needs == NULL ? NULL : needs->children; need != NULL; need = need->next) {
        if (need->kind != YAML_TEXT || title->need_count == PROGRAMME_TITLES_MAX ||
            !programme_find(programme, need->text, above, &title->needs[title->need_count]))
            mistakes_add(file->mistakes, file->path, need->line, "%s is no title above this one",
                need->kind == YAML_TEXT ? need->text : "it");
        else
            title->need_count++;
    }
}

static void read_title(const struct yaml_file *file, struct yaml *node, struct programme *programme)
{
    const size_t mistakes_before = file->mistakes->count, index = programme->title_count;
    struct programme_title *title = &programme->titles[index];
    struct error err = {0};

    if (node->kind != YAML_MAPPING) {
        mistakes_add(file->mistakes, file->path, node->line, "a title should have id, name and title");
        return;
    }
    take_text(file, node, "id", identifier_valid, "made of a-z, 0-9, - _ .", title->id, sizeof title->id);
    take_text(
        file, node, "name", field_is_line, "one line of at most 64 bytes", title->name, sizeof title->name);
    take_text(file, node, "title", field_is_line, "one line of at most 256 bytes", title->title,
        sizeof title->title);
    read_exam(file, node, title);
    read_needs(file, node, programme, title);
    if (yaml_member(node, "valid_months") != NULL)
        title->valid_months = take_number(file, node, "valid_months", 1, PROGRAMME_MONTHS_MAX);
    yaml_no_others(file, node);
    programme->title_count++;
    if (file->mistakes->count == mistakes_before && !programme_title_check(programme, index, &err))
        mistakes_add(file->mistakes, file->path, node->line, "%s", err.text);
}

/* --- the whole ------------------------------------------------------------------------------------------ */

static void read_titles(const struct yaml_file *file, struct yaml *root, struct programme *programme)
{
    const struct yaml *titles = yaml_need(file, root, "titles", YAML_LIST);

    if (titles == NULL)
        return;
    if (titles->children == NULL || yaml_count(titles) > PROGRAMME_TITLES_MAX) {
        mistakes_add(file->mistakes, file->path, titles->line, "titles should be a list of 1 to %u",
            PROGRAMME_TITLES_MAX);
        return;
    }
    for (struct yaml *node = titles->children; node != NULL; node = node->next)
        read_title(file, node, programme);
}

static void read_root(const struct yaml_file *file, struct yaml *root, struct programme *programme)
{
    (void)yaml_need_number(file, root, "format", PROGRAMME_FORMAT, PROGRAMME_FORMAT);
    take_text(
        file, root, "id", identifier_valid, "made of a-z, 0-9, - _ .", programme->id, sizeof programme->id);
    take_text(file, root, "title", field_is_line, "one line of at most 256 bytes", programme->title,
        sizeof programme->title);
    take_moment(file, root, "in_force", &programme->in_force_ms);
    take_text(file, root, "currency", currency_valid, "three capitals, like USD", programme->currency,
        sizeof programme->currency);
    programme->retake_after_days = take_number(file, root, "retake_after_days", 0, PROGRAMME_DAYS_MAX);
    read_titles(file, root, programme);
    yaml_no_others(file, root);
}

bool programme_file_read(
    const char *path, struct programme *programme, struct mistakes *mistakes, struct error *err)
{
    struct buffer text = {.max = PROGRAMME_MAX_BYTES};
    struct arena arena = {.max = 16 * PROGRAMME_MAX_BYTES};
    const struct yaml_file file = {.path = path, .first_line = 1, .arena = &arena, .mistakes = mistakes};
    struct yaml *root = NULL;
    bool ok = file_read(path, &text, err);

    *programme = (struct programme){.title_count = 0};
    if (ok)
        root = yaml_parse(buffer_bytes(&text), &file);
    if (root != NULL)
        read_root(&file, root, programme);
    mistakes_sort(mistakes);
    arena_release(&arena);
    buffer_release(&text);
    return ok && (!mistakes->failed || error_set(err, ERROR_NOMEM, "out of memory"));
}

struct programme *programme_file_load(const char *path, struct error *err)
{
    struct programme *programme = malloc(sizeof *programme);
    struct mistakes mistakes = {.count = 0};
    bool ok = programme != NULL || error_set(err, ERROR_NOMEM, "out of memory");

    ok = ok && programme_file_read(path, programme, &mistakes, err);
    if (ok && mistakes.count > 0) {
        mistakes_print(&mistakes, stderr);
        ok = error_set(
            err, ERROR_FORMAT, "%s: %zu mistake%s", path, mistakes.count, mistakes.count == 1 ? "" : "s");
    }
    mistakes_release(&mistakes);
    if (ok)
        return programme;
    free(programme);
    return NULL;
}
