#include "core/field.h"

#include <string.h>

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

static bool is_of(const char *text, size_t size, const char *first, const char *rest)
{
    const size_t len = strlen(text);

    return len > 0 && len < size && strchr(first, text[0]) != NULL && strspn(text, rest) == len;
}

bool field_is_session(const char *text)
{
    return strlen(text) == SESSION_ID_SIZE - 1 && strspn(text, "0123456789abcdef") == SESSION_ID_SIZE - 1;
}

bool field_is_number(const char *text)
{
    return is_of(text, NUMBER_SIZE, UPPER DIGITS, UPPER DIGITS "-");
}

bool field_is_candidate(const char *text)
{
    const size_t len = strlen(text);

    for (const char *at = text; *at != '\0'; at++)
        if (*at <= ' ' || *at > '~' || *at == '"' || *at == '\\')
            return false;
    return len > 0 && len < IDENTIFIER_SIZE;
}

bool field_is_zone(const char *text)
{
    return is_of(text, ZONE_SIZE, LOWER UPPER, LOWER UPPER DIGITS "/_+-");
}

bool field_is_language(const char *text)
{
    return is_of(text, IDENTIFIER_SIZE, LOWER UPPER, LOWER UPPER DIGITS "-");
}

/* Control characters could make a name on a screen or a terminal look like something else: C0, DEL, C1, line
 * and paragraph separators, and the marks that turn the direction of what follows. */
static bool has_control(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;

    for (; *at != '\0'; at++) {
        if (*at < 0x20 || *at == 0x7f || (at[0] == 0xc2 && at[1] >= 0x80 && at[1] < 0xa0))
            return true;
        if (at[0] == 0xe2 && at[1] == 0x80 && at[2] >= 0xa8 && at[2] <= 0xae)
            return true; /* U+2028 … U+202E */
        if (at[0] == 0xe2 && at[1] == 0x81 && at[2] >= 0xa6 && at[2] <= 0xa9)
            return true; /* U+2066 … U+2069 */
    }
    return false;
}

bool field_is_line(const char *text)
{
    return text[0] != '\0' && !has_control(text);
}

bool field_is_remark(const char *text)
{
    return !has_control(text);
}

bool field_is_initials(const char *text)
{
    return strlen(text) < INITIALS_SIZE && !has_control(text);
}

int field_get_format(struct json_reader *reader, int newest)
{
    const int64_t format = json_get_int(reader, "format", 1, INT32_MAX);

    if (!reader->failed && format > newest)
        json_fail(reader, "its format is %lld, this program reads up to %d", (long long)format, newest);
    return (int)format;
}

void field_get(struct json_reader *reader, const char *name, field_rule *rule, char *text, size_t size)
{
    json_get_text(reader, name, text, size);
    if (!reader->failed && !rule(text))
        json_fail(reader, "\"%s\" is not of its form", name);
}

const char *field_get_string(
    struct json_reader *reader, const char *name, field_rule *rule, struct arena *arena, size_t max)
{
    const char *text = json_get_string(reader, name, arena, max);

    if (!reader->failed && !rule(text))
        json_fail(reader, "\"%s\" is not of its form", name);
    return text == NULL ? "" : text;
}

const char *field_at(struct json_reader *reader, const struct json *array, size_t index, const char *name,
    field_rule *rule, struct arena *arena, size_t max)
{
    const char *text = json_text_value(json_at(array, index)), *copy;

    if (reader->failed)
        return "";
    if (text == NULL || strlen(text) > max || !rule(text)) {
        json_fail(reader, "\"%s\" has an entry that is not of its form", name);
        return "";
    }
    copy = arena_text(arena, text, strlen(text));
    if (copy == NULL)
        json_fail(reader, "no memory for \"%s\"", name);
    return copy == NULL ? "" : copy;
}
