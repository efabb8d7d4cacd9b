/* utf8.c: one decoder for all text on the screen. */
#include "kiosk/ui/utf8.h"

static size_t announced(unsigned char lead)
{
    if (lead < 0x80)
        return 1;
    if (lead >= 0xc2 && lead < 0xe0)
        return 2;
    if (lead >= 0xe0 && lead < 0xf0)
        return 3;
    if (lead >= 0xf0 && lead < 0xf5)
        return 4;
    return 0;
}

static uint32_t decode(const unsigned char *bytes, size_t count)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    uint32_t value = count == 1 ? bytes[0] : bytes[0] & (0x7fu >> count);

    for (size_t i = 1; i < count; i++) {
        if ((bytes[i] & 0xc0) != 0x80)
            return UTF8_UNKNOWN;
        value = value << 6 | (bytes[i] & 0x3f);
    }
    if (value < least[count] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000))
        return UTF8_UNKNOWN;
    return value;
}

size_t utf8_next(const char *text, size_t length, uint32_t *character)
{
    const unsigned char *bytes = (const unsigned char *)text;
    uint32_t value = UTF8_UNKNOWN;
    size_t count;

    if (length == 0)
        return 0;
    count = announced(bytes[0]);
    if (count > 0 && count <= length)
        value = decode(bytes, count);
    if (value == UTF8_UNKNOWN && !(count == 3 && length >= 3 && bytes[1] == 0xbf && bytes[2] == 0xbd))
        count = 1;
    if (character != NULL)
        *character = value;
    return count;
}

size_t utf8_last(const char *text, size_t length)
{
    size_t back = length < 4 ? length : 4;

    for (size_t count = back; count > 1; count--)
        if (utf8_next(text + length - count, count, NULL) == count)
            return count;
    return length > 0 ? 1 : 0;
}

size_t utf8_count(const char *text, size_t length)
{
    size_t count = 0;

    for (size_t at = 0; at < length; at += utf8_next(text + at, length - at, NULL))
        count++;
    return count;
}
