#include "kiosk/sync/carrier.h"

#include <stdlib.h>

#include "core/crypto/identity.h"
#include "core/encoding.h"
#include "kiosk/sync/stop.h"

static bool read_root(struct carrier *carrier, struct error *err)
{
    char path[FILE_PATH_SIZE];

    carrier->root.max = PEM_MAX_BYTES;
    return seat_folder_path(&carrier->folder, path, "root.pem", NULL, err) &&
           file_read(path, &carrier->root, err);
}

/* Loaded once here, so that a key or certificate that is no good is said at the start and not as a failed
 * connection. */
static bool read_certificate(struct carrier *carrier, struct error *err)
{
    struct identity *identity = NULL;

    if (!seat_folder_path(&carrier->folder, carrier->identity_dir, FOLDER_SYNC, NULL, err) ||
        (identity = identity_load(carrier->identity_dir, "tls", err)) == NULL)
        return false;
    carrier->certificate_ends_ms = certificate_not_after_ms(identity_certificate(identity));
    identity_free(identity);
    return true;
}

struct carrier *carrier_new(const char *seat_folder, const struct clock *clock, struct error *err)
{
    struct carrier *carrier = calloc(1, sizeof *carrier);

    if (carrier == NULL) {
        error_set(err, ERROR_NOMEM, "out of memory");
        return NULL;
    }
    carrier->clock = clock;
    if (!seat_folder_load(seat_folder, &carrier->folder, err) || !read_root(carrier, err) ||
        !read_certificate(carrier, err)) {
        carrier_free(carrier);
        return NULL;
    }
    return carrier;
}

void carrier_free(struct carrier *carrier)
{
    if (carrier == NULL)
        return;
    buffer_release(&carrier->root);
    free(carrier);
}

struct transport *carrier_connect(const struct carrier *carrier, struct error *err)
{
    const struct transport_peer peer = {
        .server = carrier->folder.server,
        .root = buffer_bytes(&carrier->root),
        .identity_dir = carrier->identity_dir,
        .identity_name = "tls",
        .is_cancelled = stop_is_asked,
    };

    return transport_new(&peer, err);
}

void carrier_explain(const struct carrier *carrier, struct error *err)
{
    const struct error reason = *err;
    char ended[TIMESTAMP_SIZE];

    if (clock_wall_ms(carrier->clock) <= carrier->certificate_ends_ms)
        return;
    timestamp_format(carrier->certificate_ends_ms, ended);
    error_set(err, ERROR_UNTRUSTED,
        "this seat's certificate ended on %.10s: its results are safe here, staff can export them and must "
        "enrol "
        "it again (%s)",
        ended, reason.text);
}
