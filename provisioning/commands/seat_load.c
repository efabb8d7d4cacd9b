/* seat load: takes from a stick what the network did not bring: catalog, CRL, certificates, tickets,
 * packages, receipts. Each is checked like something from the network; what does not pass stays out and is
 * said. carrel-sync may be running. */
#include <dirent.h>
#include <string.h>
#include <unistd.h>

#include "provisioning/cancel.h"
#include "provisioning/carry.h"
#include "provisioning/commands.h"
#include "provisioning/facts.h"
#include "provisioning/progress.h"

struct loading {
    const struct call *call;
    const char *stick;
    struct seat_folder folder;
    struct inbox *inbox;
    size_t tickets, packages, receipts; /* taken now */
    size_t missing;                     /* the catalog lists it; neither here nor, whole, on the stick */
};

static bool read_stick(const struct loading *loading, const char *part, const char *name,
    struct buffer *content, struct error *err)
{
    char path[FILE_PATH_SIZE];

    return carry_path(loading->stick, part, name, path, err) && file_read(path, content, err);
}

/* Said at once: the rest of the stick may well be good. */
static void complain(const struct error *err)
{
    (void)fprintf(stderr, "carrel seat load: %s\n", err->text);
}

/* An older catalog than the seat's is no reason to stop: what it and the seat's both name is still worth
 * taking. */
static bool load_catalog(struct loading *loading, struct error *err)
{
    struct buffer file = {.max = CATALOG_MAX_BYTES};
    struct error reason = {0};
    bool ok = read_stick(loading, FOLDER_IN, "catalog", &file, &reason) &&
              inbox_take_catalog(loading->inbox, buffer_bytes(&file), &reason);

    buffer_release(&file);
    if (!ok && inbox_catalog(loading->inbox) == NULL) {
        *err = reason;
        return false;
    }
    if (!ok)
        complain(&reason);
    return true;
}

static void load_crl(struct loading *loading)
{
    struct buffer der = {.max = CRL_MAX_BYTES};
    struct error reason = {0};

    if (!inbox_has_crl(loading->inbox) && (!read_stick(loading, FOLDER_IN, "crl", &der, &reason) ||
                                              !inbox_take_crl(loading->inbox, buffer_bytes(&der), &reason)))
        complain(&reason);
    buffer_release(&der);
}

static void load_certificates(struct loading *loading)
{
    struct buffer pem = {.max = PEM_MAX_BYTES};
    struct error reason = {0};

    if (read_stick(loading, FOLDER_IN, "certificates.pem", &pem, NULL) &&
        !inbox_take_certificates(
            loading->inbox, buffer_bytes(&pem), clock_wall_ms(loading->call->clock), &reason))
        complain(&reason);
    buffer_release(&pem);
}

static void load_ticket(struct loading *loading, const struct catalog_object *ticket)
{
    struct buffer file = {.max = TICKET_MAX_BYTES};
    char name[OBJECT_ID_SIZE + 8];
    struct error reason = {0};

    (void)snprintf(name, sizeof name, "%s.ticket", ticket->id);
    if (read_stick(loading, FOLDER_TICKETS, name, &file, &reason) &&
        inbox_take_ticket(loading->inbox, ticket, buffer_bytes(&file), &reason)) {
        loading->tickets++;
    } else {
        loading->missing++;
        complain(&reason);
    }
    buffer_release(&file);
}

/* By way of sync/, so that a package is in spool/in whole or not at all. */
static void load_package(struct loading *loading, const struct catalog_object *package)
{
    char name[SESSION_ID_SIZE + 8], from[FILE_PATH_SIZE], by[FILE_PATH_SIZE] = "";
    struct error reason = {0};

    (void)snprintf(name, sizeof name, "%s.exam", package->id);
    if (carry_path(loading->stick, FOLDER_PACKAGES, name, from, &reason) &&
        seat_folder_path(&loading->folder, by, FOLDER_SYNC, name, &reason) &&
        carry_copy(from, by, PACKAGE_MAX_BYTES, NULL, &reason) &&
        inbox_take_package(loading->inbox, package, by, &reason)) {
        loading->packages++;
    } else {
        loading->missing++;
        complain(&reason);
        (void)unlink(by); /* it may not be there */
    }
}

