/* cms.h: sign, verify, seal, open: the only place where bytes become trusted (RFC 5652, RFC 5083, RFC 5084).
 *
 * Readers accept exactly the one form that our writers make (docs/formats/cms.md): after parsing, all bytes
 * are consumed, encoding again gives the same bytes, and a DER walk finds only what is expected. Plaintext
 * and content are handed on only after the whole check succeeded; out buffers are untouched on failure. The
 * bound on size is the caller's: it reads with one. */
#ifndef CARREL_CRYPTO_CMS_H
#define CARREL_CRYPTO_CMS_H

#include <stddef.h>
#include <stdint.h>

#include "core/buffer.h"
#include "core/crypto/certificate.h"
#include "core/crypto/identity.h"
#include "core/error.h"
#include "core/secret.h"

/* What a signed object is: one eContentType each, certs/oids.txt. */
enum object_kind {
    OBJECT_EXAM,
    OBJECT_OPEN,
    OBJECT_KEY,
    OBJECT_PRACTICE,
    OBJECT_CATALOG,
    OBJECT_TICKET,
    OBJECT_RESULT,
    OBJECT_JOURNAL,
    OBJECT_RECEIPT,
    OBJECT_ORDER,
    OBJECT_STATUS,
    OBJECT_KINDS
};
const char *object_name(enum object_kind kind); /* "exam", … as in error texts */

/* Appends SignedData (content inside) to out. The chain below the root travels along. */
bool cms_sign(enum object_kind kind, struct bytes content, const struct identity *signer,
    int64_t signing_time_ms, struct buffer *out, struct error *err);

struct cms_rules {
    enum object_kind kind;
    enum role role;
    const struct trust *trust;
    int64_t at_ms; /* when the signer is judged; CMS_AT_SIGNING: at the object's signing time */
};
#define CMS_AT_SIGNING INT64_MIN
/* At the certificate's own notBefore: asks only who issued it. For a server that stores whatever a center's
 * seat signed and judges afterwards, from the cms_signer, whether its certificate still counted. Give a trust
 * without CRLs. */
#define CMS_AT_ISSUE (INT64_MIN + 1)

/* Who signed, after cms_verify. Release with cms_signer_release. */
struct cms_signer {
    struct certificate *certificate;
    int64_t signing_time_ms;
};
void cms_signer_release(struct cms_signer *signer);

/* Appends the content to out. signer may be NULL. */
bool cms_verify(struct bytes object, const struct cms_rules *rules, struct buffer *content,
    struct cms_signer *signer, struct error *err);
/* AuthEnvelopedData to 1 … RECIPIENTS_MAX certificates. */
bool cms_seal(struct bytes content, const struct certificate *const *recipients, size_t count,
    struct buffer *out, struct error *err);
/* ERROR_UNTRUSTED if this identity is no recipient or anything was changed. */
bool cms_open(
    struct bytes object, const struct identity *recipient, struct buffer *content, struct error *err);

/* AuthEnvelopedData under one 32-byte key, named by key_id (1 … 64 bytes). */
bool cms_seal_key(struct bytes content, const struct secret *key, struct bytes key_id, struct buffer *out,
    struct error *err);
bool cms_open_key(struct bytes object, const struct secret *key, struct bytes key_id, struct buffer *content,
    struct error *err);
/* Appends the key id that was given to cms_seal_key: which key opens it. Only as true as what stands around
 * it. */
bool cms_key_id(struct bytes object, struct buffer *key_id, struct error *err);

/* DigestedData: integrity without a signer. Practice packages only. */
bool cms_digest(enum object_kind kind, struct bytes content, struct buffer *out, struct error *err);
bool cms_digest_open(struct bytes object, enum object_kind kind, struct buffer *content, struct error *err);

#endif
