#include "kiosk/ui/devices.h"

#include <fcntl.h>
#include <glob.h>
#include <sys/inotify.h>
#include <unistd.h>

static void close_all(struct devices *devices)
{
    while (devices->count > 0)
        close(devices->open[--devices->count]);
}

static void open_all(struct devices *devices)
{
    glob_t found;

    close_all(devices);
    if (glob(DEVICES_FOLDER "/event*", 0, NULL, &found) != 0)
        return;
    for (size_t i = 0; i < found.gl_pathc && devices->count < DEVICES_MAX; i++) {
        int device = open(found.gl_pathv[i], O_RDONLY | O_NONBLOCK | O_CLOEXEC);
        if (device >= 0)
            devices->open[devices->count++] = device;
    }
    globfree(&found);
}

/* A new device may be opened once its attributes say so. */
void devices_open(struct devices *devices)
{
    devices->watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (devices->watch >= 0)
        (void)inotify_add_watch(
            devices->watch, DEVICES_FOLDER, IN_ATTRIB | IN_DELETE); /* else those of now */
    open_all(devices);
}

void devices_close(struct devices *devices)
{
    close_all(devices);
    if (devices->watch >= 0)
        close(devices->watch);
    devices->watch = -1;
}

size_t devices_add(const struct devices *devices, struct pollfd *polled)
{
    size_t count = 0;

    for (size_t i = 0; i < devices->count; i++)
        polled[count++] = (struct pollfd){.fd = devices->open[i], .events = POLLIN};
    if (devices->watch >= 0)
        polled[count++] = (struct pollfd){.fd = devices->watch, .events = POLLIN};
    return count;
}

static void drain(int device)
{
    char scrap[1024];

    while (read(device, scrap, sizeof scrap) > 0)
        continue;
}

void devices_take(struct devices *devices, const struct pollfd *polled, size_t count)
{
    bool must_reopen = false;

    for (size_t i = 0; i < count; i++) {
        if (polled[i].revents == 0)
            continue;
        drain(polled[i].fd);
        must_reopen |= polled[i].fd == devices->watch || (polled[i].revents & ~POLLIN) != 0;
    }
    if (must_reopen)
        open_all(devices);
}
