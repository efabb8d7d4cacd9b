/* programmes.h: which rules hold for an exam at a moment, and what a person has of them. Any store, reader or
 * writer. */
#ifndef CARREL_SERVER_PROGRAMMES_H
#define CARREL_SERVER_PROGRAMMES_H

#include "server/ladder.h"

/* A version as the store has it. ERROR_BUSY where it can't be read: no fault of whoever asks, who is told to
 * come again. Free with free(). */
struct programme *programme_stored(struct bytes content, const char *id, struct error *err);

/* The rules in force at that moment that name this exam, and the index of its title; NULL with no error: no
 * programme names it. Free with free(). */
struct programme *programme_of_exam(
    struct store *store, const char *exam, int64_t at_ms, size_t *title, struct error *err);
/* The rules of this programme that are in force then; ERROR_NOT_FOUND. */
struct programme *programme_in_force(struct store *store, const char *id, int64_t at_ms, struct error *err);

/* A person on the programme as it stands now, but for the session named except ("": none). */
bool ladder_load(struct ladder *ladder, struct store *store, const struct programme *programme,
    const char *candidate_id, const char *except, int64_t now_ms, struct error *err);

/* Whether the candidate may be admitted to the sitting: true with LADDER_MAY or the reason in answer,
 * whatever no programme names may be sat. False: the store failed. */
bool ladder_ask(struct store *store, const struct sitting_row *sitting, const char *exam,
    const char *candidate_id, const char *except, int64_t now_ms, struct ladder_answer *answer,
    struct error *err);

#endif
