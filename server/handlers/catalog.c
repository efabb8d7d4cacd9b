/* GET /v1/catalog: what this center may fetch, and what the server knows of its sessions.
 *
 * A session is wanted when the store has neither result nor journal of it: a seat that holds one sends it,
 * whatever receipt it was given. So a store that was put back to an older copy gets back what it lost. Those
 * whose window is open are all listed, those closed within CATALOG_MEMORY_MS only where something is missing.
 */
#include "server/call.h"
#include "server/handlers/handlers.h"

#include "core/catalog.h"

#define CATALOG_MEMORY_MS (35LL * 24 * 3600 * 1000) /* longer than a seat keeps a result */
#define LOWEST_SOFTWARE "0.1.0"

/* A list that grows, of objects or sessions. */
struct list {
    void *items;
    size_t count, room, max;
};

struct making {
    struct catalog catalog;
    struct list packages, tickets, sessions;
    struct store *reader;
    int64_t now_ms;
};

static void release(void *state)
{
    struct making *making = state;
    free(making->packages.items);
    free(making->tickets.items);
    free(making->sessions.items);
    arena_release(&making->catalog.arena);
}

/* Room for one more of size bytes, counted; NULL where there is none. */
static void *append(struct list *list, size_t size, struct error *err)
{
    if (list->count == list->max) {
        error_set(err, ERROR_LIMIT, "the center has more than a catalog can list");
        return NULL;
    }
    if (list->count == list->room) {
        size_t room = list->room == 0 ? 64 : list->room * 2;
        void *items = reallocarray(list->items, room, size);
        if (items == NULL) {
            error_set(err, ERROR_NOMEM, "out of memory");
            return NULL;
        }
        list->items = items;
        list->room = room;
    }
    return (char *)list->items + size * list->count++;
}

static const char *keep_id(struct making *making, const char *session, unsigned epoch, struct error *err)
{
    char id[OBJECT_ID_SIZE];
    object_id(session, epoch, id);
    const char *kept = arena_text(&making->catalog.arena, id, strlen(id));
    if (kept == NULL)
        error_set(err, ERROR_NOMEM, "out of memory");
    return kept;
}

/* --- packages and tickets --------------------------------------------------------------------- */

static bool has_package(const struct making *making, const char *id)
{
    const struct catalog_object *packages = making->packages.items;
    for (size_t i = 0; i < making->packages.count; i++)
        if (strcmp(packages[i].id, id) == 0)
            return true;
    return false;
}

static bool add_package(void *context, const struct sitting_row *sitting, struct error *err)
{
    struct making *making = context;
    struct exam_row exam;
    /* As long as a session begun just before the close may have to be resumed. */
    if (sitting->closes_ms + SESSION_TIME_MAX_MS <= making->now_ms ||
        has_package(making, sitting->package_id))
        return true;
    if (!making->reader->exam_get(making->reader, sitting->package_id, &exam, err))
        return false;
    struct catalog_object *package = append(&making->packages, sizeof *package, err);
    if (package == NULL)
        return false;
    *package = (struct catalog_object){
        .id = arena_text(&making->catalog.arena, sitting->package_id, strlen(sitting->package_id)),
        .digest = exam.facts.package_digest,
        .bytes = exam.facts.package_bytes,
    };
    return package->id != NULL || error_set(err, ERROR_NOMEM, "out of memory");
}

static bool add_ticket(void *context, const struct ticket_row *row, struct error *err)
{
    struct making *making = context;
    struct catalog_object *ticket = append(&making->tickets, sizeof *ticket, err);
    if (ticket == NULL)
        return false;
    *ticket = (struct catalog_object){
        .id = keep_id(making, row->session, row->epoch, err),
        .digest = row->file,
        .bytes = row->bytes,
    };
    return ticket->id != NULL;
}

/* --- sessions --------------------------------------------------------------------------------- */

static enum session_state_known state_of(const struct session_row *row)
{
    if (row->is_replaced)
        return KNOWN_VOID;
    if (row->result_epoch == row->epoch)
        return KNOWN_ENDED;
    return row->standing == STANDING_ADMITTED ? KNOWN_OPEN : KNOWN_BEGUN;
}

