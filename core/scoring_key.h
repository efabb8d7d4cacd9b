/* scoring_key.h: what is right: NAME.key (docs/formats/scoring-key.md). A seat never holds one; a practice
 * package is the one exception, and says so. */
#ifndef CARREL_SCORING_KEY_H
#define CARREL_SCORING_KEY_H

#include "core/arena.h"
#include "core/crypto/digest.h"
#include "core/exam.h"

/* All or nothing: the response must equal the correct one (QTI match_correct; as a set where multiple). */
enum scoring_method { SCORING_MATCH_CORRECT, SCORING_METHODS };

struct item_key {
    const char *item;     /* identifier */
    const char *version;  /* as in the exam */
    const char *topic;    /* section identifier */
    const char *response; /* response identifier */
    enum scoring_method method;
    const char *const *correct; /* lexical values */
    size_t correct_count;
    unsigned points;
    bool is_scored;          /* false: pilot, or taken out of scoring */
    struct blocks rationale; /* count 0 outside of practice */
};

struct topic {
    const char *identifier, *title;
};

struct scoring_key {
    struct arena arena;
    const char *exam, *version; /* as in the exam */
    char package_id[SESSION_ID_SIZE];
    unsigned pass_mark; /* percent */
    const struct topic *topics;
    size_t topic_count;
    const struct item_key *items; /* sorted by item */
    size_t item_count;
};

#define SCORING_KEY_FORMAT 1 /* "format" in its JSON */

/* Decodes and checks. NULL on failure. Free with scoring_key_free. */
struct scoring_key *scoring_key_decode(struct bytes json, struct error *err);
/* Appends the JSON; refuses what scoring_key_decode would. */
bool scoring_key_encode(const struct scoring_key *key, struct buffer *json, struct error *err);
/* Every item of the exam has its key, in the same version, and every correct value is a choice of it;
 * ERROR_FORMAT with the first that has not. */
bool scoring_key_fits(const struct scoring_key *key, const struct exam *exam, struct error *err);
const struct item_key *scoring_key_find(const struct scoring_key *key, const char *item);
void scoring_key_free(struct scoring_key *key); /* NULL is fine; wipes */

#endif
