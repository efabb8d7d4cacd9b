#include "provisioning/authoring/yaml.h"

#include <string.h>
#include <yaml.h>

#include "core/encoding.h"

enum { DEPTH_MAX = 8 };

/* Nodes are built as libyaml's events come; the way down to where we are is a stack. */
struct builder {
    const struct yaml_file *file;
    yaml_parser_t parser;
    struct yaml *root;
    struct yaml *open[DEPTH_MAX]; /* lists and mappings not yet ended */
    const char *names[DEPTH_MAX]; /* in a mapping: the name read last, NULL when a name comes next */
    size_t depth;
    bool failed, is_done;
};

static unsigned line_of(const struct builder *builder, const yaml_mark_t *mark)
{
    return builder->file->first_line + (unsigned)mark->line;
}

static void fail(struct builder *builder, const yaml_mark_t *mark, const char *reason)
{
    mistakes_add(builder->file->mistakes, builder->file->path, line_of(builder, mark), "%s", reason);
    builder->failed = true;
}

static struct yaml *find(const struct yaml *mapping, const char *name)
{
    for (struct yaml *child = mapping->children; child != NULL; child = child->next)
        if (strcmp(child->name, name) == 0)
            return child;
    return NULL;
}

/* Puts a finished node where it belongs. */
static void place(struct builder *builder, struct yaml *node)
{
    struct yaml *parent = builder->depth == 0 ? NULL : builder->open[builder->depth - 1];

    if (parent == NULL) {
        builder->root = node;
        return;
    }
    if (parent->kind == YAML_MAPPING) {
        node->name = builder->names[builder->depth - 1];
        builder->names[builder->depth - 1] = NULL;
    }
    *parent->last_child = node;
    parent->last_child = &node->next;
}

static struct yaml *make(struct builder *builder, const yaml_event_t *event, enum yaml_kind kind)
{
    struct yaml *node = arena_alloc(builder->file->arena, sizeof *node);

    if (node == NULL) {
        fail(builder, &event->start_mark, "out of memory");
        return NULL;
    }
    node->kind = kind;
    node->line = node->text_line = line_of(builder, &event->start_mark);
    node->last_child = &node->children;
    return node;
}

static bool name_comes_next(const struct builder *builder)
{
    return builder->depth > 0 && builder->open[builder->depth - 1]->kind == YAML_MAPPING &&
           builder->names[builder->depth - 1] == NULL;
}

static void begin(struct builder *builder, const yaml_event_t *event, enum yaml_kind kind)
{
    struct yaml *node;

    if (name_comes_next(builder)) {
        fail(builder, &event->start_mark, "a name is expected here");
        return;
    }
    if (builder->depth == DEPTH_MAX) {
        fail(builder, &event->start_mark, "nested too deep");
        return;
    }
    node = make(builder, event, kind);
    if (node == NULL)
        return;
    place(builder, node);
    builder->open[builder->depth] = node;
    builder->names[builder->depth++] = NULL;
}

static void add_name(struct builder *builder, const yaml_event_t *event, const char *text)
{
    const struct yaml *twin = find(builder->open[builder->depth - 1], text);

    if (twin != NULL) {
        mistakes_add(builder->file->mistakes, builder->file->path, line_of(builder, &event->start_mark),
            "%s is there twice, first in line %u", text, twin->line);
        builder->failed = true;
    }
    builder->names[builder->depth - 1] = text;
}

static void add_text(struct builder *builder, const yaml_event_t *event)
{
    const char *value = (const char *)event->data.scalar.value;
    const char *text = arena_text(builder->file->arena, value, event->data.scalar.length);
    struct yaml *node;

    if (text == NULL || strlen(text) != event->data.scalar.length) {
        fail(builder, &event->start_mark, text == NULL ? "out of memory" : "a text has a NUL");
        return;
    }
    if (name_comes_next(builder)) {
        add_name(builder, event, text);
        return;
    }
    node = make(builder, event, YAML_TEXT);
    if (node == NULL)
        return;
    node->text = text;
    node->text_line += event->data.scalar.style == YAML_LITERAL_SCALAR_STYLE ||
                       event->data.scalar.style == YAML_FOLDED_SCALAR_STYLE;
    place(builder, node);
}

static bool has_anchor_or_tag(const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_SCALAR_EVENT: return event->data.scalar.anchor != NULL || event->data.scalar.tag != NULL;
    case YAML_SEQUENCE_START_EVENT:
        return event->data.sequence_start.anchor != NULL || event->data.sequence_start.tag != NULL;
    case YAML_MAPPING_START_EVENT:
        return event->data.mapping_start.anchor != NULL || event->data.mapping_start.tag != NULL;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_STREAM_END_EVENT:
    case YAML_DOCUMENT_START_EVENT:
    case YAML_DOCUMENT_END_EVENT:
    case YAML_ALIAS_EVENT:
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT: return false;
    }
    return false;
}

static void take_event(struct builder *builder, const yaml_event_t *event)
{
    if (has_anchor_or_tag(event) || event->type == YAML_ALIAS_EVENT) {
        fail(builder, &event->start_mark, "anchors, aliases and tags are not known here");
        return;
    }
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        if (builder->root != NULL)
            fail(builder, &event->start_mark, "a second document begins here");
        break;
    case YAML_SCALAR_EVENT: add_text(builder, event); break;
    case YAML_SEQUENCE_START_EVENT: begin(builder, event, YAML_LIST); break;
    case YAML_MAPPING_START_EVENT: begin(builder, event, YAML_MAPPING); break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT: builder->depth--; break;
    case YAML_STREAM_END_EVENT: builder->is_done = true; break;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_DOCUMENT_END_EVENT:
    case YAML_ALIAS_EVENT: break;
    }
}

