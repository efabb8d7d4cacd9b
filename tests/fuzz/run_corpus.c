/* run_corpus DIR: every kept input once, as an ordinary test: no compiler but the usual one is needed for it.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/file.h"
#include "tests/fuzz/fuzz.h"

enum { INPUT_MAX_BYTES = 1 << 20 };

static void must(bool ok, const struct error *err)
{
    if (ok)
        return;
    (void)fprintf(stderr, "run_corpus: %s\n", err->text);
    exit(EXIT_FAILURE);
}

/* A copy of exactly its size, so that a sanitizer sees one byte too many. */
static void run_file(const char *path)
{
    struct buffer content = {.max = INPUT_MAX_BYTES};
    struct error err = {0};
    uint8_t *copy;

    must(file_read(path, &content, &err), &err);
    copy = malloc(content.len + 1);
    must(copy != NULL, &err);
    for (size_t i = 0; i < content.len; i++)
        copy[i + 1] = content.data[i];
    (void)LLVMFuzzerTestOneInput(copy + 1, content.len);
    free(copy);
    buffer_release(&content);
}

int main(int argc, char **argv)
{
    DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;
    struct dirent *entry;
    size_t count = 0;

    if (folder == NULL) {
        (void)fprintf(stderr, "usage: run_corpus DIR\n");
        return EXIT_FAILURE;
    }
    while ((entry = readdir(folder)) != NULL) {
        char path[FILE_PATH_SIZE];
        struct error err = {0};
        if (entry->d_name[0] == '.')
            continue;
        must(path_join(path, argv[1], entry->d_name, &err), &err);
        run_file(path);
        count++;
    }
    (void)closedir(folder); /* only read */
    (void)printf("%zu inputs\n", count);
    return count > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
