/* seat pack: what a seat would fetch, onto a stick: catalog, CRL, certificates, packages and tickets of the
 * center. */
#include <string.h>
#include <unistd.h>

#include "core/outfile.h"
#include "provisioning/cancel.h"
#include "provisioning/carry.h"
#include "provisioning/client.h"
#include "provisioning/commands.h"
#include "provisioning/facts.h"
#include "provisioning/progress.h"

struct packing {
    struct client client;
    const struct call *call;
    const char *stick;
    char center[IDENTIFIER_SIZE];
    struct inbox *inbox;
    size_t packages, tickets;
};

static bool open_stick(struct packing *packing, struct error *err)
{
    struct identity *identity = profile_identity(&packing->client.profile, err);

    if (identity == NULL)
        return false;
    certificate_center(identity_certificate(identity), packing->center);
    identity_free(identity);
    if (packing->center[0] == '\0')
        return error_set(err, ERROR_USAGE, "--as must be a member of a center's staff");
    packing->inbox =
        carry_open(packing->stick, buffer_bytes(&packing->client.profile.root), packing->center, err);
    return packing->inbox != NULL;
}

static bool get(struct packing *packing, const char *path, struct buffer *into, struct error *err)
{
    const struct request request = {.path = path, .into = into};
    struct reply reply;

    return cancel_check(err) && transport_send(packing->client.transport, &request, &reply, err);
}

static bool pack_catalog(struct packing *packing, struct error *err)
{
    struct buffer catalog = {.max = CATALOG_MAX_BYTES}, crl = {.max = CRL_MAX_BYTES},
                  pem = {.max = PEM_MAX_BYTES};
    bool ok =
        get(packing, "/v1/catalog", &catalog, err) &&
        inbox_take_catalog(packing->inbox, buffer_bytes(&catalog), err) &&
        (inbox_has_crl(packing->inbox) || (get(packing, "/v1/crl", &crl, err) &&
                                              inbox_take_crl(packing->inbox, buffer_bytes(&crl), err))) &&
        get(packing, "/v1/certificates", &pem, err) &&
        inbox_take_certificates(packing->inbox, buffer_bytes(&pem), clock_wall_ms(packing->call->clock), err);

    buffer_release(&catalog);
    buffer_release(&crl);
    buffer_release(&pem);
    return ok;
}

static bool pack_tickets(struct packing *packing, struct error *err)
{
    const struct catalog *catalog = inbox_catalog(packing->inbox);
    struct progress progress = progress_start("tickets", catalog->ticket_count);
    struct buffer file = {.max = TICKET_MAX_BYTES};
    char path[OBJECT_ID_SIZE + 32];
    bool ok = true;

    for (size_t i = 0; ok && i < catalog->ticket_count; i++) {
        progress_to(&progress, i);
        if (inbox_has_ticket(packing->inbox, &catalog->tickets[i]))
            continue;
        buffer_clear(&file);
        (void)snprintf(path, sizeof path, "/v1/tickets/%s", catalog->tickets[i].id);
        ok = get(packing, path, &file, err) &&
             inbox_take_ticket(packing->inbox, &catalog->tickets[i], buffer_bytes(&file), err);
        packing->tickets += ok;
    }
    progress_end(&progress);
    buffer_release(&file);
    return ok && inbox_prune(packing->inbox, err);
}

static bool pack_package(struct packing *packing, const struct catalog_object *package, struct error *err)
{
    struct buffer file = {.max = (size_t)package->bytes};
    char request[64], path[FILE_PATH_SIZE];
    bool ok;

    (void)snprintf(request, sizeof request, "/v1/packages/%s", package->id);
    ok = get(packing, request, &file, err) &&
         carry_path(packing->stick, FOLDER_IN, "package.part", path, err) &&
         outfile_save(path, 0644, buffer_bytes(&file), err);
    if (ok && !inbox_take_package(packing->inbox, package, path, err)) {
        (void)unlink(path); /* not what the catalog says */
        ok = false;
    }
    buffer_release(&file);
    return ok;
}

static bool pack_packages(struct packing *packing, struct error *err)
{
    const struct catalog *catalog = inbox_catalog(packing->inbox);
    struct progress progress = progress_start("packages", catalog->package_count);
    bool ok = true;

    for (size_t i = 0; ok && i < catalog->package_count; i++) {
        const struct catalog_object *package = &catalog->packages[i];
        progress_to(&progress, i);
        if (package->bytes <= 0 || package->bytes > PACKAGE_MAX_BYTES) {
            ok = error_set(err, ERROR_LIMIT, "package %s has an impossible size", package->id);
        } else if (!inbox_has_package(packing->inbox, package)) {
            ok = pack_package(packing, package, err);
            packing->packages += ok;
        }
    }
    progress_end(&progress);
    return ok;
}

static bool show(const struct packing *packing, struct error *err)
{
    const struct catalog *catalog = inbox_catalog(packing->inbox);
    struct facts *facts = facts_new();
    bool ok;

    facts_text(facts, "center", packing->center);
    facts_number(facts, "catalog", catalog->number);
    facts_number(facts, "packages", (int64_t)catalog->package_count);
    facts_number(facts, "tickets", (int64_t)catalog->ticket_count);
    facts_number(facts, "fetched_now", (int64_t)(packing->packages + packing->tickets));
    ok = facts_print(facts, packing->call, err);
    facts_free(facts);
    return ok;
}

static bool run(const struct call *call, struct error *err)
{
    struct packing packing = {.call = call, .stick = arguments_value(call->arguments, "out")};
    bool ok = client_open(&packing.client, call, err) && open_stick(&packing, err) &&
              pack_catalog(&packing, err) && pack_tickets(&packing, err) && pack_packages(&packing, err) &&
              show(&packing, err);

    inbox_free(packing.inbox);
    client_release(&packing.client);
    return ok;
}

const struct command command_seat_pack = {
    .name = "seat pack",
    .operands = "",
    .summary = "Put what the center's seats would fetch onto a stick",
    .options = (const struct option[]){PROFILE_OPTIONS,
        {.name = "out", .value = "DIR", .is_required = true, .help = "The stick"}, {0}},
    .has_json = true,
    .run = run,
};
