/* round.h: how one round of a lane went: a lane is one direction, with a connection and a back-off of its
 * own. */
#ifndef CARREL_SYNC_ROUND_H
#define CARREL_SYNC_ROUND_H

#include "core/transport.h"

#define ROUND_WAIT_INTERVAL INT64_MAX

struct round {
    bool was_reached;   /* an answer came, whichever */
    bool must_back_off; /* the server can't be reached, is busy or fails: nothing else will work now either */
    int64_t retry_after_s; /* what it asked for */
    bool has_more;         /* the next round begins at once */
    int64_t wait_ms;       /* until something is due again, where that is sooner than the interval */
    struct error trouble;  /* the first that people must know; ERROR_NONE where there is none */
};

struct round round_begin(void);
/* Something went wrong that no answer says. Always false. */
bool round_trouble(struct round *round, const struct error *err);
/* After each request: true if it succeeded; else its trouble is noted, and whether the lane must back off. */
bool round_note(struct round *round, bool ok, const struct reply *reply, const struct error *err);
void round_due_in(struct round *round, int64_t ms);

#endif
