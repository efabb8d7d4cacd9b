/* The man pages and the command tables say the same. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/file.h"
#include "provisioning/commands.h"

#define MAN CARREL_SOURCE_DIR "/docs/man"

struct page {
    char name[256];
    struct buffer text;
};

static struct page pages[64];
static size_t page_count;

/* carrel-kiosk and carrel-server are other programs, with options of their own. */
static bool is_of_carrel(const char *name)
{
    static const char *const others[] = {"carrel-kiosk.", "carrel-server.", "carrel-sync."};

    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (strncmp(name, others[i], strlen(others[i])) == 0)
            return false;
    return strncmp(name, "carrel", strlen("carrel")) == 0 && strstr(name, ".scd") != NULL;
}

static int read_pages(void **state)
{
    DIR *folder = opendir(MAN);
    const struct dirent *entry;
    struct error err = {0};
    char path[FILE_PATH_SIZE];

    (void)state;
    assert_non_null(folder);
    while ((entry = readdir(folder)) != NULL) {
        struct page *page = &pages[page_count];
        if (!is_of_carrel(entry->d_name))
            continue;
        assert_true(page_count < sizeof pages / sizeof pages[0]);
        (void)snprintf(page->name, sizeof page->name, "%s", entry->d_name);
        page->text.max = 1 << 20;
        if (!path_join(path, MAN, entry->d_name, &err) || !file_read(path, &page->text, &err))
            fail_msg("%s", err.text);
        page_count++;
    }
    return closedir(folder);
}

static int release_pages(void **state)
{
    (void)state;
    for (size_t i = 0; i < page_count; i++)
        buffer_release(&pages[i].text);
    return 0;
}

/* In the synopsis, as "*carrel exam check*". */
static bool page_has_command(const struct page *page, const struct command *command)
{
    const char *end = strstr(buffer_text(&page->text), "# DESCRIPTION"), *at;
    char words[100];

    (void)snprintf(words, sizeof words, "*carrel %s*", command->name);
    at = strstr(buffer_text(&page->text), words);
    return at != NULL && at < end;
}

static bool page_has_option(const struct page *page, const char *name)
{
    char words[100];

    (void)snprintf(words, sizeof words, "*--%s*", name);
    return strstr(buffer_text(&page->text), words) != NULL;
}

static void every_option_is_in_its_page(void **state)
{
    (void)state;
    for (const struct command *const *command = commands; *command != NULL; command++)
        for (size_t i = 0; i < page_count; i++) {
            if (!page_has_command(&pages[i], *command))
                continue;
            for (const struct option *option = (*command)->options; option != NULL && option->name != NULL;
                 option++)
                if (!page_has_option(&pages[i], option->name))
                    fail_msg("%s has no *--%s* of %s", pages[i].name, option->name, (*command)->name);
            if ((*command)->has_json && !page_has_option(&pages[i], "json"))
                fail_msg("%s has no *--json* of %s", pages[i].name, (*command)->name);
        }
}

static bool command_takes(const struct command *command, const char *name, size_t len)
{
    for (const struct option *option = command->options; option != NULL && option->name != NULL; option++)
        if (strlen(option->name) == len && memcmp(option->name, name, len) == 0)
            return true;
    return command->has_json && len == 4 && memcmp(name, "json", 4) == 0;
}

/* By a command of the page, or by every command. */
static bool page_may_say(const struct page *page, const char *name, size_t len)
{
    static const char *const everywhere[] = {
        "help", "version", "json", "practice"}; /* the last: carrel-kiosk's */

    for (size_t i = 0; i < sizeof everywhere / sizeof everywhere[0]; i++)
        if (strlen(everywhere[i]) == len && memcmp(everywhere[i], name, len) == 0)
            return true;
    for (const struct command *const *command = commands; *command != NULL; command++)
        if (page_has_command(page, *command) && command_takes(*command, name, len))
            return true;
    return false;
}

static void no_page_has_an_option_that_is_not_there(void **state)
{
    (void)state;
    for (size_t i = 0; i < page_count; i++)
        for (const char *at = strstr(buffer_text(&pages[i].text), "*--"); at != NULL;
             at = strstr(at + 1, "*--")) {
            const size_t len = strspn(at + 3, "abcdefghijklmnopqrstuvwxyz-");
            if (len > 0 && !page_may_say(&pages[i], at + 3, len))
                fail_msg("%s has --%.*s, which no command of it takes", pages[i].name, (int)len, at + 3);
        }
}

/* In a page of its own, or at least in carrel(1) by its first word. */
static void every_command_is_in_a_page(void **state)
{
    (void)state;
    for (const struct command *const *command = commands; *command != NULL; command++) {
        char first[64];
        bool found = false;
        (void)snprintf(first, sizeof first, "*%.*s", (int)strcspn((*command)->name, " "), (*command)->name);
        for (size_t i = 0; i < page_count; i++)
            found = found || page_has_command(&pages[i], *command) ||
                    (strcmp(pages[i].name, "carrel.1.scd") == 0 &&
                        strstr(buffer_text(&pages[i].text), first) != NULL);
        if (!found)
            fail_msg("no page has %s", (*command)->name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_option_is_in_its_page),
        cmocka_unit_test(no_page_has_an_option_that_is_not_there),
        cmocka_unit_test(every_command_is_in_a_page),
    };

    return cmocka_run_group_tests(tests, read_pages, release_pages);
}
