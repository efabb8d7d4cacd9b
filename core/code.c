/* Codes are numbers of base 32 with a check character over GF(32). Read as a polynomial over the field with
 * the check character as its last coefficient, a right code has a root at the field's generator: one wrong
 * character changes the value by e·g^i, a swap of the characters at i and j by (a−b)(g^i−g^j), and neither is
 * ever zero because the powers of g up to 30 all differ. */
#include "core/code.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

const char code_alphabet[33] = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

enum { PLAIN_MAX = 10, TYPED_MAX = 64 };

struct kind {
    const char *name;
    size_t length;      /* without the check character */
    const char *groups; /* sizes of the groups as shown */
    unsigned count;     /* how many there are */
    unsigned cost;      /* of scrypt, log2 of N */
};

static const struct kind kinds[CODE_KINDS] = {
    [CODE_START] = {"start", 8, "\4\5", 1, 17},
    [CODE_RESUME] = {"resume", 10, "\4\4\3", RESUME_CODES, 15},
    [CODE_ROOM] = {"room", 8, "\4\5", ROOM_CODES, 17},
};

const char *code_kind_name(enum code_kind kind)
{
    return kinds[kind].name;
}

static int letter_value(char letter)
{
    const char *at = letter == '\0' ? NULL : strchr(code_alphabet, toupper((unsigned char)letter));

    return at == NULL ? -1 : (int)(at - code_alphabet);
}

/* The value of the polynomial at the generator x of GF(2)[x] / (x^5 + x^2 + 1), by Horner's rule. */
static unsigned evaluate(const uint8_t *letters, size_t length)
{
    unsigned value = 0;

    for (size_t i = 0; i < length; i++) {
        value <<= 1;
        if (value & 32)
            value ^= 0x25;
        value ^= (unsigned)letter_value((char)letters[i]);
    }
    return value;
}

/* The character that makes the whole evaluate to zero: what a '2', of value zero, in its place leaves. */
static char check_letter(uint8_t letters[PLAIN_MAX + 1], size_t length)
{
    letters[length] = (uint8_t)code_alphabet[0];
    return code_alphabet[evaluate(letters, length + 1)];
}

void code_letters(const uint8_t *data, size_t count, char *text)
{
    for (size_t i = 0; i < count; i++) {
        const size_t bit = 5 * i, at = bit / 8, shift = bit % 8;
        const unsigned low = shift > 3 ? data[at + 1] : 0u;
        const unsigned window = (unsigned)data[at] << 8 | low;
        text[i] = code_alphabet[window >> (11 - shift) & 31];
    }
    text[count] = '\0';
}

static struct secret *show(const struct kind *kind, const uint8_t *letters, struct error *err)
{
    const size_t gaps = strlen(kind->groups) - 1;
    struct secret *shown = secret_new(kind->length + 1 + gaps, err);
    uint8_t *to;

    if (shown == NULL)
        return NULL;
    to = secret_data(shown);
    for (const char *group = kind->groups; *group != '\0'; group++) {
        if (group != kind->groups)
            *to++ = '-';
        memcpy(to, letters, (size_t)*group);
        to += *group;
        letters += *group;
    }
    return shown;
}

struct secret *code_make(enum code_kind kind, struct error *err)
{
    const size_t length = kinds[kind].length;
    struct secret *letters = secret_random(PLAIN_MAX + 1, err), *shown = NULL;
    uint8_t *at;

    if (letters == NULL)
        return NULL;
    at = secret_data(letters);
    for (size_t i = 0; i < length; i++)
        at[i] = (uint8_t)code_alphabet[at[i] & 31];
    at[length] = (uint8_t)check_letter(at, length);
    shown = show(&kinds[kind], at, err);
    secret_free(letters);
    return shown;
}

/* Copies the letters of what was typed, at most max of them; false at a character that no code has. */
static bool collect(struct bytes typed, uint8_t *letters, size_t max, size_t *count, struct error *err)
{
    *count = 0;
    for (size_t i = 0; i < typed.len; i++) {
        const char c = (char)typed.data[i];
        if (c == ' ' || c == '-')
            continue;
        if (letter_value(c) < 0)
            return error_set(
                err, ERROR_FORMAT, "mistyped: a code has only digits 2 to 9 and letters without I and O");
        if (*count == max)
            return error_set(err, ERROR_FORMAT, "mistyped: that is longer than a code");
        letters[(*count)++] = (uint8_t)toupper((unsigned char)c);
    }
    return true;
}

struct secret *code_normalise(enum code_kind kind, struct bytes typed, struct error *err)
{
    const size_t length = kinds[kind].length;
    struct secret *letters, *plain = NULL;
    size_t count = 0;

    if (typed.len > TYPED_MAX) {
        error_set(err, ERROR_FORMAT, "mistyped: that is longer than a code");
        return NULL;
    }
    letters = secret_new(PLAIN_MAX + 1, err);
    if (letters == NULL || !collect(typed, secret_data(letters), length + 1, &count, err))
        goto done;
    if (count != length + 1)
        error_set(err, ERROR_FORMAT, "mistyped: a %s code has %zu characters, not %zu", kinds[kind].name,
            length + 1, count);
    else if (evaluate(secret_data(letters), count) != 0)
        error_set(err, ERROR_FORMAT, "mistyped: a character is wrong or two are swapped");
    else
        plain = secret_copy(bytes_of(secret_data(letters), length), err);
done:
    secret_free(letters);
    return plain;
}

struct secret *code_stretch(
    enum code_kind kind, unsigned number, const char *id, const struct secret *plain_code, struct error *err)
{
    char salt[SESSION_ID_SIZE + 16];
    int len;

    assert(number >= 1 && number <= kinds[kind].count && strlen(id) == SESSION_ID_SIZE - 1);
    if (kind == CODE_START)
        len = snprintf(salt, sizeof salt, "%s", id);
    else
        len = snprintf(salt, sizeof salt, "%s/%s/%u", id, kinds[kind].name, number);
    if (len < 0 || (size_t)len >= sizeof salt) {
        error_set(err, ERROR_FORMAT, "the id of a sitting or session has 32 characters");
        return NULL;
    }
    return key_scrypt(secret_bytes(plain_code), bytes_of(salt, (size_t)len), kinds[kind].cost, err);
}

struct secret *code_wrapping_key(const struct secret *stretched, const char *session, struct error *err)
{
    return key_hkdf(stretched, bytes_of_text(session), "carrel wrap", err);
}
