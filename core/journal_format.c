#include "core/journal_format.h"

#include <stdio.h>
#include <string.h>

#include "core/encoding.h"

enum { ASSOCIATED_BYTES = 8 + GCM_TAG_BYTES };

void chain_extend(struct chain *chain, const uint8_t tag[GCM_TAG_BYTES])
{
    chain->next++;
    memcpy(chain->before, chain->tag, GCM_TAG_BYTES);
    memcpy(chain->tag, tag, GCM_TAG_BYTES);
}

struct chain chain_without_last(const struct chain *chain)
{
    struct chain shorter = {.next = chain->next - 1};

    memcpy(shorter.tag, chain->before, GCM_TAG_BYTES);
    return shorter;
}

struct secret *run_key(const struct secret *session_key, const uint8_t salt[RUN_SALT_BYTES], const char *id,
    unsigned file, struct error *err)
{
    char info[128];
    const int len = snprintf(info, sizeof info, "carrel journal %s/%u", id, file);

    if (len < 0 || (size_t)len >= sizeof info) {
        error_set(err, ERROR_LIMIT, "the journal's name is too long");
        return NULL;
    }
    return key_hkdf(session_key, bytes_of(salt, RUN_SALT_BYTES), info, err);
}

static void nonce_of(uint64_t number, uint8_t nonce[GCM_NONCE_BYTES])
{
    memset(nonce, 0, GCM_NONCE_BYTES);
    put_u64(nonce + GCM_NONCE_BYTES - 8, number);
}

static struct bytes associated_of(const struct chain *chain, uint8_t room[ASSOCIATED_BYTES])
{
    put_u64(room, chain->next);
    memcpy(room + 8, chain->tag, GCM_TAG_BYTES);
    return bytes_of(room, ASSOCIATED_BYTES);
}

bool record_seal(const struct secret *key, uint64_t number, const struct chain *chain, struct bytes payload,
    struct buffer *out, struct error *err)
{
    uint8_t nonce[GCM_NONCE_BYTES], associated[ASSOCIATED_BYTES];
    uint8_t *length = buffer_extend(out, LENGTH_BYTES);

    if (length == NULL)
        return error_set(err, ERROR_NOMEM, "out of memory");
    put_u32(length, (uint32_t)payload.len);
    put_u32(length + 4, ~(uint32_t)payload.len);
    nonce_of(number, nonce);
    return key_seal(key, nonce, associated_of(chain, associated), payload, out, err);
}

/* Twice, so that a length with one flipped bit, or half of one, isn't believed: it decides what counts as
 * torn. */
static bool length_at(struct bytes at, size_t *length)
{
    if (at.len < LENGTH_BYTES || get_u32(at.data) != ~get_u32(at.data + 4) ||
        get_u32(at.data) > RECORD_MAX_BYTES)
        return false;
    *length = get_u32(at.data);
    return true;
}

bool record_length(struct bytes at, size_t *length)
{
    size_t found;

    if (!length_at(at, &found) || at.len < RECORD_OVERHEAD + found)
        return false;
    *length = found;
    return true;
}

bool record_open(const struct secret *key, uint64_t number, const struct chain *chain, struct bytes at,
    struct buffer *payload)
{
    uint8_t nonce[GCM_NONCE_BYTES], associated[ASSOCIATED_BYTES];
    size_t length;

    if (!record_length(at, &length))
        return false;
    nonce_of(number, nonce);
    return key_open(key, nonce, associated_of(chain, associated),
        bytes_of(at.data + LENGTH_BYTES, length + GCM_TAG_BYTES), payload, NULL);
}

size_t used_bytes(struct bytes content)
{
    size_t used = content.len;

    while (used > 0 && content.data[used - 1] == 0)
        used--;
    return used;
}

/* A write that was interrupted leaves its front part, and zeros where the rest should be: then the last byte
 * of what would be the record is zero. One that is there to its last byte and doesn't open was changed, not
 * torn. */
enum journal_end judge_rest(struct bytes rest)
{
    size_t record = 0, length;

    if (rest.len == 0)
        return JOURNAL_CLEAN;
    if (rest.len >= RUN_MAGIC_BYTES && memcmp(rest.data, RUN_MAGIC, RUN_MAGIC_BYTES) == 0)
        record = RUN_HEADER_BYTES;
    if (rest.len <= record + LENGTH_BYTES)
        return JOURNAL_TORN;
    if (!length_at(bytes_of(rest.data + record, rest.len - record), &length))
        return JOURNAL_DAMAGED;
    return rest.len < record + RECORD_OVERHEAD + length ? JOURNAL_TORN : JOURNAL_DAMAGED;
}

bool journal_path(
    char path[FILE_PATH_SIZE], const char *folder, const char *id, unsigned file, struct error *err)
{
    char name[128];
    const int len = snprintf(name, sizeof name, "%s.%u.journal", id, file);

    if (len < 0 || (size_t)len >= sizeof name)
        return error_set(err, ERROR_LIMIT, "the journal's name is too long");
    return path_join(path, folder, name, err);
}
