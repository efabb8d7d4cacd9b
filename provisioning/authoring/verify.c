#include "provisioning/authoring/verify.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "provisioning/authoring/listing.h"
#include "provisioning/authoring/listing_run.h"

void verify_trim(char *text)
{
    char *to = text;

    for (const char *line = text; *line != '\0';) {
        const size_t len = strcspn(line, "\n");
        size_t kept = len;
        while (kept > 0 && isspace((unsigned char)line[kept - 1]))
            kept--;
        memmove(to, line, kept);
        to += kept;
        line += len;
        if (*line == '\n')
            *to++ = *line++;
    }
    while (to > text && to[-1] == '\n')
        to--;
    *to = '\0';
}

/* --- comparing ------------------------------------------------------------------------------------------ */

static bool prints_choice(const char *printed, const struct source_choice *choice)
{
    char *text = strdup(choice->text);
    bool equal;

    if (text == NULL)
        return false;
    verify_trim(text);
    equal = strcmp(text, printed) == 0;
    free(text);
    return equal;
}

/* For a mistake's text: one line, not too long. */
static const char *shown(const char *text, char room[100])
{
    size_t len = 0;

    for (; *text != '\0' && len < 90; text++)
        room[len++] = (unsigned char)*text < 0x20 ? ' ' : *text;
    (void)snprintf(room + len, 100 - len, "%s", *text == '\0' ? "" : "…");
    return room;
}

static void compare_output(const struct source_item *item, char *printed, struct mistakes *mistakes)
{
    char room[100];

    verify_trim(printed);
    for (size_t i = 0; i < item->choice_count; i++) {
        const bool is_printed = prints_choice(printed, &item->choices[i]);
        if (is_printed == item->choices[i].is_key)
            continue;
        mistakes_add(mistakes, item->file, is_printed ? item->choices[i].line : item->key_line,
            is_printed ? "choice %c is what the listing prints, and is not the key: %s"
                       : "the key is %c, and the listing prints: %s",
            (int)('A' + i), shown(printed, room));
    }
}

/* The last line that python wrote about an exception: "TypeError: …". */
static char *last_line(char *text)
{
    char *line;

    verify_trim(text);
    line = strrchr(text, '\n');
    return line == NULL ? text : line + 1;
}

static bool is_of_name(char byte)
{
    return isalnum((unsigned char)byte) || byte == '_';
}

/* The name without its module: "ProgrammingError" says pymysql.err.ProgrammingError too. */
static bool contains_name(const char *text, const char *exception)
{
    const char *dot = strrchr(exception, '.');
    const char *name = dot == NULL ? exception : dot + 1;
    const size_t len = strlen(name);

    for (const char *at = strstr(text, name); at != NULL; at = strstr(at + 1, name))
        if ((at == text || !is_of_name(at[-1])) && !is_of_name(at[len]))
            return true;
    return false;
}

/* The choices that say the exception; and those that are what was printed before it, which is no way to be
 * wrong. */
static void compare_choices(const struct source_item *item, char *printed, struct mistakes *mistakes)
{
    char room[100];

    verify_trim(printed);
    for (size_t i = 0; i < item->choice_count; i++) {
        const struct source_choice *choice = &item->choices[i];
        const bool names_it = contains_name(choice->text, item->raises);
        if (names_it && !choice->is_key)
            mistakes_add(mistakes, item->file, choice->line, "choice %c names %s, and is not the key",
                (int)('A' + i), item->raises);
        else if (!names_it && choice->is_key)
            mistakes_add(mistakes, item->file, item->key_line, "the key is %c, which does not name %s",
                (int)('A' + i), item->raises);
        if (!choice->is_key && prints_choice(printed, choice))
            mistakes_add(mistakes, item->file, choice->line,
                "choice %c is what the listing prints before its exception, and is not the key: %s",
                (int)('A' + i), shown(printed, room));
    }
}

static void compare_exception(
    const struct source_item *item, struct listing_run *run, struct mistakes *mistakes)
{
    const char *line = last_line((char *)run->errors.data);
    const size_t len = strlen(item->raises);
    char room[100];

    if (run->exit_code == 0) {
        mistakes_add(mistakes, item->file, item->verify_line,
            "the listing ends without an exception, and raises is %s", item->raises);
        return;
    }
    if (strncmp(line, item->raises, len) != 0 || (line[len] != ':' && line[len] != '\0'))
        mistakes_add(mistakes, item->file, item->verify_line, "raises is %s, and the listing ends with %s",
            item->raises, shown(line, room));
    compare_choices(item, (char *)run->out.data, mistakes);
}

/* What a listing imports may be missing on this machine, whatever the author wrote. */
static const struct {
    const char *module, *package;
} modules[] = {
    {"tkinter", "python3-tk"},
    {"numpy", "python3-numpy"},
    {"matplotlib", "python3-matplotlib"},
    {"pymysql", "python3-pymysql"},
    {"setuptools", "python3-setuptools"},
    {"ensurepip", "python3-venv"},
};
enum { MODULES = sizeof modules / sizeof modules[0] };

/* The module that was not found, if it is one of these; else MODULES. */
static size_t missing_module(const char *line)
{
    static const char begin[] = "ModuleNotFoundError: No module named '";
    size_t i = 0;

    if (strncmp(line, begin, strlen(begin)) != 0)
        return MODULES;
    line += strlen(begin);
    while (i < MODULES && (strncmp(line, modules[i].module, strlen(modules[i].module)) != 0 ||
                              line[strlen(modules[i].module)] != '\''))
        i++;
    return i;
}