static void fail_of_libyaml(struct builder *builder)
{
    const yaml_parser_t *parser = &builder->parser;

    mistakes_add(builder->file->mistakes, builder->file->path, line_of(builder, &parser->problem_mark),
        "not YAML: %s%s%s", parser->context == NULL ? "" : parser->context,
        parser->context == NULL ? "" : ", ", parser->problem == NULL ? "out of memory" : parser->problem);
    builder->failed = true;
}

static void build(struct builder *builder)
{
    yaml_event_t event;

    while (!builder->failed && !builder->is_done) {
        if (!yaml_parser_parse(&builder->parser, &event)) {
            fail_of_libyaml(builder);
            return;
        }
        take_event(builder, &event);
        yaml_event_delete(&event);
    }
}

struct yaml *yaml_parse(struct bytes bytes, const struct yaml_file *file)
{
    struct builder builder = {.file = file};

    if (!utf8_valid(bytes.len == 0 ? "" : (const char *)bytes.data, bytes.len)) {
        mistakes_add(file->mistakes, file->path, file->first_line, "not UTF-8");
        return NULL;
    }
    if (!yaml_parser_initialize(&builder.parser)) {
        mistakes_add(file->mistakes, file->path, file->first_line, "out of memory");
        return NULL;
    }
    yaml_parser_set_encoding(&builder.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&builder.parser, bytes.data, bytes.len);
    build(&builder);
    yaml_parser_delete(&builder.parser);
    if (builder.failed)
        return NULL;
    if (builder.root == NULL || builder.root->kind != YAML_MAPPING) {
        mistakes_add(
            file->mistakes, file->path, file->first_line, "it should be names and values, one a line");
        return NULL;
    }
    return builder.root;
}

/* --- members -------------------------------------------------------------------------------------------- */

struct yaml *yaml_member(struct yaml *mapping, const char *name)
{
    struct yaml *member = find(mapping, name);

    if (member != NULL)
        member->was_asked_for = true;
    return member;
}

struct yaml *yaml_need(
    const struct yaml_file *file, struct yaml *mapping, const char *name, enum yaml_kind kind)
{
    static const char *const kinds[] = {
        [YAML_TEXT] = "a text or number", [YAML_LIST] = "a list", [YAML_MAPPING] = "names and values"};
    struct yaml *member = yaml_member(mapping, name);

    if (member == NULL) {
        mistakes_add(file->mistakes, file->path, mapping->line, "%s is missing", name);
        return NULL;
    }
    if (member->kind != kind) {
        mistakes_add(file->mistakes, file->path, member->line, "%s should be %s", name, kinds[kind]);
        return NULL;
    }
    return member;
}

const char *yaml_need_text(const struct yaml_file *file, struct yaml *mapping, const char *name)
{
    const struct yaml *member = yaml_need(file, mapping, name, YAML_TEXT);

    if (member == NULL)
        return "";
    if (member->text[0] == '\0')
        mistakes_add(file->mistakes, file->path, member->line, "%s is empty", name);
    return member->text;
}

int64_t yaml_need_number(
    const struct yaml_file *file, struct yaml *mapping, const char *name, int64_t min, int64_t max)
{
    const struct yaml *member = yaml_need(file, mapping, name, YAML_TEXT);
    int64_t number = min;

    if (member != NULL && !number_parse(member->text, min, max, &number))
        mistakes_add(file->mistakes, file->path, member->line,
            "%s should be a whole number from %lld to %lld", name, (long long)min, (long long)max);
    return number;
}

/* "a, b or c" */
static void list_names(const char *const *names, size_t count, struct buffer *text)
{
    for (size_t i = 0; i < count; i++)
        buffer_addf(text, "%s%s", i == 0 ? "" : i + 1 == count ? " or " : ", ", names[i]);
}

size_t yaml_need_enum(const struct yaml_file *file, struct yaml *mapping, const char *name,
    const char *const *names, size_t count)
{
    const struct yaml *member = yaml_need(file, mapping, name, YAML_TEXT);
    struct buffer known = {.max = 300};

    if (member == NULL)
        return 0;
    for (size_t i = 0; i < count; i++)
        if (strcmp(member->text, names[i]) == 0)
            return i;
    list_names(names, count, &known);
    mistakes_add(file->mistakes, file->path, member->line, "%s should be %s", name, buffer_text(&known));
    buffer_release(&known);
    return 0;
}

bool yaml_flag(const struct yaml_file *file, struct yaml *mapping, const char *name, bool fallback)
{
    const struct yaml *member = yaml_member(mapping, name);

    if (member == NULL)
        return fallback;
    if (member->kind == YAML_TEXT && (strcmp(member->text, "yes") == 0 || strcmp(member->text, "true") == 0))
        return true;
    if (member->kind == YAML_TEXT && (strcmp(member->text, "no") == 0 || strcmp(member->text, "false") == 0))
        return false;
    mistakes_add(file->mistakes, file->path, member->line, "%s should be yes or no", name);
    return fallback;
}

size_t yaml_count(const struct yaml *list)
{
    size_t count = 0;

    for (const struct yaml *child = list->children; child != NULL; child = child->next)
        count++;
    return count;
}

void yaml_no_others(const struct yaml_file *file, const struct yaml *mapping)
{
    for (const struct yaml *child = mapping->children; child != NULL; child = child->next)
        if (!child->was_asked_for)
            mistakes_add(file->mistakes, file->path, child->line, "%s is not a name known here", child->name);
}
