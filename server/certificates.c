#include "server/certificates.h"

#include "server/log.h"
#include "server/reseal.h"

/* --- known certificates ----------------------------------------------------------------------- */

bool certificates_add(
    struct store *writer, const struct certificate *certificate, int64_t now_ms, struct error *err)
{
    struct certificate_row row = {.added_ms = now_ms};
    struct buffer der = {.max = PEM_MAX_BYTES};
    certificate_center(certificate, row.center);
    certificate_name(certificate, row.name);
    certificate_serial(certificate, row.serial);
    row.role = certificate_role(certificate);
    row.not_after_ms = certificate_not_after_ms(certificate);
    bool ok = certificate_der(certificate, &der, err) &&
              writer->certificate_add(writer, &row, buffer_bytes(&der), err);
    buffer_release(&der);
    return ok;
}

/* --- revocation lists ------------------------------------------------------------------------- */

struct revoked {
    char (*serials)[SERIAL_SIZE];
    int64_t *times;
    size_t count, room;
};

static bool grow(struct revoked *revoked)
{
    size_t room = revoked->room == 0 ? 64 : revoked->room * 2;
    void *serials = reallocarray(revoked->serials, room, sizeof *revoked->serials);
    if (serials == NULL)
        return false;
    revoked->serials = serials;
    void *times = reallocarray(revoked->times, room, sizeof *revoked->times);
    if (times == NULL)
        return false;
    revoked->times = times;
    revoked->room = room;
    return true;
}

static bool note_revoked(
    void *context, const struct certificate_row *row, struct bytes der, struct error *err)
{
    struct revoked *revoked = context;
    (void)der;
    if (row->revoked_ms == 0)
        return true;
    if (revoked->count == revoked->room && !grow(revoked))
        return error_set(err, ERROR_NOMEM, "out of memory");
    memcpy(revoked->serials[revoked->count], row->serial, SERIAL_SIZE);
    revoked->times[revoked->count++] = row->revoked_ms;
    return true;
}

static bool sign_crl(const struct identity *ca, const struct revoked *revoked, int64_t number, int64_t now_ms,
    struct buffer *der, struct error *err)
{
    const char **serials = calloc(revoked->count + 1, sizeof *serials);
    if (serials == NULL)
        return error_set(err, ERROR_NOMEM, "out of memory");
    for (size_t i = 0; i < revoked->count; i++)
        serials[i] = revoked->serials[i];
    bool ok = authority_crl(
        ca, serials, revoked->times, revoked->count, number, now_ms, now_ms + CRL_LIFE_MS, der, err);
    free(serials);
    return ok;
}

bool certificates_make_crl(struct server *server, struct store *writer, const char *name, int64_t now_ms,
    struct buffer *der, struct error *err)
{
    const struct center *center = board_center(server->board, name);
    struct revoked revoked = {.count = 0};
    int64_t number = 0;
    if (center == NULL)
        return error_set(err, ERROR_REFUSED, "the authority of the center %s is not on this server", name);
    bool ok = writer->certificate_each(writer, name, note_revoked, &revoked, err) &&
              writer->number(writer, "crl", now_ms, &number, err) &&
              sign_crl(center->ca, &revoked, number, now_ms, der, err) &&
              writer->crl_put(writer, name, now_ms, buffer_bytes(der), err);
    free(revoked.serials);
    free(revoked.times);
    return ok;
}

/* The stored list where it is fresh, a new one otherwise. */
static bool fresh_crl(struct server *server, struct store *writer, const char *center, int64_t now_ms,
    struct buffer *der, struct error *err)
{
    struct error missing = {ERROR_NONE, ""};
    int64_t made_ms = 0;
    if (writer->crl_get(writer, center, &made_ms, der, &missing) && now_ms - made_ms < CRL_RENEW_MS)
        return true;
    buffer_clear(der);
    return certificates_make_crl(server, writer, center, now_ms, der, err);
}

/* --- the start -------------------------------------------------------------------------------- */

static bool add_staff(struct server *server, struct store *writer, int64_t now_ms, struct error *err)
{
    for (size_t i = 0; i < server->board->staff_count; i++) {
        struct error known = {ERROR_NONE, ""};
        if (!certificates_add(writer, server->board->staff[i], now_ms, &known) && known.code != ERROR_REFUSED)
            return error_set(err, known.code, "%s", known.text);
    }
    return true;
}

bool certificates_prepare(struct server *server, struct store *writer, struct error *err)
{
    int64_t now_ms = clock_wall_ms(server->clock);
    if (!add_staff(server, writer, now_ms, err))
        return false;
    for (size_t i = 0; i < server->board->center_count; i++) {
        const char *center = server->board->centers[i].name;
        struct buffer der = {.max = CRL_MAX_BYTES};
        bool ok = fresh_crl(server, writer, center, now_ms, &der, err) &&
                  trust_keeper_put_crl(server->trust, center, buffer_bytes(&der), err);
        buffer_release(&der);
        if (!ok)
            return false;
    }
    return true;
}

