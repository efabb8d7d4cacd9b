#include "core/encoding.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void hex_encode(const uint8_t *data, size_t len, char *text)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < len; i++) {
        text[2 * i] = digits[data[i] >> 4];
        text[2 * i + 1] = digits[data[i] & 15];
    }
    text[2 * len] = '\0';
}

static int hex_value(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'a' && digit <= 'f')
        return digit - 'a' + 10;
    return -1;
}

bool hex_decode(const char *text, uint8_t *data, size_t len)
{
    if (strlen(text) != 2 * len)
        return false;
    for (size_t i = 0; i < 2 * len; i++)
        if (hex_value(text[i]) < 0)
            return false;
    for (size_t i = 0; i < len; i++)
        data[i] = (uint8_t)(hex_value(text[2 * i]) << 4 | hex_value(text[2 * i + 1]));
    return true;
}

bool number_parse(const char *text, int64_t min, int64_t max, int64_t *number)
{
    const char *digits = text + (text[0] == '-');
    char *end = NULL;
    long long value;

    if (digits[0] < '0' || digits[0] > '9' || (digits[0] == '0' && (digits[1] != '\0' || digits != text)))
        return false;
    errno = 0;
    value = strtoll(text, &end, 10);
    if (errno != 0 || *end != '\0' || value < min || value > max)
        return false;
    *number = value;
    return true;
}

void timestamp_format(int64_t wall_ms, char text[TIMESTAMP_SIZE])
{
    const int64_t latest = INT64_C(253402300799999); /* the last ms of the year 9999 */
    time_t seconds;
    struct tm tm;

    wall_ms = wall_ms < 0 ? 0 : wall_ms > latest ? latest : wall_ms;
    seconds = (time_t)(wall_ms / 1000);
    (void)gmtime_r(&seconds, &tm); /* can't fail in this range */
    (void)snprintf(text, TIMESTAMP_SIZE, "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ",
        (unsigned)(tm.tm_year + 1900) % 10000u, (unsigned)(tm.tm_mon + 1) % 100u, (unsigned)tm.tm_mday % 100u,
        (unsigned)tm.tm_hour % 100u, (unsigned)tm.tm_min % 100u, (unsigned)tm.tm_sec % 100u,
        (unsigned)(wall_ms % 1000));
}

bool timestamp_parse(const char *text, int64_t *wall_ms)
{
    int year, month, day, hour, minute, second, ms;
    struct tm tm = {0};
    char again[TIMESTAMP_SIZE];
    int64_t value;

    if (strlen(text) != TIMESTAMP_SIZE - 1 ||
        sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d.%3dZ", &year, &month, &day, &hour, &minute, &second, &ms) != 7)
        return false;
    tm = (struct tm){.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day, .tm_hour = hour,
        .tm_min = minute, .tm_sec = second};
    value = (int64_t)timegm(&tm) * 1000 + ms;
    timestamp_format(value, again); /* 30 February and all other sloppy forms come out different */
    if (strcmp(text, again) != 0)
        return false;
    *wall_ms = value;
    return true;
}

void put_u32(uint8_t *to, uint32_t value)
{
    for (int i = 3; i >= 0; i--, value >>= 8)
        to[i] = (uint8_t)value;
}

void put_u64(uint8_t *to, uint64_t value)
{
    for (int i = 7; i >= 0; i--, value >>= 8)
        to[i] = (uint8_t)value;
}

uint32_t get_u32(const uint8_t *from)
{
    uint32_t value = 0;

    for (int i = 0; i < 4; i++)
        value = value << 8 | from[i];
    return value;
}

uint64_t get_u64(const uint8_t *from)
{
    return (uint64_t)get_u32(from) << 32 | get_u32(from + 4);
}

/* The length of the well-formed sequence at text, or 0. Table 3-7 of the Unicode standard. */
static size_t utf8_sequence(const uint8_t *text, size_t len)
{
    const uint8_t lead = text[0];
    size_t need = lead < 0x80 ? 1 : lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 : 4;
    uint8_t low = 0x80, high = 0xbf;

    if (need == 1)
        return lead == 0 ? 0 : 1;
    if (lead < 0xc2 || lead > 0xf4 || len < need)
        return 0;
    low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : low;
    high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : high;
    if (text[1] < low || text[1] > high)
        return 0;
    for (size_t i = 2; i < need; i++)
        if (text[i] < 0x80 || text[i] > 0xbf)
            return 0;
    return need;
}

bool utf8_valid(const char *text, size_t len)
{
    const uint8_t *at = (const uint8_t *)text;

    while (len > 0) {
        size_t step = utf8_sequence(at, len);
        if (step == 0)
            return false;
        at += step;
        len -= step;
    }
    return true;
}
