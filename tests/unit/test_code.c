/* What is typed is told from what was meant: no single mistake of a hand passes as another code. */
#include "core/code.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "core/encoding.h"
#include "core/json.h"
#include "tests/unit/example.h"

static bool is_code(enum code_kind kind, const char *typed)
{
    struct secret *plain = code_normalise(kind, bytes_of_text(typed), NULL);
    const bool is = plain != NULL;

    secret_free(plain);
    return is;
}

/* A fresh code without its hyphens. */
static size_t fresh(enum code_kind kind, char text[CODE_TEXT_SIZE])
{
    struct secret *shown = code_make(kind, NULL);
    struct bytes bytes;
    size_t len = 0;

    assert_non_null(shown);
    bytes = secret_bytes(shown);
    assert_true(bytes.len < CODE_TEXT_SIZE);
    for (size_t i = 0; i < bytes.len; i++)
        if (bytes.data[i] != '-')
            text[len++] = (char)bytes.data[i];
    text[len] = '\0';
    secret_free(shown);
    return len;
}

static void code_catches_every_wrong_character(void **state)
{
    (void)state;
    for (int kind = 0; kind < CODE_KINDS; kind++)
        for (int round = 0; round < 100; round++) {
            char right[CODE_TEXT_SIZE], typed[CODE_TEXT_SIZE];
            const size_t len = fresh((enum code_kind)kind, right);
            assert_true(is_code((enum code_kind)kind, right));
            for (size_t i = 0; i < len; i++)
                for (size_t letter = 0; letter < 32; letter++) {
                    memcpy(typed, right, len + 1);
                    typed[i] = code_alphabet[letter];
                    assert_int_equal(is_code((enum code_kind)kind, typed), typed[i] == right[i]);
                }
        }
}

static void code_catches_every_swap(void **state)
{
    (void)state;
    for (int kind = 0; kind < CODE_KINDS; kind++)
        for (int round = 0; round < 100; round++) {
            char right[CODE_TEXT_SIZE], typed[CODE_TEXT_SIZE];
            const size_t len = fresh((enum code_kind)kind, right);
            for (size_t i = 0; i < len; i++)
                for (size_t j = i + 1; j < len; j++) {
                    memcpy(typed, right, len + 1);
                    typed[i] = right[j];
                    typed[j] = right[i];
                    assert_int_equal(is_code((enum code_kind)kind, typed), right[i] == right[j]);
                }
        }
}

/* Every pair of letters in every pair of places, so that the two tests above do not rest on luck: the check
 * is linear, so a mistake is caught in all codes if it is caught beside zeros. */
static void code_catches_mistakes_beside_zeros(void **state)
{
    char text[CODE_TEXT_SIZE];

    (void)state;
    for (int kind = 0; kind < CODE_KINDS; kind++) {
        const size_t len = kind == CODE_RESUME ? 11 : 9;
        for (size_t i = 0; i < len; i++)
            for (size_t j = i + 1; j < len; j++)
                for (size_t letter = 0; letter < 32; letter++) {
                    memset(text, code_alphabet[0], len);
                    text[len] = '\0';
                    text[i] = code_alphabet[letter];
                    assert_int_equal(is_code((enum code_kind)kind, text), letter == 0);
                    text[j] = code_alphabet[letter]; /* the difference that a swap makes */
                    assert_int_equal(is_code((enum code_kind)kind, text), letter == 0);
                }
    }
}

static void code_is_taken_as_people_type_it(void **state)
{
    char right[CODE_TEXT_SIZE], typed[64];
    struct secret *plain;

    (void)state;
    assert_int_equal(fresh(CODE_START, right), 9);
    (void)snprintf(typed, sizeof typed, " %.4s - %s ", right, right + 4);
    for (char *at = typed; *at != '\0'; at++)
        *at = (char)tolower((unsigned char)*at);
    plain = code_normalise(CODE_START, bytes_of_text(typed), NULL);
    assert_non_null(plain);
    assert_true(secret_equal(plain, bytes_of(right, 8)));
    secret_free(plain);
}

static void code_is_shown_in_groups(void **state)
{
    static const struct {
        enum code_kind kind;
        size_t len, hyphens[2];
    } shapes[] = {{CODE_START, 10, {4, 4}}, {CODE_ROOM, 10, {4, 4}}, {CODE_RESUME, 13, {4, 9}}};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct secret *shown = code_make(shapes[i].kind, NULL);
        struct bytes text = secret_bytes(shown);
        assert_int_equal(text.len, shapes[i].len);
        for (size_t j = 0; j < text.len; j++) {
            const bool is_hyphen = j == shapes[i].hyphens[0] || j == shapes[i].hyphens[1];
            assert_int_equal(text.data[j] == '-', is_hyphen);
            assert_true(is_hyphen || strchr(code_alphabet, text.data[j]) != NULL);
        }
        secret_free(shown);
    }
}

