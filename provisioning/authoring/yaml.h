/* yaml.h: the part of YAML that authors write, with line numbers. libyaml enters through yaml.c alone.
 *
 * Mappings with plain names, lists, and texts; no anchors, aliases, tags or further documents. Everything is
 * text here: what reads a member says what it should be. A reader asks for the members it knows by name and
 * ends with yaml_no_others, which notes those nobody asked for. */
#ifndef CARREL_PROVISIONING_AUTHORING_YAML_H
#define CARREL_PROVISIONING_AUTHORING_YAML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/buffer.h"
#include "provisioning/authoring/mistakes.h"

enum yaml_kind { YAML_TEXT, YAML_LIST, YAML_MAPPING };

struct yaml {
    enum yaml_kind kind;
    unsigned line;         /* in the file */
    const char *name;      /* of a mapping's member */
    const char *text;      /* text */
    unsigned text_line;    /* where its first line stands: below a '|' */
    struct yaml *children; /* of a list or mapping, in order */
    struct yaml **last_child;
    struct yaml *next;
    bool was_asked_for;
};

/* Which file is read, and where mistakes go. */
struct yaml_file {
    const char *path;    /* as mistakes name it */
    unsigned first_line; /* of the bytes, in the file */
    struct arena *arena;
    struct mistakes *mistakes;
};

/* The top mapping; NULL after a mistake was noted. */
struct yaml *yaml_parse(struct bytes bytes, const struct yaml_file *file);

/* --- members of a mapping: each notes its mistake ------------------------------------------------------- */
/* NULL if it is not there. */
struct yaml *yaml_member(struct yaml *mapping, const char *name);
/* The member, which must be there and of this kind; NULL after a mistake was noted. */
struct yaml *yaml_need(
    const struct yaml_file *file, struct yaml *mapping, const char *name, enum yaml_kind kind);
/* The text of a member that must be there and not be empty; "" after a mistake was noted. */
const char *yaml_need_text(const struct yaml_file *file, struct yaml *mapping, const char *name);
/* A whole number; min after a mistake was noted. */
int64_t yaml_need_number(
    const struct yaml_file *file, struct yaml *mapping, const char *name, int64_t min, int64_t max);
/* The index in names; 0 after a mistake was noted. */
size_t yaml_need_enum(const struct yaml_file *file, struct yaml *mapping, const char *name,
    const char *const *names, size_t count);
/* yes or no (true or false); fallback if the member is not there. */
bool yaml_flag(const struct yaml_file *file, struct yaml *mapping, const char *name, bool fallback);
/* The entries of a list, or members of a mapping. */
size_t yaml_count(const struct yaml *list);
/* Notes every member that nobody asked for. */
void yaml_no_others(const struct yaml_file *file, const struct yaml *mapping);

#endif
