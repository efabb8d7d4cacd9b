/* items/NAME.md: a YAML head between two lines of ---, then Markdown. */
#include <ctype.h>
#include <string.h>

#include "core/crypto/digest.h"
#include "core/exam_names.h"
#include "core/identifier.h"
#include "provisioning/authoring/bank.h"
#include "provisioning/authoring/listing.h"
#include "provisioning/authoring/markdown.h"
#include "provisioning/authoring/yaml.h"

#define FENCE "---"
#define NEEDS_ARE "needs should be a list of words: display, mysql"

/* The two parts of a file. */
struct parts {
    struct bytes head, body;
    unsigned head_line, body_line;
};

struct reader {
    struct bank *bank;
    struct source_item *item;
    struct mistakes *mistakes;
    struct yaml_file file; /* of the head */
};

static bool note(const struct reader *reader, unsigned line, const char *reason)
{
    return mistakes_add(reader->mistakes, reader->item->file, line, "%s", reason);
}

/* --- the two parts -------------------------------------------------------------------------------------- */

static bool is_fence(const char *line, size_t len)
{
    while (len > 0 && (line[len - 1] == ' ' || line[len - 1] == '\r'))
        len--;
    return len == strlen(FENCE) && memcmp(line, FENCE, len) == 0;
}

static bool split(const struct reader *reader, struct bytes content, struct parts *parts)
{
    const char *text = content.len == 0 ? "" : (const char *)content.data;
    size_t at = 0;

    for (unsigned line = 1; at < content.len; line++) {
        const char *end = memchr(text + at, '\n', content.len - at);
        const size_t len = end == NULL ? content.len - at : (size_t)(end - text) - at;
        const size_t next = at + len + (end != NULL);
        if (line == 1 && !is_fence(text + at, len))
            break;
        if (line > 1 && is_fence(text + at, len)) {
            parts->head = bytes_of(content.data + parts->head.len, at - parts->head.len);
            parts->body = bytes_of(content.data + next, content.len - next);
            parts->body_line = line + 1;
            return true;
        }
        if (line == 1)
            parts->head.len = next; /* where the head begins */
        at = next;
    }
    return note(reader, 1, at == 0 ? "the first line should be ---" : "the head has no end: a line of ---");
}

/* --- the head ------------------------------------------------------------------------------------------- */

static void read_identity(const struct reader *reader, struct yaml *head)
{
    const char *identifier = yaml_need_text(&reader->file, head, "id");
    const struct yaml *member = yaml_member(head, "id");

    if (member != NULL && identifier[0] != '\0' && strcmp(identifier, reader->item->identifier) != 0)
        mistakes_add(reader->mistakes, reader->item->file, member->line,
            "id should be %s, as the file is named", reader->item->identifier);
}

/* Letters of choices; whether there is such a choice is seen with the body. */
static void read_key(const struct reader *reader, struct yaml *head)
{
    const struct yaml *list = yaml_need(&reader->file, head, "key", YAML_LIST);

    reader->item->key_line = list == NULL ? head->line : list->line;
    if (list == NULL)
        return;
    if (list->children == NULL)
        note(reader, list->line, "key is empty");
    for (const struct yaml *child = list->children; child != NULL; child = child->next) {
        const size_t index = child->kind == YAML_TEXT && strlen(child->text) == 1
                                 ? (size_t)(child->text[0] - 'A')
                                 : SOURCE_CHOICES_MAX;
        if (index >= SOURCE_CHOICES_MAX)
            note(reader, child->line, "key should be letters of choices: A, B, C …");
        else if (reader->item->choices[index].is_key)
            note(reader, child->line, "key names a choice twice");
        else
            reader->item->choices[index].is_key = true;
        reader->item->key_count++;
    }
}

static bool is_exception_name(const char *text)
{
    for (const char *at = text; *at != '\0'; at++)
        if (!isalnum((unsigned char)*at) && *at != '_' && *at != '.')
            return false;
    return isalpha((unsigned char)text[0]) != 0;
}

static void read_verify(const struct reader *reader, struct yaml *head)
{
    static const char *const names[] = {"run"};
    const struct yaml *verify = yaml_member(head, "verify"), *raises = yaml_member(head, "raises");

    reader->item->verify_line = verify == NULL ? head->line : verify->line;
    if (verify != NULL) {
        (void)yaml_need_enum(&reader->file, head, "verify", names, 1);
        reader->item->is_run = verify->kind == YAML_TEXT && strcmp(verify->text, "run") == 0;
    }
    if (raises == NULL)
        return;
    if (verify == NULL)
        note(reader, raises->line, "raises without verify: run");
    if (raises->kind == YAML_TEXT && is_exception_name(raises->text)) {
        reader->item->raises = raises->text;
        return;
    }
    note(reader, raises->line, "raises should be the name of an exception");
    reader->item->is_run = false; /* what to compare with is not known */
}

