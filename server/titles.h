/* titles.h: what scores and people's decisions make of titles, always in the writer's transaction, so that no
 * score is without its title and no decision without what follows from it. */
#ifndef CARREL_SERVER_TITLES_H
#define CARREL_SERVER_TITLES_H

#include "server/programmes.h"

#define TITLES_BY_SERVER "the server"

/* After a session was decided on, however often: a passed score earns its title, by the rules in force when
 * it was taken; one that is a passed score no more (held since) puts its title under review, and what is
 * built on it. Then whatever has become due is awarded. A title whose needs are not held then is under review
 * from the start. */
bool titles_settle(struct store *writer, const struct session_row *session, const char *exam, int64_t now_ms,
    struct error *err);

/* A person's decision on the newest of that title. Revoking puts what is built on it under review; restoring
 * may make an award due. ERROR_NOT_FOUND: nobody has it; ERROR_REFUSED: title_next, or an award without what
 * it stands on. */
bool titles_decide(struct store *writer, const char *candidate_id, const char *title, enum title_act act,
    const char *who, const char *reason, int64_t now_ms, struct error *err);

/* Every passed score earns the title that the rules of its time give it: after a programme was published
 * whose rules began before. */
bool titles_settle_all(struct store *writer, int64_t now_ms, struct error *err);

#endif
