#include "provisioning/authoring/lint.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define POSITION_SLACK 0.10 /* a letter may be the key of 1/n plus this */
#define GUESS_SLACK 0.05    /* a guesser may find chance plus this */

const char *const guesser_names[GUESSERS] = {
    [GUESS_LONGEST] = "longest",
    [GUESS_FIRST] = "first",
    [GUESS_LAST] = "last",
    [GUESS_ODD] = "odd-one-out",
};

/* An item whose body was read; what is wrong with others was noted then. */
static bool is_sound(const struct source_item *item)
{
    return item->choice_count >= SOURCE_CHOICES_MIN && item->key_count >= 1 &&
           item->key_count < item->choice_count;
}

/* --- guessers ------------------------------------------------------------------------------------------- */

static double choose(size_t n, size_t k)
{
    double ways = 1;

    for (size_t i = 0; i < k; i++)
        ways = ways * (double)(n - i) / (double)(i + 1);
    return ways;
}

/* The key is found for sure as far as its values are above those of all others; among equal ones by luck. */
double lint_found(const struct source_item *item, const double values[SOURCE_CHOICES_MAX])
{
    double lowest_key = INFINITY;
    size_t tied = 0, tied_keys = 0;

    for (size_t i = 0; i < item->choice_count; i++)
        if (item->choices[i].is_key && values[i] < lowest_key)
            lowest_key = values[i];
    for (size_t i = 0; i < item->choice_count; i++) {
        if (!item->choices[i].is_key && values[i] > lowest_key)
            return 0;
        if (!(values[i] < lowest_key) && !(values[i] > lowest_key)) {
            tied++;
            tied_keys += item->choices[i].is_key;
        }
    }
    return 1 / choose(tied, tied_keys);
}

static size_t characters(const char *text)
{
    size_t count = 0;

    for (; *text != '\0'; text++)
        count += ((unsigned char)*text & 0xc0) != 0x80;
    return count;
}

/* How alike two texts are, 0 to 1: Dice's coefficient of their pairs of neighbouring bytes. */
static double likeness(const char *a, const char *b)
{
    static unsigned short pairs[2][65536];
    size_t common = 0, total = 0;
    const char *const texts[2] = {a, b};

    for (int t = 0; t < 2; t++)
        for (const char *at = texts[t]; at[0] != '\0' && at[1] != '\0'; at++, total++)
            pairs[t]
                 [(unsigned)tolower((unsigned char)at[0]) << 8 | (unsigned)tolower((unsigned char)at[1])]++;
    for (int t = 0; t < 2; t++)
        for (const char *at = texts[t]; at[0] != '\0' && at[1] != '\0'; at++) {
            const unsigned pair =
                (unsigned)tolower((unsigned char)at[0]) << 8 | (unsigned)tolower((unsigned char)at[1]);
            common += pairs[0][pair] < pairs[1][pair] ? pairs[0][pair] : pairs[1][pair];
            pairs[0][pair] = pairs[1][pair] = 0;
        }
    return total == 0 ? strcmp(a, b) == 0 : 2 * (double)common / (double)total;
}

static double oddness(const struct source_item *item, size_t index)
{
    double alike = 0;

    for (size_t i = 0; i < item->choice_count; i++)
        if (i != index)
            alike += likeness(item->choices[index].text, item->choices[i].text);
    return -alike;
}

static double guess(const struct source_item *item, enum guesser guesser)
{
    double values[SOURCE_CHOICES_MAX] = {0};

    for (size_t i = 0; i < item->choice_count; i++)
        switch (guesser) {
        case GUESS_LONGEST: values[i] = (double)characters(item->choices[i].text); break;
        case GUESS_FIRST: values[i] = -(double)i; break;
        case GUESS_LAST: values[i] = (double)i; break;
        case GUESS_ODD: values[i] = oddness(item, i); break;
        case GUESSERS: break;
        }
    return lint_found(item, values);
}

void lint_guesses(const struct bank *bank, struct guesses *guesses)
{
    *guesses = (struct guesses){0};
    for (size_t i = 0; i < bank->item_count; i++) {
        const struct source_item *item = &bank->items[i];
        if (!is_sound(item))
            continue;
        guesses->items++;
        guesses->chance += 1 / choose(item->choice_count, item->key_count);
        for (enum guesser guesser = GUESS_LONGEST; guesser < GUESSERS; guesser++)
            guesses->found[guesser] += guess(item, guesser);
    }
    if (guesses->items == 0)
        return;
    guesses->chance /= (double)guesses->items;
    for (enum guesser guesser = GUESS_LONGEST; guesser < GUESSERS; guesser++)
        guesses->found[guesser] /= (double)guesses->items;
}

