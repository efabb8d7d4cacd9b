/* Loaded before the C library (LD_PRELOAD) into a server under test. While the file that CARREL_TEST_DISK
 * names is there, its first letter says what happens when the store's write-ahead log is synced: f    the
 * sync fails with EIO k    the sync is done, and the program killed right behind it: between the commit and
 * the answer */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef int sync_function(int file);

static char wish(void)
{
    const char *path = getenv("CARREL_TEST_DISK");
    char letter = 0;
    int file = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return 0;
    if (read(file, &letter, 1) != 1)
        letter = 0;
    (void)close(file);
    return letter;
}

static int is_log(int file)
{
    char link[64], path[512];
    static const char ending[] = ".db-wal";
    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t len = readlink(link, path, sizeof path);
    size_t ending_len = sizeof ending - 1;
    return len > (ssize_t)ending_len && memcmp(path + len - ending_len, ending, ending_len) == 0;
}

static int sync_as_wished(const char *name, int file)
{
    sync_function *real;
    void *found = dlsym(RTLD_NEXT, name);
    memcpy(&real, &found, sizeof real); /* ISO C has no way from a data to a function pointer */
    char letter = is_log(file) ? wish() : 0;
    if (letter == 'f') {
        errno = EIO;
        return -1;
    }
    int result = real(file);
    if (letter == 'k')
        (void)kill(getpid(), SIGKILL);
    return result;
}

int fdatasync(int file)
{
    return sync_as_wished("fdatasync", file);
}

int fsync(int file)
{
    return sync_as_wished("fsync", file);
}
