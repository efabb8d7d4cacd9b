/* ticket.h: one admission of one candidate: ID.ticket, ID = SESSION-EPOCH (docs/formats/ticket.md).
 *
 * SignedData by the server around AuthEnvelopedData to every seat and staff certificate of the center. Identity:
 * session id and number. It carries the exam key and a fresh session key, wrapped once for each code. */
#ifndef CARREL_TICKET_H
#define CARREL_TICKET_H

#include "core/arena.h"
#include "core/code.h"
#include "core/crypto/cms.h"
#include "core/form.h"

/* How long after the close of its window and its exam time a session can be resumed: agreement, tutorial, survey and
 * gaps take none of the exam time. */
#define RESUME_MARGIN_MS (2 * 3600 * 1000)

struct accommodations {
    unsigned time_factor; /* per mille: 1000 as it is, 1250 a quarter more; 1000 … 4000 */
    char theme[IDENTIFIER_SIZE]; /* "light", "dark", "contrast" */
    unsigned zoom;        /* percent: 100 … 300 */
};

struct wrap {
    uint8_t bytes[WRAPPED_BYTES];
};

struct ticket {
    struct arena arena; /* of the seen list */
    char session[SESSION_ID_SIZE];
    unsigned epoch; /* from 1 */
    int64_t number; /* of this sealing: raised each time the server seals it again */
    char admission[NUMBER_SIZE];
    char sitting[SESSION_ID_SIZE];
    char center[IDENTIFIER_SIZE];
    char candidate_id[IDENTIFIER_SIZE];
    char candidate_name[NAME_SIZE]; /* as on the ID */
    char package_id[SESSION_ID_SIZE];
    struct digest package_digest; /* of the .exam file */
    char exam_title[NAME_SIZE], exam_short[NAME_SIZE], exam_language[IDENTIFIER_SIZE];
    int64_t max_time_ms; /* of the test with the time factor in it */
    unsigned item_count; /* of the form */
    uint8_t form_seed[FORM_SEED_BYTES];
    const char *const *seen; /* item identifiers, longest ago first */
    size_t seen_count;
    int64_t opens_ms, closes_ms; /* window for starting, UTC */
    char time_zone[ZONE_SIZE];
    char lowest_software[VERSION_SIZE];
    struct accommodations accommodations;
    struct wrap start, resume[RESUME_CODES], room[ROOM_CODES];
};

/* "SESSION-EPOCH", as files and the API name results, journals, tickets, receipts. */
#define OBJECT_ID_SIZE (SESSION_ID_SIZE + 11)
void object_id(const char *session, unsigned epoch, char id[OBJECT_ID_SIZE]);
bool object_id_parse(const char *id, char session[SESSION_ID_SIZE], unsigned *epoch);

bool ticket_encode(const struct ticket *ticket, struct buffer *json, struct error *err);
struct ticket *ticket_decode(struct bytes json, struct error *err);
void ticket_free(struct ticket *ticket); /* NULL is fine; wipes */

bool ticket_seal(const struct ticket *ticket, const struct identity *server,
    const struct certificate *const *recipients, size_t count, int64_t now_ms, struct buffer *file,
    struct error *err);
/* Verifies (role server, at its signing time), opens, decodes. digest is that of the JSON inside: the ticket's content. */
struct ticket *ticket_open(struct bytes file, const struct trust *trust, const struct identity *recipient,
    struct digest *digest, struct error *err);

/* What a ticket's wraps hold. Release with session_keys_release. */
struct session_keys {
    struct secret *exam_key, *session_key;
};
void session_keys_release(struct session_keys *keys);
bool ticket_wrap(const struct session_keys *keys, const struct secret *wrapping, struct wrap *wrap,
    struct error *err);
/* ERROR_UNTRUSTED: a wrong code. */
bool ticket_unwrap(const struct wrap *wrap, const struct secret *wrapping, struct session_keys *keys,
    struct error *err);

#endif