/* The items that a guesser finds for sure: where an author should look. As many as fit. */
static void name_found(const struct bank *bank, enum guesser guesser, struct buffer *names)
{
    for (size_t i = 0; i < bank->item_count; i++)
        if (is_sound(&bank->items[i]) && guess(&bank->items[i], guesser) >= 1)
            if (!buffer_addf(names, "%s%s", names->len == 0 ? "" : ", ", bank->items[i].identifier))
                return;
}

/* A small bank can't be even to the point: what blind choice finds, rounded up to whole items, is always
 * allowed. */
static void check_guessers(const struct bank *bank, struct mistakes *mistakes)
{
    struct guesses guesses;

    lint_guesses(bank, &guesses);
    for (enum guesser guesser = GUESS_LONGEST; guesser < GUESSERS; guesser++) {
        const double count = (double)guesses.items;
        const double allowed = fmax((guesses.chance + GUESS_SLACK) * count, ceil(guesses.chance * count));
        struct buffer names = {.max = 240};
        if (guesses.items == 0 || guesses.found[guesser] * count <= allowed + 1e-9)
            continue;
        name_found(bank, guesser, &names);
        mistakes_add(mistakes, bank->file, 1,
            "the %s choice is the key of %.1f%% of the items, at most %.1f%% is fair (chance %.1f%%): %s",
            guesser_names[guesser], 100 * guesses.found[guesser], 100 * allowed / count, 100 * guesses.chance,
            buffer_text(&names));
        buffer_release(&names);
    }
}

/* --- positions of keys ---------------------------------------------------------------------------------- */

static void check_positions_of(const struct bank *bank, size_t choices, struct mistakes *mistakes)
{
    size_t keys[SOURCE_CHOICES_MAX] = {0}, items = 0, allowed, even;

    for (size_t i = 0; i < bank->item_count; i++) {
        const struct source_item *item = &bank->items[i];
        if (!is_sound(item) || item->key_count != 1 || item->choice_count != choices)
            continue;
        items++;
        for (size_t k = 0; k < choices; k++)
            keys[k] += item->choices[k].is_key;
    }
    even = (items + choices - 1) / choices;
    allowed = (size_t)((1 / (double)choices + POSITION_SLACK) * (double)items + 1e-9);
    allowed = allowed < even ? even : allowed;
    for (size_t k = 0; k < choices; k++)
        if (keys[k] > allowed)
            mistakes_add(mistakes, bank->file, 1,
                "of %zu single response items with %zu choices %c is the key of %zu, at most %zu are fair",
                items, choices, (int)('A' + k), keys[k], allowed);
}

/* --- choices -------------------------------------------------------------------------------------------- */

/* The next word in lower case, letters only; "" at the end. `was` keeps it as it is written. */
static const char *next_word(const char *at, char word[16], char *was)
{
    size_t len = 0;

    while (*at != '\0' && !isalpha((unsigned char)*at))
        at++;
    *was = *at;
    for (; isalpha((unsigned char)*at); at++)
        if (len < 15)
            word[len++] = (char)tolower((unsigned char)*at);
    word[len] = '\0';
    return at;
}

static bool is_in(const char *word, const char *const *words)
{
    for (; *words != NULL; words++)
        if (strcmp(word, *words) == 0)
            return true;
    return false;
}

static bool is_letter_of_choice(const char *word, char was)
{
    return word[1] == '\0' && was >= 'A' && was < 'A' + SOURCE_CHOICES_MAX;
}

/* "Both A and B", "A or C": nothing but letters of choices and words between them, and a letter at least. */
static bool is_list_of_letters(const char *text)
{
    static const char *const between[] = {
        "both", "only", "either", "neither", "and", "or", "nor", "not", NULL};
    char word[16], was;
    size_t letters = 0;

    for (const char *at = next_word(text, word, &was); word[0] != '\0'; at = next_word(at, word, &was)) {
        if (is_letter_of_choice(word, was))
            letters++;
        else if (!is_in(word, between))
            return false;
    }
    return letters >= 2 && strpbrk(text, "()[]{}=+*") == NULL; /* A + B is code */
}

