#include "server/tickets.h"

#include "server/sealed_codes.h"

/* --- whom a center's tickets are sealed to ---------------------------------------------------- */

struct readers {
    struct certificate *list[RECIPIENTS_MAX];
    size_t count;
    int64_t now_ms;
    int64_t generation;
};

static void readers_free(struct readers *readers)
{
    if (readers == NULL)
        return;
    for (size_t i = 0; i < readers->count; i++)
        certificate_free(readers->list[i]);
    free(readers);
}

static bool add_reader(void *context, const struct certificate_row *row, struct bytes der, struct error *err)
{
    struct readers *readers = context;
    if ((row->role != ROLE_SEAT && row->role != ROLE_STAFF) || row->revoked_ms != 0 ||
        row->not_after_ms < readers->now_ms)
        return true;
    if (readers->count == RECIPIENTS_MAX)
        return error_set(err, ERROR_LIMIT, "the center has more than %u seats and staff", RECIPIENTS_MAX);
    readers->list[readers->count] = certificate_parse(der, err);
    if (readers->list[readers->count] == NULL)
        return false;
    readers->count++;
    return true;
}

/* The generation is read first: certificates that come meanwhile make the ticket stale, never the other way
 * round. */
static struct readers *readers_load(
    struct store *reader, const char *center, int64_t now_ms, struct error *err)
{
    struct readers *readers = calloc(1, sizeof *readers);
    if (readers == NULL) {
        error_set(err, ERROR_NOMEM, "out of memory");
        return NULL;
    }
    readers->now_ms = now_ms;
    bool ok = reader->center_generation(reader, center, &readers->generation, err) &&
              reader->certificate_each(reader, center, add_reader, readers, err);
    if (ok && readers->count == 0)
        ok = error_set(
            err, ERROR_REFUSED, "the center %s has no seat and no staff whose certificate counts", center);
    if (ok)
        return readers;
    readers_free(readers);
    return NULL;
}

/* Fills row and file from the ticket. */
static bool seal(const struct board *board, const struct ticket *ticket, const struct readers *readers,
    int64_t now_ms, struct ticket_row *row, struct buffer *file, struct error *err)
{
    struct buffer json = {.max = TICKET_MAX_BYTES};
    bool ok = ticket_encode(ticket, &json, err) &&
              ticket_seal(ticket, board->server, (const struct certificate *const *)readers->list,
                  readers->count, now_ms, file, err);
    if (ok) {
        *row = (struct ticket_row){.epoch = ticket->epoch,
            .number = ticket->number,
            .bytes = (int64_t)file->len,
            .generation = readers->generation};
        memcpy(row->session, ticket->session, sizeof row->session);
        digest_of(buffer_bytes(&json), &row->content);
        digest_of(buffer_bytes(file), &row->file);
    }
    buffer_release(&json);
    return ok;
}

/* --- making ----------------------------------------------------------------------------------- */

void made_ticket_init(struct made_ticket *made)
{
    *made = (struct made_ticket){
        .sealed_codes = {.max = SEALED_CODES_MAX_BYTES},
        .sealed_ticket = {.max = TICKET_MAX_BYTES},
        .file = {.max = TICKET_MAX_BYTES},
    };
}

void made_ticket_release(struct made_ticket *made)
{
    buffer_release(&made->sealed_codes);
    buffer_release(&made->sealed_ticket);
    buffer_release(&made->file);
}

#define COPY(to, from) snprintf(to, sizeof to, "%s", from)

/* Everything but keys. */
static void fill_ticket(struct ticket *ticket, const struct admission *admission)
{
    const struct sitting_row *sitting = admission->sitting;
    const struct exam_facts *facts = &admission->exam->facts;
    random_id(ticket->session);
    random_bytes(ticket->form_seed, sizeof ticket->form_seed);
    ticket->epoch = 1;
    ticket->number = admission->now_ms;
    COPY(ticket->admission, admission->admission);
    COPY(ticket->sitting, sitting->id);
    COPY(ticket->center, sitting->center);
    COPY(ticket->candidate_id, admission->candidate_id);
    COPY(ticket->candidate_name, admission->candidate_name);
    COPY(ticket->package_id, facts->package_id);
    ticket->package_digest = facts->package_digest;
    COPY(ticket->exam_title, facts->title);
    COPY(ticket->exam_short, facts->short_title);
    COPY(ticket->exam_language, facts->language);
    ticket->max_time_ms = facts->max_time_ms * admission->accommodations.time_factor / 1000;
    ticket->item_count = facts->item_count;
    ticket->seen = admission->seen;
    ticket->seen_count = admission->seen_count;
    ticket->opens_ms = sitting->opens_ms;
    ticket->closes_ms = sitting->closes_ms;
    COPY(ticket->time_zone, sitting->time_zone);
    COPY(ticket->lowest_software, facts->lowest_software);
    ticket->accommodations = admission->accommodations;
}

