/* intake.h: receiving: from the bytes that came to what will be committed, and the receipt for it.
 *
 *     intake_receive   bound, open, verify, find its ticket; look whether it is here already; judge; sign the
 *                      receipt
 *     intake_store     all of it, and the title that a score earns, in the writer's transaction
 *
 * What is within its size, opens, is signed by a seat that a center CA issued a certificate to, and names a
 * ticket this server made, is stored and receipted, whatever else is wrong with it. */
#ifndef CARREL_SERVER_INTAKE_H
#define CARREL_SERVER_INTAKE_H

#include "server/judge.h"
#include "server/scoring_keys.h"
#include "server/trust_keeper.h"

/* Who and what receiving needs. */
struct intake_desk {
    const struct board *board;
    struct trust_keeper *trust;
    struct scoring_keys *keys; /* NULL: this machine does not score */
};

/* What is handed in. */
struct handed_in {
    const char *session;
    unsigned epoch;
    bool is_journal;
    struct bytes file;
    const char *center; /* who hands it in may see this center's sessions only */
    int64_t now_ms;
};

struct intake; /* made by intake_receive, free with intake_free */

/* NULL: refused, with the reason. */
struct intake *intake_receive(const struct intake_desk *desk, const struct handed_in *handed_in,
    struct store *reader, struct error *err);
/* True: it was here already, the receipt is the one it got then, nothing is to be stored. */
bool intake_is_known(const struct intake *intake);
struct bytes intake_receipt(const struct intake *intake);
enum standing intake_standing(const struct intake *intake);
/* ERROR_BUSY: somebody else changed the session meanwhile, or handed in the same: receive it again. */
bool intake_store(const struct intake *intake, struct store *writer, struct error *err);
void intake_free(struct intake *intake); /* NULL is fine */

#endif
