/* field.h: the checked text fields of our JSON objects: one rule for each sort of text, on reading. */
#ifndef CARREL_FIELD_H
#define CARREL_FIELD_H

#include "core/json.h"
#include "core/limits.h"

/* Whether a text is one of its sort. Those of identifier.h are rules too. */
typedef bool field_rule(const char *text);

field_rule field_is_session;   /* 32 lower-case hex digits: sessions, sittings, packages */
field_rule field_is_number;    /* an admission number: A-Z 0-9 -, begins with no hyphen */
field_rule field_is_candidate; /* the board's number of a person: printable ASCII without space, " and \ */
field_rule field_is_zone;      /* an IANA time zone name as it is written: Europe/Berlin */
field_rule field_is_language;  /* BCP 47 as it is written: letters, digits, hyphens */
field_rule field_is_line;      /* something to show in one line: not empty, no control characters */
field_rule field_is_remark;    /* the same, or empty */
field_rule field_is_initials;  /* 1 to 8 bytes of such a line, or empty */

/* "format": fails on any version but those this program reads, 1 … newest. */
int field_get_format(struct json_reader *reader, int newest);
/* Copies into text[size]. */
void field_get(struct json_reader *reader, const char *name, field_rule *rule, char *text, size_t size);
/* A copy in the arena, at most max bytes; "" on failure, which the reader remembers. */
const char *field_get_string(
    struct json_reader *reader, const char *name, field_rule *rule, struct arena *arena, size_t max);
/* A text that is an array's element. */
const char *field_at(struct json_reader *reader, const struct json *array, size_t index, const char *name,
    field_rule *rule, struct arena *arena, size_t max);

#endif
