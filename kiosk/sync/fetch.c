#include "kiosk/sync/fetch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kiosk/sync/log.h"

/* One download on its way. */
struct part {
    const struct catalog_object *package;
    const struct clock *clock;
    int64_t until_ms; /* awake */
    int64_t size;     /* on disk */
    int fd;
    bool is_paused;
    bool is_useless; /* it can't become the package: begin again */
};

static bool part_path(
    const struct seat_folder *folder, const char *id, char path[FILE_PATH_SIZE], struct error *err)
{
    char name[SESSION_ID_SIZE + 8];

    (void)snprintf(name, sizeof name, "%s.part", id);
    return seat_folder_path(folder, path, FOLDER_SYNC, name, err);
}

static bool open_part(struct part *part, const char *path, struct error *err)
{
    struct stat info;

    part->fd = open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (part->fd < 0 || fstat(part->fd, &info) != 0)
        return error_set_errno(err, "cannot open %s", path);
    part->size = info.st_size;
    if (part->size <= part->package->bytes)
        return true;
    part->size = 0;
    return ftruncate(part->fd, 0) == 0 || error_set_errno(err, "cannot empty %s", path);
}

/* Where this answer's body belongs: behind what is there, or at the beginning. */
static bool place_answer(struct part *part, const struct reply *reply, struct error *err)
{
    if (reply->status == 206) {
        part->is_useless = reply->range_first != part->size || reply->range_total != part->package->bytes;
        return !part->is_useless ||
               error_set(err, ERROR_FORMAT,
                   "the server sent another piece of package %s than it was asked for", part->package->id);
    }
    part->size = 0;
    return ftruncate(part->fd, 0) == 0 ||
           error_set_errno(err, "cannot empty the part of %s", part->package->id);
}

static bool write_piece(struct part *part, struct bytes piece, struct error *err)
{
    while (piece.len > 0) {
        ssize_t put = pwrite(part->fd, piece.data, piece.len, part->size);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return error_set_errno(err, "cannot store package %s", part->package->id);
        piece = bytes_of(piece.data + put, piece.len - (size_t)put);
        part->size += put;
    }
    return true;
}

struct arrival {
    struct part *part;
    bool is_placed;
};

static bool on_piece(void *context, const struct reply *reply, struct bytes piece, struct error *err)
{
    struct arrival *arrival = context;
    struct part *part = arrival->part;

    if (!arrival->is_placed && !place_answer(part, reply, err))
        return false;
    arrival->is_placed = true;
    if ((int64_t)piece.len > part->package->bytes - part->size) {
        part->is_useless = true;
        return error_set(err, ERROR_LIMIT, "package %s is larger than the catalog says", part->package->id);
    }
    if (!write_piece(part, piece, err))
        return false;
    part->is_paused = part->size < part->package->bytes && clock_awake_ms(part->clock) >= part->until_ms;
    return !part->is_paused || error_set(err, ERROR_BUSY, "paused");
}

static bool download(struct transport *transport, struct part *part, struct reply *reply, struct error *err)
{
    char path[64], range[64], match[DIGEST_TEXT_SIZE + 16], digest[DIGEST_TEXT_SIZE];
    struct arrival arrival = {.part = part};
    struct request request = {.path = path, .sink = on_piece, .context = &arrival};

    (void)snprintf(path, sizeof path, "/v1/packages/%s", part->package->id);
    digest_text(&part->package->digest, digest);
    (void)snprintf(range, sizeof range, "Range: bytes=%lld-", (long long)part->size);
    (void)snprintf(match, sizeof match, "If-Range: \"%s\"", digest);
    if (part->size > 0) {
        request.headers[0] = range;
        request.headers[1] = match; /* another file under this name: it comes whole */
    }
    if (!transport_send(transport, &request, reply, err)) {
        part->is_useless = part->is_useless || reply->status == 416;
        return false;
    }
    return part->size == part->package->bytes ||
           error_set(err, ERROR_IO, "package %s came to %lld of %lld bytes", part->package->id,
               (long long)part->size, (long long)part->package->bytes);
}

enum fetch_end fetch_package(
    const struct fetch *fetch, const struct catalog_object *package, struct reply *reply, struct error *err)
{
    struct part part = {.package = package,
        .clock = fetch->clock,
        .fd = -1,
        .until_ms = clock_awake_ms(fetch->clock) + fetch->slice_ms};
    char path[FILE_PATH_SIZE];
    bool ok = false;

    *reply = (struct reply){.status = 0};
    if (package->bytes <= 0 || package->bytes > PACKAGE_MAX_BYTES) {
        error_set(err, ERROR_LIMIT, "package %s has an impossible size", package->id);
        return FETCH_FAILED;
    }
    if (!part_path(fetch->folder, package->id, path, err))
        return FETCH_FAILED;
    ok = open_part(&part, path, err);
    if (ok && part.size > 0)
        log_detail("package %s goes on at %lld of %lld bytes", package->id, (long long)part.size,
            (long long)package->bytes);
    if (ok && part.size < package->bytes)
        ok = download(fetch->transport, &part, reply, err);
    if (part.fd >= 0)
        (void)close(part.fd); /* inbox_take_package syncs it */
    if (ok) {
        ok = inbox_take_package(fetch->inbox, package, path, err);
        part.is_useless = !ok && err->code == ERROR_UNTRUSTED;
    }
    if (part.is_useless)
        (void)unlink(path); /* fails only if it is gone */
    return ok ? FETCH_DONE : part.is_paused ? FETCH_PAUSED : FETCH_FAILED;
}

static bool is_part_of(const struct catalog *catalog, const char *name)
{
    static const char suffix[] = ".part";
    const size_t len = strlen(name), tail = sizeof suffix - 1;

    if (len <= tail || strcmp(name + len - tail, suffix) != 0)
        return true; /* not a part: no business of ours */
    for (size_t i = 0; i < catalog->package_count; i++)
        if (strlen(catalog->packages[i].id) == len - tail &&
            memcmp(catalog->packages[i].id, name, len - tail) == 0)
            return true;
    return false;
}

bool fetch_prune(const struct seat_folder *folder, const struct catalog *catalog, struct error *err)
{
    char path[FILE_PATH_SIZE];
    const struct dirent *entry;
    bool ok = true;
    DIR *parts;

    if (!seat_folder_path(folder, path, FOLDER_SYNC, NULL, err))
        return false;
    parts = opendir(path);
    if (parts == NULL)
        return error_set_errno(err, "cannot list %s", path);
    while (ok && (entry = readdir(parts)) != NULL)
        if (!is_part_of(catalog, entry->d_name) && unlinkat(dirfd(parts), entry->d_name, 0) != 0)
            ok = error_set_errno(err, "cannot remove %s/%s", path, entry->d_name);
    (void)closedir(parts); /* only read */
    return ok;
}