static void read_need(const struct reader *reader, const struct yaml *word)
{
    for (enum need need = 0; word->kind == YAML_TEXT && need < NEED_WORDS; need++)
        if (strcmp(word->text, need_words[need]) == 0) {
            reader->item->needs |= NEED(need);
            return;
        }
    note(reader, word->line, NEEDS_ARE);
}

static void read_needs(const struct reader *reader, struct yaml *head)
{
    const struct yaml *list = yaml_member(head, "needs");

    if (list == NULL)
        return;
    reader->item->needs_line = list->line;
    if (yaml_member(head, "verify") == NULL)
        note(reader, list->line, "needs without verify: run");
    if (list->kind != YAML_LIST)
        note(reader, list->line, NEEDS_ARE);
    for (const struct yaml *word = list->children; word != NULL; word = word->next)
        read_need(reader, word);
}

static void read_enemies(const struct reader *reader, struct yaml *head)
{
    const struct yaml *list = yaml_member(head, "enemies");
    const char **names;

    if (list == NULL)
        return;
    reader->item->enemies_line = list->line;
    if (list->kind != YAML_LIST || yaml_count(list) > ENEMIES_MAX) {
        note(reader, list->line, "enemies should be a list of ids");
        return;
    }
    names = arena_array(&reader->bank->arena, yaml_count(list), sizeof *names);
    for (const struct yaml *child = list->children; names != NULL && child != NULL; child = child->next) {
        if (child->kind != YAML_TEXT)
            note(reader, child->line, "enemies should be a list of ids");
        else
            names[reader->item->enemy_count++] = child->text;
    }
    reader->item->enemies = names;
}

static void read_rationale(const struct reader *reader, struct yaml *head)
{
    const char *text = yaml_need_text(&reader->file, head, "rationale");
    const struct yaml *member = yaml_member(head, "rationale");
    struct markdown markdown;

    if (text[0] != '\0' && markdown_parse(text, strlen(text), reader->item->file, member->text_line,
                               &reader->bank->arena, reader->mistakes, &markdown))
        (void)markdown_blocks(markdown.items, markdown.count, reader->item->file, &reader->bank->arena,
            reader->mistakes, &reader->item->rationale);
}

static void read_head(struct reader *reader, struct yaml *head)
{
    struct source_item *item = reader->item;
    const struct yaml_file *file = &reader->file;
    const struct yaml *member;

    read_identity(reader, head);
    item->objective = yaml_need_text(file, head, "objective");
    member = yaml_member(head, "objective");
    item->objective_line = member == NULL ? head->line : member->line;
    (void)yaml_need_enum(file, head, "interaction", interaction_type_names, INTERACTION_TYPES);
    read_key(reader, head);
    item->points = (unsigned)yaml_need_number(file, head, "points", 1, POINTS_MAX);
    member = yaml_member(head, "points");
    item->points_line = member == NULL ? head->line : member->line;
    item->difficulty =
        (enum difficulty)yaml_need_enum(file, head, "difficulty", difficulty_names, DIFFICULTIES);
    item->level = (enum level)yaml_need_enum(file, head, "level", level_names, LEVELS);
    item->task = (enum task)yaml_need_enum(file, head, "task", task_names, TASKS);
    item->use = (enum item_use)yaml_need_enum(file, head, "use", item_use_names, ITEM_USES);
    read_verify(reader, head);
    read_needs(reader, head);
    read_enemies(reader, head);
    item->shuffle = yaml_flag(file, head, "shuffle", true);
    read_rationale(reader, head);
    yaml_no_others(file, head);
}

/* --- the body ------------------------------------------------------------------------------------------- */

/* As a person reads it, for the lint and for what a program printed. */
static const char *text_of(const struct blocks *blocks, struct arena *arena)
{
    struct buffer text = {.max = BLOCK_TEXT_MAX_BYTES};
    const char *copy = NULL;

    for (size_t i = 0; i < blocks->count; i++) {
        for (size_t k = 0; k < blocks->items[i].run_count; k++)
            buffer_add_text(&text, blocks->items[i].runs[k].text);
        (void)listing_text(&blocks->items[i], &text); /* of other blocks: nothing */
    }
    if (!text.failed)
        copy = arena_text(arena, buffer_text(&text), text.len);
    buffer_release(&text);
    return copy == NULL ? "" : copy;
}

static void read_choice(const struct reader *reader, const struct marked *marked, size_t count, size_t index)
{
    struct source_choice *choice = &reader->item->choices[index];
    struct block *block = arena_alloc(&reader->bank->arena, sizeof *block);

    choice->line = marked->line;
    if (count > 1)
        mistakes_add(reader->mistakes, reader->item->file, marked->line,
            "choice %c should be one paragraph or one listing", (int)('A' + index));
    if (block == NULL)
        return;
    *block = marked->block;
    choice->content = (struct blocks){block, 1};
    choice->text = text_of(&choice->content, &reader->bank->arena);
}

