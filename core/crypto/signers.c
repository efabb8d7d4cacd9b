#include "core/crypto/signers.h"

#include <pthread.h>
#include <stdlib.h>

struct slot {
    struct digest key;
    struct certificate *signer; /* NULL: free */
};

struct signers {
    pthread_mutex_t lock; /* the slots */
    struct slot slots[SIGNERS_MAX];
};

struct signers *signers_new(struct error *err)
{
    struct signers *signers = calloc(1, sizeof *signers);

    if (signers == NULL) {
        error_set(err, ERROR_NOMEM, "no memory for certificates");
        return NULL;
    }
    pthread_mutex_init(&signers->lock, NULL);
    return signers;
}

void signers_free(struct signers *signers)
{
    if (signers == NULL)
        return;
    for (size_t i = 0; i < SIGNERS_MAX; i++)
        certificate_free(signers->slots[i].signer);
    pthread_mutex_destroy(&signers->lock);
    free(signers);
}

/* A digest is as good as random: its first bytes name the slot. */
static struct slot *slot_of(struct signers *signers, const struct digest *key)
{
    return &signers->slots[((size_t)key->bytes[0] << 8 | key->bytes[1]) % SIGNERS_MAX];
}

struct certificate *signers_find(struct signers *signers, const struct digest *key)
{
    struct certificate *found = NULL;
    const struct slot *slot;

    pthread_mutex_lock(&signers->lock);
    slot = slot_of(signers, key);
    if (slot->signer != NULL && digest_equal(&slot->key, key))
        found = certificate_copy(slot->signer);
    pthread_mutex_unlock(&signers->lock);
    return found;
}

void signers_add(struct signers *signers, const struct digest *key, const struct certificate *signer)
{
    struct certificate *added = certificate_copy(signer), *before;
    struct slot *slot;

    if (added == NULL)
        return; /* it will be checked again */
    pthread_mutex_lock(&signers->lock);
    slot = slot_of(signers, key);
    before = slot->signer;
    *slot = (struct slot){*key, added};
    pthread_mutex_unlock(&signers->lock);
    certificate_free(before);
}
