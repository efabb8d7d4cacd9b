#include "server/trust_keeper.h"

#include <pthread.h>
#include <stdatomic.h>

struct held_trust {
    struct trust *trust;
    uint64_t generation;
    atomic_uint holders;
};

struct trust_keeper {
    const struct board *board;
    pthread_mutex_t lock; /* the two below */
    struct held_trust *now;
    struct buffer *crls; /* one for each of the board's centers */
};

static void drop(struct held_trust *held)
{
    if (held == NULL || atomic_fetch_sub(&held->holders, 1) > 1)
        return;
    trust_free(held->trust);
    free(held);
}

static bool fill(struct trust *trust, const struct trust_keeper *keeper, struct error *err)
{
    const struct board *board = keeper->board;
    for (size_t i = 0; i < board->center_count; i++)
        if (!trust_add_intermediate(trust, identity_certificate(board->centers[i].ca), err))
            return false;
    if (board->root_crl.len != 0 && !trust_add_crl(trust, buffer_bytes(&board->root_crl), err))
        return error_prefix(err, "root.crl");
    for (size_t i = 0; i < board->center_count; i++)
        if (keeper->crls[i].len != 0 && !trust_add_crl(trust, buffer_bytes(&keeper->crls[i]), err))
            return error_prefix(err, "the revocation list of %s", board->centers[i].name);
    return true;
}

/* From root, CAs and the lists as they are. The caller holds the lock, or is the only one yet. */
static bool rebuild(struct trust_keeper *keeper, struct error *err)
{
    struct held_trust *made = calloc(1, sizeof *made);
    if (made == NULL)
        return error_set(err, ERROR_NOMEM, "out of memory");
    atomic_init(&made->holders, 1);
    made->generation = keeper->now == NULL ? 1 : keeper->now->generation + 1;
    made->trust = trust_new(keeper->board->root, err);
    if (made->trust == NULL || !fill(made->trust, keeper, err)) {
        drop(made);
        return false;
    }
    drop(keeper->now);
    keeper->now = made;
    return true;
}

struct trust_keeper *trust_keeper_new(const struct board *board, struct error *err)
{
    struct trust_keeper *keeper = calloc(1, sizeof *keeper);
    if (keeper == NULL) {
        error_set(err, ERROR_NOMEM, "out of memory");
        return NULL;
    }
    pthread_mutex_init(&keeper->lock, NULL);
    keeper->board = board;
    keeper->crls = calloc(board->center_count + 1, sizeof *keeper->crls);
    if (keeper->crls == NULL)
        error_set(err, ERROR_NOMEM, "out of memory");
    if (keeper->crls == NULL || !rebuild(keeper, err)) {
        trust_keeper_free(keeper);
        return NULL;
    }
    for (size_t i = 0; i < board->center_count; i++)
        keeper->crls[i].max = CRL_MAX_BYTES;
    return keeper;
}

void trust_keeper_free(struct trust_keeper *keeper)
{
    if (keeper == NULL)
        return;
    drop(keeper->now);
    for (size_t i = 0; keeper->crls != NULL && i < keeper->board->center_count; i++)
        buffer_release(&keeper->crls[i]);
    free(keeper->crls);
    pthread_mutex_destroy(&keeper->lock);
    free(keeper);
}

/* The old list comes back if the new one can't be taken. */
static bool replace_crl(struct trust_keeper *keeper, struct buffer *slot, struct bytes crl, struct error *err)
{
    struct buffer before = *slot;
    *slot = (struct buffer){.max = CRL_MAX_BYTES};
    bool ok =
        (buffer_add_bytes(slot, crl) || error_set(err, ERROR_LIMIT, "the revocation list is too large")) &&
        rebuild(keeper, err);
    if (!ok) {
        buffer_release(slot);
        *slot = before;
    } else {
        buffer_release(&before);
    }
    return ok;
}

bool trust_keeper_put_crl(
    struct trust_keeper *keeper, const char *center, struct bytes crl, struct error *err)
{
    const struct center *found = board_center(keeper->board, center);
    if (found == NULL)
        return error_set(err, ERROR_NOT_FOUND, "no center %s", center);
    pthread_mutex_lock(&keeper->lock);
    bool ok = replace_crl(keeper, &keeper->crls[found - keeper->board->centers], crl, err);
    pthread_mutex_unlock(&keeper->lock);
    return ok;
}

const struct held_trust *trust_hold(struct trust_keeper *keeper)
{
    pthread_mutex_lock(&keeper->lock);
    struct held_trust *held = keeper->now;
    atomic_fetch_add(&held->holders, 1);
    pthread_mutex_unlock(&keeper->lock);
    return held;
}

const struct trust *held_trust(const struct held_trust *held)
{
    return held->trust;
}

void trust_release(const struct held_trust *held)
{
    drop((struct held_trust *)(uintptr_t)held); /* const for those who hold it; the count is ours */
}

/* --- clients ---------------------------------------------------------------------------------- */

static bool is_client(enum role role)
{
    return role == ROLE_SEAT_TLS || role == ROLE_STAFF || role == ROLE_BOARD;
}

static bool check_client(struct trust_keeper *keeper, const struct certificate *certificate,
    const struct certificate *const *extra, size_t extra_count, int64_t now_ms, uint64_t *generation,
    struct error *err)
{
    enum role role = certificate_role(certificate);
    if (!is_client(role))
        return error_set(
            err, ERROR_UNTRUSTED, "a certificate of the role %s is no client's", role_name(role));
    const struct held_trust *held = trust_hold(keeper);
    bool ok = trust_check(held->trust, certificate, extra, extra_count, role, now_ms, err);
    *generation = held->generation;
    trust_release(held);
    return ok;
}

bool trust_keeper_admit(struct trust_keeper *keeper, const struct bytes *chain, size_t count, int64_t now_ms,
    struct peer *peer, struct error *err)
{
    struct certificate *certificates[CHAIN_MAX] = {NULL};
    uint64_t generation = 0;
    bool ok = count > 0 && count <= CHAIN_MAX;
    if (!ok)
        error_set(err, ERROR_UNTRUSTED, "no certificate, or too many");
    for (size_t i = 0; ok && i < count; i++)
        ok = (certificates[i] = certificate_parse(chain[i], err)) != NULL;
    ok = ok && check_client(keeper, certificates[0], (const struct certificate *const *)certificates + 1,
                   count - 1, now_ms, &generation, err);
    if (ok) {
        peer_release(peer);
        peer->certificate = certificate_copy(certificates[0]);
        peer->role = certificate_role(certificates[0]);
        certificate_center(certificates[0], peer->center);
        certificate_name(certificates[0], peer->name);
        peer->not_after_ms = certificate_not_after_ms(certificates[0]);
        peer->trust_generation = generation;
    }
    for (size_t i = 0; i < CHAIN_MAX; i++)
        certificate_free(certificates[i]);
    return ok;
}

bool trust_keeper_readmit(struct trust_keeper *keeper, struct peer *peer, int64_t now_ms, struct error *err)
{
    pthread_mutex_lock(&keeper->lock);
    uint64_t generation = keeper->now->generation;
    pthread_mutex_unlock(&keeper->lock);
    if (peer->trust_generation == generation && now_ms <= peer->not_after_ms)
        return true;
    if (!check_client(keeper, peer->certificate, NULL, 0, now_ms, &generation, err))
        return false;
    peer->trust_generation = generation;
    return true;
}
