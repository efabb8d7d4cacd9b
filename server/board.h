/* board.h: what `carrel init` made and the server needs of it (docs/formats/board.md):
 *
 *     root.pem  root.crl (may be missing)
 *     server.{key,pem}  ticket.…  intake.…  tls-server.…
 *     scoring.pem, and scoring.key where this machine scores
 *     centers/NAME/ca.{key,pem}        to enrol seats and to revoke them
 *     centers/NAME/staff/NAME.pem      whom tickets are sealed to
 * The root's key, the exam signer's and the staff's are not needed and better elsewhere. Read once, never
 * changed. */
#ifndef CARREL_SERVER_BOARD_H
#define CARREL_SERVER_BOARD_H

#include "core/crypto/identity.h"
#include "core/file.h"

#define CENTERS_MAX 1000u
#define STAFF_MAX 1000u /* of all centers */

struct center {
    char name[IDENTIFIER_SIZE];
    struct identity *ca;
};

struct board {
    struct certificate *root;
    struct digest root_digest;
    struct identity *server, *ticket, *intake;
    struct identity *scoring; /* NULL: results are received here and judged elsewhere */
    struct certificate *scoring_certificate;
    struct trust *issuers;  /* root and center CAs without CRLs: who issued it, nothing else */
    struct buffer root_crl; /* DER; empty where there is none */
    char tls_key[FILE_PATH_SIZE], tls_chain[FILE_PATH_SIZE];
    struct center *centers;
    size_t center_count;
    struct certificate **staff;
    size_t staff_count;
};

/* Every identity is checked against root and role at now. NULL with the reason, which names the file. */
struct board *board_load(const char *dir, int64_t now_ms, struct error *err);
void board_free(struct board *board); /* NULL is fine */

/* NULL if there is none of that name. */
const struct center *board_center(const struct board *board, const char *name);

#endif
