/* exam.yaml. */
#include <string.h>

#include "core/exam_names.h"
#include "core/field.h"
#include "core/identifier.h"
#include "provisioning/authoring/bank.h"
#include "provisioning/authoring/markdown.h"
#include "provisioning/authoring/yaml.h"

enum { FORMAT = 1, IDENTIFIER_MAX = 32, MINUTES_MAX = 24 * 60 };

/* --- texts ---------------------------------------------------------------------------------------------- */

static const char *need_line(const struct yaml_file *file, struct yaml *mapping, const char *name)
{
    const struct yaml *member = yaml_need(file, mapping, name, YAML_TEXT);

    if (member == NULL)
        return "";
    if (!field_is_line(member->text) || strlen(member->text) >= NAME_SIZE)
        mistakes_add(file->mistakes, file->path, member->line, "%s should be one line of at most %d bytes",
            name, NAME_SIZE - 1);
    return member->text;
}

static const char *need_identifier(const struct yaml_file *file, struct yaml *mapping, const char *name)
{
    const struct yaml *member = yaml_need(file, mapping, name, YAML_TEXT);

    if (member == NULL)
        return "";
    if (!identifier_valid(member->text))
        mistakes_add(file->mistakes, file->path, member->line, "%s should be made of a-z, 0-9, - _ .", name);
    return member->text;
}

/* An optional text in Markdown. */
static void read_markdown(
    const struct yaml_file *file, struct yaml *mapping, const char *name, struct blocks *blocks)
{
    const struct yaml *member = yaml_member(mapping, name);
    struct markdown markdown;

    if (member == NULL)
        return;
    if (member->kind != YAML_TEXT)
        mistakes_add(file->mistakes, file->path, member->line, "%s should be a text", name);
    else if (markdown_parse(member->text, strlen(member->text), file->path, member->text_line, file->arena,
                 file->mistakes, &markdown))
        (void)markdown_blocks(
            markdown.items, markdown.count, file->path, file->arena, file->mistakes, blocks);
}

/* --- objectives ----------------------------------------------------------------------------------------- */

static void read_draw(const struct yaml_file *file, struct yaml *node, struct source_draw *draw)
{
    draw->line = node->line;
    if (node->kind != YAML_MAPPING) {
        mistakes_add(
            file->mistakes, file->path, node->line, "a draw should be {count: …, difficulty: …, task: …}");
        return;
    }
    draw->count = (unsigned)yaml_need_number(file, node, "count", 1, FORM_ITEMS_MAX);
    draw->has_difficulty = yaml_member(node, "difficulty") != NULL;
    if (draw->has_difficulty)
        draw->difficulty =
            (enum difficulty)yaml_need_enum(file, node, "difficulty", difficulty_names, DIFFICULTIES);
    draw->has_task = yaml_member(node, "task") != NULL;
    if (draw->has_task)
        draw->task = (enum task)yaml_need_enum(file, node, "task", task_names, TASKS);
    yaml_no_others(file, node);
}

/* A whole number is one selection without conditions. */
static void read_draws(const struct yaml_file *file, struct yaml *mapping, struct source_objective *objective)
{
    struct yaml *draws = yaml_member(mapping, "draw");
    const bool is_number = draws != NULL && draws->kind == YAML_TEXT;
    const size_t count = draws == NULL ? 0 : is_number ? 1 : yaml_count(draws);
    size_t i = 0;

    if (draws == NULL || draws->kind == YAML_MAPPING || count == 0 || count > SELECTIONS_MAX) {
        mistakes_add(file->mistakes, file->path, draws == NULL ? mapping->line : draws->line,
            "draw should be a number, or a list of 1 to %u draws", SELECTIONS_MAX);
        return;
    }
    objective->draws = arena_array(file->arena, count, sizeof *objective->draws);
    if (objective->draws == NULL)
        return;
    objective->draw_count = count;
    if (is_number) {
        objective->draws[0].line = draws->line;
        objective->draws[0].count = (unsigned)yaml_need_number(file, mapping, "draw", 1, FORM_ITEMS_MAX);
        return;
    }
    for (struct yaml *child = draws->children; child != NULL; child = child->next)
        read_draw(file, child, &objective->draws[i++]);
}

static void read_objective(const struct yaml_file *file, struct yaml *node, struct bank *bank)
{
    struct source_objective *objective = &bank->objectives[bank->objective_count];

    if (node->kind != YAML_MAPPING) {
        mistakes_add(file->mistakes, file->path, node->line, "an objective should have id, title and draw");
        return;
    }
    objective->line = node->line;
    objective->identifier = need_identifier(file, node, "id");
    objective->title = need_line(file, node, "title");
    read_draws(file, node, objective);
    yaml_no_others(file, node);
    for (size_t i = 0; i < bank->objective_count; i++)
        if (strcmp(bank->objectives[i].identifier, objective->identifier) == 0)
            mistakes_add(file->mistakes, file->path, node->line,
                "the objective %s is there twice, first in line %u", objective->identifier,
                bank->objectives[i].line);
    bank->objective_count++;
}

static void read_objectives(const struct yaml_file *file, struct yaml *root, struct bank *bank)
{
    struct yaml *list = yaml_need(file, root, "objectives", YAML_LIST);

    if (list == NULL)
        return;
    bank->objectives_line = list->line;
    if (list->children == NULL || yaml_count(list) > SECTIONS_MAX) {
        mistakes_add(
            file->mistakes, file->path, list->line, "objectives should be a list of 1 to %u", SECTIONS_MAX);
        return;
    }
    bank->objectives = arena_array(file->arena, yaml_count(list), sizeof *bank->objectives);
    if (bank->objectives == NULL)
        return;
    for (struct yaml *child = list->children; child != NULL; child = child->next)
        read_objective(file, child, bank);
}

