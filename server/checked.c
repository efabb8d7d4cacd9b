#include "server/checked.h"

#include <pthread.h>

#define SLOTS 1024u

struct slot {
    struct digest key;
    struct peer peer; /* its certificate is shared; ROLE_NONE: the slot is free */
    int64_t from_ms, until_ms;
};

struct checked {
    pthread_mutex_t lock; /* the slots */
    struct slot slots[SLOTS];
};

struct checked *checked_new(struct error *err)
{
    struct checked *checked = calloc(1, sizeof *checked);
    if (checked == NULL) {
        error_set(err, ERROR_NOMEM, "out of memory");
        return NULL;
    }
    pthread_mutex_init(&checked->lock, NULL);
    return checked;
}

void checked_free(struct checked *checked)
{
    if (checked == NULL)
        return;
    for (size_t i = 0; i < SLOTS; i++)
        peer_release(&checked->slots[i].peer);
    pthread_mutex_destroy(&checked->lock);
    free(checked);
}

static void copy_peer(struct peer *to, const struct peer *from)
{
    *to = *from;
    to->certificate = from->certificate == NULL ? NULL : certificate_copy(from->certificate);
}

/* A digest is as good as random: its first bytes name the slot. */
static struct slot *slot_of(struct checked *checked, const struct digest *key)
{
    return &checked->slots[((size_t)key->bytes[0] << 8 | key->bytes[1]) % SLOTS];
}

bool checked_find(
    struct checked *checked, const struct digest *key, uint64_t generation, int64_t now_ms, struct peer *peer)
{
    pthread_mutex_lock(&checked->lock);
    const struct slot *slot = slot_of(checked, key);
    bool ok = slot->peer.role != ROLE_NONE && digest_equal(&slot->key, key) &&
              slot->peer.trust_generation == generation && now_ms >= slot->from_ms &&
              now_ms <= slot->until_ms;
    if (ok && peer != NULL)
        copy_peer(peer, &slot->peer);
    pthread_mutex_unlock(&checked->lock);
    return ok;
}

void checked_add(struct checked *checked, const struct digest *key, const struct peer *peer, int64_t now_ms)
{
    int64_t until_ms = now_ms + CHECKED_FOR_MS;
    pthread_mutex_lock(&checked->lock);
    struct slot *slot = slot_of(checked, key);
    peer_release(&slot->peer);
    slot->key = *key;
    copy_peer(&slot->peer, peer);
    slot->from_ms = now_ms;
    slot->until_ms = until_ms < peer->not_after_ms ? until_ms : peer->not_after_ms;
    pthread_mutex_unlock(&checked->lock);
}
