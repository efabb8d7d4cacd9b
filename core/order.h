/* order.h: one act of staff on a session or the room: ID.order (docs/formats/order.md). Format only so far: SignedData
 * by a member of staff ⊃ AuthEnvelopedData to the seat. */
#ifndef CARREL_ORDER_H
#define CARREL_ORDER_H

#include "core/crypto/cms.h"

enum order_act { ORDER_PAUSE, ORDER_RESUME, ORDER_ADD_TIME, ORDER_MESSAGE, ORDER_END, ORDER_MOVE, ORDER_ACTS };

struct order {
    char session[SESSION_ID_SIZE]; /* "" for the whole room */
    unsigned epoch;
    char center[IDENTIFIER_SIZE];
    int64_t number; /* rises; a seat takes each once, in order */
    enum order_act act;
    int64_t add_ms;          /* add time */
    char message[NAME_SIZE]; /* message */
    char reason[NAME_SIZE];
    int64_t expires_ms;
};

bool order_encode(const struct order *order, struct buffer *json, struct error *err);
bool order_decode(struct bytes json, struct order *order, struct error *err);

bool order_seal(const struct order *order, const struct identity *staff, const struct certificate *seat,
    int64_t now_ms, struct buffer *file, struct error *err);
/* ERROR_UNTRUSTED unless a member of staff signed it and this seat is its recipient. The caller compares center, session,
 * number and expiry. signer may be NULL. */
bool order_open(struct bytes file, const struct trust *trust, const struct identity *seat, struct order *order,
    struct cms_signer *signer, struct error *err);

#endif
