/* field_edit.c: typing into a field's text. The bytes may be a secret: they are moved within the caller's
 * storage only, and what is taken out is overwritten. */
#include "kiosk/ui/ui_private.h"

#include "kiosk/ui/utf8.h"

#include <assert.h>
#include <string.h>

static bool has_room(const struct field *field, const struct field_text *text, size_t bytes)
{
    if (text->length + bytes + 1 > text->capacity)
        return false;
    return field->max_characters == 0 || utf8_count(text->bytes, text->length) < field->max_characters;
}

static bool insert_character(
    const struct field *field, struct field_text *text, const char *bytes, size_t count, uint32_t value)
{
    char ascii = (char)value;

    if (value < ' ' || value == 0x7f || value == UTF8_UNKNOWN)
        return false;
    if (field->is_upper && value >= 'a' && value <= 'z') {
        ascii = (char)(value - 'a' + 'A');
        bytes = &ascii;
    }
    if (field->allowed != NULL && (value >= 0x80 || strchr(field->allowed, *bytes) == NULL))
        return false;
    if (!has_room(field, text, count))
        return false;
    memmove(text->bytes + text->caret + count, text->bytes + text->caret, text->length - text->caret + 1);
    memcpy(text->bytes + text->caret, bytes, count);
    text->length += count;
    text->caret += count;
    return true;
}

bool private_field_insert(const struct field *field, struct field_text *text, const char *typed)
{
    size_t length = strlen(typed);
    bool changed = false;

    assert(text->length < text->capacity && text->caret <= text->length);
    for (size_t at = 0; at < length;) {
        uint32_t value;
        size_t count = utf8_next(typed + at, length - at, &value);
        changed |= insert_character(field, text, typed + at, count, value);
        at += count;
    }
    return changed;
}

static void take_out(struct field_text *text, size_t at, size_t count)
{
    memmove(text->bytes + at, text->bytes + at + count, text->length - at - count);
    memset(text->bytes + text->length - count, 0, count);
    text->length -= count;
    text->caret = at;
}

bool private_field_key(struct field_text *text, enum ui_key key)
{
    size_t before = utf8_last(text->bytes, text->caret);
    size_t after = utf8_next(text->bytes + text->caret, text->length - text->caret, NULL);

    switch ((int)key) {
    case UI_KEY_LEFT: text->caret -= before; return true;
    case UI_KEY_RIGHT: text->caret += after; return true;
    case UI_KEY_HOME: text->caret = 0; return true;
    case UI_KEY_END: text->caret = text->length; return true;
    case UI_KEY_BACKSPACE: take_out(text, text->caret - before, before); return true;
    case UI_KEY_DELETE: take_out(text, text->caret, after); return true;
    default: return false;
    }
}