static void compare(const struct source_item *item, struct listing_run *run, struct mistakes *mistakes)
{
    static const char *const ends[] = {
        [LISTING_TOO_LONG] = "the listing takes more than 10 seconds of the processor, or 60 of the clock",
        [LISTING_TOO_MUCH] = "the listing prints more than 64 KiB",
        [LISTING_KILLED] = "the listing was killed: too much memory or time"};
    char room[100];

    if (run->end != LISTING_EXITED)
        mistakes_add(mistakes, item->file, item->verify_line, "%s", ends[run->end]);
    else if (item->raises != NULL)
        compare_exception(item, run, mistakes);
    else if (run->exit_code != 0)
        mistakes_add(mistakes, item->file, item->verify_line, "the listing ends with %s",
            shown(last_line((char *)run->errors.data), room));
    else
        compare_output(item, (char *)run->out.data, mistakes);
}

/* --- running -------------------------------------------------------------------------------------------- */

/* Every listing that is run, with its item. */
struct verification {
    const struct source_item **items;
    struct listing_run *runs;
    size_t count;
    unsigned lacking; /* the set of needs that this machine can't meet */
    const struct verify_progress *progress;
};

/* A module that is missing is one mistake, at the first item that imports it. */
static void compare_all(const struct verification *verification, struct mistakes *mistakes)
{
    bool was_told[MODULES + 1] = {false};

    for (size_t i = 0; i < verification->count; i++) {
        const struct source_item *item = verification->items[i];
        struct listing_run *run = &verification->runs[i];
        const size_t module = missing_module(last_line((char *)run->errors.data));
        if (module == MODULES)
            compare(item, run, mistakes);
        else if (!was_told[module])
            mistakes_add(mistakes, item->file, item->verify_line,
                "listings that import %s can't run on this machine: install the Debian package %s",
                modules[module].module, modules[module].package);
        was_told[module] = true;
    }
}

/* With a listing, one key to compare with, and all that it needs. */
static bool is_runnable(const struct source_item *item, unsigned lacking)
{
    size_t keys = 0;

    for (size_t i = 0; i < item->choice_count; i++)
        keys += item->choices[i].is_key;
    return item->is_run && item->listing != NULL && keys == 1 && !(item->needs & lacking);
}

/* The set of needs that this machine can't meet: each is one mistake, at the first item that has it. */
static unsigned note_lacking(const struct bank *bank, struct mistakes *mistakes)
{
    unsigned lacking = 0;

    for (size_t i = 0; i < bank->item_count; i++)
        for (enum need need = 0; need < NEED_WORDS; need++) {
            const struct source_item *item = &bank->items[i];
            const char *package = item->needs & ~lacking & NEED(need) ? stage_lacks(need) : NULL;
            if (package == NULL)
                continue;
            lacking |= NEED(need);
            mistakes_add(mistakes, item->file, item->needs_line,
                "listings that need %s can't run on this machine: install the Debian package %s",
                need_words[need], package);
        }
    return lacking;
}

/* The program of each run is its own copy; so is its output, which always has room for a NUL. */
static bool make_run(const struct source_item *item, struct listing_run *run, struct error *err)
{
    struct buffer program = {.max = 4 * BLOCK_TEXT_MAX_BYTES};

    run->needs = item->needs;
    if (listing_text(item->listing, &program))
        run->program = strdup(buffer_text(&program));
    buffer_release(&program);
    if (run->program == NULL)
        return error_set(err, ERROR_NOMEM, "out of memory");
    if (strstr(run->program, "matplotlib") != NULL)
        run->needs |= NEED(NEED_FONTS);
    return true;
}

static bool make_runs(const struct bank *bank, struct verification *verification, struct error *err)
{
    verification->items = calloc(bank->item_count + 1, sizeof *verification->items);
    verification->runs = calloc(bank->item_count + 1, sizeof *verification->runs);
    if (verification->items == NULL || verification->runs == NULL)
        return error_set(err, ERROR_NOMEM, "out of memory");
    for (size_t i = 0; i < bank->item_count; i++) {
        if (!is_runnable(&bank->items[i], verification->lacking))
            continue;
        verification->items[verification->count] = &bank->items[i];
        if (!make_run(&bank->items[i], &verification->runs[verification->count++], err))
            return false;
    }
    return true;
}

static void release(struct verification *verification)
{
    for (size_t i = 0; i < verification->count; i++) {
        buffer_release(&verification->runs[i].out);
        buffer_release(&verification->runs[i].errors);
        free(verification->runs[i].program);
    }
    free(verification->runs);
    free(verification->items);
}

static bool tell(void *context, size_t ended)
{
    const struct verification *verification = context;
    const struct verify_progress *progress = verification->progress;

    return progress == NULL || progress->tell(progress->context, ended, verification->count);
}

static bool run_all(struct verification *verification, struct error *err)
{
    const struct listing_watch watch = {tell, verification};
    struct stage stage;
    const bool ok = stage_open(&stage, err) && listing_run_all(&stage, verification->runs,
                                                   verification->count, LISTING_RUN_S, &watch, err);

    stage_close(&stage);
    return ok;
}

bool verify_bank(const struct bank *bank, const struct verify_progress *progress, struct mistakes *mistakes,
    size_t *ran, struct error *err)
{
    struct verification verification = {.progress = progress, .lacking = note_lacking(bank, mistakes)};
    const bool ok = make_runs(bank, &verification, err) && run_all(&verification, err);

    if (ok) {
        compare_all(&verification, mistakes);
        *ran = verification.count;
    }
    release(&verification);
    return ok;
}
