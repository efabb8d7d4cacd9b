#include "server/trust_keeper.h"

#include <pthread.h>
#include <stdatomic.h>

#include "server/checked.h"

struct held_trust {
    struct trust *trust;
    uint64_t generation;
    atomic_uint holders;
};

struct trust_keeper {
    const struct board *board;
    struct checked *checked;
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
    if (keeper->crls == NULL || (keeper->checked = checked_new(err)) == NULL || !rebuild(keeper, err)) {
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
    checked_free(keeper->checked);
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

/* --- certificates ------------------------------------------------------------------------------------ */

static bool is_client(enum role role)
{
    return role == ROLE_SEAT_TLS || role == ROLE_STAFF || role == ROLE_BOARD;
}

/* Fills peer, which is empty, where the chain counts in this role under the present trust. */
static bool check(struct trust_keeper *keeper, struct certificate *const *chain, size_t count, enum role role,
    int64_t now_ms, struct peer *peer, struct error *err)
{
    const struct held_trust *held = trust_hold(keeper);
    bool ok = trust_check(
        held->trust, chain[0], (const struct certificate *const *)chain + 1, count - 1, role, now_ms, err);
    if (ok) {
        peer->certificate = certificate_copy(chain[0]);
        peer->role = role;
        certificate_center(chain[0], peer->center);
        certificate_name(chain[0], peer->name);
        peer->not_after_ms = certificate_not_after_ms(chain[0]);
        peer->trust_generation = held->generation;
    }
    trust_release(held);
    return ok;
}

static uint64_t generation_now(struct trust_keeper *keeper)
{
    pthread_mutex_lock(&keeper->lock);
    uint64_t generation = keeper->now->generation;
    pthread_mutex_unlock(&keeper->lock);
    return generation;
}

/* A certificate alone is known under its digest and what it was asked for. */
static void key_of(const struct certificate *certificate, enum role role, struct digest *key)
{
    uint8_t named[DIGEST_BYTES + 1];
    certificate_digest(certificate, key);
    memcpy(named, key->bytes, DIGEST_BYTES);
    named[DIGEST_BYTES] = (uint8_t)role;
    digest_of(bytes_of(named, sizeof named), key);
}

bool trust_keeper_counts(struct trust_keeper *keeper, const struct certificate *certificate, enum role role,
    int64_t now_ms, struct error *err)
{
    struct digest key;
    struct peer peer = {.role = ROLE_NONE};
    struct certificate *alone = certificate_copy(certificate);
    key_of(certificate, role, &key);
    bool ok = checked_find(keeper->checked, &key, generation_now(keeper), now_ms, NULL);
    if (!ok) {
        ok = check(keeper, &alone, 1, role, now_ms, &peer, err);
        if (ok)
            checked_add(keeper->checked, &key, &peer, now_ms);
    }
    peer_release(&peer);
    certificate_free(alone);
    return ok;
}

/* --- clients ------------------------------------------------------------------------------------------- */

static bool parse_and_check(struct trust_keeper *keeper, const struct bytes *chain, size_t count,
    int64_t now_ms, struct peer *peer, struct error *err)
{
    struct certificate *certificates[CHAIN_MAX] = {NULL};
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++)
        ok = (certificates[i] = certificate_parse(chain[i], err)) != NULL;
    enum role role = ok ? certificate_role(certificates[0]) : ROLE_NONE;
    if (ok && !is_client(role))
        ok = error_set(err, ERROR_UNTRUSTED, "a certificate of the role %s is no client's", role_name(role));
    ok = ok && check(keeper, certificates, count, role, now_ms, peer, err);
    for (size_t i = 0; i < CHAIN_MAX; i++)
        certificate_free(certificates[i]);
    return ok;
}

/* All that was sent, so that nothing unchecked can ride along. */
static bool key_of_chain(const struct bytes *chain, size_t count, struct digest *key, struct error *err)
{
    struct buffer whole = {.max = CHAIN_MAX * PEM_MAX_BYTES};
    for (size_t i = 0; i < count; i++)
        buffer_add_bytes(&whole, chain[i]);
    bool ok = !whole.failed || error_set(err, ERROR_LIMIT, "the certificates are too large");
    if (ok)
        digest_of(buffer_bytes(&whole), key);
    buffer_release(&whole);
    return ok;
}

bool trust_keeper_admit(struct trust_keeper *keeper, const struct bytes *chain, size_t count, int64_t now_ms,
    struct peer *peer, struct error *err)
{
    struct digest key;
    if (count == 0 || count > CHAIN_MAX)
        return error_set(err, ERROR_UNTRUSTED, "no certificate, or too many");
    if (!key_of_chain(chain, count, &key, err))
        return false;
    peer_release(peer);
    if (checked_find(keeper->checked, &key, generation_now(keeper), now_ms, peer))
        return true;
    if (!parse_and_check(keeper, chain, count, now_ms, peer, err))
        return false;
    checked_add(keeper->checked, &key, peer, now_ms);
    return true;
}

bool trust_keeper_readmit(struct trust_keeper *keeper, struct peer *peer, int64_t now_ms, struct error *err)
{
    uint64_t generation = generation_now(keeper);
    if (peer->trust_generation == generation && now_ms <= peer->not_after_ms)
        return true;
    if (!trust_keeper_counts(keeper, peer->certificate, peer->role, now_ms, err))
        return false;
    peer->trust_generation = generation;
    return true;
}