/* --- staff who come in ------------------------------------------------------------------------ */

struct meeting {
    struct job job;
    struct server *server;
    struct certificate *certificate;
    char center[IDENTIFIER_SIZE], serial[SERIAL_SIZE];
    bool is_known, is_added;
};

static struct meeting *meeting_of(struct job *job)
{
    return (struct meeting *)((char *)job - offsetof(struct meeting, job));
}

static bool look_for(void *context, const struct certificate_row *row, struct bytes der, struct error *err)
{
    struct meeting *meeting = context;
    (void)der;
    (void)err;
    if (strcmp(row->serial, meeting->serial) == 0)
        meeting->is_known = true;
    return true;
}

static enum write_end write_meeting(struct job *job, struct store *writer)
{
    struct meeting *meeting = meeting_of(job);
    struct error err = {ERROR_NONE, ""};
    meeting->is_added =
        certificates_add(writer, meeting->certificate, clock_wall_ms(meeting->server->clock), &err);
    return meeting->is_added ? WRITE_KEEP : write_failed(&err);
}

static void work_meeting(struct job *job, struct store *reader)
{
    struct meeting *meeting = meeting_of(job);
    struct error err = {ERROR_NONE, ""};
    if (reader->certificate_each(reader, meeting->center, look_for, meeting, &err) && !meeting->is_known)
        job->write = write_meeting;
}

static void end_meeting(struct job *job)
{
    struct meeting *meeting = meeting_of(job);
    if (meeting->is_added && !job->is_lost)
        reseal_start(meeting->server, meeting->center, NULL, NULL);
    certificate_free(meeting->certificate);
    free(meeting);
}

void certificates_meet(struct server *server, struct peer *peer)
{
    if (peer->role != ROLE_STAFF || peer->is_met)
        return;
    struct meeting *meeting = calloc(1, sizeof *meeting);
    if (meeting == NULL)
        return; /* the next request tries again */
    peer->is_met = true;
    meeting->server = server;
    meeting->certificate = certificate_copy(peer->certificate);
    memcpy(meeting->center, peer->center, sizeof meeting->center);
    certificate_serial(peer->certificate, meeting->serial);
    meeting->job = (struct job){.lane = LANE_FAST, .work = work_meeting, .done = end_meeting};
    workers_submit(server->workers, &meeting->job);
}

/* --- every hour ------------------------------------------------------------------------------- */

struct tidying {
    struct job job;
    struct server *server;
    struct buffer *lists; /* of the board's centers */
};

static struct tidying *tidying_of(struct job *job)
{
    return (struct tidying *)((char *)job - offsetof(struct tidying, job));
}

static enum write_end write_tidying(struct job *job, struct store *writer)
{
    struct tidying *tidying = tidying_of(job);
    const struct board *board = tidying->server->board;
    int64_t now_ms = clock_wall_ms(tidying->server->clock);
    struct error err = {ERROR_NONE, ""};
    bool ok = writer->tidy(writer, now_ms, &err);
    for (size_t i = 0; ok && i < board->center_count; i++) {
        buffer_clear(&tidying->lists[i]);
        ok = fresh_crl(tidying->server, writer, board->centers[i].name, now_ms, &tidying->lists[i], &err);
    }
    if (!ok)
        log_write(tidying->server->clock, "revocation lists can't be renewed: %s", err.text);
    return ok ? WRITE_KEEP : write_failed(&err);
}

static void work_tidying(struct job *job, struct store *reader)
{
    (void)reader;
    job->write = write_tidying;
}

static void end_tidying(struct job *job)
{
    struct tidying *tidying = tidying_of(job);
    struct server *server = tidying->server;
    struct error err = {ERROR_NONE, ""};
    for (size_t i = 0; i < server->board->center_count; i++) {
        struct bytes list = buffer_bytes(&tidying->lists[i]);
        if (!job->is_lost && list.len > 0 &&
            !trust_keeper_put_crl(server->trust, server->board->centers[i].name, list, &err))
            log_write(server->clock, "%s", err.text);
        buffer_release(&tidying->lists[i]);
    }
    free(tidying->lists);
    free(tidying);
}

void certificates_tidy(struct server *server)
{
    struct tidying *tidying = calloc(1, sizeof *tidying);
    struct buffer *lists = calloc(server->board->center_count + 1, sizeof *lists);
    if (tidying == NULL || lists == NULL) {
        free(tidying);
        free(lists);
        return; /* in an hour again */
    }
    for (size_t i = 0; i < server->board->center_count; i++)
        lists[i].max = CRL_MAX_BYTES;
    *tidying = (struct tidying){.server = server, .lists = lists};
    tidying->job = (struct job){.lane = LANE_SLOW, .work = work_tidying, .done = end_tidying};
    workers_submit(server->workers, &tidying->job);
}
