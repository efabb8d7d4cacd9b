/* With a file's name as argument it prints that file's tokens, one letter a byte: python_reference.py
 * compares. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/file.h"
#include "provisioning/authoring/listing.h"
#include "provisioning/authoring/python.h"

static const char letters[TOKENS] = {
    [TOKEN_PLAIN] = '.',
    [TOKEN_KEYWORD] = 'k',
    [TOKEN_STRING] = 's',
    [TOKEN_NUMBER] = 'n',
    [TOKEN_COMMENT] = 'c',
    [TOKEN_NAME] = 'd',
    [TOKEN_OPERATOR] = 'o',
};

static char *tokens_as_letters(const char *text, size_t len)
{
    enum token *tokens = calloc(len + 1, sizeof *tokens);
    char *out = calloc(len + 1, 1);

    if (tokens == NULL || out == NULL)
        exit(EXIT_FAILURE);
    python_tokens(text, len, tokens);
    for (size_t i = 0; i < len; i++)
        out[i] = letters[tokens[i]];
    free(tokens);
    return out;
}

static void python_tokens_are_what_they_look_like(void **state)
{
    static const struct {
        const char *text, *tokens;
    } cases[] = {
        {"x = 1", "..o.n"},
        {"for i in r:", "kkk...kk..o"},
        {"def f(a):", "kkk.do.oo"},
        {"class A: pass", "kkkkk.do.kkkk"},
        {"async def g():", "kkkkk.kkk.dooo"},
        {"define = 1", ".......o.n"},
        {"a = 'x' # y", "..o.sss.ccc"},
        {"'it\\'s'+b", "ssssssso."},
        {"rb'\\'' f\"{a}\"", "ssssss.ssssss"},
        {"f 'x'", "..sss"},
        {"barf'x'", "....sss"},
        {"'open\nx", "sssss.."},
        {"'a\\\nb' c", "ssssss.."},
        {"'''a\n'b\n'''+1", "ssssssssssson"},
        {"\"\"\"never closed\n1", "ssssssssssssssss"
                                  "s"},
        {"0xFF_0+1_0.5e-3j", "nnnnnnonnnnnnnnn"},
        {".5.real 1..real", "nno.....nno...."},
        {"1e5 1e x1", "nnn.n...."},
        {"a[1:-2]", ".onoono"},
        {"x.if", ".okk"}, /* as Python's tokeniser has it */
        {"True is not None", "kkkk.kk.kkk.kkkk"},
        {"print(match)", ".....o.....o"},
        {"match = 1", "......o.n"},
        {"match(x)", ".....o.o"},
        {"match x:", "kkkkk..o"},
        {"match (x, y):", "kkkkk.o.o..oo"},
        {"    case [a, _]: # z", "....kkkk.o.o..oo.ccc"},
        {"case = {1:2}", ".....o.onono"},
        {"type X = int", "kkkk...o...."},
        {"type(x)", "....o.o"},
        {"type = 3", ".....o.n"},
        {"\xc3\xa4 = 2", "...o.n"},
        {"@d\ndef f(): ...", "o..kkk.dooo.ooo"},
        {"a\\\n+b", "...o."},
        {"$x ?", "...."},
        {"def\nf", "kkk.."},
        {"#", "c"},
        {"", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *made = tokens_as_letters(cases[i].text, strlen(cases[i].text));
        const char *expected = cases[i].tokens;
        if (strcmp(made, expected) != 0)
            fail_msg("%s\nexpected %s\n     got %s", cases[i].text, expected, made);
        free(made);
    }
}

static void listing_gives_its_text_back(void **state)
{
    static const struct {
        const char *language, *text;
        size_t lines;
    } cases[] = {
        {"python", "for i in r:\n    print('''a\n  b''')\n\n# end\n", 5},
        {"python", "x\n\n\n", 3},
        {"python", "\n", 1},
        {"python", "", 0},
        {"text", "def f\n  1\n", 2},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena = {0};
        struct block block = {0};
        struct buffer text = {.max = 1000};
        assert_true(listing_make(cases[i].language, cases[i].text, &arena, &block));
        assert_int_equal(block.line_count, cases[i].lines);
        assert_true(listing_text(&block, &text));
        assert_string_equal(buffer_text(&text), cases[i].text);
        for (size_t k = 0; k < block.line_count; k++)
            for (size_t s = 1; s < block.lines[k].count; s++)
                assert_int_not_equal(block.lines[k].spans[s].token, block.lines[k].spans[s - 1].token);
        arena_release(&arena);
        buffer_release(&text);
    }
}

/* Any bytes: the walk ends, and every byte got a token. */
static void python_tokens_take_anything(void **state)
{
    static const char alphabet[] = "a1 .'\"#\\\n(defr:\xc3";
    char text[24];
    uint32_t number = 1;

    (void)state;
    for (int round = 0; round < 20000; round++) {
        char *made;
        for (size_t i = 0; i < sizeof text; i++) {
            number = number * 1103515245 + 12345;
            text[i] = alphabet[(number >> 16) % (sizeof alphabet - 1)];
        }
        made = tokens_as_letters(text, sizeof text);
        assert_int_equal(strlen(made), sizeof text);
        free(made);
    }
}

static int print_tokens(const char *path)
{
    struct buffer text = {.max = 4 << 20};
    struct error err = {0};
    char *made;

    if (!file_read(path, &text, &err)) {
        (void)fprintf(stderr, "%s\n", err.text);
        return EXIT_FAILURE;
    }
    made = tokens_as_letters(buffer_text(&text), text.len);
    (void)puts(made);
    free(made);
    buffer_release(&text);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(python_tokens_are_what_they_look_like),
        cmocka_unit_test(listing_gives_its_text_back),
        cmocka_unit_test(python_tokens_take_anything),
    };

    if (argc > 1)
        return print_tokens(argv[1]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