bool lint_speaks_of_choices(const char *text)
{
    static const char *const how_many[] = {"all", "none", "any", "both", "neither", "either", "each", "every",
        "everything", "nothing", "some", "one", "two", "three", "several", NULL};
    static const char *const fillers[] = {"of", "the", "than", "more", "them", NULL};
    static const char *const choices[] = {"above", "below", "these", "those", "answers", "options", "choices",
        "alternatives", "responses", "foregoing", "preceding", "others", "listed", NULL};
    char word[16], was;
    bool has_number = false;

    for (const char *at = next_word(text, word, &was); word[0] != '\0'; at = next_word(at, word, &was)) {
        if (is_in(word, how_many))
            has_number = true;
        else if (has_number && is_in(word, choices))
            return true;
        else if (!is_in(word, fillers))
            has_number = false;
    }
    return is_list_of_letters(text);
}

/* Code may well say "one of these". */
static bool choice_speaks_of_choices(const struct source_choice *choice)
{
    struct buffer words = {.max = BLOCK_TEXT_MAX_BYTES};
    bool speaks;

    for (size_t i = 0; i < choice->content.count; i++)
        for (size_t k = 0; k < choice->content.items[i].run_count; k++) {
            const struct inline_run *inline_run = &choice->content.items[i].runs[k];
            buffer_add_text(&words, inline_run->style == INLINE_CODE ? "`" : inline_run->text);
        }
    speaks = lint_speaks_of_choices(buffer_text(&words));
    buffer_release(&words);
    return speaks;
}

static void check_choices(const struct source_item *item, struct mistakes *mistakes)
{
    for (size_t i = 0; i < item->choice_count; i++) {
        if (choice_speaks_of_choices(&item->choices[i]))
            mistakes_add(mistakes, item->file, item->choices[i].line, "choice %c speaks of other choices",
                (int)('A' + i));
        for (size_t k = 0; k < i; k++)
            if (strcmp(item->choices[i].text, item->choices[k].text) == 0)
                mistakes_add(mistakes, item->file, item->choices[i].line,
                    "choice %c is the same as choice %c", (int)('A' + i), (int)('A' + k));
    }
}

/* --- the stated number ---------------------------------------------------------------------------------- */

static unsigned number_of(const char *text)
{
    static const char *const words[] = {"", "one", "two", "three", "four", "five", "six", "seven", "eight"};
    size_t len;

    while (*text == ' ')
        text++;
    len = strcspn(text, " .,:;!)");
    if (len == 1 && isdigit((unsigned char)*text))
        return (unsigned)(*text - '0');
    for (unsigned i = 1; i < sizeof words / sizeof words[0]; i++)
        if (strlen(words[i]) == len && strncasecmp(words[i], text, len) == 0)
            return i;
    return 0;
}

unsigned lint_stated_number(const struct blocks *stem)
{
    for (size_t i = 0; i < stem->count; i++)
        for (size_t k = 0; k < stem->items[i].run_count; k++) {
            const char *at = strcasestr(stem->items[i].runs[k].text, "choose ");
            if (at != NULL && number_of(at + strlen("choose ")) > 0)
                return number_of(at + strlen("choose "));
        }
    return 0;
}

static void check_number(const struct source_item *item, struct mistakes *mistakes)
{
    const unsigned stated = lint_stated_number(&item->stem);

    if (item->key_count > 1 && stated == 0)
        mistakes_add(mistakes, item->file, item->body_line,
            "%zu choices are the key, and the question does not say so: Choose …", item->key_count);
    else if (stated != 0 && stated != item->key_count)
        mistakes_add(mistakes, item->file, item->key_line, "the question says to choose %u, and key has %zu",
            stated, item->key_count);
}

/* --- listings ------------------------------------------------------------------------------------------- */

static bool is_builtin(const char *word, size_t len)
{
    static const char *const builtins[] = {"abs", "all", "any", "bin", "bool", "chr", "dict", "divmod",
        "enumerate", "filter", "float", "format", "frozenset", "hex", "id", "input", "int", "isinstance",
        "iter", "len", "list", "map", "max", "min", "next", "object", "oct", "open", "ord", "pow", "print",
        "range", "repr", "reversed", "round", "set", "sorted", "str", "sum", "super", "tuple", "type", "zip"};

    for (size_t i = 0; i < sizeof builtins / sizeof builtins[0]; i++)
        if (strlen(builtins[i]) == len && memcmp(builtins[i], word, len) == 0)
            return true;
    return len > 5 && memcmp(word + len - 5, "Error", 5) == 0;
}