static void fill_session(struct session_row *row, const struct ticket *ticket, int64_t now_ms)
{
    *row = (struct session_row){
        .epoch = ticket->epoch,
        .opens_ms = ticket->opens_ms,
        .closes_ms = ticket->closes_ms,
        .max_time_ms = ticket->max_time_ms,
        .item_count = ticket->item_count,
        .accommodations = ticket->accommodations,
        .created_ms = now_ms,
        .standing = STANDING_ADMITTED,
    };
    COPY(row->id, ticket->session);
    COPY(row->sitting, ticket->sitting);
    COPY(row->center, ticket->center);
    COPY(row->package_id, ticket->package_id);
    COPY(row->admission, ticket->admission);
    COPY(row->candidate_id, ticket->candidate_id);
    COPY(row->candidate_name, ticket->candidate_name);
}

static bool wrap_under(const struct session_keys *keys, const uint8_t stretched[KEY_BYTES],
    const char *session, struct wrap *wrap, struct error *err)
{
    struct secret *wrapping = NULL;
    struct secret *kept = secret_copy(bytes_of(stretched, KEY_BYTES), err);
    bool ok = kept != NULL && (wrapping = code_wrapping_key(kept, session, err)) != NULL &&
              ticket_wrap(keys, wrapping, wrap, err);
    secret_free(wrapping);
    secret_free(kept);
    return ok;
}

static bool wrap_sitting_codes(struct ticket *ticket, const struct session_keys *keys,
    const struct sitting_codes *codes, struct error *err)
{
    bool ok = wrap_under(keys, codes->start.stretched, ticket->session, &ticket->start, err);
    for (size_t i = 0; ok && i < ROOM_CODES; i++)
        ok = wrap_under(keys, codes->room[i].stretched, ticket->session, &ticket->room[i], err);
    return ok;
}

/* Fresh resume codes and the session key, into codes and the ticket's wraps. */
static bool make_resume_codes(
    struct ticket *ticket, const struct session_keys *keys, struct session_codes *codes, struct error *err)
{
    struct secret *place = secret_new(sizeof(struct kept_code), err);
    bool ok = place != NULL;
    codes->format = 1;
    memcpy(codes->session_key, secret_bytes(keys->session_key).data, KEY_BYTES);
    for (unsigned i = 0; ok && i < RESUME_CODES; i++) {
        struct kept_code *kept = (struct kept_code *)secret_data(place);
        ok = kept_code_make(CODE_RESUME, i + 1, ticket->session, kept, err) &&
             wrap_under(keys, kept->stretched, ticket->session, &ticket->resume[i], err);
        if (ok)
            memcpy(codes->resume[i], kept->text, sizeof kept->text);
    }
    secret_free(place);
    return ok;
}

static bool open_exam_key(
    const struct admission *admission, struct store *reader, struct secret **key, struct error *err)
{
    const struct board *board = admission->board;
    struct buffer file = {.max = EXAM_KEY_MAX_BYTES};
    struct exam_facts facts;
    bool ok = reader->exam_open_file(reader, admission->exam->facts.package_id, &file, err) &&
              exam_key_open(buffer_bytes(&file), board->issuers, board->ticket, &facts, key, err);
    buffer_release(&file);
    return ok;
}

static struct secret *open_sitting_codes(
    const struct admission *admission, struct store *reader, struct error *err)
{
    struct buffer sealed = {.max = SEALED_CODES_MAX_BYTES};
    struct secret *codes = NULL;
    if (reader->sitting_codes(reader, admission->sitting->id, &sealed, err))
        codes = sitting_codes_open(buffer_bytes(&sealed), admission->board->ticket, err);
    buffer_release(&sealed);
    return codes;
}

/* The ticket as JSON, for the ticket certificate alone. */
static bool seal_for_store(
    const struct board *board, const struct ticket *ticket, struct buffer *sealed, struct error *err)
{
    const struct certificate *recipient = identity_certificate(board->ticket);
    struct buffer json = {.max = TICKET_MAX_BYTES};
    bool ok = ticket_encode(ticket, &json, err) && cms_seal(buffer_bytes(&json), &recipient, 1, sealed, err);
    buffer_release(&json);
    return ok;
}

