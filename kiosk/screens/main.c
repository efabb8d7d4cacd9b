/* carrel-screen: the process that draws. It is started by carrel-kiosk, the guard, and speaks to it over
 * descriptor 3; by hand it does nothing. Its arguments are the guard's: --seat DIR [--practice FILE]. */
#include <locale.h>
#include <malloc.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "kiosk/screens/kiosk.h"

static bool parse(int argc, char **argv, struct kiosk_options *options)
{
    if ((argc != 3 && argc != 5) || strcmp(argv[1], "--seat") != 0)
        return false;
    options->seat_folder = argv[2];
    if (argc == 5 && strcmp(argv[3], "--practice") != 0)
        return false;
    options->practice_file = argc == 5 ? argv[4] : NULL;
    return true;
}

/* The guard closed itself to others, and execve opened this program again: what is on screen, and the keys,
 * are for nobody's debugger and no core file. A file name or a pipe in core_pattern gets nothing. */
static bool close_to_others(struct error *err)
{
    const struct rlimit none = {0, 0};

    if (setrlimit(RLIMIT_CORE, &none) != 0)
        return error_set_errno(err, "cannot switch core dumps off");
#ifndef __SANITIZE_ADDRESS__ /* the leak checker reads its own process */
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        return error_set_errno(err, "cannot close this process to others");
#endif
    return true;
}

/* A large block goes back to the system when it is freed, and takes only what is written of it; two threads
 * that take turns need one heap. */
static void save_memory(void)
{
    (void)mallopt(M_MMAP_THRESHOLD, 128 << 10); /* only more memory if it fails */
    (void)mallopt(M_ARENA_MAX, 1);
}

int main(int argc, char **argv)
{
    struct kiosk_options options = {0};
    struct kiosk *kiosk = NULL;
    struct error err = {0};
    bool ok;

    save_memory();
    (void)setlocale(LC_ALL, ""); /* without a translation the words are English */
    ok = parse(argc, argv, &options) ||
         error_set(&err, ERROR_USAGE, "carrel-screen is started by carrel-kiosk, not by hand");
    ok = ok && close_to_others(&err) && (kiosk = kiosk_new(&options, &err)) != NULL && kiosk_run(kiosk, &err);
    if (!ok)
        fprintf(stderr, "carrel-screen: %s\n", err.text);
    /* Without a lock an exit code of 0 would end the guard too. At once: a window that goes while its process
     * lives is a misbehaviour to the guard, and all of this process's memory goes back to the kernel. */
    if (ok && kiosk->wants_successor)
        _exit(MESSAGE_EXIT_SUCCESSOR);
    kiosk_free(kiosk);
    return ok ? 0 : error_exit_code(err.code);
}
