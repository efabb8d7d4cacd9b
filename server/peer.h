/* peer.h: who is at the other end of a connection, as its certificate says and the trust confirmed. */
#ifndef CARREL_SERVER_PEER_H
#define CARREL_SERVER_PEER_H

#include "core/crypto/certificate.h"

/* A zeroed one is nobody: role ROLE_NONE. Release with peer_release. */
struct peer {
    enum role role;
    char center[IDENTIFIER_SIZE]; /* "" for the board */
    char name[NAME_SIZE];
    int64_t not_after_ms;
    uint64_t trust_generation; /* of the trust that said so: another one must be asked again */
    bool is_met;               /* the store was asked whether it knows this member of staff */
    struct certificate *certificate;
};

void peer_release(struct peer *peer);

#endif
