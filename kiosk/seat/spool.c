#include "kiosk/seat/spool.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/catalog.h"
#include "core/json.h"
#include "core/package.h"

struct spool *spool_new(struct error *err)
{
    struct spool *spool = calloc(1, sizeof *spool);

    if (spool != NULL)
        spool->tickets = calloc(SPOOL_TICKETS_MAX, sizeof *spool->tickets);
    if (spool == NULL || spool->tickets == NULL) {
        spool_free(spool);
        error_set(err, ERROR_NOMEM, "out of memory");
        return NULL;
    }
    return spool;
}

void spool_free(struct spool *spool)
{
    if (spool == NULL)
        return;
    free(spool->tickets);
    free(spool);
}

static void refuse(struct spool *spool, const struct error *reason)
{
    spool->refused++;
    spool->reason = *reason;
}

/* --- catalog
 * -------------------------------------------------------------------------------------------------- */

/* The server signs a catalog when it is asked for one. Whether that was just now only carrel-sync can say: a lie keeps
 * the door shut, it opens none. Both times are of this host's clock, so that a wrong one does not matter. */
static bool is_fresh(const struct spool *spool, const struct clock *clock)
{
    const int64_t age_ms = clock_wall_ms(clock) - spool->link_reached_ms;

    return spool->link_is_known && spool->link_error[0] == '\0' && age_ms >= 0 && age_ms < DOOR_TOLERANCE_MS;
}

static bool scan_catalog(struct spool *spool, const struct seat *seat, struct memory *memory,
    const struct clock *clock, struct error *err)
{
    struct buffer file = {.max = CATALOG_MAX_BYTES};
    struct catalog *catalog = NULL;
    struct error reason = {0};
    char path[FILE_PATH_SIZE];
    bool ok = true;

    if (!seat_folder_path(&seat->folder, path, FOLDER_IN, "catalog", err))
        return false;
    if (file_read(path, &file, &reason))
        catalog =
            catalog_verify(buffer_bytes(&file), seat->trust, seat->folder.center, memory->catalog_number, &reason);
    if (catalog != NULL) {
        spool->catalog_issued_ms = catalog->issued_ms;
        ok = memory_saw(
            memory, catalog->number, catalog->issued_ms, is_fresh(spool, clock), clock, err);
    } else if (reason.code != ERROR_NOT_FOUND) {
        refuse(spool, &reason);
    }
    catalog_free(catalog);
    buffer_release(&file);
    return ok;
}

/* --- tickets
 * -------------------------------------------------------------------------------------------------- */

static struct ticket *read_ticket(
    const struct seat *seat, const char *id, struct digest *digest, struct error *err)
{
    struct buffer file = {.max = TICKET_MAX_BYTES};
    struct ticket *ticket = NULL;
    char name[OBJECT_ID_SIZE + sizeof ".ticket"], path[FILE_PATH_SIZE], said[OBJECT_ID_SIZE];

    (void)snprintf(name, sizeof name, "%s.ticket", id);
    if (seat_folder_path(&seat->folder, path, FOLDER_TICKETS, name, err) && file_read(path, &file, err))
        ticket = ticket_open(buffer_bytes(&file), seat->trust, seat->identity, digest, err);
    buffer_release(&file);
    if (ticket == NULL)
        return NULL;
    object_id(ticket->session, ticket->epoch, said);
    if (strcmp(said, id) != 0 || strcmp(ticket->center, seat->folder.center) != 0) {
        error_set(err, ERROR_UNTRUSTED, "the ticket in %s is another one's", name);
        ticket_free(ticket);
        return NULL;
    }
    return ticket;
}

static void add_ticket(struct spool *spool, const struct seat *seat, const char *id)
{
    struct spool_ticket *known = &spool->tickets[spool->count];
    struct error reason = {0};
    struct digest digest;
    struct ticket *ticket = read_ticket(seat, id, &digest, &reason);
    char name[SESSION_ID_SIZE + sizeof ".exam"], path[FILE_PATH_SIZE];

    if (ticket == NULL) {
        refuse(spool, &reason);
        return;
    }
    *known = (struct spool_ticket){
        .epoch = ticket->epoch, .opens_ms = ticket->opens_ms, .closes_ms = ticket->closes_ms};
    memcpy(known->id, id, strlen(id) + 1);
    memcpy(known->admission, ticket->admission, sizeof known->admission);
    memcpy(known->candidate_name, ticket->candidate_name, sizeof known->candidate_name);
    memcpy(known->package_id, ticket->package_id, sizeof known->package_id);
    (void)snprintf(name, sizeof name, "%s.exam", ticket->package_id);
    known->has_package = seat_folder_path(&seat->folder, path, FOLDER_PACKAGES, name, NULL) && access(path, R_OK) == 0;
    spool->count++;
    ticket_free(ticket);
}

/* "ID.ticket" → ID; false for any other name. */
static bool ticket_name(const char *name, char id[OBJECT_ID_SIZE])
{
    const char *dot = strrchr(name, '.');
    char session[SESSION_ID_SIZE];
    unsigned epoch;

    if (dot == NULL || strcmp(dot, ".ticket") != 0 || (size_t)(dot - name) >= OBJECT_ID_SIZE)
        return false;
    memcpy(id, name, (size_t)(dot - name));
    id[dot - name] = '\0';
    return object_id_parse(id, session, &epoch);
}

