#include "provisioning/authoring/python.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* One walk over the text. At each step `at` is the first byte of a token. */
struct walk {
    const char *text;
    size_t at, len;
    enum token *tokens;
    bool names_definition; /* the last word was def or class */
    bool begins_line;      /* only blanks since the line began */
};

static const char *const keywords[] = {"False", "None", "True", "and", "as", "assert", "async", "await",
    "break", "class", "continue", "def", "del", "elif", "else", "except", "finally", "for", "from", "global",
    "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while",
    "with", "yield"};

static char peek(const struct walk *walk, size_t ahead)
{
    return walk->at + ahead < walk->len ? walk->text[walk->at + ahead] : '\0';
}

static void take(struct walk *walk, size_t count, enum token token)
{
    for (; count > 0 && walk->at < walk->len; count--)
        walk->tokens[walk->at++] = token;
}

static bool is_one_of(char c, const char *set)
{
    return c != '\0' && strchr(set, c) != NULL;
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

static bool begins_word(char c)
{
    return is_word(c) && !isdigit((unsigned char)c);
}

static bool is_operator(char c)
{
    return is_one_of(c, "+-*/%@&|^~<>=!.,:;()[]{}");
}

/* --- strings -------------------------------------------------------------------------------------------- */

/* The length of the quote's prefix (r, b, u, f, and r with b or f), where a string begins here; else
 * SIZE_MAX. */
static size_t string_prefix(const struct walk *walk)
{
    const char first = peek(walk, 0), second = peek(walk, 1);
    size_t len = 0;

    if ((is_one_of(first, "rR") && is_one_of(second, "bBfF")) ||
        (is_one_of(first, "bBfF") && is_one_of(second, "rR")))
        len = 2;
    else if (is_one_of(first, "rRbBuUfF"))
        len = 1;
    return is_one_of(peek(walk, len), "\"'") ? len : SIZE_MAX;
}

/* A string of one line ends at the line's end even if its quote is missing, unless a backslash stands before.
 */
static void take_string(struct walk *walk, size_t prefix)
{
    const char quote = peek(walk, prefix);
    const bool is_triple = peek(walk, prefix + 1) == quote && peek(walk, prefix + 2) == quote;

    take(walk, prefix + (is_triple ? 3 : 1), TOKEN_STRING);
    while (walk->at < walk->len) {
        const char c = peek(walk, 0);
        if (c == '\\') {
            take(walk, 2, TOKEN_STRING);
        } else if (c == '\n' && !is_triple) {
            return;
        } else if (c == quote && (!is_triple || (peek(walk, 1) == quote && peek(walk, 2) == quote))) {
            take(walk, is_triple ? 3 : 1, TOKEN_STRING);
            return;
        } else {
            take(walk, 1, TOKEN_STRING);
        }
    }
}

/* --- numbers -------------------------------------------------------------------------------------------- */

static bool begins_number(const struct walk *walk)
{
    const char c = peek(walk, 0);

    return isdigit((unsigned char)c) || (c == '.' && isdigit((unsigned char)peek(walk, 1)));
}

static size_t digits_from(const struct walk *walk, size_t ahead)
{
    while (isdigit((unsigned char)peek(walk, ahead)) ||
           (peek(walk, ahead) == '_' && isdigit((unsigned char)peek(walk, ahead + 1))))
        ahead++;
    return ahead;
}

static size_t number_length(const struct walk *walk)
{
    size_t len, exponent;

    if (peek(walk, 0) == '0' && is_one_of(peek(walk, 1), "xXoObB")) {
        for (len = 2; isxdigit((unsigned char)peek(walk, len)) || peek(walk, len) == '_'; len++)
            ;
        return len;
    }
    len = digits_from(walk, 0);
    if (peek(walk, len) == '.')
        len = digits_from(walk, len + 1);
    if (peek(walk, len) == 'e' || peek(walk, len) == 'E') {
        exponent = len + 1 + (peek(walk, len + 1) == '+' || peek(walk, len + 1) == '-');
        if (isdigit((unsigned char)peek(walk, exponent)))
            len = digits_from(walk, exponent);
    }
    return len + (peek(walk, len) == 'j' || peek(walk, len) == 'J');
}

/* --- words ---------------------------------------------------------------------------------------------- */

static bool word_is(const struct walk *walk, size_t len, const char *word)
{
    return strlen(word) == len && memcmp(walk->text + walk->at, word, len) == 0;
}

/* The line's last character that is neither blank nor comment; good enough without strings in a match line.
 */
static char last_of_line(const struct walk *walk, size_t ahead)
{
    char last = '\0';

    for (; peek(walk, ahead) != '\0' && peek(walk, ahead) != '\n' && peek(walk, ahead) != '#'; ahead++)
        if (peek(walk, ahead) != ' ')
            last = peek(walk, ahead);
    return last;
}

/* `match x:` and `case 1:` are statements, `match = 1` and `match(x)` are not. `type X = int` came with 3.12.
 */
static bool is_soft_keyword(const struct walk *walk, size_t len)
{
    size_t next = len;

    if (!walk->begins_line)
        return false;
    while (peek(walk, next) == ' ')
        next++;
    if (word_is(walk, len, "type"))
        return next > len && begins_word(peek(walk, next)) && last_of_line(walk, next) != ':';
    if (!word_is(walk, len, "match") && !word_is(walk, len, "case"))
        return false;
    if (is_one_of(peek(walk, next), "=.,:;)]}+/%|&^<>!"))
        return false;
    return last_of_line(walk, next) == ':';
}

static bool is_keyword(const struct walk *walk, size_t len)
{
    for (size_t i = 0; i < sizeof keywords / sizeof keywords[0]; i++)
        if (word_is(walk, len, keywords[i]))
            return true;
    return is_soft_keyword(walk, len);
}

static void take_word(struct walk *walk)
{
    const bool names_definition = walk->names_definition;
    size_t len = 0;

    while (is_word(peek(walk, len)))
        len++;
    walk->names_definition = word_is(walk, len, "def") || word_is(walk, len, "class");
    if (is_keyword(walk, len))
        take(walk, len, TOKEN_KEYWORD);
    else
        take(walk, len, names_definition ? TOKEN_NAME : TOKEN_PLAIN);
}

/* --- the walk ------------------------------------------------------------------------------------------- */

static void take_comment(struct walk *walk)
{
    while (peek(walk, 0) != '\0' && peek(walk, 0) != '\n')
        take(walk, 1, TOKEN_COMMENT);
}

static void take_other(struct walk *walk)
{
    const char c = peek(walk, 0);

    take(walk, 1, is_operator(c) ? TOKEN_OPERATOR : TOKEN_PLAIN);
    if (c == '\n')
        walk->begins_line = true;
}

static void take_token(struct walk *walk)
{
    const char c = peek(walk, 0);
    const size_t prefix = string_prefix(walk);

    if (prefix != SIZE_MAX)
        take_string(walk, prefix);
    else if (c == '#')
        take_comment(walk);
    else if (begins_number(walk))
        take(walk, number_length(walk), TOKEN_NUMBER);
    else if (begins_word(c))
        take_word(walk);
    else
        take_other(walk);
    if (!begins_word(c) && c != ' ')
        walk->names_definition = false;
    if (c != ' ' && c != '\n')
        walk->begins_line = false;
}

void python_tokens(const char *text, size_t len, enum token *tokens)
{
    struct walk walk = {.text = text, .len = len, .tokens = tokens, .begins_line = true};

    while (walk.at < walk.len)
        take_token(&walk);
}