static bool add_session(
    struct making *making, const struct session_row *row, unsigned epoch, bool is_wanted, struct error *err)
{
    if (row->closes_ms <= making->now_ms && !is_wanted)
        return true;
    struct catalog_session *session = append(&making->sessions, sizeof *session, err);
    if (session == NULL)
        return false;
    *session = (struct catalog_session){
        .id = keep_id(making, row->id, epoch, err),
        .state = epoch < row->epoch ? KNOWN_MOVED : state_of(row),
        .is_wanted = is_wanted,
    };
    return session->id != NULL;
}

/* The session as it is now, and what it was in earlier epochs. */
static bool add_epochs(void *context, const struct session_row *row, struct error *err)
{
    struct making *making = context;
    for (unsigned epoch = 1; epoch < row->epoch; epoch++) {
        struct result_row result;
        struct error missing = {ERROR_NONE, ""};
        bool is_here = making->reader->result_first(making->reader, row->id, epoch, &result, &missing);
        if (!is_here && missing.code != ERROR_NOT_FOUND)
            return error_set(err, missing.code, "%s", missing.text);
        if (!add_session(making, row, epoch, !is_here, err))
            return false;
    }
    return add_session(making, row, row->epoch, row->result_epoch != row->epoch, err);
}

/* --- the whole -------------------------------------------------------------------------------- */

static bool note_crl(struct making *making, struct store *reader, const char *center, struct error *err)
{
    struct buffer der = {.max = CRL_MAX_BYTES};
    struct error missing = {ERROR_NONE, ""};
    int64_t made_ms;
    bool ok = reader->crl_get(reader, center, &made_ms, &der, &missing);
    if (ok)
        digest_of(buffer_bytes(&der), &making->catalog.crl_digest);
    else
        ok = missing.code == ERROR_NOT_FOUND || error_set(err, missing.code, "%s", missing.text);
    buffer_release(&der);
    return ok;
}

static bool collect(struct making *making, struct store *reader, const char *center, struct error *err)
{
    const struct session_filter filter = {
        .center = center, .closes_after_ms = making->now_ms - CATALOG_MEMORY_MS};
    return reader->sitting_each(reader, center, add_package, making, err) &&
           reader->ticket_each(reader, center, making->now_ms, add_ticket, making, err) &&
           reader->session_each(reader, &filter, add_epochs, making, err) &&
           note_crl(making, reader, center, err);
}

static void fill(struct making *making, const char *center)
{
    struct catalog *catalog = &making->catalog;
    snprintf(catalog->center, sizeof catalog->center, "%s", center);
    snprintf(catalog->lowest_software, sizeof catalog->lowest_software, "%s", LOWEST_SOFTWARE);
    catalog->issued_ms = making->now_ms;
    catalog->packages = making->packages.items;
    catalog->package_count = making->packages.count;
    catalog->tickets = making->tickets.items;
    catalog->ticket_count = making->tickets.count;
    catalog->sessions = making->sessions.items;
    catalog->session_count = making->sessions.count;
}

static enum write_end number_it(struct call *call, struct store *writer)
{
    struct making *making = call->state;
    struct error err = {ERROR_NONE, ""};
    struct buffer file = {.max = CATALOG_MAX_BYTES};
    bool ok = writer->number(writer, "catalog", call->now_ms, &making->catalog.number, &err) &&
              catalog_sign(&making->catalog, call->server->board->server, &file, &err);
    if (ok)
        reply_bytes(call_reply(call), 200, "application/cms", buffer_bytes(&file));
    buffer_release(&file);
    return ok ? WRITE_KEEP : call_fail_write(call, &err);
}

void catalog_get(struct call *call, struct store *reader)
{
    struct error err = {ERROR_NONE, ""};
    struct making *making = call_state(call, sizeof *making, release);
    if (making == NULL)
        return;
    making->reader = reader;
    making->now_ms = call->now_ms;
    making->packages.max = CATALOG_PACKAGES_MAX;
    making->tickets.max = CATALOG_TICKETS_MAX;
    making->sessions.max = CATALOG_SESSIONS_MAX;
    bool ok = reader->begin(reader, &err) && collect(making, reader, call_peer(call)->center, &err);
    reader->rollback(reader);
    if (!ok) {
        call_fail(call, &err);
        return;
    }
    fill(making, call_peer(call)->center);
    call->write = number_it;
}
