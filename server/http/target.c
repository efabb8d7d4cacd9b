#include "server/http/target.h"

#include <stdint.h>

#include "core/encoding.h"

static int hex_digit(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'a' && digit <= 'f')
        return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F')
        return digit - 'A' + 10;
    return -1;
}

/* One character of at most len, percent-encoded or not; the number of bytes it took, 0 if it can't be part of
 * a value. */
static size_t decode_one(const char *from, size_t len, char *character)
{
    size_t taken = 1;
    int value = (unsigned char)from[0];
    if (value == '%') {
        if (len < 3 || hex_digit(from[1]) < 0 || hex_digit(from[2]) < 0)
            return 0;
        value = hex_digit(from[1]) * 16 + hex_digit(from[2]);
        taken = 3;
    }
    if (value <= 0x20 || value > 0x7e)
        return 0;
    *character = (char)value;
    return taken;
}

static bool decode(const char *from, size_t len, char to[TARGET_TEXT_SIZE])
{
    size_t filled = 0;
    while (len > 0 && filled < TARGET_TEXT_SIZE - 1) {
        size_t taken = decode_one(from, len, &to[filled]);
        if (taken == 0)
            return false;
        filled++;
        from += taken;
        len -= taken;
    }
    to[filled] = '\0';
    return len == 0 && filled > 0 && strcmp(to, ".") != 0 && strcmp(to, "..") != 0;
}

/* words: "exam|open|key". */
static bool is_one_of(const char *words, size_t len, const char *value)
{
    size_t wanted = strlen(value);
    const char *end = words + len;
    while (words < end) {
        const char *bar = memchr(words, '|', (size_t)(end - words));
        size_t word = (size_t)((bar == NULL ? end : bar) - words);
        if (word == wanted && memcmp(words, value, word) == 0)
            return true;
        words += word + 1;
    }
    return false;
}

/* One segment of the pattern (without its '/') against one of the path. */
static bool match_segment(const char *pattern, size_t pattern_len, const char *path, size_t path_len,
    struct target_parameters *found)
{
    if (pattern_len < 2 || pattern[0] != '{')
        return pattern_len == path_len && memcmp(pattern, path, path_len) == 0;
    if (found->count == TARGET_PARAMETERS_MAX || !decode(path, path_len, found->values[found->count]) ||
        strchr(found->values[found->count], '/') != NULL)
        return false;
    const char *words = pattern + 1;
    size_t words_len = pattern_len - 2;
    if (memchr(words, '|', words_len) != NULL && !is_one_of(words, words_len, found->values[found->count]))
        return false;
    found->count++;
    return true;
}

bool target_match(const char *pattern, const char *path, struct target_parameters *parameters)
{
    struct target_parameters found = {.count = 0};
    while (*pattern == '/' && *path == '/') {
        size_t pattern_len = strcspn(++pattern, "/");
        size_t path_len = strcspn(++path, "/");
        if (!match_segment(pattern, pattern_len, path, path_len, &found))
            return false;
        pattern += pattern_len;
        path += path_len;
    }
    if (*pattern != '\0' || *path != '\0')
        return false;
    *parameters = found;
    return true;
}

bool target_query(const char *query, const char *name, char value[TARGET_TEXT_SIZE])
{
    size_t name_len = strlen(name);
    if (*query == '\0') {
        value[0] = '\0';
        return true;
    }
    if (strncmp(query, name, name_len) != 0 || query[name_len] != '=')
        return false;
    const char *text = query + name_len + 1;
    if (strpbrk(text, "&;=") != NULL)
        return false;
    return decode(text, strlen(text), value);
}
