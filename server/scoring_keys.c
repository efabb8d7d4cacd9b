#include "server/scoring_keys.h"

#include <pthread.h>

#define KEPT_MAX 32u

struct kept {
    struct scoring_key *key; /* NULL: a free slot */
    unsigned holders;
    uint64_t used; /* the higher the later */
};

struct scoring_keys {
    const struct board *board;
    pthread_mutex_t lock; /* everything below */
    struct kept kept[KEPT_MAX];
    uint64_t uses;
};

struct scoring_keys *scoring_keys_new(const struct board *board, struct error *err)
{
    struct scoring_keys *keys = calloc(1, sizeof *keys);
    if (keys == NULL) {
        error_set(err, ERROR_NOMEM, "out of memory");
        return NULL;
    }
    keys->board = board;
    pthread_mutex_init(&keys->lock, NULL);
    return keys;
}

void scoring_keys_free(struct scoring_keys *keys)
{
    if (keys == NULL)
        return;
    for (size_t i = 0; i < KEPT_MAX; i++)
        scoring_key_free(keys->kept[i].key);
    pthread_mutex_destroy(&keys->lock);
    free(keys);
}

static struct kept *find(struct scoring_keys *keys, const char *package_id)
{
    for (size_t i = 0; i < KEPT_MAX; i++)
        if (keys->kept[i].key != NULL && strcmp(keys->kept[i].key->package_id, package_id) == 0)
            return &keys->kept[i];
    return NULL;
}

/* A free slot, or the one that nobody holds and was used longest ago, emptied. */
static struct kept *make_room(struct scoring_keys *keys)
{
    struct kept *oldest = NULL;
    for (size_t i = 0; i < KEPT_MAX; i++) {
        struct kept *kept = &keys->kept[i];
        if (kept->key == NULL)
            return kept;
        if (kept->holders == 0 && (oldest == NULL || kept->used < oldest->used))
            oldest = kept;
    }
    if (oldest != NULL) {
        scoring_key_free(oldest->key);
        oldest->key = NULL;
    }
    return oldest;
}

static struct scoring_key *load(
    const struct scoring_keys *keys, struct store *reader, const char *package_id, struct error *err)
{
    struct buffer file = {.max = SCORING_KEY_MAX_BYTES};
    struct scoring_key *key = NULL;
    if (reader->exam_key_file(reader, package_id, &file, err))
        key = scoring_key_open(buffer_bytes(&file), keys->board->issuers, keys->board->scoring, err);
    buffer_release(&file);
    return key;
}

/* Under the lock: others of the same exam then find it ready instead of opening it too. */
static struct kept *find_or_load(
    struct scoring_keys *keys, struct store *reader, const char *package_id, struct error *err)
{
    struct kept *kept = find(keys, package_id);
    if (kept != NULL)
        return kept;
    kept = make_room(keys);
    if (kept == NULL) {
        error_set(err, ERROR_BUSY, "too many scoring keys are in use");
        return NULL;
    }
    kept->key = load(keys, reader, package_id, err);
    return kept->key == NULL ? NULL : kept;
}

const struct scoring_key *scoring_keys_hold(
    struct scoring_keys *keys, struct store *reader, const char *package_id, struct error *err)
{
    pthread_mutex_lock(&keys->lock);
    struct kept *kept = find_or_load(keys, reader, package_id, err);
    if (kept != NULL) {
        kept->holders++;
        kept->used = ++keys->uses;
    }
    pthread_mutex_unlock(&keys->lock);
    return kept == NULL ? NULL : kept->key;
}

void scoring_keys_release(struct scoring_keys *keys, const struct scoring_key *key)
{
    if (key == NULL)
        return;
    pthread_mutex_lock(&keys->lock);
    for (size_t i = 0; i < KEPT_MAX; i++)
        if (keys->kept[i].key == key)
            keys->kept[i].holders--;
    pthread_mutex_unlock(&keys->lock);
}
