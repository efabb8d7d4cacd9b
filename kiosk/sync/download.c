#include "kiosk/sync/download.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "core/inbox.h"
#include "core/outfile.h"
#include "kiosk/sync/fetch.h"
#include "kiosk/sync/log.h"
#include "kiosk/sync/stop.h"

enum { CERTIFICATES_EVERY_MS = 3600 * 1000, SHUNNED_MS = 600 * 1000, SHUNNED_MAX = 16 };

/* A package that came whole and wrong: a room of seats must not fetch it again every minute. */
struct shunned {
    char id[SESSION_ID_SIZE];
    int64_t until_ms;
};

struct download {
    const struct carrier *carrier;
    struct inbox *inbox;
    struct transport *transport;
    struct digest taken; /* of the last catalog that came and was taken */
    struct shunned shunned[SHUNNED_MAX];
    size_t shunned_next; /* the oldest is replaced */
    int64_t certificates_due_ms;
    int64_t slice_ms;
};

struct download *download_new(const struct carrier *carrier, int64_t slice_ms, struct error *err)
{
    struct download *download = calloc(1, sizeof *download);

    if (download == NULL) {
        error_set(err, ERROR_NOMEM, "out of memory");
        return NULL;
    }
    download->carrier = carrier;
    download->slice_ms = slice_ms;
    download->inbox = inbox_open(&carrier->folder, err);
    if (download->inbox == NULL || (download->transport = carrier_connect(carrier, err)) == NULL ||
        !inbox_sweep(download->inbox, err)) {
        download_free(download);
        return NULL;
    }
    return download;
}

void download_free(struct download *download)
{
    if (download == NULL)
        return;
    transport_free(download->transport);
    inbox_free(download->inbox);
    free(download);
}

static bool get(
    struct download *download, struct round *round, const char *path, struct buffer *into, struct error *err)
{
    const struct request request = {.path = path, .into = into};
    struct reply reply;
    bool ok = transport_send(download->transport, &request, &reply, err);

    if (!ok)
        carrier_explain(download->carrier, err);
    return round_note(round, ok, &reply, err);
}

/* The upload lane reads from it what the server lacks. A server put back to an older copy of its store may
 * number its catalogs lower than the one held: the kiosk must not take such a catalog, but what it asks for
 * is still to be sent. */
static bool keep_latest(struct download *download, struct bytes file, struct error *err)
{
    const struct carrier *carrier = download->carrier;
    struct catalog *catalog;
    char path[FILE_PATH_SIZE];
    bool ok;

    catalog = catalog_verify(file, inbox_trust(download->inbox), carrier->folder.center, 0, err);
    if (catalog == NULL)
        return error_prefix(err, "the catalog that came from the server");
    ok = seat_folder_path(&carrier->folder, path, CARRIER_LATEST, NULL, err) &&
         outfile_save(path, 0600, file, err);
    catalog_free(catalog);
    return ok;
}

static void take_catalog(struct download *download, struct round *round, struct bytes file)
{
    struct digest digest;
    struct error err = {0};

    digest_of(file, &digest);
    if (digest_equal(&digest, &download->taken))
        return;
    if (!keep_latest(download, file, &err) || !inbox_take_catalog(download->inbox, file, &err)) {
        round_trouble(round, &err);
        return;
    }
    download->taken = digest;
    log_detail("catalog %lld", (long long)inbox_catalog(download->inbox)->number);
}

static void fetch_catalog(struct download *download, struct round *round)
{
    struct buffer file = {.max = CATALOG_MAX_BYTES};
    struct error err = {0};

    if (get(download, round, "/v1/catalog", &file, &err))
        take_catalog(download, round, buffer_bytes(&file));
    buffer_release(&file);
}

static void fetch_crl(struct download *download, struct round *round)
{
    struct buffer der = {.max = CRL_MAX_BYTES};
    struct error err = {0};

    if (!inbox_has_crl(download->inbox) && get(download, round, "/v1/crl", &der, &err)) {
        if (inbox_take_crl(download->inbox, buffer_bytes(&der), &err))
            log_detail("CRL");
        else
            round_trouble(round, &err);
    }
    buffer_release(&der);
}

/* They change once in years; a round that failed tries again. */
static void fetch_certificates(struct download *download, struct round *round)
{
    const struct clock *clock = download->carrier->clock;
    struct buffer pem = {.max = PEM_MAX_BYTES};
    struct error err = {0};

    if (clock_awake_ms(clock) >= download->certificates_due_ms &&
        get(download, round, "/v1/certificates", &pem, &err)) {
        if (inbox_take_certificates(download->inbox, buffer_bytes(&pem), clock_wall_ms(clock), &err))
            download->certificates_due_ms = clock_awake_ms(clock) + CERTIFICATES_EVERY_MS;
        else
            round_trouble(round, &err);
    }
    buffer_release(&pem);
}