/* --- survey --------------------------------------------------------------------------------------------- */

static void read_survey_choices(
    const struct yaml_file *file, struct yaml *node, struct survey_question *question)
{
    const struct yaml *list = yaml_need(file, node, "choices", YAML_LIST);
    const char **choices;

    if (list == NULL)
        return;
    if (yaml_count(list) < 2 || yaml_count(list) > CHOICES_MAX) {
        mistakes_add(
            file->mistakes, file->path, list->line, "choices should be a list of 2 to %u", CHOICES_MAX);
        return;
    }
    choices = arena_array(file->arena, yaml_count(list), sizeof *choices);
    for (const struct yaml *child = list->children; choices != NULL && child != NULL; child = child->next) {
        if (child->kind != YAML_TEXT || !field_is_line(child->text) || strlen(child->text) >= NAME_SIZE)
            mistakes_add(file->mistakes, file->path, child->line, "a choice should be one line");
        else
            choices[question->choice_count++] = child->text;
    }
    question->choices = choices;
}

static void read_question(const struct yaml_file *file, struct yaml *node, struct bank *bank)
{
    struct survey_question *question = &bank->survey[bank->survey_count];

    if (node->kind != YAML_MAPPING) {
        mistakes_add(file->mistakes, file->path, node->line, "a question should have id, ask and choices");
        return;
    }
    question->identifier = need_identifier(file, node, "id");
    question->ask = need_line(file, node, "ask");
    read_survey_choices(file, node, question);
    yaml_no_others(file, node);
    for (size_t i = 0; i < bank->survey_count; i++)
        if (strcmp(bank->survey[i].identifier, question->identifier) == 0)
            mistakes_add(file->mistakes, file->path, node->line, "the question %s is there twice",
                question->identifier);
    bank->survey_count++;
}

static void read_survey(const struct yaml_file *file, struct yaml *root, struct bank *bank)
{
    struct yaml *list = yaml_member(root, "survey");

    if (list == NULL)
        return;
    if (list->kind != YAML_LIST || yaml_count(list) > SURVEY_MAX) {
        mistakes_add(file->mistakes, file->path, list->line,
            "survey should be a list of at most %u questions", SURVEY_MAX);
        return;
    }
    bank->survey = arena_array(file->arena, yaml_count(list), sizeof *bank->survey);
    for (struct yaml *child = list->children; bank->survey != NULL && child != NULL; child = child->next)
        read_question(file, child, bank);
}

/* --- the whole ------------------------------------------------------------------------------------------ */

static void read_identifier(const struct yaml_file *file, struct yaml *root, struct bank *bank)
{
    const struct yaml *member = yaml_need(file, root, "id", YAML_TEXT);

    bank->identifier = member == NULL ? "" : member->text;
    if (member == NULL)
        return;
    if (!identifier_valid(member->text) || strlen(member->text) > IDENTIFIER_MAX ||
        strpbrk(member->text, "._:") != NULL)
        mistakes_add(file->mistakes, file->path, member->line,
            "id should be made of a-z, 0-9 and -, at most %d", IDENTIFIER_MAX);
}

static void read_language(const struct yaml_file *file, struct yaml *root, struct bank *bank)
{
    const struct yaml *member = yaml_need(file, root, "language", YAML_TEXT);

    bank->language = member == NULL ? "" : member->text;
    if (member != NULL && (!field_is_language(member->text) || strlen(member->text) >= IDENTIFIER_SIZE))
        mistakes_add(
            file->mistakes, file->path, member->line, "language should be a tag such as en or de-AT");
}

static void read_nda(const struct yaml_file *file, struct yaml *root, struct bank *bank)
{
    const struct yaml *minutes = yaml_member(root, "nda_minutes");

    read_markdown(file, root, "nda", &bank->nda);
    if (minutes == NULL)
        return;
    bank->nda_minutes = (unsigned)yaml_need_number(file, root, "nda_minutes", 1, MINUTES_MAX);
    if (yaml_member(root, "nda") == NULL)
        mistakes_add(file->mistakes, file->path, minutes->line, "nda_minutes without an nda");
}

static void read_root(const struct yaml_file *file, struct yaml *root, struct bank *bank)
{
    (void)yaml_need_number(file, root, "format", FORMAT, FORMAT);
    read_identifier(file, root, bank);
    bank->version = need_identifier(file, root, "version");
    bank->title = need_line(file, root, "title");
    bank->short_title = need_line(file, root, "short");
    read_language(file, root, bank);
    bank->is_public = yaml_flag(file, root, "public", false);
    bank->time_limit_minutes = (unsigned)yaml_need_number(file, root, "time_limit_minutes", 1, MINUTES_MAX);
    bank->pass_mark = (unsigned)yaml_need_number(file, root, "pass_mark", 1, 100);
    bank->result_policy =
        (enum result_policy)yaml_need_enum(file, root, "result_policy", result_policy_names, RESULT_POLICIES);
    bank->source = yaml_member(root, "source") == NULL ? "" : need_line(file, root, "source");
    read_objectives(file, root, bank);
    read_nda(file, root, bank);
    read_markdown(file, root, "tutorial", &bank->tutorial);
    read_survey(file, root, bank);
    yaml_no_others(file, root);
}

void bank_read_exam(struct bank *bank, struct bytes content, struct mistakes *mistakes)
{
    const struct yaml_file file = {
        .path = bank->file, .first_line = 1, .arena = &bank->arena, .mistakes = mistakes};
    struct yaml *root = yaml_parse(content, &file);

    bank->identifier = bank->version = bank->title = bank->short_title = bank->language = bank->source = "";
    bank->time_limit_minutes = bank->pass_mark = bank->objectives_line = 1;
    if (root != NULL)
        read_root(&file, root, bank);
}