enum { NAMES_MAX = 200 };

struct renaming {
    struct buffer *text;
    const char *names[NAMES_MAX]; /* point into the listing */
    size_t lengths[NAMES_MAX];
    size_t count;
    bool is_attribute; /* a dot came last */
};

static size_t number_of_name(struct renaming *renaming, const char *word, size_t len)
{
    size_t i = 0;

    while (
        i < renaming->count && !(renaming->lengths[i] == len && memcmp(renaming->names[i], word, len) == 0))
        i++;
    if (i == renaming->count && renaming->count < NAMES_MAX) {
        renaming->names[i] = word;
        renaming->lengths[i] = len;
        renaming->count++;
    }
    return i;
}

static bool is_name(char c)
{
    return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

/* Plain text is names and the blanks between them. */
static void rename_plain(struct renaming *renaming, const char *at)
{
    while (*at != '\0') {
        size_t len = 0;
        while (is_name(at[len]))
            len++;
        if (len == 0) {
            at++;
            continue;
        }
        if (renaming->is_attribute || is_builtin(at, len))
            buffer_addf(renaming->text, " %.*s", (int)len, at);
        else
            buffer_addf(renaming->text, " $%zu", number_of_name(renaming, at, len));
        renaming->is_attribute = false;
        at += len;
    }
}

static void rename_span(struct renaming *renaming, const struct span *span)
{
    if (span->token == TOKEN_PLAIN || span->token == TOKEN_NAME) {
        rename_plain(renaming, span->text);
    } else if (span->token != TOKEN_COMMENT) {
        buffer_addf(renaming->text, " %s", span->text);
        renaming->is_attribute = span->token == TOKEN_OPERATOR && span->text[strlen(span->text) - 1] == '.';
    }
}

/* Lines of blanks and comments only leave nothing; indentation stays. */
bool lint_renamed(const struct block *listing, struct buffer *text)
{
    struct renaming renaming = {.text = text};

    for (size_t i = 0; i < listing->line_count; i++) {
        const struct code_line *line = &listing->lines[i];
        const size_t before = text->len;
        if (line->count > 0)
            buffer_addf(text, "%zu:", strspn(line->spans[0].text, " "));
        const size_t empty = text->len;
        for (size_t k = 0; k < line->count; k++)
            rename_span(&renaming, &line->spans[k]);
        if (text->len == empty)
            buffer_cut(text, before);
        else
            buffer_add(text, "\n", 1);
    }
    return !text->failed;
}

static void check_listings(const struct bank *bank, struct mistakes *mistakes)
{
    char **renamed = calloc(bank->item_count + 1, sizeof *renamed);

    for (size_t i = 0; renamed != NULL && i < bank->item_count; i++) {
        struct buffer text = {.max = 4 * BLOCK_TEXT_MAX_BYTES};
        if (bank->items[i].listing == NULL || !lint_renamed(bank->items[i].listing, &text))
            continue;
        renamed[i] = strdup(buffer_text(&text));
        buffer_release(&text);
        for (size_t k = 0; k < i; k++)
            if (renamed[i] != NULL && renamed[k] != NULL && strcmp(renamed[i], renamed[k]) == 0)
                mistakes_add(mistakes, bank->items[i].file, bank->items[i].body_line,
                    "the listing is that of %s with other names", bank->items[k].identifier);
    }
    for (size_t i = 0; renamed != NULL && i < bank->item_count; i++)
        free(renamed[i]);
    free(renamed);
}

/* --- the whole ------------------------------------------------------------------------------------------ */

void lint_statistics(const struct bank *bank, struct mistakes *mistakes)
{
    for (size_t choices = SOURCE_CHOICES_MIN; choices <= SOURCE_CHOICES_MAX; choices++)
        check_positions_of(bank, choices, mistakes);
    check_guessers(bank, mistakes);
}

void lint_items(const struct bank *bank, struct mistakes *mistakes)
{
    for (size_t i = 0; i < bank->item_count; i++) {
        check_choices(&bank->items[i], mistakes);
        if (is_sound(&bank->items[i]))
            check_number(&bank->items[i], mistakes);
    }
    check_listings(bank, mistakes);
}
