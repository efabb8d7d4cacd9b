#include "core/identifier.h"

#include <string.h>

#include "core/encoding.h"
#include "core/limits.h"

static bool is_of(const char *text, const char *first, const char *rest)
{
    const size_t len = strlen(text);

    return len > 0 && len < IDENTIFIER_SIZE && strchr(first, text[0]) != NULL && strspn(text, rest) == len;
}

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"
#define MARKS "-_.:"

bool identifier_valid(const char *text)
{
    return is_of(text, LOWER DIGITS, LOWER DIGITS MARKS);
}

bool identifier_valid_qti(const char *text)
{
    return is_of(text, LOWER UPPER DIGITS, LOWER UPPER DIGITS MARKS);
}

enum { VERSION_PARTS = 3, VERSION_PART_MAX = 99999 };

static bool version_parse(const char *text, int64_t parts[VERSION_PARTS])
{
    char part[VERSION_SIZE];

    if (strlen(text) >= VERSION_SIZE)
        return false;
    for (size_t i = 0; i < VERSION_PARTS; i++) {
        const size_t len = strcspn(text, ".");
        memcpy(part, text, len);
        part[len] = '\0';
        if (text[len] != (i + 1 < VERSION_PARTS ? '.' : '\0') ||
            !number_parse(part, 0, VERSION_PART_MAX, &parts[i]))
            return false;
        text += len + 1;
    }
    return true;
}

bool version_valid(const char *text)
{
    int64_t parts[VERSION_PARTS];

    return version_parse(text, parts);
}

bool version_reaches(const char *have, const char *needed)
{
    int64_t ours[VERSION_PARTS], theirs[VERSION_PARTS];

    if (!version_parse(have, ours) || !version_parse(needed, theirs))
        return false;
    for (size_t i = 0; i < VERSION_PARTS; i++)
        if (ours[i] != theirs[i])
            return ours[i] > theirs[i];
    return true;
}
