/* package.h: NAME.exam, NAME.open, NAME.key and NAME.practice (docs/formats/package.md).
 *
 * The package id is random, made at build time, and names the key that opens it: its 16 bytes are the key id
 * of the KEKRecipientInfo. What comes out of package_open was authenticated before it was parsed. */
#ifndef CARREL_PACKAGE_H
#define CARREL_PACKAGE_H

#include "core/crypto/cms.h"
#include "core/exam.h"
#include "core/scoring_key.h"

/* What is read from a package's outside without the exam key: who it is. */
struct package_name {
    char id[SESSION_ID_SIZE];
};

/* Verifies the exam signer's signature and appends the sealed inside to sealed. The signer is judged at the
 * signing time. The key id of the inside is the package id. */
bool package_verify(struct bytes file, const struct trust *trust, struct buffer *sealed,
    struct package_name *name, struct error *err);
/* Opens the sealed inside under the exam key and decodes exam.json. Never one of practice: see below. */
struct exam *package_open(
    struct bytes sealed, const char *package_id, const struct secret *exam_key, struct error *err);
/* A practice package: exam with its scoring key and rationales. Nobody signed it; it is whole, and no more is
 * known. */
bool package_open_practice(
    struct bytes file, struct exam **exam, struct scoring_key **key, struct error *err);

/* --- the board's side -------------------------------------------------------------------------------------
 */
struct package_files {
    struct buffer exam, open, key; /* give each its max; release each */
    char id[SESSION_ID_SIZE];
};
/* Makes all three, with a fresh key and id; key->package_id is set. Refuses content of practice. */
bool package_build(const struct exam *exam, struct scoring_key *key, const struct identity *signer,
    const struct certificate *ticket, const struct certificate *scoring, int64_t now_ms,
    struct package_files *files, struct error *err);
/* Takes nothing but content of practice, with its key. The same input gives the same bytes. */
bool package_build_practice(
    const struct exam *exam, const struct scoring_key *key, struct buffer *file, struct error *err);

/* --- the server's side ------------------------------------------------------------------------------------
 */
/* What NAME.open holds: the exam key and what it is the key of. The server decodes the facts it needs to make
 * tickets and a catalog, without ever opening the package. */
struct exam_facts {
    char package_id[SESSION_ID_SIZE];
    char identifier[IDENTIFIER_SIZE], version[IDENTIFIER_SIZE];
    char title[NAME_SIZE], short_title[NAME_SIZE], language[IDENTIFIER_SIZE];
    char lowest_software[VERSION_SIZE];
    enum exam_content content;
    enum result_policy result_policy;
    int64_t max_time_ms;
    unsigned item_count;          /* of a form */
    struct digest package_digest; /* of the .exam file */
    int64_t package_bytes;
};
/* The exam key is the caller's to free. */
bool exam_key_open(struct bytes file, const struct trust *trust, const struct identity *ticket,
    struct exam_facts *facts, struct secret **exam_key, struct error *err);
struct scoring_key *scoring_key_open(
    struct bytes file, const struct trust *trust, const struct identity *scoring, struct error *err);

#endif