static bool load_listed(struct loading *loading, struct error *err)
{
    const struct catalog *catalog = inbox_catalog(loading->inbox);
    struct progress progress = progress_start("loading", catalog->ticket_count + catalog->package_count);
    bool ok = true;

    for (size_t i = 0; ok && i < catalog->ticket_count; i++) {
        progress_to(&progress, i);
        ok = cancel_check(err);
        if (ok && !inbox_has_ticket(loading->inbox, &catalog->tickets[i]))
            load_ticket(loading, &catalog->tickets[i]);
    }
    for (size_t i = 0; ok && i < catalog->package_count; i++) {
        progress_to(&progress, catalog->ticket_count + i);
        ok = cancel_check(err);
        if (ok && !inbox_has_package(loading->inbox, &catalog->packages[i]))
            load_package(loading, &catalog->packages[i]);
    }
    progress_end(&progress);
    return ok && inbox_prune(loading->inbox, err);
}

static void load_receipt(struct loading *loading, const char *part, const char *name)
{
    static const char suffix[] = ".receipt";
    const size_t len = strlen(name), tail = sizeof suffix - 1;
    struct buffer file = {.max = TICKET_MAX_BYTES};
    char id[OBJECT_ID_SIZE];
    struct receipt receipt;
    struct error reason = {0};

    if (len <= tail || len - tail >= sizeof id || strcmp(name + len - tail, suffix) != 0)
        return;
    memcpy(id, name, len - tail);
    id[len - tail] = '\0';
    if (read_stick(loading, part, name, &file, &reason) &&
        inbox_take_receipt(loading->inbox, id, buffer_bytes(&file), &receipt, &reason))
        loading->receipts++;
    else
        complain(&reason);
    buffer_release(&file);
}

/* `result import` leaves receipts beside the results; a stick packed from a folder may have them in spool/in.
 */
static void load_receipts(struct loading *loading, const char *part)
{
    const struct dirent *entry;
    char path[FILE_PATH_SIZE];
    DIR *folder = path_join(path, loading->stick, part, NULL) ? opendir(path) : NULL;

    while (folder != NULL && (entry = readdir(folder)) != NULL)
        load_receipt(loading, part, entry->d_name);
    if (folder != NULL)
        (void)closedir(folder); /* only read */
}

static bool show(const struct loading *loading, struct error *err)
{
    struct facts *facts = facts_new();
    bool ok;

    facts_text(facts, "seat", loading->folder.seat);
    facts_number(facts, "catalog", inbox_catalog(loading->inbox)->number);
    facts_number(facts, "packages_loaded", (int64_t)loading->packages);
    facts_number(facts, "tickets_loaded", (int64_t)loading->tickets);
    facts_number(facts, "receipts_loaded", (int64_t)loading->receipts);
    facts_number(facts, "missing", (int64_t)loading->missing);
    ok = facts_print(facts, loading->call, err);
    facts_free(facts);
    if (ok && loading->missing > 0)
        ok = error_set(err, ERROR_NOT_FOUND,
            "%zu of what the catalog lists is neither here nor, whole, on the stick", loading->missing);
    return ok;
}

static bool run(const struct call *call, struct error *err)
{
    struct loading loading = {.call = call, .stick = arguments_value(call->arguments, "from")};
    bool ok = seat_folder_load(arguments_value(call->arguments, "seat"), &loading.folder, err) &&
              (loading.inbox = inbox_open(&loading.folder, err)) != NULL;

    if (ok) {
        load_receipts(&loading, FOLDER_RECEIPTS);
        load_receipts(&loading, FOLDER_OUT);
        ok = load_catalog(&loading, err);
    }
    if (ok) {
        load_crl(&loading);
        load_certificates(&loading);
        ok = load_listed(&loading, err) && show(&loading, err);
    }
    inbox_free(loading.inbox);
    return ok;
}

const struct command command_seat_load = {
    .name = "seat load",
    .operands = "",
    .summary = "Take catalog, packages, tickets and receipts from a stick",
    .options =
        (const struct option[]){
            {.name = "from", .value = "DIR", .is_required = true, .help = "The stick, filled by `seat pack`"},
            {.name = "seat", .value = "DIR", .is_required = true, .help = "The seat's folder"}, {0}},
    .has_json = true,
    .run = run,
};