static void code_says_what_is_mistyped(void **state)
{
    static const struct {
        const char *typed, *text;
    } table[] = {
        {"", "mistyped: a start code has 9 characters, not 0"},
        {"2222", "mistyped: a start code has 9 characters, not 4"},
        {"2222222222", "mistyped: that is longer than a code"},
        {"222222223", "mistyped: a character is wrong or two are swapped"},
        {"0OI1", "mistyped: a code has only digits 2 to 9 and letters without I and O"},
        {"2222-2222\n", "mistyped: a code has only digits 2 to 9 and letters without I and O"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct error err = {ERROR_NONE, ""};
        assert_null(code_normalise(CODE_START, bytes_of_text(table[i].typed), &err));
        assert_int_equal(err.code, ERROR_FORMAT);
        assert_string_equal(err.text, table[i].text);
    }
}

static void code_letters_are_five_bits_each(void **state)
{
    static const uint8_t data[] = {0x00, 0x44, 0x32, 0x14, 0xc7, 0x42, 0x54, 0xb6, 0x35, 0xcf, 0x84, 0x65,
        0x3a, 0x56, 0xd7, 0xc6, 0x75, 0xbe, 0x77, 0xdf};
    char text[33]; /* the bytes hold 0, 1, 2 … 31 in five bits each */

    (void)state;
    code_letters(data, 32, text);
    assert_string_equal(text, code_alphabet);
}

static void assert_hex(struct secret *key, const char *text)
{
    char hex[2 * KEY_BYTES + 1];

    assert_non_null(key);
    hex_encode(secret_data(key), KEY_BYTES, hex);
    assert_string_equal(hex, text);
}

static void code_derives_what_the_example_says(void **state)
{
    struct buffer example = example_object("code.json");
    struct json *json = json_parse(buffer_bytes(&example), NULL);
    struct json_reader reader = json_reader(json, "example", NULL);
    struct arena arena = {.max = 4096};
    const char *typed = json_get_string(&reader, "typed", &arena, 64);
    const char *plain = json_get_string(&reader, "plain", &arena, 64);
    const char *sitting = json_get_string(&reader, "sitting", &arena, 64);
    const char *session = json_get_string(&reader, "session", &arena, 64);
    const char *stretched = json_get_string(&reader, "stretched", &arena, 64);
    const char *wrapping = json_get_string(&reader, "wrapping", &arena, 64);
    struct secret *code, *slow, *key;

    (void)state;
    assert_true(json_done(&reader));
    code = code_normalise(CODE_START, bytes_of_text(typed), NULL);
    assert_non_null(code);
    assert_true(secret_equal(code, bytes_of_text(plain)));
    slow = code_stretch(CODE_START, 1, sitting, code, NULL);
    assert_hex(slow, stretched);
    key = code_wrapping_key(slow, session, NULL);
    assert_hex(key, wrapping);
    secret_free(key);
    secret_free(slow);
    secret_free(code);
    arena_release(&arena);
    json_free(json);
    buffer_release(&example);
}

static void code_of_another_number_or_kind_derives_another_key(void **state)
{
    static const char id[] = "000102030405060708090a0b0c0d0e0f";
    struct secret *plain = secret_copy(bytes_of_text("22222222"), NULL), *keys[4];

    (void)state;
    keys[0] = code_stretch(CODE_START, 1, id, plain, NULL);
    keys[1] = code_stretch(CODE_ROOM, 1, id, plain, NULL);
    keys[2] = code_stretch(CODE_ROOM, 2, id, plain, NULL);
    keys[3] = code_stretch(CODE_RESUME, 1, id, plain, NULL);
    for (size_t i = 0; i < 4; i++)
        for (size_t j = 0; j < 4; j++)
            assert_int_equal(secret_equal(keys[i], secret_bytes(keys[j])), i == j);
    for (size_t i = 0; i < 4; i++)
        secret_free(keys[i]);
    secret_free(plain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(code_catches_every_wrong_character),
        cmocka_unit_test(code_catches_every_swap),
        cmocka_unit_test(code_catches_mistakes_beside_zeros),
        cmocka_unit_test(code_is_taken_as_people_type_it),
        cmocka_unit_test(code_is_shown_in_groups),
        cmocka_unit_test(code_says_what_is_mistyped),
        cmocka_unit_test(code_letters_are_five_bits_each),
        cmocka_unit_test(code_derives_what_the_example_says),
        cmocka_unit_test(code_of_another_number_or_kind_derives_another_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
