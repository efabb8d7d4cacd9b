/* Each line of /proc/swaps after the first names a file or device: "/dev/dm-0   partition  …". */
#include "kiosk/seat/swap.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define DEVICE_PREFIX "/dev/"
#define ZRAM_PREFIX "zram"
#define CRYPT_PREFIX "CRYPT-" /* dm-crypt's, in the UUID that cryptsetup gives a mapping */

/* /sys/class/block/dm-0/dm/uuid */
static bool is_encrypted(const char *devices, const char *device)
{
    char path[512], uuid[sizeof CRYPT_PREFIX] = "";
    const int len = snprintf(path, sizeof path, "%s/%s/dm/uuid", devices, device);
    FILE *file = len < 0 || (size_t)len >= sizeof path ? NULL : fopen(path, "re");
    bool is_crypt;

    if (file == NULL)
        return false;
    is_crypt = fgets(uuid, sizeof uuid, file) != NULL && strcmp(uuid, CRYPT_PREFIX) == 0;
    (void)fclose(file); /* only read */
    return is_crypt;
}

/* A swap file, or a device that is no block device's own name, may be anywhere: it counts as readable. */
static bool is_safe(const char *devices, char *line)
{
    const char *device = line + strlen(DEVICE_PREFIX);

    line[strcspn(line, " \t\n")] = '\0';
    if (strncmp(line, DEVICE_PREFIX, strlen(DEVICE_PREFIX)) != 0 || strchr(device, '/') != NULL)
        return false;
    return strncmp(device, ZRAM_PREFIX, strlen(ZRAM_PREFIX)) == 0 || is_encrypted(devices, device);
}

bool swap_is_readable(const char *list, const char *devices)
{
    FILE *file = fopen(list, "re");
    char line[512];
    bool is_readable = false;

    if (file == NULL)
        return errno != ENOENT;
    if (fgets(line, sizeof line, file) == NULL) /* what the columns are */
        line[0] = '\0';
    while (!is_readable && fgets(line, sizeof line, file) != NULL)
        is_readable = !is_safe(devices, line);
    is_readable = is_readable || ferror(file) != 0;
    (void)fclose(file); /* only read */
    return is_readable;
}
