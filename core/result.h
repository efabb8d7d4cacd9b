/* result.h: what leaves the seat: ID.result and ID.journal (docs/formats/result.md).
 *
 * ID.result: AuthEnvelopedData to the intake and scoring certificates ⊃ SignedData by the seat ⊃ the transcript. Its
 * identity is the digest of the transcript, never of the file.
 * ID.journal: SignedData by the seat ⊃ the encrypted journal as it lies on disk. */
#ifndef CARREL_RESULT_H
#define CARREL_RESULT_H

#include "core/crypto/cms.h"
#include "core/ticket.h"

bool result_seal(struct bytes transcript, const struct identity *seat, const struct certificate *intake,
    const struct certificate *scoring, int64_t now_ms, struct buffer *file, struct error *err);
/* The signer's chain and role (seat) are judged at at_ms: the time of the sitting. Appends the transcript. */
bool result_open(struct bytes file, const struct identity *recipient, const struct trust *trust, int64_t at_ms,
    struct buffer *transcript, struct cms_signer *signer, struct error *err);

bool unfinished_sign(struct bytes journal_files, const struct identity *seat, int64_t now_ms, struct buffer *file,
    struct error *err);
bool unfinished_verify(struct bytes file, const struct trust *trust, int64_t at_ms, struct buffer *journal_files,
    struct cms_signer *signer, struct error *err);

#endif
