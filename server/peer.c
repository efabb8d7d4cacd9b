#include "server/peer.h"

void peer_release(struct peer *peer)
{
    certificate_free(peer->certificate);
    *peer = (struct peer){.role = ROLE_NONE};
}
