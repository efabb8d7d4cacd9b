/* markdown.h: the part of Markdown that authors write, as blocks with line numbers. md4c enters through
 * markdown.c alone.
 *
 * Paragraphs with *emphasis*, **strong** and `code`, lists of one level, fenced listings. Everything else
 * (headings, HTML, links, pictures, tables, numbered lists, quotes) is noted as a mistake, so that nothing an
 * author wrote is dropped unseen. */
#ifndef CARREL_PROVISIONING_AUTHORING_MARKDOWN_H
#define CARREL_PROVISIONING_AUTHORING_MARKDOWN_H

#include "core/exam.h"
#include "provisioning/authoring/mistakes.h"

enum { LISTING_LINES_MAX = 30, LISTING_COLUMNS_MAX = 72 };

struct marked {
    struct block
        block;     /* paragraph, list item or listing; inside a list: paragraph or listing of that entry */
    unsigned line; /* in the file */
    size_t list;   /* number of the list it is in, from 1; 0: in none */
    size_t entry;  /* number of its entry in that list, from 1 */
};

struct markdown {
    struct marked *items;
    size_t count;
    size_t lists;
    unsigned last_line; /* of the last block */
};

/* first_line is that of text's first line in the file. Everything lives in the arena. False: a mistake was
 * noted. */
bool markdown_parse(const char *text, size_t len, const char *path, unsigned first_line, struct arena *arena,
    struct mistakes *mistakes, struct markdown *markdown);

/* The blocks from first on, entries of lists as list items, for a text without choices: an agreement, a
 * rationale, a stem. An entry with more than one paragraph, or a listing, is noted as a mistake. */
bool markdown_blocks(const struct marked *items, size_t count, const char *path, struct arena *arena,
    struct mistakes *mistakes, struct blocks *blocks);

#endif
