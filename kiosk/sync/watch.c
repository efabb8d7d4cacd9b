#include "kiosk/sync/watch.h"

#include <poll.h>
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "core/clock.h"
#include "kiosk/sync/outbox.h"
#include "kiosk/sync/stop.h"

struct watch {
    int fd;
    int out; /* which of the two folders an event is of */
};

static bool add(
    struct watch *watch, const struct seat_folder *folder, const char *part, int *number, struct error *err)
{
    char path[FILE_PATH_SIZE];

    if (!seat_folder_path(folder, path, part, NULL, err))
        return false;
    *number = inotify_add_watch(watch->fd, path, IN_MOVED_TO | IN_CLOSE_WRITE | IN_ONLYDIR);
    return *number >= 0 || error_set_errno(err, "cannot watch %s", path);
}

struct watch *watch_new(const struct seat_folder *folder, struct error *err)
{
    struct watch *watch = calloc(1, sizeof *watch);
    int unused;

    if (watch == NULL) {
        error_set(err, ERROR_NOMEM, "out of memory");
        return NULL;
    }
    watch->fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (watch->fd < 0)
        error_set_errno(err, "cannot watch folders");
    else if (add(watch, folder, FOLDER_OUT, &watch->out, err) &&
             add(watch, folder, FOLDER_SYNC, &unused, err))
        return watch;
    watch_free(watch);
    return NULL;
}

void watch_free(struct watch *watch)
{
    if (watch == NULL)
        return;
    if (watch->fd >= 0)
        (void)close(watch->fd); /* nothing was written to it */
    free(watch);
}

static bool is_reason(const struct watch *watch, const struct inotify_event *event, bool in_trouble)
{
    struct outbox_file file;

    if ((event->mask & IN_Q_OVERFLOW) != 0)
        return true;
    if (event->len == 0)
        return false;
    if (event->wd != watch->out)
        return !in_trouble && strcmp(event->name, "catalog") == 0;
    return outbox_parse_name(event->name, &file) && (!in_trouble || file.kind != OUTBOX_STATUS);
}

/* Takes everything that is queued. */
static bool has_reason(const struct watch *watch, bool in_trouble)
{
    alignas(struct inotify_event) char events[4096];
    bool found = false;
    ssize_t got;

    while ((got = read(watch->fd, events, sizeof events)) > 0)
        for (char *at = events; at < events + got;) {
            struct inotify_event event;
            memcpy(&event, at, sizeof event);
            found = is_reason(watch, (const struct inotify_event *)(const void *)at, in_trouble) || found;
            at += sizeof event + event.len;
        }
    return found;
}

void watch_wait(struct watch *watch, int64_t ms, bool in_trouble)
{
    const int64_t until_ms = clock_awake_ms(clock_system()) + (ms > INT32_MAX ? INT32_MAX : ms);
    struct pollfd polled[] = {
        {.fd = stop_descriptor(), .events = POLLIN}, {.fd = watch->fd, .events = POLLIN}};

    while (!stop_is_asked(NULL)) {
        int64_t left_ms = until_ms - clock_awake_ms(clock_system());
        if (left_ms <= 0 || poll(polled, 2, (int)left_ms) == 0)
            return;
        if ((polled[1].revents & POLLIN) != 0 && has_reason(watch, in_trouble))
            return;
    }
}
