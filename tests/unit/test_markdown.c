#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "provisioning/authoring/listing.h"
#include "provisioning/authoring/markdown.h"

/* Blocks as text: "3 paragraph: text*code*" and so on; the styles' first letters stand before each run. */
static void describe(const struct markdown *markdown, FILE *to)
{
    for (size_t i = 0; i < markdown->count; i++) {
        const struct marked *marked = &markdown->items[i];
        (void)fprintf(to, "%u", marked->line);
        if (marked->list > 0)
            (void)fprintf(to, " list %zu.%zu", marked->list, marked->entry);
        for (size_t k = 0; k < marked->block.run_count; k++)
            (void)fprintf(to, " %c[%s]", "tesc"[marked->block.runs[k].style], marked -> block.runs[k].text);
        if (marked->block.kind == BLOCK_LISTING) {
            struct buffer text = {.max = 10000};
            assert_true(listing_text(&marked->block, &text));
            (void)fprintf(to, " %s{%s}", marked->block.language, buffer_text(&text));
            buffer_release(&text);
        }
        (void)fputs("\n", to);
    }
}

static char *parsed(const char *source)
{
    struct arena arena = {0};
    struct mistakes mistakes = {0};
    struct markdown markdown = {0};
    char *text = NULL;
    size_t len;
    FILE *to = open_memstream(&text, &len);
    const bool ok = markdown_parse(source, strlen(source), "x.md", 1, &arena, &mistakes, &markdown);

    assert_int_equal(ok, mistakes.count == 0);
    if (ok)
        describe(&markdown, to);
    else
        mistakes_print(&mistakes, to);
    (void)fclose(to);
    arena_release(&arena);
    mistakes_release(&mistakes);
    return text;
}

static void check(const char *source, const char *expected)
{
    char *text = parsed(source);

    if (strcmp(text, expected) != 0)
        fail_msg("--- source\n%s\n--- expected\n%s\n--- got\n%s", source, expected, text);
    free(text);
}

