#include "server/sealed_codes.h"

#define FORMAT 1

bool kept_code_make(
    enum code_kind kind, unsigned number, const char *id, struct kept_code *kept, struct error *err)
{
    struct secret *plain = NULL, *stretched = NULL;
    struct secret *code = code_make(kind, err);
    bool ok = false;
    if (code == NULL || (plain = code_normalise(kind, secret_bytes(code), err)) == NULL ||
        (stretched = code_stretch(kind, number, id, plain, err)) == NULL)
        goto done;
    struct bytes text = secret_bytes(code), key = secret_bytes(stretched);
    if (text.len >= sizeof kept->text || key.len != sizeof kept->stretched) {
        error_set(err, ERROR_FORMAT, "a code of another size than it should have");
        goto done;
    }
    memset(kept->text, 0, sizeof kept->text);
    memcpy(kept->text, text.data, text.len);
    memcpy(kept->stretched, key.data, key.len);
    ok = true;
done:
    secret_free(stretched);
    secret_free(plain);
    secret_free(code);
    return ok;
}

struct secret *sitting_codes_make(const char *sitting, struct error *err)
{
    struct secret *made = secret_new(sizeof(struct sitting_codes), err);
    if (made == NULL)
        return NULL;
    struct sitting_codes *codes =
        (struct sitting_codes *)secret_data(made); /* bytes only: aligned anywhere */
    codes->format = FORMAT;
    bool ok = kept_code_make(CODE_START, 1, sitting, &codes->start, err);
    for (unsigned i = 0; ok && i < ROOM_CODES; i++)
        ok = kept_code_make(CODE_ROOM, i + 1, sitting, &codes->room[i], err);
    if (ok)
        return made;
    secret_free(made);
    return NULL;
}

/* Exactly size bytes of the one format there is. */
static struct secret *open_sealed(
    struct bytes sealed, const struct identity *ticket, size_t size, struct error *err)
{
    struct buffer content = {.max = SEALED_CODES_MAX_BYTES};
    struct secret *secret = NULL;
    if (cms_open(sealed, ticket, &content, err)) {
        if (content.len != size || content.data[0] != FORMAT)
            error_set(err, ERROR_FORMAT, "stored codes of an unknown form");
        else
            secret = secret_copy(buffer_bytes(&content), err);
    }
    buffer_release(&content);
    return secret;
}

struct secret *sitting_codes_open(struct bytes sealed, const struct identity *ticket, struct error *err)
{
    return open_sealed(sealed, ticket, sizeof(struct sitting_codes), err);
}

const struct sitting_codes *sitting_codes(const struct secret *secret)
{
    return (const struct sitting_codes *)secret_bytes(secret).data;
}

struct secret *session_codes_open(struct bytes sealed, const struct identity *ticket, struct error *err)
{
    return open_sealed(sealed, ticket, sizeof(struct session_codes), err);
}

const struct session_codes *session_codes(const struct secret *secret)
{
    return (const struct session_codes *)secret_bytes(secret).data;
}

bool sealed_codes_seal(
    const struct secret *codes, const struct identity *ticket, struct buffer *sealed, struct error *err)
{
    const struct certificate *recipient = identity_certificate(ticket);
    return cms_seal(secret_bytes(codes), &recipient, 1, sealed, err);
}