bool ticket_make(
    const struct admission *admission, struct store *reader, struct made_ticket *made, struct error *err)
{
    const struct board *board = admission->board;
    struct session_keys keys = {NULL, NULL};
    struct secret *sitting = NULL, *session = NULL;
    struct readers *readers = NULL;
    struct ticket *ticket = calloc(1, sizeof *ticket);
    bool ok = false;
    if (ticket == NULL) {
        error_set(err, ERROR_NOMEM, "out of memory");
        goto done;
    }
    fill_ticket(ticket, admission);
    fill_session(&made->session, ticket, admission->now_ms);
    if (!open_exam_key(admission, reader, &keys.exam_key, err) ||
        (keys.session_key = secret_random(KEY_BYTES, err)) == NULL ||
        (sitting = open_sitting_codes(admission, reader, err)) == NULL ||
        (session = secret_new(sizeof(struct session_codes), err)) == NULL)
        goto done;
    if (!wrap_sitting_codes(ticket, &keys, sitting_codes(sitting), err) ||
        !make_resume_codes(ticket, &keys, (struct session_codes *)secret_data(session), err))
        goto done;
    if (!sealed_codes_seal(session, board->ticket, &made->sealed_codes, err) ||
        !seal_for_store(board, ticket, &made->sealed_ticket, err))
        goto done;
    readers = readers_load(reader, ticket->center, admission->now_ms, err);
    ok = readers != NULL && seal(board, ticket, readers, admission->now_ms, &made->ticket, &made->file, err);
done:
    readers_free(readers);
    secret_free(session);
    secret_free(sitting);
    session_keys_release(&keys);
    ticket_free(ticket);
    return ok;
}

bool ticket_store(const struct made_ticket *made, struct store *writer, struct error *err)
{
    return writer->session_add(writer, &made->session, buffer_bytes(&made->sealed_codes),
               buffer_bytes(&made->sealed_ticket), err) &&
           writer->ticket_put(writer, &made->ticket, buffer_bytes(&made->file), err);
}

/* --- sealing again ---------------------------------------------------------------------------- */

struct ticket *ticket_stored(
    const struct board *board, struct store *reader, const char *session, struct error *err)
{
    struct buffer sealed = {.max = TICKET_MAX_BYTES}, json = {.max = TICKET_MAX_BYTES};
    struct ticket *ticket = NULL;
    if (reader->session_ticket(reader, session, &sealed, err) &&
        cms_open(buffer_bytes(&sealed), board->ticket, &json, err))
        ticket = ticket_decode(buffer_bytes(&json), err);
    buffer_release(&json);
    buffer_release(&sealed);
    return ticket;
}

struct stale {
    struct resealed *made;
    size_t count;
};

static bool note_stale(void *context, const struct ticket_row *row, struct error *err)
{
    struct stale *stale = context;
    (void)err;
    stale->made[stale->count++].row = *row;
    return true;
}

static bool reseal_one(const struct board *board, struct store *reader, const struct readers *readers,
    int64_t now_ms, struct resealed *made, struct error *err)
{
    struct ticket *ticket = ticket_stored(board, reader, made->row.session, err);
    if (ticket == NULL)
        return false;
    int64_t next = made->row.number + 1;
    ticket->number = next > now_ms ? next : now_ms;
    ticket->epoch = made->row.epoch;
    made->file = (struct buffer){.max = TICKET_MAX_BYTES};
    bool ok = seal(board, ticket, readers, now_ms, &made->row, &made->file, err);
    ticket_free(ticket);
    return ok;
}

bool tickets_reseal(const struct board *board, struct store *reader, const char *center, int64_t now_ms,
    struct resealed *made, size_t max, size_t *count, struct error *err)
{
    struct stale stale = {made, 0};
    struct readers *readers = NULL;
    memset(made, 0, max * sizeof *made);
    bool ok = reader->ticket_stale(reader, center, now_ms, (unsigned)max, note_stale, &stale, err);
    if (ok && stale.count > 0)
        ok = (readers = readers_load(reader, center, now_ms, err)) != NULL;
    for (size_t i = 0; ok && i < stale.count; i++)
        ok = reseal_one(board, reader, readers, now_ms, &made[i], err);
    readers_free(readers);
    if (ok)
        *count = stale.count;
    else
        resealed_release(made, stale.count);
    return ok;
}

void resealed_release(struct resealed *made, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buffer_release(&made[i].file);
}