/* The blocks of the last list, entry by entry; `first` is where it begins. */
static void read_choices(const struct reader *reader, const struct markdown *markdown, size_t first)
{
    struct source_item *item = reader->item;
    size_t next, entry_before = 0;

    for (size_t i = first; i < markdown->count; i = next) {
        for (next = i + 1; next < markdown->count && markdown->items[next].entry == markdown->items[i].entry;)
            next++;
        if (markdown->items[i].entry > entry_before + 1)
            note(reader, markdown->items[i].line, "a choice before this one is empty");
        entry_before = markdown->items[i].entry;
        if (item->choice_count == SOURCE_CHOICES_MAX) {
            item->choice_count++;
            break;
        }
        read_choice(reader, &markdown->items[i], next - i, item->choice_count++);
    }
    if (item->choice_count < SOURCE_CHOICES_MIN || item->choice_count > SOURCE_CHOICES_MAX)
        mistakes_add(reader->mistakes, item->file, markdown->items[first].line,
            "there should be %d to %d choices", SOURCE_CHOICES_MIN, SOURCE_CHOICES_MAX);
    if (item->choice_count > SOURCE_CHOICES_MAX)
        item->choice_count = SOURCE_CHOICES_MAX;
}

static void read_stem(const struct reader *reader, const struct markdown *markdown, size_t count)
{
    struct source_item *item = reader->item;
    size_t listings = 0;

    if (count == 0)
        note(reader, item->body_line, "there is no question before the choices");
    (void)markdown_blocks(
        markdown->items, count, item->file, &reader->bank->arena, reader->mistakes, &item->stem);
    for (size_t i = 0; i < item->stem.count; i++) {
        const struct block *block = &item->stem.items[i];
        if (block->kind != BLOCK_LISTING || strcmp(block->language, "python") != 0)
            continue;
        item->listing = listings++ == 0 ? block : NULL;
    }
    if (item->is_run && listings != 1)
        note(reader, item->verify_line, "verify: run needs a question with exactly one python listing");
}

/* Where the last list begins; markdown->count if there is none, or something stands behind it. */
static size_t find_choices(const struct reader *reader, const struct markdown *markdown)
{
    size_t first = markdown->count;

    if (markdown->lists == 0 || markdown->count == 0) {
        note(reader, markdown->last_line, "there are no choices: a list at the end");
        return markdown->count;
    }
    if (markdown->items[markdown->count - 1].list != markdown->lists) {
        note(reader, markdown->last_line, "something stands behind the choices, which should come last");
        return markdown->count;
    }
    while (first > 0 && markdown->items[first - 1].list == markdown->lists)
        first--;
    return first;
}

/* The key's letters, now that the choices are known. */
static void check_key(const struct reader *reader)
{
    const struct source_item *item = reader->item;

    for (size_t i = item->choice_count; i < SOURCE_CHOICES_MAX; i++)
        if (item->choices[i].is_key)
            mistakes_add(reader->mistakes, item->file, item->key_line,
                "key names %c, and there are %zu choices", (int)('A' + i), item->choice_count);
    if (item->key_count >= item->choice_count)
        note(reader, item->key_line, "every choice is a key");
    if (item->is_run && item->key_count > 1)
        note(reader, item->verify_line, "verify: run goes with one key");
}

static void read_body(const struct reader *reader, struct bytes body)
{
    struct markdown markdown;
    size_t first;

    if (!markdown_parse(body.len == 0 ? "" : (const char *)body.data, body.len, reader->item->file,
            reader->item->body_line, &reader->bank->arena, reader->mistakes, &markdown))
        return;
    first = find_choices(reader, &markdown);
    read_stem(reader, &markdown, first);
    if (first == markdown.count)
        return;
    read_choices(reader, &markdown, first);
    check_key(reader);
}

/* What a candidate reads, and nothing else: the version goes to seats with the exam, and a digest that
 * covered the head would let anybody who has the package try out keys until it fits. */
static void note_version(struct bytes body, struct source_item *item)
{
    struct digest digest;
    char text[DIGEST_TEXT_SIZE];

    digest_of(body, &digest);
    digest_text(&digest, text);
    memcpy(item->version, text, sizeof item->version - 1);
}

void bank_read_item(
    struct bank *bank, struct bytes content, struct source_item *item, struct mistakes *mistakes)
{
    struct reader reader = {.bank = bank, .item = item, .mistakes = mistakes};
    struct parts parts = {.head_line = 2};
    struct yaml *head;

    item->objective = "";
    item->points = item->objective_line = item->key_line = item->points_line = item->verify_line =
        item->needs_line = 1;
    for (size_t i = 0; i < SOURCE_CHOICES_MAX; i++)
        item->choices[i].text = "";
    if (!split(&reader, content, &parts))
        return;
    item->body_line = parts.body_line;
    note_version(parts.body, item);
    reader.file = (struct yaml_file){
        .path = item->file, .first_line = parts.head_line, .arena = &bank->arena, .mistakes = mistakes};
    head = yaml_parse(parts.head, &reader.file);
    if (head != NULL)
        read_head(&reader, head);
    read_body(&reader, parts.body);
}
