/* scoring_keys.h: the scoring keys that were opened, kept for the next result of the same exam. Any thread.
 */
#ifndef CARREL_SERVER_SCORING_KEYS_H
#define CARREL_SERVER_SCORING_KEYS_H

#include "server/board.h"
#include "server/store/store.h"

struct scoring_keys;

/* The board must have the scoring identity and outlive them. */
struct scoring_keys *scoring_keys_new(const struct board *board, struct error *err);
void scoring_keys_free(struct scoring_keys *keys); /* NULL is fine */

/* Opens it from the store where needed. Let go with scoring_keys_release. */
const struct scoring_key *scoring_keys_hold(
    struct scoring_keys *keys, struct store *reader, const char *package_id, struct error *err);
void scoring_keys_release(struct scoring_keys *keys, const struct scoring_key *key); /* NULL is fine */

#endif
