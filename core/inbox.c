#include "core/inbox.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/outfile.h"
#include "core/recipients.h"

enum { FILE_MODE = 0644, CHECKED_MAX = 64 };

/* A package whose digest was computed, and the file it was then. */
struct checked {
    char id[SESSION_ID_SIZE];
    struct digest digest;
    struct stat file;
};

struct inbox {
    struct seat_folder folder;
    struct trust *trust;
    struct catalog *catalog;
    struct stat catalog_file; /* when it was read */
    struct checked checked[CHECKED_MAX];
    size_t checked_next; /* the oldest is replaced */
};

static bool in_path(const struct inbox *inbox, char path[FILE_PATH_SIZE], const char *part, const char *name,
    struct error *err)
{
    return seat_folder_path(&inbox->folder, path, part, name, err);
}

/* "ID.suffix" below the part. */
static bool object_path(const struct inbox *inbox, char path[FILE_PATH_SIZE], const char *part,
    const char *id, const char *suffix, struct error *err)
{
    char name[OBJECT_ID_SIZE + 16];
    int len = snprintf(name, sizeof name, "%s.%s", id, suffix);

    if (len < 0 || (size_t)len >= sizeof name || strchr(id, '/') != NULL)
        return error_set(err, ERROR_FORMAT, "“%.60s” is not the name of an object", id);
    return in_path(inbox, path, part, name, err);
}

static bool has_content(const char *path, size_t max, const struct digest *digest)
{
    struct buffer content = {.max = max};
    struct digest found;
    bool same = file_read(path, &content, NULL);

    if (same) {
        digest_of(buffer_bytes(&content), &found);
        same = digest_equal(&found, digest);
    }
    buffer_release(&content);
    return same;
}