static void fetch_ticket(struct download *download, struct round *round, const struct catalog_object *ticket)
{
    struct buffer file = {.max = TICKET_MAX_BYTES};
    char path[OBJECT_ID_SIZE + 32];
    struct error err = {0};

    (void)snprintf(path, sizeof path, "/v1/tickets/%s", ticket->id);
    if (get(download, round, path, &file, &err)) {
        if (inbox_take_ticket(download->inbox, ticket, buffer_bytes(&file), &err))
            log_detail("ticket %s", ticket->id);
        else /* most likely sealed again since the catalog: the next one names it rightly */
            round->must_back_off = !round_trouble(round, &err);
    }
    buffer_release(&file);
}

static void fetch_tickets(struct download *download, struct round *round)
{
    const struct catalog *catalog = inbox_catalog(download->inbox);
    struct error err = {0};

    for (size_t i = 0; catalog != NULL && i < catalog->ticket_count && !round->must_back_off; i++)
        if (!inbox_has_ticket(download->inbox, &catalog->tickets[i]))
            fetch_ticket(download, round, &catalog->tickets[i]);
    if (!inbox_prune(download->inbox, &err))
        round_trouble(round, &err);
}

static bool is_shunned(const struct download *download, const char *id)
{
    for (size_t i = 0; i < SHUNNED_MAX; i++)
        if (strcmp(download->shunned[i].id, id) == 0 &&
            clock_awake_ms(download->carrier->clock) < download->shunned[i].until_ms)
            return true;
    return false;
}

static void shun(struct download *download, const char *id)
{
    struct shunned *shunned = &download->shunned[download->shunned_next++ % SHUNNED_MAX];

    (void)snprintf(shunned->id, sizeof shunned->id, "%s", id);
    shunned->until_ms = clock_awake_ms(download->carrier->clock) + SHUNNED_MS;
}

/* False: the other packages are for the next round. */
static bool fetch_one_package(
    struct download *download, struct round *round, const struct catalog_object *package)
{
    const struct fetch fetch = {
        .transport = download->transport,
        .inbox = download->inbox,
        .folder = &download->carrier->folder,
        .clock = download->carrier->clock,
        .slice_ms = download->slice_ms,
    };
    struct reply reply;
    struct error err = {0};

    switch (fetch_package(&fetch, package, &reply, &err)) {
    case FETCH_DONE:
        round->was_reached = round->was_reached || reply.status != 0;
        log_detail("package %s", package->id);
        return true;
    case FETCH_PAUSED:
        round->was_reached = true;
        round->has_more = true;
        return false;
    case FETCH_FAILED: break;
    }
    if (err.code == ERROR_UNTRUSTED && reply.status != 0)
        shun(download, package->id);
    (void)round_note(round, false, &reply, &err);
    return !round->must_back_off;
}

static void fetch_packages(struct download *download, struct round *round)
{
    const struct catalog *catalog = inbox_catalog(download->inbox);
    struct error err = {0};
    bool goes_on = catalog != NULL;

    for (size_t i = 0; goes_on && i < catalog->package_count && !stop_is_asked(NULL); i++)
        if (!is_shunned(download, catalog->packages[i].id) &&
            !inbox_has_package(download->inbox, &catalog->packages[i]))
            goes_on = fetch_one_package(download, round, &catalog->packages[i]);
    if (catalog != NULL && !fetch_prune(&download->carrier->folder, catalog, &err))
        round_trouble(round, &err);
}

struct round download_round(void *context)
{
    struct download *download = context;
    struct round round = round_begin();

    inbox_refresh(download->inbox);
    fetch_catalog(download, &round); /* an older or bad one is trouble, and the held one still counts */
    if (!round.must_back_off)
        fetch_crl(download, &round);
    if (!round.must_back_off)
        fetch_certificates(download, &round);
    if (!round.must_back_off)
        fetch_tickets(download, &round);
    if (!round.must_back_off)
        fetch_packages(download, &round);
    return round;
}

void download_wait(void *context, int64_t ms, bool in_trouble)
{
    struct pollfd stop = {.fd = stop_descriptor(), .events = POLLIN};

    (void)context;
    (void)in_trouble;
    (void)poll(&stop, 1, ms > INT32_MAX ? INT32_MAX : (int)ms); /* early is fine: another round */
}
