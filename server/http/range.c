#include "server/http/range.h"

#include "core/encoding.h"

#define DIGITS "0123456789"
#define NUMBER_TEXT_SIZE 20 /* below 2^63 */

/* Leading digits of *at as a number; moves behind them. */
static bool take_number(const char **at, int64_t *number)
{
    char text[NUMBER_TEXT_SIZE];
    size_t len = strspn(*at, DIGITS);
    if (len == 0 || len >= sizeof text)
        return false;
    memcpy(text, *at, len);
    text[len] = '\0';
    *at += len;
    return number_parse(text, 0, INT64_MAX, number);
}

static bool take_character(const char **at, char wanted)
{
    if (**at != wanted)
        return false;
    (*at)++;
    return true;
}

/* "-N": the last N bytes. */
static enum range_answer suffix_of(const char *at, int64_t size, struct range *range)
{
    int64_t length;
    if (!take_number(&at, &length) || *at != '\0')
        return RANGE_WHOLE;
    if (length == 0 || size == 0)
        return RANGE_NONE;
    if (length > size)
        length = size;
    *range = (struct range){size - length, length};
    return RANGE_PART;
}

enum range_answer range_of(const char *value, int64_t size, struct range *range)
{
    int64_t first, last = INT64_MAX;
    *range = (struct range){0, size};
    if (value == NULL || strncmp(value, "bytes=", 6) != 0)
        return RANGE_WHOLE;
    const char *at = value + 6;
    if (take_character(&at, '-'))
        return suffix_of(at, size, range);
    if (!take_number(&at, &first) || !take_character(&at, '-'))
        return RANGE_WHOLE;
    if (*at != '\0' && (!take_number(&at, &last) || *at != '\0' || last < first))
        return RANGE_WHOLE;
    if (first >= size)
        return RANGE_NONE;
    if (last > size - 1)
        last = size - 1;
    *range = (struct range){first, last - first + 1};
    return RANGE_PART;
}

bool content_range_parse(const char *value, struct range *range, int64_t *total)
{
    int64_t first, last, size;
    if (value == NULL || strncmp(value, "bytes ", 6) != 0)
        return false;
    const char *at = value + 6;
    if (!take_number(&at, &first) || !take_character(&at, '-') || !take_number(&at, &last) ||
        !take_character(&at, '/') || !take_number(&at, &size) || *at != '\0')
        return false;
    if (last < first || last >= size)
        return false;
    *range = (struct range){first, last - first + 1};
    *total = size;
    return true;
}
