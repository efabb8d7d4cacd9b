/* Every mistake of docs/formats/exam-folder.md: the small exam of tests/exams with one place changed, and all
 * that is noted for it. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/file.h"
#include "core/outfile.h"
#include "provisioning/exam_folder.h"
#include "provisioning/scratch.h"

#define SMALL CARREL_SOURCE_DIR "/tests/exams/small"
enum { FILE_BYTES_MAX = 1 << 20 };

struct change {
    const char *file; /* in the folder */
    const char *from,
        *to; /* the first place; from NULL: to is the whole content; to NULL: the file goes away */
    const char *expected; /* all that is noted, without the folder's name */
};

/* --- folders -------------------------------------------------------------------------------------------- */

static void must(bool ok, const struct error *err)
{
    if (!ok)
        fail_msg("%s", err->text);
}

static void copy_file(const char *from_dir, const char *to_dir, const char *name)
{
    struct buffer content = {.max = FILE_BYTES_MAX};
    char from[FILE_PATH_SIZE], to[FILE_PATH_SIZE];
    struct error err = {0};

    must(path_join(from, from_dir, name, &err) && path_join(to, to_dir, name, &err) &&
             file_read(from, &content, &err) && outfile_save(to, 0600, buffer_bytes(&content), &err),
        &err);
    buffer_release(&content);
}

