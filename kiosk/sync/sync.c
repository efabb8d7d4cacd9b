#include "kiosk/sync/sync.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "kiosk/sync/download.h"
#include "kiosk/sync/lane.h"
#include "kiosk/sync/link.h"
#include "kiosk/sync/log.h"
#include "kiosk/sync/sandbox.h"
#include "kiosk/sync/stop.h"
#include "kiosk/sync/upload.h"

enum { SLICE_MS = 30000 }; /* of a package's download, before tickets get their turn */

struct sync {
    bool is_once;
    int lock; /* held while we live */
    struct carrier *carrier;
    struct link *link;
    struct upload *upload;
    struct download *download;
    struct lane lanes[LINK_LANES];
};

static bool take_lock(struct sync *sync, struct error *err)
{
    char path[FILE_PATH_SIZE];

    if (!seat_folder_path(&sync->carrier->folder, path, FOLDER_SYNC, "lock", err))
        return false;
    sync->lock = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (sync->lock < 0)
        return error_set_errno(err, "cannot open %s", path);
    if (flock(sync->lock, LOCK_EX | LOCK_NB) == 0)
        return true;
    return errno == EWOULDBLOCK ? error_set(err, ERROR_BUSY, "another carrel-sync serves this seat already")
                                : error_set_errno(err, "cannot lock %s", path);
}

static bool make_folders(const struct sync *sync, struct error *err)
{
    static const char *const parts[] = {FOLDER_PACKAGES, FOLDER_TICKETS, FOLDER_RECEIPTS};
    char path[FILE_PATH_SIZE];

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (!seat_folder_path(&sync->carrier->folder, path, parts[i], NULL, err) ||
            !folder_make(path, 0755, err))
            return false;
    return true;
}

static bool enter_sandbox(const struct sync *sync, struct error *err)
{
    struct error reason = {0};

    if (sandbox_enter(sync->carrier->folder.path, &reason))
        return true;
    if (reason.code == ERROR_NOT_FOUND) {
        log_line("%s: only the rights of the folders protect what is in them", reason.text);
        return true;
    }
    *err = reason;
    return false;
}

static void set_lanes(struct sync *sync, const struct options *options)
{
    sync->lanes[LINK_UPLOAD] = (struct lane){.link = sync->link,
        .place = LINK_UPLOAD,
        .interval_ms = options->interval_ms,
        .run = upload_round,
        .wait = upload_wait,
        .context = sync->upload};
    sync->lanes[LINK_DOWNLOAD] = (struct lane){.link = sync->link,
        .place = LINK_DOWNLOAD,
        .interval_ms = options->interval_ms,
        .run = download_round,
        .wait = download_wait,
        .context = sync->download};
}

struct sync *sync_new(const struct options *options, struct error *err)
{
    struct sync *sync = calloc(1, sizeof *sync);

    if (sync == NULL) {
        error_set(err, ERROR_NOMEM, "out of memory");
        return NULL;
    }
    sync->lock = -1;
    sync->is_once = options->is_once;
    log_set_verbose(options->is_verbose);
    (void)prctl(PR_SET_DUMPABLE, 0); /* it holds the TLS key; can't fail */
    if ((sync->carrier = carrier_new(options->seat, clock_default(), err)) == NULL || !take_lock(sync, err) ||
        !make_folders(sync, err) ||
        (sync->link = link_new(&sync->carrier->folder, clock_default(), err)) == NULL ||
        (sync->upload = upload_new(sync->carrier, err)) == NULL ||
        (sync->download = download_new(sync->carrier, SLICE_MS, err)) == NULL || !stop_install(err) ||
        !enter_sandbox(sync, err)) {
        sync_free(sync);
        return NULL;
    }
    set_lanes(sync, options);
    return sync;
}

void sync_free(struct sync *sync)
{
    if (sync == NULL)
        return;
    download_free(sync->download);
    upload_free(sync->upload);
    link_free(sync->link);
    carrier_free(sync->carrier);
    if (sync->lock >= 0)
        (void)close(sync->lock); /* nothing was written to it */
    free(sync);
}

/* What is ready goes out first; the catalog that comes in may ask for more. */
static bool run_once(struct sync *sync, struct error *err)
{
    static const enum link_lane order[] = {LINK_UPLOAD, LINK_DOWNLOAD, LINK_UPLOAD};
    bool ok = true;

    for (size_t i = 0; i < sizeof order / sizeof *order && !stop_is_asked(NULL); i++) {
        struct round round;
        do
            round = lane_round(&sync->lanes[order[i]]);
        while (round.has_more && !stop_is_asked(NULL));
        if (round.trouble.code != ERROR_NONE)
            *err = round.trouble;
        ok = ok && round.trouble.code == ERROR_NONE;
    }
    return ok;
}

static bool run_lanes(struct sync *sync, struct error *err)
{
    pthread_t threads[LINK_LANES];
    size_t started = 0;
    int failure = 0;

    while (started < LINK_LANES && failure == 0) {
        failure = pthread_create(&threads[started], NULL, lane_run, &sync->lanes[started]);
        started += failure == 0;
    }
    if (failure != 0)
        (void)raise(SIGTERM); /* so that the one that did start ends */
    for (size_t i = 0; i < started; i++)
        (void)pthread_join(threads[i], NULL);
    errno = failure;
    return failure == 0 || error_set_errno(err, "cannot start a thread");
}

bool sync_run(struct sync *sync, struct error *err)
{
    return sync->is_once ? run_once(sync, err) : run_lanes(sync, err);
}