static bool is_over(struct memory *memory, const char *id)
{
    const struct memory_session *session = memory_find(memory, id);

    return session != NULL && (session->state == MEMORY_STORED || session->state == MEMORY_RECEIVED);
}

static void scan_tickets(struct spool *spool, const struct seat *seat, struct memory *memory)
{
    char path[FILE_PATH_SIZE], id[OBJECT_ID_SIZE];
    const struct dirent *entry;
    DIR *folder = seat_folder_path(&seat->folder, path, FOLDER_TICKETS, NULL, NULL) ? opendir(path) : NULL;

    if (folder == NULL)
        return; /* nothing was brought yet */
    while ((entry = readdir(folder)) != NULL && spool->count < SPOOL_TICKETS_MAX)
        if (ticket_name(entry->d_name, id) && !is_over(memory, id))
            add_ticket(spool, seat, id);
    (void)closedir(folder); /* only read */
}

/* --- the network, as carrel-sync says
 * -------------------------------------------------------------------------- */

static void scan_link(struct spool *spool, const struct seat *seat)
{
    struct buffer text = {.max = 4096};
    char path[FILE_PATH_SIZE];
    struct json *json = NULL;
    struct json_reader reader;

    spool->link_is_known = false;
    if (seat_folder_path(&seat->folder, path, FOLDER_IN, "link.json", NULL) && file_read(path, &text, NULL))
        json = json_parse(buffer_bytes(&text), NULL);
    if (json != NULL) {
        reader = json_reader(json, "link.json", NULL);
        spool->link_reached_ms = json_has(&reader, "reached") ? json_get_time(&reader, "reached") : 0;
        json_get_text(&reader, "error", spool->link_error, sizeof spool->link_error);
        spool->link_is_known = !reader.failed;
    }
    json_free(json);
    buffer_release(&text);
}

bool spool_scan(struct spool *spool, const struct seat *seat, struct memory *memory, const struct clock *clock,
    struct error *err)
{
    bool is_remembered;

    spool->count = 0;
    spool->refused = 0;
    scan_link(spool, seat);
    is_remembered = scan_catalog(spool, seat, memory, clock, err);
    scan_tickets(spool, seat, memory);
    return is_remembered;
}

/* --- reading
 * ---------------------------------------------------------------------------------------------------- */

/* Compares what a person types with what is printed: only letters and digits count. */
static bool same_number(const char *typed, const char *printed)
{
    for (;;) {
        while (*typed != '\0' && !isalnum((unsigned char)*typed))
            typed++;
        while (*printed != '\0' && !isalnum((unsigned char)*printed))
            printed++;
        if (*typed == '\0' || *printed == '\0')
            return *typed == *printed;
        if (toupper((unsigned char)*typed++) != toupper((unsigned char)*printed++))
            return false;
    }
}

const struct spool_ticket *spool_find(const struct spool *spool, const char *admission)
{
    const struct spool_ticket *found = NULL;

    for (size_t i = 0; i < spool->count; i++)
        if (same_number(admission, spool->tickets[i].admission) &&
            (found == NULL || spool->tickets[i].epoch > found->epoch))
            found = &spool->tickets[i];
    return found;
}

bool spool_was_finished(const struct seat *seat, struct memory *memory, const char *admission)
{
    bool found = false;

    for (size_t i = 0; !found && i < memory->count; i++) {
        struct digest digest;
        struct ticket *ticket = NULL;
        if (is_over(memory, memory->sessions[i].id))
            ticket = read_ticket(seat, memory->sessions[i].id, &digest, NULL);
        found = ticket != NULL && same_number(admission, ticket->admission);
        ticket_free(ticket);
    }
    return found;
}

struct ticket *spool_ticket_open(
    const struct seat *seat, const struct spool_ticket *known, struct digest *digest, struct error *err)
{
    return read_ticket(seat, known->id, digest, err);
}

static bool verify_package(const struct seat *seat, const struct ticket *ticket, struct bytes file,
    struct buffer *sealed, struct error *err)
{
    struct package_name name;
    struct digest digest;

    digest_of(file, &digest);
    if (!digest_equal(&digest, &ticket->package_digest))
        return error_set(err, ERROR_UNTRUSTED, "the exam package on this seat is not the one of the ticket");
    if (!package_verify(file, seat->trust, sealed, &name, err))
        return false;
    return strcmp(name.id, ticket->package_id) == 0 ||
           error_set(err, ERROR_UNTRUSTED, "the exam package on this seat has another name inside");
}

struct exam *spool_package_open(
    const struct seat *seat, const struct ticket *ticket, const struct secret *exam_key, struct error *err)
{
    struct buffer file = {.max = PACKAGE_MAX_BYTES};
    struct buffer sealed = {.max = PACKAGE_MAX_BYTES};
    char name[SESSION_ID_SIZE + sizeof ".exam"], path[FILE_PATH_SIZE];
    struct exam *exam = NULL;

    (void)snprintf(name, sizeof name, "%s.exam", ticket->package_id);
    if (seat_folder_path(&seat->folder, path, FOLDER_PACKAGES, name, err) && file_read(path, &file, err) &&
        verify_package(seat, ticket, buffer_bytes(&file), &sealed, err))
        exam = package_open(buffer_bytes(&sealed), ticket->package_id, exam_key, err);
    buffer_release(&sealed);
    buffer_release(&file);
    return exam;
}
