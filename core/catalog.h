/* catalog.h: what this center may fetch, and what the server knows: signed, numbered (docs/formats/catalog.md). */
#ifndef CARREL_CATALOG_H
#define CARREL_CATALOG_H

#include "core/arena.h"
#include "core/crypto/cms.h"

struct catalog_object {
    const char *id; /* package id, or SESSION-EPOCH of a ticket */
    struct digest digest; /* of the file */
    int64_t bytes;
};

/* KNOWN_OPEN: admitted, nothing heard of it. */
enum session_state_known { KNOWN_OPEN, KNOWN_BEGUN, KNOWN_ENDED, KNOWN_MOVED, KNOWN_VOID, KNOWN_STATES };

struct catalog_session {
    const char *id; /* SESSION-EPOCH */
    enum session_state_known state;
    bool is_wanted; /* the store lacks its result (again): send it, whatever receipt there was */
};

struct catalog {
    struct arena arena;
    char center[IDENTIFIER_SIZE];
    int64_t number; /* a seat refuses a lower one than it has seen */
    int64_t issued_ms;
    char lowest_software[VERSION_SIZE];
    struct digest crl_digest;  /* of the CRL of this center's CA; all zero: none */
    const struct catalog_object *packages, *tickets;
    size_t package_count, ticket_count;
    const struct catalog_session *sessions;
    size_t session_count;
};

bool catalog_encode(const struct catalog *catalog, struct buffer *json, struct error *err);
struct catalog *catalog_decode(struct bytes json, struct error *err);
void catalog_free(struct catalog *catalog); /* NULL is fine */

bool catalog_sign(const struct catalog *catalog, const struct identity *server, struct buffer *file,
    struct error *err); /* signing time: issued_ms */
/* Also checks that it is for this center, and its number is at least lowest_number. */
struct catalog *catalog_verify(struct bytes file, const struct trust *trust, const char *center,
    int64_t lowest_number, struct error *err);

#endif
