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

static bool contains_name(const char *text, const char *name)
{
    const size_t len = strlen(name);

    for (const char *at = strstr(text, name); at != NULL; at = strstr(at + 1, name))
        if ((at == text || !isalnum((unsigned char)at[-1])) && !isalnum((unsigned char)at[len]))
            return true;
    return false;
}

static void compare_exception(
    const struct source_item *item, char *errors, int exit_code, struct mistakes *mistakes)
{
    const char *line = last_line(errors);
    const size_t len = strlen(item->raises);
    char room[100];

    if (exit_code == 0) {
        mistakes_add(mistakes, item->file, item->verify_line,
            "the listing ends without an exception, and raises is %s", item->raises);
        return;
    }
    if (strncmp(line, item->raises, len) != 0 || (line[len] != ':' && line[len] != '\0'))
        mistakes_add(mistakes, item->file, item->verify_line, "raises is %s, and the listing ends with %s",
            item->raises, shown(line, room));
    for (size_t i = 0; i < item->choice_count; i++) {
        const bool names_it = contains_name(item->choices[i].text, item->raises);
        if (names_it && !item->choices[i].is_key)
            mistakes_add(mistakes, item->file, item->choices[i].line,
                "choice %c names %s, and is not the key", (int)('A' + i), item->raises);
        else if (!names_it && item->choices[i].is_key)
            mistakes_add(mistakes, item->file, item->key_line, "the key is %c, which does not name %s",
                (int)('A' + i), item->raises);
    }
}

static void compare(const struct source_item *item, struct listing_run *run, struct mistakes *mistakes)
{
    static const char *const ends[] = {[LISTING_TOO_LONG] = "the listing runs for more than 10 seconds",
        [LISTING_TOO_MUCH] = "the listing prints more than 64 KiB",
        [LISTING_KILLED] = "the listing was killed: too much memory or time"};
    char room[100];

    if (run->end != LISTING_EXITED)
        mistakes_add(mistakes, item->file, item->verify_line, "%s", ends[run->end]);
    else if (item->raises != NULL)
        compare_exception(item, (char *)run->errors.data, run->exit_code, mistakes);
    else if (run->exit_code != 0)
        mistakes_add(mistakes, item->file, item->verify_line, "the listing ends with %s",
            shown(last_line((char *)run->errors.data), room));
    else
        compare_output(item, (char *)run->out.data, mistakes);
}

/* --- running -------------------------------------------------------------------------------------------- */

struct told {
    const struct verify_progress *progress;
    size_t total;
};

static bool tell(void *context, size_t done)
{
    const struct told *told = context;

    return told->progress == NULL || told->progress->tell(told->progress->context, done, told->total);
}

/* With a listing, and one key to compare with. */
static bool is_runnable(const struct source_item *item)
{
    size_t keys = 0;

    for (size_t i = 0; i < item->choice_count; i++)
        keys += item->choices[i].is_key;
    return item->is_run && item->listing != NULL && keys == 1;
}

/* The program of each run is its own copy; so is its output, which always has room for a NUL. */
static bool make_runs(const struct bank *bank, struct listing_run *runs, size_t *count, struct error *err)
{
    for (size_t i = 0; i < bank->item_count; i++) {
        struct buffer program = {.max = 4 * BLOCK_TEXT_MAX_BYTES};
        if (!is_runnable(&bank->items[i]))
            continue;
        if (listing_text(bank->items[i].listing, &program))
            runs[*count].program = strdup(buffer_text(&program));
        buffer_release(&program);
        if (runs[(*count)++].program == NULL)
            return error_set(err, ERROR_NOMEM, "out of memory");
    }
    return true;
}

static void compare_all(const struct bank *bank, struct listing_run *runs, struct mistakes *mistakes)
{
    size_t next = 0;

    for (size_t i = 0; i < bank->item_count; i++)
        if (is_runnable(&bank->items[i]))
            compare(&bank->items[i], &runs[next++], mistakes);
}

bool verify_bank(const struct bank *bank, const struct verify_progress *progress, struct mistakes *mistakes,
    size_t *ran, struct error *err)
{
    struct listing_run *runs = calloc(bank->item_count + 1, sizeof *runs);
    struct told told = {.progress = progress};
    bool ok = false;

    if (runs == NULL)
        return error_set(err, ERROR_NOMEM, "out of memory");
    if (make_runs(bank, runs, &told.total, err))
        ok = listing_run_all(runs, told.total, LISTING_RUN_MS, tell, &told, err);
    if (ok) {
        compare_all(bank, runs, mistakes);
        *ran = told.total;
    }
    for (size_t i = 0; i < told.total; i++) {
        buffer_release(&runs[i].out);
        buffer_release(&runs[i].errors);
        free(runs[i].program);
    }
    free(runs);
    return ok;
}