static void markdown_gives_blocks_with_their_lines(void **state)
{
    static const struct {
        const char *source, *expected;
    } cases[] = {
        {"", ""},
        {"one\ntwo\n\n\nthree\n", "1 t[one two]\n5 t[three]\n"},
        {"a *b* **c** `d` e\n", "1 t[a ] e[b] t[ ] s[c] t[ ] c[d] t[ e]\n"},
        {"**a `b`**\n", "1 s[a ] c[b]\n"},
        {"\\*a\\* 2 * 3 &lt; snake_case\n", "1 t[*a* 2 * 3 < snake_case]\n"},
        {"- one\n- `two`\n", "1 list 1.1 t[one]\n2 list 1.2 c[two]\n"},
        {"- one\n\n- two\n", "1 list 1.1 t[one]\n3 list 1.2 t[two]\n"},
        {"- one\n  more\n\n  second\n- two\n",
            "1 list 1.1 t[one more]\n4 list 1.1 t[second]\n5 list 1.2 t[two]\n"},
        {"- a\n- b\n\ntext\n\n* c\n", "1 list 1.1 t[a]\n2 list 1.2 t[b]\n4 t[text]\n6 list 2.1 t[c]\n"},
        {"t\n\n```python\nfor x in y:\n    pass\n```\n", "1 t[t]\n4 python{for x in y:\n    pass\n}\n"},
        {"```text\n\n\nthird\n\nlast\n```\nend\n", "2 text{\n\nthird\n\nlast\n}\n8 t[end]\n"},
        {"- ```python\n  a\n    b\n  ```\n- two\n", "2 list 1.1 python{a\n  b\n}\n5 list 1.2 t[two]\n"},
        {"- x\n  ```text\n  a\n  ```\n  y\n", "1 list 1.1 t[x]\n3 list 1.1 text{a\n}\n5 list 1.1 t[y]\n"},
        {"- a\n-\n- c\n", "1 list 1.1 t[a]\n3 list 1.3 t[c]\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check(cases[i].source, cases[i].expected);
}

static void markdown_notes_what_is_not_known(void **state)
{
    static const struct {
        const char *source, *expected;
    } cases[] = {
        {"a\n\n# head\n", "x.md:3: headings are not known here\n"},
        {"a\n---\n", "x.md:1: headings are not known here\n"},
        {"a\n\n> quote\n", "x.md:3: quotes are not known here\n"},
        {"a\n\n***\n\nb\n", "x.md:3: rulers are not known here\n"},
        {"a\n\n<div>\nx\n</div>\n", "x.md:3: HTML is not known here; code stands between backquotes\n"},
        {"a\nb <class 'int'> <b>\n", "x.md:2: HTML is not known here; code stands between backquotes\n"},
        {"a\n\n|a|b|\n|---|---|\n|1|2|\n", "x.md:3: tables are not known here\n"},
        {"a\nsee [this](http://x)\n", "x.md:2: links are not known here\n"},
        {"a\n[this](http://x)\n", "x.md:2: links are not known here\n"},
        {"<http://x.org>\n", "x.md:1: links are not known here\n"},
        {"![p](x.png)\n", "x.md:1: pictures are not known here\n"},
        {"a\n\n1. one\n2. two\n", "x.md:3: a numbered list; only lists with - are known\n"},
        {"- a\n  - b\n", "x.md:2: a list inside a list\n"},
        {"a\\\nb\n", "x.md:1: a line break inside a paragraph; begin a new paragraph\n"},
        {"a\nb &nbsp; c\n", "x.md:2: &nbsp;: write the character itself\n"},
        {"a\n\n```\nx\n```\n", "x.md:3: a listing without its language: ```python or ```text\n"},
        {"a\n\n```java\nx\n```\n", "x.md:3: a listing's language is python or text\n"},
        {"a\n\n    x\n", "x.md:2: a listing stands between fences (```); indented text is none\n"},
        {"```python\nif x:\n\ty\n```\n", "x.md:3: a tab; indent with spaces\n"},
        {"a\n\x01\n", "x.md:2: a control character\n"},
        {"```"
         "text\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16\n17\n18\n19\n20\n21\n22\n23\n24\n25\n26"
         "\n27\n28\n"
         "29\n30\n31\n```\n",
            "x.md:2: a listing has 31 lines, at most 30 fit\n"},
        {"```text\nx\n123456789012345678901234567890123456789012345678901234567890123456789012\n"
         "1234567890123456789012345678901234567890123456789012345678901234567890123\n```\n",
            "x.md:4: a line of a listing has 73 characters, at most 72 fit\n"},
        {"# one\n\n> two\n", "x.md:1: headings are not known here\nx.md:3: quotes are not known here\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check(cases[i].source, cases[i].expected);
}

static void lists_become_list_items(void **state)
{
    static const struct {
        const char *source, *expected;
    } cases[] = {
        {"a\n\n- b\n- c\n", ""},
        {"- b\n\n  c\n", "x.md:3: a second paragraph in an entry of a list\n"},
        {"- b\n\n  ```text\n  c\n  ```\n", "x.md:4: a listing inside a list\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena = {0};
        struct mistakes mistakes = {0};
        struct markdown markdown = {0};
        struct blocks blocks = {0};
        char *text = NULL;
        size_t len;
        FILE *to = open_memstream(&text, &len);
        assert_true(markdown_parse(
            cases[i].source, strlen(cases[i].source), "x.md", 1, &arena, &mistakes, &markdown));
        assert_int_equal(
            markdown_blocks(markdown.items, markdown.count, "x.md", &arena, &mistakes, &blocks), i == 0);
        mistakes_print(&mistakes, to);
        (void)fclose(to);
        assert_string_equal(text, cases[i].expected);
        if (i == 0) {
            assert_int_equal(blocks.count, 3);
            assert_int_equal(blocks.items[0].kind, BLOCK_PARAGRAPH);
            assert_int_equal(blocks.items[2].kind, BLOCK_LIST_ITEM);
        }
        free(text);
        arena_release(&arena);
        mistakes_release(&mistakes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(markdown_gives_blocks_with_their_lines),
        cmocka_unit_test(markdown_notes_what_is_not_known),
        cmocka_unit_test(lists_become_list_items),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
