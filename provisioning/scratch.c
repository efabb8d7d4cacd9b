#include "provisioning/scratch.h"

#include <errno.h>
#include <ftw.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool scratch_make(struct scratch *scratch, const char *beside, struct error *err)
{
    const char *system = getenv("TMPDIR");
    const int len = beside != NULL ? snprintf(scratch->path, sizeof scratch->path, "%s.XXXXXX", beside)
                                   : snprintf(scratch->path, sizeof scratch->path, "%s/carrel.XXXXXX",
                                         system == NULL || system[0] == '\0' ? "/tmp" : system);

    if (len < 0 || (size_t)len >= sizeof scratch->path) {
        scratch->path[0] = '\0';
        return error_set(err, ERROR_LIMIT, "the path %.60s… is too long", beside == NULL ? system : beside);
    }
    if (mkdtemp(scratch->path) != NULL)
        return true;
    error_set_errno(err, "cannot make the folder %s", scratch->path);
    scratch->path[0] = '\0';
    return false;
}

bool scratch_keep(struct scratch *scratch, const char *path, struct error *err)
{
    char copy[FILE_PATH_SIZE];

    if (strlen(path) >= sizeof copy)
        return error_set(err, ERROR_LIMIT, "the path %.60s… is too long", path);
    if (rename(scratch->path, path) != 0)
        return errno == EEXIST || errno == ENOTEMPTY || errno == ENOTDIR
                   ? error_set(err, ERROR_REFUSED, "there is something in %s already", path)
                   : error_set_errno(err, "cannot put %s in place", path);
    scratch->path[0] = '\0';
    memcpy(copy, path, strlen(path) + 1);
    return folder_sync(dirname(copy), err);
}

static int remove_one(const char *path, const struct stat *info, int flag, struct FTW *walk)
{
    (void)info; /* nftw's interface */
    (void)walk;
    return flag == FTW_DP || flag == FTW_DNR ? rmdir(path) : unlink(path);
}

void scratch_remove(struct scratch *scratch)
{
    if (scratch->path[0] != '\0')
        (void)nftw(scratch->path, remove_one, 16,
            FTW_DEPTH | FTW_PHYS | FTW_MOUNT); /* what stays is in a temporary place */
    scratch->path[0] = '\0';
}
