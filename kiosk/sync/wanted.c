#include "kiosk/sync/wanted.h"

#include <stdlib.h>
#include <string.h>

#include "core/catalog.h"
#include "kiosk/sync/carrier.h"

struct wanted {
    char path[FILE_PATH_SIZE];
    const struct seat_folder *folder;
    const struct trust *trust;
    struct catalog *catalog;
    struct digest digest;
};

struct wanted *wanted_new(const struct seat_folder *folder, const struct trust *trust, struct error *err)
{
    struct wanted *wanted = calloc(1, sizeof *wanted);

    if (wanted == NULL) {
        error_set(err, ERROR_NOMEM, "out of memory");
        return NULL;
    }
    wanted->folder = folder;
    wanted->trust = trust;
    if (!seat_folder_path(folder, wanted->path, CARRIER_LATEST, NULL, err)) {
        free(wanted);
        return NULL;
    }
    return wanted;
}

void wanted_refresh(struct wanted *wanted)
{
    struct buffer file = {.max = CATALOG_MAX_BYTES};
    struct catalog *catalog = NULL;
    struct digest digest;

    if (file_read(wanted->path, &file, NULL)) {
        digest_of(buffer_bytes(&file), &digest);
        if (!digest_equal(&digest, &wanted->digest))
            catalog = catalog_verify(buffer_bytes(&file), wanted->trust, wanted->folder->center, 0, NULL);
    }
    buffer_release(&file);
    if (catalog == NULL)
        return;
    catalog_free(wanted->catalog);
    wanted->catalog = catalog;
    wanted->digest = digest;
}

bool wanted_has(const struct wanted *wanted, const char *id)
{
    const struct catalog *catalog = wanted->catalog;

    for (size_t i = 0; catalog != NULL && i < catalog->session_count; i++)
        if (strcmp(catalog->sessions[i].id, id) == 0)
            return catalog->sessions[i].is_wanted;
    return false;
}

const struct digest *wanted_digest(const struct wanted *wanted)
{
    return &wanted->digest;
}

void wanted_free(struct wanted *wanted)
{
    if (wanted == NULL)
        return;
    catalog_free(wanted->catalog);
    free(wanted);
}