static void copy_folder(const char *from, const char *to)
{
    struct dirent **entries = NULL;
    int count = scandir(from, &entries, NULL, NULL);
    struct error err = {0};

    must(folder_make(to, 0700, &err), &err);
    for (int i = 0; i < count; i++) {
        if (entries[i]->d_type == DT_REG)
            copy_file(from, to, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
}

static void copy_exam(const char *from, const char *to)
{
    char items_from[FILE_PATH_SIZE], items_to[FILE_PATH_SIZE];
    struct error err = {0};

    copy_folder(from, to);
    must(path_join(items_from, from, "items", &err) && path_join(items_to, to, "items", &err), &err);
    copy_folder(items_from, items_to);
}

static void change_file(const char *dir, const struct change *change)
{
    struct buffer before = {.max = FILE_BYTES_MAX}, after = {.max = FILE_BYTES_MAX};
    char path[FILE_PATH_SIZE];
    struct error err = {0};

    must(path_join(path, dir, change->file, &err), &err);
    if (change->to == NULL) {
        assert_int_equal(unlink(path), 0);
        return;
    }
    if (change->from == NULL) {
        buffer_add_text(&after, change->to);
    } else {
        const char *place;
        must(file_read(path, &before, &err), &err);
        place = strstr(buffer_text(&before), change->from);
        if (place == NULL)
            fail_msg("%s has no “%s”", change->file, change->from);
        buffer_add(&after, before.data, (size_t)(place - buffer_text(&before)));
        buffer_add_text(&after, change->to);
        buffer_add_text(&after, place + strlen(change->from));
    }
    must(outfile_save(path, 0600, buffer_bytes(&after), &err), &err);
    buffer_release(&before);
    buffer_release(&after);
}

typedef bool check_folder(struct exam_folder *folder, const char *dir, struct error *err);

/* What is noted, the folder's name left out. */
static char *check(const char *dir, check_folder *how)
{
    struct exam_folder folder;
    struct error err = {0};
    char *text = NULL;
    size_t len;
    FILE *to = open_memstream(&text, &len);

    if (!how(&folder, dir, &err))
        (void)fprintf(to, "fails: %s\n", err.text);
    for (size_t i = 0; i < folder.mistakes.count; i++) {
        const struct mistake *mistake = &folder.mistakes.items[i];
        assert_memory_equal(mistake->file, dir, strlen(dir));
        (void)fprintf(to, "%s:%u: %s\n", mistake->file + strlen(dir) + 1, mistake->line, mistake->reason);
    }
    (void)fclose(to);
    exam_folder_release(&folder);
    return text;
}

static void check_changes(const struct change *changes, size_t count, check_folder *how)
{
    for (size_t i = 0; i < count; i++) {
        struct scratch scratch;
        struct error err = {0};
        char *noted;
        must(scratch_make(&scratch, "small", &err), &err);
        copy_exam(SMALL, scratch.path);
        change_file(scratch.path, &changes[i]);
        noted = check(scratch.path, how);
        scratch_remove(&scratch);
        if (strcmp(noted, changes[i].expected) != 0)
            fail_msg("%s: %s → %s\n--- expected\n%s--- noted\n%s", changes[i].file,
                changes[i].from == NULL ? "" : changes[i].from, changes[i].to == NULL ? "" : changes[i].to,
                changes[i].expected, noted);
        free(noted);
    }
}

#define CHECK(changes, how) check_changes(changes, sizeof(changes) / sizeof(changes)[0], how)

/* --- the cases ------------------------------------------------------------------------------------------ */

static void small_exam_is_sound(void **state)
{
    char *noted = check(SMALL, exam_folder_check);

    (void)state;
    assert_string_equal(noted, "");
    free(noted);
}

static void exam_yaml_says_what_is_wrong(void **state)
{
    static const struct change changes[] = {
        {"exam.yaml", "format: 1", "format: 2", "exam.yaml:1: format should be a whole number from 1 to 1\n"},
        {"exam.yaml", "id: small\n", "", "exam.yaml:1: id is missing\n"},
        {"exam.yaml", "id: small", "id: Small",
            "exam.yaml:2: id should be made of a-z, 0-9 and -, at most 32\n"},
        {"exam.yaml", "id: small", "id: a.b",
            "exam.yaml:2: id should be made of a-z, 0-9 and -, at most 32\n"},
        {"exam.yaml", "\"2026.1\"", "\"2026/1\"", "exam.yaml:3: version should be made of a-z, 0-9, - _ .\n"},
        {"exam.yaml", "\"A small exam, for tests\"", "\"\"",
            "exam.yaml:4: title should be one line of at most 256 bytes\n"},
        {"exam.yaml", "language: en", "language: e n",
            "exam.yaml:6: language should be a tag such as en or de-AT\n"},
        {"exam.yaml", "public: yes", "public: perhaps", "exam.yaml:7: public should be yes or no\n"},
        {"exam.yaml", "minutes: 5", "minutes: 0",
            "exam.yaml:8: time_limit_minutes should be a whole number from 1 to 1440\n"},
        {"exam.yaml", "pass_mark: 70", "pass_mark: 101",
            "exam.yaml:9: pass_mark should be a whole number from 1 to 100\n"},
        {"exam.yaml", "policy: topics", "policy: all",
            "exam.yaml:10: result_policy should be nothing, pass-fail or topics\n"},
        {"exam.yaml", "source:", "sauce:", "exam.yaml:11: sauce is not a name known here\n"},
        {"exam.yaml", "  - id: flow\n", "  - id: flow\n    more: 1\n",
            "exam.yaml:14: more is not a name known here\n"},
        {"exam.yaml", "id: types", "id: flow",
            "exam.yaml:18: the objective flow is there twice, first in line 13\n"
            "exam.yaml:20: the draw of flow takes 2 items, and there are 0 live ones\n"
            "items/types-1.md:3: there is no objective types in exam.yaml\n"
            "items/types-2.md:3: there is no objective types in exam.yaml\n"
            "items/types-3.md:3: there is no objective types in exam.yaml\n"},
        {"exam.yaml", "    title: Types\n", "", "exam.yaml:18: title is missing\n"},
        {"exam.yaml", "draw: 2", "draw: two", "exam.yaml:20: draw should be a whole number from 1 to 500\n"},
        {"exam.yaml", "draw: 2", "draw: []",
            "exam.yaml:20: draw should be a number, or a list of 1 to 64 draws\n"
            "items/types-1.md:3: no draw of types takes an item that is easy and concept\n"
            "items/types-2.md:3: no draw of types takes an item that is medium and concept\n"
            "items/types-3.md:3: no draw of types takes an item that is medium and complete\n"},
        {"exam.yaml", "difficulty: medium}", "difficulty: middle}",
            "exam.yaml:17: difficulty should be easy, medium or hard\n"
            "exam.yaml:17: the draw of flow (easy) takes 1 items, and there are 0 live ones\n"
            "items/flow-3.md:3: no draw of flow takes an item that is medium and error\n"},
        {"exam.yaml", "task: output", "tasks: output", "exam.yaml:16: tasks is not a name known here\n"},
        {"exam.yaml", "draw: 2", "draw: 4",
            "exam.yaml:20: the draw of types takes 4 items, and there are 3 live ones\n"},
        {"exam.yaml", "{count: 1, difficulty: medium}", "{count: 2, difficulty: medium}",
            "exam.yaml:17: the draw of flow (medium) takes 2 items, and there are 1 live ones\n"},
        {"exam.yaml", "{count: 1, difficulty: easy, task: output}",
            "{count: 2, difficulty: easy, task: output}",
            "exam.yaml:13: enemies leave too few items for a form\n"},
        {"exam.yaml", "  You work **alone**.", "  # You work alone",
            "exam.yaml:22: headings are not known here\n"},
        {"exam.yaml", "  - No aids.", "  see [us](http://x)", "exam.yaml:24: links are not known here\n"},
        {"exam.yaml", "nda: |\n  You work **alone**.\n\n  - No aids.\n", "",
            "exam.yaml:21: nda_minutes without an nda\n"},
        {"exam.yaml", "[\"Good\", \"Poor\"]", "[\"Good\"]",
            "exam.yaml:29: choices should be a list of 2 to 32\n"},
        {"exam.yaml", "ask: \"How was the room?\", ", "", "exam.yaml:29: ask is missing\n"},
        {"exam.yaml", "  - {id: room", "  - {id: room, ask: x, choices: [a, b]}\n  - {id: room",
            "exam.yaml:30: the question room is there twice\n"},
        {"exam.yaml", NULL, "- a\n", "exam.yaml:1: it should be names and values, one a line\n"},
    };

    (void)state;
    CHECK(changes, exam_folder_read);
}

static void item_head_says_what_is_wrong(void **state)
{
    static const struct change changes[] = {
        {"items/flow-3.md", "---\nid", "id",
            "exam.yaml:17: the draw of flow (medium) takes 1 items, and there are 0 live ones\n"
            "items/flow-3.md:1: the first line should be ---\n"},
        {"items/flow-3.md", "  A number has no length.\n---\n", "  A number has no length.\n",
            "exam.yaml:17: the draw of flow (medium) takes 1 items, and there are 0 live ones\n"
            "items/flow-3.md:1: the head has no end: a line of ---\n"},
        {"items/flow-3.md", "id: flow-3", "id: flow-5",
            "items/flow-3.md:2: id should be flow-3, as the file is named\n"},
        {"items/flow-3.md", "objective: flow", "objective: flaw",
            "exam.yaml:17: the draw of flow (medium) takes 1 items, and there are 0 live ones\n"
            "items/flow-3.md:3: there is no objective flaw in exam.yaml\n"},
        {"items/flow-3.md", "interaction: choice", "interaction: hotspot",
            "items/flow-3.md:4: interaction should be choice\n"},
        {"items/flow-3.md", "key: [A]", "key: A", "items/flow-3.md:5: key should be a list\n"},
        {"items/flow-3.md", "key: [A]", "key: []", "items/flow-3.md:5: key is empty\n"},
        {"items/flow-3.md", "key: [A]", "key: [a]",
            "items/flow-3.md:5: key should be letters of choices: A, B, C …\n"},
        {"items/types-2.md", "key: [A, D]", "key: [A, A]", "items/types-2.md:5: key names a choice twice\n"},
        {"items/types-2.md", "key: [A, D]", "key: [A, E]",
            "items/types-2.md:5: key names E, and there are 4 choices\n"},
        {"items/types-2.md", "key: [A, D]", "key: [A, B, C, D]",
            "items/types-2.md:5: every choice is a key\n"},
        {"items/flow-3.md", "points: 1", "points: 0",
            "items/flow-3.md:6: points should be a whole number from 1 to 100\n"},
        {"items/types-2.md", "points: 2", "points: 3",
            "items/types-2.md:6: points should be 2, as those of types-1, which the same draw takes\n"},
        {"items/flow-4.md", "difficulty: hard", "difficulty: 3",
            "items/flow-4.md:7: difficulty should be easy, medium or hard\n"},
        {"items/flow-3.md", "level: analyse", "level: think",
            "items/flow-3.md:8: level should be remember, understand, apply, analyse or evaluate\n"},
        {"items/flow-4.md", "task: concept", "task: idea",
            "items/flow-4.md:9: task should be output, error, concept, complete or trace\n"},
        {"items/flow-3.md", "use: live", "use: later", "items/flow-3.md:10: use should be live or pilot\n"},
        {"items/flow-3.md", "verify: run", "verify: walk", "items/flow-3.md:11: verify should be run\n"},
        {"items/flow-3.md", "verify: run\n", "", "items/flow-3.md:11: raises without verify: run\n"},
        {"items/flow-3.md", "raises: TypeError", "raises: \"Type Error\"",
            "items/flow-3.md:12: raises should be the name of an exception\n"},
        {"items/flow-1.md", "verify: run", "verify: run\nneeds: [display, mysql]", ""},
        {"items/flow-1.md", "verify: run", "needs: [mysql]",
            "items/flow-1.md:11: needs without verify: run\n"},
        {"items/flow-1.md", "verify: run", "verify: run\nneeds: [display, printer]",
            "items/flow-1.md:12: needs should be a list of words: display, mysql\n"},
        {"items/flow-1.md", "verify: run", "verify: run\nneeds: display",
            "items/flow-1.md:12: needs should be a list of words: display, mysql\n"},
        {"items/flow-1.md", "enemies: [flow-2]", "enemies: flow-2",
            "items/flow-1.md:12: enemies should be a list of ids\n"},
        {"items/flow-1.md", "enemies: [flow-2]", "enemies: [flow-9]",
            "items/flow-1.md:12: there is no item flow-9\n"},
        {"items/flow-1.md", "enemies: [flow-2]", "enemies: [flow-1]",
            "items/flow-1.md:12: an item is not its own enemy\n"},
        {"items/flow-2.md", "shuffle: no", "shuffle: never",
            "items/flow-2.md:12: shuffle should be yes or no\n"},
        {"items/flow-3.md", "rationale: |\n  A number has no length.\n", "",
            "items/flow-3.md:2: rationale is missing\n"},
        {"items/flow-3.md", "  A number has no length.", "  A number\n  has <b> no length.",
            "items/flow-3.md:15: HTML is not known here; code stands between backquotes\n"},
        {"items/flow-3.md", "use: live", "use: live\nused: 1",
            "items/flow-3.md:11: used is not a name known here\n"},
        {"items/flow-4.md", "difficulty: hard\nlevel", "level", "items/flow-4.md:2: difficulty is missing\n"},
        {"items/flow-4.md", "use: pilot", "use: live",
            "items/flow-4.md:3: no draw of flow takes an item that is hard and concept\n"},
        {"items/flow-4.md", "use: pilot\n", "use: pilot\nuse: pilot\n",
            "items/flow-4.md:11: use is there twice, first in line 10\n"},
        {"items/flow-4.md", "use: pilot\n", "use: [pilot\n",
            "items/flow-4.md:11: not YAML: while parsing a flow sequence, did not find expected ',' or "
            "']'\n"},
    };

    (void)state;
    CHECK(changes, exam_folder_read);
}

static void item_body_says_what_is_wrong(void **state)
{
    static const struct change changes[] = {
        {"items/flow-4.md", "Which statement does *nothing*?\n\n", "",
            "items/flow-4.md:14: there is no question before the choices\n"},
        {"items/flow-4.md", "- `none`\n- `skip`\n- `pass`\n- `passing`\n", "No choices.\n",
            "items/flow-4.md:16: there are no choices: a list at the end\n"},
        {"items/flow-4.md", "- `passing`\n", "- `passing`\n\nAfter.\n",
            "items/flow-4.md:21: something stands behind the choices, which should come last\n"},
        {"items/flow-4.md", "- `skip`\n- `pass`\n", "",
            "items/flow-4.md:5: key names C, and there are 2 choices\n"
            "items/flow-4.md:16: there should be 3 to 8 choices\n"},
        {"items/flow-4.md", "- `none`\n", "- 1\n- 2\n- 3\n- 4\n- 5\n- 6\n- 7\n- `none`\n",
            "items/flow-4.md:16: there should be 3 to 8 choices\n"},
        {"items/flow-4.md", "- `skip`\n", "-\n", "items/flow-4.md:18: a choice before this one is empty\n"},
        {"items/flow-4.md", "- `skip`\n", "- `skip`\n\n  And more.\n\n",
            "items/flow-4.md:17: choice B should be one paragraph or one listing\n"},
        {"items/flow-4.md", "Which", "# Which", "items/flow-4.md:14: headings are not known here\n"},
        {"items/flow-3.md", "```python", "```ruby",
            "items/flow-3.md:18: a listing's language is python or text\n"},
        {"items/flow-3.md", "```python", "```text",
            "items/flow-3.md:11: verify: run needs a question with exactly one python listing\n"},
        {"items/flow-3.md", "print(len", "\tprint(len", "items/flow-3.md:20: a tab; indent with spaces\n"},
        {"items/flow-3.md", "number = 7\n",
            "number = 7  # 34567890123456789012345678901234567890123456789012345678901\n",
            "items/flow-3.md:19: a line of a listing has 73 characters, at most 72 fit\n"},
        {"items/flow-3.md", "How does", "1. one\n2. two\n\nHow does",
            "items/flow-3.md:16: a numbered list; only lists with - are known\n"},
        {"items/flow-3.md", "How does", "\xff",
            "exam.yaml:17: the draw of flow (medium) takes 1 items, and there are 0 live ones\n"
            "items/flow-3.md:16: not UTF-8\n"},
        {"items/types-2.md", "Choose two.\n", "",
            "items/types-2.md:14: 2 choices are the key, and the question does not say so: Choose …\n"},
        {"items/types-2.md", "Choose two.", "Choose three.",
            "items/types-2.md:5: the question says to choose 3, and key has 2\n"},
        {"items/flow-4.md", "*nothing*?", "*nothing*? Choose two.",
            "items/flow-4.md:5: the question says to choose 2, and key has 1\n"},
        {"items/types-2.md", "- `dict`", "- `list`",
            "exam.yaml:1: the odd-one-out choice is the key of 40.5% of the items, at most 31.2% is fair "
            "(chance 26.2%): "
            "types-2\n"
            "items/types-2.md:20: choice C is the same as choice B\n"},
        {"items/types-2.md", "- `dict`", "- None of the above",
            "items/types-2.md:20: choice C speaks of other choices\n"},
        {"items/Flow 5.md", NULL, "",
            "items/Flow 5.md:1: the file's name is the item's id: only a-z, 0-9, - _ .\n"
            "items/Flow 5.md:1: the first line should be ---\n"},
        {"items/notes.txt", NULL, "x", "items/notes.txt:1: not an item: its name does not end in .md\n"},
        {"items/.hidden", NULL, "x", ""},
    };

    (void)state;
    CHECK(changes, exam_folder_read);
}

static void listings_that_print_something_else_are_noted(void **state)
{
    static const struct change changes[] = {
        {"items/flow-1.md", "in range(2)", "in range(3)",
            "items/flow-1.md:5: the key is B, and the listing prints: 0 1 2\n"
            "items/flow-1.md:25: choice C is what the listing prints, and is not the key: 0 1 2\n"},
        {"items/flow-1.md", "in range(2)", "in range(9)",
            "items/flow-1.md:5: the key is B, and the listing prints: 0 1 2 3 4 5 6 7 8\n"},
        {"items/flow-2.md", "key: [D]", "key: [B]",
            "exam.yaml:1: of 4 single response items with 4 choices B is the key of 2, at most 1 are fair\n"
            "items/flow-2.md:5: the key is B, and the listing prints: 2 1\n"
            "items/flow-2.md:37: choice D is what the listing prints, and is not the key: 2 1\n"},
        {"items/flow-1.md", "print(i", "print(j",
            "items/flow-1.md:11: the listing ends with NameError: name 'j' is not defined\n"},
        {"items/flow-1.md", "print(i", "prin t(i",
            "items/flow-1.md:11: the listing ends with SyntaxError: invalid syntax\n"},
        {"items/flow-3.md", "raises: TypeError\n", "",
            "items/flow-3.md:11: the listing ends with TypeError: object of type 'int' has no len()\n"},
        {"items/flow-3.md", "raises: TypeError", "raises: Type",
            "items/flow-3.md:5: the key is A, which does not name Type\n"
            "items/flow-3.md:11: raises is Type, and the listing ends with TypeError: object of type 'int' "
            "has no len()\n"},
        {"items/flow-3.md", "raises: TypeError", "raises: NameError",
            "items/flow-3.md:5: the key is A, which does not name NameError\n"
            "items/flow-3.md:11: raises is NameError, and the listing ends with TypeError: object of type "
            "'int' has no len()\n"
            "items/flow-3.md:26: choice D names NameError, and is not the key\n"},
        {"items/flow-3.md", "number = 7\n", "number = 7\nprint('It', 'prints 7.')\n",
            "items/flow-3.md:26: choice C is what the listing prints before its exception, and is not the "
            "key: It "
            "prints 7.\n"},
        {"items/flow-3.md", "With a NameError", "With an error.TypeError",
            "items/flow-3.md:26: choice D names TypeError, and is not the key\n"},
        {"items/flow-3.md", "With a NameError", "With a My_TypeError", ""},
        {"items/flow-3.md",
            "raises: TypeError\nrationale: |\n  A number has no length.\n---\nHow does this program "
            "end?\n\n```python\n"
            "number = 7\nprint(len(number))\n```\n\n- With a TypeError",
            "raises: zlib.error\nrationale: |\n  No value.\n---\nHow does this program "
            "end?\n\n"
            "```python\nimport zlib\nzlib.decompress(b'')\n```\n\n- With an error",
            ""},
        {"items/flow-3.md", "len(number)", "number",
            "items/flow-3.md:11: the listing ends without an exception, and raises is TypeError\n"},
        {"items/flow-1.md", "    print(i, end=\" \")", "    input()",
            "items/flow-1.md:11: the listing ends with EOFError: EOF when reading a line\n"},
        {"items/flow-1.md", "    print(i, end=\" \")", "    print(\"x\" * 70000)",
            "items/flow-1.md:11: the listing prints more than 64 KiB\n"},
        {"items/flow-1.md", "    print(i, end=\" \")", "    x = [0] * 10**9",
            "items/flow-1.md:11: the listing ends with MemoryError\n"},
        {"items/flow-1.md", "    print(i, end=\" \")", "    import os; os.abort()",
            "items/flow-1.md:11: the listing was killed: too much memory or time\n"},
        {"items/flow-1.md", "    print(i, end=\" \")",
            "    import os; print(os.listdir(), os.environ.get('USER'))",
            "items/flow-1.md:5: the key is B, and the listing prints: ['listing.py'] None ['listing.py'] "
            "None\n"},
        {"items/flow-1.md", "    print(i, end=\" \")",
            "    raise ModuleNotFoundError(\"No module named 'tkinter'\")",
            "items/flow-1.md:11: listings that import tkinter can't run on this machine: install the Debian "
            "package "
            "python3-tk\n"},
        {"items/flow-1.md", "    print(i, end=\" \")", "    import tkinters",
            "items/flow-1.md:11: the listing ends with ModuleNotFoundError: No module named 'tkinters'\n"},
        {"items/types-2.md", "use: live", "use: live\nverify: run",
            "items/types-2.md:11: verify: run needs a question with exactly one python listing\n"
            "items/types-2.md:11: verify: run goes with one key\n"},
    };

    (void)state;
    CHECK(changes, exam_folder_check);
}

static void banks_that_give_something_away_are_noted(void **state)
{
    static const struct change changes[] = {
        {"items/types-3.md", "text = \"2\"\n# here\nprint(number + 1)",
            "for x in range(2):\n    print(x, end=\" \")",
            "items/types-3.md:14: the listing is that of flow-1 with other names\n"},
        {"items/types-1.md", "- `float`", "- `float`, which holds every quotient", ""},
    };

    (void)state;
    CHECK(changes, exam_folder_read);
}

static void folder_that_is_none_fails(void **state)
{
    char *noted = check(SMALL "/items", exam_folder_read);

    (void)state;
    assert_non_null(strstr(noted, "fails: cannot open " SMALL "/items/exam.yaml"));
    free(noted);
}

static void every_item_may_be_anything(void **state)
{
    struct buffer content = {.max = FILE_BYTES_MAX};
    struct error err = {0};

    (void)state;
    must(file_read(SMALL "/items/flow-3.md", &content, &err), &err);
    for (size_t len = 0; len < content.len; len++) {
        struct bank bank = {.dir = "x"};
        struct mistakes mistakes = {.count = 0};
        struct source_item item = {.file = "x/items/flow-3.md", .identifier = "flow-3"};
        bank_read_item(&bank, bytes_of(content.data, len), &item, &mistakes);
        bank_release(&bank);
        mistakes_release(&mistakes);
    }
    buffer_release(&content);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_exam_is_sound),
        cmocka_unit_test(exam_yaml_says_what_is_wrong),
        cmocka_unit_test(item_head_says_what_is_wrong),
        cmocka_unit_test(item_body_says_what_is_wrong),
        cmocka_unit_test(listings_that_print_something_else_are_noted),
        cmocka_unit_test(banks_that_give_something_away_are_noted),
        cmocka_unit_test(folder_that_is_none_fails),
        cmocka_unit_test(every_item_may_be_anything),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
