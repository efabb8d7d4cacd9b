#include "tests/support/run.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/file.h"
#include "core/outfile.h"

int run(const char *const *argv)
{
    union {
        const char *const *in;
        char *const *out;
    } both = {argv}; /* posix_spawn takes no const and changes nothing */
    posix_spawn_file_actions_t actions;
    pid_t child;
    int status = 0, failed;

    (void)posix_spawn_file_actions_init(&actions);
    (void)posix_spawn_file_actions_addopen(&actions, 1, "run.log", O_WRONLY | O_CREAT | O_TRUNC, 0644);
    (void)posix_spawn_file_actions_adddup2(&actions, 1, 2);
    failed = posix_spawnp(&child, argv[0], &actions, NULL, both.out, environ);
    (void)posix_spawn_file_actions_destroy(&actions);
    if (failed != 0 || waitpid(child, &status, 0) != child)
        return 255;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int run_line(const char *program, ...)
{
    const char *argv[64] = {program};
    size_t count = 1;
    va_list arguments;

    va_start(arguments, program);
    while (count < 63 && (argv[count] = va_arg(arguments, const char *)) != NULL)
        count++;
    va_end(arguments);
    argv[count] = NULL;
    return run(argv);
}

static void must(bool ok, const struct error *err)
{
    if (ok)
        return;
    (void)fprintf(stderr, "test file: %s\n", err->text);
    abort();
}

void write_file(const char *path, struct bytes content)
{
    struct error err = {0};

    must(outfile_save(path, 0600, content, &err), &err);
}

void read_file(const char *path, struct buffer *content)
{
    struct error err = {0};

    must(file_read(path, content, &err), &err);
}