static bool same_file(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* --- opening -------------------------------------------------------------------------------------------- */

void inbox_refresh(struct inbox *inbox)
{
    struct buffer file = {.max = CATALOG_MAX_BYTES};
    struct stat info = {0};
    struct catalog *catalog = NULL;
    char path[FILE_PATH_SIZE];

    if (!in_path(inbox, path, FOLDER_IN, "catalog", NULL) || lstat(path, &info) != 0 ||
        same_file(&info, &inbox->catalog_file))
        return;
    if (file_read(path, &file, NULL))
        catalog = catalog_verify(buffer_bytes(&file), inbox->trust, inbox->folder.center, 0, NULL);
    buffer_release(&file);
    if (catalog == NULL)
        return;
    catalog_free(inbox->catalog);
    inbox->catalog = catalog;
    inbox->catalog_file = info;
}

struct inbox *inbox_open(const struct seat_folder *folder, struct error *err)
{
    struct inbox *inbox = calloc(1, sizeof *inbox);
    char root[FILE_PATH_SIZE];

    if (inbox == NULL) {
        error_set(err, ERROR_NOMEM, "out of memory");
        return NULL;
    }
    inbox->folder = *folder;
    if (!in_path(inbox, root, "root.pem", NULL, err) || (inbox->trust = trust_load(root, err)) == NULL) {
        inbox_free(inbox);
        return NULL;
    }
    inbox_refresh(inbox);
    return inbox;
}

void inbox_free(struct inbox *inbox)
{
    if (inbox == NULL)
        return;
    catalog_free(inbox->catalog);
    trust_free(inbox->trust);
    free(inbox);
}

const struct trust *inbox_trust(const struct inbox *inbox)
{
    return inbox->trust;
}

const struct catalog *inbox_catalog(const struct inbox *inbox)
{
    return inbox->catalog;
}

/* --- catalog -------------------------------------------------------------------------------------------- */

bool inbox_take_catalog(struct inbox *inbox, struct bytes file, struct error *err)
{
    struct catalog *catalog = catalog_verify(file, inbox->trust, inbox->folder.center, 0, err);
    char path[FILE_PATH_SIZE];
    int64_t held;

    if (catalog == NULL)
        return false;
    inbox_refresh(inbox);
    held = inbox->catalog == NULL ? 0 : inbox->catalog->number;
    if (catalog->number < held) {
        error_set(err, ERROR_REFUSED, "the catalog has number %lld, older than %lld which is here",
            (long long)catalog->number, (long long)held);
    } else if (in_path(inbox, path, FOLDER_IN, "catalog", err) && outfile_save(path, FILE_MODE, file, err)) {
        catalog_free(inbox->catalog);
        inbox->catalog = catalog;
        if (lstat(path, &inbox->catalog_file) != 0)
            inbox->catalog_file = (struct stat){0}; /* read again the next time */
        return true;
    }
    catalog_free(catalog);
    return false;
}

/* --- packages ------------------------------------------------------------------------------------------- */

static bool was_checked(
    const struct inbox *inbox, const struct catalog_object *package, const struct stat *file)
{
    for (size_t i = 0; i < CHECKED_MAX; i++) {
        const struct checked *checked = &inbox->checked[i];
        if (strcmp(checked->id, package->id) == 0 && digest_equal(&checked->digest, &package->digest) &&
            same_file(&checked->file, file))
            return true;
    }
    return false;
}

static void remember(struct inbox *inbox, const struct catalog_object *package, const struct stat *file)
{
    struct checked *checked = &inbox->checked[inbox->checked_next++ % CHECKED_MAX];

    *checked = (struct checked){.digest = package->digest, .file = *file};
    (void)snprintf(checked->id, sizeof checked->id, "%s", package->id);
}

bool inbox_has_package(struct inbox *inbox, const struct catalog_object *package)
{
    char path[FILE_PATH_SIZE];
    struct digest digest;
    struct stat file;

    if (!object_path(inbox, path, FOLDER_PACKAGES, package->id, "exam", NULL) || lstat(path, &file) != 0 ||
        !S_ISREG(file.st_mode) || file.st_size != package->bytes)
        return false;
    if (was_checked(inbox, package, &file))
        return true;
    if (!digest_of_file(path, &digest, NULL) || !digest_equal(&digest, &package->digest))
        return false;
    remember(inbox, package, &file);
    return true;
}

static bool sync_file(const char *path, struct error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    bool ok = fd >= 0 && fsync(fd) == 0;

    if (!ok)
        error_set_errno(err, "cannot sync %s", path);
    if (fd >= 0)
        (void)close(fd); /* only read */
    return ok;
}

bool inbox_take_package(
    struct inbox *inbox, const struct catalog_object *package, const char *path, struct error *err)
{
    char to[FILE_PATH_SIZE], folder[FILE_PATH_SIZE];
    struct digest digest;

    if (!object_path(inbox, to, FOLDER_PACKAGES, package->id, "exam", err) ||
        !in_path(inbox, folder, FOLDER_PACKAGES, NULL, err) || !digest_of_file(path, &digest, err))
        return false;
    if (!digest_equal(&digest, &package->digest))
        return error_set(
            err, ERROR_UNTRUSTED, "package %s is not what the catalog says: its digest differs", package->id);
    if (!sync_file(path, err))
        return false;
    if (rename(path, to) != 0)
        return error_set_errno(err, "cannot put %s in place", to);
    return folder_sync(folder, err);
}

/* --- tickets, CRL, receipts ----------------------------------------------------------------------------- */

bool inbox_has_ticket(struct inbox *inbox, const struct catalog_object *ticket)
{
    char path[FILE_PATH_SIZE];

    return object_path(inbox, path, FOLDER_TICKETS, ticket->id, "ticket", NULL) &&
           has_content(path, TICKET_MAX_BYTES, &ticket->digest);
}

static bool has_digest(struct bytes file, const struct digest *expected)
{
    struct digest digest;

    digest_of(file, &digest);
    return digest_equal(&digest, expected);
}

bool inbox_take_ticket(
    struct inbox *inbox, const struct catalog_object *ticket, struct bytes file, struct error *err)
{
    char path[FILE_PATH_SIZE];

    if (!has_digest(file, &ticket->digest))
        return error_set(
            err, ERROR_UNTRUSTED, "ticket %s is not what the catalog says: its digest differs", ticket->id);
    return object_path(inbox, path, FOLDER_TICKETS, ticket->id, "ticket", err) &&
           outfile_save(path, FILE_MODE, file, err);
}

static bool is_zero(const struct digest *digest)
{
    return digest_equal(digest, &(const struct digest){{0}});
}

bool inbox_has_crl(struct inbox *inbox)
{
    char path[FILE_PATH_SIZE];

    return inbox->catalog == NULL || is_zero(&inbox->catalog->crl_digest) ||
           (in_path(inbox, path, FOLDER_IN, "crl", NULL) &&
               has_content(path, CRL_MAX_BYTES, &inbox->catalog->crl_digest));
}

bool inbox_take_crl(struct inbox *inbox, struct bytes der, struct error *err)
{
    char path[FILE_PATH_SIZE];

    if (inbox->catalog == NULL || !has_digest(der, &inbox->catalog->crl_digest))
        return error_set(err, ERROR_UNTRUSTED, "the CRL is not the one that the catalog names");
    return in_path(inbox, path, FOLDER_IN, "crl", err) && outfile_save(path, FILE_MODE, der, err);
}

bool inbox_take_certificates(struct inbox *inbox, struct bytes pem, int64_t now_ms, struct error *err)
{
    struct recipients recipients = {NULL, NULL};
    struct digest digest;
    char path[FILE_PATH_SIZE];

    if (!recipients_parse(pem, inbox->trust, now_ms, &recipients, err))
        return error_prefix(err, "the certificates that came from the server");
    recipients_release(&recipients); /* the kiosk reads them for itself */
    digest_of(pem, &digest);
    return in_path(inbox, path, FOLDER_IN, "certificates.pem", err) &&
           (has_content(path, PEM_MAX_BYTES, &digest) || outfile_save(path, FILE_MODE, pem, err));
}

static bool receipt_is_for(const struct receipt *receipt, const char *id)
{
    char said[OBJECT_ID_SIZE];

    object_id(receipt->session, receipt->epoch, said);
    return strcmp(said, id) == 0;
}

bool inbox_take_receipt(
    struct inbox *inbox, const char *id, struct bytes file, struct receipt *receipt, struct error *err)
{
    struct receipt read = {0};
    char path[FILE_PATH_SIZE];

    if (!receipt_verify(file, inbox->trust, &read, err))
        return error_prefix(err, "the receipt of %s", id);
    if (!receipt_is_for(&read, id))
        return error_set(err, ERROR_UNTRUSTED, "the receipt that came for %s is for another session", id);
    if (!object_path(inbox, path, FOLDER_RECEIPTS, id, "receipt", err) ||
        !outfile_save(path, FILE_MODE, file, err))
        return false;
    *receipt = read;
    return true;
}

bool inbox_receipt(struct inbox *inbox, const char *id, struct receipt *receipt, struct error *err)
{
    struct buffer file = {.max = TICKET_MAX_BYTES};
    struct receipt read = {0};
    char path[FILE_PATH_SIZE];
    bool ok = object_path(inbox, path, FOLDER_RECEIPTS, id, "receipt", err) && file_read(path, &file, err) &&
              receipt_verify(buffer_bytes(&file), inbox->trust, &read, err);

    buffer_release(&file);
    if (!ok)
        return false;
    if (!receipt_is_for(&read, id))
        return error_set(err, ERROR_UNTRUSTED, "the receipt kept for %s is for another session", id);
    *receipt = read;
    return true;
}

/* --- what no longer belongs ----------------------------------------------------------------------------- */

typedef bool belongs(const struct inbox *inbox, const char *name);

static bool is_listed(const struct inbox *inbox, const char *name)
{
    static const char suffix[] = ".ticket";
    const struct catalog *catalog = inbox->catalog;
    const size_t len = strlen(name), tail = sizeof suffix - 1;

    if (len <= tail || strcmp(name + len - tail, suffix) != 0)
        return true; /* no ticket, or one that is being written */
    for (size_t i = 0; i < catalog->ticket_count; i++)
        if (strlen(catalog->tickets[i].id) == len - tail &&
            memcmp(catalog->tickets[i].id, name, len - tail) == 0)
            return true;
    return false;
}

/* outfile.h's temporaries end in a dot and six characters behind the whole name, whose own suffix may be as
 * long. */
static bool is_whole(const struct inbox *inbox, const char *name)
{
    static const char *const suffixes[] = {".exam", ".ticket", ".receipt", ".json", ".pem"};
    const char *suffix = strrchr(name, '.');

    (void)inbox;
    for (size_t i = 0; suffix != NULL && i < sizeof suffixes / sizeof *suffixes; i++)
        if (strcmp(suffix, suffixes[i]) == 0)
            return true;
    return suffix == NULL || strlen(suffix) != 7;
}

static bool keep_only(const struct inbox *inbox, const char *part, belongs *keeps, struct error *err)
{
    char path[FILE_PATH_SIZE];
    const struct dirent *entry;
    bool ok = true;
    DIR *folder;

    if (!in_path(inbox, path, part, NULL, err))
        return false;
    folder = opendir(path);
    if (folder == NULL)
        return error_set_errno(err, "cannot list %s", path);
    while (ok && (entry = readdir(folder)) != NULL)
        if (entry->d_type == DT_REG && !keeps(inbox, entry->d_name) &&
            unlinkat(dirfd(folder), entry->d_name, 0) != 0 && errno != ENOENT)
            ok = error_set_errno(err, "cannot remove %s/%s", path, entry->d_name);
    (void)closedir(folder); /* only read */
    return ok;
}

bool inbox_prune(struct inbox *inbox, struct error *err)
{
    return inbox->catalog == NULL || keep_only(inbox, FOLDER_TICKETS, is_listed, err);
}

bool inbox_sweep(struct inbox *inbox, struct error *err)
{
    return keep_only(inbox, FOLDER_IN, is_whole, err) && keep_only(inbox, FOLDER_PACKAGES, is_whole, err) &&
           keep_only(inbox, FOLDER_RECEIPTS, is_whole, err) &&
           keep_only(inbox, FOLDER_TICKETS, is_whole, err) && keep_only(inbox, FOLDER_SYNC, is_whole, err);
}
